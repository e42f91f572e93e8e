"""Where the parts of a chart lie: columns, bars and lines as numbers, which a page draws as SVG.

All charts are 360 wide, so that their letters can be read on a phone, and beside a table on a desktop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

WIDE: Final = 360
LEFT, TOP, BOTTOM, HIGH = 38, 12, 26, 190
"""Room for the scale, above the highest value, and for the names of periods; the height of columns and lines."""

LABELS: Final = 9
"""Names of periods that fit under a chart."""

THICKEST: Final = 24
BARS: Final = 10
"""Bars that are drawn; tables have all."""

BAR: Final = 38
"""The height of a bar with its name above it."""

STEPS: Final = tuple(one * 10**power for power in range(12) for one in (1, 2, 5))
MINUTES: Final = (1, 2, 5, 10, 15, 30)
"""Steps of a scale; minutes go up to two hours."""


class Box(NamedTuple):
    """A rectangle of one series: what it says when it is pointed at, and where it lies."""

    series: int
    says: str
    x: float
    y: float
    wide: float
    high: float


class Tick(NamedTuple):
    """A line of the scale, or the name of a period, and where it lies."""

    text: str
    at: float


class Columns(NamedTuple):
    """Columns of stacked parts, one for each period."""

    high: float
    series: tuple[str, ...]
    boxes: tuple[Box, ...]
    scale: tuple[Tick, ...]
    names: tuple[Tick, ...]


class Bar(NamedTuple):
    """A name, the figure at the end, and the parts of its bar, of which the first counts; `y` is that of the name."""

    name: str
    figure: str
    y: float
    boxes: tuple[Box, ...]


class Bars(NamedTuple):
    """Bars below each other; `more` are not drawn."""

    high: float
    series: tuple[str, ...]
    bars: tuple[Bar, ...]
    more: int


class Dot(NamedTuple):
    """A point of a line."""

    x: float
    y: float
    says: str


class Lines(NamedTuple):
    """Lines through the periods, broken where one has no value: per series the stretches, each of them dots."""

    high: float
    series: tuple[str, ...]
    lines: tuple[tuple[tuple[Dot, ...], ...], ...]
    scale: tuple[Tick, ...]
    names: tuple[Tick, ...]


Named = tuple[str, Sequence[int]]
"""A series, or the name of a bar, with its values."""


def columns(periods: Sequence[str], series: Sequence[Named]) -> Columns:
    """Return columns, one for each period, of what each series has then."""
    totals = [sum(values[place] for _, values in series) for place in range(len(periods))]
    scale, top = _scale(max(totals, default=0))
    room = (WIDE - LEFT) / max(1, len(periods))
    wide = min(THICKEST, room * 0.7)
    boxes = []
    for place, period in enumerate(periods):
        below = 0
        for number, (name, values) in enumerate(series):
            value = values[place]
            if value:
                y, high = _y(below + value, top), _y(0, top) - _y(value, top)
                x = LEFT + room * (place + 0.5) - wide / 2
                boxes.append(Box(number, f"{period}, {name}: {value}", _r(x), _r(y), _r(wide), _r(high)))
            below += value
    ticks = tuple(Tick(str(value), _r(_y(value, top))) for value in scale)
    return Columns(HIGH, tuple(name for name, _ in series), tuple(boxes), ticks, _names(periods))


def bars(rows: Sequence[Named], series: Sequence[str]) -> Bars:
    """Return bars, one for each row, of its values, of which each is of one series."""
    top = max((sum(values) for _, values in rows), default=0) or 1
    found = []
    for place, (name, values) in enumerate(rows[:BARS]):
        y, x, boxes = BAR * place + 14.0, 0.0, []
        for number, value in enumerate(values):
            wide = value / top * (WIDE - 2)
            if value:
                says = f"{name}, {series[number]}: {value}" if series[number] else f"{name}: {value}"
                boxes.append(Box(number, says, _r(x), y + 6, _r(max(wide, 2)), 12))
            x += wide
        figure = f"{values[0]} of {sum(values)}" if len(values) > 1 else str(sum(values))
        found.append(Bar(name, figure, y, tuple(boxes)))
    return Bars(max(1, len(found)) * BAR, tuple(series), tuple(found), max(0, len(rows) - BARS))


def lines(periods: Sequence[str], series: Sequence[tuple[str, Sequence[tuple[int | None, str]]]]) -> Lines:
    """Return lines through what each series has in each period: seconds, None where there is nothing, and in words."""
    values = [value for _, some in series for value, _ in some if value is not None]
    long = max(values, default=0) > 2 * 3600
    unit, letter = (3600, "h") if long else (60, "m")
    scale, steps = _scale(-(-max(values, default=0) // unit), STEPS if long else MINUTES)
    top = steps * unit
    room = (WIDE - LEFT) / max(1, len(periods))
    places = [_r(LEFT + room * (place + 0.5)) for place in range(len(periods))]

    def dots(name: str, some: Sequence[tuple[int | None, str]]) -> Iterator[Dot | None]:
        for period, x, (value, said) in zip(periods, places, some, strict=True):
            yield None if value is None else Dot(x, _r(_y(value, top)), f"{period}, {name}: {said}")

    found = tuple(tuple(_stretches([*dots(name, some)])) for name, some in series)
    ticks = tuple(Tick(f"{value}{letter}", _r(_y(value * unit, top))) for value in scale)
    return Lines(HIGH, tuple(name for name, _ in series), found, ticks, _names(periods))


def _stretches(dots: Sequence[Dot | None]) -> Iterator[tuple[Dot, ...]]:
    stretch: list[Dot] = []
    for dot in [*dots, None]:
        if dot is not None:
            stretch.append(dot)
        elif stretch:
            yield tuple(stretch)
            stretch = []


def _scale(highest: int, steps: Sequence[int] = STEPS) -> tuple[tuple[int, ...], int]:
    """Return the values at the lines of a scale, four at most above nothing, and the highest of them."""
    step = next((one for one in steps if one * 4 >= highest), steps[-1])
    many = max(1, -(-highest // step))
    return tuple(step * one for one in range(many + 1)), step * many


def _y(value: float, top: float) -> float:
    return HIGH - BOTTOM - value / top * (HIGH - BOTTOM - TOP)


def _names(periods: Sequence[str]) -> tuple[Tick, ...]:
    """Return the names of periods, the last one for certain, and as many before it as fit."""
    room, each = (WIDE - LEFT) / max(1, len(periods)), -(-len(periods) // LABELS)
    chosen = [place for place in range(len(periods)) if (len(periods) - 1 - place) % each == 0]
    return tuple(Tick(periods[place], _r(LEFT + room * (place + 0.5))) for place in chosen)


def _r(number: float) -> float:
    return round(number, 1)
