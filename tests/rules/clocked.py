"""Tells the life of a ticket, and lets it be read in three ways: with its history, without, and every five minutes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from loading import BASELINE, CONNECTION, LANGUAGES, MESSAGES

from connectors.almanac import WorldAlmanac
from rules.calls import clocks_of
from rules.clocks import Clocks
from rules.confirm import confirmed, written_facts
from rules.engine import decide
from rules.happening import Happening
from rules.model import Comment, Decision, Event, Memory, Person, Surroundings, Ticket, mark
from rules.workspace import load

OSLO = ZoneInfo("Europe/Oslo")
WAYS = {"full": 0, "denied": 0, "observed": 300}
"""How a ticket is read, and by how many seconds its clocks may be wrong then.

Full: with its history. Denied: without, at each change. Observed: without, every five minutes.
"""
STAGES = ("communications", "classify", "routes", "adjust")
STEP = timedelta(minutes=5)
MORE = dict.fromkeys(("post-incident-report", "handed-over", "approval-request", "apology", "closing-soon"), LANGUAGES)
PROMISING = frozenset({"received", "apology", "major-incident-update"})
DESK = """
calendars:
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}}
calendar: oslo
pauses: {resolve: [requester, change]}
teams: {web: {groups: {snow: Web}}, desk: {groups: {snow: Desk}}}
priorities:
  - {name: P1, respond: 15m, resolve: 4h, updates: 1h, calendar: always}
  - {name: P2, respond: 30m, resolve: 8h, updates: 4h}
  - {name: P3, respond: 4h, resolve: 24h}
  - {name: P4, respond: 8h, resolve: 80h}
  - {name: P5, respond: 16h, resolve: 160h}
