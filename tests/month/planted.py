"""Bugs to put into the rules, so that the month proves that its checker finds them. Each is told in a sentence.

Each is put in at a place that other modules call: where that place is gone, or is not used any more, the test of the
bug fails, and the bug has to be planted anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest

from rules import approval, calls, clocks, course, duty, escalation, handover, oncall, past, promises, speakers
from rules.calendar import Calendar
from rules.case import Case
from rules.course import Course
from rules.oncall import Rotation

HOUR = 3600


class Bug(NamedTuple):
    """A bug, in a sentence, how it is planted, what the checker says when it finds it, and in which world it shows."""

    sentence: str
    plant: Callable[[pytest.MonkeyPatch], None]
    sign: str
    seed: int = 11

    def __repr__(self) -> str:
        return self.sentence.replace(" ", "_")


def _lowest(patch: pytest.MonkeyPatch) -> None:
    ahead = escalation._ahead

    def first(case: Case, ladder: Any) -> Iterator[Any]:
        now = int(case.now.timestamp())
        for step, call in ahead(case, ladder):
            yield step, call
            if call.at <= now:
                return

    patch.setattr(escalation, "_ahead", first)


def _again_after_reopening(patch: pytest.MonkeyPatch) -> None:
    key = escalation._key
    patch.setattr(escalation, "_key", lambda case, step: key(case, step) + " again" * bool(case.facts.get("reopened")))


def _no_pauses(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(calls, "course", lambda created, past, _pauses: course.course(created, past, frozenset()))


def _on_a_solved_ticket(patch: pytest.MonkeyPatch) -> None:
    more = frozenset({*escalation.OPEN, "resolved"})
    patch.setattr(escalation, "OPEN", more)
    patch.setattr(calls, "OPEN", more)


def _an_hour_off(patch: pytest.MonkeyPatch) -> None:
    add = Calendar.add
    put_back = 1_792_890_000  # 01:00 UTC on 25 October 2026, when the clocks of Europe are put back

    def off(self: Calendar, start: int, seconds: int) -> int | None:
        at = add(self, start, seconds)
        return at + HOUR if at is not None and start < put_back <= at and seconds else at

    patch.setattr(Calendar, "add", off)


def _to_a_region_on_holiday(patch: pytest.MonkeyPatch) -> None:
    on_duty = duty.on_duty

    def blind(book: Any, team: str, now: int) -> str:
        found = on_duty(book, team, now)
        hours = duty.hours_of(book, found)
        week = 7 * 24 * HOUR
        regions = [one for one in duty.crew(book, team) if duty.hours_of(book, one).is_open(now - week)]
        return found if hours.is_open(now) or not regions else regions[0]

    patch.setattr(handover, "on_duty", blind)


def _accepted_while_closed(patch: pytest.MonkeyPatch) -> None:
    hours_of = handover.hours_of

    class Always:
        """Hours that never end."""

        def __init__(self, hours: Calendar) -> None:
            self.hours = hours

        def add(self, at: int, seconds: int) -> int:
            return at + seconds

        def __getattr__(self, name: str) -> Any:
            return getattr(self.hours, name)

    patch.setattr(handover, "hours_of", lambda book, team: Always(hours_of(book, team)))


def _over_people(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(escalation, "_is_passed", lambda *_: False)


def _allowed_by_anybody(patch: pytest.MonkeyPatch) -> None:
    def answers(case: Case, person: str, since: int) -> Iterator[tuple[Any, str]]:
        for one in reversed(case.past):
            if one.fact == "verdict" and one.at >= since:
                yield ("granted" if one.value.startswith("granted") else "refused"), person

    patch.setattr(approval, "_answers", answers)


def _kept_by_the_customer(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(promises, "SPEAKERS", promises.SPEAKERS | {"customer"})


def _a_turn_on(patch: pytest.MonkeyPatch) -> None:
    owner = Rotation.owner
    put_back = 300  # days of 2026

    def shifted(self: Rotation, number: int) -> str:
        begins = self.start(number)
        return owner(self, number + (begins > 1_792_890_000 and put_back > 0))

    patch.setattr(oncall.Rotation, "owner", shifted)


def _never_looked_at_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(escalation, "look_again", lambda *_: None)


def _a_robot_acknowledges(patch: pytest.MonkeyPatch) -> None:
    who = speakers.who
    for place in (past, speakers):
        patch.setattr(place, "who", lambda case, author: "agent" if author == "robot" else who(case, author))


def _on_the_wrong_calendar(patch: pytest.MonkeyPatch) -> None:
    made = clocks.clocks

    def desks(been: Course, terms: Any, slas: Any, now: int) -> Any:
        return made(been, terms._replace(calendar=_calendar_of_the_desk(terms)), slas, now)

    patch.setattr(calls, "clocks", desks)


def _calendar_of_the_desk(terms: Any) -> Calendar:
    from tests.month.rules_of_the_month import the_rules

    book = the_rules()
    nights = book.calendars["vancouver-nights"]
    return book.calendars["oslo"] if terms.calendar is nights else terms.calendar


BUGS = (
    Bug("the lowest of the steps that are due is taken", _lowest, "which is higher|not done"),
    Bug("a level is taken once more after reopening", _again_after_reopening, "it was taken before"),
    Bug("clocks forget their pauses", _no_pauses, "it was not due|not close"),
    Bug("the ladder goes on when a ticket is resolved", _on_a_solved_ticket, "the ticket is resolved"),
    Bug("the night in which clocks are put back counts an hour too many", _an_hour_off, "not done"),
    Bug("a region on holiday is on duty", _to_a_region_on_holiday, "it is not the hour|not done"),
    Bug("a region that is closed has to accept in time", _accepted_while_closed, "it was not due"),
    Bug("steps overrule people who reassigned since", _over_people, "a person gave the ticket"),
    Bug("anybody may allow a step", _allowed_by_anybody, "nobody who was asked allowed it"),
    Bug("a customer's own word keeps our promise", _kept_by_the_customer, "level promise|say apology"),
    Bug("turns on call are shifted after clocks are put back", _a_turn_on, "is on call"),
    Bug("nobody looks again after a step", _never_looked_at_again, "not done"),
    Bug("what a robot does acknowledges a ticket", _a_robot_acknowledges, "not done though it was due: level", 13),
    Bug("a service's own calendar does not count", _on_the_wrong_calendar, "not done|it was not due"),
)
