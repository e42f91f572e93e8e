"""itsm-sync demo: watch a simulated service desk being looked after, over real HTTP."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from commands import demo_show as show
from commands import workspace
from commands.demo_people import JIRA, SERVICENOW

if TYPE_CHECKING:
    from commands.demo_doors import Doors
    from connectors.sandbox import MovableClock
    from connectors.sandbox.jira import Site
    from connectors.sandbox.servicenow import World
    from connectors.state.records import Report
    from sync import Desk

MORNING = datetime(2026, 11, 24, 9, tzinfo=UTC)
"""A Tuesday in office hours of Oslo, whenever the demo is shown: at night another desk would be on duty."""

UNTOLD = {("left", "classify"), ("done", "communicate")}
"""Not worth a line: that a value was there already, and that a message was sent which is shown below."""

ADDRESSES = {SERVICENOW: "http://127.0.0.1:8180", JIRA: "http://127.0.0.1:8181"}
"""The addresses in the demo's workspace, which give way to those that the sandboxes got."""


LEGEND: Final = """\
decided: what a rule says, and where it stands; written: what that changed.
held, left, advised: what was not done, and why. Texts are as people read them."""
"""What the words in front of the lines mean."""


class Shown(NamedTuple):
    """A ticket of the demo: where it is, and what was said on it, publicly or not."""

    connection: str
    number: str
    title: str
    said: list[tuple[bool, str]]


@click.command("demo", short_help="Watch a desk being looked after.")
@click.option(
    "--keep",
    type=click.Path(file_okay=False, path_type=Path),
    help="Keep the demo's workspace in this folder, to read it and to change it.",
)
@click.pass_obj
def command(desk_type: type[Desk], keep: Path | None) -> None:
    """Look after a simulated ServiceNow and a simulated Jira by the same rules.

    First a morning's tickets: what was changed and why, and each message in its language. A second cycle shows that
    nothing is done twice. Then a day on a fast clock: a critical incident that is raised until it is solved, a promise
    that is missed and one that is kept, a ticket that goes around the world, and a major incident of which six people
    hear in six languages, on their tickets and by mail, pager and chat. At the end the report on it, two days later;
    with --keep also as a page, report.html. Nothing leaves this machine.

    \b
    Examples:
      itsm-sync demo
      itsm-sync demo --keep my-desk
      itsm-sync demo | less
    """
    from commands import demo_doors, demo_site, demo_world
    from connectors.sandbox import MovableClock, serve

    clock = MovableClock(MORNING - demo_world.LENGTH - demo_site.LENGTH)
    world, site = demo_world.world(clock), demo_site.site(clock)
    os.environ |= {"SERVICENOW_PASSWORD": "sandbox", "JIRA_TOKEN": "sandbox"}  # real ones stay at home
    with (
        tempfile.TemporaryDirectory() as scratch,
        serve(world) as servicenow,
        serve(site) as jira,
        demo_doors.opened() as doors,
    ):
        folder = keep or Path(scratch) / "desk"
        urls = {ADDRESSES[SERVICENOW]: servicenow, ADDRESSES[JIRA]: jira, **doors.addresses()}
        _lay_out(folder, urls)
        click.echo(f"A simulated ServiceNow at {servicenow} with {len(demo_world.TICKETS)} new tickets,")
        click.echo(f"and a simulated Jira at {jira} with {len(demo_site.ISSUES)}. One set of rules.\n")
        click.echo(f"{LEGEND}\n")
        with workspace.opened(desk_type, folder, clock) as desk:
            _morning(desk, clock, world, site)
            _day(desk, clock, world, site, doors, keep)
        if keep is not None:
            _leave(keep, urls)


def _morning(desk: Desk, clock: MovableClock, world: World, site: Site) -> None:
    """Show what becomes of the tickets that are there, and that a second cycle does nothing."""
    show.heading("A morning's tickets")
    click.echo()
    first = desk.cycle()
    for ticket in (*_in_servicenow(desk, world), *_in_jira(site)):
        _show(desk, ticket)
    writes = _writes(world, site)
    clock.advance(seconds=60)
    _finish(first, desk.cycle(), writes)


