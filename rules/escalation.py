"""Escalate: who has a ticket must change, or more people must hear, because time has passed or something happened."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from rules.approval import approved
from rules.assigning import assign
from rules.calls import NEW_RULE, WAITS, Call, first_call, look_again, next_moment, silenced_until
from rules.case import Case, aside, left, with_outcome
from rules.communication import plan
from rules.handover import unaccepted
from rules.happening import Happening
from rules.linking import follows
from rules.model import FIRST_LEVEL, OPEN, Reason, mark
from rules.rule import Ladder, Step
from rules.timed import Pending

ASKS: Final = "escalated"
LATE: Final = 600
"""Seconds after which a step that is taken was late: a few polls, and not an outage."""


def level_of(case: Case) -> str:
    """Return the level that the ticket has reached; "L1" is what a route gives.

    It is what was told last, if that came to be: a step that is planned may never be taken. Where nothing was told, or
    the store was lost, it is the highest whose mark is there.
    """
    told = case.memory.told.get("level")
    if isinstance(told, str) and (told == FIRST_LEVEL or _was_reached(case, told)):
        return told
    ladders = case.book.ladders.rules if case.known else ()
    steps = [*(case.book.anytime.rules if case.known else ()), *(step for ladder in ladders for step in ladder.steps)]
    taken = (step for step in reversed(steps) if case.is_done(_key(case, step)))
    return next((step.level for step in taken if not _is_below_any(case, step)), FIRST_LEVEL)


def escalate(case: Case) -> None:
    """Take the highest due step of the ticket's ladder, or what is called for at any time, each level once.

    One at a time, as each has its own note and readers; the next one is for the next look: what moves the ticket at any
    time comes first, then the ladder, then who only watches. What was planned before, and may be refused, holds nothing
    up. Proposals stand together in one note.
    """
    if case.facts.get("status") not in OPEN or not (case.book.ladders.rules or case.book.anytime.rules):
        return
    if (parent := follows(case)) is not None:
        case.reasons.append(parent)
    now = int(case.now.timestamp())
    called = [step for step in case.book.anytime.matching(case.facts) if not (parent and step.assigns)]
    due = [step for step in called if _is_new(case, step) and _may_be_taken(case, step)]
    fresh = [step for step in due if mark(_key(case, step)) not in case.memory.waits and case.mode != "advise"]
    moving = [step for step in fresh if step.assigns][:1]
    for step in due:
        if step in moving or step not in fresh:
            _take(case, step, now, now)
    ladder = _ladder(case) if not moving and parent is None else None
    climbs = ladder is not None and _climb(case, ladder, now)
    if not moving and not climbs and fresh:
        _take(case, fresh[0], now, now)
    if fresh:
        look_again(case, now)


def to_come(case: Case) -> Iterator[Pending]:
    """Yield the steps of the ladder to come, each when it will be due if nothing changes."""
    ladder, now = _ladder(case), int(case.now.timestamp())
    if ladder is None or case.facts.get("status") not in OPEN or follows(case) is not None:
        return
    for step, call in _ahead(case, ladder):
        at = silenced_until(case, max(call.at, now))
        if now < at < WAITS:
            yield Pending(at, step, _whom(step), call.trigger, call.at, "a silence" if at > call.at else "")


def _whom(step: Step) -> str:
    """Return who has the ticket after a step, or who watches, for people who ask what is to come."""
    return ", ".join(filter(None, (step.team or step.path, step.person, *step.watch))) or "team"


def _ladder(case: Case) -> Ladder | None:
    return next(case.book.ladders.matching(case.facts), None)


def _climb(case: Case, ladder: Ladder, now: int) -> bool:
    """Take the highest step that is due, look again at the next one, and tell whether one was taken.

    What is below it counts as passed.
    """
    due: list[tuple[Step, Call]] = []
    for step, call in _ahead(case, ladder):
        until = silenced_until(case, now) if call.at <= now else call.at
        if until > now:
            look_again(case, until)
            case.waiting.add(mark(_key(case, step)))
        elif not _is_passed(case, step, call):
            due.append((step, call))
        else:  # what was overruled may end, and another moment of the step come
            look_again(case, next_moment(case, step.after, now))
    allowed = ((step, call) for step, call in reversed(due) if _may_be_taken(case, step, call))
    if (highest := next(allowed, None)) is not None:  # nobody is asked for what is below it
        _take(case, highest[0], highest[1].at, now, highest[1])
    return highest is not None


def _ahead(case: Case, ladder: Ladder) -> Iterator[tuple[Step, Call]]:
    """Yield the steps above the highest that was taken, each with the moment that calls for it."""
    reached = [place for place, step in enumerate(ladder.steps) if not _is_new(case, step)]
    back = unaccepted(case)
    for step in ladder.steps[max(reached, default=-1) + 1 :]:
        if step.when.test(case.facts):
            calls = [call for call in (first_call(case, step.after), back) if call is not None]
            back = None  # a hand-over that nobody accepts calls for the next step, and for no other
            if calls:
                yield step, min(calls)


def _is_new(case: Case, step: Step) -> bool:
    """Tell whether a level was neither taken nor passed over for good."""
    is_done = case.is_done(_key(case, step)) or case.is_done(_passed(case, step))
    return not is_done and not _is_below_any(case, step)


def _is_below_any(case: Case, step: Step) -> bool:
    return case.known and any(_is_below(case, step, ladder) for ladder in case.book.ladders.rules)


def _is_below(case: Case, step: Step, ladder: Ladder) -> bool:
    """Tell whether a level above this one was taken, as a ladder orders them: then it counts as passed everywhere."""
    levels = [one.level for one in ladder.steps]
    if step.level not in levels:
        return False
    return any(case.is_done(f"{case.start}level {above}") for above in levels[levels.index(step.level) + 1 :])


def _is_passed(case: Case, step: Step, call: Call) -> bool:
    """Tell whether a step that is due is not taken: a person gave the ticket to somebody since, or the rule is new."""
    memory = case.memory
    for held in (case.held.get("team"), case.held.get("assignee")):
        if held is not None and held.whose in ("person", "unknown") and call.at < int(held.at.timestamp()):
            return True
    if memory.version < 0 or memory.digest == case.book.digest or mark(_key(case, step)) in memory.waits:
        return False
    case.reasons.append(with_outcome(left(_said(case, step, call), NEW_RULE), "held back"))
    case.forgone |= {_passed(case, step)}
    return True


def _may_be_taken(case: Case, step: Step, call: Call | None = None) -> bool:
    """Tell whether nobody has to allow a step that is due, or somebody did. One that is refused is passed for good.

    What waits for an answer holds no lower step up.
    """
    if step.approve is None or step.mode != "apply":
        return True
    answer = approved(case, step, _said(case, step, call))
    if answer == "refused":
        case.forgone |= {_passed(case, step)}
    elif answer == "asked" and case.mode == "apply":
        case.waiting.add(mark(_key(case, step)))
    return answer == "granted"


def _take(case: Case, step: Step, at: int, now: int, call: Call | None = None) -> None:
    """Take a step: give the ticket to its team, and tell that team why and what to ask for."""
    reason = _said(case, step, call)
    if step.mode != "apply":
        aside(step, reason, case.reasons, case.proposals)
        case.forgone |= {_passed(case, step)} if step.mode == "observe" else frozenset()
        return
    assign(case, step, reason)
    case.facts |= {"level": step.level, "escalation.asked": _asked(case, step), "escalation.late": now - at > LATE}
    case.escalated = at
    plan(case, ASKS, "team", reason, _key(case, step))
    if case.mode == "observe":
        case.forgone |= {_passed(case, step)}
    elif case.mode == "apply":
        case.waiting.add(mark(_key(case, step)))
        case.happened.append(_happening(case, step, at, call))


def _happening(case: Case, step: Step, at: int, call: Call | None) -> Happening:
    """Return the step as reports count it: once per level, whatever moment calls for it when it is decided anew."""
    team, service = str(case.facts.get("team", "")), str(case.facts.get("service", ""))
    why = call.trigger.text if call is not None else ""
    return Happening("escalated", at, team, service, step.level, step.name, why, occasion=0)


def _was_reached(case: Case, level: str) -> bool:
    """Tell whether a level was taken, or would have been where we only observe."""
    key = f"{case.start}level {level}"
    return case.is_done(key) or (case.mode == "observe" and case.is_done(f"{key} passed"))


def _asked(case: Case, step: Step) -> tuple[str, ...]:
    return tuple(fact for fact in step.ask if fact not in case.facts)


def _said(case: Case, step: Step, call: Call | None) -> Reason:
    """Return the reason with the level and what called for it."""
    reason = case.book.reasons["escalate", step.order]
    return reason._replace(text=f"level {step.level}" + (f": {call.trigger.text}" if call is not None else ""))


def _key(case: Case, step: Step) -> str:
    return f"{case.start}level {step.level}"


def _passed(case: Case, step: Step) -> str:
    return f"{case.start}level {step.level} passed"
