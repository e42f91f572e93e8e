"""The places where tickets live: simulated platforms as people use them, and all that stands there in the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from connectors.sandbox.jira import Site
from connectors.sandbox.platform import Platform
from connectors.sandbox.servicenow import World
from connectors.sandbox.trouble import SERVICENOW, TRANSIENT
from tests.canaries import PASSWORD

Clock = Callable[[], datetime]

INCIDENT: Final = "[System] Incident"
PASSWORDS: Final = {"SERVICENOW_PASSWORD": PASSWORD, "JIRA_TOKEN": PASSWORD}
RULES: Final = """\
desk: A desk to rely on
brakes: {{}}
languages: [en, nb]
connections:
{connections}
words:
{words}
teams:
  desk: {{groups: {{{desks}}}}}
  web: {{groups: {{{webs}}}, language: nb}}
services:
  booking: {{name: Online Booking}}
classify:
  - {{name: nobody-chose, set: {{impact: significant, urgency: medium}}}}
adjust:
  - {{name: booking, when: {{service: booking}}, at_least: P2, because: Nobody can book.}}
routes:
  - {{name: booking, when: {{service: booking}}, assign: {{team: web}}}}
  - {{name: all, assign: {{team: desk}}}}
communications:
  - {{name: solved, on: resolved, to: [requester], message: solved}}
  - {{name: received, on: created, to: [requester], message: received}}
  - {{name: important, on: prioritised, to: [requester], message: prioritised}}
  - {{name: team-hears, on: assigned, to: [team], message: assigned}}
  - {{name: team-hears-of-weight, on: prioritised, to: [team], message: prioritised}}
