"""itsm-sync resume: write again after stop."""

from __future__ import annotations

from pathlib import Path

import click

from commands import workspace


@click.command("resume", short_help="Write again after stop.")
@workspace.option
def command(folder: Path) -> None:
    """Write again after stop. What waited is decided once more, and the brakes look at it.

    \b
    Example:
      itsm-sync resume -w desk
    """
    with workspace.office(folder) as office:
        office.resume()
    click.echo("Resumed: the next cycle writes.")
