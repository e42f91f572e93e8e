"""itsm-sync revert: put fields back as they were before a cycle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import workspace

if TYPE_CHECKING:
    from sync import Desk


@click.command("revert", short_help="Put fields back as they were before a cycle.")
@click.argument("cycle", type=click.IntRange(1))
@click.option("--dry-run", is_flag=True, help="Show what would be put back; write nothing.")
@workspace.option
@workspace.as_json
@click.pass_obj
def command(desk_type: type[Desk], cycle: int, dry_run: bool, folder: Path, as_json: bool) -> None:
    """Put the fields that a CYCLE wrote back as they were, where nobody touched them since.

    Messages stay: what was said was said. Rules do not write the values again until facts change. A service that
    runs on the store has to be ended first; explain says which cycle wrote what.

    \b
    Examples:
      itsm-sync revert 12 --dry-run -w desk
      itsm-sync revert 12 -w desk
    """
    from rules.reverting import STAY, is_reverting, is_unknown

    with workspace.opened(desk_type, folder, dry_run=dry_run) as desk:
        changes = desk.store.office().changes_of(cycle)
        if not changes:
            raise click.ClickException(f"cycle {cycle} wrote no fields, or more than 30 days ago")
        report = desk.revert(cycle, changes, write=not dry_run)
        plan = workspace.plan(desk, is_reverting) if dry_run else []
    if as_json:
        click.echo(json.dumps({"counts": report.counts, "problems": report.problems, "plan": plan}, ensure_ascii=False))
    else:
        workspace.print_plan(plan)
        tickets = len({line["ticket"] for line in plan}) if dry_run else report.counts["written"]
        done = "would be put back" if dry_run else "put back"
        click.echo(f"{report.counts['read']} tickets read, {workspace.counted(tickets, 'ticket')} {done}.")
    if added := sorted({change.ticket for change in changes if is_unknown(change)}):
        click.echo(f"watchers of {', '.join(added)} {STAY}", err=True)
    code = workspace.judge(report)
    left = report.counts["failed"] + report.counts["parked"]
    if left:
        click.echo("some could not be put back now: look with itsm-sync status, and run revert again", err=True)
    if code or left:
        raise SystemExit(code or workspace.UNUSABLE)
