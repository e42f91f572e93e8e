"""Whatever happens in whatever order, crashes included: no action is lost, and none is done twice."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from desk_store import DESK, START, Clock, decided, fields, key, memory, opened, planned, ticket
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from connectors.state.outbox import ATTEMPTS
from connectors.state.records import SETTLE
from connectors.state.store import Store

NUMBERS = st.sampled_from([1, 2])
WHAT = ("a", "b", "c")


@dataclass(frozen=True)
class Row:
    """What the outbox should know of an action."""

    state: str
    attempts: int = 0
    until: datetime | None = None


class Outbox(RuleBasedStateMachine):
    """A store beside the simplest model of it, and a platform that remembers how often each action was done to it."""

    def __init__(self) -> None:
        super().__init__()
        self.path = Path(tempfile.mkdtemp())
        self.clock = Clock()
        self.store: Store = opened(self.path, self.clock)
        self.rows: dict[str, Row] = {}
        self.times_done: dict[str, int] = {}

    def teardown(self) -> None:
        self.store.close()
        shutil.rmtree(self.path)

    @rule(number=NUMBERS, wanted=st.frozensets(st.sampled_from(WHAT)))
    def decide(self, number: int, wanted: frozenset[str]) -> None:
        keys = [key(number, what) for what in sorted(wanted)]
        count = planned(self.store, decided(number, [fields(number, what) for what in sorted(wanted)]))
        for gone in self.keys(number, "planned", "again"):
            if gone not in keys:
                del self.rows[gone]
        replaceable = [k for k in keys if self.rows.get(k, Row("planned")).state in ("planned", "again")]
        for k in replaceable:
            before = self.rows.get(k, Row("planned"))
            waits = before.state == "again" and before.until is not None and before.until > self.clock.now
            self.rows[k] = before if waits else Row("planned", before.attempts)
        assert count == sum(self.rows[k].state == "planned" for k in replaceable)

    @rule(reaches=st.booleans())
    def send_first(self, reaches: bool) -> None:
        plan = next(self.store.planned(DESK), None)
        if plan is None:
            return
        keys = [action.key for action in plan.actions]
        self.store.sending(keys, {})
        self.set(keys, "sending")
        if reaches:
            self.reach(keys)

    def on_its_way(self) -> list[str]:
        return self.keys(1, "sending") or self.keys(2, "sending")

    @precondition(on_its_way)
    @rule()
    def hear_that_it_was_done(self) -> None:
        keys = self.on_its_way()
        self.reach([k for k in keys if not self.times_done.get(k)])
        number = 1 if self.keys(1, "sending") else 2
        self.store.confirm(1, ticket(number), keys, memory(), [])
        self.set(keys, "done")

    @precondition(on_its_way)
    @rule(wait=st.integers(0, 200))
    def hear_nothing(self, wait: int) -> None:
        until = self.clock.now + timedelta(seconds=wait)
        keys = self.on_its_way()
        self.store.unknown(1, "", keys, until, "timed out")
        self.set(keys, "unknown", until)

    @precondition(on_its_way)
    @rule(wait=st.integers(0, 200))
    def hear_that_it_failed(self, wait: int) -> None:
        at = self.clock.now + timedelta(seconds=wait)
        keys = [k for k in self.on_its_way() if not self.times_done.get(k)]
        self.store.again(1, "", keys, at, "503")
        self.fail(keys, at)

    @precondition(on_its_way)
    @rule()
    def hear_that_it_was_refused(self) -> None:
        keys = [k for k in self.on_its_way() if not self.times_done.get(k)]
        self.store.park(1, "", keys, "403")
        self.set(keys, "parked")

    @rule(number=NUMBERS)
    def look_up(self, number: int) -> None:
        keys = [item.key for item in self.store.unsettled([ticket(number).key]).get(ticket(number).key, [])]
        assert set(keys) == set(self.keys(number, "unknown"))
        found = [k for k in keys if self.times_done.get(k)]
        missing = [k for k in keys if k not in found]
        self.store.settled(1, "", found, missing)
        self.set(found, "done")
        settled = [k for k in missing if (self.rows[k].until or START) <= self.clock.now]
        self.fail(settled, self.clock.now)

    def on_its_way_for_long(self) -> list[str]:
        rows = [(k, row) for k, row in self.rows.items() if row.state == "unknown" and not self.times_done.get(k)]
        return [k for k, row in rows if row.until is not None and row.until > self.clock.now]

    @precondition(on_its_way_for_long)
    @rule()
    def a_write_reaches_the_platform_late(self) -> None:
        self.reach(self.on_its_way_for_long())

    @rule(seconds=st.sampled_from([1, 60, 150]))
    def time_passes(self, seconds: int) -> None:
        self.clock.go_on(seconds=seconds)

    @rule()
    def crash_and_start(self) -> None:
        self.store.close()
        self.store = opened(self.path, self.clock)
        self.store.begin_cycle([DESK])
        self.set([k for k in self.rows if self.rows[k].state == "sending"], "unknown", self.clock.now + SETTLE)

    @invariant()
    def nothing_was_done_twice(self) -> None:
        assert all(times <= 1 for times in self.times_done.values()), self.times_done

    @invariant()
    def what_the_store_shows_is_what_the_model_says(self) -> None:
        status = self.store.status()
        states = [row.state for row in self.rows.values()]
        waiting = {state: states.count(state) for state in ("planned", "sending", "unknown", "again")}
        assert dict(status.waiting) == {state: count for state, count in waiting.items() if count}
        assert {item.key for item in status.parked} == {k for k, row in self.rows.items() if row.state == "parked"}

    @invariant()
    def what_would_be_sent_is_what_is_planned_for_tickets_without_doubt(self) -> None:
        plans = {plan.ticket: {action.key for action in plan.actions} for plan in self.store.planned(DESK)}
        clear = [number for number in (1, 2) if not self.keys(number, "sending", "unknown", "again")]
        assert plans == {ticket(n).key: set(self.keys(n, "planned")) for n in clear if self.keys(n, "planned")}

    @invariant()
    def what_waits_for_a_time_is_due_then(self) -> None:
        due = self.store.due(DESK, self.clock.now).get("incident", [])
        waits = [n for n in (1, 2) for k in self.keys(n, "unknown", "again") if self.rows[k].until <= self.clock.now]
        assert sorted(due) == sorted({ticket(number).id for number in waits})

    def keys(self, number: int, *states: str) -> list[str]:
        start = ticket(number).key
        return [k for k, row in self.rows.items() if k.startswith(start) and row.state in states]

    def set(self, keys: list[str], state: str, until: datetime | None = None) -> None:
        for k in keys:
            self.rows[k] = replace(self.rows[k], state=state, until=until)

    def fail(self, keys: list[str], at: datetime) -> None:
        for k in keys:
            attempts = self.rows[k].attempts + 1
            self.rows[k] = Row("parked" if attempts >= ATTEMPTS else "again", attempts, at)

    def reach(self, keys: list[str]) -> None:
        for k in keys:
            self.times_done[k] = self.times_done.get(k, 0) + 1


def walks(number: int) -> settings:
    """Return the settings for so many random walks of up to 30 steps."""
    return settings(max_examples=number, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))


def test_no_action_is_lost_or_done_twice() -> None:
    run_state_machine_as_test(Outbox, settings=walks(8))


@pytest.mark.long
def test_no_action_is_lost_or_done_twice_in_many_more_orders() -> None:
    run_state_machine_as_test(Outbox, settings=walks(500))
