"""What a Jira site has of what a workspace names: fields, issue types, priorities, options, teams, what may be written.

`start` needs it to work with what is there, and `check --online` tells of what is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from connectors.base import Finding, NotVisible, Refused, Unusable, Weight
from connectors.jira_service_management.client import Client, one_of, quoted
from connectors.jira_service_management.fields import Field, Fields
from connectors.jira_service_management.tickets import Translator, texts
from connectors.jira_service_management.write import Values, Writer
from rules.rulebook import Connection, Words
from rules.words import folded

OWN: Final = {"language": "request language", "organisation": "organizations"}
LINKS: Final = Field("issuelinks", "Linked issues", "issuelinks", True)
SERVICE_DESK: Final = "service_desk"
SAMPLE: Final = 100  # issues from which the names of teams are learnt


class Project(NamedTuple):
    """A project of the connection, with the names of its issue types. `internal`: comments can be internal there."""

    key: str
    id: str
    types: tuple[str, ...]
    internal: bool


class Kind(NamedTuple):
    """One kind of ticket as the site has it: in these projects, with these words."""

    words: Words
    projects: tuple[str, ...]
    translator: Translator
    writer: Writer


class Site(NamedTuple):
    """What there is. `findings` are what is missing of what the workspace names, for an admin."""

    client: Client
    account: str
    projects: tuple[Project, ...]
    fields: Fields
    kinds: Mapping[str, Kind]
    findings: tuple[Finding, ...]

    def lost(self) -> Iterator[str]:
        """Yield what cannot work, a line each; the rest can."""
        yield from (f"{one.text}; {one.mend}" for one in self.findings if one.weight == "problem")


def look_around(client: Client, connection: Connection) -> Site:
    """Return what there is of what the connection's words name. Raises `Unusable` where nothing can work."""
    account = _account(client, connection)
    fields = Fields(client.get("field") or [])
    projects, findings = _projects(client, connection)
    values = Values(_priorities(client, projects), {})
    links = _link_types(client) if any("parent" in one.fields for one in connection.kinds.values()) else set()
    kinds: dict[str, Kind] = {}
    for name, words in connection.kinds.items():
        there = tuple(one.key for one in projects if folded(words.table) in map(folded, one.types))
        if not there:
            named = ", ".join(one.key for one in projects)
            text = f"no project of {named} has the issue type {words.table!r}"
            findings.append(Finding("problem", text, f"correct kinds: {name}"))
            continue
        found, missing = _resolved(words, fields, links)
        kind = _kind(client, connection, words, there, found, fields, values, projects)
        findings += [*missing, *_not_written(client, kind, values, found)]
        kinds[name] = kind
    return Site(client, account, tuple(projects), fields, kinds, tuple(dict.fromkeys(findings)))


def _account(client: Client, connection: Connection) -> str:
    """Prove the credentials, and return our account as the history names it."""
    try:
        me = client.get("myself")
    except Refused as error:
        raise Unusable(f"{error}; let our account use Jira") from None
    if not isinstance(me, dict) or not (me.get("accountId") or me.get("name")):
        raise Unusable(f"{connection.name}: Jira does not tell who we are: correct auth")
    return str(me.get("accountId") or me["name"])


def _projects(client: Client, connection: Connection) -> tuple[list[Project], list[Finding]]:
    """Return the projects that are there, and a finding for each that is not or has no service management."""
    found, findings = [], []
    for key in connection.projects:
        try:
            one = client.get(f"project/{key}")
        except (NotVisible, Refused):
            text = f"there is no project {key}, or our account may not see it"
            findings.append(Finding("problem", text, "correct projects, or make our account an agent there"))
            continue
        types = tuple(str(kind.get("name")) for kind in one.get("issueTypes") or [])
        internal = one.get("projectTypeKey") == SERVICE_DESK
        found.append(Project(str(one["key"]), str(one["id"]), types, internal))
        if not internal:
            text = f"{key} is no service management project: its comments are seen by all, so no notes are written"
            findings.append(Finding("problem", text, "choose a service management project"))
    if not found:
        raise Unusable(f"{connection.name}: " + "; ".join(f"{one.text}: {one.mend}" for one in findings))
    return found, findings


def _priorities(client: Client, projects: Iterable[Project]) -> dict[str, str]:
    """Return name → id of the priorities of these projects; on Data Center, of the site."""
    if client.cloud:
        ids = [one.id for one in projects]
        answer = client.get("priority/search", version=3, projectId=ids, maxResults=100)
        found = answer.get("values") or []
    else:
        found = client.get("priority") or []
    return {folded(str(one["name"])): str(one["id"]) for one in found}


