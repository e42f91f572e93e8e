"""A busy day: people and robots report, change, comment, resolve and reopen, at the same times in every run."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final, NamedTuple

from tests.trust.places import Place

START: Final = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
CHANGES: Final = 5  # that follow the report of a ticket
FACTS: Final = {
    "impact": ("high", "low"),
    "urgency": ("high", "low"),
    "service": ("booking", ""),
    "team": ("desk", "web"),
}
KINDS: Final = (*FACTS, "service", "comment", "note", "resolve", "resolve", "reopen")


class Event(NamedTuple):
    """Something that somebody does, so long after the start of the day."""

    after: timedelta
    do: Callable[[], None]


class Day:
    """The events of a day, in order. Those of one ticket lie at least `apart`, so that each is answered by itself.

    What is answered by itself is answered the same in a day without trouble, however late: the courses of the tickets
    can be compared word by word. Events that cross each other may be answered together, or not any more.
    """

    def __init__(self, places: Sequence[Place], seed: int, tickets: int, apart: timedelta, reports: timedelta) -> None:
        self._random, self._apart = Random(seed), apart
        starts = sorted(self._random.uniform(0, 1) * reports for _ in range(tickets * len(places)))
        planned = [event for n, start in enumerate(starts) for event in self._of_ticket(places, n, start)]
        self.events = sorted(planned, key=lambda event: event.after)
        self.length = self.events[-1].after + apart

    def due(self, now: datetime) -> None:
        """Let happen what should have happened by now."""
        while self.events and START + self.events[0].after <= now:
            self.events.pop(0).do()

    def _of_ticket(self, places: Sequence[Place], number: int, at: timedelta) -> Iterator[Event]:
        place, n = places[number % len(places)], number // len(places)
        given = {fact: self._random.choice(FACTS[fact]) for fact in FACTS if self._random.random() < 0.3}
        by, title = self._random.choice(("kari", "ida", "robot")), f"It does not work, number {number}"
        yield Event(at, lambda: place.create(title, by, given))
        for step in range(CHANGES):
            at += self._apart + self._random.random() * self._apart / 4
            yield Event(at, self._change(place, n, step))

    def _change(self, place: Place, ticket: int, step: int) -> Callable[[], None]:
        kind, by = self._random.choice(KINDS), self._random.choice(("ida", "ida", "kari", "robot"))
        if kind in ("resolve", "reopen"):
            return lambda: place.resolve(ticket, kind == "resolve")
        if kind in ("comment", "note"):
            public = kind == "comment"
            return lambda: place.say(ticket, by if public else "ida", f"And now? ({step})", public)
        value = self._random.choice(FACTS[kind])
        return lambda: place.change(ticket, by, {kind: value})
