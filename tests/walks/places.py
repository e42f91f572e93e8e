"""One desk on each platform, in the same words: what people do there, what goes wrong, and what stands in the end."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.jira import Site
from connectors.sandbox.servicenow import World
from tests.canaries import PASSWORD
from tests.desk.at_work import AtWork
from tests.desk.jira_at_work import AUTH, INCIDENT, new_site
from tests.walks.oracle import FIRST, REPORTED, By, Rules, Step, Value
from tests.walks.wire import HOST, Wire

FACTS = (*REPORTED, "priority", "team")
CREATED_BY: Mapping[str, By] = {"ida": "person"}
"""Who makes a ticket for somebody else chooses what stands in it; a requester and a robot only fill in a form."""

DESK = """\
brakes: {{}}
connections:
  here:
    url: {url}
    since: 2026-11-01T00:00Z
    {connection}
words:
  here: {words}
teams:
  desk: {{groups: {{here: {desk}}}, language: nb}}
  web: {{groups: {{here: {web}}}, language: nb}}
services:
  booking: {{name: Online Booking}}
classify:
  - {{name: nobody-chose, set: {{impact: significant, urgency: {rules.urgency}}}}}
adjust:
  - {{name: security, when: {{risk: security}}, at_least: P2}}
  - {{name: booking, when: {{service: booking}}, at_most: P{rules.booking_at_most}}}
routes:
  - {{name: booking, when: {{service: booking}}, assign: {{team: web}}}}
  - {{name: all, assign: {{team: desk}}}}
communications:
  - {{name: solved, on: resolved, to: [requester], message: solved}}
  - {{name: received, on: created, to: [requester], message: received}}
  - {{name: important, on: prioritised, to: [requester], message: prioritised}}
  - {{name: team-hears, on: assigned, to: [team], message: assigned}}
"""


class Said(NamedTuple):
    """One text that our account wrote on a ticket."""

    public: bool
    text: str


class Place:
    """A desk at work on one platform. Facts and values go by our own words, tickets by the platform's id."""

    computes = False  # whether the platform computes the priority
    lags = False  # whether its search may be behind
    robots: ClassVar[Mapping[str, str]]  # "robot" → the account of somebody else's automation
    writes: tuple[tuple[str, str], ...]  # method and path of what writes to a ticket
    raw: Mapping[str, Mapping[str, Any]]  # fact → our word → the platform's

    def __init__(self, folder: Path, clock: MovableClock, platform: Any) -> None:
        self.platform = platform
        self.work = AtWork(folder, clock, Wire(platform))
        self.rules = FIRST
        self.follow(FIRST)

    def follow(self, rules: Rules) -> None:
        """Replace the rulebook."""
        self.rules = rules
        self.work.write_rules(self.workspace(rules))

    def workspace(self, rules: Rules) -> str:
        raise NotImplementedError

    def report(self, by: str, given: Mapping[str, str]) -> str:
        raise NotImplementedError

    def change(self, id: str, fact: str, value: Value, by: str) -> None:
        raise NotImplementedError

    def comment(self, id: str, public: bool, by: str) -> None:
        raise NotImplementedError

    def move_on(self, id: str, status: str) -> None:
        raise NotImplementedError

    def stands(self, id: str) -> dict[str, Value]:
        """Return what stands now, the status included."""
        raise NotImplementedError

    def changes(self, id: str) -> list[tuple[str, str, Value, Value]]:
        """Return (author, fact, old value, new value) as the platform's own history has it, oldest first."""
        raise NotImplementedError

    def said(self, id: str) -> list[Said]:
        raise NotImplementedError

    def steps(self, id: str, by: str) -> list[Step]:
        """Return all that happened to the facts of a ticket that somebody made, oldest first."""
        changes = self.changes(id)
        first = {fact: old for _, fact, old, _ in reversed(changes)}
        begin = {fact: first.get(fact, now) for fact, now in self.stands(id).items()}
        maker: By = CREATED_BY.get(by, "form")
        made = [Step(maker, fact, value) for fact, value in begin.items() if value is not None]
        return made + [Step(self.kind(author), fact, new) for author, fact, _, new in changes]

    def kind(self, author: str) -> By:
        ours = author in ("itsm.sync", "itsm-sync")
        return "ours" if ours else "robot" if author in self.robots.values() else "person"

    def word(self, fact: str, raw: Any) -> Value:
        """Return our word for what the platform has, None for nothing."""
        return next((word for word, theirs in self.raw[fact].items() if theirs == raw), None)

    def fail(self, kind: str, method: str, path: str, **more: Any) -> None:
        self.platform.faults.add(Fault(kind, method=method, path=path, **more))

    def written(self) -> int:
        """Return how many requests to write there were so far."""
        return sum(
            any(asked.method == method and path in asked.path for method, path in self.writes)
            for asked in self.platform.requests
        )


