"""Checks of connections: what their platform wants, and that every team whom their tickets can reach is found there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from rules.problems import PACK, SECRETS, Report
from rules.tree import Node
from rules.vocabulary import sections
from rules.wording import TABLES

JIRA: Final = "jira_service_management"
ACCOUNTS: Final = {
    "servicenow": (("user", "password"), ("client_id", "client_secret")),
    JIRA: (("user", "token"), ("client_id", "client_secret"), ("token",), ("user", "password")),
}
"""Forms of an account. Jira's first two are for Cloud, the other two for Data Center."""

QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"' r"|'(?:\\.|[^'\\])*'")
ORDERED: Final = re.compile(r"\border\s+by\b", re.IGNORECASE)


def check_connections(root: Node, lost: frozenset[str], report: Report) -> None:
    """Report what does not fit a connection's platform, and what rules want of tickets and it has no place for."""
    for name, connection in root.under("connections").items():
        platform = connection.entries["platform"].text if "platform" in connection.entries else ""
        _check_projects(name, platform, connection, report)
        for scope in connection.each("scope"):
            _check_scope(platform, scope, report)
        for auth in connection.each("auth"):
            _check_account(platform, auth, report)
        if platform in TABLES and not lost & {"connections", "words"}:
            _check_major(root, name, report)
            _check_endings(root, name, connection, set(TABLES[platform]), report)
        if platform in TABLES and not lost & {"connections", "words", "teams", "routes", "services"}:
            _check_teams(root, name, connection, set(TABLES[platform]), report)


def _check_projects(name: str, platform: str, connection: Node, report: Report) -> None:
    """Report a Jira connection without projects, unless they are only mistyped, and projects elsewhere."""
    projects = connection.entries.get("projects")
    if projects is None:
        if platform == JIRA and not get_close_matches("projects", connection.entries):
            report(connection.key, f"'{name}' lacks 'projects'", "add 'projects: [IT]' with the keys of its projects")
    elif platform == JIRA and projects.value == []:
        report(projects.place, "'projects' must have an entry", "list the keys of its projects, such as [IT]")
    elif platform == "servicenow":
        report(projects.key, f"'projects' means nothing on {platform}", "remove it; scope: narrows down what is read")


def _check_scope(platform: str, scope: Node, report: Report) -> None:
    """Report an order in a JQL clause: we join the clause with others, and read in an order of our own."""
    if platform == JIRA and ORDERED.search(QUOTED.sub("", scope.text)):
        report(scope.place, "'scope' is a clause of JQL, which has no ORDER BY", "leave out ORDER BY and what follows")


def _check_account(platform: str, auth: Node, report: Report) -> None:
    forms = ACCOUNTS.get(platform)
    if forms is None or not isinstance(auth.value, dict):
        return
    if not any(set(form) == set(auth.entries) for form in forms):
        wanted = " or ".join("{" + ", ".join(f"{key}: …" for key in form) + "}" for form in forms)
        report(auth.key, f"'auth' of {platform} is {wanted}", "give one of these, whole")
    for key in SECRETS:
        node = auth.entries.get(key)
        if node is not None and node.raw and "${" not in node.raw:
            variable = f"{platform.partition('_')[0]}_{key}".upper()
            mend = f'set it in the environment and write {key}: "${{{variable}}}"'
            report.warn(node.key, f"the {key} is written out in a file", mend)


def _check_major(root: Node, name: str, report: Report) -> None:
    """Warn once where a rule of the desk's own waits for major incidents and nothing says which tickets here are.

    The default pack's rule waits for them wherever they are declared, and asks nobody to declare them.
    """
    waiting = [node for node in root.each("communications.*.on") if node.text == "major"]
    waiting = [node for node in waiting if not node.place.file.startswith(PACK)]
    if waiting and not _has_field(root, name, "major"):
        mend = f"name it: words: {{{name}: {{fields: {{major: labels=major-incident}}}}}}"
        report.warn(waiting[0].place, f"no field of {name} says what is major: this never happens there", mend)


def _check_endings(root: Node, name: str, connection: Node, stock: set[str], report: Report) -> None:
    """Warn where a rule resolves what nobody answers, and a kind of ticket here has no such status."""
    kinds = [key for node in connection.each("kinds") for key in node.entries] or sorted(stock)
    found = [(rule, status) for rule in root.each("communications.*") for status in rule.each("then.status")]
    for rule, status in found:
        reached = [kind for kind in kinds if _reaches(rule, {kind})]
        without = [kind for kind in reached if status.text not in _statuses(root, name, kind)]
        if without:
            mend = f"narrow the rule with when: {{kind: …}}, or add it under words: {name}: values: status:"
            text = f"on {name} tickets of the kind {', '.join(without)} cannot be '{status.raw}': they go on waiting"
            report.warn(status.place, text, mend)


def _statuses(root: Node, name: str, kind: str) -> set[str]:
    """Return the statuses that a kind of ticket has on a connection: its own, else those of all kinds there."""
    paths = (f"words.{name}.{kind}.values.status", f"words.{name}.values.status")
    return next((set(node.entries) for path in paths for node in root.each(path)), set())


def _check_teams(root: Node, name: str, connection: Node, stock: set[str], report: Report) -> None:
    """Report the first way to each team that has no group here although tickets of this connection may take it.

    Where no field holds the team, groups are of no use: that routes do nothing here is one warning.
    """
    kinds = {key for node in connection.each("kinds") for key in node.entries} or stock
    routes = [route for route in root.each("routes.*") if _reaches(route, kinds)]
    targets = [target for route in routes for target in route.each("assign.team")]
    targets += [
        target
        for section in ("ladders.*", "anytime.*")
        for rule in root.each(section)
        if _reaches(rule, kinds)
        for path in ("steps.*.assign.team", "assign.team")
        for target in rule.each(path)
    ]
    if targets and not _has_field(root, name, "team"):
        mend = f"name it: words: {{{name}: {{fields: {{team: …}}}}}}"
        report.warn(targets[0].place, f"no field of {name} holds the team: routes do nothing there", mend)
        return
    places = [(team, place) for target in targets for team, place in _groups_of(root, target)]
    for team, place in dict(reversed(places)).items():
        _check_group(root, name, team, place, report)


def _has_field(root: Node, name: str, fact: str) -> bool:
    return any(fact in part.under("fields") for words in root.each(f"words.{name}") for part in sections(words))


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
