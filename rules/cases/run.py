"""Runs a test of rules: a ticket lives through its moments as fast as rules decide, without a clock or a platform."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from rules.announcement import Announcement
from rules.cases.below import Below
from rules.cases.blame import named
from rules.cases.expected import unmet
from rules.cases.life import Life
from rules.cases.model import Failure, Moment, Result, RuleTest, Said, Seen, Wrote
from rules.cases.platform import OURS, changed, created, written
from rules.confirm import confirmed, written_facts
from rules.engine import decide
from rules.index import Stage
from rules.language import Detect, unsure
from rules.model import Action, Comment, Decision, Facts, Memory, Message, Notify, Surroundings, Ticket, mark
from rules.rule import Ladder, Rule
from rules.rulebook import Rulebook
from rules.words import HITS


class Spoken(NamedTuple):
    """A message as it was rendered: its text, which is made when it is asked for, or why it has none."""

    text: Callable[[], str]
    failed: str = ""


Say = Callable[[Ticket, Facts, Message, Sequence[Action], datetime], Spoken]
"""Renders a message for a ticket, its facts and the actions it goes out with, at a moment."""

ROUNDS: Final = 20
"""Decisions in a row at one moment; two are usual, and rules that do not come to rest by then never do."""

STAGES: Final = frozenset({"classify", "prioritise", "route", "escalate"})
"""Stages that decide about a ticket that has not ended, and from which nobody's hands are kept off."""

LOOKS: Final = 10_000
"""Times that rules may ask to be looked at again between two moments of a test."""


def applying(book: Rulebook) -> Rulebook:
    """Return the rulebook with every rule acting, whatever its mode and share: a test is about what rules say."""
    stages: dict[str, Any] = {
        one.name: _applying(stage) for one in fields(book) if isinstance(stage := getattr(book, one.name), Stage)
    }
    connections = {name: replace(one, mode="apply", share=100) for name, one in book.connections.items()}
    return replace(book, mode="apply", connections=connections, **stages)


def _applying(stage: Stage[Any, Any]) -> Stage[Any, Any]:
    return Stage([_acting(rule) for rule in stage.rules], set(stage.uses) - {HITS})


def _acting(rule: Rule) -> Rule:
    if isinstance(rule, Ladder):
        return replace(rule, mode="apply", steps=tuple(replace(step, mode="apply") for step in rule.steps))
    return replace(rule, mode="apply")


def run(test: RuleTest, book: Rulebook, say: Say, detect: Detect = unsure) -> Result:
    """Run one test by the rules of a book that is `applying`, and return every expectation that did not hold."""
    desk = _Desk(test, book, say, detect)
    failures: list[Failure] = []
    for moment in test.moments:
        try:
            desk.live_until(moment)
        except _RestlessError as error:
            failures.append(error.failure)
            break
        failures += [*unmet(desk.life, moment, book), *desk.unsaid(moment)]
        desk.life.begin()
    return Result(test, tuple(failures), desk.seen())


