"""The course of a ticket: when it was open, waiting, answered, taken, resolved. What its clocks are made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rules.model import ENDED, Past

Span = tuple[int, int | None]
"""From when to when, in seconds since 1970; None is: it goes on."""

SOLVED: Final = frozenset({"resolved", "closed"})
OVER: Final = ENDED | SOLVED
"""Any other status is open, also one that the desk's words do not know: its clocks run."""


class Course(NamedTuple):
    """Moments are seconds since 1970, None where it did not happen.

    `answered` is the first public word of an agent, or the end of a ticket that never got one. `word` is the last
    public word from the desk, ours included, or when the ticket was opened. `acknowledged` is when an agent acted
    since the present team has it. `reopened` counts.
    """

    created: int
    open: tuple[Span, ...]
    worked: tuple[Span, ...]  # open without the pauses
    answered: int | None
    word: int
    waiting: int | None  # since when it waits; not while the requester, for whom it waits, has spoken last
    resolved: int | None
    team_since: int
    acknowledged: int | None
    reopened: int


class _Walk:
    """Goes through what happened, oldest first, and keeps what is so at each moment."""

    def __init__(self, created: int, pauses: frozenset[str]) -> None:
        self.pauses = pauses
        self.status, self.waiting_for = "new", ""
        self.deaf = False
        self.customer_spoke = False  # since it waits, and no agent since
        self.open: list[Span] = [(created, None)]
        self.worked: list[Span] = [(created, None)]
        self.answered: int | None = None
        self.word = created
        self.waiting: int | None = None
        self.resolved: int | None = None
        self.team_since = created
        self.acknowledged: int | None = None
        self.reopened = 0

    def take(self, one: Past) -> None:
        """Go on to the next thing that happened."""
        if one.fact == "status":
            self._status(one)
        elif one.fact == "waiting_for":
            self.waiting_for = one.value
            self.customer_spoke = False
        elif one.fact == "team":
            self.team_since, self.acknowledged = one.at, None
        elif one.fact == "comment":
            self._comment(one)
        elif one.fact == "deaf":
            self.deaf = True
        if one.by == "agent" and one.fact in ("assignee", "note", "comment"):
            self._acknowledge(one.at)
        if one.by == "unknown" and one.fact == "assignee":
            self._acknowledge(one.at)
        self._run(one.at)

    def _status(self, one: Past) -> None:
        was_open, is_open = self.status not in OVER, one.value not in OVER
        if self.status == "new" and one.value in ("in_progress", "waiting") and one.by in ("agent", "unknown"):
            self._acknowledge(one.at)
        if is_open and not was_open:
            self.reopened += 1
            self.word = one.at
            self.open.append((one.at, None))
        if was_open and not is_open:
            self.open[-1] = (self.open[-1][0], one.at)
            self.answered = one.at if self.answered is None else self.answered
        if one.value not in SOLVED:
            self.resolved = None
        elif self.resolved is None:
            self.resolved = one.at
        if one.value != self.status:
            self.waiting = one.at if one.value == "waiting" else None
            self.customer_spoke = False
        self.status = one.value

    def _comment(self, one: Past) -> None:
        if one.by == "customer":
            self._customer()
            return
        self.word = one.at
        if one.by == "agent":
            self._agent(one.at)

    def _customer(self) -> None:
        """The customer spoke: what waited for them waits no more, whatever the status still says."""
        self.customer_spoke = True
        if self.waiting_for == "requester":
            self.waiting = None

    def _agent(self, at: int) -> None:
        if self.customer_spoke and self.status == "waiting":
            self.waiting = at
        self.customer_spoke = False
        self.answered = at if self.answered is None else self.answered

    def _acknowledge(self, at: int) -> None:
        """An agent acts. Where we cannot hear what is said, that has to count as the answer, too."""
        if self.acknowledged is None:
            self.acknowledged = at
        if self.deaf and self.answered is None:
            self.answered = at

    def _run(self, at: int) -> None:
        """Start or end a span in which the ticket is worked on."""
        runs, goes_on = self.worked[-1][1] is None, self._is_worked_on()
        if runs and not goes_on:
            self.worked[-1] = (self.worked[-1][0], at)
        elif goes_on and not runs:
            self.worked.append((at, None))

    def _is_worked_on(self) -> bool:
        """Tell whether no pause holds: a wait for the requester is over when they have spoken."""
        if self.status != "waiting" or self.waiting_for not in self.pauses:
            return self.status not in OVER
        return self.waiting_for == "requester" and self.customer_spoke


def course(created: int, past: Iterable[Past], pauses: frozenset[str]) -> Course:
    """Return the course of a ticket that was created then; `pauses` are what it may wait for without being late."""
    walk = _Walk(created, pauses)
    for one in past:
        walk.take(one)
    return Course(
        created, tuple(walk.open), tuple(walk.worked), walk.answered, walk.word, walk.waiting, walk.resolved,
        walk.team_since, walk.acknowledged, walk.reopened,
    )  # fmt: skip