"""
"""A new ticket gets fields, a public comment and an internal note."""


@dataclass
class Ticket:
    """A ticket in the end: its fields, whatever happened to it by anybody, in order, and what our account said.

    That reads "public: Hello …" and "internal: Now with …".
    """

    fields: dict[str, str]
    course: list[str]
    said: list[str]


class ServiceNow:
    """An instance that computes the priority. Without `mark` our texts are found again by what they say."""

    kinds = SERVICENOW

    def __init__(self, name: str, clock: Clock, mark: bool = True) -> None:
        self.name, self.mark = name, mark
        extra = {"incident": {"u_itsm_sync": "string(1000)"}} if mark else None
        self.platform: Platform
        self.platform = self.world = World(clock=clock, extra_fields=extra)
        self.world.accounts["itsm.sync"].password = PASSWORD
        self.world.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb")
        self.world.add_user("ida", "Ida Berg", email="ida@harbour.example")
        self.groups = {"desk": self.world.add_group("Service Desk"), "web": self.world.add_group("Web")}
        self.service = self.world.add_service("Online Booking")
        self.tickets: list[str] = []

    def connection(self, url: str) -> str:
        return (
            f"  {self.name}:\n    platform: servicenow\n    url: {url}\n    kinds: {{incident: incident}}\n"
            f'    auth: {{user: itsm.sync, password: "${{SERVICENOW_PASSWORD}}"}}\n'
            f"    since: 2026-11-01T00:00Z\n    robots: [system]\n"
        )

    def words(self) -> str:
        return f"  {self.name}:\n    fields: {{{'mark: u_itsm_sync' if self.mark else ''}}}\n"

    def group(self, team: str) -> str:
        return "Service Desk" if team == "desk" else "Web"

    def create(self, title: str, by: str, facts: dict[str, str]) -> None:
        values = {"short_description": title, "caller_id": self.world.find("sys_user", user_name="kari")}
        self.tickets.append(self.world.insert("incident", values | self._theirs(facts), by=_robot(by, "system")))

    def change(self, ticket: int, by: str, facts: dict[str, str]) -> None:
        """Change facts. A robot that replaces our value is left alone, as far as a mark tells that it was our value.

        Without one a write whose answer was lost is not known by its field, and such a robot is corrected once.
        """
        robot = "system" if self.mark else "ida"
        self.world.update("incident", self.tickets[ticket], self._theirs(facts), by=_robot(by, robot))

    def say(self, ticket: int, by: str, text: str, public: bool) -> None:
        where = "comments" if public else "work_notes"
        self.world.update("incident", self.tickets[ticket], {where: text}, by=_robot(by, "system"))

    def resolve(self, ticket: int, is_resolved: bool) -> None:
        solved = {"state": "6", "close_code": "Solved", "close_notes": "Restarted"}
        self.world.update("incident", self.tickets[ticket], solved if is_resolved else {"state": "2"}, by="ida")

    def _theirs(self, facts: dict[str, str]) -> dict[str, str]:
        fields = {"team": "assignment_group", "service": "business_service"}
        values = {"high": "1", "low": "3", "booking": self.service, **self.groups}
        return {fields.get(fact, fact): values.get(value, value) for fact, value in facts.items()}

    def is_write(self, method: str, path: str) -> bool:
        return method == "PATCH"

    def ticket(self, ticket: int) -> Ticket:
        """Return a ticket as it is. Of each of our PATCHes the audit tells what came of it, in one order."""
        id = self.tickets[ticket]
        record, audit = self.world.record("incident", id), self.world.tables["sys_audit"].lookup("documentkey", [id])
        fields = {n: record[n] for n in ("impact", "urgency", "priority", "assignment_group", "state")}
        rows = [row for row in audit if row["fieldname"] in (*fields, "business_service", "comments", "work_notes")]
        course = [f"{row['user']}: {row['fieldname']} is {row['newvalue']}" for row in rows]
        said = [
            f"{'public' if entry.element == 'comments' else 'internal'}: {entry.value}"
            for entry in self.world.journal(id)
            if entry.user == "itsm.sync"
        ]
        return Ticket(fields, course, said)


class Jira:
    """A site of Jira Service Management, on Cloud or as Data Center ("Server")."""

    kinds = TRANSIENT

    def __init__(self, name: str, clock: Clock, deployment: str) -> None:
        self.name = name
        self.platform: Platform
        self.platform = self.site = Site(clock=clock, deployment=deployment)  # type: ignore[arg-type]
        self.site.secrets[self.site.account] = PASSWORD
        self.site.add_user("Kari Nordmann", account="kari", language="nb", customer=True)
        self.site.add_user("Ida Berg", account="ida", email="ida@harbour.example")
        self.site.add_user("Automation for Jira", account="robot-1")
        self.site.add_project("IT", "IT Support")
        self.site.add_field("Assignment group", type="group")
        self.site.add_field("Service", type="select", options=["Online Booking"])
        for group in ("desk", "web"):
            self.site.add_group(group)
        self.tickets: list[str] = []

    def connection(self, url: str) -> str:
        user = "user: sync@harbour.example, " if self.site.cloud else ""
        return (
            f"  {self.name}:\n    platform: jira_service_management\n    url: {url}\n    projects: [IT]\n"
            f'    auth: {{{user}token: "${{JIRA_TOKEN}}"}}\n    kinds: {{incident: "[System] Incident"}}\n'
            f"    since: 2026-11-01T00:00Z\n    robots: [Automation for Jira]\n"
        )

    def words(self) -> str:
        return f"  {self.name}:\n    fields: {{team: Assignment group, service: Service}}\n"

    def group(self, team: str) -> str:
        return team

    def create(self, title: str, by: str, facts: dict[str, str]) -> None:
        values = {"summary": title, "reporter": "kari"} | self._theirs(facts)
        self.tickets.append(self.site.create("IT", INCIDENT, values, by=_robot(by, "robot-1"), language="nb"))

    def change(self, ticket: int, by: str, facts: dict[str, str]) -> None:
        self.site.change(self.tickets[ticket], self._theirs(facts), by=_robot(by, "robot-1"))

    def say(self, ticket: int, by: str, text: str, public: bool) -> None:
        self.site.comment(self.tickets[ticket], text, by=_robot(by, "robot-1"), public=public)

    def resolve(self, ticket: int, is_resolved: bool) -> None:
        self.site.transition(self.tickets[ticket], "Resolved" if is_resolved else "Work in progress", by="ida")

    def _theirs(self, facts: dict[str, str]) -> dict[str, Any]:
        fields = {"team": "Assignment group", "service": "Service", "impact": "Impact", "urgency": "Urgency"}
        values = {
            ("impact", "high"): "Extensive / Widespread",
            ("impact", "low"): "Minor / Localized",
            ("urgency", "high"): "High",
            ("urgency", "low"): "Low",
            ("service", "booking"): "Online Booking",
        }
        return {fields[fact]: values.get((fact, value), value) or None for fact, value in facts.items()}

    def is_write(self, method: str, path: str) -> bool:
        return method in ("PUT", "DELETE") or (method == "POST" and path.endswith("/comment"))

    def ticket(self, ticket: int) -> Ticket:
        """Return a ticket as it is. No two things happen to an issue at the same time."""
        id = self.tickets[ticket]
        now, account = self.site.issue(id), self.site.account
        fields = {n: str(now.get(n)) for n in ("Impact", "Urgency", "priority", "Assignment group", "status")}
        comments = self.site.comments(id)
        shown = {c.id: f"{'public' if c.public else 'internal'}: {c.text}" for c in comments}
        happened = [(c.created, f"{c.author}: {shown[c.id]}") for c in comments]
        for change in self.site.store.issues[id].changes:
            told = ", ".join(f"{item.field} is {item.new_text}" for item in change.items)
            happened.append((change.created, f"{change.author}: {told}"))
        said = [shown[comment.id] for comment in comments if comment.author == account]
        return Ticket(fields, [what for _, what in sorted(happened)], said)


Place = ServiceNow | Jira


def _robot(by: str, name: str) -> str:
    return name if by == "robot" else by


def workspace(places: dict[str, Place]) -> str:
    """Return the rules for a desk that looks after all these places, by their addresses."""
    groups = {
        team: ", ".join(f"{place.name}: {place.group(team)}" for place in places.values()) for team in ("desk", "web")
    }
    return RULES.format(
        connections="".join(place.connection(url) for url, place in places.items()),
        words="".join(place.words() for place in places.values()),
        desks=groups["desk"],
        webs=groups["web"],
    )
