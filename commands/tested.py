"""What tests of rules came to, in lines of 80 columns: each failure, a summary, and what no test went through."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from commands.workspace import counted
from rules.problems import visible

if TYPE_CHECKING:
    from rules.cases.coverage import Coverage
    from rules.cases.model import Failure, Result
    from rules.rulebook import Rulebook

WIDTH = 80


def show(result: Result) -> None:
    """Print what failed in a test; one that passed is silent."""
    if result.failures:
        click.echo(_wrapped(f"✗ {result.test.name}", "", "  "))
        for failure in result.failures:
            click.echo("\n".join(lines(failure)) + "\n")


def lines(failure: Failure) -> Iterator[str]:
    """Yield a failed expectation: where it stands, what was expected, what came, and which rule is the reason."""
    place, after = failure.place, f"after {failure.after}" if failure.after else "at the start"
    yield _wrapped(f"{place.file}:{place.line}, {after}: {failure.what}", "  ", "    ")
    if failure.missing or failure.extra:
        yield "    expected and missing −, came unasked +"
        yield from (_wrapped(f"− {one}", "      ", "        ") for one in failure.missing)
        yield from (_wrapped(f"+ {one}", "      ", "        ") for one in failure.extra)
    else:
        yield _wrapped(f"expected  {failure.expected}", "    ", " " * 14)
        yield _wrapped(f"came      {failure.came}", "    ", " " * 14)
    for why in failure.because:
        first, *rest = why.splitlines() or [""]
        yield _wrapped(f"· {first}", "    ", "      ")
        for line in rest:
            yield from (f"      │ {part}".rstrip() for part in _folded(line) or [""])


def summary(results: Sequence[Result], book: Rulebook, whole: bool) -> None:
    """Print how many tests passed, and what they went through; all of it where it is wanted `whole`."""
    from rules.cases.coverage import coverage

    failed = sum(bool(result.failures) for result in results)
    click.echo(f"{counted(len(results), 'test')}: {len(results) - failed} passed, {failed} failed.")
    parts = coverage(book, [result.seen for result in results])
    said = ", ".join(f"{part.part} {part.met} of {len(part.entries)}" for part in parts)
    more = "." if whole else ". --coverage lists them."
    click.echo(_wrapped(f"Met by tests: {said}{more}", "", "  "))
    if whole:
        for part in parts:
            click.echo(f"\n{part.part}:")
            click.echo("\n".join(_entries(part)))


def _entries(part: Coverage) -> Iterator[str]:
    wide = max((len(entry.name) for entry in part.entries), default=0)
    for entry in part.entries:
        yield f"  {'✓' if entry.seen else '·'} {entry.name:{wide}}  {entry.where}".rstrip()


def _wrapped(text: str, first: str, other: str) -> str:
    """Return a text in lines of 80 columns; names and addresses stay whole, and nothing in it steers a terminal."""
    wrapper = textwrap.TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False)
    wrapper.initial_indent, wrapper.subsequent_indent = first, other
    return wrapper.fill(visible(text))


def _folded(text: str) -> list[str]:
    """Return a line of a message in lines that fit; Chinese has wide signs and no blanks to break at."""
    from rich.console import Console
    from rich.text import Text

    return [line.plain.rstrip() for line in Text(visible(text)).wrap(Console(width=WIDTH), WIDTH - len("      │ "))]
