"""What happened to a ticket, for reports: told anew from the facts whenever one is looked into, kept once.

The same facts give the same happenings, so that neither a second look nor a lost store counts anything twice.
"""

from __future__ import annotations

from collections.abc import Iterator

from rules.calls import ticket_clocks
from rules.case import Case
from rules.clocks import Clock, Clocks
from rules.handover import accepted
from rules.happening import Happening
from rules.model import Comment
from rules.promises import counted
from rules.supplied import counted as supplied
from rules.terms import CLOCKS

PEOPLE = frozenset({"agent", "unknown"})
"""Whose changes of the team count as those of people: where the author cannot be known, as everywhere in the rules."""


def happenings(case: Case) -> tuple[Happening, ...]:
    """Return what happened to the ticket, with what the stages noted; without clocks nobody knows of the rest."""
    if not case.book.clocked:
        return tuple(case.happened)
    known = ticket_clocks(case)
    get = case.ticket.facts.get
    team, service = str(get("team", "")), str(case.facts.get("service", ""))
    found = [*_taken(known, team, service), *_breached(case, known, team, service)]
    if len(known.course.open) > 1:
        found += [Happening("reopened", start, team, service) for start, _ in known.course.open[1:]]
    if case.book.parents and (handed := accepted(case)) is not None:
        found.append(handed)
    if known.course.supplied:
        found += supplied(case, team, service)
    return (*case.happened, *found, *counted(case), *_reassigned(case, service))


def _taken(known: Clocks, team: str, service: str) -> Iterator[Happening]:
    """Yield that somebody took it, answered it, resolved it, and the working time that this took."""
    been, hours = known.course, known.terms.calendar
    if been.acknowledged is not None:
        amount = hours.between(been.team_since, been.acknowledged)
        yield Happening("acknowledged", been.acknowledged, team, service, amount=amount)
    if been.answered is not None and not (been.resolved is None and been.answered == been.open[-1][1]):
        yield Happening("answered", been.answered, team, service, amount=known.respond.counted)
    if been.resolved is not None:
        yield Happening("resolved", been.resolved, team, service, amount=known.resolve.counted)


def _breached(case: Case, known: Clocks, team: str, service: str) -> Iterator[Happening]:
    """Yield the clocks that ran out: once per ticket, and once per silence where updates are promised.

    A word that goes out now ends the silence in time: that is what the clock of updates is for.
    """
    now, been = int(case.now.timestamp()), known.course
    for name in CLOCKS:
        clock: Clock = getattr(known, name)
        if not clock.target or now - been.created < clock.target or not is_over(clock, now):
            continue
        at = min(clock.due(clock.target) or now, now)
        if name != "updates":
            ended = been.answered if name == "respond" else been.resolved
            yield Happening("breached", min(at, ended or at), team, service, name, occasion=0)
        elif not any(isinstance(action, Comment) and action.public for action in case.actions):
            yield Happening("breached", at, team, service, name, occasion=been.word)


def is_over(clock: Clock, now: int) -> bool:
    """Tell whether a clock has used up its target while it runs, or ended after it."""
    return clock.counted > clock.target or (clock.since is not None and clock.used(now) >= clock.target)


def _reassigned(case: Case, service: str) -> Iterator[Happening]:
    """Yield each time that people gave the ticket from one team to another."""
    before = ""
    for at, fact, value, by, _exact in case.past:
        if fact == "team":
            if before and value and value != before and by in PEOPLE:
                yield Happening("reassigned", at, value, service, before)
            before = value
