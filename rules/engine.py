"""Decides about one ticket: classify, prioritise, route, communicate. Pure: equal arguments, equal decision."""

from __future__ import annotations

from datetime import datetime
from hashlib import blake2b
from typing import Final
from zlib import crc32

from rules.announcement import Announcement
from rules.case import Case, left
from rules.communication import communicate
from rules.confirm import proposal_mark
from rules.describe import told
from rules.escalation import escalate, level_of
from rules.handover import hand_over
from rules.happenings import happenings
from rules.linking import link
from rules.model import (
    ENDED,
    HOLD,
    LOT,
    ON_HOLD,
    Action,
    Comment,
    Decision,
    Memory,
    Notify,
    Reason,
    Surroundings,
    Ticket,
    made,
    mark,
)
from rules.past import look_back
from rules.priority import prioritise
from rules.promises import look_at_promises
from rules.queues import show_queues
from rules.replying import replied, show_replies
from rules.reviewing import tell_review
from rules.routing import route
from rules.rulebook import Rulebook
from rules.services import classify
from rules.silent import resolve_silent, tell_silent
from rules.timed import promise
from rules.watch import watch
from rules.words import HITS

STALE: Final = Reason("ticket", "left", "", "", "this reading is older than what the platform confirmed")
BEFORE_SINCE: Final = Reason("ticket", "left", "", "", "created before the connection's since")
ALL: Final = 100
"""Percent."""

NO_NOTICES: Final[tuple[tuple[Notify, ...], tuple[Notify, ...]]] = ((), ())


def decide(ticket: Ticket, memory: Memory, around: Surroundings, book: Rulebook, now: datetime) -> Decision:
    """Return what to do about a ticket, with every reason, and what to remember of it.

    `memory` is `Memory()` for a ticket never seen before. `now` is only compared with times on the ticket.
    """
    if ticket.version < memory.confirmed:
        return Decision((), (STALE,), memory, ticket.facts)
    if ticket.created < around.since:
        return Decision((), (BEFORE_SINCE,), memory, ticket.facts)
    if ticket.facts.get(HOLD) is True:
        return Decision((), (ON_HOLD,), memory, ticket.facts)
    case = Case(ticket, memory, around, book, now)
    _go_through(case)
    communicate(case)
    if case.around.replies:
        show_replies(case)
    if case.waiting != case.waits:
        case.waits = frozenset(case.waiting)
    if book.clocked and (case.actions or case.announced):
        promise(case)
    if case.announced is not None and case.mode == "apply":
        case.forgone |= {case.announced.key}
    if book.reviewing and (case.actions or case.notices):
        tell_review(case)
    notices, untold = _delivered(case) if case.notices else NO_NOTICES
    actions = _within_mode(case)
    happened = happenings(case) if case.happened or (book.clocked and _is_new(case)) else ()
    case.facts.pop(HITS, None)
    case.facts.pop(LOT, None)
    changed = _remembered(case), case.facts, case.look_again_at
    below = replied(case) if book.hears and case.mode == "apply" else None
    return made(Decision, (actions, tuple(case.reasons), *changed, notices, happened, untold, _announced(case), below))


def looked_into(ticket: Ticket, memory: Memory, around: Surroundings, book: Rulebook, now: datetime) -> Case:
    """Return the case as it stands before anybody is told anything: for who asks what came and what is to come."""
    case = Case(ticket, memory, around, book, now)
    _go_through(case)
    return case


def _go_through(case: Case) -> None:
    """Take a case through all stages but the last, and let it know its past."""
    book = case.book
    watch(case)
    _look_around(case)
    if book.matcher.ids:
        case.texts = book.matcher.found(case.facts, case.memory.texts if case.memory.digest == book.digest else ())
        case.facts[HITS] = case.texts[1:]  # type: ignore[assignment]
    if book.clocked:
        case.past = look_back(case)
        if book.closes:
            tell_silent(case)
    elif case.ticket.version > case.memory.version:
        case.past = ()  # what happened while nobody asks for the time would be missing later: it is read anew then
    if case.facts.get("status") not in ENDED:
        classify(case)
        prioritise(case)
    else:
        _show_all(case)
    if book.ladders.rules or book.anytime.rules:
        case.level = case.facts["level"] = level_of(case)
    if case.facts.get("status") not in ENDED:
        route(case)
        if book.links.rules:
            link(case)
        if book.clocked:
            _with_time(case)


def _look_around(case: Case) -> None:
    """Let rules know what they ask for beyond the ticket: in which share it is, and how long queues are."""
    book = case.book
    if book.shares or book.connections[case.ticket.connection].share < ALL:
        _draw(case)
    if book.counts_queues:
        show_queues(case)


def _with_time(case: Case) -> None:
    """Let happen what time calls for: a ladder's step, a hand-over, the end of a wait for an answer."""
    look_at_promises(case)
    escalate(case)
    if case.book.parents:
        hand_over(case)
    if case.book.closes:
        resolve_silent(case)
    case.show("assignee")


