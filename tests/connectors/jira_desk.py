"""A simulated Jira site with people and a connector, for the contract and the tests of Jira's own behaviour."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from connectors.jira_service_management.connector import JiraServiceManagement
from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.jira import Site
from connectors.web.limits import Limits
from rules.model import Fact, Ticket
from rules.rulebook import Connection, Source, Words
from tests.connectors.contract import PASSWORD

TYPE = "[System] Incident"
FIELDS = {
    "requester": "reporter",
    "requester.vip": "Organizations=Board",
    "participants": "Request participants",
    "team": "Assignment group",
    "assignee": "assignee",
    "parent": "is caused by",
    "service": "Service",
    "category": "components",
    "labels": "labels",
    "major": "labels=major-incident",
    "status": "status",
    "waiting_for": "Pending reason",
    "impact": "Impact",
    "urgency": "Urgency",
    "priority": "priority",
    "symptom": "Symptom",
}
LEVELS: dict[str, dict[str, tuple[str, ...]]] = {
    "impact": {
        "extensive": ("Extensive / Widespread",),
        "significant": ("Significant / Large",),
        "moderate": ("Moderate / Limited",),
        "minor": ("Minor / Localized",),
    },
    "urgency": {"critical": ("Critical",), "high": ("High",), "medium": ("Medium",), "low": ("Low", "Lowest")},
    "priority": {"P1": ("Highest",), "P2": ("High",), "P3": ("Medium",), "P4": ("Low",), "P5": ("Lowest",)},
    "status": {
        "new": ("Open", "Waiting for support"),
        "in_progress": ("Work in progress",),
        "waiting": ("Pending", "Waiting for customer"),
        "resolved": ("Resolved",),
        "closed": ("Closed",),
        "cancelled": ("Canceled",),
    },
    "team": {"web": ("web",), "payments": ("payments",)},
    "service": {"booking": ("Online Booking",)},
    "waiting_for": {"requester": ("More info required", "Waiting for customer"), "supplier": ("Waiting on vendor",)},
}
FAULTS = {
    "limit": "429",
    "broken before": "broken_before",
    "broken after": "broken_after",
    "half": "half",
    "503": "503",
}


def words(fields: Mapping[str, str] = MappingProxyType(FIELDS), **values: dict[str, tuple[str, ...]]) -> Words:
    """Return the words of the site's incidents, with other fields or values."""
    return Words(
        kind="incident",
        table=TYPE,
        fields={fact: Source(*text.split("=")) for fact, text in fields.items()},
        values=LEVELS | values,
        set_priority_by=("priority",),
        not_chosen=MappingProxyType({}),
        reach=MappingProxyType({}),
        watched=("impact", "labels", "priority", "service", "team", "urgency"),
        timed=tuple(fact for fact in ("assignee", "status", "team", "waiting_for") if fact in fields),
    )


