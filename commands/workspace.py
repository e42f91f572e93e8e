"""Opens what the commands work on: a folder's rulebook, and a desk with its store and its connections."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from connectors.base import Connector
    from rules.problems import Problem
    from rules.rulebook import Connection, Rulebook
    from sync import Desk, Report

BROKEN = 2
UNUSABLE = 3

option = click.option(
    "-w",
    "--workspace",
    "folder",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    envvar="ITSM_SYNC_WORKSPACE",
    help="Folder of the workspace; the current one if left out.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of lines.")


class Broken(click.ClickException):
    """The workspace has errors: all problems are shown, and nothing runs."""

    exit_code = BROKEN

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("the workspace has errors")
        self.problems = problems

    def show(self, file: Any = None) -> None:
        from rules.problems import pretty

        for problem in self.problems:
            click.echo(pretty(problem) + "\n", err=True)
        errors = sum(problem.weight == "error" for problem in self.problems)
        click.echo(f"{errors} to mend; nothing was done.", err=True)


class Unusable(click.ClickException):
    """A connection needs a person before it can work."""

    exit_code = UNUSABLE


def now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


def rulebook(folder: Path) -> tuple[Rulebook, tuple[Problem, ...], Mapping[str, str]]:
    """Return a folder's rulebook, its warnings, and the sources of its messages. Raises `Broken`."""
    from connectors.files import read_baseline, read_workspace
    from rules.workspace import load
    from templates.sources import available, builtin, workspace_texts

    sources = {**builtin(), **workspace_texts(folder)}
    loaded = load(read_workspace(folder), read_baseline(), available(sources))
    if loaded.rulebook is None:
        raise Broken(loaded.problems)
    return loaded.rulebook, loaded.problems, sources


def connector(connection: Connection) -> Connector:
    """Return the connector of a connection, not yet started. Raises connectors' `Unusable`."""
    from connectors.servicenow import ServiceNow

    return ServiceNow(connection, os.environ)


def store_path(folder: Path, book: Rulebook) -> Path:
    """Return the file of the store; the workspace names it relative to its own folder."""
    return folder.resolve() / book.store.removeprefix("sqlite:///")


@contextmanager
def opened(
    kind: type[Desk], folder: Path, clock: Callable[[], datetime] = now, dry_run: bool = False, wait: bool = False
) -> Iterator[Desk]:
    """Open a desk that is ready to work: its store is locked for us alone, unless nothing will be written.

    A dry run works on a copy of the store. Raises `Broken`, and `Unusable` with the line that says what to do.
    """
    from connectors.base import ConnectorError
    from connectors.lock import Lock
    from connectors.store import Store
    from templates.render import Renderer

    book, _warnings, sources = rulebook(folder)
    with ExitStack() as stack:
        try:
            if not dry_run:
                stack.enter_context(Lock(store_path(folder, book)).acquire(wait=wait))
            store = stack.enter_context(Store.open(f"sqlite:///{store_path(folder, book)}", clock))
            if dry_run:
                store = stack.enter_context(store.copy())
            connectors = {name: connector(one) for name, one in book.connections.items()}
            for one in connectors.values():
                stack.callback(one.close)
        except ConnectorError as error:
            raise Unusable(str(error)) from error
        yield kind(book, connectors, store, Renderer(sources), clock)


def judge(report: Report) -> int:
    """Print what went wrong in a cycle, and return the exit code it calls for."""
    for name, problem in report.problems.items():
        click.echo(f"{name}: {problem}", err=True)
    return UNUSABLE if report.unusable else 0
