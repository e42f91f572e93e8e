"""A report in lines of 80 columns: a table for each section that has figures, the latest periods side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from commands.columns import WIDTH, columns, wrapped
from templates.plain import amount, count, head, span

if TYPE_CHECKING:
    from rules.tally import Tally, Times

SHOWN: Final = 8
"""Periods side by side; --json and --html have all."""

NAMES: Final = 24
"""Columns for names, and for each line of a long one."""

ROWS: Final = 12
"""Rows of a table; --json and --html have all."""

WORST: Final = 5
"""Tickets that went to and fro; --json and --html have all."""

ALL: Final = "all"
Cells = tuple[str, Sequence[str]]


def lines(found: Tally, asked: Mapping[str, Any]) -> Iterator[str]:
    """Yield all that is printed of a report."""
    yield wrapped(heading(asked), "", "  ")
    if found.is_empty:
        yield wrapped("Nothing happened then that reports count. It is counted from the first cycle on.", "", "  ")
        return
    tables, wide = _tables(found), _wide(found)
    many = min(SHOWN, (WIDTH - NAMES) // (wide + 1) - 1)
    heads = [*map(head, found.periods), ALL][-many - 1 :]
    for title, rows in tables:
        yield ""
        yield from _line(title, heads, wide)
        for name, cells in rows[:ROWS]:
            yield from _line(f"  {name}", cells[-many - 1 :], wide)
        if len(rows) > ROWS:
            yield f"  and {len(rows) - ROWS} more: see --json or --html"
    yield from _bounced(found)
    yield from _notes(found, many)


def heading(asked: Mapping[str, Any]) -> str:
    """Return what is reported: "Mon 5 Oct 2026 to Thu 26 Nov 2026 by week, team web (Europe/Oslo)"."""
    of = "".join(f", {what} {asked[what]}" for what in ("team", "service") if asked[what])
    return f"{span(asked['from'], asked['to'])} by {asked['by']}{of} ({asked['zone']})"


def _tables(found: Tally) -> list[tuple[str, list[Cells]]]:
    """Return the tables that have figures, each with its rows of cells: one for each period, and one for all."""
    from rules.tally import SECTIONS

    tables = [(one.title, _times([*one.periods, one.total], one.counted)) for one in found.times if one.total.tickets]
    for section in SECTIONS:
        rows: list[Cells] = [
            (f"{row.name}, {row.part}" if row.part else row.name, [count(one) for one in (*row.counts, row.total)])
            for row in found.tables[section.key]
        ]
        if rows:
            tables.append((section.title, rows))
    return tables


def _times(some: Sequence[Times], counted: str) -> list[Cells]:
    return [
        ("half of them within", [amount(one.median) for one in some]),
        ("9 of 10 within", [amount(one.slow) for one in some]),
        (counted, [count(one.tickets) for one in some]),
    ]


def _wide(found: Tally) -> int:
    """Return how many columns the widest cell of all tables takes, so that they stand under each other."""
    cells = [cell for _, rows in _tables(found) for _, row in rows for cell in row]
    return max(map(columns, [*cells, *map(head, found.periods)]))


def _line(name: str, cells: Sequence[str], wide: int) -> Iterator[str]:
    """Yield a row: a name that is too long takes several lines, and the figures stand in the last of them."""
    room = WIDTH - (wide + 1) * len(cells)
    indent = " " * (len(name) - len(name.lstrip()))
    *first, last = wrapped(name.strip(), indent, indent + "  ", room).splitlines()
    yield from first
    yield last + " " * (room - columns(last)) + "".join(" " * (wide + 1 - columns(cell)) + cell for cell in cells)


def _bounced(found: Tally) -> Iterator[str]:
    """Yield the tickets that people gave to and fro, the worst first."""
    for place, (ticket, times) in enumerate(found.bounced[:WORST]):
        yield from [] if place else ["", "Given from team to team three times or more"]
        yield wrapped(f"{times} times  {ticket}")
    if len(found.bounced) > WORST:
        yield f"  and {len(found.bounced) - WORST} more: see --json or --html"


def _notes(found: Tally, many: int) -> Iterator[str]:
    """Yield what the figures do not say: which weeks are cut, which are not shown, and what there was nothing of."""
    from rules.tally import SECTIONS

    cut = [f"{head(one).rstrip('*')} is {span(one.first, one.last)}" for one in found.periods[-many:] if not one.whole]
    yield ""
    if cut:
        yield wrapped(f"* not whole: {', '.join(cut)}.", "", "  ")
    if len(found.periods) > many:
        earlier = span(found.periods[0].first, found.periods[-many - 1].last)
        yield wrapped(f"'{ALL}' counts {earlier}, too, which --json and --html show.", "", "  ")
    none = [one.title for one in found.times if not one.total.tickets]
    none += [section.title for section in SECTIONS if not found.tables[section.key]]
    if none:
        yield wrapped(f"Nothing of: {', '.join(none)}.", "", "  ")
