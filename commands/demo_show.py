"""How the demo prints: lines of the journal, texts as people read them, and headings, in 80 columns."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

import click

if TYPE_CHECKING:
    from connectors.state.records import Line

WIDTH: Final = 80
MARKUP: Final = re.compile(r"(?<![\w*])([*_])(?=\S)(.+?)(?<=\S)\1(?![\w*])")
"""Bold and emphasis in Jira's wiki markup, which people see without the signs."""
WORDS: Final = {"done": "written", "held back": "held"}
"""What outcomes of the journal are called here, where a word has nine columns."""

BULLET: Final = re.compile(r"^\* ")
"""The signs of Jira's wiki markup that people never see: bold, emphasis, and the items of a list."""

KEPT: Final = str.maketrans({"\N{NO-BREAK SPACE}": "\ue000", "\N{NARROW NO-BREAK SPACE}": "\ue001"})
BLANKS: Final = str.maketrans({"\ue000": "\N{NO-BREAK SPACE}", "\ue001": "\N{NARROW NO-BREAK SPACE}", "\x1f": None})
"""No line is broken at these blanks, which the one who breaks them does not know."""

BREAK: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])(?=[^\s，。！？：；、）》”…])")
"""Where a line of Chinese may be broken, though there is no blank: not in a name in Latin letters beside it."""


def heading(text: str) -> None:
    """Print the heading of a part of the demo."""
    click.echo(click.style(f"── {text} ".ljust(WIDTH, "─"), bold=True))


def line(line: Line) -> None:
    """Print what was decided or done, and by which rule."""
    where = f"  [{line.where}]" if line.where else ""
    said(WORDS.get(line.outcome, line.outcome), f"{line.text}{where}")


def said(word: str, text: str) -> None:
    """Print one line that begins with a word of what it is about."""
    click.echo(wrapped(f"{word:9} {text}", "  ", " " * 12))


def text(label: str, content: str, public: bool) -> None:
    """Print who reads a text, and the text."""
    click.echo(click.style(wrapped(f"{label}:", "  ", "  "), fg="green" if public else "yellow"))
    for one in content.splitlines():
        for folded in _folded(BULLET.sub("- ", MARKUP.sub(r"\2", one))) or [""]:
            click.echo(f"  │ {folded}".rstrip())


def wrapped(text: str, first: str, other: str) -> str:
    """Return a text in lines of 80 columns."""
    return textwrap.fill(text, WIDTH, initial_indent=first, subsequent_indent=other, break_long_words=False)


def names(people: Iterable[str]) -> str:
    """Return names as a sentence has them: "Web, Ivar Moe and Olivia Reed"."""
    *others, last = people
    return f"{', '.join(others)} and {last}" if others else last


def _folded(text: str) -> list[str]:
    """Return a text in lines of 76 columns; Chinese has wide signs, and no blanks to break at."""
    from rich.console import Console
    from rich.text import Text

    folded = Text(BREAK.sub("\x1f", text.translate(KEPT))).wrap(Console(width=WIDTH), WIDTH - 4)
    return [line.plain.translate(BLANKS).rstrip(" ") for line in folded]
