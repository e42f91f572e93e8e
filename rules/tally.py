"""Counts what happened to tickets, by week or month: what the command `report` shows. It adds up, and nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from rules.happening import Happening
from rules.periods import Period

OFTEN: Final = 3
"""Times that people must hand a ticket from team to team before it counts as ping-pong."""

MEDIAN, SLOW = 50, 90
"""Percent of the tickets that took no longer."""

TIMES: Final = {
    "acknowledged": "Working time to acknowledge",
    "answered": "Working time to answer",
    "resolved": "Working time to resolve",
}
SUPPLIED: Final = "supplied"
"""What is timed for each supplier alone."""

NO_TEAM: Final = "(no team)"
NO_SERVICE: Final = "(no service)"


class Section(NamedTuple):
    """What is counted together: which happenings as which part, and by what they are told apart."""

    key: str
    title: str
    parts: Mapping[str, str]
    name: Callable[[Happening], str]


class Row(NamedTuple):
    """How often something happened in each period, and in all of them; `part` is "" where there is one."""

    name: str
    part: str
    counts: tuple[int, ...]
    total: int


class Times(NamedTuple):
    """How many there were, and seconds of working time that half of them took at most, and nine of ten."""

    tickets: int
    median: int | None
    slow: int | None


class Timed(NamedTuple):
    """How long something took in each period, and in all of them; `counted` is what there were so many of."""

    what: str
    title: str
    periods: tuple[Times, ...]
    total: Times
    counted: str = "tickets"


class Tally(NamedTuple):
    """A report. `tables` are section → rows; `bounced` are tickets that went to and fro, the worst first."""

    periods: tuple[Period, ...]
    tables: Mapping[str, tuple[Row, ...]]
    times: tuple[Timed, ...]
    bounced: tuple[tuple[str, int], ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened at all."""
        return not any(self.tables.values()) and not any(one.total.tickets for one in self.times)


def _team(one: Happening) -> str:
    return one.team or NO_TEAM


def _service(one: Happening) -> str:
    return one.service or NO_SERVICE


def _reason(one: Happening) -> str:
    return f"{one.rule}: {one.why}" if one.why else one.rule


ESCALATED: Final = {"escalated": ""}
PROMISED: Final = {"promise kept": "kept", "promise missed": "missed"}
ANSWERED: Final = {"supplier in time": "in time", "supplier late": "late"}
HANDED: Final = {"handed over": "handed over", "accepted": "accepted in time", "not accepted": "not accepted"}
LEVELS: Final = "escalations_by_level"
PING_PONG: Final = "ping_pong"
SECTIONS: Final = (
    Section(LEVELS, "Escalations by level", ESCALATED, lambda one: one.value),
    Section("escalations_by_service", "Escalations by service", ESCALATED, _service),
    Section("escalations_by_team", "Escalations by team", ESCALATED, _team),
    Section("escalations_by_reason", "Escalations by reason", ESCALATED, _reason),
    Section("breaches", "Breaches by clock", {"breached": ""}, lambda one: one.value),
    Section("promises_by_team", "Promises by team", PROMISED, _team),
    Section("promises_by_service", "Promises by service", PROMISED, _service),
    Section("answers_of_suppliers", "Answers of suppliers", ANSWERED, lambda one: one.value),
    Section("hand_overs", "Hand-overs by team", HANDED, _team),
    Section("reopened", "Reopened by service", {"reopened": ""}, _service),
    Section(PING_PONG, "Ping-pong by service", {}, _service),
    Section("overruled", "Rules that people overruled", {"overruled": ""}, lambda one: one.rule or "(no rule)"),
)


def tally(
    happened: Iterable[tuple[str, Happening]], periods: Sequence[Period], team: str = "", service: str = ""
) -> Tally:
    """Return what happened in these periods, to tickets of one team or service where these are given.

    `happened` are tickets' keys with what happened to them, in any order but that of ping-pong.
    """
    count = _Counting(periods)
    for ticket, one in happened:
        if (not team or one.team == team) and (not service or one.service == service):
            count.take(ticket, one)
    return count.tally()


