"""Draws a ticket in time, in lines of 80 columns: its clocks, what came, and what is to come.

Marks are letters that every terminal draws one column wide.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from commands.columns import wrapped

if TYPE_CHECKING:
    from rules.model import Past, Sla
    from rules.strip import Cell, Tick
    from rules.timeline import Coming, Moment, Reading, Timeline

CELLS = 60
MARGIN = " " * 12
MARKS: dict[Cell, str] = {
    "": " ",
    "counted": "=",
    "over": "#",
    "paused": ".",
    "coming": "-",
    "now": "|",
    "due": "^",
    "missed": "!",
    "stopped": "*",
}
LEGEND = {"=": "counted", ".": "paused", "|": "now", "-": "to come", "^": "due", "!": "missed", "#": "too late"}
LEGEND |= {"*": "stopped"}
WHO = {"ours": "we"}


class Times:
    """Says moments in the desk's zone, with the year where it is another one than now's."""

    def __init__(self, line: Timeline) -> None:
        self.zone = line.zone
        self.year = self.local(line.now).year

    def local(self, at: int) -> datetime:
        """Return a moment as the desk's clock shows it."""
        return datetime.fromtimestamp(at, self.zone)

    def day(self, at: int) -> str:
        """Return the day: "Tue 24 Nov"."""
        local = self.local(at)
        return f"{local:%a} {local.day} {local:%b}" + (f" {local.year}" if local.year != self.year else "")

    def moment(self, at: int) -> str:
        """Return day and time: "Tue 24 Nov 09:30", with the seconds where there are some."""
        return f"{self.day(at)} {self.time(at)}"

    def time(self, at: int) -> str:
        """Return the time: "09:30"."""
        local = self.local(at)
        return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def drawn(line: Timeline) -> Iterator[str]:
    """Yield the lines of a ticket's timeline."""
    times = Times(line)
    if line.clocks or line.others:
        now = times.local(line.now)
        yield f"\nClocks ({line.zone}) now, {now:%a} {now.day} {now:%b %Y %H:%M}"
        yield from _clocks(line, times)
    if line.clocks:
        yield ""
        yield from _picture(line, times)
    yield f"\nCourse of the ticket ({line.zone})"
    yield from _came(line, times)
    yield f"\nStill to come ({line.zone})"
    yield from _to_come(line, times)


def _clocks(line: Timeline, times: Times) -> Iterator[str]:
    hours = line.hours
    opens = "open now" if hours.opens is None else f"closed until {times.moment(hours.opens)}"
    yield wrapped(f"calendar {hours.name} of {hours.of}, {opens}")
    sources = {whose: [one.clock for one in line.clocks if one.whose == whose] for whose in _whose(line)}
    for whose, names in sources.items():
        yield wrapped(f"targets of {whose}" + (f": {', '.join(names)}" if len(sources) > 1 else ""))
    for one in line.clocks:
        share = f"{100 * one.used // one.target}%" if one.target else ""
        target = f"of {amount(one.target)}" if one.target else ""
        yield wrapped(state(one, times), f"  {one.clock:8} {amount(one.used):>7} {target:7} {share:>5}  ", " " * 34)
        if one.named:
            yield wrapped(platform(one.sla, one.named, times), MARGIN, MARGIN)
    for sla in line.others:
        yield wrapped(platform(sla, "", times))


def _whose(line: Timeline) -> Iterator[str]:
    yield from dict.fromkeys(one.whose for one in line.clocks if one.whose)


def state(one: Reading, times: Times) -> str:
    """Say how a clock of ours stands."""
    late = f"missed by {amount(one.over)}" if one.over else ""
    since = times.moment(one.since) if one.since is not None else ""
    if one.state == "stopped":
        kept = late or ("met" if one.target else "")
        return f"{kept}, {one.what} {since}" if kept else f"{one.what} {since}"
    if one.state == "paused":
        paused = f"paused{f' for {one.what}' if one.what else ''} since {since}"
        return f"{late}, {paused}" if late else paused
    if one.own_due is None:
        return late or "runs"
    return f"{late or 'runs'}, {'was due' if late else 'due'} {times.moment(one.own_due)}"


def platform(sla: Sla | None, named: str, times: Times) -> str:
    """Say what the platform's own clock says, and whether it counts."""
    if sla is None:
        return f"the platform has no clock {named} on this ticket: ours counts"
    figures = f"target {amount(sla.target)}" if sla.used is None else f"{amount(sla.used)} of {amount(sla.target)}"
    due = "" if sla.due is None else f", due {times.moment(int(sla.due.timestamp()))}"
    breached = ", breached" if sla.breached else ""
    counts = "; it counts, not ours" if named else ""
    return f"the platform says ({sla.name}): {figures}, {sla.state}{breached}{due}{counts}"


def _picture(line: Timeline, times: Times) -> Iterator[str]:
    """Yield a strip for each clock, the scale beneath them, and what the marks mean that are there."""
    from rules.strip import scale, strip

    strips = {one.clock: "".join(MARKS[cell] for cell in strip(one, line, CELLS)) for one in line.clocks}
    for clock, cells in strips.items():
        yield f"  {clock:10}{cells}".rstrip()
    yield from _scale(scale(line, CELLS), times)
    seen = set("".join(strips.values()))
    yield "  " + "  ".join(f"{mark} {name}" for mark, name in LEGEND.items() if mark in seen)


