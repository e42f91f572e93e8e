"""What a Jira site has, for proposing a workspace: it is read before anybody named projects, issue types or fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from connectors.base import ConnectorError, Discovered, NotVisible, Refused, Unusable
from connectors.jira_service_management import jql
from connectors.jira_service_management.client import Client, Issue
from connectors.jira_service_management.fields import Field
from connectors.jira_service_management.site import Project, Site, named, priorities
from connectors.jira_service_management.tickets import CATEGORIES, texts
from connectors.web.paths import step
from connectors.web.session import Session
from rules.words import folded

if TYPE_CHECKING:
    from connectors.jira_service_management.connector import JiraServiceManagement

KINDS: Final = {"incident": "incident", "service request": "request"}
"""The issue types that are sure, without the "[System]" before them → our kind."""

STOCK: Final = {"impact": "Impact", "urgency": "Urgency", "waiting_for": "Pending reason"}
TEAM: Final = re.compile(r"(assign\w*|support|resolver|solution|responsible)[ -]?(group|team)s?|teams?", re.IGNORECASE)
SERVICE: Final = re.compile(r"((business|it|affected) )?services?", re.IGNORECASE)
"""What the fields are called that hold these facts."""

PAGES: Final = 3  # of a hundred issues, from which languages, teams and services in use are learnt
LEARNT: Final = ("team", "group", "service", "sd-request-lang")
"""The types of fields whose values are learnt from issues."""

MANY: Final = 1000  # groups of Data Center, or fields of a screen, in one answer


class Seen(NamedTuple):
    """What is looked through: all fields, what the screens have by field id, and the issues that changed last."""

    site: Site
    fields: tuple[Field, ...]
    screen: Mapping[str, Mapping[str, Any]]
    issues: tuple[Issue, ...]

    def like(self, name: re.Pattern[str], *types: str) -> list[Field]:
        """Return the fields on the screens of these types that are called like that, the first type's first."""
        here = [field for field in self.fields if field.id in self.screen and name.fullmatch(field.name.strip())]
        return [field for type in types for field in here if field.type == type]

    def used(self, field: Field) -> dict[str, str]:
        """Return what issues hold in a field, as people see it → its id."""
        found = {}
        for issue in self.issues:
            value = (issue.get("fields") or {}).get(field.id)
            for one in value if isinstance(value, list) else [value]:
                if name := next(texts(one), ""):
                    found[name] = str(one.get("id") or name) if isinstance(one, dict) else name
        return found

    def offered(self, field: Field) -> tuple[str, ...]:
        """Return what a field has to choose from."""
        return named((self.screen.get(field.id) or {}).get("allowedValues"))


def deployment(url: str) -> str:
    """Return which Jira is at an address: "Cloud", another word for Data Center, "" for none. It tells everybody."""
    with closing(Session(urlsplit(url).netloc, sleep=lambda _: None)) as session, suppress(ConnectorError):
        info = session.request("GET", f"{url.rstrip('/')}/rest/api/2/serverInfo").json()
        return str(info.get("deploymentType") or "") if isinstance(info, dict) else ""
    return ""


