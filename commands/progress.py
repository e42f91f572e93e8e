"""Shows how far a cycle is: a line that moves on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sync import Desk

EVERY = 5_000
"""Off a terminal, a line is printed each time so many more tickets were read or written."""


@contextmanager
def progress(desk: Desk, quiet: bool = False) -> Iterator[None]:
    """Show the progress of the cycles that run inside, on standard error."""
    if quiet:
        yield
    elif sys.stderr.isatty():
        with _moving_line(desk):
            yield
    else:
        desk.tell = _plain_lines()
        yield


@contextmanager
def _moving_line(desk: Desk) -> Iterator[None]:
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("reading") as status:
        desk.tell = lambda what, count: status.update(f"{count} {what}")
        yield


def _plain_lines() -> Callable[[str, int], None]:
    told: dict[str, int] = {}

    def tell(what: str, count: int) -> None:
        if what in ("read", "written") and count - told.get(what, 0) >= EVERY:
            told[what] = count
            click.echo(f"{count} tickets {what}", err=True)

    return tell
