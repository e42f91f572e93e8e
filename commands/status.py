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


MOST = 5
"""Rules that people overrule most, as shown in lines; --json has all."""


@click.command("status", short_help="Show what was done and what waits.")
@workspace.option
@workspace.as_json
def command(folder: Path, as_json: bool) -> None:
    """Show the last cycle, what waits to be sent, and what needs a person.

    \b
    Example:
      itsm-sync status -w desk --json
    """
    with workspace.stored(folder) as store:
        status = store.status()
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
        "held": [held._asdict() for held in status.held],
        "stopped": status.stopped.isoformat() if status.stopped else None,
        "left_alone": {name: until.isoformat() for name, until in status.limits.items()},
        "overruled": dict(status.overruled),
        "hidden": status.hidden,
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
    if status.hidden:
        click.echo(f"{workspace.counted(status.hidden, 'open ticket')} of these cannot be seen any more.")
    if status.stopped:
        click.echo(f"Writing is stopped since {status.stopped:%Y-%m-%d %H:%M:%S}Z: itsm-sync resume lets it go on.")
    for name, until in status.limits.items():
        click.echo(f"{name} is left alone until {until:%Y-%m-%d %H:%M:%S}Z.")
    for state, count in sorted(status.waiting.items()):
        click.echo(f"{workspace.counted(count, 'action')} {state}")
    for plan in status.held:
        click.echo(workspace.held(plan))
    for parked in status.parked:
        _ticket_id, _, what = parked.key.partition(" ")
        click.echo(f"parked: {parked.ticket} {what}\n  {parked.error}")
    if status.parked:
        click.echo("retry TICKET tries what is parked again, drop TICKET forgets it")
    for rule, count in status.overruled[:MOST]:
        click.echo(f"people overruled the rule {rule} {workspace.counted(count, 'time')}")