def discover(connector: JiraServiceManagement) -> Discovered:
    """Return what the service management projects have that our account sees: some ten requests, and one for each."""
    site = connector.look_around()
    desks = _desks(site.client, connector.connection.projects)
    types = [(key, one) for key in desks for one in _types(site.client, key)]
    kinds = _kinds([str(one["name"]) for _, one in types])
    ours = [(key, one) for key, one in types if one["name"] in kinds.values()]
    seen = _seen(site, list(desks), ours)
    tiers = _tiers(seen)
    sure = {fact: first[0] for fact, (first, *_) in tiers.items() if len(first) == 1}
    groups = _groups(seen, sure["team"]) if "team" in sure else {}
    statuses = {str(one["name"]): one for _, type in ours for one in type.get("statuses") or []}
    levels = {fact: seen.offered(field) for fact, field in sure.items() if fact in STOCK}
    levels |= {"priority": _priorities(site.client, desks), "status": tuple(statuses)}
    return Discovered(
        groups=tuple(groups),
        services=_services(seen, sure.get("service")),
        languages=_languages(seen),
        choices={fact: {name: name for name in names} for fact, names in levels.items()},
        fields=frozenset(field.name for field in seen.fields),
        can_write_priority=not seen.screen or "priority" in seen.screen,
        projects={key: str(one["projectName"]) for key, one in desks.items()},
        kinds=kinds,
        types=tuple(name for name, _ in _counted(types) if name not in kinds.values()),
        places=_places(seen, sure),
        candidates=_candidates(seen, tiers, sure),
        categories={name: CATEGORIES.get(one["statusCategory"]["key"], "new") for name, one in statuses.items()},
        ids={name: id for name, id in groups.items() if name != id},
    )


def _desks(client: Client, projects: tuple[str, ...]) -> dict[str, Mapping[str, Any]]:
    """Return the service management projects by key: those that are named, else all that our account sees."""
    found: dict[str, Mapping[str, Any]] = {}
    with suppress(NotVisible, Refused, Unusable):
        page: dict[str, Any] = {"isLastPage": False}
        while not page.get("isLastPage", True):
            page, before = client.desk("servicedesk", start=len(found), limit=100), len(found)
            found |= {str(one["projectKey"]): one for one in page.get("values") or []}
            page = page if len(found) > before else {}
    return {key: one for key, one in found.items() if not projects or key in projects}


def _types(client: Client, project: str) -> list[dict[str, Any]]:
    """Return a project's issue types with the statuses of their workflows."""
    with suppress(NotVisible, Refused):
        return list(client.get(f"project/{step(project)}/statuses"))
    return []


def _counted(types: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, int]]:
    return Counter(str(one["name"]) for _, one in types).most_common()


def _kinds(names: list[str]) -> dict[str, str]:
    """Return our kind → the issue type of that name, the one of most projects where it is spelt in several ways."""
    found: dict[str, str] = {}
    for name, _ in Counter(names).most_common():
        if kind := KINDS.get(folded(name).removeprefix("[system] ")):
            found.setdefault(kind, name)
    return dict(sorted(found.items()))


def _seen(site: Site, projects: list[str], types: list[tuple[str, dict[str, Any]]]) -> Seen:
    """Read the fields, the screens of our issue types, and the issues that changed last."""
    fields = tuple(site.fields.find(str(one["id"]))[0] for one in site.client.get("field") or [])
    screen: dict[str, Mapping[str, Any]] = {}
    for name in dict.fromkeys(str(one["name"]) for _, one in types):
        key, type = next((key, one) for key, one in types if one["name"] == name)
        screen |= _screen(site.client, key, str(type["id"]), name)
    asked = [field.id for field in fields if field.type in LEARNT]
    return Seen(site, fields, screen, tuple(_issues(site.client, projects, asked)) if projects else ())


def _screen(client: Client, project: str, type: str, name: str) -> dict[str, Mapping[str, Any]]:
    """Return what an issue type's screens have: where issues are created, and where the newest one is edited."""
    found: dict[str, Mapping[str, Any]] = {}
    with suppress(NotVisible, Refused):
        answer = client.get(f"issue/createmeta/{step(project)}/issuetypes/{step(type)}", maxResults=MANY)
        found |= {str(one["fieldId"]): one for one in answer.get("fields") or answer.get("values") or []}
    with suppress(NotVisible, Refused):
        wanted = jql.both(jql.equal("project", project), jql.equal("issuetype", name))
        for issue in client.search(jql.ordered(wanted, "updated DESC"), ("updated",), 1).issues:
            found |= client.get(f"issue/{step(str(issue['id']))}/editmeta").get("fields") or {}
    return found


