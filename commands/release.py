"""itsm-sync release: let go what the brakes hold."""

from __future__ import annotations

from pathlib import Path

import click

from commands import workspace


@click.command("release", short_help="Let go what the brakes hold.")
@click.argument("names", metavar="PLAN|TICKET...", nargs=-1, required=True)
@workspace.option
def command(names: tuple[str, ...], folder: Path) -> None:
    """Let go what the brakes hold: a PLAN by its number, or a TICKET, named CONNECTION/KEY.

    It is decided once more on each ticket as it is by then: what has lost its meaning is not sent.

    \b
    Examples:
      itsm-sync release 12 -w desk
      itsm-sync release servicenow-emea/INC0010001 -w desk
    """
    with workspace.office(folder) as office:
        count = office.release(workspace.named(names))
    workspace.acted(count, "released; the next cycle sends them", names)
