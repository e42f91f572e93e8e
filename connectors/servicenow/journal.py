"""What ServiceNow remembers of a ticket: who changed what (audit), who spoke and what was said (journal)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from connectors.base import NotVisible, Refused, Word, text_digest
from connectors.servicenow.query import both, equals, is_plain, within
from connectors.servicenow.schema import optional
from connectors.servicenow.tables import SYS_ID, Record, Tables, portions, raw, shown, whole
from connectors.servicenow.tickets import Translator, moment
from connectors.web.session import Incomplete
from rules.automatic import word
from rules.model import Event, Ticket
from rules.rulebook import Words

PER_REQUEST: Final = 200  # ids in one query, a whole page: 7 kB of address, and proxies often stop at 8
ROWS: Final = 10_000
COMPARED: Final = 10  # tickets whose journal as shown tells whether there are rows that we may not read
AUDIT: Final = ("documentkey", "fieldname", "newvalue", "user", "sys_created_on", "record_checkpoint")
JOURNAL: Final = ("element_id", "element", "sys_created_by", "sys_created_on")
WORDS: Final[Mapping[str, str]] = {"comments": "comment", "work_notes": "note"}
HEADER: Final = re.compile(r"^.+ - .+ \([^()\n]+\)[ \t]*$", re.MULTILINE)
"""How an entry begins in the journal as shown: "2026-11-02 09:00:00 - Ida Moe (Work notes)"."""


def history(
    tables: Tables, words: Words, translator: Translator, tickets: Sequence[Ticket], proven: bool
) -> dict[str, tuple[Event, ...]] | None:
    """Return the changes of the facts that rules may write or clocks need, by ticket id; None: not readable.

    Without a read right of its own the audit answers "no rows": unless the right is `proven` by rows seen before,
    that is told apart by tickets that have changed.
    """
    fields = translator.audited(words.audited)
    found: dict[str, list[Event]] = {ticket.id: [] for ticket in tickets}
    wanted = within("fieldname", sorted(set(fields.values())))
    try:
        rows = [*_rows(tables, "sys_audit", AUDIT, "documentkey", found, wanted)]
        assigned = (row for row in rows if raw(row, "fieldname") == fields.get("assignee"))
        learn_people(tables, translator, (raw(row, "newvalue") for row in assigned))
        for row in sorted(rows, key=_when):
            found[raw(row, "documentkey")] += translator.events(row, fields)
    except (Refused, NotVisible, KeyError, ValueError):  # a row that says neither which ticket nor when tells nothing
        return None
    if not rows and not proven and any(ticket.version for ticket in tickets) and not _readable(tables, words):
        return None
    return {key: tuple(events) for key, events in found.items()}


def _when(row: Record) -> tuple[str, int]:
    """Return what rows of one ticket happened in the order of: of one second, by the count of its updates."""
    return raw(row, "sys_created_on"), whole(raw(row, "record_checkpoint"), 0)


def _rows(
    tables: Tables, table: str, fields: Sequence[str], key: str, ids: Iterable[str], wanted: str
) -> Iterator[Record]:
    """Yield the rows about these tickets, oldest first, in one request."""
    for some in portions([one for one in ids if SYS_ID.fullmatch(one)], PER_REQUEST):
        query = both(within(key, some), wanted, "ORDERBYsys_created_on", "ORDERBYsys_id")
        offset, more = 0, True
        while more:
            rows = tables.read(table, query, fields, ROWS, offset)
            yield from rows.records
            offset, more = offset + ROWS, rows.more


def learn_people(tables: Tables, translator: Translator, ids: Iterable[str]) -> None:
    """Look up the accounts of people met for the first time. Who cannot be read stays known by the id."""
    known = translator.people
    unknown = {one for one in ids if SYS_ID.fullmatch(one)} - known.keys()
    for some in portions(sorted(unknown), PER_REQUEST):
        rows = optional(tables, "sys_user", within("sys_id", some), ("sys_id", "user_name"))
        known |= {id: name for row in rows if (id := raw(row, "sys_id")) in unknown and (name := raw(row, "user_name"))}
    known |= {one: one for one in unknown - known.keys()}


def said(tables: Tables, words: Words, tickets: Sequence[Ticket], proven: bool) -> dict[str, tuple[Event, ...]] | None:
    """Return who commented and who wrote work notes, oldest first, by ticket id; None: not readable.

    Nothing is kept of texts but the verdict of a work note, and that a robot wrote a comment. Without a read right of
    its own the journal answers "no rows", too: unless the right is `proven`, "no rows" is believed only where the
    records show no journal either.
    """
    found: dict[str, list[Event]] = {ticket.id: [] for ticket in tickets}
    try:
        rows = 0
        for row in _spoken(tables, found):
            rows += 1
            found[raw(row, "element_id")].append(_word(row))
        if not rows and not proven and _is_more_shown(tables, words, tickets):
            return None
    except (Refused, NotVisible, KeyError, ValueError):
        return None
    return {key: tuple(events) for key, events in found.items()}


def public_words(tables: Tables, ids: Sequence[str]) -> dict[str, tuple[Word, ...]]:
    """Return the comments on these tickets with their texts, oldest first, by ticket id."""
    found: dict[str, list[Word]] = {id: [] for id in ids if SYS_ID.fullmatch(id)}
    wanted = equals("element", ["comments"])
    rows = [*_rows(tables, "sys_journal_field", (*JOURNAL, "value"), "element_id", found, wanted)]
    authors = {raw(row, "sys_created_by") for row in rows}
    known = equals("user_name", sorted(filter(is_plain, authors)))
    people = optional(tables, "sys_user", known, ("user_name", "name")) if known else []
    names = {raw(row, "user_name"): raw(row, "name") for row in people}
    for row in rows:
        author = raw(row, "sys_created_by")
        said = Word(moment(raw(row, "sys_created_on")), author, names.get(author) or author, raw(row, "value"))
        found[raw(row, "element_id")].append(said)
    return {id: tuple(some) for id, some in found.items()}


def _spoken(tables: Tables, ids: Iterable[str]) -> Iterator[Record]:
    """Yield the rows of the journal; where the texts are too much for one answer, without them."""
    table, wanted = "sys_journal_field", within("element", WORDS)
    try:
        rows = [*_rows(tables, table, (*JOURNAL, "value"), "element_id", ids, wanted)]
    except Incomplete:
        rows = [*_rows(tables, table, JOURNAL, "element_id", ids, wanted)]
    yield from rows


def _word(row: Record) -> Event:
    fact = WORDS[raw(row, "element")]
    return Event(moment(raw(row, "sys_created_on")), raw(row, "sys_created_by"), fact, word(fact, raw(row, "value")))


def _is_more_shown(tables: Tables, words: Words, tickets: Sequence[Ticket]) -> bool:
    """Tell whether records of changed tickets show a journal: what was said bare of its rows."""
    changed = [ticket.id for ticket in tickets if ticket.version and SYS_ID.fullmatch(ticket.id)][-COMPARED:]
    if not changed:
        return False
    return shows_journal(tables.read(words.table, within("sys_id", changed), WORDS, COMPARED).records)


def shows_journal(records: Iterable[Record]) -> bool:
    """Tell whether any of these records has comments or work notes, as it shows them."""
    return any(shown(record, field).strip() for record in records for field in WORDS)


def _readable(tables: Tables, words: Words) -> bool:
    """Tell whether any row about this table is visible; a table without a single change proves nothing."""
    return bool(tables.read("sys_audit", equals("tablename", [words.table]), ("documentkey",), 1).records)


def spoken(tables: Tables, words: Words, ticket: Ticket, account: str) -> Counter[str]:
    """Count the comments and work notes that this account wrote on a ticket, by their digests.

    Where journal rows are not readable (no error: no rows), the journal as the record shows it is cut into entries;
    it gives display names only, so entries of everybody count: an equal text of another author is taken for ours.
    """
    query = both(equals("element_id", [ticket.id]), within("element", WORDS))
    rows = optional(tables, "sys_journal_field", query, ("sys_created_by", "value"))
    if rows:
        return Counter(text_digest(raw(row, "value")) for row in rows if raw(row, "sys_created_by") == account)
    records = tables.read(words.table, equals("sys_id", [ticket.id]), tuple(WORDS), 1).records
    texts = (shown(record, field) for record in records for field in WORDS)
    return Counter(text_digest(entry) for text in texts for entry in HEADER.split(text) if entry.strip())
