"""Approval: a step that somebody has to allow is asked for in a work note, and is due when they do.

A note or a label of theirs that begins with a word such as "approved" or "refused" answers; a customer's never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, Literal

from rules.assigning import watch
from rules.calls import look_again, tell_moment, ticket_clocks
from rules.case import Case, left
from rules.communication import plan
from rules.holders import holder
from rules.model import Reason

if TYPE_CHECKING:
    from rules.rule import Approval, Step

REQUEST: Final = "approval-request"
Answer = Literal["granted", "refused", "asked"]


def approved(case: Case, step: Step, reason: Reason) -> Answer:
    """Return what became of asking for a step that is due; whoever has to be asked now is asked."""
    asked = [*_asked(case, step)]
    found = next((answer for person, since in asked for answer in _answers(case, person, since)), None)
    if found is not None:
        answer, by = found
        if answer == "refused":
            case.reasons.append(left(reason, f"level {step.level}: refused by {by}"))
        return answer
    _ask(case, step, reason, [person for person, _ in asked])
    known = case.facts["approval.by"] if case.facts.get("approval.level") == step.level else "somebody who can be asked"
    waits = ", ".join(person for person, _ in _asked(case, step)) or known
    case.reasons.append(left(reason, f"level {step.level} waits for approval by {waits}"))
    return "asked"


def _asked(case: Case, step: Step) -> Iterator[tuple[str, int]]:
    """Yield who was asked for a step, and since when."""
    begin = _told(step, "")
    for fact, since in case.told.items():
        if fact.startswith(begin) and isinstance(since, int):
            yield fact.removeprefix(begin), since


def _answers(case: Case, person: str, since: int) -> Iterator[tuple[Answer, str]]:
    """Yield what somebody answered since they were asked, the last word first."""
    account = case.people.get(person, person)
    for one in reversed(case.past):
        verdict, _, author = one.value.partition(" ")
        if one.fact == "verdict" and one.at >= since and one.by != "customer" and author == account:
            yield ("granted" if verdict == "granted" else "refused"), person


def _ask(case: Case, step: Step, reason: Reason, asked: list[str]) -> None:
    """Ask whom the step names, and their deputy when the time is over; nobody twice.

    As long as the question is only planned each decision plans it anew, as it does with all that it still wants.
    """
    terms: Approval = step.approve  # type: ignore[assignment]
    now = int(case.now.timestamp())
    if "approval.level" in case.facts:  # a question has a note of its own: the next one is for the next look
        look_again(case, now)
        return
    for name in (terms.by, terms.otherwise):
        chosen = holder(case, name, "") if name else None
        if chosen is None or not chosen.person:
            case.reasons += [left(reason, f"level {step.level}: {chosen.note}")] if chosen is not None else []
            continue
        since = _since(case, step, chosen.person, now)
        ends = _ends(case, since, terms.within)
        waits = ends is None or now < ends
        if chosen.person not in asked or (waits and not case.is_done(_key(case, step, chosen.person))):
            _request(case, step, reason, chosen.person, ends, since)
        if waits:
            look_again(case, ends if ends is not None else now)
            return


def _request(case: Case, step: Step, reason: Reason, person: str, ends: int | None, since: int) -> None:
    if case.mode == "apply" and _told(step, person) not in case.told:
        case.told = {**case.told, _told(step, person): since}
    case.facts |= {"approval.level": step.level, "approval.by": person}
    tell_moment(case, "promise.approve", ends)
    key = _key(case, step, person)
    plan(case, REQUEST, "team", reason, key)
    plan(case, REQUEST, person, reason, f"{key} to them")
    watch(case, [person], f"approval {step.level} {person}", reason)


def _since(case: Case, step: Step, person: str, now: int) -> int:
    since = case.told.get(_told(step, person), now)
    return since if isinstance(since, int) else now


def _ends(case: Case, since: int, within: int) -> int | None:
    return ticket_clocks(case).terms.calendar.add(since, within)


def _key(case: Case, step: Step, person: str) -> str:
    return f"{case.start}{_told(step, person)}"


def _told(step: Step, person: str) -> str:
    return f"approval {step.level} {person}"