def _day(desk: Desk, clock: MovableClock, world: World, site: Site, doors: Doors, keep: Path | None) -> None:
    """Show what time brings, and fail if anything went wrong."""
    from commands import demo_report
    from commands.demo_day import Day
    from commands.demo_major import Act

    click.echo("\nColleagues solve the morning's tickets, and then the clock runs fast.\n")
    day, began, before = Day(desk, clock, world, site), clock(), _writes(world, site)
    day.live()
    act = Act(day, doors)
    act.play()
    demo_report.play(act, keep)
    hours = (clock() - began).total_seconds() / 3600
    writes = _writes(world, site) - before
    click.echo(
        f"The day: {hours:.0f} hours, {day.cycles} cycles that had something to do, {writes} requests that wrote."
    )
    _fail(day.problems)


def _writes(world: World, site: Site) -> int:
    asked = [(request.method, request.path) for request in (*world.requests, *site.requests)]
    return sum(_is_write(*one) for one in asked)


def _is_write(method: str, path: str) -> bool:
    """Tell whether a request wrote to a ticket: some questions are put as a POST."""
    return method in ("PATCH", "PUT") or (method == "POST" and path.endswith("/comment"))


def _lay_out(folder: Path, urls: Mapping[str, str]) -> None:
    """Write the demo's workspace, with the addresses as they are now. A workspace that is there is not written over."""
    if (folder / "desk.yaml").exists():
        raise click.BadParameter(f"{folder} has a workspace already: choose another folder", param_hint="--keep")
    with as_file(files("commands") / "demo_desk") as source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
    _readdress(folder, urls)


def _readdress(folder: Path, urls: Mapping[str, str]) -> None:
    desk = folder / "desk.yaml"
    text = desk.read_text(encoding="utf-8")
    for before, after in urls.items():
        text = text.replace(before, after)
    desk.write_text(text, encoding="utf-8")


def _leave(folder: Path, urls: Mapping[str, str]) -> None:
    """Make a workspace that is kept fit for `itsm-sync sandbox`, which has the same tickets, but not these."""
    _readdress(folder, {url: kept for kept, url in urls.items()})
    for file in folder.glob("itsm-sync.db*"):
        file.unlink()


def _in_servicenow(desk: Desk, world: World) -> Iterator[Shown]:
    for table in desk.book.connections[SERVICENOW].kinds.values():
        for record in world.select(table.table, "ORDERBYnumber"):
            said = [(entry.element == "comments", entry.value) for entry in world.journal(record["sys_id"])]
            yield Shown(SERVICENOW, record["number"], record["short_description"], said)


def _in_jira(site: Site) -> Iterator[Shown]:
    for id in site.store.issues:
        issue = site.issue(id)
        said = [(comment.public, comment.text) for comment in site.comments(id)]
        yield Shown(JIRA, issue["key"], issue["summary"], said)


def _show(desk: Desk, ticket: Shown) -> None:
    """Print one ticket: who asked for what, what was done by which rule, and each message."""
    click.echo(click.style(f"{ticket.number}  {ticket.title}", bold=True))
    lines = (entry.line for entry in desk.store.journal(f"{ticket.connection}/{ticket.number}"))
    for line in dict.fromkeys(lines):  # a ticket that is read again before it is written is decided twice
        if (line.outcome, line.stage) not in UNTOLD:
            show.line(line)
    for public, text in ticket.said:
        show.text("to the customer" if public else "internal note", text, public)
    click.echo()


def _finish(first: Report, second: Report, writes: int) -> None:
    """Print what the two cycles came to, and fail if the first did nothing or the second did anything."""
    done = (
        f"First cycle: {first.counts['written']} tickets written in {writes} requests, {first.counts['sent']} messages."
    )
    click.echo(done)
    click.echo(f"Second cycle: {second.counts['planned']} actions planned, {second.counts['written']} tickets written.")
    _fail({**first.problems, **second.problems})
    if not first.counts["written"] or second.counts["planned"]:
        raise SystemExit(1)


def _fail(problems: Mapping[str, str]) -> None:
    """Print what went wrong, and end if anything did."""
    for name, problem in problems.items():
        click.echo(f"{name}: {problem}", err=True)
    if problems:
        raise SystemExit(1)
