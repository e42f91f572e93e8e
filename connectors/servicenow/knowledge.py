"""Articles that are linked to tickets: for a whole page at once, and which of them customers may read."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from connectors.base import NotVisible, Refused
from connectors.servicenow.query import both, equals, within
from connectors.servicenow.tables import SYS_ID, Record, Rows, Tables, portions, raw, shown
from rules.model import Fact, Ticket
from rules.review import ARTICLE, PUBLIC
from rules.words import folded

PER_REQUEST: Final = 200  # ids in one query, a whole page
ROWS: Final = 5_000
MOST: Final = 5
"""Articles of one ticket; nobody reads more of them in a message."""

LINKS: Final = "m2m_kb_task"
LINK: Final = ("task", "kb_knowledge")
KNOWLEDGE: Final = "kb_knowledge"
CRITERIA: Final = ("roles", "can_read_user_criteria", "cannot_read_user_criteria")
"""Fields of an article that restrict who may read it, in place of its knowledge base."""

ARTICLE_FIELDS: Final = (
    *("sys_id", "number", "short_description", "workflow_state", "active", "valid_to", "kb_knowledge_base"),
    *CRITERIA,
)
PUBLISHED: Final = both(equals("workflow_state", ["published"]), equals("active", ["true"]))
NUMBER: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")


class Entry(NamedTuple):
    """An article as facts name it, and whether customers may read it."""

    text: str
    is_public: bool


def with_articles(tables: Tables, url: str, bases: Sequence[str], tickets: Sequence[Ticket]) -> list[Ticket]:
    """Return the tickets with the articles that are linked to them. None where our account may not read them.

    `bases` are the titles of the knowledge bases that customers may read. Articles are read by themselves and not
    through the links: only so it shows which of their fields our account may not see.
    """
    try:
        links = [*_links(tables, [ticket.id for ticket in tickets if SYS_ID.fullmatch(ticket.id)])]
        ids = dict.fromkeys(id for _, id in links if SYS_ID.fullmatch(id))
        entries = {raw(row, "sys_id"): _entry(url, bases, row) for row in _articles(tables, [*ids])}
    except (Refused, NotVisible):
        return [*tickets]
    found: dict[str, dict[Entry, None]] = {}
    for task, id in links:
        if id in entries:
            found.setdefault(task, {})[entries[id]] = None
    return [_told(ticket, found.get(ticket.id, ())) for ticket in tickets]


def _links(tables: Tables, tasks: Sequence[str]) -> Iterator[tuple[str, str]]:
    for some in portions(tasks, PER_REQUEST):
        query = both(within("task", some), "ORDERBYsys_created_on", "ORDERBYsys_id")
        for row in tables.read(LINKS, query, LINK, ROWS).records:
            yield raw(row, "task"), raw(row, "kb_knowledge")


def _articles(tables: Tables, ids: Sequence[str]) -> Iterator[Record]:
    for some in portions(ids, PER_REQUEST):
        yield from _valid(tables.read(KNOWLEDGE, both(within("sys_id", some), PUBLISHED), ARTICLE_FIELDS, ROWS))


def _valid(rows: Rows) -> Iterator[Record]:
    """Yield what can be read today; a part of a query that is broken would be ignored, so that each row is judged."""
    today = f"{rows.asked_at:%Y-%m-%d}" if rows.asked_at else ""
    for row in rows.records:
        is_published = raw(row, "workflow_state") == "published" and raw(row, "active") == "true"
        until = raw(row, "valid_to")
        if is_published and (not until or until >= today) and NUMBER.fullmatch(raw(row, "number")):
            yield row


def _entry(url: str, bases: Sequence[str], row: Record) -> Entry:
    """Return an article by its number, its title and its address.

    One with criteria of its own is not for customers, wherever it is: whom these let in, only the platform can tell.
    Where our account may not see them, there may be some.
    """
    number, title = raw(row, "number"), " ".join(raw(row, "short_description").split())
    text = f"{number} {title}".strip() + f" {url.rstrip('/')}/kb_view.do?sysparm_article={number}"
    is_open = all(field in row and not raw(row, field) for field in CRITERIA)
    return Entry(text, is_open and folded(shown(row, "kb_knowledge_base")) in {folded(base) for base in bases})


def _told(ticket: Ticket, entries: Iterable[Entry]) -> Ticket:
    told = [*entries][:MOST]
    if not told:
        return ticket
    named: dict[str, Fact] = {ARTICLE: tuple(one.text for one in told)}
    named[PUBLIC] = tuple(one.text for one in told if one.is_public)
    return ticket._replace(facts={**ticket.facts, **named})