def _issues(client: Client, projects: list[str], fields: list[str]) -> Iterator[Issue]:
    """Yield the issues that changed last."""
    query, next = jql.ordered(jql.one_of("project", projects), "updated DESC"), ""
    with suppress(NotVisible, Refused):
        for _ in range(PAGES):
            found = client.search(query, ("updated", *fields), 100, next)
            yield from found.issues
            if not (next := found.next):
                return


def _tiers(seen: Seen) -> dict[str, list[list[Field]]]:
    """Return fact → the fields that may hold it, in groups, the surest group first. A group of one is sure."""
    used = [field for field in seen.fields if field.type == "team" and seen.used(field)]
    by_name = [seen.like(TEAM, type) for type in ("group", "option", "string", "component")]
    found = {"team": [used, *by_name], "service": [seen.like(SERVICE, "option")]}
    for fact, name in STOCK.items():
        named_so = seen.site.fields.find(name)
        shown = [field for field in named_so if field.id in seen.screen]
        found[fact] = [shown if len(shown) == 1 else named_so]
    there = {fact: [tier for tier in tiers if tier] for fact, tiers in found.items()}
    return {fact: tiers for fact, tiers in there.items() if tiers}


def _called(seen: Seen, field: Field) -> str:
    """Return how a workspace names a field: by its id where the name alone would not do."""
    is_plain = "=" not in field.name and field.name == field.name.strip()
    return field.name if is_plain and seen.site.fields.find(field.name) == [field] else field.id


def _places(seen: Seen, sure: Mapping[str, Field]) -> dict[str, str]:
    """Return fact → field, where the stock words do not say the same."""
    called = {fact: _called(seen, field) for fact, field in sure.items()}
    return {fact: name for fact, name in called.items() if name != STOCK.get(fact)}


def _candidates(
    seen: Seen, tiers: Mapping[str, list[list[Field]]], sure: Mapping[str, Field]
) -> dict[str, tuple[str, ...]]:
    """Return fact → the fields that may hold it, too, the likeliest first."""
    fields = {fact: [f for tier in all_tiers for f in tier if f != sure.get(fact)] for fact, all_tiers in tiers.items()}
    return {fact: tuple(_called(seen, field) for field in others) for fact, others in fields.items() if others}


def _groups(seen: Seen, field: Field) -> dict[str, str]:
    """Return the teams of the field that holds them → what is written. Groups that are in use are surer than all."""
    if field.type == "team":
        return seen.used(field)
    names = seen.offered(field) or tuple(seen.used(field))
    return {name: name for name in names or (_all_groups(seen.site.client) if field.type == "group" else ())}


def _all_groups(client: Client) -> list[str]:
    found: dict[str, None] = {}
    with suppress(NotVisible, Refused):
        if not client.cloud:
            return [str(one["name"]) for one in client.get("groups/picker", maxResults=MANY).get("groups") or []]
        page: dict[str, Any] = {"isLast": False}
        while not page.get("isLast", True):
            page, before = client.get("group/bulk", startAt=len(found), maxResults=100), len(found)
            found |= {str(one["name"]): None for one in page.get("values") or []}
            page = page if len(found) > before else {}
    return list(found)


def _services(seen: Seen, field: Field | None) -> tuple[str, ...]:
    """Return the services to choose from, or those that issues name in the platform's own field."""
    if field is not None:
        return seen.offered(field)
    return tuple(sorted({name for one in seen.site.fields.find("affected services") for name in seen.used(one)}))


def _languages(seen: Seen) -> tuple[str, ...]:
    """Return the languages that the portal recognised in requests; customers' profiles are hidden."""
    ids = [field.id for field in seen.site.fields.find("request language")]
    values = (issue["fields"].get(id) for issue in seen.issues for id in ids)
    return tuple(sorted({str(one["languageCode"]) for one in values if isinstance(one, dict) and one["languageCode"]}))


def _priorities(client: Client, desks: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    projects = [Project(key, str(one["projectId"]), (), True) for key, one in desks.items()]
    return tuple(priorities(client, projects))
