"""Draws a message in all its languages: beside each other as far as they fit, else one after the other."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from commands.columns import WIDTH, columns, wrapped

if TYPE_CHECKING:
    from templates.gaps import Texts
    from templates.preview import Subject

NARROWEST: Final = 36
BETWEEN: Final = 4
"""Columns of a text, and those between two of them."""

UNSEEN: Final = re.compile("[\u2066-\u2069\u200e\u200f]")
"""Signs that set values apart in lines from right to left. Terminals show them in ways of their own."""

HANGING: Final = re.compile(r"(?:- |\d+\. |> |    )*")
"""What stands in front of a line that goes on below it."""


def side_by_side(
    texts: Texts, message: str, languages: Sequence[str], about: Subject, audience: str, tone: str
) -> Iterator[str]:
    """Yield the lines. Languages from right to left stand alone: a terminal would turn what is beside them."""
    from templates.gaps import lacking
    from templates.looks import side
    from templates.sent import sent_by

    width = max(NARROWEST, shutil.get_terminal_size((WIDTH, 24)).columns)
    yield wrapped(f"{message}: {sent_by(message, texts.senders.get(message, ()))}.", "", "  ", width)
    there = [one for one in languages if texts.text(message, one)]
    beside = [one for one in there if side(one) == "ltr"]
    many = max(1, min(len(beside), (width + BETWEEN) // (NARROWEST + BETWEEN)))
    rows = [beside[at : at + many] for at in range(0, len(beside), many)] + [
        [one] for one in there if one not in beside
    ]
    for row in rows:
        room = (width + BETWEEN) // (many if row[0] in beside else 1) - BETWEEN
        cells = [[*_cell(texts, message, one, about, audience, tone, room)] for one in row]
        yield ""
        yield from _joined(cells, room)
    lacks = lacking(texts).get(message, ())
    if lacks:
        yield ""
    yield from (wrapped(lack, "! ", "  ", width) for lack in lacks)


def _joined(cells: Sequence[Sequence[str]], room: int) -> Iterator[str]:
    for line in zip_longest(*cells, fillvalue=""):
        yield "".join(text + " " * (room - columns(text) + BETWEEN) for text in line).rstrip()


def _cell(
    texts: Texts, message: str, language: str, about: Subject, audience: str, tone: str, room: int
) -> Iterator[str]:
    """Yield the lines of one language: whose text it is, the subject, and the text as plain letters."""
    from templates.formats import journal
    from templates.preview import shown, usual_tone

    usual = tone or usual_tone(texts, language)
    found = shown(texts, message, language, about, audience or "requester", usual)
    whose = "your own" if language in texts.messages.get(message, ()) else "built in"
    yield from _wrapped([f"{language}: {usual}, {whose}"], room)
    yield ""
    for one in found:
        body = journal(one.text.body) if one.text.body else f"It cannot be written: {one.failed}"
        yield from _wrapped([one.text.subject, "", *body.split("\n")] if one.text.body else [body], room)


def _wrapped(lines: Iterable[str], room: int) -> Iterator[str]:
    for line in lines:
        said = UNSEEN.sub("", line)
        begins = HANGING.match(said)
        front = begins[0] if begins is not None else ""
        other = front if set(front) <= {">", " "} else " " * len(front)
        yield from wrapped(said[len(front) :], front, other, room).split("\n")
