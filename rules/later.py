"""What a workspace may say already though it has no effect yet: each is answered with one warning, none silently."""

from __future__ import annotations

from typing import Final

from rules.problems import Report
from rules.readers import ON_TICKET
from rules.tree import Node

NO_EFFECT: Final = "not supported yet, has no effect"


def warn_of_later(root: Node, report: Report) -> None:
    """Warn of everything outside the rules that has no effect yet."""
    _warn_of_absences(root, report)
    _warn_of_doors(root, report)


def _warn_of_absences(root: Node, report: Report) -> None:
    """Warn of absences where nobody takes turns."""
    for team in root.each("teams.*"):
        if "absences" in team.entries and "on_call" not in team.entries:
            mend = "absences are of people who take turns: give the team on_call:, or remove them"
            report.warn(team.entries["absences"].key, "'absences' without 'on_call' have no effect", mend)


def _warn_of_doors(root: Node, report: Report) -> None:
    told = root.under("doors").items()
    unused = [(reader, door) for reader, door in told if ON_TICKET.get(reader, door.text) != door.text]
    if unused:
        named = ", ".join(f"{reader}: {door.raw}" for reader, door in unused)
        report.warn(unused[0][1].key, f"doors {named}: {NO_EFFECT}", "for now requesters get comments and teams notes")
