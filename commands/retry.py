"""itsm-sync retry: try again what is parked."""

from __future__ import annotations

from pathlib import Path

import click

from commands import workspace


@click.command("retry", short_help="Try again what is parked.")
@click.argument("names", metavar="TICKET...", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="All that is parked.")
@workspace.option
def command(names: tuple[str, ...], everything: bool, folder: Path) -> None:
    """Try again what is parked on a TICKET, named CONNECTION/KEY.

    The ticket is read and decided anew: what its facts no longer ask for is not done.

    \b
    Examples:
      itsm-sync retry servicenow-emea/INC0010001 -w desk
      itsm-sync retry --all -w desk
    """
    if bool(names) == everything:
        raise click.UsageError("name tickets as CONNECTION/KEY, or write --all")
    with workspace.office(folder) as office:
        count = office.retry(workspace.named(names))
    workspace.acted(count, "to be tried again in the next cycle", names)
