"""itsm-sync export: print all that is kept of a person."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands import persons, workspace


@click.command("export", short_help="Print all that is kept of a person.")
@persons.argument
@workspace.option
def command(names: tuple[str, ...], folder: Path) -> None:
    """Print as JSON all that is kept of a PERSON: a key of people:, an e-mail address, a name, or CONNECTION/ACCOUNT.

    Several names are those of one person.

    \b
    Examples:
      itsm-sync export ida -w desk
      itsm-sync export "Kari Nordmann" servicenow-emea/kari -w desk
    """
    with persons.kept(folder, names) as kept:
        places = [trace._asdict() for trace in kept.traces.all()]
    said = {"person": kept.called, "kept": places}
    click.echo(json.dumps(said, ensure_ascii=False, indent=2, default=str))
