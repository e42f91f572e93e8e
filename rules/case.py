"""One ticket while it is being decided: the facts as the stages see them, and what they have decided so far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rules.announcement import Announcement
from rules.describe import shown
from rules.happening import Happening
from rules.model import (
    FIRST_LEVEL,
    Action,
    Assign,
    Fact,
    Held,
    Intended,
    Memory,
    Notify,
    Reason,
    SetFields,
    Surroundings,
    Ticket,
    made,
    mark,
)
from rules.rule import Rule
from rules.rulebook import Rulebook

if TYPE_CHECKING:
    from rules.clocks import Clocks

NONE: Final[frozenset[str]] = frozenset()
NO_TIMES: Final[Mapping[str, int]] = MappingProxyType({})
UNTIL_FACTS_CHANGE: Final = "until_facts_change"


class Case:
    """The working state of one decision. It lives only inside `decide`, which stays a pure function.

    `facts` start as the last values that are not ours; each stage adds what it decided. `held` and `intended` are
    the memory's own mappings until `hold` or `intend` replaces them by changed copies. `pending` are facts that
    classify filled in and that prioritise writes, with the reason. `overruled` says that somebody replaced a value
    of ours: most tickets have none, and need not be asked field by field. `start` begins the key of each action,
    and `known` tells whether anything was ever done here. `forgone` are the keys of messages whose reader hears
    something else first: their occasion is over. `over` are facts that a person's time has run out on: since when.
    `past` is what clocks are rebuilt from, `clocks` what came of it where somebody asked, `waits` the marks of timed
    messages and steps to come as remembered, `waiting` those that are gathered now. `level` is the one reached before,
    `escalated` when a step that is taken now was called for, `handed_over` when the day ended after which it is,
    `missed` when a word was promised that nobody spoke; 0 where that is not so. `happened` is what reports count,
    `written` the language of the ticket's text where somebody asked, "" if that is not sure.
    """

    __slots__ = (
        "account",
        "actions",
        "announced",
        "around",
        "before",
        "book",
        "clocks",
        "escalated",
        "facts",
        "forgone",
        "handed_over",
        "happened",
        "heard_of",
        "held",
        "intended",
        "known",
        "level",
        "look_again_at",
        "memory",
        "missed",
        "mode",
        "notices",
        "now",
        "over",
        "overruled",
        "owed",
        "past",
        "pending",
        "people",
        "proposals",
        "reasons",
        "robots",
        "start",
        "texts",
        "ticket",
        "told",
        "waiting",
        "waits",
        "words",
        "written",
    )

    def __init__(self, ticket: Ticket, memory: Memory, around: Surroundings, book: Rulebook, now: datetime) -> None:
        connection = book.connections[ticket.connection]
        self.ticket = ticket
        self.memory = memory
        self.book = book
        self.now = now
        self.words = connection.kinds[ticket.kind]
        self.mode = connection.mode
        self.robots = connection.robots
        self.account = around.account
        self.around = around
        self.people = around.people
        self.facts: dict[str, Fact] = dict(ticket.facts)
        self.held = memory.held
        self.intended = memory.intended
        self.told = memory.told
        self.owed = memory.owed
        self.before = memory.before
        self.texts = memory.texts
        self.past = memory.past
        self.waits = memory.waits
        self.waiting: set[str] = set()
        self.level = FIRST_LEVEL
        self.escalated = 0
        self.handed_over = 0
        self.missed = 0
        self.clocks: Clocks | None = None
        self.start = f"{ticket.connection}/{ticket.id} "  # by the id, which stays when a ticket moves
        self.known = bool(memory.done or ticket.marks)
        self.look_again_at: datetime | None = None
        self.overruled = False
        self.over: Mapping[str, int] = NO_TIMES
        self.pending: dict[str, Reason] = {}
        self.forgone: frozenset[str] = NONE
        self.reasons: list[Reason] = []
        self.actions: list[Action] = []
        self.notices: list[Notify] = []
        self.announced: Announcement | None = None
        self.heard_of: Announcement | None = None
        self.proposals: list[Reason] = []
        self.happened: list[Happening] = []
        self.written: str | None = None

    def hold(self, fact: str, held: Held) -> None:
        """Remember what stands in a field and whose it is."""
        if self.held is self.memory.held:
            self.held = dict(self.held)
        self.held[fact] = held  # type: ignore[index]

    def show(self, fact: str) -> None:
        """Let later stages see what stands on the platform, where nothing else was decided."""
        standing = self.ticket.facts.get(fact)
        if standing is None:
            self.facts.pop(fact, None)
        else:
            self.facts[fact] = standing

    def is_done(self, key: str) -> bool:
        """Tell whether an action was done, as far as we or the ticket itself remember."""
        if not self.known:
            return False
        found = mark(key)
        return found in self.memory.done or found in self.ticket.marks

    def stands(self, fact: str, held: Held, basis: int) -> bool:
        """Tell whether a value that replaced ours still wins: until the facts that the stage decides on change.

        Or always, or for a set time, as the desk says. A new rulebook may read other facts; that alone overrules
        nobody.
        """
        if self.book.people_win != UNTIL_FACTS_CHANGE:
            return self._stands_for_now(fact, held)
        if held.basis < 0 or self.memory.digest != self.book.digest:
            if held.basis != basis:
                self.hold(fact, held._replace(basis=basis))
            return True
        return held.basis == basis

    def _stands_for_now(self, fact: str, held: Held) -> bool:
        """Tell the same where a desk lets people win always, or for a time that begins with their change."""
        wins = self.book.people_win_for
        if wins is None:
            return True
        ends = held.at + wins
        if self.now < ends:
            self.look_again_at = min(ends, self.look_again_at or ends)
        else:
            self.over = {**self.over, fact: int(ends.timestamp())}
        return self.now < ends

    def same_basis(self, fact: str, intended: Intended, basis: int) -> bool:
        """Tell whether we meant to write this value for these very facts; a new rulebook alone is no new fact.

        Where the ticket changed, too, it cannot be told which of both the difference is: then our own value gives way.
        """
        changed = self.ticket.version > max(self.memory.version, self.memory.confirmed)
        if intended.basis != basis and self.memory.digest != self.book.digest and not changed:
            self.intended = {**self.intended, fact: intended._replace(basis=basis)}
            return True
        return intended.basis == basis

    def write(self, fact: str, value: Fact | None, basis: int, reason: Reason) -> bool:
        """Plan to write one fact, once for the facts that ask for it, and tell whether it is planned.

        A value that we wrote for these very facts and that somebody else's automation replaced is not written again:
        two automations would fight for ever.
        """
        before = self.intended.get(fact) if self.intended else None
        key = f"{self.start}{fact}={value} @{self.ticket.version}"
        if fact in self.over:  # what was written before somebody's time began counts no more: it is written once anew
            key = f"{self.start}{fact}={value} @{self.over[fact]} {basis:x}"
            before = before if before is not None and before.key == key else None
        if before is not None and before.value == value and self.same_basis(fact, before, basis):
            key = before.key
            if self.is_done(key):
                self.reasons.append(left(reason, f"{fact} was written once for these facts and did not stay"))
                return False
        else:
            if self.intended is self.memory.intended:
                self.intended = dict(self.intended)
            self.intended[fact] = made(Intended, (value, key, basis, reason.rule))  # type: ignore[index]
        if fact == "team":
            self.actions.append(made(Assign, (key, value, reason)))
        else:
            self.actions.append(made(SetFields, (key, {fact: value}, reason)))
        self.reasons.append(reason)
        return True


def aside(rule: Rule, reason: Reason, reasons: list[Reason], proposals: list[Reason]) -> None:
    """Note a rule that would act but may only observe or advise."""
    if rule.mode == "advise":
        proposals.append(with_outcome(reason, "advised"))
    else:
        reasons.append(with_outcome(reason, "observed"))


@lru_cache(maxsize=10_000)
def with_outcome(reason: Reason, outcome: str) -> Reason:
    """Return the same reason with another outcome."""
    return reason._replace(outcome=outcome)  # type: ignore[arg-type]


@lru_cache(maxsize=10_000)
def left(reason: Reason, why: str) -> Reason:
    """Return the reason for what a rule did not do."""
    return reason._replace(outcome="left", text=why)


@lru_cache(maxsize=10_000, typed=True)
def saying(reason: Reason, fact: str, value: Fact) -> Reason:
    """Return the reason with what it leads to in front: "priority: P2. Security is never below P2."."""
    text = f"{fact}: {shown(value)}"
    return reason._replace(text=f"{text}. {reason.text}" if reason.text else text)
