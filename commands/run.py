"""itsm-sync run: look after the desk until it is stopped."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from commands import workspace
from commands.workspace import Broken

if TYPE_CHECKING:
    from sync import Desk


@click.command("run", short_help="Look after the desk until stopped.")
@workspace.option
@click.pass_obj
def command(desk_type: type[Desk], folder: Path) -> None:
    """Look after the desk until stopped; SIGTERM and Ctrl-C finish the write in hand.

    A changed workspace is taken over between two cycles. One that has errors is not: the last good rules stay.
    A second process on the same store waits until the first one ends.

    \b
    Example:
      itsm-sync run -w desk
    """
    stop = Event()
    with workspace.opened(desk_type, folder, wait=True) as desk:
        for number in (signal.SIGTERM, signal.SIGINT):  # not before: they end a process that waits for the store
            signal.signal(number, lambda *_: stop.set())
        desk.stopping = stop.is_set
        click.echo(f"{desk.book.desk}: looking after {', '.join(desk.connectors)}. Ctrl-C stops.")
        look_after(desk, folder, stop)
    click.echo("stopped.")


def look_after(desk: Desk, folder: Path, stop: Event) -> None:
    """Run a cycle, wait for as long as the busiest connection's poll says, and so on until stopped."""
    changed = _watch(folder)
    while not stop.is_set():
        report = desk.cycle()
        workspace.judge(report)
        counts = report.counts
        if counts["planned"] or counts["written"] or counts["failed"]:
            click.echo(
                f"{desk.clock():%Y-%m-%d %H:%M:%S}Z {counts['written']} tickets written, "
                f"{counts['sent']} messages sent, {counts['failed']} to be tried again, {counts['parked']} parked"
            )
        poll = min((one.poll for one in desk.book.connections.values()), default=timedelta(minutes=1))
        stop.wait(poll.total_seconds())
        if changed():
            _take_over(desk, folder)


def _watch(folder: Path) -> Callable[[], bool]:
    """Return a function that tells whether a file of the workspace changed since it was last asked."""

    def times() -> dict[Path, int]:
        found = {}
        for pattern in ("*.y*ml", "rules/*.y*ml", "templates/*/*.j2"):
            for path in folder.glob(pattern):
                with suppress(OSError):  # editors make files that vanish, and links that lead nowhere
                    found[path] = path.stat().st_mtime_ns
        return found

    seen = [times()]

    def changed() -> bool:
        before, seen[0] = seen[0], times()
        return before != seen[0]

    return changed


def _take_over(desk: Desk, folder: Path) -> None:
    """Work by the changed rules if they are good, else go on by the last good ones and say so.

    Other connections need a restart.
    """
    from connectors.base import ConnectorError
    from templates.render import Renderer

    try:
        book, _warnings, sources = workspace.rulebook(folder)
        connectors = {name: workspace.connector(one) for name, one in book.connections.items()}
        channels = {name: workspace.channel(one) for name, one in book.channels.items()}
    except Broken as error:
        error.show()
        click.echo("the workspace was changed and has errors: the last good rules stay in force", err=True)
        return
    except ConnectorError as error:
        click.echo(f"{error}: the last good rules stay in force", err=True)
        return
    if book.connections.keys() != desk.book.connections.keys():
        click.echo("connections were added or removed: start anew to take that over", err=True)
        return
    for close in (*(one.close for one in desk.connectors.values()), *(one.close for one in desk.channels.values())):
        close()
    desk.book, desk.renderer, desk.connectors, desk.channels = book, Renderer(sources), connectors, channels
    desk.started.clear()
    click.echo(f"the workspace was changed: rules {book.digest[:8]} are in force")
