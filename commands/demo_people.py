"""What people do in the demo, and what they see: on a ticket in ServiceNow, and on one in Jira."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from connectors.sandbox.jira import Site
    from connectors.sandbox.servicenow import World

SERVICENOW, JIRA = "servicenow-emea", "jira-apac"
"""The connections of the demo's workspace."""

IN_PROGRESS, RESOLVED = "2", "6"
OURS: Final = frozenset({"itsm.sync", "sync@harbour.example"})


class Word(NamedTuple):
    """Something said on a ticket, publicly or internally. `author` is a name, "" for the service itself."""

    author: str
    at: datetime
    text: str
    public: bool


class OnTicket(ABC):
    """A ticket as people have it before them. Who acts is named by the part of the address before the @."""

    connection: str
    number: str
    title: str

    @property
    def key(self) -> str:
        """The ticket as the service calls it."""
        return f"{self.connection}/{self.number}"

    @abstractmethod
    def words(self) -> list[Word]:
        """Return what was said on it, oldest first."""

    @abstractmethod
    def team(self) -> str:
        """Return the group that has it."""

    @abstractmethod
    def followers(self) -> list[str]:
        """Return the names of those who follow it internally."""

    @abstractmethod
    def take(self, by: str, note: str = "") -> None:
        """Begin to work on it."""

    @abstractmethod
    def write(self, by: str, text: str) -> None:
        """Write to the customer."""

    @abstractmethod
    def solve(self, by: str) -> None:
        """Set it to solved."""


class InServiceNow(OnTicket):
    """An incident in the simulated ServiceNow."""

    connection = SERVICENOW

    def __init__(self, world: World, id: str) -> None:
        self.world, self.id = world, id
        self.number, self.title = self._record()["number"], self._record()["short_description"]

    def words(self) -> list[Word]:
        """Return the journal."""
        entries = self.world.journal(self.id)
        return [Word(self._named(one.user), one.time, one.value, one.element == "comments") for one in entries]

    def team(self) -> str:
        """Return the assignment group."""
        return self._name("sys_user_group", self._record()["assignment_group"])

    def followers(self) -> list[str]:
        """Return who stands on the work notes list."""
        return [self._name("sys_user", one) for one in self._record()["work_notes_list"].split(",") if one]

    def take(self, by: str, note: str = "") -> None:
        """Assign it to oneself, with a work note."""
        values = {"assigned_to": self.world.find("sys_user", user_name=by), "state": IN_PROGRESS, "work_notes": note}
        self.world.update("incident", self.id, {name: value for name, value in values.items() if value}, by=by)

    def write(self, by: str, text: str) -> None:
        """Write a comment."""
        self.world.update("incident", self.id, {"comments": text}, by=by)

    def solve(self, by: str, others: Iterable[InServiceNow] = ()) -> None:
        """Set it to resolved, and those linked to it, too."""
        for ticket in (self, *others):
            self.world.update("incident", ticket.id, {"state": RESOLVED}, by=by)

    def declare(self, by: str, team: str, others: Iterable[InServiceNow]) -> None:
        """Give it to a team as a major incident, and link those who report the same."""
        group = self.world.find("sys_user_group", name=team)
        self.world.update("incident", self.id, {"assignment_group": group, "major_incident_state": "accepted"}, by=by)
        for other in others:
            self.world.update("incident", other.id, {"parent_incident": self.id}, by=by)

    def look_back(self, by: str, cause: str, prevention: str) -> None:
        """Write down why it happened, and what prevents it."""
        self.world.update("incident", self.id, {"close_notes": cause, "u_prevention": prevention}, by=by)

    def _record(self) -> dict[str, str]:
        return self.world.record("incident", self.id)

    def _name(self, table: str, id: str) -> str:
        return self.world.record(table, id)["name"] if id else "nobody"

    def _named(self, user: str) -> str:
        return "" if user in OURS else self._name("sys_user", self.world.find("sys_user", user_name=user))


class InJira(OnTicket):
    """An issue in the simulated Jira."""

    connection = JIRA

    def __init__(self, site: Site, id: str) -> None:
        self.site, self.id = site, id
        self.number, self.title = site.issue(id)["key"], site.issue(id)["summary"]

    def words(self) -> list[Word]:
        """Return the comments."""
        return [Word(self._named(one.author), one.created, one.text, one.public) for one in self.site.comments(self.id)]

    def team(self) -> str:
        """Return the value of the field that names the group."""
        return str(self.site.issue(self.id)["Assignment group"])

    def followers(self) -> list[str]:
        """Return who watches it, apart from the service itself."""
        watchers = self.site.issue(self.id)["watchers"]
        return [name for name in map(self._named, watchers) if name]

    def take(self, by: str, note: str = "") -> None:
        """Begin to work on it, with an internal comment."""
        self.site.transition(self.id, "Work in progress", by=by)
        if note:
            self.site.comment(self.id, note, by=by, public=False)

    def write(self, by: str, text: str) -> None:
        """Write a comment."""
        self.site.comment(self.id, text, by=by)

    def solve(self, by: str) -> None:
        """Set it to resolved."""
        self.site.transition(self.id, "Resolved", by=by)

    def _named(self, account: str) -> str:
        return "" if account == self.site.account else self.site.users[account].name


def solve_all(world: World, site: Site) -> None:
    """Let colleagues solve all incidents and requests that are open."""
    for record in world.select("incident", "stateIN1,2,3"):
        world.update("incident", record["sys_id"], {"state": RESOLVED}, by="ida.berg")
    for record in world.select("sc_req_item", "stateIN1,2"):
        world.update("sc_req_item", record["sys_id"], {"state": "3"}, by="ida.berg")
    for id in site.store.issues:
        if site.issue(id)["status"] != "Resolved":
            site.transition(id, "Resolved", by="ida.berg")
