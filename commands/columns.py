"""Lines of 80 columns, whatever platforms put into values: wide letters take two, and nothing steers the terminal."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

WIDTH = 80
NEVER_FIRST = frozenset("。，、．：；？！」』）】》〉”’")
"""Signs of Chinese and Japanese with which no line begins."""


def columns(text: str) -> int:
    """Return how many columns a terminal takes for a text."""
    return sum(map(_columns, text))


def _columns(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def wrapped(text: str, first: str = "  ", other: str = "      ", width: int = WIDTH) -> str:
    """Return a text in lines of 80 columns, or another width, the first of which begins so, and the others so."""
    from rules.problems import visible

    lines, line, start = [], first, first
    for word in visible("".join(" " if letter.isspace() else letter for letter in text)).split(" "):
        for part in _parts(word, width - max(columns(first), columns(other))):
            glue = "" if line == start else " "
            if columns(line) + len(glue) + columns(part) > width:
                lines.append(line)
                line, start, glue = other, other, ""
            line += glue + part
    return "\n".join(one.rstrip() for one in [*lines, line])


def _parts(word: str, room: int) -> Iterator[str]:
    """Yield a word in parts that fit into a line."""
    part, wide = "", 0
    for letter in word:
        if part and wide + _columns(letter) > room:
            kept = part[-1:] if letter in NEVER_FIRST and part[1:] else ""
            yield part.removesuffix(kept)
            part, wide = kept, columns(kept)
        part, wide = part + letter, wide + _columns(letter)
    yield part