SOLVED = {"close_code": "Solved", "close_notes": "Restarted"}


class ServiceNow(Place):
    """An instance that computes the priority, as it does by default."""

    computes = True
    robots: ClassVar[Mapping[str, str]] = {"robot": "system"}
    writes = (("PATCH", "/incident/"),)
    fields: ClassVar[Mapping[str, str]] = {
        "impact": "impact", "urgency": "urgency", "priority": "priority", "team": "assignment_group",
        "service": "business_service", "risk": "u_risk", "status": "state",
    }  # fmt: skip

    def __init__(self, folder: Path, clock: MovableClock) -> None:
        extra = {"incident": {"u_itsm_sync": "string(255)", "u_risk": "string(40)"}}
        world = World(clock=clock, extra_fields=extra, priority_lookup=self.computes)
        world.accounts["itsm.sync"].password = PASSWORD
        world.add_user("kari", "Kari Nordmann", email="kari@harbour.example", language="nb")
        world.add_user("ida", "Ida Berg", email="ida@harbour.example")
        self.raw = {
            "impact": {"extensive": "1", "significant": "2", "minor": "3"},
            "urgency": {"high": "1", "medium": "2", "low": "3"},
            "priority": {f"P{number}": str(number) for number in range(1, 6)},
            "team": {"desk": world.add_group("desk"), "web": world.add_group("web")},
            "service": {"booking": world.add_service("Online Booking")},
            "risk": {"security": "security"},
            "status": {"new": "1", "in_progress": "2", "resolved": "6", "closed": "7"},
        }
        super().__init__(folder, clock, world)

    def workspace(self, rules: Rules) -> str:
        auth = '{user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}'
        connection = f"platform: servicenow\n    auth: {auth}\n    kinds: {{incident: incident}}\n    robots: [system]"
        words = (
            f"{{fields: {{mark: u_itsm_sync, risk: u_risk}}{'' if self.computes else ', set_priority_by: [priority]'}}}"
        )
        return DESK.format(url=HOST, connection=connection, words=words, desk="desk", web="web", rules=rules)

    def report(self, by: str, given: Mapping[str, str]) -> str:
        caller = self.platform.find("sys_user", user_name="kari")
        empty = {"impact": "", "urgency": ""}
        values = empty | {self.fields[fact]: self.raw[fact][word] for fact, word in given.items()}
        return str(
            self.platform.insert(
                "incident", {"caller_id": caller, "short_description": "It", **values}, by=self.robots.get(by, by)
            )
        )

    def change(self, id: str, fact: str, value: Value, by: str) -> None:
        raw = "" if value is None else self.raw[fact][value]
        self.platform.update("incident", id, {self.fields[fact]: raw}, by=self.robots.get(by, by))

    def comment(self, id: str, public: bool, by: str) -> None:
        self.platform.update("incident", id, {"comments" if public else "work_notes": "And?"}, by=by)

    def move_on(self, id: str, status: str) -> None:
        more = SOLVED if status in ("resolved", "closed") else {}
        self.platform.update("incident", id, {"state": self.raw["status"][status], **more}, by="ida")

    def stands(self, id: str) -> dict[str, Value]:
        record = self.platform.record("incident", id)
        return {fact: self.word(fact, record.get(field)) for fact, field in self.fields.items()}

    def changes(self, id: str) -> list[tuple[str, str, Value, Value]]:
        facts = {field: fact for fact, field in self.fields.items()}
        rows = self.platform.tables["sys_audit"].lookup("documentkey", [id])
        told = [(row, facts[row["fieldname"]]) for row in rows if row["fieldname"] in facts]
        return [
            (row["user"], fact, self.word(fact, row.get("oldvalue")), self.word(fact, row.get("newvalue")))
            for row, fact in told
        ]

    def said(self, id: str) -> list[Said]:
        entries = [entry for entry in self.platform.journal(id) if entry.user == "itsm.sync"]
        return [Said(entry.element == "comments", entry.value) for entry in entries]


