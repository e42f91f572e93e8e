"""`check --online` for Jira: what is wrong between the workspace and the site, all at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from connectors.base import ConnectorError, Finding, NotVisible, Refused, Unusable
from connectors.jira_service_management import jql
from connectors.jira_service_management.check_clocks import SEE, answers, own_clocks, past
from connectors.jira_service_management.client import Client
from connectors.jira_service_management.fields import Field
from connectors.jira_service_management.people import BROWSE, by_account, by_email
from connectors.jira_service_management.site import Kind, Site, named
from connectors.jira_service_management.tickets import CATEGORIES
from connectors.web.odd import followed
from connectors.web.paths import step
from rules.rulebook import Connection, Rulebook, Staff
from rules.words import folded

if TYPE_CHECKING:
    from connectors.jira_service_management.connector import JiraServiceManagement

TEAM_ID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]+)+|\d+")
DECIDING: Final = ("impact", "urgency", "priority")  # facts without which no priority is decided
MAILED: Final = {"created": "Request created", "resolved": "Request resolved"}
"""Events of which Jira Service Management mails customers by itself, with its names for those mails."""

warning = partial(Finding, "warning")
problem = partial(Finding, "problem")
note = partial(Finding, "note")


class Look(NamedTuple):
    """What is compared: the site, the connection and the rulebook."""

    site: Site
    connection: Connection
    rulebook: Rulebook

    def client(self) -> Client:
        """Return the way to the REST API."""
        return self.site.client


def check(connector: JiraServiceManagement, rulebook: Rulebook) -> list[Finding]:
    """Return every finding; after a refused token there is nothing else to find."""
    found: list[Finding] = []
    try:
        with followed(connector.name):
            site = connector.look_around()
            found += site.findings
            found.extend(_all(Look(site, connector.connection, rulebook)))
    except ConnectorError as error:
        found.append(problem(str(error)))
    return found


def _all(look: Look) -> Iterator[Finding]:
    """Yield what each part finds. One that our account has no right to look at is told, and the others go on."""
    for part, loss, mend in ASKING:
        try:
            yield from part(look)
        except (NotVisible, Refused, Unusable) as error:  # with OAuth a missing scope is a 401
            yield warning(f"{loss}: {error}", mend)
    for known in (_levels, _services, _unseen, _messages):
        yield from known(look)


def _kind_of_site(look: Look) -> Iterator[Finding]:
    info = look.client().get("serverInfo")
    yield note("Jira Cloud" if look.client().cloud else f"Jira Data Center {info.get('version', '')}".rstrip())
    locale = look.site.locale
    if locale and not locale.lower().startswith("en"):
        text = f"our account's language is {locale}: Jira gives it the names of fields, statuses and priorities in that"
        yield warning(text, "set the account's language to English, or write the names in words as it sees them")


def _scope(look: Look) -> Iterator[Finding]:
    if not look.connection.scope:
        return
    query = jql.both(jql.one_of("project", [one.key for one in look.site.projects]), scope=look.connection.scope)
    try:
        issues = look.client().search(query, ("updated",), 1).issues
    except Refused as error:
        yield problem(f"Jira does not understand scope: {error}", "correct scope, which is a clause of JQL")
        return
    if not issues:
        yield warning(f"scope: {look.connection.scope} lets no issue through")


def _unseen(look: Look) -> Iterator[Finding]:
    for kind in look.site.kinds.values():
        if not kind.newest:
            text = f"our account sees no issue of the type {kind.words.table!r} yet: which of its fields may be written"
            yield note(f"{text}, and with which values, was not looked at", "check again once there is one")


def _levels(look: Look) -> Iterator[Finding]:
    """A level that has no word of ours is not known to rules: such a ticket gets no priority."""
    for kind in look.site.kinds.values():
        for fact in DECIDING:
            field, words = kind.translator.fields.get(fact), kind.words.values.get(fact)
            if field is None or words is None or field.id not in kind.screen:
                continue
            known = {folded(theirs) for values in words.values() for theirs in values}
            offered = named(kind.screen[field.id].get("allowedValues"))
            if unknown := [text for text in offered if folded(text) not in known]:
                text = f"{field.name!r} of {kind.words.table!r} also has {_listed(unknown)}, which rules do not know"
                yield warning(text, f"give each a word: words: values: {fact}")


def _statuses(look: Look) -> Iterator[Finding]:
    """A status that has no word of ours goes by its category."""
    projects = {key: look.client().get(f"project/{step(key)}/statuses") for key in _keys(look)}
    for kind in look.site.kinds.values():
        known = {folded(text) for values in kind.words.values.get("status", {}).values() for text in values}
        types = [one for key in kind.projects for one in projects[key] if _is(one, kind.words.table)]
        found = {str(one["name"]): _category(one) for type in types for one in type.get("statuses") or []}
        if unmapped := {name: ours for name, ours in found.items() if folded(name) not in known}:
            told = ", ".join(f"{name!r} counts as {ours}" for name, ours in unmapped.items())
            text = f"statuses of {kind.words.table!r} without a word go by their category: {told}"
            yield warning(text, "add them to words: values: status, where another word is meant")


def _keys(look: Look) -> list[str]:
    return [one.key for one in look.site.projects]


def _is(one: Mapping[str, Any], name: str) -> bool:
    return folded(str(one.get("name") or "")) == folded(name)


def _category(status: Mapping[str, Any]) -> str:
    return CATEGORIES.get(str((status.get("statusCategory") or {}).get("key")), "new")


def _places(look: Look, fact: str) -> Iterator[tuple[Field, Kind]]:
    """Yield each field that holds a fact, once, with a kind that has it there."""
    found = {
        field.id: (field, kind) for kind in look.site.kinds.values() if (field := kind.translator.fields.get(fact))
    }
    yield from found.values()


def _teams(look: Look) -> Iterator[Finding]:
    """Groups are asked for, ids of teams were learnt from issues; options and components are on the edit screen."""
    for field, kind in _places(look, "team"):
        names = [theirs[0] for theirs in kind.words.values.get("team", {}).values() if theirs]
        for name in names:
            if field.type == "group" and not _has_group(look.client(), name):
                yield problem(f"there is no group {name!r}: nothing can be assigned to it", "correct groups in teams")
            elif field.type == "team" and not (folded(name) in kind.values.teams or TEAM_ID.fullmatch(name)):
                text = f"no issue has the team {name!r} in {field.name!r} yet, and Jira takes ids only"
                mend = "write the team's id as its group in teams: it is the end of the address of the team's page"
                yield problem(text, mend)
            elif field.type == "string" and field.many and " " in name:
                yield problem(f"labels have no spaces: {name!r} cannot be written", "correct groups in teams")


def _has_group(client: Client, name: str) -> bool:
    if client.cloud:
        found = client.get("group/bulk", groupName=name).get("values")
    else:
        found = client.get("groups/picker", query=name, maxResults=100).get("groups")
    return any(_is(one, name) for one in found or [])


def _services(look: Look) -> Iterator[Finding]:
    for field, kind in _places(look, "service"):
        if field.type == "service" and "service" in kind.words.watched:
            text = f"{field.name!r} takes no names from outside: a service that rules choose is not written"
            yield warning(text, "name a select field of yours under words: fields: service")


def _people(look: Look) -> Iterator[Finding]:
    """Suppliers often have no account, so that a miss of whom no rule writes to is a warning only."""
    for key, person in look.rulebook.people.items():
        if key not in look.connection.people:
            yield from _person(look, person)


def _person(look: Look, person: Staff) -> Iterator[Finding]:
    account = person.accounts.get(look.connection.name, "")
    found = by_account(look.client(), account) if account else by_email(look.client(), person.email)
    who, active = account or person.email, [one for one in found if one.get("active") is not False]
    by_id = f"write people: {person.key}: accounts: {{{look.connection.name}: …}} with the account's id"
    if not active and found:
        text = f"the account of {who}, {found[0].get('displayName')}, is disabled"
        yield warning(text, f"activate it in Jira's user management, or correct people: {person.key}")
    elif len(active) != 1:
        hidden = "; addresses may be hidden from our account" if look.client().cloud and not account else ""
        yield warning(f"{len(active) or 'no'} active accounts belong to {who}{hidden}", by_id)
    elif not account and not active[0].get("emailAddress"):
        name = active[0].get("displayName")
        yield note(f"Jira hides the address of {name}: only its search says that it is {who}", by_id)


def _agent(look: Look) -> Iterator[Finding]:
    """Only agents see clocks; so the clocks of an issue tell whether our account is one, without writing anything."""
    for project in look.site.projects:
        query = jql.ordered(jql.equal("project", project.key), "updated DESC")
        newest = look.client().search(query, ("updated",), 1).issues if project.internal else []
        try:
            if newest:
                look.client().desk(f"request/{step(str(newest[0]['key']))}/sla")
        except NotVisible:
            continue  # no request of the portal: Jira tells nothing
        except Refused:
            text = f"our account is no agent of {project.key}: Jira refuses internal notes and shows no SLA clocks"
            yield problem(text, "give it the role Service Desk Team there, and a licence of Jira Service Management")


def _messages(look: Look) -> Iterator[Finding]:
    """What Jira does by itself about what we say cannot be read: it is told, for an admin to look at."""
    rules = [rule for rule in look.rulebook.communications.rules if "requester" in rule.to]
    twice = [rule for rule in rules if rule.on in MAILED.keys() - look.rulebook.platform_mails]
    if twice:
        mails = _listed(dict.fromkeys(MAILED[rule.on] for rule in twice))
        told = ", ".join(f"{rule.name} (on: {rule.on})" for rule in twice)
        text = f"Jira mails customers {mails} by itself, and our comments as well, so that they hear twice of {told}"
        events = ", ".join(dict.fromkeys(rule.on for rule in twice))
        mend = f"switch {mails} off in Project settings, Customer notifications, or say platform_mails: [{events}]"
        yield warning(text, mend)
    yield from answers(look)
    if any(project.internal for project in look.site.projects):
        text = "whether notes come out internal shows only in writing: each one is looked at, and removed if public"
        yield note(text)


def _listed(texts: Iterable[str]) -> str:
    return ", ".join(map(repr, texts))


Part = tuple[Callable[[Look], Iterator[Finding]], str, str]
ASKING: Final[tuple[Part, ...]] = (
    (_kind_of_site, "the version of Jira is not readable", "look at url and proxy"),
    (_scope, "scope could not be tried", "let our account browse the projects"),
    (_statuses, "which statuses have no word is not known", "let our account browse the projects"),
    (_teams, "whether the groups of teams are there is not known", BROWSE),
    (_people, "whether people have accounts is not known", BROWSE),
    (_agent, "whether our account is an agent is not known", "make it one, or Jira refuses internal notes"),
    (past, "whose a change was is not known, so that more of them count as a person's", SEE),
    (own_clocks, "whether Jira's own clocks can be read is not known", SEE),
)
"""The parts that ask, each with what is not known or lost where our account may not, and the mend."""