words: {snow: {set_priority_by: [priority], fields: {symptom: u_symptom}}}
"""


def moment(text: str) -> datetime:
    """Return "24 10:30" or "12-24 10:30", which is in Oslo and in 2026."""
    day, clock = text.split(" ")
    month, _, day = day.rpartition("-")
    hour, minute = clock.split(":")
    return datetime(2026, int(month or 11), int(day), int(hour), int(minute), tzinfo=OSLO).astimezone(UTC)


def book(*rules: str):
    """Load a desk with clocks and these rules."""
    keys = {line.split(":")[0] for text in rules for line in text.splitlines() if line and line[0].isalpha()}
    desk = "\n".join(block for block in _blocks(DESK) if block.split(":")[0] not in keys)
    stages = "".join(f"{stage}: []\n" for stage in STAGES if stage not in keys)
    files = {"desk.yaml": "" if "connections" in keys else CONNECTION, "a.yaml": desk + "\n" + stages}
    files |= {f"r{number}.yaml": text for number, text in enumerate(rules)}
    answer = load(files, BASELINE, {**MESSAGES, **MORE}, WorldAlmanac(), PROMISING)
    assert answer.rulebook is not None, answer.problems
    return answer.rulebook


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for line in text.strip().splitlines():
        if line[0].isalpha():
            blocks.append(line)
        else:
            blocks[-1] += "\n" + line
    return blocks


def written(facts: dict, values: dict) -> dict:
    """Return what a platform makes of what is written: watchers are added to those who are there."""
    watchers = dict.fromkeys((*facts.get("watchers", ()), *values.get("watchers", ())))
    return {**values, "watchers": tuple(watchers)} if "watchers" in values else values


class Story:
    """One ticket, told change by change; `told` is what we said: when in Oslo, the message, the reader."""

    def __init__(
        self, way: str, *rules: str, start: str = "24 09:00", zone: str = "Europe/Oslo", deaf: bool = False, **facts
    ) -> None:
        self.deaf, self.way, self.book, self.now = deaf, way, book(*rules), moment(start)
        self.created, self.by, self.version, self.updated, self.zone = self.now, "kari", 0, self.now, zone
        person = {"requester": "kari", "kind": "incident", "status": "new", "priority": "P3", "team": "desk"}
        self.facts = {fact: value for fact, value in {**person, **facts}.items() if value is not None}
        self.history: list[Event] = []
        self.said: list[Event] = []
        self.memory = Memory()
        self.look_again: datetime | None = None
        self.told: list[tuple[str, str, str]] = []
        self.all_reasons: list[str] = []
        self.late = False
        self.happened: dict[tuple[str, str, int], Happening] = {}
        self.notices: list[tuple[str, str, str, str]] = []
        self.announced: list[str] = []
        self.people = {key: key for key in self.book.people}
        self.around: dict = {}
        self.cycle()

    def at(self, when: str, by: str = "ida", comment: bool = False, note: bool | str = False, **facts) -> Story:
        """Let somebody change the ticket or speak; a note may be a verdict."""
        self.until(when)
        self.version, self.updated, self.by = self.version + 1, self.now, by
        for fact, value in facts.items():
            self.history.append(Event(self.now, by, fact, value))
            self.facts.pop(fact, None)
            if value is not None:
                self.facts[fact] = value
        words = [(word, said) for word, said in (("comment", comment), ("note", note)) if said]
        self.said += [Event(self.now, by, word, said if isinstance(said, str) else None) for word, said in words]
        if self.way != "observed":
            self.cycle()
        return self

    def until(self, when: str) -> Story:
        """Let time pass; the service looks at the ticket when it asked to, or every five minutes."""
        end = moment(when)
        while self.now < end:
            step = self.now + STEP - (self.now - self.created) % STEP if self.way == "observed" else end
            woken = self.look_again if self.look_again is not None and self.look_again > self.now else end
            self.now = min(end, step, woken)
            if self.way == "observed" or self.now == self.look_again:
                self.cycle()
        return self

    def under(self, *rules: str) -> Story:
        """Let the desk have other rules from now on."""
        self.book = book(*rules)
        self.cycle()
        return self

    def cycle(self) -> Decision:
        """Decide, and do what was decided."""
        while (decision := self._decide()).actions:
            self._write(decision)
        self.look_again = decision.look_again_at
        return decision

    def planned(self, when: str) -> Decision:
        """Decide at this time, and let what is planned wait: brakes hold it, or the process ends."""
        self.now, self.look_again = moment(when), None
        return self._decide()

    def _decide(self) -> Decision:
        around = AROUND._replace(people=self.people, **self.around)
        decision = decide(self.read(), self.memory, around, self.book, self.now)
        self.memory = decision.memory
        for one in decision.happened:
            self.happened.setdefault((one.what, one.value, one.at if one.occasion is None else one.occasion), one)
        self.all_reasons += [reason.text for reason in decision.reasons]
        local = f"{self.now.astimezone(OSLO):%d %H:%M}"
        told = (*decision.notices, *decision.untold)
        self.notices += [(local, one.message, one.person or one.reader, one.doors[0]) for one in told]
        self.announced += [decision.announced.message] if decision.announced else []
        done = {mark(one.key) for one in decision.notices}
        self.memory = self.memory._replace(done=self.memory.done | done)
        return decision

    def what_happened(self) -> list[str]:
        """Return what reports would count, in its order: "24 10:00 answered 60 desk", working time in minutes."""
        found = sorted(self.happened.values(), key=lambda one: (one.at, one.what))
        return [
            " ".join(
                filter(
                    None,
                    [f"{datetime.fromtimestamp(one.at, OSLO):%d %H:%M}", one.what, one.value, _minutes(one), one.team],
                )
            )
            for one in found
        ]

    def _write(self, decision: Decision) -> None:
        self.version, self.updated, self.by = self.version + 1, self.now, "sync"
        for fact, value in written(self.facts, written_facts(decision.actions)).items():
            self.history.append(Event(self.now, "sync", fact, value))
            self.facts.pop(fact, None)
            if value is not None:
                self.facts[fact] = value
        self.late = decision.facts.get("escalation.late") is True
        for action in decision.actions:
            if isinstance(action, Comment):
                self.said.append(Event(self.now, "sync", "comment" if action.public else "note", None))
                local = self.now.astimezone(OSLO)
                self.told.append((f"{local:%d %H:%M}", action.message, action.reader))
        self.memory = confirmed(self.memory, self.read(), decision.actions)

    def read(self) -> Ticket:
        """Return the ticket as the service may read it."""
        history = tuple(self.history) if self.way == "full" else None
        said = None if self.deaf else tuple(self.said)
        ticket = Ticket(
            "snow", "1", "INC1", "incident", self.version, self.created, "kari", self.updated, self.by, self.facts,
            requester=Person("kari", "Kari", "nb", self.zone), history=history, said=said,
        )  # fmt: skip
        return ticket._replace(deaf=self.deaf)

    def level(self) -> str:
        """Return the level that the ticket has reached."""
        return str(self.cycle().facts["level"])

    def clocks(self) -> Clocks:
        """Return the ticket's clocks as they stand."""
        decision = self.cycle()
        return clocks_of(self.read(), self.memory.past, decision.facts, self.book, self.now)

    def used(self, name: str) -> float:
        """Return the minutes that a clock has counted."""
        return getattr(self.clocks(), name).used(int(self.now.timestamp())) / 60

    def due(self, name: str) -> str:
        """Return when a clock runs out, in Oslo; "" where it does not."""
        clock = getattr(self.clocks(), name)
        at = clock.due(clock.target) if clock.target else None
        return f"{datetime.fromtimestamp(at, OSLO):%d %H:%M}" if at is not None else ""


def _minutes(one: Happening) -> str:
    return "" if one.amount is None else str(one.amount // 60)


AROUND = Surroundings(moment("01 00:00"), "sync")
