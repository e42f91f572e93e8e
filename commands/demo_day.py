"""The demo's day: a clock that is moved fast, and what three tickets live through while it runs."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from commands import demo_show as show
from commands.demo_people import solve_all
from commands.demo_story import CHAPTERS, OSLO, SAIGON, Chapter

if TYPE_CHECKING:
    from commands.demo_people import Word
    from connectors.sandbox import MovableClock
    from connectors.sandbox.jira import Site
    from connectors.sandbox.servicenow import World
    from connectors.state.records import Line
    from rules.model import Past
    from sync import Desk

TICK: Final = timedelta(minutes=5)
"""How often the service looks whether something is due. When nothing is, and nobody did anything, time only passes."""

SOON: Final = timedelta(minutes=1)
"""After which the service sees what a person did."""

LATE: Final = timedelta(minutes=5)
"""By which the next word may be late and the promise is kept."""

CITIES: Final = {SAIGON: "Saigon"}
"""What people call a place that its zone calls otherwise."""

TOLD: Final = frozenset({"decided", "done", "overruled", "again", "parked"})


class Day:
    """The day: how many cycles were run, and what went wrong."""

    def __init__(self, desk: Desk, clock: MovableClock, world: World, site: Site) -> None:
        self.desk, self.clock, self.world, self.site = desk, clock, world, site
        self.cycles = 0
        self.problems: dict[str, str] = {}

    def live(self) -> None:
        """Live through the day and tell it. The morning's tickets are no part of it."""
        solve_all(self.world, self.site)
        self.cycle(self.clock() + SOON)
        for chapter in CHAPTERS:
            _Life(self, chapter).live()

    def pass_until(self, end: datetime, tell: Callable[[], None] = lambda: None) -> None:
        """Let time pass until something is due at a tick, have the service at work then, and tell what that brings."""
        while (at := self._next_due(end)) is not None:
            self.cycle(at)
            tell()
        self.clock.set(end)

    def _next_due(self, end: datetime) -> datetime | None:
        """Return the first tick at which something is due; what is due at one is due at all later ones."""
        seconds = int(TICK.total_seconds())
        first = (int(self.clock().timestamp()) // seconds + 1) * seconds
        ticks = range(first, math.ceil(end.timestamp()), seconds)
        place = bisect_left(ticks, True, key=self._is_due)
        return _at(ticks[place]) if place < len(ticks) else None

    def _is_due(self, seconds: int) -> bool:
        return any(self.desk.store.due(name, _at(seconds)) for name in self.desk.connectors)

    def cycle(self, at: datetime) -> None:
        """Have the service at work at this moment."""
        self.clock.set(at)
        report = self.desk.cycle()
        self.cycles += 1
        self.problems |= report.problems
        if report.counts["parked"]:
            self.problems["parked"] = f"{report.counts['parked']} actions were parked"


class _Life:
    """One ticket of the day, and what of it was told."""

    def __init__(self, day: Day, chapter: Chapter) -> None:
        self.day, self.chapter = day, chapter
        day.pass_until(oslo(chapter.begins))
        self.ticket = chapter.report(day.world, day.site)
        self.lines = self.words = 0
        self.promised: dict[datetime, str] = {}

    def live(self) -> None:
        """Tell the ticket's life: what people do, and what the service does about it, each at its moment."""
        show.heading(self.chapter.title)
        click.echo(click.style(f"{self.ticket.number}  {self.ticket.title}\n", bold=True))
        self._after(f"{self.chapter.reader} reports it.")
        for deed in self.chapter.deeds:
            self.day.pass_until(oslo(deed.at), self._tell)
            deed.do(self.ticket)
            self._after(deed.what)

    def _after(self, what: str) -> None:
        """Tell what a person did, and what the service does about it when it sees that."""
        at = self.day.clock()
        self.day.cycle(at + SOON)
        self._tell(what, at)

    def _tell(self, what: str = "", at: datetime | None = None) -> None:
        """Print what is new on the ticket, if anything is: the moment, what was done and why, and who reads what."""
        lines, words, promise = self._new_lines(), self._new_words(), [*self._promises()]
        if not (what or words or promise or any(line.outcome == "done" for line in lines)):
            return
        click.echo(click.style(moment(at or self.day.clock(), self.chapter.zones), bold=True))
        if what:
            click.echo(f"  {what}")
        for line in lines:
            show.line(line)
        for word in words:
            show.text(self._label(word), word.text, word.public)
        for state, text in promise:
            show.said(state, text)
        click.echo()

    def _new_lines(self) -> list[Line]:
        """Return what was done since and why; at first also what else was decided."""
        found = [one.line for one in self.day.desk.store.journal(self.ticket.key)]
        new, first, self.lines = [*dict.fromkeys(found[self.lines :])], not self.lines, len(found)
        done = {line.where for line in new if line.outcome == "done"}
        known = [line for line in new if line.outcome != "decided" or first or line.where in done]
        return [line for line in known if line.outcome in TOLD and not _is_said(line, known)]

    def _new_words(self) -> list[Word]:
        found = self.ticket.words()
        new, self.words = found[self.words :], len(found)
        return new

    def _label(self, word: Word) -> str:
        """Return who reads a text, and who wrote it if that was a person."""
        author = f"{word.author} " if word.author else ""
        if word.public:
            return f"{author}to {self.chapter.reader}"
        return f"{author or 'internal note '}to {show.names([self.ticket.team(), *self.ticket.followers()])}"

    def _promises(self) -> Iterator[tuple[str, str]]:
        """Yield what became of each promise of a next word since it was told last."""
        memory = self.day.desk.store.memories([self.ticket.key]).get(self.ticket.key)
        for due, state in promises(memory.past if memory is not None else (), self.day.clock()).items():
            if self.promised.get(due) != state:
                self.promised[due] = state
                by = _clock(due, self.chapter.zones)
                yield state, f"the next word by {by}" if state == "promised" else f"the word promised by {by}"


def _is_said(line: Line, others: list[Line]) -> bool:
    """Tell whether a line says of a message what the message shows, or what a longer line says, too."""
    if line.stage == "communicate" or " sent to " in line.text or line.text == "assignee is nothing":
        return True
    return any(line is not one and one.text.endswith(f" {line.text}") for one in others)


def promises(past: Iterable[Past], now: datetime) -> dict[datetime, str]:
    """Return what became of each promise of a next word, by when it was to come: promised, kept or missed."""
    happened = sorted(past)
    spoken = [_at(one.at) for one in happened if one.fact == "comment" and one.by != "customer"]
    found = {}
    for given in (one for one in happened if one.fact == "promise"):
        due = _at(int(given.value))
        word = next((at for at in spoken if at > _at(given.at)), None)
        in_time = (word or now) < due + LATE
        found[due] = "missed" if not in_time else "kept" if word else "promised"
    return found


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def oslo(text: str) -> datetime:
    """Return the moment at which clocks in Oslo show this."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(OSLO)).astimezone(UTC)


def _clock(at: datetime, zones: tuple[str, ...]) -> str:
    """Return the time by the first of these clocks, and which one that is if there are several."""
    shown = f"{at.astimezone(ZoneInfo(zones[0])):%H:%M}"
    return shown if len(zones) == 1 else f"{shown} in {_city(zones[0])}"


def moment(at: datetime, zones: tuple[str, ...]) -> str:
    """Return what clocks on the wall show at this moment."""
    return " · ".join(f"{at.astimezone(ZoneInfo(zone)):%a %H:%M} {_city(zone)}" for zone in zones)


def _city(zone: str) -> str:
    return CITIES.get(zone) or zone.rpartition("/")[2]