def _scale(ticks: list[Tick], times: Times) -> Iterator[str]:
    ruler, labels = [" "] * CELLS, ""
    for tick in ticks:
        ruler[tick.cell] = "'"
        if len(labels) <= tick.cell:
            labels = f"{labels:{tick.cell}}{label(tick)} "
    yield (MARGIN + "".join(ruler)).rstrip()
    yield (MARGIN + labels).rstrip()


def label(tick: Tick) -> str:
    """Return what a tick is labelled with: a day where a day begins, a year where a year does."""
    at = tick.at
    if tick.unit == "month":
        return f"{at:%Y}" if at.month == 1 else f"{at:%b}"
    if tick.unit == "day" or (at.hour, at.minute, at.second) == (0, 0, 0):
        return f"{at.day} {at:%b}"
    return f"{at:%H:%M:%S}" if tick.unit == "second" else f"{at:%H:%M}"


def _source(line: Timeline) -> str:
    """Say where what came is known from, and how exactly."""
    known, said = line.source, "from the platform's history"
    if not known.told:
        said = f"observed by ourselves, exact to a poll of {amount(int(known.poll.total_seconds()))}"
        said += ", words as the platform tells them" if known.heard else ""
    if known.deaf:
        said += "; what is said cannot be read: an agent's first act counts as the answer"
    return said + ("" if all(one.exact for one in line.came) else '; "by" is when we saw it')


def _came(line: Timeline, times: Times) -> Iterator[str]:
    yield wrapped(_source(line), "  ", "  ")
    day = ""
    for one in line.came:
        if times.day(one.at) != day:
            day = times.day(one.at)
            yield f"  {day}"
        when = f"{times.local(one.at):%H:%M:%S}"
        text = ", ".join(_did(each, times) for each in one.did)
        yield wrapped(text, f" {'' if one.exact else 'by':>2} {when}  {WHO.get(one.by, one.by):9} ", " " * 24)


def _did(one: Past, times: Times) -> str:
    """Say what one thing was that somebody did."""
    if one.fact == "promise":
        return f"promised word by {times.moment(int(one.value))}"
    if one.fact == "verdict":
        return f"{one.value.split()[0]} what was asked"
    if one.fact == "waiting_for":
        return f"waits for {one.value or 'nobody'}"
    if one.fact in ("comment", "note"):
        return "spoke" if one.fact == "comment" else "wrote a note"
    return f"{one.fact} {one.value or 'none'}" if one.fact != "opened" else "opened"


def _to_come(line: Timeline, times: Times) -> Iterator[str]:
    if line.looks_again is not None:
        yield f"  we look again {times.moment(line.looks_again)}, or when the ticket changes"
    else:
        yield "  nothing, unless somebody changes the ticket or the rules"
    for one in line.to_come:
        first = f"  {times.moment(one.message.at):16}  "
        yield wrapped(_coming(one, times), first, " " * len(first))


def _coming(one: Coming, times: Times) -> str:
    """Say which message is to come, what calls for it, and what holds it."""
    said = one.message
    text = f"{said.rule.message} to {said.reader}: {said.trigger.text} ({said.rule.name}, {said.rule.where})"
    if said.held:
        text += f"; called for {times.moment(said.called)}, held by {said.held}"
    return f"{text}; {one.but}" if one.but else text


def amount(seconds: int) -> str:
    """Return a duration of working time: "3h 40m", "12m 5s"; days would leave open how long they are."""
    hours, minutes, rest = seconds // 3600, seconds // 60 % 60, seconds % 60
    parts = [f"{hours}h" if hours else "", f"{minutes}m" if minutes else "", f"{rest}s" if rest else ""]
    return " ".join([part for part in parts if part][:2]) or "0m"


def as_json(line: Timeline) -> dict[str, Any]:
    """Return a ticket in time as JSON has it, moments in UTC, durations in seconds."""
    return {
        "zone": str(line.zone),
        "calendar": line.hours._asdict() | {"opens": _iso(line.hours.opens)},
        "clocks": [_clock(one) for one in line.clocks],
        "other_clocks_of_the_platform": [_sla(one) for one in line.others],
        "source": line.source._asdict() | {"poll": int(line.source.poll.total_seconds())},
        "came": [_event(one) for one in line.came],
        "to_come": [_message(one) for one in line.to_come],
        "looks_again": _iso(line.looks_again),
    }


def _iso(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


def _clock(one: Reading) -> dict[str, Any]:
    return {
        "clock": one.clock,
        "target": one.target or None,
        "target_of": one.whose,
        "used": one.used,
        "over": one.over,
        "state": one.state,
        "since": _iso(one.since),
        "what": one.what,
        "due": _iso(one.own_due),
        "platform": None if one.sla is None else _sla(one.sla),
        "counts": "platform" if one.sla is not None else "ours",
    }


def _sla(one: Sla) -> dict[str, Any]:
    return one._asdict() | {"due": None if one.due is None else one.due.isoformat()}


def _event(one: Moment) -> dict[str, Any]:
    did = [{"fact": each.fact, "value": each.value} for each in one.did]
    return {"at": _iso(one.at), "by": one.by, "exact": one.exact, "did": did}


def _message(one: Coming) -> dict[str, Any]:
    said = one.message
    return {
        "at": _iso(said.at),
        "message": said.rule.message,
        "to": said.reader,
        "because": said.trigger.text,
        "rule": said.rule.name,
        "where": said.rule.where,
        "called": _iso(said.called),
        "held_by": said.held,
        "but": one.but,
    }
