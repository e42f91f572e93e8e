"""What a Jira site has of what a workspace names: fields, issue types, priorities, options, teams, what may be written.

`start` needs it to work with what is there, and `check --online` tells of what is not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, NamedTuple

from connectors.base import Finding, NotVisible, Refused, Unusable, Weight
from connectors.jira_service_management import jql
from connectors.jira_service_management.beside import Link
from connectors.jira_service_management.client import Client
from connectors.jira_service_management.fields import Field, Fields
from connectors.jira_service_management.people import people
from connectors.jira_service_management.slas import clocks
from connectors.jira_service_management.tickets import Translator, texts
from connectors.jira_service_management.write import Values, Writer
from connectors.people import People
from connectors.web.paths import step
from rules.model import HOLD
from rules.rulebook import Connection, Words
from rules.words import folded

OWN: Final = {"language": "request language", "organisation": "organizations", "rating": "satisfaction"}
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
    """One kind of ticket as the site has it: in these projects, with these words.

    `newest` is its newest issue's key, "" where our account sees none, and `screen` what may be edited there, by field
    id.
    """

    words: Words
    projects: tuple[str, ...]
    translator: Translator
    writer: Writer
    values: Values
    newest: str
    screen: Mapping[str, Any]


class Site(NamedTuple):
    """What there is. `findings` are what is missing of what the workspace names, for an admin.

    `locale` is our account's language, in which the names of fields and statuses come, `people` those whom rules name.
    """

    client: Client
    account: str
    locale: str
    projects: tuple[Project, ...]
    fields: Fields
    kinds: Mapping[str, Kind]
    findings: tuple[Finding, ...]
    people: People

    def lost(self) -> Iterator[str]:
        """Yield what cannot work, a line each; the rest can."""
        yield from (f"{one.text}; {one.mend}" for one in self.findings if one.weight == "problem")


def look_around(client: Client, connection: Connection) -> Site:
    """Return what there is of what the connection's words name. Raises `Unusable` where nothing can work.

    A connection that names no projects yet, as one that is just being set up, has no kinds either.
    """
    account, locale = _account(client, connection)
    fields = Fields(client.get("field") or [])
    projects, findings = _projects(client, connection)
    staff = people(client, connection)
    found_priorities = {folded(name): id for name, id in priorities(client, projects).items()}
    statuses = _statuses(client) if any("status" in one.timed for one in connection.kinds.values()) else {}
    links = _link_types(client) if any("parent" in one.fields for one in connection.kinds.values()) else {}
    values = Values(found_priorities, {}, links, People(staff.accounts, connection.people, staff.aliases))
    kinds: dict[str, Kind] = {}
    for name, words in connection.kinds.items() if projects else ():
        there = tuple(one.key for one in projects if folded(words.table) in map(folded, one.types))
        if not there:
            findings.append(_no_type(name, words, projects))
            continue
        found, missing = _resolved(words, fields, links)
        kind = _kind(client, connection, words, there, found, fields, values, projects, statuses)
        findings += [*missing, *_not_written(kind, found)]
        kinds[name] = kind
    findings += staff.findings
    found_all = tuple(dict.fromkeys(findings))
    return Site(client, account, locale, tuple(projects), fields, kinds, found_all, values.people)


def _account(client: Client, connection: Connection) -> tuple[str, str]:
    """Prove the credentials, and return our account as the history names it, and its language."""
    try:
        me = client.get("myself")
    except Refused as error:
        raise Unusable(f"{error}; let our account use Jira") from None
    if not isinstance(me, dict) or not (me.get("accountId") or me.get("name")):
        raise Unusable(f"{connection.name}: Jira does not tell who we are: correct auth")
    return str(me.get("accountId") or me["name"]), str(me.get("locale") or "")


def _no_type(kind: str, words: Words, projects: Iterable[Project]) -> Finding:
    named = ", ".join(one.key for one in projects)
    there = dict.fromkeys(name for one in projects for name in one.types)
    text = f"no project of {named} has the issue type {words.table!r}; there are {', '.join(there)}"
    return Finding("problem", text, f"correct kinds: {kind}")


def _projects(client: Client, connection: Connection) -> tuple[list[Project], list[Finding]]:
    """Return the projects that are there, and a finding for each that is not or has no service management."""
    found, findings = [], []
    for key in connection.projects:
        try:
            one = client.get(f"project/{step(key)}")
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
    if connection.projects and not found:
        raise Unusable(f"{connection.name}: " + "; ".join(f"{one.text}: {one.mend}" for one in findings))
    return found, findings


def priorities(client: Client, projects: Iterable[Project]) -> dict[str, str]:
    """Return name → id of the priorities of these projects, the most important first; on Data Center, of the site."""
    if client.cloud:
        ids = [one.id for one in projects]
        answer = client.get("priority/search", version=3, projectId=ids, maxResults=100)
        found = answer.get("values") or []
    else:
        found = client.get("priority") or []
    return {str(one["name"]): str(one["id"]) for one in found}


def _statuses(client: Client) -> dict[str, tuple[str, str]]:
    """Return id → name and category of the statuses, in one request: the history tells neither reliably."""
    found = client.get("status") or []
    return {str(one["id"]): (str(one["name"]), str((one.get("statusCategory") or {}).get("key"))) for one in found}


def _link_types(client: Client) -> dict[str, Link]:
    """Return how links read, in both directions, in one request."""
    types = (client.get("issueLinkType") or {}).get("issueLinkTypes") or []
    ways = [(one, way) for one in types for way in ("inward", "outward")]
    return {folded(str(one.get(way) or "")): Link(str(one.get("name")), way) for one, way in reversed(ways)}


def _resolved(words: Words, fields: Fields, links: Collection[str]) -> tuple[dict[str, Field], list[Finding]]:
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
            what = "neither a link nor a field" if fact == "parent" else "no field"
            text = f"there is {what} called {source.field!r}: the fact {fact} is always empty"
            weight: Weight = "problem" if fact in (*words.watched, HOLD) else "warning"
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
    statuses: Mapping[str, tuple[str, str]],
) -> Kind:
    own = {name: candidates[0] for name, text in OWN.items() if len(candidates := fields.find(text)) == 1}
    team = found.get("team")
    if team is not None and team.type == "team":
        values = values._replace(teams=_teams(client, projects, team))
    newest, screen = _screen(client, projects, words)
    words = _offered_first(words, found, screen, values)
    slas = clocks(connection.slas, fields)
    translator = Translator(connection.name, words, found, own, connection.robots, statuses, slas, values.people)
    internal = {one.key: one.internal for one in all_projects}
    return Kind(
        words, projects, translator, Writer(client, words, translator, values, internal), values, newest, screen
    )


def _offered_first(words: Words, found: Mapping[str, Field], screen: Mapping[str, Any], values: Values) -> Words:
    """Return the words with the spelling that the site offers first, since of several the first is written."""
    known = dict(words.values)
    for fact in words.watched:
        offered = _offered(found[fact], screen, values) if fact in found else set()
        known[fact] = {
            ours: tuple(sorted(theirs, key=lambda text: folded(text) not in offered))
            for ours, theirs in words.values.get(fact, {}).items()
        }
    return replace(words, values={fact: theirs for fact, theirs in known.items() if theirs}, _writable={})


def _offered(field: Field, screen: Mapping[str, Any], values: Values) -> set[str]:
    """Return the folded names that may be written into a field; some fields list none."""
    if field.type == "priority":
        return set(values.priorities)
    return {folded(text) for value in (screen.get(field.id) or {}).get("allowedValues") or [] for text in texts(value)}


def _screen(client: Client, projects: Iterable[str], words: Words) -> tuple[str, Mapping[str, Any]]:
    """Return the key of the newest issue of this type, and its edit screen, which stands for all.

    Without an issue, or where Jira does not show the screen, nothing is known of what may be written: "".
    """
    query = jql.ordered(jql.both(jql.one_of("project", projects), jql.equal("issuetype", words.table)), "updated DESC")
    try:
        issues = client.search(query, ("updated",), 1).issues
        screen = client.get(f"issue/{step(str(issues[0]['id']))}/editmeta").get("fields") if issues else None
    except (Refused, NotVisible):
        return "", {}
    return (str(issues[0]["key"]), screen or {}) if issues else ("", {})


def _teams(client: Client, projects: tuple[str, ...], field: Field) -> dict[str, str]:
    """Return name → id of the teams that issues have: Jira has no list of teams for us. One request."""
    query = jql.ordered(jql.both(jql.one_of("project", projects), jql.filled(field.name)), "updated DESC")
    try:
        issues = client.search(query, (field.id,), SAMPLE).issues
    except Refused:
        return {}
    found = [value for one in issues if isinstance(value := one["fields"].get(field.id), dict)]
    return {folded(str(one.get("name") or one.get("title"))): str(one["id"]) for one in found if one.get("id")}


def _not_written(kind: Kind, found: Mapping[str, Field]) -> list[Finding]:
    """Return what cannot be written of what rules write: fields off the screen, options and names not there."""
    type_name = kind.words.table
    if not kind.newest:
        return []
    if not kind.screen:
        text = f"our account may not edit {kind.newest}: nothing is written to issues of the type {type_name!r}"
        return [Finding("problem", text, "make our account an agent of the project: Project settings, People")]
    findings = []
    for fact in kind.words.watched:
        field = found.get(fact)
        if field is None:
            continue
        if field.id not in kind.screen:
            text = f"the field {field.name!r} is not on the edit screen of {type_name!r}: {fact} is not written"
            findings.append(Finding("problem", text, "add it to the screen, or let our account edit these issues"))
        elif unknown := _unknown(kind, fact, field):
            text = f"the field {field.name!r} has no {', '.join(map(repr, unknown))}"
            findings.append(Finding("problem", text, f"correct {_place(fact)}"))
    return findings


def _place(fact: str) -> str:
    return {"team": "groups in teams", "service": "names in services"}.get(fact, f"words: values: {fact}")


def named(values: object) -> tuple[str, ...]:
    """Return the names of options, priorities or components, as people see them."""
    first = (next(texts(value), "") for value in values) if isinstance(values, list) else ()
    return tuple(text for text in first if text)


def _unknown(kind: Kind, fact: str, field: Field) -> list[str]:
    """Return the values that would be written and are none of those that the screen offers; some fields list none."""
    offered = _offered(field, kind.screen, kind.values)
    firsts = [theirs[0] for theirs in kind.words.values.get(fact, {}).values() if theirs]
    return [text for text in firsts if offered and folded(text) not in offered]
