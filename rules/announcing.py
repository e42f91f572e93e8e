"""Announcing: what is said of a major incident reaches whoever reported the same, on their own ticket and once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.announcement import Announcement
from rules.calls import look_again
from rules.case import left, with_outcome
from rules.language import choose
from rules.model import OPEN, Comment, Reason, made
from rules.readers import AFFECTED
from rules.wishes import wishes

if TYPE_CHECKING:
    from rules.case import Case

APART: Final = 300
"""Seconds between two announcements of one incident; that it is solved is always said."""

LATEST: Final = 86_400
"""Seconds after which an announcement is no news to who is linked to the incident then."""


def announce(case: Case, message: str, reason: Reason, key: str) -> None:
    """Plan to say something to all who are affected, unless they heard of the incident a moment ago.

    What the clock calls for is said as soon as that is over.
    """
    last, solved = case.around.announced.get(case.ticket.number), case.facts.get("status") not in OPEN
    now = int(case.now.timestamp())
    if last is not None and not solved and last.key != key and now - last.at < APART:
        why = f"those affected heard of it {now - last.at} s ago"
        case.reasons.append(with_outcome(left(reason, why), "held back"))
        look_again(case, last.at + APART)
        return
    asked = case.ticket.requester.account if case.ticket.requester is not None else ""
    case.announced = made(Announcement, (message, key, now, 0, asked, solved, reason.rule, reason.where, reason.text))
    case.reasons.append(reason)


def above(case: Case) -> Announcement | None:
    """Return the last word about the major incident above a ticket, if it is news to its requester.

    The desk may have taken its text away since it was said.
    """
    if not case.around.announced or case.facts.get("status") not in OPEN or case.facts.get("major") is True:
        return None
    number = case.ticket.facts.get("parent")
    said = case.around.announced.get(number) if isinstance(number, str) else None
    asked = case.ticket.requester
    if said is None or said.message not in case.book.messages or asked is None or asked.account == said.requester:
        return None
    created, now = int(case.ticket.created.timestamp()), int(case.now.timestamp())
    is_true = created <= said.at if said.solved else number in case.around.majors
    return said if is_true and now - said.at < LATEST else None


def hear(case: Case, said: Announcement) -> bool:
    """Plan the comment that tells this ticket's requester what is announced, once; tell whether it is planned."""
    key = f"{case.start}{said.message} to {AFFECTED} @{said.key}"
    if case.is_done(key):
        return False
    language, why = choose(wishes(case, AFFECTED, ""), case.book.messages[said.message], case.book.languages)
    reason = Reason("communicate", "decided", said.rule, said.where, said.text)
    case.actions.append(made(Comment, (key, said.message, AFFECTED, True, language, reason, (), 0, why, ())))
    case.reasons.append(reason)
    case.heard_of = said
    return True
