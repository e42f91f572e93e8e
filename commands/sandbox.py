"""itsm-sync sandbox: a simulated ServiceNow on this machine, to try rules on."""

from __future__ import annotations

from pathlib import Path

import click

USER, PASSWORD = "itsm.sync", "sandbox"


@click.command("sandbox")
@click.option("--port", default=8180, show_default=True, help="Port on 127.0.0.1; 0 takes a free one.")
@click.option(
    "--load",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A ServiceNow export of incidents, as CSV or JSON.",
)
def command(port: int, file: Path | None) -> None:
    """Run a simulated ServiceNow on this machine until Ctrl-C; it forgets everything when it ends.

    \b
    Examples:
      itsm-sync sandbox
      itsm-sync sandbox --load incidents.csv --port 8181
    """
    from connectors.sandbox import Account, World, serve_forever

    world = World(extra_fields={"incident": {"u_itsm_sync": "string"}})
    world.accounts[USER] = Account(password=PASSWORD)
    if file is not None:
        click.echo(f"{world.load(file)} records loaded from {file}")
    click.echo(f"A simulated ServiceNow at http://127.0.0.1:{port}, user {USER}, password {PASSWORD}. Ctrl-C stops.")
    serve_forever(world, port=port)