class JiraDesk:
    """People at a Jira site. See `tests.connectors.contract.Desk`."""

    kind = "incident"
    settles = 400

    def __init__(self, deployment: str = "Cloud") -> None:
        self.clock = MovableClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
        self.cloud = deployment == "Cloud"
        self.site = site = Site(clock=self.clock, deployment=deployment)  # type: ignore[arg-type]
        site.secrets[site.account] = PASSWORD
        site.add_user("Kari Nord", account="kari", email="kari@harbour.example", language="nb", customer=True)
        site.add_user("Per Nord", account="per", email="per@harbour.example", customer=True)
        site.add_user("Ida Moe", account="ida", email="ida@harbour.example")
        site.add_project("IT", "IT Support", kind="service_desk")
        for group in ("web", "payments", "archive"):
            site.add_group(group, members=["ida"])
        site.add_organization("Board", members=["kari"])
        site.add_field("Assignment group", type="group")
        site.add_field("Service", type="select", options=["Online Booking", "Payments"])
        site.add_field("Symptom", type="text")
        for component in ("booking", "web"):
            site.add_component("IT", component)
        self.words = words()
        self.url = ""
        self.slept: list[float] = []

    def connection(self, **changes: object) -> Connection:
        """Return the workspace's entry for this desk."""
        auth = {"user": "sync@harbour.example", "token": "${JIRA_TOKEN}"} if self.cloud else {"token": "${JIRA_TOKEN}"}
        plain = Connection(
            name="jira-apac",
            platform="jira_service_management",
            url=self.url,
            auth=auth,
            kinds={"incident": self.words},
            mode="apply",
            since=None,
            poll=timedelta(minutes=1),
            projects=("IT",),
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def hire(self, account: str, email: str, active: bool = True, hide_email: bool = False) -> None:
        self.site.add_user(account.replace(".", " ").title(), account=account, email=email, hide_email=hide_email)
        if not active:
            self.site.deactivate(account)

    def dismiss(self, account: str) -> None:
        del self.site.users[account]

    def hide_people(self) -> None:
        self.site.hide_people()

    def follow(self, id: str, account: str) -> None:
        self.site.watch(id, account)

    def following(self, id: str) -> list[str]:
        return list(self.site.issue(id)["watchers"])

    def lookups(self, people: int) -> int:
        return people

    def connect(self, password: str = PASSWORD, **changes: object) -> JiraServiceManagement:
        connector = JiraServiceManagement(self.connection(**changes), {"JIRA_TOKEN": password}, Limits(self.clock))
        connector.session.sleep = self._sleep
        return connector

    def started(self, **changes: object) -> JiraServiceManagement:
        """Return a started connector, with changes to its connection."""
        connector = self.connect(**changes)  # type: ignore[arg-type]
        connector.start()
        return connector

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds=seconds)

    def _theirs(self, facts: Mapping[str, Fact]) -> dict[str, object]:
        values: dict[str, object] = {}
        for fact, value in facts.items():
            if fact == "major":
                values["labels"] = ["major-incident"] if value else []
            elif fact not in ("comment", "note", "status"):
                theirs = LEVELS.get(fact, {}).get(str(value), (value,))[0]
                theirs = (theirs,) if fact == "participants" else theirs
                values[FIELDS[fact]] = list(theirs) if isinstance(theirs, tuple) else theirs
        return values

    def new(self, title: str, by: str = "kari", **facts: Fact) -> str:
        values = {"summary": title, **self._theirs(facts)}
        return str(self.site.create("IT", TYPE, values, by=by, language="nb", organizations=["Board"]))

    def change(self, id: str, by: str = "ida", **facts: Fact) -> None:
        if status := facts.get("status"):
            self.site.transition(id, LEVELS["status"][str(status)][0], by=by)
        if values := self._theirs(facts):
            self.site.change(id, values, by=by)
        for fact in ("comment", "note"):
            if fact in facts:
                self.site.comment(id, str(facts[fact]), by=by, public=fact == "comment")

    def change_unseen(self, id: str, seconds: int, **facts: Fact) -> None:
        now = self.clock()
        self.clock.set(now - timedelta(seconds=seconds))
        self.change(id, **facts)
        self.clock.set(now)

    def unknown_value(self, id: str, fact: str) -> str:
        self.site.field(FIELDS[fact]).options[self.site.new_id()] = "Galactic"
        self.site.change(id, {FIELDS[fact]: "Galactic"}, by="ida")
        return "Galactic"

    def hide(self, id: str) -> None:
        self.site.hide(id)

    def hide_history(self) -> None:
        self.site.hide_changelog()

    def hide_words(self) -> None:
        self.site.hide_comments()

    def refuse_fact(self, fact: str) -> None:
        self.site.remove_from_screen(FIELDS[fact])

    def while_reading(self, id: str, **facts: Fact) -> None:
        self._fault(Fault("changing", path="search", do=lambda: self.change(id, **facts)))

    def fail(self, how: str, writes: bool = False, times: int = 1, seconds: float = 60) -> None:
        self._fault(Fault(FAULTS[how], path="/comment" if writes else "/search", times=times, seconds=seconds))

    def _fault(self, fault: Fault) -> None:
        self.site.faults.clear()
        self.site.faults.add(fault)

    def pass_time(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    def text(self, words: str) -> str:
        if not self.cloud:
            return words
        paragraph = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
        return json.dumps({"version": 1, "type": "doc", "content": [paragraph]})

    def said(self, id: str) -> list[tuple[bool, str]]:
        return [(comment.public, comment.text) for comment in self.site.comments(id)]

    def asked(self) -> list[str]:
        return [request.method for request in self.site.requests]


def one(connector: JiraServiceManagement, id: str) -> Ticket:
    """Return one incident as the connector reads it."""
    ((ticket,), _) = next(iter(connector.tickets("incident", [id])))
    return ticket
