"""The simulated Jira: a site with projects, people and issues, faults, limits, and a memory of what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from connectors.sandbox.clock import Clock, real_clock
from connectors.sandbox.http import Answer, Call
from connectors.sandbox.platform import Platform, Request

from . import business, documents, stock
from .directory import Directory
from .limits import Limits
from .lists import KINDS
from .model import Comment, Field, Issue, Named, User, is_empty
from .sla import Sla
from .store import Store

Deployment = Literal["Cloud", "Server"]


class Entry(NamedTuple):
    """One comment; `text` is wiki markup."""

    id: str
    author: str
    text: str
    public: bool
    properties: dict[str, Any]
    created: datetime


def _entry(comment: Comment) -> Entry:
    text = documents.as_markup(comment.body)
    return Entry(comment.id, comment.author, text, comment.public, dict(comment.properties), comment.created)


class Site(Directory, Platform):
    """A Jira site in memory, as clients find it. What people do may be called while a server serves it.

    On Cloud the account `itsm-sync`, sync@harbour.example, is there with the API token `sandbox`, and so is an OAuth
    client `sandbox` that acts for it; on Data Center the user `itsm.sync`, whose password and token are `sandbox`.
    """

    def __init__(self, *, clock: Clock = real_clock, deployment: Deployment = "Cloud") -> None:
        super().__init__(deployment == "Cloud", zone="America/Los_Angeles")
        Platform.__init__(self, clock)
        self.store = Store()
        self.search_lag = 0.0
        self.internal_comments: Literal["work", "refused", "public"] = "work"
        self.hidden: set[str] = set()
        self.is_changelog_hidden = False
        self.are_comments_hidden = False
        self.are_people_hidden = False
        self.required: dict[str, str] = {}  # status → the field that has to be filled on the way into it
        self.workflow: dict[str, tuple[str, ...]] = {}  # status → where it leads, if not everywhere
        self.comments_inside: int | None = None  # how many an issue shows inside it, where that is not all
        self.account = "itsm-sync" if self.cloud else "itsm.sync"
        self.secrets = {self.account: "sandbox"}
        self.oauth_clients = {"sandbox": ("sandbox", self.account)}
        self.limits = Limits()
        self.cursors: dict[str, tuple[str, tuple[Any, ...]]] = {}
        self.searches: dict[str, Any] = {}
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.add_user("ITSM Sync", account=self.account, email="sync@harbour.example", zone="Etc/UTC")

    def answer(self, call: Call, request: Request) -> Answer:
        """Answer a call as the site does."""
        from .api import respond  # which knows this class

        return respond(self, call, request)

    # What an admin of the site sets up

    def add_user(
        self,
        name: str,
        *,
        account: str,
        email: str = "",
        language: str = "",
        zone: str = "",
        customer: bool = False,
        hide_email: bool | None = None,
        admin: bool = False,
        agent: bool | None = None,
    ) -> str:
        """Add a person and return the account. Customers keep their address to themselves unless told otherwise.

        All others are agents unless told otherwise: only agents can be assigned issues.
        """
        hidden = customer if hide_email is None else hide_email
        is_agent = not customer if agent is None else agent
        self.users[account] = User(account, name, email, language, zone, customer, hidden, agent=is_agent, admin=admin)
        return account

    def deactivate(self, account: str) -> None:
        self.users[account].active = False

    def add_project(self, key: str, name: str, *, kind: str = "service_desk", priorities: Iterable[str] = ()) -> str:
        """Add a project and return its id; its priority scheme offers these names, or all."""
        project = self.new_project(key, name, kind)
        names = {name: id for id, name in self.priorities.items()}
        project.priorities = [names[name] for name in priorities] or project.priorities
        return project.id

    def add_field(self, name: str, *, type: str, options: Iterable[str] = (), screen: bool = True) -> str:
        """Add a custom field and return its id. There may be others of its name."""
        return self.new_field(name, type, stock.FIELD_TYPES[type], options, screen).id

    def remove_from_screen(self, name: str) -> None:
        self.field(name).on_screen = False

    def add_group(self, name: str, members: Iterable[str] = ()) -> str:
        return self._add(self.groups, Named(self.new_uuid(), name, list(members)))

    def add_team(self, name: str) -> str:
        return self._add(self.teams, Named(self.new_uuid(), name))

    def add_organization(self, name: str, members: Iterable[str] = ()) -> str:
        return self._add(self.organizations, Named(self.new_id(), name, list(members)))

    def add_component(self, project: str, name: str) -> str:
        return self._add(self.components, Named(self.new_id(), name, project=project))

    def add_service(self, name: str) -> str:
        return self._add(self.services, Named(self.new_uuid(), name))

    def _add(self, things: dict[str, Named], thing: Named) -> str:
        things[thing.id] = thing
        return thing.id

    def hide(self, id: str) -> None:
        """Keep an issue from the account of the clients, as issue security does."""
        self.hidden.add(id)
        self.store.version += 1

    def hide_changelog(self) -> None:
        """Keep all history from the account of the clients, as a token without that scope does."""
        self.is_changelog_hidden = True

    def hide_comments(self) -> None:
        """Keep all comments from the account of the clients, as a token without that scope does."""
        self.are_comments_hidden = True

    def hide_people(self) -> None:
        """Keep all people from searches of clients, as a missing permission to browse users does."""
        self.are_people_hidden = True

    def require(self, status: str, field: str) -> None:
        """Have the transition into a status ask for a field."""
        self.required[self.status_id(status)] = self.field(field).id

    def offer(self, status: str, *others: str) -> None:
        """Have a status lead to these only."""
        self.workflow[self.status_id(status)] = tuple(map(self.status_id, others))

    # What people do

    def create(
        self,
        project: str,
        type: str,
        values: Mapping[str, Any],
        *,
        by: str,
        language: str = "",
        organizations: Iterable[str] = (),
        portal: bool = True,
    ) -> str:
        """Create an issue of fields by name or id, valued as people pick them, and return its id.

        Where a request type stands for the issue type it comes over the `portal`, unless told otherwise.
        """
        more: dict[str, Any] = {"issuetype": type, "Organizations": list(organizations), "Request language": language}
        with self.settled():
            picked = self._picked(more | dict(values), project)
            kind = self.request_type(project, picked["issuetype"]) if portal else ""
            picked[self.field("Request Type").id] = kind
            kept = {id: value for id, value in picked.items() if not is_empty(value)}
            return business.create(self, project, kept, by).id

    def _picked(self, values: Mapping[str, Any], project: str) -> dict[str, Any]:
        found = [(self.field(name), value) for name, value in values.items()]
        return {
            field.id: KINDS[field.kind].pick(self, field, value, project) if not is_empty(value) else None
            for field, value in found
        }

    def change(self, id: str, values: Mapping[str, Any], *, by: str) -> None:
        """Change fields by name or id; the status is changed by `transition`."""
        with self.settled():
            issue = self.store.issues[id]
            if "status" in values:
                raise ValueError("the status changes by a transition")
            business.change(self, issue, self._picked(values, issue.project), by)

    def comment(
        self, id: str, text: str, *, by: str, public: bool = True, properties: Mapping[str, Any] | None = None
    ) -> str:
        """Comment on an issue and return the comment's id."""
        hidden = {} if public else {business.INTERNAL: {"internal": True}}
        with self.settled():
            return business.comment(self, self.store.issues[id], text, by, hidden | dict(properties or {})).id

    def transition(self, id: str, status: str, *, by: str) -> None:
        with self.settled():
            business.transition(self, self.store.issues[id], self.status_id(status), by)

    def move(self, id: str, project: str) -> None:
        """Move an issue to another project, where it has another key."""
        with self.settled():
            self.store.renamed(self.store.issues[id], project)

    def link(self, id: str, words: str, other: str, *, by: str = "") -> None:
        """Link an issue to another, as in `link(incident, "is caused by", problem)`."""
        here, there = self.store.issues[id], self.store.issues[other]
        kind, inward, _ = next(kind for kind in stock.LINK_TYPES if words in kind[1:])
        ends = (there, here) if words == inward else (here, there)
        with self.settled():
            business.link(self, *ends, kind, by or self.account)

    def watch(self, id: str, account: str) -> None:
        with self.settled():
            self.store.issues[id].watchers.append(account)

    def rate(self, id: str, rating: int, text: str = "") -> None:
        """Give the customer's feedback, one to five stars."""
        with self.settled():
            issue = self.store.issues[id]
            given = {self.field("Satisfaction").id: (rating, text)}
            business.stand(self, issue, issue.values | given, issue.properties)

    def delete(self, id: str) -> None:
        with self.settled():
            self.store.remove(self.store.issues[id])

    # The platform's own clocks

    def start_sla(self, id: str, name: str, goal: timedelta) -> None:
        """Start a clock, such as `Time to resolution`; one that ran before gets another cycle."""
        self._clock(id, name, lambda clock: clock.started(self.now(), goal))

    def pause_sla(self, id: str, name: str) -> None:
        self._clock(id, name, lambda clock: clock.paused(self.now()))

    def resume_sla(self, id: str, name: str) -> None:
        self._clock(id, name, lambda clock: clock.resumed(self.now()))

    def stop_sla(self, id: str, name: str) -> None:
        self._clock(id, name, lambda clock: clock.stopped(self.now()))

    def break_sla(self, id: str, name: str) -> None:
        """Have a clock hold an error instead of times."""
        self._clock(id, name, lambda clock: Sla(broken=True))

    def _clock(self, id: str, name: str, become: Any) -> None:
        with self.settled():
            issue, field = self.store.issues[id], self.field(name)
            clock = become(issue.values.get(field.id, Sla()))
            business.stand(self, issue, issue.values | {field.id: clock}, issue.properties, moves=False)

    # What tests look at

    def issue(self, id: str) -> dict[str, Any]:
        """Return an issue's values as people pick them, by field id and by field name, and its key."""
        with self.settled():
            issue = self.store.issues[id]
            picked = [
                (field, self._readable(field, issue)) for field in self.fields.values() if field.id in issue.values
            ]
            named = {field.name: value for field, value in picked} | {field.id: value for field, value in picked}
            return named | {"key": issue.key, "properties": dict(issue.properties), "watchers": list(issue.watchers)}

    def _readable(self, field: Field, issue: Issue) -> Any:
        return KINDS[field.kind].picked(self, field, issue.values[field.id])

    def comments(self, id: str) -> list[Entry]:
        """Return the comments of an issue, oldest first."""
        with self.settled():
            return [_entry(comment) for comment in self.store.issues[id].comments]

    def status_id(self, name: str) -> str:
        return next(status.id for status in self.statuses.values() if status.name == name)

    # What clients may see

    def sees(self, issue: Issue) -> bool:
        return issue.id not in self.hidden

    def visible(self, id_or_key: str) -> Issue | None:
        """Return an issue, None when there is none or clients do not see it."""
        issue = self.store.find(id_or_key)
        return issue if issue and self.sees(issue) else None
