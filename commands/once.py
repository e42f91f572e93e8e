"""itsm-sync once: one cycle, for a scheduler or for trying what would be done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import workspace
from commands.progress import progress

if TYPE_CHECKING:
    from connectors.state.records import Report
    from sync import Desk


@click.command("once", short_help="Read, decide and write, once.")
@workspace.option
@click.option("--dry-run", is_flag=True, help="Make the same plan and show it; write nothing, remember nothing.")
@workspace.as_json
@click.pass_obj
def command(desk_type: type[Desk], folder: Path, dry_run: bool, as_json: bool) -> None:
    """Read what changed, decide, and write it, once.

    \b
    Examples:
      itsm-sync once -w desk --dry-run
      itsm-sync once -w desk --json

    Exit codes: 0 done, 2 the workspace has errors, 3 a connection could not be looked after.
    """
    with workspace.opened(desk_type, folder, dry_run=dry_run) as desk:
        with progress(desk, quiet=as_json):
            report = desk.cycle(write=not dry_run)
        plan = workspace.plan(desk) if dry_run else []
        would_hold = desk.store.brake(report.cycle, desk.book.brakes, list(desk.connectors)) if dry_run else ()
    if as_json:
        held = [one._asdict() for one in (*report.held, *would_hold)]
        said = {"counts": report.counts, "problems": report.problems, "held": held, "plan": plan}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        _print(report, plan, dry_run)
        for one in would_hold:
            click.echo(f"The brakes would hold {workspace.size(one)}, {one.why}.")
    code = workspace.judge(report)
    if code:
        raise SystemExit(code)


def _print(report: Report, plan: list[dict[str, str]], dry_run: bool) -> None:
    workspace.print_plan(plan)
    counts = report.counts
    if report.problems and not counts["read"]:
        return
    done = "would be written" if dry_run else "written"
    tickets = len({line["ticket"] for line in plan}) if dry_run else counts["written"]
    click.echo(
        f"{counts['read']} tickets read, {counts['decided']} decided, {counts['planned']} actions planned, "
        f"{tickets} tickets {done}, {counts['sent']} messages sent, "
        f"{counts['failed']} to be tried again, {counts['parked']} parked."
    )