class _Counting:
    """Adds up one after the other, and keeps no more than numbers."""

    def __init__(self, periods: Sequence[Period]) -> None:
        self.periods = tuple(periods)
        self.starts = [one.start for one in periods]
        self.counts: dict[tuple[str, str, str], list[int]] = {}
        self.amounts: dict[tuple[str, str], list[list[int]]] = {(what, ""): [[] for _ in periods] for what in TIMES}
        self.moves: Counter[str] = Counter()

    def take(self, ticket: str, one: Happening) -> None:
        """Count one happening, if it is of these periods."""
        place = bisect_right(self.starts, one.at) - 1
        if place < 0 or one.at >= self.periods[place].end:
            return
        for section in SECTIONS:
            if one.what in section.parts:
                self._add(section.key, section.name(one), section.parts[one.what], place)
        self._time(one, place)
        if one.what == "reassigned":
            self.moves[ticket] += 1
            if self.moves[ticket] == OFTEN:
                self._add(PING_PONG, _service(one), "", place)

    def _time(self, one: Happening, place: int) -> None:
        """Take how long it took, if that is timed; each supplier has a clock of their own."""
        if one.amount is not None and (one.what in TIMES or one.what == SUPPLIED):
            key = one.what, one.value if one.what == SUPPLIED else ""
            self.amounts.setdefault(key, [[] for _ in self.periods])[place].append(one.amount)

    def _add(self, section: str, name: str, part: str, place: int) -> None:
        counts = self.counts.setdefault((section, name, part), [0] * len(self.periods))
        counts[place] += 1

    def tally(self) -> Tally:
        """Return what was counted."""
        bounced = [(ticket, count) for ticket, count in self.moves.items() if count >= OFTEN]
        return Tally(
            self.periods,
            {section.key: self._rows(section) for section in SECTIONS},
            tuple(_timed(what, name, amounts) for (what, name), amounts in sorted(self.amounts.items(), key=_place)),
            tuple(sorted(bounced, key=lambda one: (-one[1], one[0]))),
        )

    def _rows(self, section: Section) -> tuple[Row, ...]:
        """Return a section's rows: levels in their order, all else what there is most of first."""
        rows = [
            Row(name, part, tuple(counts), sum(counts))
            for (key, name, part), counts in self.counts.items()
            if key == section.key
        ]
        totals = Counter[str]()
        for row in rows if section.key != LEVELS else ():
            totals[row.name] += row.total
        parts = [*section.parts.values()]
        return tuple(sorted(rows, key=lambda row: (-totals[row.name], row.name, row.part and parts.index(row.part))))


def _place(one: tuple[tuple[str, str], object]) -> tuple[int, str]:
    """Return in which order what is timed is shown: suppliers last, by name."""
    (what, name), _ = one
    return [*TIMES, SUPPLIED].index(what), name


def _timed(what: str, name: str, amounts: Sequence[Sequence[int]]) -> Timed:
    every = tuple(map(times, amounts)), times([one for some in amounts for one in some])
    if what == SUPPLIED:
        return Timed(f"{what} {name}", f"Working time waited for {name}", *every, "waits")
    return Timed(what, TIMES[what], *every)


def times(amounts: Sequence[int]) -> Times:
    """Return how many there are, and what half and nine of ten of them took at most."""
    if not amounts:
        return Times(0, None, None)
    ordered = sorted(amounts)
    return Times(len(ordered), quantile(ordered, MEDIAN), quantile(ordered, SLOW))


def quantile(ordered: Sequence[int], percent: int) -> int:
    """Return the value below which so many percent lie, between two of them in proportion, to the second."""
    place, rest = divmod((len(ordered) - 1) * percent, 100)
    if not rest:
        return ordered[place]
    return (ordered[place] * (100 - rest) + ordered[place + 1] * rest + 50) // 100
