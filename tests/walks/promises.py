"""What must hold of a ticket once everything has settled: the state that the rules ask for, and each word once."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from tests.walks import oracle
from tests.walks.oracle import BEHIND, History, Value
from tests.walks.places import Place, Said

OPEN = ("new", "in_progress")
TITLES = {"kritisk": "P1", "høy": "P2", "middels": "P3", "lav": "P4", "planlagt": "P5"}
WORDS = (
    ("received", re.compile("Vi har fått meldingen()")),
    ("solved", re.compile("skal nå være løst()")),
    ("prioritised", re.compile(rf"Prioriteten på saken din .* er nå \W*({'|'.join(TITLES)})")),
    ("assigned", re.compile(r"^Saken ligger nå hos \W*(desk|web)")),
)
ABOUT = {"prioritised": "priority", "assigned": "team"}
"""What these messages tell of."""

Told = list[tuple[str, str]]
"""The messages that were said, oldest first: name, and the value that it tells of."""


@dataclass
class Ticket:
    """A ticket, and how it stood when everything had last settled: nothing is known of one that is new."""

    by: str
    steps: int = 0
    stands: dict[str, Value] = field(default_factory=dict)
    priority: Value = None
    team: Value = None
    told: Told = field(default_factory=list)
    is_late: bool = False  # since then a word may have lost its meaning, or memory was lost: less is promised
    unsure: bool = False  # since then rules or memory changed: a choice may count from before or after
    replaced: int = 0  # how often the rulebook was replaced since then
    lost: bool = False  # the store was lost at some time: what we wrote may pass for what was reported
    crossed: bool = False  # a late write of ours may have crossed somebody's change at some time

    @property
    def is_new(self) -> bool:
        return not self.stands


def told(said: list[Said]) -> Told:
    """Return what our texts say, each of which is one of the messages and on the side where it belongs."""
    found: Told = []
    for one in said:
        name, match = next((name, match) for name, words in WORDS if (match := words.search(one.text)))
        assert one.public == (name != "assigned"), f"internal stays internal: {name}"
        found.append((name, TITLES.get(match[1], match[1])))
    return found


def keep(place: Place, id: str, ticket: Ticket, given_up: set[str]) -> None:
    """Hold a settled ticket against what was promised, and remember how it stands. `given_up` needs a person."""
    history = History(place.steps(id, ticket.by), ticket.lost)
    now, said = place.stands(id), told(place.said(id))
    nothing_is_said_twice(ticket, history, said)
    nobody_is_fought(place, ticket, history)
    asked = allowed(place, ticket, history, now) if now["status"] != "closed" else {}
    for fact, values in asked.items():
        if fact not in given_up:
            assert now[fact] in values, f"the rules ask for {fact} {values}, not {now[fact]}: {history.steps}"
    settled = now["priority"] if asked.get("priority") == {now["priority"]} else None
    if not ticket.is_late:
        nothing_is_lost(ticket, history, now, settled, said, given_up)
    ticket.steps, ticket.stands, ticket.told, ticket.priority = len(history.steps), now, said, settled
    ticket.team = now["team"] or ticket.team
    ticket.is_late, ticket.unsure, ticket.replaced = False, False, 0


def allowed(place: Place, ticket: Ticket, history: History, now: dict[str, Value]) -> dict[str, set[Value]]:
    """Return the values that may stand, by fact, as far as the rules say anything about them."""
    asked: dict[str, set[Value]] = {}
    since, unsure = ticket.steps, ticket.unsure
    if not ticket.crossed:
        priorities = oracle.priorities(history, place.rules)
        if not place.computes:
            asked["impact"] = oracle.filled(history, "impact", "significant")
            asked["urgency"] = oracle.filled(history, "urgency", place.rules.urgency)
        if None not in priorities and place.computes:
            asked["priority"] = oracle.computed(history, priorities, now["priority"], since, unsure)
        elif None not in priorities:
            asked["priority"] = oracle.stands(history, "priority", priorities, since, unsure)
    if now["status"] in OPEN:
        asked["team"] = oracle.stands(history, "team", {oracle.team(history)}, since, unsure or ticket.crossed)
    if not ticket.is_new and not ticket.replaced:
        for fact, values in asked.items():
            if not history.changed_since(since - 1, (fact, *BEHIND[fact], "status")):
                asked[fact] = values | {ticket.stands[fact]}  # it was right then, and nothing has happened since
    return asked


def nobody_is_fought(place: Place, ticket: Ticket, history: History) -> None:
    """Hold that we left what people chose, and wrote no more often than there was a reason to."""
    if not ticket.crossed:
        steps = oracle.fought(history, ticket.steps, place.computes)
        assert not steps, f"people win, but we wrote {steps}: {history.steps}"
    fresh = history.steps[ticket.steps :]
    reasons = 1 + sum(step.by != "ours" for step in fresh) + ticket.replaced
    for fact in BEHIND:
        assert sum(step.by == "ours" and step.fact == fact for step in fresh) <= reasons, f"{fact} is fought over"


def nothing_is_said_twice(ticket: Ticket, history: History, said: Told) -> None:
    """Hold that there is an occasion for each message."""
    ended = [step for step in history.of("status") if step.value not in OPEN]
    most = {"received": 1, "solved": len(ended)}
    for (name, value), times in Counter(said).items():
        occasions = most[name] if name in most else times_given(ticket, history, ABOUT[name], value)
        assert times <= occasions, f"said twice: {name} {value}, {history.steps}"


def times_given(ticket: Ticket, history: History, fact: str, value: Value) -> int:
    """Return how often a fact may have been told to have this value: as often as it came to stand.

    Once the store was lost it is not known who was told.
    """
    return sum(step.value == value for step in history.of(fact)) + ticket.lost


def nothing_is_lost(
    ticket: Ticket, history: History, now: dict[str, Value], settled: Value, said: Told, given_up: set[str]
) -> None:
    """Hold that what happened since is told, where it was the only thing that happened to this fact.

    What new rules change is dated as the ticket is, and an old ticket has no news: of that no word is promised.
    """
    fresh = dict(said[len(ticket.told) :])  # name → the value that was told last
    moved = [step for step in history.of("status")[1:] if step in history.steps[ticket.steps :]]
    expected: dict[str, Value] = {}
    if ticket.is_new and not moved:
        expected = {"received": ""} | ({"assigned": now["team"]} if now["team"] else {})
    elif not ticket.is_new and not moved and now["status"] in OPEN and not ticket.replaced:
        if settled and ticket.priority and settled != ticket.priority:
            expected["prioritised"] = settled
        if now["team"] and ticket.team and now["team"] != ticket.team:
            expected["assigned"] = now["team"]
    elif ticket.stands.get("status") in OPEN and now["status"] == "resolved":
        expected = {"solved": ""}
    for name, value in expected.items():
        assert name in given_up or fresh.get(name) == value, f"lost: {name} {value}, {history.steps}"
