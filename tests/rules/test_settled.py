"""Deciding twice plans nothing: whatever people do in between, one write settles a ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from loading import CONNECTION, rulebook

from rules.confirm import confirmed, written_facts
from rules.engine import decide
from rules.model import Event, Memory, Person, Surroundings, Ticket

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
AROUND = Surroundings(START - timedelta(days=1), "sync")
RULES = """
services:
  booking: {name: Booking, team: web, business_value: critical}
  laptops: {name: Laptops, team: desk}
teams:
  web: {groups: {snow: Web}}
  desk: {groups: {snow: Desk}}
  phones: {groups: {snow: Phones}}
classify:
  - {name: booking, when: {category: booking}, set: {service: booking, impact: significant}}
  - {name: phishing, when: {text: {words: [phishing]}}, set: {risk: security}}
  - {name: moderate, when: {category: moderate}, set: {impact: moderate, urgency: medium}}
  - {name: nobody, set: {impact: minor, urgency: low}}
adjust:
  - {name: security, when: {risk: security}, at_least: P2}
  - {name: vip, when: {requester.vip: true}, at_least: P3}
  - {name: calm, when: {category: calm}, at_most: P4}
  - {name: booking, when: {service.business_value: critical}, at_least: P3}
routes:
  - {name: by-service, when: {not: {service: {empty: true}}}, assign: {team: service.team}}
  - {name: rest, assign: {team: desk}}
communications:
  - {name: received, on: created, to: [requester], message: received}
  - {name: important, on: prioritised, when: {priority: {at_least: P2}}, to: [requester], message: prioritised}
  - {name: team-hears, on: assigned, to: [team], message: assigned}
  - {name: solved, on: resolved, to: [requester], message: solved}
words:
  snow:
    fields: {mark: u_mark}
    not_chosen: {impact: "3", urgency: "3"}
    set_priority_by: %s
