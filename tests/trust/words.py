"""What a day with trouble at doors is held against: the words of the same day without, and what `status` shows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from tests.trust.doors import Word

PAGE: Final = "page"
READERS: Final = {"page": "on_call", "both": "vera", "moved": "sms", "over": "max"}
PARKED: Final = re.compile(r"\w+/([A-Z]+-?[0-9]+) \S* ?(\w+) to (\w+) @")

Said = Counter[tuple[str, str, str]]
"""How often which message was said to which reader about which ticket."""


class Heard(NamedTuple):
    """How many pages nobody's door took, and what else went wrong, a line each: there should be none of it.

    `twice` were said more often than they are due; `gone` neither taken by a door nor parked where `status` shows it.
    """

    lost: int
    twice: tuple[str, ...]
    gone: tuple[str, ...]


def heard(words: Sequence[Word], calm: Sequence[Word], parked: Iterable[str]) -> Heard:
    """Hold the words that doors took over against those of a calm day.

    A repeat with the same mark at the same door is the same word. Who is on call may rather be called twice.
    """
    now, due, kept = said(words), said(calm), Counter(map(_parked, parked))
    missing = due - now
    twice = {what: count for what, count in (now - due).items() if what[0] != PAGE}
    gone = missing - kept
    lost = sum(count for what, count in missing.items() if what[0] == PAGE)
    return Heard(lost, tuple(map(str, twice.items())), tuple(map(str, gone.items())))


def said(words: Iterable[Word]) -> Said:
    """Count what was said, each word once for each door at which it is known for itself."""
    known = {word: 1 for word in words if word.mark}
    each = [*known, *(word for word in words if not word.mark)]
    return Counter((word.message, _reader(word), word.number) for word in each)


def _reader(word: Word) -> str:
    return READERS.get(word.message) or (word.door if word.door in ("noc", "boards") else "max")


def _parked(line: str) -> tuple[str, str, str]:
    """Return what was parked: "sn/INC0010001 sn/b4c8… news to noc @created 1763971200: …"."""
    found = PARKED.search(line)
    return (found[2], found[3], found[1]) if found else ("", "", line)
