"""Writes what goes out by other doors than the ticket: never nothing to who is on call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

from rules.holders import ON_CALL
from rules.model import Facts, Notify, Ticket
from rules.rulebook import Rulebook
from templates.context import context
from templates.letters import FORMATS
from templates.render import Renderer, TemplateFailed, Text
from templates.sources import builtin
from templates.values import clean, escaped


class Words(NamedTuple):
    """What is said: the subject, the text by format, or why there is none."""

    subject: str
    bodies: Mapping[str, str]
    failed: str = ""


def words(
    ticket: Ticket,
    facts: Facts,
    notice: Notify,
    book: Rulebook,
    renderer: Renderer,
    now: datetime,
    formats: Sequence[str],
) -> Words:
    """Return a message in these FORMATS.

    Where a desk's own text fails the built-in one is taken; where that does, too, who is on call reads the number and
    the title, and nobody else anything.
    """
    said = context(ticket, book, facts, notice, now)
    why = ""
    for one in (renderer, _builtin()):
        try:
            text = one.render(notice.message, notice.language, said)
            return Words(text.subject, {name: FORMATS[name](text.body) for name in formats})
        except (TemplateFailed, RecursionError) as error:
            why = why or str(error)
    if notice.reader != ON_CALL:
        return Words("", {}, why)
    bare = _bare(ticket, facts)
    return Words(bare.subject, {name: FORMATS[name](bare.body) for name in formats})


def _bare(ticket: Ticket, facts: Facts) -> Text:
    number, title = clean(ticket.number), clean(str(facts.get("title", "")))
    return Text(f"{number}: {title}", escaped(f"{number}: {title}"))


@lru_cache(maxsize=1)
def _builtin() -> Renderer:
    return Renderer(builtin())
