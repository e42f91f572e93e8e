"""Opens what the commands work on: a folder's rulebook, and a desk with its store and its connections."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from connectors.base import Connector
    from connectors.channels import Channel as Way
    from connectors.state.office import Office
    from connectors.state.records import HeldPlan, Report
    from connectors.state.store import Store
    from rules.model import Deed
    from rules.problems import Problem
    from rules.rulebook import Channel, Connection, Rulebook
    from rules.workspace import Loaded
    from sync import Desk

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


def counted(count: int, what: str) -> str:
    """Return how many there are of something: "1 rule", "2 rules"."""
    return f"{count} {what}{'' if count == 1 else 's'}"


def now() -> datetime:
    """Return the time now, in UTC."""
    return datetime.now(UTC)


class Read(NamedTuple):
    """What a folder holds: what came of its rules, its files, the desk's own messages, and these over the built-in."""

    loaded: Loaded
    files: Mapping[str, str]
    own: Mapping[str, str]
    sources: Mapping[str, str]


def rulebook(folder: Path, lint: bool = False) -> tuple[Rulebook, tuple[Problem, ...], Mapping[str, str]]:
    """Return a folder's rulebook, its warnings, and the sources of its messages. Raises `Broken`.

    With `lint` a message that could not be written makes the workspace broken, too; at work only it is held back.
    """
    found = read(folder)
    problems = found.loaded.problems + (_messages(found) if lint else ())
    if found.loaded.rulebook is None or any(problem.weight == "error" for problem in problems):
        raise Broken(problems)
    return found.loaded.rulebook, problems, found.sources


def read(folder: Path) -> Read:
    """Return what a folder holds, however good it is. Raises `Broken` where it cannot be read."""
    from connectors.almanac import WorldAlmanac
    from connectors.base import ConnectorError
    from connectors.files import read_baseline, read_workspace
    from rules.problems import Problem
    from rules.workspace import load
    from templates.sources import available, builtin, linking, promising, reviewing, workspace_texts

    try:
        files = read_workspace(folder)  # first: it says why where a file cannot be read
        own = workspace_texts(folder)
        sources = {**builtin(), **own}
        told = available(sources), WorldAlmanac(), promising(sources), reviewing(sources), linking(sources)
        loaded = load(files, read_baseline(), *told)
    except ConnectorError as error:
        raise Broken((Problem(str(folder), 1, 1, "", str(error), ""),)) from error
    return Read(loaded, files, own, sources)


def _messages(found: Read) -> tuple[Problem, ...]:
    """Return what is wrong with the desk's own messages and its languages; tests hold that built-in ones are right.

    Without a rulebook the facts that messages may name are not known.
    """
    from templates.context import fact_names
    from templates.gaps import gaps
    from templates.lint import problems
    from templates.render import Renderer

    book, renderer = found.loaded.rulebook, Renderer(found.sources)
    wrong = problems(renderer, fact_names(book) if book is not None else None, found.own)
    return wrong + gaps(found.loaded.root, book, renderer, found.files, found.own)


def connector(connection: Connection, clock: Callable[[], datetime] = now) -> Connector:
    """Return the connector of a connection, not yet started. Raises connectors' `Unusable`."""
    from connectors.web.limits import Limits

    if connection.platform == "jira_service_management":
        from connectors.jira_service_management.connector import JiraServiceManagement

        return JiraServiceManagement(connection, os.environ, Limits(clock))
    from connectors.servicenow.connector import ServiceNow

    return ServiceNow(connection, os.environ, Limits(clock))


def channel(one: Channel, clock: Callable[[], datetime] = now) -> Way:
    """Return the way that a channel is, not yet tried. Raises connectors' `Unusable`."""
    from connectors.channels import opened

    return opened(one, os.environ, clock)


def store_path(folder: Path, book: Rulebook) -> Path:
    """Return the file of the store; the workspace names it relative to its own folder."""
    return folder.resolve() / book.store.removeprefix("sqlite:///")


@contextmanager
def stored(folder: Path) -> Iterator[Store]:
    """Open the store beside a service that may work on it. Raises `Broken`, and `Unusable` where there is none."""
    book, _warnings, _sources = rulebook(folder)
    with store_of(folder, book) as store:
        yield store


@contextmanager
def store_of(folder: Path, book: Rulebook) -> Iterator[Store]:
    """Open the store of a workspace that is read already, in the same way."""
    from connectors.base import ConnectorError
    from connectors.state.store import Store

    path = store_path(folder, book)
    if not path.exists():
        raise Unusable(f"there is no store at {path} yet: run itsm-sync once, or run")
    try:
        with Store.open(f"sqlite:///{path}", now) as store:
            yield store
    except ConnectorError as error:
        raise Unusable(str(error)) from error


