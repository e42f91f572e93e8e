"""Communicate: who hears what now. All rules are looked at; of those due each reader gets the first in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from rules.announcing import above, announce, hear
from rules.answers import Communicated, Told
from rules.automatic import is_headed_so
from rules.case import NONE, Case, aside, left, with_outcome
from rules.events import Happened, happened
from rules.holders import WOKEN
from rules.language import choose
from rules.linking import follows
from rules.model import OPEN, Comment, Notify, Reason, made
from rules.occasions import key
from rules.readers import (
    AFFECTED,
    CUSTOMERS,
    ON_TICKET,
    PARTICIPANTS,
    Reader,
    doors,
    identity,
    reached,
    within_region,
)
from rules.rule import Communication
from rules.rulebook import EVENT
from rules.timed import Due, timed
from rules.wishes import is_by_requester, wishes

LATEST: Final = timedelta(hours=24)
"""A word about something older than this has lost its meaning: after an outage nobody is told yesterday's news."""

SECOND: Final = "the reader hears something else first"
LATE: Final = "too late to mean anything"
A_ROBOT: Final = "a robot made this ticket of its answer to a mail, and would answer again"
MAJOR: Final = "during a major incident the requester hears only of that"
ANNOUNCED: Final = "the platform announces this itself (platform_mails)"


def communicate(case: Case) -> None:
    """Plan the messages of what just happened, of what happened before and was not yet told, and of what is due."""
    news = happened(case)
    due = timed(case) if case.book.timed.rules else []
    heard: set[str] = set()
    if (said := above(case)) is not None and hear(case, said):
        heard.add("requester")
    if news:
        _tell(case, news, due, heard)
    for one in due:
        _tell_due(case, one, heard)


def _tell(case: Case, news: Happened, due: list[Due], heard: set[str]) -> None:
    """Plan the messages of what happened, and those of `due` whose rules stand before theirs."""
    case.facts[EVENT] = tuple(news)
    stage = case.book.communications
    values = stage.values(case.facts)
    answer = stage.answers.get(values) or stage.remember(values, _communicated(case, news))
    del case.facts[EVENT]
    if answer.held:
        case.reasons += answer.held
    latest = _latest(case.now)
    owed: dict[str, str] = {}
    for told in _to_say(case, news, answer.told):
        rule, reader, reason, second, late = told
        while due and due[0].rule.order < rule.order:
            _tell_due(case, due.pop(0), heard)
        name, who = key(case, rule, reader, news[rule.on]), identity(case, reader)
        if who in heard or _is_told_by_a_step(case, rule, reader):
            case.reasons.append(second)
            if rule.mode == "apply":
                case.forgone |= {name}
        elif rule.mode != "apply":
            aside(rule, reason, case.reasons, case.proposals)
        elif news[rule.on] < latest and rule.on != "escalated":
            case.reasons.append(late)
        else:
            heard.add(who)
            if plan(case, rule.message, reader, reason, name):
                owed[rule.on] = str(news[rule.on])
    if owed:
        case.owed = owed


def _to_say(case: Case, news: Happened, told: Iterable[Told]) -> Iterator[Told]:
    """Yield what may be said; below a major incident the requester hears only of that.

    What was said before stands beside it where others still wait for theirs: who heard it may hear what is new.
    """
    for one in told:
        if case.is_done(key(case, one.rule, one.reader, news[one.rule.on])):
            continue
        if is_beside_major(case, one.rule, one.reader):
            case.reasons.append(_held_back(one.reason, MAJOR))
        else:
            yield one


def _is_told_by_a_step(case: Case, rule: Communication, reader: str) -> bool:
    """Tell whether a step of the ladder, or a hand-over, says this to the team itself, and who has the ticket."""
    if reader != "team":
        return False
    told = (rule.on, rule.message) in (("escalated", "escalated"), ("handed_over", "handed-over"))
    return told or (rule.on == "assigned" and bool(case.escalated or case.handed_over))


