"""The course of a ticket: when it was open, waiting, answered, taken, resolved. What its clocks are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rules.model import ENDED, Past, made

Span = tuple[int, int | None]
"""From when to when, in seconds since 1970; None is: it goes on."""

SOLVED: Final = frozenset({"resolved", "closed"})
OVER: Final = ENDED | SOLVED
"""Any other status is open, also one that the desk's words do not know: its clocks run."""

AWAITED: Final = {"customer": "requester", "supplier": "supplier"}
"""Whose word ends a wait, and what the ticket waits for then."""

TOLD_ONLY: Final = frozenset({"priority", "major", "level"})
"""What reports tell of, and what no clock depends on: nobody has taken a ticket by it."""


class Course(NamedTuple):
    """Moments are seconds since 1970, None where it did not happen.

    `answered` is the first public word of an agent, or the end of a ticket that never got one. `word` is the last
    public word from the desk, ours included, or when the ticket was opened. `acknowledged` is when an agent acted
    since the present team has it. `reopened` counts. `supplied` is when it waited for the supplier.
    """

    created: int
    open: tuple[Span, ...]
    worked: tuple[Span, ...]  # open without the pauses
    answered: int | None
    word: int
    waiting: int | None  # since when it waits; not while those for whom it waits have spoken last
    resolved: int | None
    team_since: int
    acknowledged: int | None
    reopened: int
    supplied: tuple[Span, ...]


class _Walk:
    """Goes through what happened, oldest first, and keeps what is so at each moment."""

    status, waiting_for = "new", ""
    deaf = False
    answered: int | None = None
    waiting: int | None = None
    resolved: int | None = None
    acknowledged: int | None = None
    reopened = 0

    def __init__(self, created: int, pauses: frozenset[str]) -> None:
        self.pauses = pauses
        self.open: list[Span] = [(created, None)]
        self.worked: list[Span] = [(created, None)]
        self.supplied: list[Span] = []
        self.spoken: set[str] = set()  # who of those that a ticket may wait for, since it waits, and no agent since
        self.word = self.team_since = created

    def turn(self, at: int, value: str, by: str) -> None:
        """Take a new status."""
        if value == self.status:
            return
        was_open, is_open = self.status not in OVER, value not in OVER
        if self.status == "new" and value in ("in_progress", "waiting") and by in ("agent", "unknown"):
            self.acknowledge(at)
        if was_open and not is_open:
            self._end(at)
        elif is_open and not was_open:
            self._reopen(at)
        if value not in SOLVED:
            self.resolved = None
        elif self.resolved is None:
            self.resolved = at
        self.waiting = at if value == "waiting" else None
        self.spoken.clear()
        self.status = value
        self._run(at)

    def _end(self, at: int) -> None:
        self.open[-1] = (self.open[-1][0], at)
        self.answered = at if self.answered is None else self.answered

    def _reopen(self, at: int) -> None:
        self.reopened += 1
        self.word = at
        self.open.append((at, None))

    def wait(self, at: int, value: str) -> None:
        """Take what it waits for, if it waits. What ended when somebody answered begins again."""
        if self.spoken and self.status == "waiting":
            self.waiting = at
        self.waiting_for = value
        self.spoken.clear()
        self._run(at)

    def hear(self, at: int, by: str) -> None:
        """Somebody spoke. What waited for them waits no more, whatever the status still says; a robot says nothing."""
        if by in AWAITED:
            self.answer(AWAITED[by])
        elif by != "robot":
            self.word = at
            if by == "agent":
                self._agent(at)
        self._run(at)

    def answer(self, awaited: str) -> None:
        """Take the answer of those for whom it may wait."""
        self.spoken.add(awaited)
        if self.waiting_for == awaited:
            self.waiting = None

    def _agent(self, at: int) -> None:
        if self.spoken and self.status == "waiting":
            self.waiting = at
        self.spoken.clear()
        self.answered = at if self.answered is None else self.answered
        self.acknowledge(at)

    def acknowledge(self, at: int) -> None:
        """An agent acts. Where we cannot hear what is said, that has to count as the answer, too."""
        if self.acknowledged is None:
            self.acknowledged = at
        if self.deaf and self.answered is None:
            self.answered = at

    def _run(self, at: int) -> None:
        """Start or end a span in which the ticket is worked on, and one in which the supplier is waited for."""
        waits = self.status == "waiting" and self.waiting_for not in self.spoken
        goes_on = self.status not in OVER and not (waits and self.waiting_for in self.pauses)
        _switch(self.worked, goes_on, at)
        _switch(self.supplied, waits and self.waiting_for == "supplier", at)


def _switch(spans: list[Span], goes_on: bool, at: int) -> None:
    """Start or end the last of some spans."""
    is_on = bool(spans) and spans[-1][1] is None
    if is_on and not goes_on:
        spans[-1] = (spans[-1][0], at)
    elif goes_on and not is_on:
        spans.append((at, None))


def course(created: int, past: Iterable[Past], pauses: frozenset[str]) -> Course:
    """Return the course of a ticket that was created then; `pauses` are what it may wait for without being late."""
    walk = _Walk(created, pauses)
    for at, fact, value, by, _exact in past:
        if fact == "status":
            walk.turn(at, value, by)
        elif fact == "comment" or (fact == "note" and by == "supplier"):
            walk.hear(at, by)
        elif fact == "waiting_for":
            walk.wait(at, value)
        elif fact == "team":
            walk.team_since, walk.acknowledged = at, None
        elif fact == "deaf":
            walk.deaf = True
        elif fact in TOLD_ONLY:
            pass
        elif (value or fact == "note") and (by == "agent" or (by == "unknown" and fact == "assignee")):
            walk.acknowledge(at)
    spans = tuple(walk.open), tuple(walk.worked)
    words = walk.answered, walk.word, walk.waiting, walk.resolved
    supplied = tuple(one for one in walk.supplied if one[0] != one[1])
    return made(Course, (created, *spans, *words, walk.team_since, walk.acknowledged, walk.reopened, supplied))
