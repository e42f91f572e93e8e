"""Plain text for mail, to be sent with `format=flowed` (RFC 3676): narrow windows break its lines anew.

A line that goes on ends with a blank; lines that could be a quote or a line of the mail's box begin with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from templates.formats.lines import Line, Writer, lines
from templates.formats.markdown import parsed, text_of

WIDTH: Final = 72
WORDS: Final = re.compile(
    "(?:[^ \N{FIRST STRONG ISOLATE}]*"
    "\N{FIRST STRONG ISOLATE}[^\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]{1,48}\N{POP DIRECTIONAL ISOLATE})+"
    "[^ ]* *|[^ ]+ *| +"
)
"""What is never broken: a word, and a short value that is set apart. Beyond a line's end its direction is not known."""

STUFFED: Final = re.compile(r"[ >]|From ")
UNBROKEN: Final = re.compile(r" *(?:[-*]|--|\d+\.)? *")
"""A line that holds no more than this goes on: `-- ` alone would begin a signature, and a list's sign stand alone."""


def text(markdown: str) -> str:
    """Return plain text whose lines flow; no text of the message begins a quote or a signature."""
    return "\n".join(row for line in lines(parsed(markdown), WRITER) for row in _rows(line))


def _inline(node: SyntaxTreeNode) -> str:
    return text_of(node, "{} <{}>")


WRITER: Final = Writer(_inline, lambda code: (f"    {line}" for line in code), "- ")


def _rows(line: Line) -> Iterator[str]:
    quote, whole = ">" * line.depth, (line.indent + line.text).rstrip(" ")
    for row in [whole] if line.fixed else _broken(whole, WIDTH - len(quote)):
        stuffed = " " if row and (quote or STUFFED.match(row)) else ""
        yield quote + stuffed + row


def _broken(whole: str, width: int) -> Iterator[str]:
    row: list[str] = []
    size = 0
    for word in WORDS.findall(whole):
        if size + len(word.rstrip(" ")) > width and not UNBROKEN.fullmatch("".join(row[:3])[:20]):
            yield "".join(row)
            row, size = [], 0
        row.append(word)
        size += len(word)
    yield "".join(row)
