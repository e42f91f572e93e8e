"""What a workspace may say already though it has no effect yet: each is answered with one warning, none silently."""

from __future__ import annotations

from typing import Final

from rules.problems import Report
from rules.readers import ON_TICKET, UNKNOWN
from rules.tree import Node

NO_EFFECT: Final = "not supported yet, has no effect"
SECTIONS: Final = (
    "channels", "privacy", "platform_mails",
)  # fmt: skip
MESSAGES: Final = frozenset({"post-incident-report", "supplier-request"})
"""Messages that a later version brings; until then a rule that sends one needs the workspace's own template."""


def warn_of_later(root: Node, report: Report) -> None:
    """Warn of everything outside the rules that has no effect yet."""
    for section in SECTIONS:
        if section in root.entries:
            report.warn(root.entries[section].key, f"'{section}': {NO_EFFECT}")
    for name, connection in root.under("connections").items():
        _warn_of_connection(name, connection, report)
    _warn_of_absences(root, report)
    _warn_of_doors(root, report)


def readers(rule: Node, report: Report) -> tuple[str, ...]:
    """Return the readers of whom something is known, and warn once of whom nothing is, and once of doors to come."""
    if "to" not in rule.entries:
        return ()
    to = rule.entries["to"]
    named = to.items if isinstance(to.value, list) else [to]
    _warn_of(
        [node for node in named if node.text in UNKNOWN], "not told to {}: not supported yet, has no effect", report
    )
    elsewhere = [node for node in named if node.text not in ON_TICKET and node.text not in UNKNOWN]
    _warn_of(elsewhere, "told to {}: decided and journalled, and not sent yet", report)
    return tuple(node.text for node in named if node.text not in UNKNOWN)


def _warn_of(readers: list[Node], text: str, report: Report) -> None:
    if readers:
        report.warn(readers[0].place, text.format(", ".join(node.raw for node in readers)))


def _warn_of_absences(root: Node, report: Report) -> None:
    """Warn of absences where nobody takes turns."""
    for team in root.each("teams.*"):
        if "absences" in team.entries and "on_call" not in team.entries:
            mend = "absences are of people who take turns: give the team on_call:, or remove them"
            report.warn(team.entries["absences"].key, "'absences' without 'on_call' have no effect", mend)


def _warn_of_connection(name: str, connection: Node, report: Report) -> None:
    if "region" in connection.entries:
        report.warn(connection.entries["region"].key, f"'region' of {name}: {NO_EFFECT}")


def _warn_of_doors(root: Node, report: Report) -> None:
    told = root.under("doors").items()
    unused = [(reader, door) for reader, door in told if ON_TICKET.get(reader, door.text) != door.text]
    if unused:
        named = ", ".join(f"{reader}: {door.raw}" for reader, door in unused)
        report.warn(unused[0][1].key, f"doors {named}: {NO_EFFECT}", "for now requesters get comments and teams notes")
