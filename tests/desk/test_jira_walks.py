"""Whatever people, networks and processes do in whatever order: nothing twice, nothing lost, nobody fought."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from connectors.sandbox import MovableClock, serve
from connectors.sandbox.jira import Site
from tests.desk.jira_at_work import INCIDENT, START, Died, Door, JiraAtWork, new_site

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
ENDED = ("Resolved", "Closed")
OPEN = ("Open", "Work in progress", "Waiting for customer")
VALUES = {
    "priority": ("Highest", "High", "Low"),
    "Impact": ("Extensive / Widespread", "Minor / Localized", None),
    "Urgency": ("Critical", "Low", None),
    TEAM: ("desk", "web", None),
    "Service": ("Online Booking", None),
    "summary": ("It does not work", "Still does not work"),
}
FACTS_OF = {"priority": ("Impact", "Urgency"), "Impact": (), "Urgency": (), TEAM: ("Service",)}
"""Facts that people choose, and the fields whose change lets rules choose again."""

BREAKS = (
    ("PUT", "/issue/"),
    ("POST", "/comment"),
    ("", "/search"),
    ("GET", "/issue/"),
    ("GET", "/comment"),
    ("POST", "/issue/bulkfetch"),
    ("POST", "/changelog/"),
)
KINDS = ("broken_before", "broken_after", "late", "503", "half", "429", "html")
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
    steps: int = 0
    chosen: dict[str, Any] = field(default_factory=dict)


class Walk(RuleBasedStateMachine):
    """A desk at work on one site, some people, and everything that can go wrong."""

    cloud = True
    door: Door
    url: str

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.clock = MovableClock(START)
        self.site = new_site(self.clock, "Cloud" if self.cloud else "Server")
        self.door.site = self.site
        self.desk = JiraAtWork(self.folder, self.site, self.clock, self.url)
        self.desk.rules(RULES)
        self.seen: dict[str, Seen] = {}
        self.holds = True

    def teardown(self) -> None:
        try:
            if self.holds:
                self.all_is_settled_and_told()
        finally:
            self.desk.close()
            shutil.rmtree(self.folder)

    # People

    @precondition(lambda self: len(self.seen) < 4)
    @rule(by=st.sampled_from(["kari", "ida", "robot-1"]), given=st.sets(st.sampled_from([*VALUES][:4])))
    def somebody_reports(self, by: str, given: set[str]) -> None:
        values = {name: VALUES[name][0] for name in sorted(given)}
        what = {"summary": "It", "reporter": "kari", **values}
        id = self.site.create("IT", INCIDENT, what, by=by, language="nb")
        self.seen[id] = Seen()

    @precondition(lambda self: self.seen)
    @rule(which=ANY, name=st.sampled_from([*VALUES]), value=ANY, by=st.sampled_from(["ida", "ida", "robot-1"]))
    def somebody_changes(self, which: int, name: str, value: int, by: str) -> None:
        id, wanted = self.pick(which), VALUES[name][value % len(VALUES[name])]
        if self.site.issue(id).get(name) == wanted:
            return
        self.site.change(id, {name: wanted}, by=by)
        seen = self.seen[id]
        seen.steps += 1
        for fact, behind in FACTS_OF.items():
            if name == fact or name in behind:
                seen.chosen.pop(fact, None)
        if name in FACTS_OF and by == "ida" and self.is_known_as_it_is(id):
            seen.chosen[name] = wanted

    @precondition(lambda self: self.seen)
    @rule(which=ANY, public=st.booleans(), by=st.sampled_from(["kari", "ida"]))
    def somebody_comments(self, which: int, public: bool, by: str) -> None:
        self.site.comment(self.pick(which), "And?", by=by, public=public or by == "kari")

    @precondition(lambda self: self.seen)
    @rule(which=ANY, status=st.sampled_from([*OPEN, "Resolved", "Resolved", "Closed"]))
    def somebody_moves_it_on(self, which: int, status: str) -> None:
        id = self.pick(which)
        if self.site.issue(id)["status"] != status:
            self.site.transition(id, status, by="ida")
            self.seen[id].steps += 1

    @precondition(lambda self: self.seen)
    @rule(which=ANY, major=st.booleans())
    def somebody_says_whether_it_is_major(self, which: int, major: bool) -> None:
        id = self.pick(which)
        self.site.change(id, {"labels": [MAJOR] if major else []}, by="ida")
        self.seen[id].steps += 1

    @precondition(lambda self: self.seen)
    @rule(which=ANY, shown=st.booleans())
    def an_issue_is_hidden_or_shown(self, which: int, shown: bool) -> None:
        id = self.pick(which)
        self.seen[id].calm = False
        if shown:
            self.site.hidden.discard(id)
            self.site.store.version += 1
        else:
            self.site.hide(id)

    @precondition(lambda self: len(self.seen) > 1)
    @rule(which=ANY)
    def an_issue_is_deleted(self, which: int) -> None:
        id = self.pick(which)
        self.site.delete(id)
        del self.seen[id]

    # What goes wrong

    @rule(seconds=st.sampled_from([1, 20, 60, 150, 400]))
    def time_passes(self, seconds: int) -> None:
        self.clock.advance(seconds=seconds)

    @rule()
    def a_day_passes(self) -> None:
        self.clock.advance(hours=25)
        self.less_is_promised()

    @rule(seconds=st.integers(0, 200))
    def searches_fall_behind(self, seconds: int) -> None:
        self.site.search_lag = seconds
        for seen in self.seen.values():
            seen.chosen.clear()

    @rule(at=st.sampled_from(BREAKS), kind=st.sampled_from(KINDS), times=st.integers(1, 5), skip=st.integers(0, 2),
          seconds=st.sampled_from([2, 50, 90, 140]))  # fmt: skip
    def something_will_break(self, at: tuple[str, str], kind: str, times: int, skip: int, seconds: int) -> None:
        method, path = at
        if skip:
            self.desk.fail("slow", method, path, times=skip, seconds=0)
        is_write = method == "PUT" or path == "/comment" and method == "POST"
        self.desk.fail(kind if is_write or kind != "late" else "503", method, path, times=times, seconds=seconds)
        for seen in self.seen.values():
            seen.steps += times
            if kind == "late":
                seen.chosen.clear()

    @rule(steps=st.integers(1, 40))
    def the_process_dies(self, steps: int) -> None:
        self.clock.advance(seconds=5)
        self.desk.dies_after(steps)
        try:
            self.desk.desk().cycle()
        except Died:
            for seen in self.seen.values():
                seen.steps += 1
        self.desk.close()

    @precondition(lambda self: self.marks_are_on_the_issues())
    @rule()
    def the_store_is_lost(self) -> None:
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
        self.nothing_more_is_done()
        store = self.desk.desk().store
        parked = {(one.ticket, one.key.split(" ")[1]) for one in store.status().parked}
        assert all(one.error for one in store.status().parked)
        for id, seen in self.seen.items():
            self.nothing_was_said_twice(id)
            self.nothing_internal_is_public(id)
            if id not in self.site.hidden:
                self.nothing_was_lost(id, seen, {what for key, what in parked if key.endswith(self.key(id))})
                self.people_were_heard(id, seen)
                self.seen[id] = self.as_it_is(id, seen)
        self.holds = True

    def settle(self) -> None:
        """Mend everything, and let the service work until nothing waits any more."""
        self.site.faults.clear()
        self.site.search_lag = 0
        for apart in (1, 60, 200, 60, 300, 1000, 4000, 16000):
            self.desk.cycle(2, apart)
            if not self.desk.desk().store.status().waiting:
                return
        raise AssertionError(self.desk.desk().store.status().waiting)

    def nothing_more_is_done(self) -> None:
        self.desk.writes()
        assert self.desk.cycle(2).counts["planned"] == 0
        assert self.desk.writes() == []

    def nothing_was_said_twice(self, id: str) -> None:
        marks = [mark for comment in self.ours(id) for mark in comment.properties["itsm-sync"]["marks"]]
        assert len(marks) == len(set(marks)), self.told_of(id)
        told, history = self.told_of(id), self.site.store.issues[id].changes
        steps = [item for change in history for item in change.items]
        assert told["received"] <= 1
        assert told["solved"] <= sum(item.field == "status" and item.new_text in ENDED for item in steps)
        assert told["major"] <= sum(item.field == "labels" and MAJOR in (item.new_text or "") for item in steps)
        teams = sum(item.field == TEAM and item.new_text is not None for item in steps)
        assert told["assigned"] <= teams + 1

    def nothing_internal_is_public(self, id: str) -> None:
        assert all(comment.public == ("Kari" in comment.text) for comment in self.ours(id))

    def nothing_was_lost(self, id: str, seen: Seen, parked: set[str]) -> None:
        """Hold that what happened since is told, where it was the only thing that happened to this fact."""
        issue, told = self.site.issue(id), self.told_of(id)
        puts = self.puts(id)
        assert puts - seen.puts <= 3 + 2 * seen.steps, "a bounded number of writes"
        if not seen.calm:
            return
        is_open, is_major = issue["status"] in OPEN, MAJOR in (issue.get("labels") or [])
        if not seen.status:
            if is_open and not is_major and not seen.steps:
                assert told["received"] or "received" in parked
                assert told["assigned"] or "assigned" in parked
            return
        more = told - seen.told
        if seen.status in OPEN and issue["status"] == "Resolved" and not is_major and not seen.major:
            assert more["solved"] or "solved" in parked
        if not is_open or seen.status not in OPEN:
            return
        if is_major and not seen.major:
            assert more["major"] or "major-incident-started" in parked
        if issue.get(TEAM) and seen.team and issue[TEAM] != seen.team:
            assert more["assigned"] or "assigned" in parked

    def people_were_heard(self, id: str, seen: Seen) -> None:
        issue = self.site.issue(id)
        assert {name: issue.get(name) for name in seen.chosen} == seen.chosen

    def as_it_is(self, id: str, seen: Seen) -> Seen:
        issue = self.site.issue(id)
        team = issue.get(TEAM) or seen.team
        major = MAJOR in (issue.get("labels") or [])
        return Seen(self.told_of(id), self.puts(id), issue["status"], team, major, chosen=seen.chosen)

    # Looking

    def pick(self, which: int) -> str:
        return [*self.seen][which % len(self.seen)]

    def key(self, id: str) -> str:
        return str(self.site.issue(id)["key"])

    def ours(self, id: str) -> list[Any]:
        return [comment for comment in self.site.comments(id) if comment.author == self.site.account]

    def told_of(self, id: str) -> Counter[str]:
        """Return how often each message was sent, by its text."""
        said = [comment.text for comment in self.ours(id) if comment.public]
        told = {name: sum(words in text for text in said) for name, words in WORDS.items()}
        assert sum(told.values()) == len(said), said
        return Counter(told | {"assigned": len(self.ours(id)) - len(said)})

    def puts(self, id: str) -> int:
        end = f"/issue/{self.key(id)}"
        return sum(request.method == "PUT" and request.path.endswith(end) for request in self.site.requests)

    def is_known_as_it_is(self, id: str) -> bool:
        """Tell whether we looked at an issue before, and searches are not behind: else a write may cross a change."""
        return bool(self.seen[id].status) and not self.site.search_lag and not self.site.faults.waiting

    def marks_are_on_the_issues(self) -> bool:
        with_words = [id for id in self.seen if self.ours(id)]
        return all("itsm-sync" in self.site.issue(id)["properties"] for id in with_words)

    def less_is_promised(self) -> None:
        for seen in self.seen.values():
            seen.calm = False


class WalkOnDataCenter(Walk):
    """The same on the other kind of site."""

    cloud = False


@pytest.fixture(params=[Walk, WalkOnDataCenter], ids=["Cloud", "Server"])
def walk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Walk]]:
    """Return the machine, with a server that stays while its sites come and go."""
    monkeypatch.setenv("JIRA_TOKEN", "sandbox")
    with ExitStack() as stack:
        request.param.door = Door(Site(clock=MovableClock(START)))
        request.param.url = stack.enter_context(serve(request.param.door))
        yield request.param


def walks(number: int, steps: int) -> settings:
    """Return the settings for so many random walks."""
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
    )


def test_whatever_happens_each_word_is_said_once_and_nobody_is_fought(walk: type[Walk]) -> None:
    run_state_machine_as_test(walk, settings=walks(12, 20))


@pytest.mark.long
def test_whatever_happens_in_many_more_orders(walk: type[Walk]) -> None:
    run_state_machine_as_test(walk, settings=walks(250, 40))