@contextmanager
def office(folder: Path) -> Iterator[Office]:
    """Open what an admin may do to what waits in the store."""
    with stored(folder) as store:
        yield store.office()


def named(names: Sequence[str]) -> Sequence[str]:
    """Return the names of plans and tickets. Raises a usage error for what can be neither."""
    for name in names:
        if not name.isdecimal() and "/" not in name:
            raise click.UsageError(f"{name!r} is neither a plan's number nor a ticket as CONNECTION/KEY: see status")
    return names


def acted(count: int, what: str, names: Sequence[str]) -> None:
    """Say how many actions that was; none of them is an error, since somebody meant some."""
    if not count:
        raise click.ClickException(f"nothing of {', '.join(names) or 'it'} waits: itsm-sync status shows what does")
    click.echo(f"{counted(count, 'action')} {what}.")


@contextmanager
def opened(
    kind: type[Desk], folder: Path, clock: Callable[[], datetime] = now, dry_run: bool = False, wait: bool = False
) -> Iterator[Desk]:
    """Open a desk that is ready to work: its store is locked for us alone, unless nothing will be written.

    A dry run works on a copy of the store. Raises `Broken`, and `Unusable` with the line that says what to do.
    """
    from connectors.base import ConnectorError
    from connectors.state.lock import Lock
    from connectors.state.store import Store
    from templates.render import Renderer

    book, _warnings, sources = rulebook(folder)
    path = store_path(folder, book)
    with ExitStack() as stack:
        try:
            if not dry_run:
                stack.enter_context(Lock(path).acquire(wait=wait))
            if dry_run and not path.exists():
                path = Path(stack.enter_context(TemporaryDirectory())) / path.name
            store = stack.enter_context(Store.open(f"sqlite:///{path}", clock))
            if dry_run:
                store = stack.enter_context(store.copy())
            connectors = {name: connector(one, clock) for name, one in book.connections.items()}
            channels = {name: channel(one, clock) for name, one in book.channels.items()}
            for close in (*(one.close for one in connectors.values()), *(one.close for one in channels.values())):
                stack.callback(close)
        except ConnectorError as error:
            raise Unusable(str(error)) from error
        desk = kind(book, connectors, store, Renderer(sources), clock, channels=channels)
        if any(team.feed is not None for team in book.teams.values()):
            from connectors.rosters import Rosters

            desk.rosters = Rosters(book, os.environ, store, connectors)
        yield desk


def held(plan: HeldPlan) -> str:
    """Return what the brakes hold, and what to do about it, in two lines."""
    todo = f"itsm-sync release {plan.plan} lets it go, drop {plan.plan} forgets it"
    return f"plan {plan.plan} is held, {plan.why}: {size(plan)}\n  {todo}"


def size(plan: HeldPlan) -> str:
    """Return how much the brakes hold."""
    return f"{counted(plan.actions, 'action')} on {counted(plan.tickets, 'ticket')}"


def judge(report: Report) -> int:
    """Print what went wrong in a cycle and what waits for the admin, and return the exit code it calls for."""
    for problem in report.problems.values():
        click.echo(problem, err=True)
    for plan in report.held:
        click.echo(held(plan), err=True)
    if report.stopped:
        click.echo("writing is stopped: itsm-sync resume lets it go on", err=True)
    return UNUSABLE if report.problems else 0


def plan(desk: Desk, wanted: Callable[[Deed], bool] = lambda _: True) -> list[dict[str, str]]:
    """Return what is planned, an action a line."""
    from rules.describe import described

    return [
        {"ticket": planned.ticket, "action": described(action), "because": action.reason.text}
        | {"rule": action.reason.rule, "where": action.reason.where}
        for name in desk.connectors
        for planned in (*desk.store.planned(name), *desk.store.planned(name, by_doors=True))
        for action in filter(wanted, (*planned.actions, *planned.notices))
    ]


def print_plan(plan: list[dict[str, str]]) -> None:
    """Print what is planned, ticket by ticket, and why."""
    ticket = ""
    for line in plan:
        if line["ticket"] != ticket:
            ticket = line["ticket"]
            click.echo(ticket)
        where = f"{line['rule']}, {line['where']}" if line["where"] else line["rule"]
        click.echo(f"  {line['action']}\n    {line['because']} ({where})")
