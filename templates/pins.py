"""Where the parts of an incident's course lie: a numbered pin for each step above a line of time, drawn as SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from templates.locales import clock, local, short_day

EDGE: Final = 22
"""Room at both ends, for half a label."""

PIN: Final = 21
"""From the middle of a pin to that of the next one beside or above it."""

LANES: Final = 12
LABEL: Final = 72
"""Room of a label beneath the line."""

MINUTE, HOUR, DAY = 60, 3_600, 86_400
STEPS: Final = (
    *(MINUTE * many for many in (1, 2, 5, 10, 15, 30)),
    *(HOUR * many for many in (1, 2, 3, 6, 12)),
    *(DAY * many for many in (1, 2, 7, 14, 28, 91, 182, 364, 1820)),
)
KINDS: Final = {
    **dict.fromkeys(("acknowledged", "resolved"), "good"),
    **dict.fromkeys(("major", "missed", "level", "reopened"), "bad"),
    "told": "word",
}
"""What a pin stands for, as its colour says; all else is neutral. No colour says what the list does not."""


class Pin(NamedTuple):
    """A step: its number in the list, what that says, its colour, and where it is."""

    number: int
    says: str
    look: str
    x: float
    y: float


class Tick(NamedTuple):
    """A label of the scale, with the day where it begins."""

    x: float
    time: str
    day: str


class Course(NamedTuple):
    """The drawing. `open` are the stretches of the line, at `line`, in which the ticket was open."""

    wide: int
    high: int
    line: int
    pins: tuple[Pin, ...]
    open: tuple[tuple[float, float], ...]
    ticks: tuple[Tick, ...]


class Scale(NamedTuple):
    """Where moments lie. From right to left where the language runs so."""

    start: float
    end: float
    wide: int
    backwards: bool

    def x(self, at: datetime) -> float:
        """Return where a moment lies."""
        share = (at.timestamp() - self.start) / (self.end - self.start)
        x = EDGE + share * (self.wide - 2 * EDGE)
        return round(self.wide - x if self.backwards else x, 1)


Stepped = Sequence[tuple[datetime, str]]
"""When each step was, and its kind, in order."""


def course(steps: Stepped, told: Sequence[str], wide: int, language: str, zone: str, backwards: bool) -> Course:
    """Return the drawing of these steps, of which there is one at least, `told` so in the list."""
    first, last = steps[0][0], steps[-1][0]
    scale = Scale(first.timestamp(), max(last.timestamp(), first.timestamp() + MINUTE), wide, backwards)
    lanes = list(_lanes([scale.x(at) for at, _ in steps], backwards))
    line = (max(lanes, default=0) + 1) * PIN + 10
    pins = tuple(
        Pin(place + 1, told[place] if told else "", KINDS.get(kind, "plain"), scale.x(at), line - 20 - lane * PIN)
        for place, ((at, kind), lane) in enumerate(zip(steps, lanes, strict=True))
    )
    ticks = tuple(_ticks(scale, first, language, zone))
    return Course(wide, line + 40, line, pins, tuple(_open(steps, scale)), ticks)


def _lanes(places: Sequence[float], backwards: bool) -> Iterator[int]:
    """Yield above how many others a pin stands, so that none covers another."""
    ends: list[float] = []
    for x in (-x if backwards else x for x in places):
        lane = next((lane for lane, end in enumerate(ends) if end + PIN <= x), len(ends))
        lane = min(lane, LANES)
        ends[lane : lane + 1] = [x]
        yield lane


def _open(steps: Stepped, scale: Scale) -> Iterator[tuple[float, float]]:
    """Yield from where to where the ticket was open, the left end first."""
    since: datetime | None = None
    for at, kind in steps:
        since = at if kind in ("opened", "reopened") else since
        if kind == "resolved" and since is not None:
            yield _stretch(scale, since, at)
            since = None
    if since is not None:
        yield _stretch(scale, since, steps[-1][0])


def _stretch(scale: Scale, start: datetime, end: datetime) -> tuple[float, float]:
    one, other = sorted((scale.x(start), scale.x(end)))
    return one, other


def _ticks(scale: Scale, first: datetime, language: str, zone: str) -> Iterator[Tick]:
    """Yield the labels: as many as there is room for, at round times of the reader's clock."""
    most = (scale.wide - 2 * EDGE) // LABEL
    step = next((one for one in STEPS if (scale.end - scale.start) / one <= most), STEPS[-1])
    midnight = local(first, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    before = ""
    for at in _moments(midnight, step, scale):
        day = short_day(at, language, zone)
        yield Tick(scale.x(at), clock(at, language, zone) if step < DAY else "", day if day != before else "")
        before = day


def _moments(midnight: datetime, step: int, scale: Scale) -> Iterator[datetime]:
    at = midnight
    while at.timestamp() <= scale.end:
        if at.timestamp() >= scale.start:
            yield at
        # days are those of the calendar, whether or not a clock was put forward; what is shorter passes evenly
        at = at + timedelta(seconds=step) if step >= DAY else _later(at, step)


def _later(at: datetime, seconds: int) -> datetime:
    return datetime.fromtimestamp(at.timestamp() + seconds, at.tzinfo)
