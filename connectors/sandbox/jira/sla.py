"""The platform's own SLA clocks: running, paused, done, never started, or broken."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from . import moments
from .model import Field

if TYPE_CHECKING:
    from .show import View

UNREADABLE = "The SLA could not be read because its calendar is missing."


class Cycle(NamedTuple):
    """One run of a clock. `pause` is time that was not counted, `paused` the moment since which none is."""

    start: datetime
    goal: timedelta
    pause: timedelta = timedelta(0)
    paused: datetime | None = None
    stop: datetime | None = None

    def elapsed(self, now: datetime) -> timedelta:
        return (self.stop or self.paused or now) - self.start - self.pause

    @property
    def breach(self) -> datetime:
        return self.start + self.goal + self.pause


class Sla(NamedTuple):
    """A clock on an issue: its runs, the last of which may be going on. A broken one holds an error instead."""

    cycles: tuple[Cycle, ...] = ()
    broken: bool = False

    @property
    def ongoing(self) -> Cycle | None:
        return self.cycles[-1] if self.cycles and self.cycles[-1].stop is None else None

    def started(self, now: datetime, goal: timedelta) -> Sla:
        return Sla((*self.cycles, Cycle(now, goal)))

    def _replaced(self, **changes: Any) -> Sla:
        if self.ongoing is None:
            raise ValueError("the clock is not running")
        return Sla((*self.cycles[:-1], self.ongoing._replace(**changes)))

    def paused(self, now: datetime) -> Sla:
        return self._replaced(paused=now)

    def resumed(self, now: datetime) -> Sla:
        last = self.ongoing
        if last is None or last.paused is None:
            raise ValueError("the clock is not paused")
        return self._replaced(paused=None, pause=last.pause + (now - last.paused))

    def stopped(self, now: datetime) -> Sla:
        return (self.resumed(now) if self.ongoing and self.ongoing.paused else self)._replaced(stop=now)


def shown(view: View, issue: str, field: Field, clock: Sla) -> dict[str, Any]:
    """Return an issue's clock as REST shows it; one that never started has neither an ongoing nor a completed cycle."""
    if clock.broken:
        return {"errorMessage": UNREADABLE, "i18nErrorMessage": {"i18nKey": "sd.sla.error", "parameters": []}}
    ongoing = clock.ongoing
    done = [cycle for cycle in clock.cycles if cycle is not ongoing]
    link = f"{view.root}/rest/servicedeskapi/request/{issue}/sla/{field.number}"
    content = {"id": str(field.number), "name": view.word(field.name), "_links": {"self": link},
               "completedCycles": [_completed(view, cycle) for cycle in done]}  # fmt: skip
    return content | ({"ongoingCycle": _ongoing(view, ongoing)} if ongoing else {})


def _cycle(view: View, cycle: Cycle) -> dict[str, Any]:
    elapsed = cycle.elapsed(view.now)
    return {
        "startTime": date(view, cycle.start),
        "breachTime": date(view, cycle.breach),
        "breached": elapsed > cycle.goal,
        "goalDuration": _duration(cycle.goal),
        "elapsedTime": _duration(elapsed),
        "remainingTime": _duration(cycle.goal - elapsed),
    }


def _ongoing(view: View, cycle: Cycle) -> dict[str, Any]:
    return _cycle(view, cycle) | {"paused": cycle.paused is not None, "withinCalendarHours": True}


def _completed(view: View, cycle: Cycle) -> dict[str, Any]:
    return _cycle(view, cycle) | ({"stopTime": date(view, cycle.stop)} if cycle.stop else {})


def _duration(span: timedelta) -> dict[str, Any]:
    total = int(span.total_seconds())
    sign, minutes = ("-", -total // 60) if total < 0 else ("", total // 60)
    friendly = f"{sign}{minutes // 60}h {minutes % 60}m"
    return {"millis": total * 1000, "friendly": friendly}


def date(view: View, moment: datetime) -> dict[str, Any]:
    """Return a moment in the four ways of the service desk API; the friendly one is in the reader's language."""
    jira = moments.shown(moment, view.zone)
    friendly = f"{view.word('Today')} {jira[11:16]}"
    return {
        "iso8601": f"{jira[:19]}{jira[23:]}",
        "jira": jira,
        "friendly": friendly,
        "epochMillis": moments.millis(moment),
    }
