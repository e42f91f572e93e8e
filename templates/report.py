"""Writes a report as one page: charts as SVG, a table beside each, nothing that is loaded and nothing that runs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from jinja2 import Environment, StrictUndefined, Template

from rules.problems import visible
from rules.tally import LEVELS, PING_PONG, SECTIONS, Row, Section, Tally, Timed
from templates import charts
from templates.plain import amount, count, head, span

COLUMNS: Final = (LEVELS, "breaches")
"""Sections of a few kinds, whose course is what matters; of all others it is how they compare."""

HAND_OVERS: Final = ("accepted in time", "not accepted", "open")
TILES: Final = {"acknowledged": "To acknowledge", "resolved": "To resolve"}
LONGEST: Final = 52
"""Letters above a bar: its name and the figure."""


class Table(NamedTuple):
    """The figures: in each row a name, and a figure for all periods and for each of them."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


class Block(NamedTuple):
    """A part of the page: what is counted, what stands out, the chart, and all figures."""

    key: str
    title: str
    says: str
    kind: str
    chart: charts.Columns | charts.Bars | charts.Lines
    table: Table


class Tile(NamedTuple):
    """A figure that is looked at first."""

    name: str
    figure: str
    more: str


def report(desk: str, found: Tally, asked: Mapping[str, Any], now: datetime) -> str:
    """Return the page. `asked` is what the command was asked for."""
    return _page().render(
        desk=desk,
        asked=asked,
        days=span(asked["from"], asked["to"]),
        written=f"{now:%Y-%m-%d %H:%M}Z",
        cut=[f"{head(one).rstrip('*')} is {span(one.first, one.last)}" for one in found.periods if not one.whole],
        tiles=list(_tiles(found)),
        blocks=list(_blocks(found)),
        bounced=found.bounced,
        none=list(_none(found)),
        empty=found.is_empty,
    )


@cache
def _page() -> Template:
    """Return the compiled page. Every value is escaped, and nothing in it steers or turns the text."""
    world = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    world.finalize = lambda value: visible(value) if type(value) is str else value
    world.filters["clipped"] = clipped
    return world.from_string((files("templates") / "pages" / "report.html.j2").read_text(encoding="utf-8"))


def clipped(text: str, figure: str) -> str:
    """Return a name as it fits above a bar beside the figure; wide letters count twice."""
    room, kept = LONGEST - len(figure), ""
    for letter in text:
        room -= 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        if room < 1:
            return f"{kept}…"
        kept += letter
    return kept


def _blocks(found: Tally) -> Iterator[Block]:
    heads = [head(one) for one in found.periods]
    above = (("all", ""), *_heads(found))
    for place, timed in enumerate(found.times):
        if timed.total.tickets:
            yield _timed(f"time-{place}", timed, heads, above)
    for section in SECTIONS:
        if rows := found.tables[section.key]:
            named = ((f"{row.name}, {row.part}" if row.part else row.name, row) for row in rows)
            table = Table(above, tuple((name, tuple(map(count, (row.total, *row.counts)))) for name, row in named))
            if section.key in COLUMNS:
                chart = charts.columns(heads, [(row.name, row.counts) for row in rows])
                yield Block(section.key, section.title, _course(heads, rows), "columns", chart, table)
            else:
                yield Block(section.key, section.title, _most(rows), "bars", _bars(section, rows), table)


def _heads(found: Tally) -> Iterator[tuple[str, str]]:
    """Yield the names of the periods, each year where it begins."""
    before = ""
    for one in found.periods:
        year = one.name[:4]
        yield head(one), year if year != before else ""
        before = year


def _timed(key: str, timed: Timed, heads: Sequence[str], above: tuple[tuple[str, str], ...]) -> Block:
    """Return how long something took, as two lines and three rows."""
    half = [(one.median, amount(one.median)) for one in timed.periods]
    slow = [(one.slow, amount(one.slow)) for one in timed.periods]
    series = [("half of them within", half), ("9 of 10 within", slow)]
    every = (timed.total, *timed.periods)
    rows = (
        ("half of them within", tuple(amount(one.median) for one in every)),
        ("9 of 10 within", tuple(amount(one.slow) for one in every)),
        (timed.counted, tuple(count(one.tickets) for one in every)),
    )
    total = timed.total
    says = f"Half of {total.tickets} within {amount(total.median)}, nine of ten within {amount(total.slow)}."
    return Block(key, timed.title, says, "lines", charts.lines(heads, series), Table(above, rows))


def _course(heads: Sequence[str], rows: Sequence[Row]) -> str:
    """Say how many there were, and when most."""
    totals = [sum(row.counts[place] for row in rows) for place in range(len(heads))]
    most = max(range(len(heads)), key=lambda place: totals[place])
    return f"{sum(totals)} in all, most of them in {heads[most].rstrip('*')}: {totals[most]}."


def _most(rows: Sequence[Row]) -> str:
    """Say how many there were, by part, and where most."""
    parts: dict[str, int] = {}
    names: dict[str, int] = {}
    for row in rows:
        parts[row.part] = parts.get(row.part, 0) + row.total
        names[row.name] = names.get(row.name, 0) + row.total
    figures = ", ".join(f"{total} {part or 'in all'}" for part, total in parts.items())
    most = max(names, key=lambda name: names[name])
    return f"{figures}. Most of all: {most}." if len(names) > 1 else f"{figures}."


def _bars(section: Section, rows: Sequence[Row]) -> charts.Bars:
    """Return a bar for each name, with its parts."""
    values: dict[str, dict[str, int]] = {}
    for row in rows:
        values.setdefault(row.name, {})[row.part] = row.total
    series = tuple(dict.fromkeys(section.parts.values())) or ("",)
    if section.key == "hand_overs":
        series = HAND_OVERS
        for one in values.values():
            one["open"] = max(
                0, one.get("handed over", 0) - one.get("accepted in time", 0) - one.get("not accepted", 0)
            )
    return charts.bars([(name, [one.get(part, 0) for part in series]) for name, one in values.items()], series)


def _tiles(found: Tally) -> Iterator[Tile]:
    """Yield the figures that are looked at first, as far as there are any."""
    sums = {key: _sums(rows) for key, rows in found.tables.items()}
    if escalated := sum(sums[LEVELS].values()):
        yield Tile("Escalations", str(escalated), ", ".join(f"{r.total} {r.name}" for r in found.tables[LEVELS][:4]))
    for timed in found.times:
        if timed.total.tickets and timed.what in TILES:
            yield Tile(TILES[timed.what], amount(timed.total.median), f"9 of 10 within {amount(timed.total.slow)}")
    if breached := sum(sums["breaches"].values()):
        yield Tile("Breaches", str(breached), ", ".join(f"{r.total} {r.name}" for r in found.tables["breaches"]))
    if promised := sum(sums["promises_by_team"].values()):
        kept = sums["promises_by_team"].get("kept", 0)
        yield Tile("Promises kept", f"{100 * kept // promised} %", f"{kept} of {promised}")
    if given := sums["hand_overs"].get("handed over", 0):
        yield Tile("Hand-overs", str(given), f"{sums['hand_overs'].get('accepted in time', 0)} accepted in time")
    if found.bounced:
        yield Tile("Ping-pong", str(sum(sums[PING_PONG].values())), "tickets, given on three times or more")


def _sums(rows: Sequence[Row]) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in rows:
        found[row.part] = found.get(row.part, 0) + row.total
    return found


def _none(found: Tally) -> Iterator[str]:
    yield from (one.title for one in found.times if not one.total.tickets)
    yield from (section.title for section in SECTIONS if not found.tables[section.key])
