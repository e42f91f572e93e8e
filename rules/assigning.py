"""Gives a ticket to a team and a person, in place of what a route planned, and lets people watch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final
from zlib import crc32

from rules.case import Case, left, saying
from rules.duty import on_duty
from rules.holders import Holder, holder
from rules.model import Assign, Reason, SetFields, made
from rules.speakers import who

if TYPE_CHECKING:
    from rules.rule import Step

RAISED: Final = "the ticket is raised at once"
WATCHERS: Final = "watchers"


def assign(case: Case, step: Step, reason: Reason) -> None:
    """Plan that the ticket has who the step says, and that those watch whom it names."""
    if step.assigns:
        _give(case, step, reason)
    watch(case, [*_watchers(case, step, reason), *(_earlier(case) if step.swarm else ())], step.level, reason)


def give_to(case: Case, team: str, person: str | None, basis: int, reason: Reason) -> None:
    """Plan to give the ticket to a team and, in it, to a person; to nobody in particular: None."""
    take_back(case)
    if case.ticket.facts.get("team") != team:
        case.write("team", team, basis, reason)
    case.facts["team"] = team
    appoint(case, person, basis, reason)


def appoint(case: Case, person: str | None, basis: int, reason: Reason) -> None:
    """Plan that this person has the ticket, None: nobody in particular."""
    if case.ticket.facts.get("assignee") != person and case.words.writable("assignee", person or ""):
        case.write("assignee", person, basis, saying(reason, "assignee", person or "nobody in particular"))


def take_back(case: Case) -> None:
    """Forget that a route gives the ticket to somebody."""
    routed = [action.reason for action in case.actions if gives(action)]
    case.actions = [action for action in case.actions if not gives(action)]
    case.reasons = [left(reason, RAISED) if reason in routed else reason for reason in case.reasons]


def watch(case: Case, people: Sequence[str], occasion: str, reason: Reason) -> None:
    """Plan that these people follow the ticket, once per occasion; those who do already are left out."""
    standing = case.ticket.facts.get(WATCHERS, ())
    new = tuple(dict.fromkeys(one for one in people if not (isinstance(standing, tuple) and one in standing)))
    key = f"{case.start}watch {occasion}"
    if new and not case.is_done(key):
        said = saying(reason, WATCHERS, new)
        case.actions.append(made(SetFields, (key, {WATCHERS: new}, said)))
        case.reasons.append(said)


def _give(case: Case, step: Step, reason: Reason) -> None:
    team = step.team or str(case.facts.get(step.path, "")) or str(case.facts.get("team", ""))
    team = on_duty(case.book, team, int(case.now.timestamp())) if team in case.book.teams else team
    moves = bool(team) and case.ticket.facts.get("team") != team
    if moves and not case.words.writable("team", team):
        case.reasons.append(left(reason, f"{team} has no group on this connection"))
        return
    chosen = holder(case, step.person, team) if step.person and not step.swarm else Holder("")
    if chosen.note:
        case.reasons.append(left(reason, chosen.note))
    basis = crc32(step.level.encode())
    if team:
        take_back(case)
        if moves:
            case.write("team", team, basis, reason)
        case.facts["team"] = team
    if chosen.person or step.swarm or moves:  # a team that gets a ticket has nobody on it yet
        appoint(case, chosen.person or None, basis, reason)


def gives(action: object) -> bool:
    """Tell whether an action gives the ticket to somebody."""
    return isinstance(action, Assign) or (isinstance(action, SetFields) and "assignee" in action.values)


def _watchers(case: Case, step: Step, reason: Reason) -> list[str]:
    """Return who shall watch, without those who have no account here."""
    found = [holder(case, one, "") for one in step.watch]
    case.reasons += [left(reason, one.note) for one in found if one.note]
    return [one.person for one in found if one.person]


def _earlier(case: Case) -> list[str]:
    """Return who has the ticket, and who had it before; of agents only, as others would read what is internal."""
    had = [one.value for one in case.past if one.fact == "assignee" and one.value]
    standing = case.ticket.facts.get("assignee")
    people = [*had, standing] if isinstance(standing, str) else had
    return [one for one in people if who(case, case.people.get(one, one)) == "agent"]
