"""itsm-sync forget: remove all that is kept of a person."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from commands import persons, workspace


@click.command("forget", short_help="Remove all that is kept of a person.")
@persons.argument
@workspace.option
@click.option("--yes", is_flag=True, help="Do it; without this it is only shown.")
def command(names: tuple[str, ...], folder: Path, yes: bool) -> None:
    """Remove what is kept of a PERSON: a key of people:, an e-mail address, a name, or CONNECTION/ACCOUNT.

    Several names are those of one person. What stays without the name keeps anything from being said twice. On the
    platform and in the workspace nothing is changed: who still stands on a ticket is seen anew when that is read.

    \b
    Examples:
      itsm-sync forget ida -w desk
      itsm-sync forget kari@harbour.example servicenow-emea/kari --yes -w desk
    """
    from connectors.base import ConnectorError

    with persons.kept(folder, names) as kept:
        counts = Counter(trace.table for trace in kept.traces.all())
        click.echo(f"Known as {', '.join(kept.called)}.")
        for table, count in counts.items():
            click.echo(f"  {table}: {workspace.counted(count, 'place')}")
        try:
            removed = kept.traces.forget() if yes else 0
        except ConnectorError as error:
            raise workspace.Unusable(str(error)) from error
    for key in kept.keys:
        click.echo(f"The workspace still names {key}: that is yours to change.")
    if yes:
        click.echo(f"{workspace.counted(removed, 'place')} removed or left without the name.")
    else:
        click.echo("Nothing was removed: --yes does it, export shows every place." if counts else "Nothing is kept.")
