"""The simulated ServiceNow: an instance with accounts, access rules, limits, faults and a memory of what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from connectors.sandbox.clock import Clock, real_clock
from connectors.sandbox.http import Answer, Call
from connectors.sandbox.platform import Request

from . import load
from .business import Rule
from .instance import ExtraFields, Instance
from .limits import Limits
from .oncall import Span, SpanType
from .rights import Account, Action, Denial, OAuthClient, Refusal
from .times import duration

ALWAYS = "sys_idISNOTEMPTY"


class World(Instance):
    """A ServiceNow instance in memory, as clients find it. Everything public may be called while a server serves it.

    `extra_fields` adds columns as table → name → type, such as `{"incident": {"u_mark": "string(1000)"}}`.
    The account `itsm.sync` with the password `sandbox` is there; so is an OAuth client `sandbox` that acts for it.
    """

    def __init__(
        self, *, clock: Clock = real_clock, priority_lookup: bool = True, extra_fields: ExtraFields | None = None
    ) -> None:
        super().__init__(clock, priority_lookup, extra_fields or {})
        self.accounts = {"itsm.sync": Account(password="sandbox")}  # noqa: S106 - opens nothing but the sandbox
        self.oauth_clients = {"sandbox": OAuthClient(secret="sandbox", account="itsm.sync")}  # noqa: S106 - the same
        self.tokens: dict[str, tuple[str, datetime]] = {}
        self.denials: list[Denial] = []
        self.refusals: list[Refusal] = []
        self.limits = Limits()
        self.hibernating = False
        self.spans: list[Span] = []
        self.has_target_zone = True  # False: on-call spans are in the account's zone, whatever is asked for
        for user_name, name in (("admin", "System Administrator"), ("system", "System"), ("itsm.sync", "ITSM Sync")):
            self.add_user(user_name, name)

    def answer(self, call: Call, request: Request) -> Answer:
        """Answer a call as the instance does."""
        from .api import respond  # which knows this class

        return respond(self, call, request)

    # What an admin of the instance sets up

    def add_user(
        self,
        user_name: str,
        name: str,
        *,
        email: str = "",
        language: str = "",
        zone: str = "",
        vip: bool = False,
        roles: Iterable[str] = (),
        company: str = "",
        manager: str = "",
        active: bool = True,
    ) -> str:
        """Add a person and return the sys_id. The company is found by name, or added; the manager by user name."""
        first, _, last = name.rpartition(" ")
        person = {"user_name": user_name, "name": name, "first_name": first, "last_name": last, "email": email}
        more = {"preferred_language": language, "time_zone": zone, "vip": vip, "active": active}
        more["manager"] = self.user_id(manager) if manager else ""
        sys_id = self.insert("sys_user", person | more | {"company": self.named("core_company", company)})
        for role in roles:
            self.insert("sys_user_has_role", {"user": sys_id, "role": self.named("sys_user_role", role)})
        return sys_id

    def add_group(self, name: str, members: Iterable[str] = (), *, email: str = "") -> str:
        """Add a group with members given by user name, and return its sys_id."""
        group = self.insert("sys_user_group", {"name": name, "email": email})
        for user_name in members:
            self.insert("sys_user_grmember", {"group": group, "user": self.find("sys_user", user_name=user_name)})
        return group

    def add_service(self, name: str, criticality: str = "") -> str:
        """Add a business service; its criticality is one of the choices, such as `1 - most critical`."""
        return self.insert("cmdb_ci_service", {"name": name, "busines_criticality": criticality})

    def add_shift(self, group: str, name: str, rosters: Iterable[str] = ("Primary",)) -> list[str]:
        """Add a shift of a group with its rosters, the first in command first, and return the rosters' sys_ids."""
        values = {"name": name, "group": self.named("sys_user_group", group), "active": True}
        rota = self.insert("cmn_rota", values)
        numbered = enumerate(rosters, 1)
        return [
            self.insert("cmn_rota_roster", {"name": one, "rota": rota, "order": order * 100, "active": True})
            for order, one in numbered
        ]

    def add_span(self, roster: str, user_name: str, start: datetime, end: datetime, type: SpanType = "roster") -> None:
        """Have somebody on call in a roster for a while, take over in it (override), or be off."""
        with self.settled():
            self.spans.append(Span(roster, self.user_id(user_name), start, end, type))

    def add_sla(self, task: str, name: str, target: timedelta) -> str:
        """Start an SLA on a task. What its row says about progress is from now on as stale as on the platform."""
        sla = self.named("contract_sla", name)
        self.update("contract_sla", sla, {"duration": duration(target.total_seconds())})
        row = {"task": task, "sla": sla, "stage": "in_progress", "active": True, "has_breached": False, "percentage": 0,
               "start_time": self.now(), "planned_end_time": self.now() + target,
               "time_left": duration(target.total_seconds())}  # fmt: skip
        return self.insert("task_sla", row)

    def add_article(self, number: str, title: str, base: str, **values: object) -> str:
        """Add a published article of a knowledge base, which is found by its title or added, and return its sys_id."""
        found = self.first("kb_knowledge_base", title=base)
        base_id = found["sys_id"] if found else self.insert("kb_knowledge_base", {"title": base, "active": True})
        article = {"number": number, "short_description": title, "kb_knowledge_base": base_id, "active": True}
        return self.insert("kb_knowledge", {**article, "workflow_state": "published", **values})

    def attach(self, article: str, task: str) -> None:
        """Link an article to a ticket, as agents do."""
        self.insert("m2m_kb_task", {"kb_knowledge": article, "task": task})

    def named(self, table: str, name: str) -> str:
        """Return the sys_id of the record with this name, which is added where it is missing; "" for no name."""
        if not name:
            return ""
        found = self.first(table, name=name)
        return found["sys_id"] if found else self.insert(table, {"name": name})

    def set_property(self, name: str, value: str) -> None:
        """Set a system property, such as `glide.invalid_query.returns_no_rows`."""
        self.update("sys_properties", self.named("sys_properties", name), {"value": value})

    def property(self, name: str) -> str:
        found = self.first("sys_properties", name=name)
        return found.get("value", "") if found else ""

    def deny(
        self, table: str, *, rows: str = ALWAYS, field: str = "", action: Action = "read", account: str = ""
    ) -> None:
        """Forbid an account ("" is everybody) to read or write rows found by an encoded query, or one field of them.

        The action `range` forbids queries that compare the field by size.
        """
        self.denials.append(Denial(table, self.test(table, rows), field, action, account))

    def refuse(self, table: str, message: str, *, rows: str = ALWAYS) -> None:
        """Have a business rule abort clients' writes on rows found by an encoded query."""
        self.refusals.append(Refusal(table, self.test(table, rows), message))

    def add_data_lookup(self, table: str, rows: str, values: Mapping[str, str]) -> None:
        """Set values on every written record that an encoded query finds, in place of what was written."""
        self.data_lookups.append(Rule(table, self.test(table, rows), dict(values)))

    def add_assignment_rule(self, table: str, rows: str, values: Mapping[str, str]) -> None:
        """Assign records that an encoded query finds, while they have neither group nor person."""
        self.assignment_rules.append(Rule(table, self.test(table, rows), dict(values)))

    def load(self, source: Path | str, table: str = "incident") -> list[str]:
        """Load an export (CSV or JSON: its path or its text) and return the sys_ids in its order."""
        with self.settled():
            return load.load(self, source, table)
