"""Silent customers: reminded so many times, then the ticket is resolved, and opened again by their answer.

The one place where a rule writes a status, and only one that says `then: {status: …}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.calls import (
    NEW_RULE,
    WAITS,
    Call,
    is_said,
    key_of,
    look_again,
    passed_key,
    silenced_until,
    tell_moment,
    ticket_clocks,
    timed_rules,
)
from rules.case import Case, aside, left, with_outcome
from rules.course import SOLVED
from rules.model import Reason, SetFields, made, mark

if TYPE_CHECKING:
    from rules.rule import Communication

STATUS: Final = "status"
REQUESTER: Final = "requester"
SILENT: Final = "silent"
"""The fact that says that a ticket was resolved because nobody answered."""

OPENED: Final = Reason("communicate", "decided", "answer", "", "status: in_progress. The requester has answered")


def reminders(case: Case, rule: Communication) -> list[Call]:
    """Return the next reminder of a rule that repeats one; nothing after the last, or when nothing is waited for."""
    since = ticket_clocks(case).course.waiting
    if since is None:
        return []
    for number in range(1, rule.times + 1):
        call = Call(_next(case, since, number > 1, rule), rule.after[0], since + number)
        if not is_said(case, rule, call) and not all(case.is_done(passed_key(case, rule, to, call)) for to in rule.to):
            _tell_the_end(case, rule, number)
            return [call]
    return []


def tell_silent(case: Case) -> None:
    """Let rules know that we ended the ticket ourselves: nothing else that we do writes a status like that."""
    states = [one for one in case.past if one.fact == STATUS]
    if states and states[-1].by == "ours" and case.facts.get(STATUS) == states[-1].value in SOLVED:
        case.facts[SILENT] = True


def resolve_silent(case: Case) -> None:
    """Plan to resolve a ticket whose requester was reminded as often as the rule says, or to open it again."""
    status = case.facts.get(STATUS)
    if status == "resolved" and SILENT in case.facts:
        _open_again(case)
    for rule in timed_rules(case) if status == "waiting" else ():
        if rule.then and ticket_clocks(case).course.waiting is not None:
            _resolve(case, rule)


def _resolve(case: Case, rule: Communication) -> None:
    since, now = ticket_clocks(case).course.waiting, int(case.now.timestamp())
    assert since is not None  # noqa: S101  # for the type checker
    calls = (Call(0, rule.after[0], since + number) for number in range(1, rule.times + 1))
    key = f"{case.start}{rule.name} then @{since}"
    if not all(_is_over(case, rule, call) for call in calls) or case.is_done(key):
        return
    at = max(_next(case, since, True, rule), silenced_until(case, now))
    if at > now:
        look_again(case, at)
        case.waiting.add(mark(key))
        return
    reason = case.book.reasons["communicate", rule.order]
    without = [fact for fact, value in rule.then.items() if value is not None and not case.words.writable(fact, value)]
    if without:
        case.reasons.append(left(reason, f"{', '.join(without)} cannot be written on this connection"))
        return
    reason = reason._replace(text=f"status: {rule.then[STATUS]}. Nobody answered {rule.times} reminders")
    memory = case.memory
    if memory.version >= 0 and memory.digest != case.book.digest and mark(key) not in memory.waits:
        case.reasons.append(with_outcome(left(reason, NEW_RULE), "held back"))
        case.forgone |= {key}
        return
    if rule.mode != "apply":
        aside(rule, reason, case.reasons, case.proposals)
        return
    case.actions.append(made(SetFields, (key, rule.then, reason)))
    case.reasons.append(reason)  # the requester hears of it when it stands: a platform may refuse a status
    if case.mode == "apply":
        case.waiting.add(mark(key))


def _is_over(case: Case, rule: Communication, call: Call) -> bool:
    """Tell whether the requester was reminded, or would have been where we only observe."""
    observed = "observe" in (rule.mode, case.mode)
    passed = observed and all(case.is_done(passed_key(case, rule, reader, call)) for reader in rule.to)
    return passed or case.is_done(key_of(case, rule, REQUESTER, call))


def _open_again(case: Case) -> None:
    """Open what we resolved ourselves if the requester has answered. What people resolved is theirs.

    They may have answered while we resolved it: what counts is that nobody asked them anything since.
    """
    *earlier, ended = [one for one in case.past if one.fact == STATUS]
    asked = [one.at for one in case.past if one.fact == "comment" and one.by == "agent" and one.at <= ended.at]
    waits = [one.at for one in case.past if one.fact == "waiting_for" and one.at <= ended.at]
    since = max((*asked, *waits, *(one.at for one in earlier[-1:])), default=ended.at)
    words = (one.at for one in case.past if one.fact == "comment" and one.by == "customer" and one.at > since)
    word = next(words, None)
    if word is None or not case.words.writable(STATUS, "in_progress"):
        return
    case.actions.append(made(SetFields, (f"{case.start}opened again @{word}", {STATUS: "in_progress"}, OPENED)))
    case.reasons.append(OPENED)
    case.facts[STATUS] = "in_progress"
    case.facts.pop(SILENT)


def _next(case: Case, since: int, again: bool, rule: Communication) -> int:
    """Return when it is time for the next reminder: a while after the ticket waits, or after our last word."""
    said = [one.at for one in case.past if one.fact == "comment" and one.by == "ours" and one.at >= since]
    calendar = ticket_clocks(case).terms.calendar
    at = calendar.add(max(said, default=since) if again else since, rule.after[0].amount)
    return at if at is not None else WAITS


def _tell_the_end(case: Case, rule: Communication, number: int) -> None:
    """Let the reminder say when the ticket will be resolved."""
    if rule.then:
        left = rule.after[0].amount * (rule.times - number + 1)
        tell_moment(case, "promise.close", ticket_clocks(case).terms.calendar.add(int(case.now.timestamp()), left))
