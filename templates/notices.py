"""Writes what goes out by other doors than the ticket: never nothing to who is on call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from rules.holders import WOKEN
from rules.model import Facts, Notify, Ticket
from rules.rulebook import Rulebook
from templates.context import context
from templates.hiding import Hider
from templates.letters import spelled
from templates.render import Renderer, TemplateFailed, Text
from templates.sources import builtin
from templates.values import clean, escaped

NOTHING_HIDDEN: Final[Mapping[str, int]] = MappingProxyType({})


class Words(NamedTuple):
    """What is said: the subject, the text by format, or why there is none.

    `facts` are the ticket's as the reader may know them; `hidden` is how much of which kind they are not shown.
    """

    subject: str
    bodies: Mapping[str, str]
    facts: Facts
    hidden: Mapping[str, int] = NOTHING_HIDDEN
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
    said, hider, why = context(ticket, book, facts, notice, now), Hider(ticket, book, facts, notice), ""
    shown = hider.facts()
    for one in (renderer, _builtin()):
        try:
            text = one.render(notice.message, notice.language, said)
            return _formatted(text, formats, shown, hider, notice.language)
        except (TemplateFailed, RecursionError) as error:
            why = why or str(error)
    if notice.reader not in WOKEN:
        return Words("", {}, shown, failed=why)
    return _formatted(_bare(ticket, shown), formats, shown, hider, notice.language)


def _formatted(text: Text, formats: Sequence[str], shown: Facts, hider: Hider, language: str) -> Words:
    hidden = hider.counted(text.subject, text.body, str(shown.get("title", "")))
    return Words(text.subject, {name: spelled(text, name, language) for name in formats}, shown, hidden)


def _bare(ticket: Ticket, facts: Facts) -> Text:
    number, title = clean(ticket.number), clean(str(facts.get("title", "")))
    return Text(f"{number}: {title}", escaped(f"{number}: {title}"))


@lru_cache(maxsize=1)
def _builtin() -> Renderer:
    return Renderer(builtin())
