"""itsm-sync drop: never do what is held or parked."""

from __future__ import annotations

from pathlib import Path

import click

from commands import workspace


@click.command("drop", short_help="Never do what is held or parked.")
@click.argument("names", metavar="PLAN|TICKET...", nargs=-1, required=True)
@workspace.option
def command(names: tuple[str, ...], folder: Path) -> None:
    """Never do what the brakes hold or what is parked: a PLAN by its number, or a TICKET, named CONNECTION/KEY.

    What new facts ask for later is decided as always.

    \b
    Examples:
      itsm-sync drop 12 -w desk
      itsm-sync drop servicenow-emea/INC0010001 -w desk
    """
    with workspace.office(folder) as office:
        count = office.drop(workspace.named(names))
    workspace.acted(count, "dropped; they will not be done", names)
