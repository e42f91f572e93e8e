"""itsm-sync check: judge a workspace, and with --online ask the platforms whether they agree."""

from __future__ import annotations

import json
import os
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from commands import workspace
from commands.workspace import UNUSABLE, Broken

if TYPE_CHECKING:
    from connectors.base import Finding
    from rules.problems import Problem
    from rules.rulebook import Rulebook

SIGNS = {"problem": "✗", "warning": "!", "note": "·"}


@click.command("check", short_help="Judge a workspace.")
@workspace.option
@click.option(
    "--online", is_flag=True, help="Also prove credentials, rights, fields, choices, groups, people and doors."
)
@workspace.as_json
def command(folder: Path, online: bool, as_json: bool) -> None:
    """Show every problem of a workspace: file, line, what is wrong, and the likely mend.

    \b
    Examples:
      itsm-sync check -w desk
      itsm-sync check -w desk --online

    Exit codes: 0 it is good, 2 the workspace has errors, 3 a platform or a door does not agree.
    """
    try:
        book, problems, _sources = workspace.rulebook(folder, lint=True)
    except Broken as error:
        if not as_json:
            raise
        click.echo(json.dumps(_as_json(error.problems, {}), ensure_ascii=False))
        raise SystemExit(error.exit_code) from None
    findings = {name: _online(name, book) for name in book.connections} if online else {}
    if online and any(team.feed is not None for team in book.teams.values()):
        findings["on call"] = _rosters(book, folder)
    if online:
        findings |= {f"door {name}": _reached(name, book) for name in book.channels}
    if as_json:
        click.echo(json.dumps(_as_json(problems, findings), ensure_ascii=False))
    else:
        _print(book, problems, findings)
    if any(finding.weight == "problem" for found in findings.values() for finding in found):
        raise SystemExit(UNUSABLE)


def _online(name: str, book: Rulebook) -> list[Finding]:
    from connectors.base import ConnectorError, Finding
    from rules.problems import visible

    try:
        connector = workspace.connector(book.connections[name])
        try:
            return [Finding(one.weight, visible(one.text), visible(one.mend)) for one in connector.check(book)]
        finally:
            connector.close()
    except ConnectorError as error:
        return [Finding("problem", str(error))]


def _reached(name: str, book: Rulebook) -> list[Finding]:
    """Try to reach a door without saying anything."""
    from connectors.base import ConnectorError, Finding
    from connectors.channels import opened
    from rules.problems import visible

    try:
        found = opened(book.channels[name], os.environ, workspace.now).check()
    except ConnectorError as error:
        found = [Finding("problem", str(error))]
    return [Finding(one.weight, visible(one.text), visible(one.mend)) for one in found]


def _rosters(book: Rulebook, folder: Path) -> list[Finding]:
    from commands import rosters
    from connectors.base import Finding
    from connectors.rosters import check
    from rules.problems import visible

    with rosters.opened(book, folder, book.teams) as found:
        return [
            Finding(one.weight, visible(one.text), visible(one.mend)) for one in check(found, book, workspace.now())
        ]


def _as_json(problems: tuple[Problem, ...], findings: dict[str, list[Finding]]) -> dict[str, Any]:
    return {
        "problems": [problem._asdict() for problem in problems],
        "online": {name: [finding._asdict() for finding in found] for name, found in findings.items()},
    }


def _print(book: Rulebook, problems: tuple[Problem, ...], findings: dict[str, list[Finding]]) -> None:
    from rules.problems import pretty

    for problem in problems:
        click.echo(pretty(problem) + "\n")
    rules = sum(len(stage.rules) for stage in (book.classify, book.adjust, book.routes, book.communications))
    counts = {"rule": rules, "connection": len(book.connections), "warning": len(problems)}
    click.echo(f"{book.desk}: {', '.join(workspace.counted(n, what) for what, n in counts.items())}.")
    for name, found in findings.items():
        click.echo(f"\n{name}:")
        for finding in found:
            click.echo(_wrapped(f"{SIGNS[finding.weight]} {finding.text}", "  "))
            if finding.mend:
                click.echo(_wrapped(finding.mend, "      "))


def _wrapped(text: str, before: str) -> str:
    """Return a text in lines of 80 columns; names and addresses stay whole."""
    wrapper = textwrap.TextWrapper(80, break_long_words=False, break_on_hyphens=False)
    wrapper.initial_indent, wrapper.subsequent_indent = before, f"{before}  "
    return wrapper.fill(text)