class WritableServiceNow(ServiceNow):
    """An instance on which the priority is a field like any other."""

    computes = False


class JiraCloud(Place):
    """A site of Jira Cloud."""

    deployment = "Cloud"
    lags = True
    robots: ClassVar[Mapping[str, str]] = {"robot": "robot-1"}
    writes = (("PUT", "/issue/"), ("POST", "/comment"))
    fields: ClassVar[Mapping[str, str]] = {
        "impact": "Impact", "urgency": "Urgency", "priority": "priority", "team": "Assignment group",
        "service": "Service", "risk": "Risk", "status": "status",
    }  # fmt: skip
    words: ClassVar[Mapping[str, Mapping[str, Any]]] = {
        "impact": {"extensive": "Extensive / Widespread", "significant": "Significant / Large",
                   "minor": "Minor / Localized"},
        "urgency": {"high": "High", "medium": "Medium", "low": "Low"},
        "priority": {"P1": "Highest", "P2": "High", "P3": "Medium", "P4": "Low", "P5": "Lowest"},
        "team": {"desk": "desk", "web": "web"},
        "service": {"booking": "Online Booking"},
        "risk": {"security": "security"},
        "status": {"new": "Open", "in_progress": "Work in progress", "resolved": "Resolved", "closed": "Closed"},
    }  # fmt: skip

    def __init__(self, folder: Path, clock: MovableClock) -> None:
        site: Site = new_site(clock, self.deployment)
        site.add_field("Risk", type="select", options=["security"])
        self.raw = self.words
        super().__init__(folder, clock, site)

    def workspace(self, rules: Rules) -> str:
        kinds = 'projects: [IT]\n    kinds: {incident: "[System] Incident"}\n    robots: [Automation for Jira]'
        connection = f"platform: jira_service_management\n    auth: {AUTH[self.deployment]}\n    {kinds}"
        words = "{fields: {team: Assignment group, service: Service, risk: Risk}}"
        return DESK.format(url=HOST, connection=connection, words=words, desk="desk", web="web", rules=rules)

    def report(self, by: str, given: Mapping[str, str]) -> str:
        values = {self.fields[fact]: self.raw[fact][word] for fact, word in given.items()}
        what = {"summary": "It", "reporter": "kari", **values}
        return str(self.platform.create("IT", INCIDENT, what, by=self.robots.get(by, by), language="nb"))

    def change(self, id: str, fact: str, value: Value, by: str) -> None:
        raw = None if value is None else self.raw[fact][value]
        self.platform.change(id, {self.fields[fact]: raw}, by=self.robots.get(by, by))

    def comment(self, id: str, public: bool, by: str) -> None:
        self.platform.comment(id, "And?", by=by, public=public)

    def move_on(self, id: str, status: str) -> None:
        self.platform.transition(id, self.raw["status"][status], by="ida")

    def stands(self, id: str) -> dict[str, Value]:
        issue = self.platform.issue(id)
        return {fact: self.word(fact, issue.get(field)) for fact, field in self.fields.items()}

    def changes(self, id: str) -> list[tuple[str, str, Value, Value]]:
        facts = {field: fact for fact, field in self.fields.items()}
        return [
            (change.author, fact, self.word(fact, item.old_text), self.word(fact, item.new_text))
            for change in self.platform.store.issues[id].changes
            for item in change.items
            if (fact := facts.get(item.field))
        ]

    def said(self, id: str) -> list[Said]:
        ours = [comment for comment in self.platform.comments(id) if comment.author == self.platform.account]
        return [Said(comment.public, comment.text) for comment in ours]


class JiraDataCenter(JiraCloud):
    """A Jira of one's own."""

    deployment = "Server"


PLACES = (ServiceNow, WritableServiceNow, JiraCloud, JiraDataCenter)
