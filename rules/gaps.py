"""Gaps of duty: promises that nobody could keep, because nobody is on duty or on call for longer than they allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from rules.calendar import DAY, Calendar
from rules.forms import duration
from rules.problems import Report
from rules.schema import WorkspaceForm
from rules.tree import Node

START: Final = 1_767_571_200
"""5 January 2026, a Monday: from here on some weeks are looked at, with the holidays of a spring."""

WEEKS: Final = 18
CALLED: Final = ("off_duty", "unacknowledged")
"""What a ladder waits for that brings in others when nobody is there."""


def check_gaps(root: Node, form: WorkspaceForm, calendars: Mapping[str, Calendar], report: Report) -> None:
    """Warn once of each team that routes give tickets to and that cannot keep what a priority promises."""
    if any(
        getattr(after, key)
        for ladder in form.ladders
        for step in ladder.steps
        for after in step.after
        for key in CALLED
    ):
        return
    for team, node in _routed(root, form):
        found = _unkept(form, team, calendars)
        if found is not None:
            report.warn(node.place, *found)


def _routed(root: Node, form: WorkspaceForm) -> Iterator[tuple[str, Node]]:
    """Yield the teams that routes name, or that services have, each once, with the place that says so."""
    seen: set[str] = set()
    for node in root.each("routes.*.assign.team"):
        named = [one.text for one in root.each("services.*.team")] if node.text == "service.team" else [node.text]
        for team in named:
            if team in form.teams and team not in seen:
                seen.add(team)
                yield team, node


def _unkept(form: WorkspaceForm, team: str, calendars: Mapping[str, Calendar]) -> tuple[str, str] | None:
    """Return what is promised and cannot be kept, and the mend; None where all can."""
    regions = form.teams[team].follow_the_sun or [team]
    if any(form.teams[one].on_call is not None for one in regions if one in form.teams):
        return None
    hours = [calendars[form.teams[one].calendar or form.calendar] for one in regions if one in form.teams]
    gaps = [*_gaps(hours)]
    for priority in form.priorities:
        promised = priority.respond or priority.resolve
        counted = calendars[priority.calendar or form.calendar]
        longest = max((counted.between(start, end) for start, end in gaps), default=0)
        if promised and duration(promised).total_seconds() < longest:
            text = f"'{priority.name}' promises something within {promised}, and nobody of '{team}' is on duty"
            mend = "add on_call: to the team, a ladder with off_duty:, or a calendar: of working hours to the priority"
            return f"{text} or on call for up to {longest // 3600}h of its calendar", mend
    return None


def _gaps(hours: Sequence[Calendar]) -> Iterator[tuple[int, int]]:
    """Yield when none of these calendars is open."""
    at, end = START, START + WEEKS * 7 * DAY
    while at < end:
        opens = min((one for one in (each.next_open(at) for each in hours) if one is not None), default=end)
        if opens > at:
            yield at, min(opens, end)
        at = _closed(hours, opens) if opens < end else end


def _closed(hours: Sequence[Calendar], at: int) -> int:
    """Return the next moment at which none of these calendars is open."""
    while any(each.is_open(at) for each in hours) and at < START + 2 * WEEKS * 7 * DAY:
        closes = [each.next_close(at) for each in hours if each.is_open(at)]
        at = max(one if one is not None else at + WEEKS * 7 * DAY for one in closes)
    return at
