"""People, robots, networks, the platform and the service do what they like, in any order; then all must be right."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from connectors.sandbox import MovableClock
from tests.desk.at_work import Died
from tests.desk.jira_at_work import START
from tests.walks.oracle import FIRST, SECOND
from tests.walks.places import Place
from tests.walks.promises import Ticket, keep

VALUES = {
    "impact": ("extensive", "minor", None),
    "urgency": ("high", "low", None),
    "priority": ("P1", "P5"),
    "risk": ("security", None),
    "service": ("booking", None),
    "team": ("desk", "web", None),
}
CHOSEN = ("impact", "urgency", "priority", "priority", "team")
STATUSES = ("in_progress", "resolved", "resolved", "closed", "new")
KINDS = ("late", "late", "broken_before", "broken_after", "503", "half", "429", "html")
DAY = 24 * 3600
MOST = 3  # tickets of a walk
ANY = st.integers(0, 99)


class Walk(RuleBasedStateMachine):
    """One desk, some tickets, and everything that can happen to them. A subclass says where."""

    place_of: type[Place]

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = MovableClock(START)
        self.place = self.place_of(self.folder, self.clock)
        self.tickets: dict[str, Ticket] = {}
        self.holds, self.is_late = True, False

    def teardown(self) -> None:
        try:
            if self.holds:
                self.all_is_settled()
        finally:
            self.place.work.close()
            shutil.rmtree(self.folder)

    def pick(self, which: int) -> str:
        return [*self.tickets][which % len(self.tickets)]

    # People and robots

    @initialize(given=st.sets(st.sampled_from([*VALUES])))
    def kari_reports(self, given: set[str]) -> None:
        self.somebody_reports("kari", given)

    @precondition(lambda self: len(self.tickets) < MOST)
    @rule(by=st.sampled_from(["kari", "ida", "robot"]), given=st.sets(st.sampled_from([*VALUES])))
    def somebody_reports(self, by: str, given: set[str]) -> None:
        self.clock.advance(seconds=1)
        id = self.place.report(by, {fact: str(VALUES[fact][0]) for fact in sorted(given)})
        self.tickets[id] = Ticket(by)

    def something_to_write(self, which: int) -> None:
        """Report another ticket, or let the desk hear that one is urgent or is not."""
        if len(self.tickets) < MOST:
            self.somebody_reports("kari", set())
        else:
            self.change(self.pick(which), "urgency", which, "ida")

    @rule(which=ANY, fact=st.sampled_from(CHOSEN), value=ANY, by=st.sampled_from(["ida", "ida", "robot"]))
    def somebody_chooses(self, which: int, fact: str, value: int, by: str) -> None:
        """Let somebody put another value in place of the one that the rules may have written, and the desk see it."""
        self.change(self.pick(which), fact, value, by)
        self.place.work.cycle(1, 40)

    @rule(which=ANY, fact=st.sampled_from([*VALUES]), value=ANY, by=st.sampled_from(["ida", "ida", "robot"]))
    def somebody_changes(self, which: int, fact: str, value: int, by: str) -> None:
        self.change(self.pick(which), fact, value, by)

    def change(self, id: str, fact: str, value: int, by: str) -> None:
        self.clock.advance(seconds=1)
        standing = self.place.stands(id)[fact]
        others = [other for other in VALUES[fact] if other != standing]
        self.place.change(id, fact, others[value % len(others)], by)
        self.tickets[id].crossed = self.tickets[id].crossed or self.is_late

    @rule(which=ANY, public=st.booleans())
    def ida_comments(self, which: int, public: bool) -> None:
        self.clock.advance(seconds=1)
        self.place.comment(self.pick(which), public, "ida")

    @rule(which=ANY, status=st.sampled_from(STATUSES))
    def ida_moves_it_on(self, which: int, status: str) -> None:
        self.clock.advance(seconds=1)
        id = self.pick(which)
        if self.place.stands(id)["status"] != status:
            self.place.move_on(id, status)

    # What goes wrong

    @rule(seconds=st.sampled_from([20, 150, 400, 25 * 3600]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)
        for ticket in self.tickets.values():
            ticket.is_late = ticket.is_late or seconds > DAY

    @precondition(lambda self: self.place.lags)
    @rule(seconds=st.integers(1, 200), fact=st.sampled_from(CHOSEN), value=ANY)
    def searches_fall_behind(self, seconds: int, fact: str, value: int) -> None:
        """Let searches show what was, while Ida changes a ticket that they show for the first time."""
        self.place.platform.search_lag = seconds
        self.something_to_write(value)
        self.clock.advance(seconds=seconds)
        self.change(self.pick(-1), fact, value, "ida")
        self.place.work.cycle(1, 1)

    @rule(which=ANY, kind=st.sampled_from(KINDS), times=st.sampled_from([1, 1, 2]),
          skip=st.sampled_from([0, 0, 1, 2]), seconds=st.sampled_from([2, 50, 140, 140]))  # fmt: skip
    def a_write_goes_wrong(self, which: int, kind: str, times: int, skip: int, seconds: int) -> None:
        """Let a request to write fail, after some that do not, and give the desk something to write."""
        method, path = self.place.writes[which % len(self.place.writes)]
        if skip:
            self.place.fail("slow", method, path, times=skip, seconds=0)
        self.something_to_write(which)
        self.place.fail(kind, method, path, times=times, seconds=seconds)
        self.is_late = self.is_late or kind == "late"
        self.place.work.cycle(2, 15)

    @rule(kind=st.sampled_from(["broken_before", "503", "half", "429", "html"]), times=st.integers(1, 5))
    def a_question_is_not_answered(self, kind: str, times: int) -> None:
        self.place.fail(kind, "GET", "", times=times, seconds=50)

    @rule(which=ANY, steps=st.integers(1, 12), begins=st.sampled_from(["", "plan", "sending", "sending"]))
    def the_process_dies(self, which: int, steps: int, begins: str) -> None:
        """Let the process end at some step from its beginning, its planning or its sending on."""
        self.clock.advance(seconds=5)
        self.something_to_write(which)
        self.place.work.dies_after(steps, begins)
        with suppress(Died):
            self.place.work.desk().cycle()
        self.place.work.close()

    @precondition(lambda self: not self.is_late)
    @rule()
    def the_store_is_lost(self) -> None:
        """Lose all that the service remembers; not while a write is on its way of which nothing else tells."""
        self.place.work.lose_the_store()
        for ticket in self.tickets.values():
            ticket.lost = ticket.is_late = ticket.unsure = True

    @rule()
    def the_rules_are_replaced(self) -> None:
        """Replace the rulebook: the sweep carries it to tickets that nobody touches."""
        self.place.follow(SECOND if self.place.rules == FIRST else FIRST)
        self.clock.advance(seconds=1)
        for ticket in self.tickets.values():
            ticket.unsure = True
            ticket.replaced += 1

    # What the service does

    @rule(times=st.integers(1, 3), apart=st.sampled_from([1, 15, 60]))
    def it_works(self, times: int, apart: int) -> None:
        self.place.work.cycle(times, apart)

    @rule()
    def all_is_settled(self) -> None:
        self.holds = False
        self.settle()
        before = self.place.written()
        assert self.place.work.cycle(2).counts["planned"] == 0, "nothing more is planned"
        assert self.place.written() == before, "nothing more is written"
        parked = self.place.work.desk().store.status().parked
        for id, ticket in self.tickets.items():
            keys = [one.key.split(" ")[:2] for one in parked]
            given_up = {what.split("=")[0] for key, what in keys if key == f"here/{id}"}
            keep(self.place, id, ticket, given_up)
        self.holds, self.is_late = True, False

    def settle(self) -> None:
        """Mend everything, and let the service work until nothing waits any more."""
        self.place.platform.faults.clear()
        if self.place.lags:
            self.place.platform.search_lag = 0.0
        for apart in (1, 60, 200, 60, 300, 1000, 4000, 16000):
            self.place.work.cycle(2, apart)
            if not self.place.work.desk().store.status().waiting:
                return
        raise AssertionError(f"something waits for ever: {self.place.work.desk().store.status().waiting}")


def at(place: type[Place]) -> type[Walk]:
    """Return the machine that walks on one platform."""
    return type(f"Walk{place.__name__}", (Walk,), {"place_of": place})


def walks(number: int, steps: int, shrink: bool = True) -> settings:
    """Return the settings for so many walks, the same in each run."""
    phases = (Phase.generate, Phase.shrink) if shrink else (Phase.generate,)
    how = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=phases)
    return settings(how, max_examples=number, stateful_step_count=steps, report_multiple_bugs=False)
