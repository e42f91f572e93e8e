"""itsm-sync demo: watch a simulated service desk being looked after, over real HTTP."""

from __future__ import annotations

import os
import shutil
import tempfile
import textwrap
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import workspace

if TYPE_CHECKING:
    from connectors.sandbox.servicenow import World
    from sync import Desk, Report

CONNECTION = "servicenow-emea"
UNTOLD = {("left", "classify"), ("done", "communicate")}
"""Not worth a line: that a value was there already, and that a message was sent which is shown below."""

ADDRESS = "http://127.0.0.1:8180"
"""The address in the demo's workspace, which gives way to the one that the sandbox got."""


@click.command("demo", short_help="Watch a desk being looked after.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the demo's workspace in this folder, to read it and to change it.",
)
@click.pass_obj
def command(desk_type: type[Desk], keep: Path | None) -> None:
    """Look after a simulated ServiceNow: what was changed and why, and each message in its language.

    A second cycle shows that nothing is done twice. Nothing leaves this machine.

    \b
    Examples:
      itsm-sync demo
      itsm-sync demo --keep my-desk
    """
    from commands.demo_world import LENGTH, TICKETS, world
    from connectors.sandbox import MovableClock, serve

    clock = MovableClock(workspace.now().replace(microsecond=0) - LENGTH)
    made = world(clock)
    os.environ["SERVICENOW_PASSWORD"] = "sandbox"  # noqa: S105 (also where a real one is set: it stays at home)
    with tempfile.TemporaryDirectory() as scratch, serve(made) as url:
        folder = keep or Path(scratch) / "desk"
        _lay_out(folder, url)
        click.echo(f"A simulated ServiceNow at {url} with {len(TICKETS)} new tickets.\n")
        with workspace.opened(desk_type, folder, clock) as desk:
            first = desk.cycle()
            _show(desk, made)
            clock.advance(seconds=60)
            second = desk.cycle()
        if keep is not None:
            _leave(keep, url)
    _finish(first, second, made)


def _lay_out(folder: Path, url: str) -> None:
    """Write the demo's workspace, with the sandbox's address. A workspace that is there is not written over."""
    if (folder / "desk.yaml").exists():
        raise click.BadParameter(f"{folder} has a workspace already: choose another folder", param_hint="--keep")
    with as_file(files("commands") / "demo_desk") as source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    desk = folder / "desk.yaml"
    desk.write_text(desk.read_text(encoding="utf-8").replace(ADDRESS, url), encoding="utf-8")


def _leave(folder: Path, url: str) -> None:
    """Make a workspace that is kept fit for `itsm-sync sandbox`, which has the same tickets, but not these."""
    desk = folder / "desk.yaml"
    desk.write_text(desk.read_text(encoding="utf-8").replace(url, ADDRESS), encoding="utf-8")
    for file in folder.glob("itsm-sync.db*"):
        file.unlink()


def _show(desk: Desk, made: World) -> None:
    for table in desk.book.connections[CONNECTION].kinds.values():
        for record in made.select(table.table, "ORDERBYnumber"):
            _show_ticket(desk, made, record)


def _show_ticket(desk: Desk, made: World, record: dict[str, str]) -> None:
    """Print one ticket: who asked for what, what was done by which rule, and each message."""
    number = record["number"]
    click.echo(click.style(f"{number}  {record['short_description']}", bold=True))
    for entry in desk.store.journal(f"{CONNECTION}/{number}"):
        line = entry.line
        where = f"  [{line.where}]" if line.where else ""
        if (line.outcome, line.stage) not in UNTOLD:
            outcome = "written" if line.outcome == "done" else line.outcome
            click.echo(_wrapped(f"{outcome:9} {line.text}{where}", "  ", " " * 12))
    for words in made.journal(record["sys_id"]):
        label = "to the customer" if words.element == "comments" else "work note"
        click.echo(click.style(f"  {label}:", fg="green" if words.element == "comments" else "yellow"))
        for said in words.value.splitlines():
            click.echo(_wrapped(said, "  │ ", "  │ ") if said else "  │")
    click.echo()


def _wrapped(text: str, first: str, other: str) -> str:
    return textwrap.fill(text, 80, initial_indent=first, subsequent_indent=other, break_long_words=False)


def _finish(first: Report, second: Report, made: World) -> None:
    """Print what the two cycles came to, and fail if the first did nothing or the second did anything."""
    writes = sum(request.method == "PATCH" for request in made.requests)
    done = (
        f"First cycle: {first.counts['read']} tickets read, {first.counts['planned']} actions planned, "
        f"{first.counts['written']} tickets written in {writes} requests, {first.counts['sent']} messages."
    )
    click.echo(_wrapped(done, "", "  "))
    click.echo(f"Second cycle: {second.counts['planned']} actions planned, {second.counts['written']} tickets written.")
    problems = {**first.problems, **second.problems}
    for name, problem in problems.items():
        click.echo(f"{name}: {problem}", err=True)
    if problems or not first.counts["written"] or second.counts["planned"]:
        raise SystemExit(1)
