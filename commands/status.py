"""itsm-sync status: the store at a glance: the last cycle, what waits, and what needs a person."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import workspace

if TYPE_CHECKING:
    from connectors.state.store import StoreStatus


@click.command("status", short_help="Show what was done and what waits.")
@workspace.option
@workspace.as_json
def command(folder: Path, as_json: bool) -> None:
    """Show the last cycle, what waits to be sent, and what needs a person.

    \b
    Example:
      itsm-sync status -w desk --json
    """
    from connectors.base import ConnectorError
    from connectors.state.store import Store

    book, _warnings, _sources = workspace.rulebook(folder)
    path = workspace.store_path(folder, book)
    if not path.exists():
        raise workspace.Unusable(f"there is no store at {path} yet: run itsm-sync once, or run")
    try:
        with Store.open(f"sqlite:///{path}", workspace.now) as store:
            status = store.status()
    except ConnectorError as error:
        raise workspace.Unusable(str(error)) from error
    if as_json:
        click.echo(json.dumps(_as_json(status), ensure_ascii=False))
    else:
        _print(status)


def _as_json(status: StoreStatus) -> dict[str, object]:
    cycle = status.cycle
    return {
        "tickets": status.tickets,
        "cycle": None if cycle is None else {**cycle._asdict(), **_times(cycle.started, cycle.ended)},
        "waiting": dict(status.waiting),
        "parked": [parked._asdict() for parked in status.parked],
    }


def _times(started: datetime, ended: datetime | None) -> dict[str, str | None]:
    return {"started": started.isoformat(), "ended": ended.isoformat() if ended else None}


def _print(status: StoreStatus) -> None:
    cycle = status.cycle
    if cycle is not None:
        ended = f"ended {cycle.ended:%H:%M:%S}Z" if cycle.ended else "has not ended"
        click.echo(f"Cycle {cycle.number} started {cycle.started:%Y-%m-%d %H:%M:%S}Z and {ended}.")
        click.echo("  " + ", ".join(f"{count} {what}" for what, count in cycle.counts.items()))
    click.echo(f"{status.tickets} tickets are known.")
    for state, count in sorted(status.waiting.items()):
        click.echo(f"{count} actions {state}")
    for parked in status.parked:
        _ticket_id, _, what = parked.key.partition(" ")
        click.echo(f"parked: {parked.ticket} {what}\n  {parked.error}")