def _link_types(client: Client) -> set[str]:
    """Return how links read, in both directions, in one request."""
    types = (client.get("issueLinkType") or {}).get("issueLinkTypes") or []
    return {folded(str(one.get(way) or "")) for one in types for way in ("inward", "outward")}


def _resolved(words: Words, fields: Fields, links: set[str]) -> tuple[dict[str, Field], list[Finding]]:
    """Return fact → field, and a finding for each name that is none or several.

    What rules write is a problem when it is missing; what they only read is empty, and a warning says so.
    """
    found, findings = {}, []
    for fact, source in words.fields.items():
        if fact == "parent" and folded(source.field) in links:
            found[fact] = LINKS
            continue
        candidates = fields.find(source.field)
        if len(candidates) == 1:
            found[fact] = candidates[0]
        elif candidates:
            ids = ", ".join(sorted(field.id for field in candidates))
            text = f"{len(candidates)} fields are called {source.field!r}: {ids}"
            findings.append(Finding("problem", text, f"write the id of the right one under words: fields: {fact}"))
        else:
            text = f"there is no field called {source.field!r}: the fact {fact} is always empty"
            weight: Weight = "problem" if fact in words.watched else "warning"
            findings.append(Finding(weight, text, f"correct words: fields: {fact}, or let our account see the field"))
    return found, findings


def _kind(
    client: Client,
    connection: Connection,
    words: Words,
    projects: tuple[str, ...],
    found: Mapping[str, Field],
    fields: Fields,
    values: Values,
    all_projects: Iterable[Project],
) -> Kind:
    own = {name: candidates[0] for name, text in OWN.items() if len(candidates := fields.find(text)) == 1}
    translator = Translator(connection.name, words, found, own, connection.robots)
    team = found.get("team")
    if team is not None and team.type == "team":
        values = values._replace(teams=_teams(client, projects, team))
    internal = {one.key: one.internal for one in all_projects}
    return Kind(words, projects, translator, Writer(client, words, translator, values, internal))


def _teams(client: Client, projects: tuple[str, ...], field: Field) -> dict[str, str]:
    """Return name → id of the teams that issues have: Jira has no list of teams for us. One request."""
    jql = f"{one_of('project', projects)} AND {quoted(field.name)} is not EMPTY ORDER BY updated DESC"
    try:
        issues = client.search(jql, (field.id,), SAMPLE).issues
    except Refused:
        return {}
    found = [value for one in issues if isinstance(value := one["fields"].get(field.id), dict)]
    return {folded(str(one.get("name") or one.get("title"))): str(one["id"]) for one in found if one.get("id")}


def _not_written(client: Client, kind: Kind, values: Values, found: Mapping[str, Field]) -> list[Finding]:
    """Return what cannot be written of what rules write: fields off the screen, options and names that are not there.

    One issue's edit screen tells for all: one search and one request. Without an issue there is nothing to ask.
    """
    jql = f"{one_of('project', kind.projects)} AND issuetype = {quoted(kind.words.table)} ORDER BY updated DESC"
    try:
        issues = client.search(jql, ("updated",), 1).issues
        screen = client.get(f"issue/{issues[0]['id']}/editmeta").get("fields") or {} if issues else {}
    except (Refused, NotVisible):
        return []
    findings = []
    for fact in kind.words.watched:
        field = found.get(fact)
        if field is None or not issues:
            continue
        if field.id not in screen:
            text = f"the field {field.name!r} is not on the edit screen of {kind.words.table!r}: {fact} is not written"
            findings.append(Finding("problem", text, "add it to the screen, or let our account edit these issues"))
        elif unknown := _unknown(kind.words, fact, field, screen[field.id], values):
            text = f"the field {field.name!r} has no {', '.join(map(repr, unknown))}"
            findings.append(Finding("problem", text, f"correct {_place(fact)}"))
    return findings


def _place(fact: str) -> str:
    return {"team": "groups in teams", "service": "names in services"}.get(fact, f"words: values: {fact}")


def _unknown(words: Words, fact: str, field: Field, meta: Mapping[str, Any], values: Values) -> list[str]:
    """Return the values that would be written and are none of those that the screen offers; some fields list none."""
    offered = {folded(text) for value in meta.get("allowedValues") or [] for text in texts(value)}
    if field.type == "priority":
        offered = set(values.priorities)
    firsts = [theirs[0] for theirs in words.values.get(fact, {}).values() if theirs]
    return [text for text in firsts if offered and folded(text) not in offered]
