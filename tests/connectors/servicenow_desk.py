"""A service desk on the simulated ServiceNow, for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from connectors.sandbox import Fault, MovableClock
from connectors.sandbox.servicenow import Account, World
from connectors.servicenow.connector import ServiceNow
from connectors.web.limits import Limits
from rules.model import Fact, Ticket
from rules.rulebook import Connection, Source, Words
from tests.connectors.contract import PASSWORD

FIELDS = {
    "status": "state",
    "impact": "impact",
    "urgency": "urgency",
    "priority": "priority",
    "requester": "caller_id",
    "team": "assignment_group",
    "assignee": "assigned_to",
    "watchers": "work_notes_list",
    "parent": "parent_incident",
    "service": "business_service",
    "category": "category",
    "labels": "u_labels",
    "waiting_for": "hold_reason",
    "participants": "watch_list",
    "started_at": "u_started_at",
    "seats": "u_seats",
    "mark": "u_itsm_sync",
}
EXTRA = {
    "u_itsm_sync": "string(100)",
    "u_labels": "string(200)",
    "u_started_at": "glide_date_time",
    "u_seats": "integer",
}
LEVELS = {
    "impact": {"extensive": ("1",), "significant": ("2",), "minor": ("3",)},
    "urgency": {"high": ("1",), "medium": ("2",), "low": ("3",)},
    "priority": {f"P{level}": (str(level),) for level in range(1, 6)},
    "status": {"new": ("1",), "in_progress": ("2",), "waiting": ("3",), "resolved": ("6",), "closed": ("7",)},
    "team": {"web": ("Web",), "payments": ("Payments",)},
    "service": {"booking": ("Online Booking",)},
    "waiting_for": {"requester": ("1",), "supplier": ("4",)},
}
FAULTS = {
    "limit": "429",
    "broken before": "broken_before",
    "broken after": "broken_after",
    "half": "half",
    "cut short": "result_and_error",
    "503": "503",
}
WORDS = Words(
    kind="incident",
    table="incident",
    fields={fact: Source(field) for fact, field in FIELDS.items()}
    | {"major": Source("major_incident_state", "accepted")},
    values=LEVELS,
    set_priority_by=("urgency", "impact"),
    not_chosen=MappingProxyType({}),
    reach=MappingProxyType({}),
    watched=("impact", "urgency", "priority", "team", "service"),
    timed=("assignee", "status", "team", "waiting_for"),
)


class ServiceNowDesk:
    """People at a ServiceNow instance. See `tests.connectors.contract.Desk`."""

    kind = "incident"
    settles = 120

    def __init__(self, words: Words = WORDS, extra: Mapping[str, str] = MappingProxyType(EXTRA)) -> None:
        self.clock = MovableClock(datetime(2026, 11, 2, 8, tzinfo=UTC))
        self.world = World(clock=self.clock, extra_fields={"incident": dict(extra)})
        self.world.accounts["itsm.sync"] = Account(password=PASSWORD)
        self.words = words
        self.url = ""
        self.slept: list[float] = []
        add = self.world.add_user
        self.people = {
            "kari": add("kari", "Kari Nord", email="kari@harbour.example", language="nb", zone="Europe/Oslo", vip=True),
            "ida": add("ida", "Ida Moe", email="ida@harbour.example"),
            "per": add("per", "Per Nord", email="per@harbour.example"),
        }
        self.groups = {name: self.world.add_group(name) for name in ("Web", "Payments", "Archive")}
        self.services = {"Online Booking": self.world.add_service("Online Booking", "1 - most critical")}

    def hire(self, account: str, email: str, active: bool = True, manager: str = "") -> None:
        name = account.replace(".", " ").title()
        self.people[account] = self.world.add_user(account, name, email=email, active=active, manager=manager)

    def dismiss(self, account: str) -> None:
        self.world.delete("sys_user", self.people.pop(account))

    def hide_people(self) -> None:
        self.world.deny("sys_user")

    def follow(self, id: str, account: str) -> None:
        standing = self.world.record("incident", id)["work_notes_list"]
        items = [*filter(None, standing.split(",")), self.people.get(account, account)]
        self.world.update("incident", id, {"work_notes_list": ",".join(items)}, by="ida")

    def following(self, id: str) -> list[str]:
        accounts = {sys_id: account for account, sys_id in self.people.items()}
        items = self.world.record("incident", id)["work_notes_list"].split(",")
        return [accounts.get(one, one) for one in items if one]

    def lookups(self, people: int) -> int:
        return 1

    def connection(self, **changes: object) -> Connection:
        """Return the workspace's entry for this desk."""
        plain = Connection(
            name="servicenow-emea",
            platform="servicenow",
            url=self.url,
            auth={"user": "itsm.sync", "password": "${SERVICENOW_PASSWORD}"},
            kinds={"incident": self.words},
            mode="apply",
            since=None,
            poll=timedelta(minutes=1),
        )
        return replace(plain, **changes)  # type: ignore[arg-type]

    def connect(self, password: str = PASSWORD, **changes: object) -> ServiceNow:
        connector = ServiceNow(self.connection(**changes), {"SERVICENOW_PASSWORD": password}, Limits(self.clock))
        connector.session.sleep = self._sleep
        return connector

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.clock.advance(seconds=seconds)

    def _theirs(self, facts: Mapping[str, Fact]) -> dict[str, object]:
        values: dict[str, object] = {}
        for fact, value in facts.items():
            if fact == "major":
                values["major_incident_state"] = "accepted" if value else "proposed"
            elif fact in ("comment", "note"):
                values["comments" if fact == "comment" else "work_notes"] = value
            else:
                stored = LEVELS.get(fact, {}).get(str(value), (str(value),))[0]
                found = {**self.groups, **self.services, **self.people}
                values[FIELDS[fact]] = found.get(stored, stored)
        return values

    def new(self, title: str, by: str = "kari", **facts: Fact) -> str:
        values = {"short_description": title, "caller_id": self.people["kari"], **self._theirs(facts)}
        return self.world.insert("incident", values, by=by)

    def change(self, id: str, by: str = "ida", **facts: Fact) -> None:
        self.world.update("incident", id, self._theirs(facts), by=by)

    def change_unseen(self, id: str, seconds: int, **facts: Fact) -> None:
        then = (self.clock() - timedelta(seconds=seconds)).strftime("%Y-%m-%d %H:%M:%S")
        self.world.update("incident", id, {**self._theirs(facts), "sys_updated_on": then}, by="ida")

    def unknown_value(self, id: str, fact: str) -> str:
        self.world.update("incident", id, {FIELDS[fact]: "42"}, by="ida")
        return "42"

    def hide(self, id: str) -> None:
        self.world.deny("incident", rows=f"sys_id={id}")
        self.world.deny("incident", rows=f"sys_id={id}", action="write")

    def hide_history(self) -> None:
        self.world.deny("sys_audit")

    def hide_words(self) -> None:
        self.world.deny("sys_journal_field")

    def refuse_fact(self, fact: str) -> None:
        self.world.deny("incident", field=FIELDS[fact], action="write", account="itsm.sync")

    def while_reading(self, id: str, **facts: Fact) -> None:
        self._fault(Fault("changing", method="GET", do=lambda: self.change(id, **facts)))

    def fail(self, how: str, writes: bool = False, times: int = 1, seconds: float = 60) -> None:
        self._fault(Fault(FAULTS[how], method="PATCH" if writes else "GET", times=times, seconds=seconds))

    def _fault(self, fault: Fault) -> None:
        self.world.faults.clear()
        self.world.faults.add(fault)

    def hibernate(self) -> None:
        self.world.hibernating = True

    def pass_time(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    def text(self, words: str) -> str:
        return words

    def said(self, id: str) -> list[tuple[bool, str]]:
        return [(entry.element == "comments", entry.value) for entry in self.world.journal(id)]

    def asked(self) -> list[str]:
        return [request.method for request in self.world.requests]


def one(connector: ServiceNow, id: str) -> Ticket:
    """Return one incident as the connector reads it."""
    ((ticket,), _) = next(iter(connector.tickets("incident", [id])))
    return ticket