"""
COMPUTED, WRITABLE = "[urgency, impact]", "[priority]"
BOOKS = {by: rulebook(RULES % by, connection=CONNECTION) for by in (COMPUTED, WRITABLE)}
LEVELS = {
    "impact": ("extensive", "significant", "minor"),
    "urgency": ("high", "medium", "low"),
    "category": ("booking", "calm", "moderate", "other"),
    "team": ("web", "desk", "phones"),
    "status": ("new", "in_progress", "waiting", "resolved"),
    "service": ("booking", "laptops"),
    "text": ("It is broken", "A phishing mail"),
}
values = {fact: st.sampled_from([*levels, None]) for fact, levels in LEVELS.items()}
changes = st.one_of(*(st.tuples(st.just(fact), choice) for fact, choice in values.items() if fact != "status"))
authors = st.sampled_from(["ida", "kari", "sync-robot", "?"])


class Platform:
    """One ticket on a platform, changed by people and by us, with or without a readable history."""

    def __init__(self, by: str, facts: dict, vip: bool, creator: str, history: bool) -> None:
        self.book, self.computes, self.readable = BOOKS[by], by == COMPUTED, history
        self.facts = {"kind": "incident", "requester": "kari", "requester.vip": vip} | facts
        self.facts = {fact: value for fact, value in self.facts.items() if value is not None}
        self.creator, self.version, self.by, self.history = creator, 0, creator, []
        self.memory, self.marks = Memory(), frozenset()
        self._compute()

    def change(self, by: str, **facts) -> None:
        self.version += 1
        self.by = "ida" if by == "?" else by
        for fact, value in facts.items():
            if self.facts.get(fact) != value:
                self.history.append(Event(self.now(), self.by, fact, value))
            self.facts.pop(fact, None)
            if value is not None:
                self.facts[fact] = value
        self._compute()

    def _compute(self) -> None:
        if self.computes:
            cell = self.book.matrix.get((self.facts.get("impact"), self.facts.get("urgency")))
            self.facts |= {"priority": cell} if cell else {}

    def now(self) -> datetime:
        return START + timedelta(minutes=self.version)

    def read(self) -> Ticket:
        history = tuple(self.history) if self.readable else None
        person = Person("kari", "Kari Nordmann", "nb")
        by, facts = (START, self.creator, self.now(), self.by), dict(self.facts)
        return Ticket("snow", "1", "INC1", "incident", self.version, *by, facts, {}, person, history, self.marks)

    def cycle(self):
        """Decide and write as the service does; return what was planned."""
        ticket = self.read()
        decision = decide(ticket, self.memory, AROUND, self.book, self.now() + timedelta(seconds=30))
        self.memory = decision.memory
        if decision.actions:
            self.change("sync", **written_facts(decision.actions))
            self.memory = confirmed(self.memory, self.read(), decision.actions)
        return decision.actions


tickets = st.builds(
    Platform,
    st.sampled_from([COMPUTED, WRITABLE]),
    st.fixed_dictionaries(values | {"status": st.sampled_from(LEVELS["status"])}),
    st.booleans(),
    st.sampled_from(["kari", "ida", "sync-robot"]),
    st.booleans(),
)


@given(tickets, st.lists(st.tuples(authors, changes), max_size=6))
@settings(max_examples=300, deadline=None)
def test_after_one_write_nothing_more_is_planned_whoever_changed_what(ticket, happened):
    ticket.cycle()
    for author, (fact, value) in [*happened, ("ida", ("text", "It is broken still"))]:
        ticket.change(author, **{fact: value})
        ticket.cycle()
        assert ticket.cycle() == ()
        ticket.change("ida", title="nothing that rules look at")
        assert ticket.cycle() == ()


@given(tickets, st.lists(changes, max_size=4))
@settings(max_examples=200, deadline=None)
def test_a_value_that_a_person_chose_over_ours_stands_while_nothing_else_changes(ticket, happened):
    for fact, value in happened:
        ticket.change("kari", **{fact: value})
        ticket.cycle()
    ours = {fact for fact, held in ticket.memory.held.items() if held.whose == "ours"} & {"impact", "urgency", "team"}
    for fact in sorted(ours):
        other = next(level for level in LEVELS[fact] if level != ticket.facts.get(fact))
        ticket.change("ida", **{fact: other})
        for _ in range(3):
            ticket.cycle()
            assert ticket.facts[fact] == other
        break


@given(tickets)
@settings(max_examples=200, deadline=None)
def test_when_the_store_is_lost_the_fields_are_not_written_again(ticket):
    ticket.cycle()
    before = dict(ticket.facts)
    ticket.memory = Memory()
    ticket.cycle()
    assert {fact: ticket.facts.get(fact) for fact in ("priority", "team", "service")} == {
        fact: before.get(fact) for fact in ("priority", "team", "service")
    }


def test_a_text_is_searched_again_when_it_changed_and_when_the_rules_did():
    ticket = Platform(
        WRITABLE, {"impact": "significant", "urgency": "low", "text": "It is broken"}, False, "kari", True
    )
    ticket.cycle()
    assert ticket.facts["priority"] == "P4"
    ticket.change("kari", text="A phishing mail")
    ticket.cycle()
    assert ticket.facts["priority"] == "P2"
    seeking = RULES.replace("words: [phishing]", "words: [mail, ransomware]") % WRITABLE
    ticket.book = rulebook(seeking.replace("at_least: P2", "at_least: P1"), connection=CONNECTION)
    ticket.change("kari", title="still there")
    ticket.cycle()
    assert ticket.facts["priority"] == "P1"


@pytest.mark.parametrize("vip", [True, False])
def test_what_the_form_fills_in_and_a_floor_settle_in_one_write(vip):
    """Classify asks for low urgency, the floor for high: they must not take turns."""
    ticket = Platform(COMPUTED, {"impact": "minor", "urgency": "low", "status": "new"}, vip, "kari", True)
    assert ticket.cycle() != ()
    ticket.change("ida", title="looked at it")
    assert ticket.cycle() == ()
    assert ticket.facts["urgency"] == ("high" if vip else "low")
