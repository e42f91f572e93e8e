"""Whatever people, networks and processes do in whatever order: nothing twice, nothing lost, nobody fought."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from connectors.sandbox import MovableClock, serve
from connectors.sandbox.jira import Site
from tests.canaries import PASSWORD
from tests.desk.at_work import Died
from tests.desk.jira_at_work import INCIDENT, START, Door, JiraAtWork, new_site
from tests.shares import one_of

RULES = """\
classify:
  - {name: nobody-chose, set: {impact: significant, urgency: high}}
adjust: []
routes:
  - {name: booking, when: {service: booking}, assign: {team: web}}
  - {name: all, assign: {team: desk}}
services:
  booking: {name: Online Booking}
communications:
  - {name: solved, on: resolved, to: [requester], message: solved}
  - {name: major, on: major, to: [requester], message: major-incident-started}
  - {name: received, on: created, to: [requester], message: received}
  - {name: team-hears, on: assigned, to: [team], message: assigned}
"""
TEAM, MAJOR = "Assignment group", "major-incident"
WORDS = {"solved": "skal nå være løst", "received": "Vi har fått", "major": "rammer mange"}
ENDED, OPEN = ("Resolved", "Closed"), ("Open", "Work in progress", "Waiting for customer")
VALUES = {
    "priority": ("Highest", "High", "Low"),
    "Impact": ("Extensive / Widespread", "Minor / Localized", None),
    "Urgency": ("Critical", "Low", None),
    TEAM: ("desk", "web", None),
    "Service": ("Online Booking", None),
    "summary": ("It does not work", "Still does not work"),
}
FACTS_OF = {"priority": ("Impact", "Urgency"), "Impact": (), "Urgency": (), TEAM: ("Service",)}
"""Facts that people choose, and the fields whose change lets rules choose again; not a team that a person chose."""

WRITES = (("PUT", "/issue/"), ("POST", "/comment"))
QUESTIONS = (("", "/search"), ("GET", "/issue/"), ("GET", "/comment"), ("POST", "/bulkfetch"), ("POST", "/changelog/"))
BREAKS = (*WRITES, *WRITES, *WRITES, *QUESTIONS)
KINDS = ("broken_before", "broken_after", "late", "503", "half", "429", "html")
PHASES = (Phase.reuse, Phase.generate, Phase.shrink)
ANY = st.integers(0, 99)


@dataclass
class Seen:
    """An issue as it was when everything had settled, and what a person chose since and before."""

    told: Counter[str] = field(default_factory=Counter)
    puts: int = 0
    status: str = ""
    team: str | None = None
    major: bool = False
    calm: bool = True  # since then nothing happened after which less is promised
    moved: bool = False
    steps: int = 0
    chosen: dict[str, Any] = field(default_factory=dict)


class Walk(RuleBasedStateMachine):
    """A desk at work on one site, some people, and everything that can go wrong."""

    deployment, url = "Cloud", ""
    door: Door

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = MovableClock(START)
        self.site = new_site(self.clock, self.deployment)
        self.door.site = self.site
        self.desk = JiraAtWork(self.folder, self.site, self.clock, self.url)
        self.site.add_project("OPS", "Operations")
        self.desk.rules(RULES, projects="IT, OPS")
        self.seen: dict[str, Seen] = {}
        self.holds, self.is_lost, self.is_late, self.has_moved = True, False, False, False

    def teardown(self) -> None:
        try:
            if self.holds:
                self.all_is_settled_and_told()
        finally:
            self.desk.close()
            shutil.rmtree(self.folder)

    # People

    @initialize()
    def kari_reports(self) -> None:
        self.somebody_reports("kari", set())

    @precondition(lambda self: len(self.seen) < 4)
    @rule(by=st.sampled_from(["kari", "ida", "robot-1"]), given=st.sets(st.sampled_from([*VALUES][:4])))
    def somebody_reports(self, by: str, given: set[str]) -> None:
        what = {"summary": "It", "reporter": "kari", **{name: VALUES[name][0] for name in sorted(given)}}
        id = self.site.create("IT", INCIDENT, what, by=by, language="nb")
        self.seen[id] = Seen()

    @rule(which=ANY, name=st.sampled_from([*VALUES]), value=ANY, by=st.sampled_from(["ida", "ida", "robot-1"]))
    def somebody_changes(self, which: int, name: str, value: int, by: str) -> None:
        id, wanted = self.pick(which), VALUES[name][value % len(VALUES[name])]
        if self.site.issue(id).get(name) == wanted:
            return
        seen, was_ours = self.seen[id], self.desk.gave(id, name)
        self.site.change(id, {name: wanted}, by=by)
        seen.steps += 1
        for fact, behind in FACTS_OF.items():
            if name == fact or (name in behind and (fact != TEAM or not seen.chosen.get(TEAM))):
                seen.chosen.pop(fact, None)
        is_known = seen.status and seen.calm and not self.is_late  # else a write of ours may cross the change
        if name in FACTS_OF and by == "ida" and is_known and (wanted or was_ours):
            seen.chosen[name] = wanted

    @rule(which=ANY, public=st.booleans(), by=st.sampled_from(["kari", "ida"]))
    def somebody_comments(self, which: int, public: bool, by: str) -> None:
        self.site.comment(self.pick(which), "And?", by=by, public=public or by == "kari")

    @rule(which=ANY, status=st.sampled_from([*OPEN, "Resolved", "Resolved", "Closed"]))
    def somebody_moves_it_on(self, which: int, status: str) -> None:
        id = self.pick(which)
        if self.site.issue(id)["status"] != status:
            self.site.transition(id, status, by="ida")
            self.stirred(id)

    @rule(which=ANY, major=st.booleans())
    def somebody_says_whether_it_is_major(self, which: int, major: bool) -> None:
        id = self.pick(which)
        self.site.change(id, {"labels": [MAJOR] if major else []}, by="ida")
        self.stirred(id)

    def stirred(self, id: str) -> None:
        self.seen[id].steps += 1
        self.seen[id].moved = True

    @precondition(lambda self: not self.has_moved)
    @rule(which=ANY)
    def an_issue_moves_to_another_project(self, which: int) -> None:
        self.has_moved = True
        self.site.move(id := self.pick(which), "OPS")
        self.seen[id].steps += 1

    @rule(which=ANY, shown=st.booleans())
    def an_issue_is_hidden_or_shown(self, which: int, shown: bool) -> None:
        self.site.hide(id := self.pick(which))
        self.seen[id].calm = False
        if shown:
            self.site.hidden.discard(id)

    @precondition(lambda self: len(self.seen) > 1)
    @rule(which=ANY)
    def an_issue_is_deleted(self, which: int) -> None:
        self.site.delete(id := self.pick(which))
        del self.seen[id]

    # What goes wrong

    @rule(seconds=st.sampled_from([1, 20, 60, 150, 400, 90_000]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)
        if seconds > 24 * 3600:
            self.less_is_promised()

    @precondition(lambda self: not self.is_lost)
    @rule(seconds=st.integers(0, 200))
    def searches_fall_behind(self, seconds: int) -> None:
        self.site.search_lag = seconds

    @rule(at=st.sampled_from(BREAKS), kind=st.sampled_from(KINDS), times=st.sampled_from([1, 1, 2, 5]),
          skip=st.sampled_from([0, 0, 1]), seconds=st.sampled_from([2, 50, 140]), work=st.booleans())  # fmt: skip
    def something_breaks(self, at: tuple[str, str], kind: str, times: int, skip: int, seconds: int, work: bool) -> None:
        if kind == "late" and at not in WRITES:
            kind = "503"  # a question that is answered late is none that was written
        if skip:
            self.desk.fail("slow", *at, times=skip, seconds=0)
        self.desk.fail(kind, *at, times=times, seconds=seconds)
        self.is_late = self.is_late or kind == "late"
        for seen in self.seen.values():
            seen.steps += times
            if kind == "late":
                seen.chosen.clear()
        if work and len(self.seen) < 4:
            self.somebody_reports("kari", set())
            self.desk.cycle(3, 15)

    @rule(which=ANY, name=st.sampled_from(["priority", TEAM, "Impact"]), hides=st.booleans())
    def somebody_is_quicker_than_a_page(self, which: int, name: str, hides: bool) -> None:
        id = self.pick(which)
        self.seen[id] = replace(self.seen[id], calm=False, chosen={})
        self.seen[id].steps += 1
        self.desk.fail("changing", "", "/search", do=lambda: self.cross(id, name, hides))

    def cross(self, id: str, name: str, hides: bool) -> None:
        if id in self.site.store.issues:
            self.site.change(id, {name: VALUES[name][1]}, by="ida")
            if hides:
                self.site.hide(id)

    @rule(steps=st.integers(1, 40))
    def the_process_dies(self, steps: int) -> None:
        self.clock.advance(seconds=5)
        self.desk.dies_after(steps)
        with suppress(Died):
            self.desk.desk().cycle()
        self.desk.close()
        for seen in self.seen.values():
            seen.steps += 1

    @precondition(lambda self: self.what_was_said_shows())
    @rule()
    def the_store_is_lost(self) -> None:
        self.is_lost = True
        self.desk.lose_the_store()
        self.less_is_promised()
        for seen in self.seen.values():
            seen.chosen = {name: value for name, value in seen.chosen.items() if value is not None}

    # What the service does

    @rule(times=st.integers(1, 3), apart=st.sampled_from([1, 15, 60]))
    def it_works(self, times: int, apart: int) -> None:
        self.desk.cycle(times, apart)

    @rule()
    def all_is_settled_and_told(self) -> None:
        self.holds = False
        self.settle()
        self.desk.writes()
        assert self.desk.cycle(2).counts["planned"] == 0
        assert self.desk.writes() == [], "nothing more is done"
        parked = self.desk.desk().store.status().parked
        assert all(one.error for one in parked)
        for id, seen in self.seen.items():
            self.nothing_was_said_twice(id)
            assert all(one.public == ("Kari" in one.text) for one in self.desk.ours(id)), "internal stays internal"
            if id not in self.site.hidden:
                issue = self.site.issue(id)
                given_up = {one.key.split(" ")[1] for one in parked if one.ticket == f"jira/{issue['key']}"}
                self.nothing_was_lost(id, seen, given_up)
                assert {name: issue.get(name) for name in seen.chosen} == seen.chosen, "people win"
                self.seen[id] = self.as_it_is(id, seen)
        self.holds, self.is_lost, self.is_late = True, False, False

    def settle(self) -> None:
        """Mend everything, and let the service work until nothing waits any more."""
        self.site.faults.clear()
        self.site.search_lag = 0.0
        for apart in (1, 60, 200, 60, 300, 1000, 4000, 16000):
            self.desk.cycle(2, apart)
            if not self.desk.desk().store.status().waiting:
                return
        raise AssertionError(self.desk.desk().store.status().waiting)

    def nothing_was_said_twice(self, id: str) -> None:
        marks = [mark for comment in self.desk.ours(id) for mark in comment.properties["itsm-sync"]["marks"]]
        assert len(marks) == len(set(marks)), self.told_of(id)
        told = self.told_of(id)
        steps = [item for change in self.site.store.issues[id].changes for item in change.items]
        assert told["received"] <= 1
        assert told["solved"] <= sum(item.field == "status" and item.new_text in ENDED for item in steps)
        assert told["major"] <= sum(item.field == "labels" and MAJOR in (item.new_text or "") for item in steps)
        teams = sum(item.field == TEAM and item.new_text is not None for item in steps)
        assert told["assigned"] <= teams + 1

    def nothing_was_lost(self, id: str, seen: Seen, parked: set[str]) -> None:
        """Hold that what happened since is told, where it was the only thing that happened to this fact."""
        issue, told = self.site.issue(id), self.told_of(id)
        assert self.desk.puts(id) - seen.puts <= 3 + 2 * seen.steps, "a bounded number of writes"
        if not seen.calm:
            return
        is_open, is_major = issue["status"] in OPEN, MAJOR in (issue.get("labels") or [])
        if not seen.status:
            if is_open and not is_major and not seen.moved:
                assert told["received"] or "received" in parked
                assert told["assigned"] or "assigned" in parked
            return
        more = told - seen.told
        if seen.status in OPEN and issue["status"] == "Resolved" and not is_major and not seen.major:
            assert more["solved"] or "solved" in parked
        stays_open = is_open and seen.status in OPEN
        if stays_open and is_major and not seen.major:
            assert more["major"] or "major-incident-started" in parked
        if stays_open and issue.get(TEAM) and seen.team and issue[TEAM] != seen.team:
            assert more["assigned"] or "assigned" in parked

    def as_it_is(self, id: str, seen: Seen) -> Seen:
        now = self.site.issue(id)
        told, team, major = self.told_of(id), now.get(TEAM) or seen.team, MAJOR in (now.get("labels") or [])
        return Seen(told, self.desk.puts(id), now["status"], team, major, chosen=seen.chosen)

    # Looking

    def pick(self, which: int) -> str:
        return [*self.seen][which % len(self.seen)]

    def told_of(self, id: str) -> Counter[str]:
        """Return how often each message was sent, by its text."""
        said = [comment.text for comment in self.desk.ours(id) if comment.public]
        told = {name: sum(words in text for text in said) for name, words in WORDS.items()}
        assert sum(told.values()) == len(said), said
        return Counter(told | {"assigned": len(self.desk.ours(id)) - len(said)})

    def what_was_said_shows(self) -> bool:
        """Tell whether issues show that they were written to, and no search or write is late."""
        marked = all("itsm-sync" in self.site.issue(id)["properties"] for id in self.seen if self.desk.ours(id))
        return marked and not self.site.search_lag and not self.is_late

    def less_is_promised(self) -> None:
        for seen in self.seen.values():
            seen.calm = False


@pytest.fixture(params=one_of(2, ["Cloud", "Server"]))
def walk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Walk]]:
    """Return the machine, with a server that stays while its sites come and go."""
    monkeypatch.setenv("JIRA_TOKEN", PASSWORD)
    Walk.deployment, Walk.door = request.param, Door(Site(clock=MovableClock(START)))
    with serve(Walk.door) as Walk.url:
        yield Walk


SAME = settings(deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), phases=PHASES)
"""Walks that are the same in each run."""


def test_whatever_happens_each_word_is_said_once_and_nobody_is_fought(walk: type[Walk]) -> None:
    run_state_machine_as_test(walk, settings=settings(SAME, max_examples=3, stateful_step_count=20))


@pytest.mark.long
def test_whatever_happens_in_many_more_orders(walk: type[Walk]) -> None:
    run_state_machine_as_test(walk, settings=settings(SAME, max_examples=10, stateful_step_count=40))
