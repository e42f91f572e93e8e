"""Resolve clocks on a ServiceNow audit log, beside the log's own `made_sla`: what agrees, and why the rest does not.

    python -m bench sla

Targets, hours and pauses of that instance are not known. So the log is counted by the targets of the reference
workspace, in working hours and around the clock, with its pauses and without; and, to tell what the targets cost,
by those that fit the log best. Its times are taken for an office's own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any, Final, NamedTuple

from bench.calendars import HOUR
from bench.log_rows import HELD_FOR, Rows, by_incident, missing, shown, the_log
from bench.machine import table
from rules.calendar import Calendar, span
from rules.clocks import clock
from rules.course import course
from rules.model import Past

STATES: Final = {"New": "new", "Active": "in_progress", "Resolved": "resolved", "Closed": "closed"}
TARGETS: Final = {"P1": 4 * HOUR, "P2": 8 * HOUR, "P3": 24 * HOUR, "P4": 80 * HOUR, "P5": 160 * HOUR}
ALWAYS: Final = Calendar(UTC, ((span("00:00-24:00"),),) * 7)
OFFICE: Final = Calendar(UTC, ((span("08:00-16:00"),),) * 5 + ((), ()))
PAUSES: Final = frozenset({"requester", "change"})
NONE: Final[frozenset[str]] = frozenset()
AROUND: Final[dict[str, Any]] = {"hours": ALWAYS, "urgent": ALWAYS}
BIGGEST: Final = 10


class Incident(NamedTuple):
    """What the log tells of an incident; moments are seconds since 1970."""

    number: str
    priority: str
    made: bool
    created: int
    last: int
    past: tuple[Past, ...]


class Way(NamedTuple):
    """A way to count: in which hours, and what stops the clock; `urgent` are the hours of P1."""

    name: str
    hours: Calendar
    urgent: Calendar
    pauses: frozenset[str]

    def used(self, one: Incident) -> int:
        """Return the seconds that the clock of an incident has counted until it was resolved."""
        hours = self.urgent if one.priority == "P1" else self.hours
        return clock(hours, course(one.created, one.past, self.pauses).worked).used(one.last)

    def agrees(self, one: Incident) -> bool:
        """Tell whether by the reference targets it was met exactly where the log says so."""
        return (self.used(one) <= TARGETS[one.priority]) == one.made


REFERENCE: Final = Way("office hours, pauses: the reference", OFFICE, ALWAYS, PAUSES)
WAYS: Final = (
    REFERENCE,
    Way("office hours, no pauses", OFFICE, ALWAYS, NONE),
    Way("around the clock, pauses", ALWAYS, ALWAYS, PAUSES),
    Way("around the clock, no pauses", ALWAYS, ALWAYS, NONE),
)


def main() -> bool:
    """Print what was found; there is no limit to keep."""
    file = the_log()
    if file.is_file():
        show(incidents(file.read_text(encoding="utf-8")))
    else:
        print(f"\nskipped: {missing(file)}")
    return True


def incidents(log: str) -> list[Incident]:
    """Return the incidents of a log (the text of its CSV) that have a priority of ours."""
    return [_incident(number, rows) for number, rows in by_incident(log).items()]


def _incident(number: str, rows: Rows) -> Incident:
    """Return an incident as its last row has it: `made_sla` is judged when it is closed."""
    last_at, last = rows[-1]
    made = last["made_sla"].upper() == "TRUE"
    created = int(shown(last["opened_at"]).timestamp())
    return Incident(number, f"P{last['priority'][:1]}", made, created, int(last_at.timestamp()), tuple(_past(rows)))


def _past(rows: Rows) -> Iterable[Past]:
    known = {"waiting_for": "", "status": "new"}
    for at, row in rows:
        state = row["incident_state"]
        now = {"waiting_for": HELD_FOR.get(state, ""), "status": STATES.get(state, "waiting")}
        for fact, value in now.items():
            if value != known[fact]:
                yield Past(int(at.timestamp()), fact, value, "agent")
        known = now


def show(found: Sequence[Incident]) -> None:
    """Print the ways to count, each priority in two of them, and the biggest disagreements."""
    print(f"\nResolve clocks of {len(found)} incidents in a real instance's log, beside its made_sla")
    print("  its own targets, hours and pauses are unknown: these are only ways to count")
    shares = [(_share(way.agrees(one) for one in found), way) for way in WAYS]
    rows = [(way.name, f"{share:.1f} %", f"{fitted(way, found):.1f} %") for share, way in shares]
    table(("agreement", "reference targets", "targets that fit best"), rows)
    best = max(shares, key=lambda one: one[0])[1]
    for way in (REFERENCE,) if best is REFERENCE else (REFERENCE, best):
        _compare(way, found)


def _compare(way: Way, found: Sequence[Incident]) -> None:
    print(f"\n  By the reference targets, {way.name}")
    head = ("", "incidents", "log: met", "missed", "ours: met", "missed", "agreement")
    table(head, _priorities(way, found))
    _differences(way, found)


def fitted(way: Way, found: Sequence[Incident]) -> float:
    """Return the agreement in percent that no target for each priority could exceed, however well it is chosen."""
    best = 0
    for priority in TARGETS:
        those = [(way.used(one), one.made) for one in found if one.priority == priority]
        best += max((sum((used <= target) == made for used, made in those) for target in _steps(those)), default=0)
    return 100 * best / len(found)


def _steps(those: Sequence[tuple[int, bool]]) -> list[int]:
    return [-1, *(used for used, _ in those)]


def _share(answers: Iterable[bool]) -> float:
    known = list(answers)
    return 100 * sum(known) / len(known)


def _priorities(way: Way, found: Sequence[Incident]) -> list[tuple[str, ...]]:
    """Return a row for each priority, and one for all."""
    rows = []
    for priority in [*sorted({one.priority for one in found}), "all"]:
        those = [one for one in found if priority in (one.priority, "all")]
        met, same = sum(one.made for one in those), [way.agrees(one) for one in those]
        ours = sum(one.made == good for one, good in zip(those, same, strict=True))
        counts = (len(those), met, len(those) - met, ours, len(those) - ours)
        rows.append((priority, *map(str, counts), f"{_share(same):.1f} %"))
    return rows


def _differences(way: Way, found: Sequence[Incident]) -> None:
    """Print the incidents whose clock is furthest from the target on the wrong side, and what would decide."""
    wrong = [one for one in found if not way.agrees(one)]
    wrong.sort(key=lambda one: (-abs(way.used(one) - TARGETS[one.priority]), one.number))
    print(f"  {len(wrong)} disagree, in hours of work; those furthest from the target:")
    table(
        ("", "", "log", "counted", "target", "waited", "what decides"),
        [_row(way, one) for one in wrong[:BIGGEST]],
        (0, 1, 2, 6),
    )
    for why, count in Counter(_why(way, one) for one in wrong).most_common():
        print(f"    {count:3} × {why}")


def _row(way: Way, one: Incident) -> tuple[str, ...]:
    used, target = way.used(one), TARGETS[one.priority]
    waited = way._replace(pauses=NONE).used(one) - way._replace(pauses=frozenset(HELD_FOR.values())).used(one)
    hours = (f"{seconds / HOUR:,.1f}" for seconds in (used, target, waited))
    return one.number, one.priority, "met" if one.made else "missed", *hours, _why(way, one)


def _why(way: Way, one: Incident) -> str:
    """Return what would have to be otherwise for the log's answer: the pauses, the hours, or else the target."""
    said = ", reopened" if course(one.created, one.past, NONE).reopened else ""
    ways = (("pauses", {"pauses": NONE}), ("hours", AROUND), ("pauses and hours", {"pauses": NONE, **AROUND}))
    for what, otherwise in ways:
        if way._replace(**otherwise).agrees(one):
            return what + said
    return f"{'longer' if one.made else 'shorter'} target{said}"
