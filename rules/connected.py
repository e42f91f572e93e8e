"""Checks of connections: accounts, and that every team whom their tickets can reach has a group there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules.later import is_later
from rules.problems import SECRETS, Report
from rules.tree import Node
from rules.wording import TABLES

ACCOUNTS: Final = {
    "servicenow": (("user", "password"), ("client_id", "client_secret")),
    "jira_service_management": (("user", "token"),),
}


def check_connections(root: Node, lost: frozenset[str], report: Report) -> None:
    """Report accounts of the wrong form, written-out secrets, and teams without a group where they need one."""
    for node in root.each("connections.*"):
        for auth in node.each("auth"):
            _check_account(node, auth, report)
    if not lost & {"teams", "routes", "services", "connections"}:
        for name, connection in root.under("connections").items():
            if not is_later(connection):
                _check_groups(root, name, connection, report)


def _check_account(connection: Node, auth: Node, report: Report) -> None:
    platform = next((node.text for node in connection.each("platform")), "")
    forms = ACCOUNTS.get(platform)
    if forms is None or not isinstance(auth.value, dict):
        return
    if not any(set(form) == set(auth.entries) for form in forms):
        wanted = " or ".join("{" + ", ".join(f"{key}: …" for key in form) + "}" for form in forms)
        report(auth.key, f"'auth' of {platform} is {wanted}", "give one of these, whole")
    for key in SECRETS:
        node = auth.entries.get(key)
        if node is not None and node.raw and "${" not in node.raw:
            mend = f'set it in the environment and write {key}: "${{{platform.upper()}_{key.upper()}}}"'
            report.warn(node.key, f"the {key} is written out in a file", mend)


def _check_groups(root: Node, name: str, connection: Node, report: Report) -> None:
    """Report the first route to each team that has no group here although tickets of this connection may take it."""
    kinds = {key for node in connection.each("kinds") for key in node.entries} or set(TABLES)
    seen: set[str] = set()
    for route in root.each("routes.*"):
        for target in route.each("assign.team"):
            if _reaches(route, kinds):
                for team, place in _groups_of(root, target):
                    if team not in seen:
                        seen.add(team)
                        _check_group(root, name, team, place, report)


def _reaches(route: Node, kinds: set[str]) -> bool:
    """Tell whether tickets of these kinds may take the route."""
    for kind in route.each("when.kind"):
        asked = kind.items if isinstance(kind.value, list) else [kind]
        if not isinstance(kind.value, dict) and not kinds & {node.raw for node in asked}:
            return False
    return True


def _groups_of(root: Node, target: Node) -> Iterator[tuple[str, Node]]:
    """Yield the teams that a route may assign, each with the node that says so; a follow-the-sun team's regions."""
    named = list(root.each("services.*.team")) if target.text == "service.team" else [target]
    for node in named:
        regions = [item for region in root.each(f"teams.{node.text}.follow_the_sun") for item in region.items]
        yield from ((region.text, region) for region in regions)
        if not regions:
            yield node.text, node


def _check_group(root: Node, connection: str, team: str, place: Node, report: Report) -> None:
    for entry in root.each(f"teams.{team}"):
        if connection not in [key for groups in entry.each("groups") for key in groups.entries]:
            text = f"the team '{team}' has no group on {connection}, whose tickets can reach it ({place.place.short})"
            report(entry.key, text, f"add groups: {{{connection}: …}} with the group's name there")