class _RestlessError(Exception):
    """The rules go on and on."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.came)
        self.failure = failure


class _Desk:
    """A desk with one ticket, and what it went through."""

    def __init__(self, test: RuleTest, book: Rulebook, say: Say, detect: Detect) -> None:
        self._test = test
        self._book = book
        self._say = say
        people = {key: key for key in book.people}
        self._around = Surroundings(test.moments[0].at.astimezone(UTC), OURS, people, detect=detect)
        self._memory = Memory()
        self._failed: dict[str, str] = {}
        self._rules: set[tuple[str, str]] = set()
        self._cells: set[tuple[str, str]] = set()
        self._messages: set[str] = set()
        self._below = [Below(person, f"TEST-{number}") for number, person in enumerate(test.affected, 2)]
        self.life = Life(created(test, book), affected=len(self._below))

    def live_until(self, moment: Moment) -> None:
        """Let time pass until the moment, and with it what becomes due; then let happen what happens in it."""
        at = moment.at.astimezone(UTC)
        for _ in range(LOOKS):
            if self.life.next is None or self.life.next >= at:
                break
            self._settle(moment, self.life.next)
        else:
            raise _RestlessError(self._restless(moment, "the rules ask to be looked at again and again"))
        if moment.set or moment.said:
            self.life.ticket = changed(self.life.ticket, moment.by, at, moment.set, moment.said, self._book)
        self._settle(moment, at)

    def _settle(self, moment: Moment, now: datetime) -> None:
        """Decide and write until there is nothing left to write."""
        for _ in range(ROUNDS):
            decision = decide(self.life.ticket, self._memory, self._around, self._book, now)
            self._note(decision)
            if decision.announced is not None:
                self._announce(decision.announced, now)
            for notice in (*decision.notices, *decision.untold):
                self._speak(self.life.ticket, decision, notice, now)
            done = {mark(notice.key) for notice in decision.notices}
            self._memory = self._memory._replace(done=self._memory.done | done)
            if not decision.actions:
                later = decision.look_again_at
                self.life.next = later if later is not None and later > now else None
                return
            self._write(decision, now)
        raise _RestlessError(self._restless(moment, f"{ROUNDS} decisions in a row, each of which writes again"))

    def _note(self, decision: Decision) -> None:
        self._memory = decision.memory
        self.life.note(decision)
        self._rules.update((one.stage, one.where) for one in decision.reasons if one.outcome == "decided" and one.where)
        pair = str(decision.facts.get("impact")), str(decision.facts.get("urgency"))
        if pair in self._book.matrix and any(one.stage in STAGES for one in decision.reasons):
            self._cells.add(pair)

    def _announce(self, said: Announcement, now: datetime) -> None:
        """Tell those affected, and let the next decision know that they heard it."""
        above = self.life.ticket
        for one in self._below:
            for ticket, decision, comment in one.hears(above, said, self._around, self._book, now):
                self._speak(ticket, decision, comment, now)
        self._around = self._around._replace(announced={above.number: said})

    def _write(self, decision: Decision, now: datetime) -> None:
        before, actions = self.life.ticket, decision.actions
        for action in actions:
            if isinstance(action, Comment):
                self._speak(before, decision, action, now)
            else:
                self.life.wrote += [
                    Wrote(fact, value, action.reason) for fact, value in written_facts([action]).items()
                ]
        self.life.ticket = written(before, now, actions, self._book)
        self._memory = confirmed(self._memory, self.life.ticket, actions)

    def _speak(self, ticket: Ticket, decision: Decision, action: Message, now: datetime) -> None:
        others = [one for one in decision.actions if not isinstance(one, Comment)]
        spoken = self._say(ticket, decision.facts, action, others, now)
        if spoken.failed:
            self._failed[action.message] = spoken.failed
            return
        door = action.doors[0] if isinstance(action, Notify) else "comment" if action.public else "note"
        self._messages.add(action.message)
        self.life.said.append(Said(action.reader, action.message, action.language, door, spoken.text, action.reason))

    def unsaid(self, moment: Moment) -> list[Failure]:
        """Return a failure for each message that could not be written, and forget them."""
        failures = [
            Failure(self._test.place, moment.after, f"message {message}", "a text", "none", because=(why,))
            for message, why in self._failed.items()
        ]
        self._failed.clear()
        return failures

    def _restless(self, moment: Moment, came: str) -> Failure:
        asked = dict.fromkeys((*(one.reason for one in self.life.wrote), *(one.reason for one in self.life.said)))
        because = tuple(f"{named(reason)}: {reason.text}" for reason in asked)
        return Failure(self._test.place, moment.after, "rest", "the rules come to rest", came, because=because)

    def seen(self) -> Seen:
        """Return what the test went through."""
        return Seen(frozenset(self._rules), frozenset(self._cells), frozenset(self._messages))
