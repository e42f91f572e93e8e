"""Replying: what customers say on tickets below an open major incident is shown to its team, gathered in few notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.calls import look_again
from rules.confirm import reply_mark
from rules.language import choose
from rules.linking import follows
from rules.model import ENDED, Comment, Past, Reason, made
from rules.past import DEAF
from rules.reply import Reply
from rules.wishes import wishes

if TYPE_CHECKING:
    from rules.case import Case

APART: Final = 300
"""Seconds for which replies are gathered after a note, so that hundreds of them make a few notes."""

MESSAGE: Final = "replies-below"


def replied(case: Case) -> Reply | None:
    """Return that customers spoke on a ticket below an open major incident since we last looked at it.

    What was said before we listened to the ticket is no reply to anything.
    """
    ticket, memory = case.ticket, case.memory
    if not memory.past or case.past is memory.past or _was_deaf(memory.past) or follows(case) is None:
        return None
    known = max((one.at for one in memory.past if _is_theirs(one.fact, one.by)), default=-1)
    new = [one.at for one in case.past if _is_theirs(one.fact, one.by) and one.at > known]
    seen = int(case.now.timestamp())
    return Reply(ticket.number, ticket.id, ticket.kind, min(new), max(new), seen) if new else None


def show_replies(case: Case) -> None:
    """Plan the note that shows the team of a major incident what was said below it, each word once."""
    below = case.around.replies.get(case.ticket.number, ())
    if not below or case.facts.get("major") is not True or case.facts.get("status") in ENDED:
        return
    start = case.start.rstrip()
    done = case.memory.done | case.ticket.marks
    new = tuple(one for one in below if reply_mark(start, one) not in done)
    shown = max((one.seen for one in below if one not in new), default=0)
    if new and shown + APART > case.now.timestamp():
        look_again(case, shown + APART)
    elif new:
        _show(case, new)


def _show(case: Case, new: tuple[Reply, ...]) -> None:
    key = f"{case.start}{MESSAGE} @{new[-1].seen}"
    if case.is_done(key):
        return
    language, why = choose(wishes(case, "team", ""), case.book.messages[MESSAGE], case.book.languages)
    reason = Reason("communicate", "decided", "", "", f"replies on {len({one.id for one in new})} tickets below")
    case.actions.append(made(Comment, (key, MESSAGE, "team", False, language, reason, (), 0, why, new)))
    case.reasons.append(reason)


def _was_deaf(past: tuple[Past, ...]) -> bool:
    return any(one.fact == DEAF for one in past)


def _is_theirs(fact: str, by: str) -> bool:
    return fact == "comment" and by == "customer"
