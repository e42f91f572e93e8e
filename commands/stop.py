"""itsm-sync stop: write nothing until resume."""

from __future__ import annotations

from pathlib import Path

import click

from commands import workspace


@click.command("stop", short_help="Write nothing until resume.")
@workspace.option
def command(folder: Path) -> None:
    """Write nothing more, also while the service runs: it goes on reading and deciding, and its plans wait.

    The write in hand is finished. Nothing is lost: resume lets everything go on.

    \b
    Example:
      itsm-sync stop -w desk
    """
    with workspace.office(folder) as office:
        office.stop()
    click.echo("Stopped: nothing is written until itsm-sync resume.")