def _tell_due(case: Case, due: Due, heard: set[str]) -> None:
    """Plan a timed message. What is only observed is done with then: it is journalled once.

    A reminder whose reader hears something else first comes later: nobody's ticket is closed who was not reminded.
    """
    rule, reader, reason, name, passed = due
    if is_beside_major(case, rule, reader):
        case.reasons.append(_held_back(reason, MAJOR))
    elif (who := identity(case, reader)) in heard:
        case.reasons.append(_held_back(reason, SECOND))
        case.forgone |= {name} if rule.mode == "apply" and not rule.times else NONE
    elif rule.mode != "apply":
        aside(rule, reason, case.reasons, case.proposals)
    else:
        heard.add(who)
        plan(case, rule.message, reader, reason, name)
    if "observe" in (rule.mode, case.mode):
        case.forgone |= {passed if rule.times else name}


def is_beside_major(case: Case, rule: Communication, reader: str) -> bool:
    """Tell whether a requester would hear of something else than the major incident that their ticket is, or follows.

    Below one that is only where rules tell those affected, and while the ticket is open: else they would hear nothing
    at all. Some platforms resolve what is below together with the incident, of whose end its requester hears so.
    """
    if reader not in CUSTOMERS or rule.major:
        return False
    told_of_major = case.book.announces and case.facts.get("status") in OPEN
    return case.facts.get("major") is True or (told_of_major and follows(case) is not None)


@lru_cache(maxsize=16)
def _latest(now: datetime) -> int:
    """Return the second before which what happened is no news any more; `now` is the same for a whole page."""
    return int((now - LATEST).timestamp())


def _communicated(case: Case, news: Happened) -> Communicated:
    """Return the messages of the rules that match, without what the platform tells customers by itself.

    While a ticket is major its requester hears only of that.
    """
    told: list[Told] = []
    held: list[Reason] = []
    only_major = case.facts.get("major") is True
    for rule in case.book.communications.matching(case.facts):
        reason = case.book.reasons["communicate", rule.order]
        for reader in rule.to if rule.on in news else ():
            if rule.on in case.book.platform_mails and reader in CUSTOMERS:
                held.append(_held_back(reason, ANNOUNCED))
            elif only_major and reader in CUSTOMERS and not rule.major:
                held.append(_held_back(reason, MAJOR))
            else:
                told.append(Told(rule, reader, reason, _held_back(reason, SECOND), _held_back(reason, LATE)))
    return Communicated(tuple(told), tuple(held))


def _held_back(reason: Reason, why: str) -> Reason:
    return with_outcome(left(reason, why), "held back")


def _is_by_a_robot(case: Case) -> bool:
    """Tell whether nobody asked for the ticket: its title is the subject of an automatic answer, and no agent's.

    An agent who takes it up has found a person behind it, who only wrote about such answers.
    """
    is_taken = case.facts.get("status", "new") != "new"
    return not is_taken and is_by_requester(case) and is_headed_so(str(case.ticket.facts.get("title", "")))


def plan(case: Case, message: str, reader: str, reason: Reason, name: str) -> bool:
    """Plan one message to one reader under this name, once, and tell whether it is planned."""
    if case.known and case.is_done(name):
        return False
    if reader == AFFECTED:
        announce(case, message, reason, name)
        return False
    who = _on_ticket(case, reader) if reader in ON_TICKET else reached(case, reader)
    reader = "team" if who.on_ticket else reader
    who = within_region(case, who)
    if reader in CUSTOMERS and _is_by_a_robot(case):
        who = who._replace(missing=A_ROBOT)
    if who.missing:
        case.reasons.append(left(reason, f"{reader}: {who.missing}"))
        return False
    language, why = choose(wishes(case, reader, who.person), case.book.messages[message], case.book.languages)
    if reader in ON_TICKET:
        case.actions.append(
            made(Comment, (name, message, reader, reader in CUSTOMERS, language, reason, (), 0, why, ()))
        )
    else:
        once = reader not in WOKEN
        case.notices.append(made(Notify, (name, message, reader, who.doors, who.person, language, reason, why, once)))
    case.reasons.append(reason)
    return True


def _on_ticket(case: Case, reader: str) -> Reader:
    """Return who reads on the ticket; a comment for its participants needs some."""
    nobody = reader == PARTICIPANTS and not case.facts.get(PARTICIPANTS)
    return Reader(doors(case.book, reader), "", f"{reader} is empty" if nobody else "")
