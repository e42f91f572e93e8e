"""A month of a service desk, simulated: tickets on two platforms, and the service that looks at them each minute.

The service is the real one, from what it reads to what it remembers; only requests and the store are left out. It looks
at tickets that changed and at those whose time has come, and at no others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from heapq import heappop, heappush
from random import Random
from typing import Any, Final, NamedTuple

from rules import engine
from rules.confirm import confirmed, marks, written_facts
from rules.model import Action, Comment, Decision, Event, Memory, Person, Surroundings, Ticket
from rules.rulebook import Rulebook
from tests.month.log import OURS, POLL, Entry, Log, TicketLog

ACCOUNTS: Final = {"snow": ("ida", "jonas", "noah", "mia", "khanh", "olivia", "ivar")}
ACCOUNTS_ON: Final = {**ACCOUNTS, "jira": tuple(one for one in ACCOUNTS["snow"] if one != "khanh")}
"""Who has an account on which platform: Khanh has none on Jira."""

OPEN: Final = ("new", "in_progress", "waiting")
ORDER: Final = ("comment", "note", "team", "status", "waiting_for", "assignee")
"""Of one change of a ticket: what is said with it comes before what it changes."""


class Plan(NamedTuple):
    """How large a world is, what stands still when ("" is the service itself), and how often things go wrong."""

    seed: int
    start: int
    days: int
    tickets: int
    down: Mapping[str, Sequence[tuple[int, int]]]
    lost: float = 0.02  # tickets of which the service forgets everything once
    failing: float = 0.01  # writes that fail


class Life:
    """One ticket as it stands on its platform, and what the service knows of it."""

    def __init__(self, log: TicketLog) -> None:
        self.log, self.number, self.platform = log, log.number, log.platform
        self.facts: dict[str, Any] = dict(log.facts)
        self.history: list[Event] = []
        self.said: list[Event] = []
        self.version, self.updated, self.by = 0, moment(log.created), log.requester
        self.marks: frozenset[str] = frozenset()
        self.memory, self.wakes = Memory(), 0
        self.to_do = 0
        self.person = Person(log.requester, log.requester, "en", log.zone)

    @property
    def is_open(self) -> bool:
        return self.facts["status"] in OPEN

    def change(self, at: int, by: str, changes: Mapping[str, Any]) -> None:
        """Let somebody change the ticket and speak, in one update."""
        self.version, self.updated, self.by = self.version + 1, moment(at), by
        for what in sorted(changes, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER)):
            value = changes[what]
            if what in ("comment", "note"):
                self.said.append(Event(self.updated, by, what, value, by == self.log.requester))
            else:
                self._set(by, what, value)

    def _set(self, by: str, what: str, value: Any) -> None:
        self.history.append(Event(self.updated, by, what, value))
        if value is None:
            self.facts.pop(what, None)
        else:
            self.facts[what] = value

    def read(self) -> Ticket:
        """Return the ticket as the service may read it: Jira tells it no history, and not who watches."""
        told = self.platform == "snow"
        facts = self.facts if told else {fact: value for fact, value in self.facts.items() if fact != "watchers"}
        return Ticket(
            self.platform, self.number, self.number, "incident", self.version, moment(self.log.created),
            self.log.requester, self.updated, self.by, dict(facts), requester=self.person,
            history=tuple(self.history) if told else None, said=tuple(self.said), marks=self.marks,
            customers=frozenset((self.log.requester,)),
        )  # fmt: skip


class World:
    """Everything that happens. `people` are the ones who do something on a ticket when they are called."""

    def __init__(self, plan: Plan, book: Rulebook, people: Any) -> None:
        self.plan, self.book, self.people, self.random = plan, book, people, Random(plan.seed)
        self.end = plan.start + plan.days * 86_400
        self.lives: dict[str, Life] = {}
        self.majors: dict[str, dict[str, str]] = {"snow": {}, "jira": {}}
        self.events: list[tuple[int, int, str]] = []
        self.due: dict[str, list[tuple[int, str]]] = {"snow": [], "jira": []}
        self.changed: dict[str, set[str]] = {"snow": set(), "jira": set()}
        self.decisions = self._count = 0
        since = moment(plan.start - 86_400)
        self.around = {
            name: Surroundings(since, OURS, people={one: one for one in known}) for name, known in ACCOUNTS_ON.items()
        }

    def run(self) -> Log:
        """Let the month pass."""
        self.people.begin(self)
        ups = {name: _Spans([*self.plan.down.get("", ()), *self.plan.down.get(name, ())]) for name in self.due}
        for now in range(self.plan.start, self.end, POLL):
            while self.events and self.events[0][0] < now:
                at, _, number = heappop(self.events)
                self.people.act(self, at, number)
            for platform, down in ups.items():
                if not down.holds(now):
                    self._poll(platform, now)
        down = {name: spans.spans for name, spans in ups.items()}
        return Log(self.plan.start, self.end, down, [life.log for life in self.lives.values()])

    # What people do

    def happens(self, at: int, number: str) -> None:
        """Let people come to a ticket then."""
        self._count += 1
        heappush(self.events, (at + (at % POLL == 0), self._count, number))

    def report(self, log: TicketLog) -> Life:
        """Let a ticket be there."""
        life = self.lives[log.number] = Life(log)
        self.changed[log.platform].add(log.number)
        return life

    def change(self, life: Life, at: int, by: str, **changes: Any) -> None:
        """Let somebody change a ticket, and write it down."""
        before = self._is_major(life)
        life.change(at, by, changes)
        for what in sorted(changes, key=lambda one: ORDER.index(one) if one in ORDER else len(ORDER)):
            life.log.entries.append(Entry(at, by, what, changes[what]))
        self.changed[life.platform].add(life.number)
        if "parent" in changes:
            self._below(life, at)
        if before != self._is_major(life):
            self._major(life, at)

    def forget(self, life: Life, at: int) -> None:
        """Let the service lose what it knows of a ticket; what stands on the ticket stays."""
        life.memory, life.wakes = Memory(), 0
        life.log.entries.append(Entry(at, "", "lost"))
        self.changed[life.platform].add(life.number)

    def _is_major(self, life: Life) -> bool:
        return life.facts.get("major") is True and life.is_open

    def _major(self, life: Life, at: int) -> None:
        """Let an incident become or cease to be an open major one: what is below it is looked at."""
        majors = self.majors[life.platform]
        if self._is_major(life):
            majors[life.number] = life.facts["service"]
        else:
            majors.pop(life.number, None)
        for below in self.lives.values():
            if below.platform == life.platform and below.facts.get("parent") == life.number:
                self._below(below, at)
                self.changed[below.platform].add(below.number)

    def _below(self, life: Life, at: int) -> None:
        above = life.facts.get("parent") in self.majors[life.platform]
        life.log.entries.append(Entry(at, "", "below", above))

    # What the service does

    def _poll(self, platform: str, now: int) -> None:
        """Look at what changed, and at that whose time has come."""
        due, woken = self.due[platform], self.changed[platform]
        while due and due[0][0] <= now:
            at, number = heappop(due)
            if self.lives[number].wakes == at:
                woken.add(number)
        self.changed[platform] = set()
        around = self.around[platform]._replace(majors=dict(self.majors[platform]))
        for number in sorted(woken):
            self._look_at(self.lives[number], around, now)

    def _look_at(self, life: Life, around: Surroundings, now: int) -> None:
        self.decisions += 1
        decision = engine.decide(life.read(), life.memory, around, self.book, moment(now))
        life.memory = decision.memory
        self._wake(life, decision.look_again_at, now)
        for notice in (*decision.notices, *decision.untold):
            entry = Entry(now, OURS, "told", (notice.message, notice.person or notice.reader, about(notice.key)))
            life.log.entries.append(entry)
        if not decision.actions:
            return
        if self.random.random() < self.plan.failing:
            life.log.entries.append(Entry(now + 1, "", "failed"))
            self.changed[life.platform].add(life.number)
        else:
            self._write(life, decision, now)

    def _wake(self, life: Life, at: datetime | None, now: int) -> None:
        life.wakes = 0
        if at is not None:
            life.wakes = max(int(at.timestamp()), now + 1)
            if life.wakes < self.end:
                heappush(self.due[life.platform], (life.wakes, life.number))

    def _write(self, life: Life, decision: Decision, now: int) -> None:
        before = self._is_major(life)
        facts = _written(life, decision.actions)
        said = [action for action in decision.actions if isinstance(action, Comment)]
        life.change(now, OURS, facts)
        life.log.entries.extend(Entry(now, OURS, fact, value) for fact, value in facts.items())
        for one in said:
            life.said.append(Event(moment(now), OURS, "comment" if one.public else "note", None))
            life.log.entries.append(Entry(now, OURS, "said", (one.message, one.reader, about(one.key))))
        life.marks |= {found for action in decision.actions for found in marks(action)}
        life.memory = confirmed(life.memory, life.read(), decision.actions)
        self.changed[life.platform].add(life.number)  # the service looks again after each write of its own
        if before != self._is_major(life):
            self._major(life, now)


def about(key: str) -> str:
    """Return what the key of a message tells of its occasion: a level, a person asked, a day's end; else ""."""
    words = key.split(" ")
    starts = [place for place, word in enumerate(words) if word in ("level", "approval", "handed")]
    return " ".join(words[starts[0] :]) if starts else ""


def moment(at: int) -> datetime:
    return datetime.fromtimestamp(at, UTC)


def _written(life: Life, actions: Sequence[Action]) -> dict[str, Any]:
    """Return what a platform makes of what is written: watchers are added to those who are there."""
    facts = dict(written_facts(actions))
    if "watchers" in facts:
        facts["watchers"] = tuple(dict.fromkeys((*life.facts.get("watchers", ()), *facts["watchers"])))
    return facts


class _Spans:
    """Spans of time, those that meet as one."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self.spans: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = (self.spans[-1][0], max(end, self.spans[-1][1]))
            else:
                self.spans.append((start, end))
        self.starts = [start for start, _ in self.spans]

    def holds(self, at: int) -> bool:
        place = bisect_right(self.starts, at) - 1
        return place >= 0 and at < self.spans[place][1]
