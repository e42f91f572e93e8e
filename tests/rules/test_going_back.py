"""Rules that go from one priority to another and back: each change that people can see is told once, and no other."""

from __future__ import annotations

import pytest
from loading import CONNECTION, rulebook
from test_settled import AROUND, COMPUTED, WRITABLE, Platform

from rules.confirm import confirmed, written_facts
from rules.engine import decide
from rules.model import Action, Comment

FACTS = {"impact": "significant", "urgency": "low", "status": "new"}
RULES = """
communications: [{name: p, on: prioritised, to: [requester, team], message: prioritised}]
adjust: [{name: a, when: {kind: incident}, at_least: %s}, {name: b, when: {risk: security}, at_least: P2}]
words: {snow: {fields: {risk: u_risk}, set_priority_by: %s}}
"""


class Desk(Platform):
    """A ticket that starts at P4; words are "P3 to team", oldest first."""

    def __init__(self, by: str) -> None:
        super().__init__(by, FACTS, False, "kari", True)
        self.by_fields, self.words = by, []
        self.follow("P4")
        self.cycle()
        self.words.clear()

    def follow(self, priority: str) -> None:
        self.book = rulebook(RULES % (priority, self.by_fields), connection=CONNECTION)

    def planned(self) -> tuple[Action, ...]:
        """Decide, and let the process die before anything is written."""
        decision = decide(self.read(), self.memory, AROUND, self.book, self.now())
        self.memory, self.decided = decision.memory, decision.facts["priority"]
        return decision.actions

    def cycle(self, fields: bool = True, readers: tuple[str, ...] = ("requester", "team")) -> None:
        """Decide and write, as far as the platform takes it."""
        actions = self.planned()
        done = [a for a in actions if (a.reader in readers if isinstance(a, Comment) else fields)]
        if actions:
            self.words += [f"{self.decided} to {a.reader}" for a in done if isinstance(a, Comment)]
            self.change("sync", **written_facts(done))
            self.memory = confirmed(self.memory, self.read(), done, [a for a in actions if a not in done])


BOTH = ["to requester", "to team"]


def both(*priorities: str) -> list[str]:
    return [f"{priority} {reader}" for priority in priorities for reader in BOTH]


@pytest.fixture(params=[WRITABLE, COMPUTED])
def desk(request: pytest.FixtureRequest) -> Desk:
    return Desk(request.param)


@pytest.mark.parametrize("between", [["P3"], ["P3", "P2"], ["P3", "P2", "P3"]])
def test_what_was_told_and_still_stands_is_not_told_again(desk: Desk, between: list[str]) -> None:
    for priority in between:
        desk.follow(priority)
        assert any(isinstance(action, Comment) for action in desk.planned())
    desk.follow("P4")
    assert desk.planned() == ()
    desk.change("ida", text="And now?")
    assert desk.planned() == ()


def test_facts_that_go_back_are_as_rules_that_do(desk: Desk) -> None:
    for risk in ("security", None):
        desk.change("ida", risk=risk)
        planned = desk.planned()
    assert planned == ()


def test_what_people_could_see_is_told_in_both_directions(desk: Desk) -> None:
    for priority in ("P3", "P4"):
        desk.follow(priority)
        desk.cycle()
    assert desk.words == both("P3", "P4")


def test_a_value_that_was_decided_again_is_told_once(desk: Desk) -> None:
    for priority in ("P3", "P4", "P3"):
        desk.follow(priority)
        desk.planned()
    desk.cycle()
    assert desk.words == both("P3")


def test_who_has_not_heard_of_what_stands_hears_it_and_nobody_else(desk: Desk) -> None:
    desk.follow("P3")
    desk.cycle(readers=("team",))
    desk.follow("P2")
    desk.planned()
    desk.follow("P3")
    desk.cycle()
    assert desk.words == ["P3 to team", "P3 to requester"]


def test_a_word_about_a_value_that_never_came_to_stand_is_corrected(desk: Desk) -> None:
    desk.follow("P3")
    desk.cycle(fields=False)
    desk.follow("P4")
    desk.cycle()
    assert desk.words == both("P3", "P4")


def test_a_value_that_stood_without_a_word_is_told_when_it_is_over(desk: Desk) -> None:
    desk.follow("P3")
    desk.cycle(readers=())
    desk.follow("P4")
    desk.cycle()
    assert desk.words == both("P4")


def test_a_note_about_a_team_that_was_taken_away_before_it_was_said_is_not_said():
    book = rulebook(ROUTED, connection=CONNECTION)
    desk = Platform(WRITABLE, FACTS, False, "kari", True)
    desk.book = book

    def decided() -> tuple[Action, ...]:
        decision = decide(desk.read(), desk.memory, AROUND, book, desk.now())
        desk.memory = decision.memory
        return decision.actions

    first = decided()
    fields = [action for action in first if not isinstance(action, Comment)]
    desk.change("sync", **written_facts(fields))
    desk.memory = confirmed(desk.memory, desk.read(), fields, [a for a in first if a not in fields])
    desk.change("ida", team=None)
    assert decided() == ()
    desk.change("ida", team="web")
    assert [action.message for action in decided()] == ["assigned"]


ROUTED = """
teams: {web: {groups: {snow: Web}}}
routes: [{name: all, assign: {team: web}}]
adjust: []
communications: [{name: a, on: assigned, to: [team], message: assigned}]
words: {snow: {set_priority_by: [priority]}}
"""