def _is_new(case: Case) -> bool:
    """Tell whether anything may have happened since the last look: a settled ticket is not asked."""
    memory = case.memory
    return case.ticket.version != memory.version or bool(case.actions) or case.waits is not memory.waits


def _draw(case: Case) -> None:
    """Tell rules and modes which share of the tickets this one is in: the same as long as it lives."""
    lot = crc32(case.start.encode()) % ALL
    case.facts[LOT] = next((share for share in case.book.shares if lot < share), ALL + 1)
    if lot >= case.book.connections[case.ticket.connection].share:
        case.mode = "observe"


def _show_all(case: Case) -> None:
    """Let the messages of a ticket that has ended see what stands on it, and who stands behind its service."""
    for fact in case.words.watched:
        case.show(fact)
    service = case.book.services.get(case.facts.get("service"))  # type: ignore[arg-type]
    if service is not None:
        case.facts.update(service.facts)


def _delivered(case: Case) -> tuple[tuple[Notify, ...], tuple[Notify, ...]]:
    """Return what goes out by other doors, and what would by doors that nothing opens: that is journalled, and done."""
    if case.mode != "apply":
        return NO_NOTICES
    untold = tuple(notice for notice in case.notices if case.book.channels.keys().isdisjoint(notice.doors))
    for notice in untold:
        case.reasons.append(left(notice.reason, f"{told(notice)}: there is no channel {notice.doors[0]}"))
        case.forgone |= {notice.key}
    goes_out = tuple(notice for notice in case.notices if notice not in untold)
    case.forgone -= {notice.key for notice in goes_out}  # two rules may send the same message, see `_remembered`
    return goes_out, untold


def _announced(case: Case) -> Announcement | None:
    """Return what is said to those affected, which is done with as it is kept with the decision."""
    return case.announced if case.mode == "apply" else None


def _within_mode(case: Case) -> tuple[Action, ...]:
    """Return the actions that desk and connection allow: all, a note that proposes them, or none."""
    mode = case.mode
    if mode == "apply" and not case.proposals:
        return tuple(case.actions)
    if case.proposals:
        case.reasons += case.proposals
        if mode == "apply":
            _propose(case, case.proposals)
    if mode == "apply":
        return tuple(case.actions)
    outcome = "advised" if mode == "advise" else "observed"
    planned = [action.reason._replace(outcome=outcome) for action in case.actions]  # type: ignore[arg-type]
    case.actions, case.intended = [], case.memory.intended
    case.reasons = [
        reason._replace(outcome=outcome) if reason.outcome in ("decided", "advised") else reason  # type: ignore[arg-type]
        for reason in case.reasons
    ]
    if mode == "advise":
        _propose(case, list(dict.fromkeys([*case.proposals, *planned])))
    if not case.actions:
        case.owed = {} if case.memory.owed else case.memory.owed
    return tuple(case.actions)


def _propose(case: Case, proposals: list[Reason]) -> None:
    """Plan one work note that proposes what was not proposed before."""
    start = f"{case.start}advice"
    new = tuple(p for p in proposals if proposal_mark(case.start.rstrip(), p) not in case.memory.done)
    digest = blake2b(repr([(p.rule, p.text) for p in new]).encode(), digest_size=8).hexdigest()
    if not new or case.is_done(f"{start} @{digest}"):
        return
    team = case.book.teams.get(str(case.facts.get("team", "")))
    language = team.language if team is not None and team.language else case.book.languages[0]
    case.actions.append(Comment(f"{start} @{digest}", "advice", "team", False, language, new[0], new))


def _remembered(case: Case) -> Memory:
    """Return the new memory, or the very one we had where there is nothing new."""
    memory, version, digest = case.memory, case.ticket.version, case.book.digest
    done = memory.done if case.ticket.marks <= memory.done else memory.done | case.ticket.marks
    if case.forgone:  # two rules may send the same message: what one of them says now is not forgone
        done |= {mark(key) for key in case.forgone.difference(action.key for action in case.actions)}
    if (
        memory.version == version
        and memory.digest == digest
        and case.held is memory.held
        and case.intended is memory.intended
        and case.told is memory.told
        and case.owed is memory.owed
        and case.before is memory.before
        and case.texts is memory.texts
        and case.past is memory.past
        and case.waits is memory.waits
        and done == memory.done
    ):
        return memory
    changed = case.held, case.intended, case.told, case.owed
    clocks = case.past, case.waits
    return made(Memory, (version, memory.confirmed, digest, *changed, done, case.texts, *clocks, case.before))


def is_news(ticket: Ticket, memory: Memory | None, digest: str, again: bool) -> bool:
    """Tell whether to decide: not if we did on this very version, by these rules, and owe nothing, unless `again`.

    Never by a reading older than what we know, for a search may be behind: what waits for the ticket goes on waiting.
    """
    if memory is None or ticket.version < max(memory.version, memory.confirmed):
        return memory is None
    return again or ticket.version > memory.version or memory.digest != digest or bool(memory.owed)
