"""What happened to a ticket in time: the platform's history where it is readable, else what we saw ourselves.

Clocks are rebuilt from it at each decision, so that a changed target, calendar or priority counts all that is past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from rules.case import Case
from rules.course import SOLVED
from rules.model import Event, Past, Reason, Ticket, made
from rules.speakers import WORDS, speaker, suppliers, who
from rules.verdicts import verdict

FACTS: Final = ("status", "waiting_for", "team", "assignee")
OF_MAJOR: Final = ("priority", "major")
"""What is known of a major incident as well, where a desk sends reports: no clock depends on it."""

DEAF: Final = "deaf"
LABELS: Final = "labels"
AHEAD: Final = 300
"""Seconds by which a platform's clock may be ahead of ours before what it dates so counts as impossible."""

SOON: Final = 5
"""Seconds by which a platform may date a word later than the change of the ticket that it is."""

IMPOSSIBLE: Final = Reason("ticket", "left", "history", "", "")


def look_back(case: Case) -> tuple[Past, ...]:
    """Return what happened to the ticket, oldest first; the very tuple that we had where nothing is new."""
    ticket, known = case.ticket, case.memory.past
    if ticket.history is None and ticket.said is None:
        seen = _observed(case, known) + _deafness(ticket, known)
        return known if not seen else tuple(sorted((*known, *seen), key=_when))
    told = [*_sound(case, ticket.history or ()), *_sound(case, ticket.said or ())]
    found = sorted(_with_what_we_know(known, told, ticket.said is not None), key=_when)
    found += _observed(case, found) + _deafness(ticket, found)
    found.sort(key=_when)
    past = tuple(_without_repeats(found))
    return known if past == known else past


IN_ORDER: Final = (
    *(DEAF, "note", "verdict", "comment", "promise", "level", *OF_MAJOR),
    *("team", "status", "waiting_for", "assignee"),
)
ORDER: Final = {fact: place for place, fact in enumerate(IN_ORDER)}
"""Of what one update of a ticket changed at one time: who takes a ticket that moves to their team has taken it.

What is said with it is the word of those who pass it on.
"""


def _when(one: Past) -> tuple[int, int]:
    return one.at, ORDER[one.fact]


def _sound(case: Case, events: Iterable[Event]) -> Iterator[Past]:
    """Yield the events that clocks depend on and that can be; what cannot be is named once and left out."""
    created, latest = int(case.ticket.created.timestamp()), int(case.now.timestamp()) + AHEAD
    labels: frozenset[str] = frozenset()
    facts, others = _facts(case), suppliers(case)
    for event in events:
        if event.fact == LABELS:
            yield from _labelled(case, event, labels)
            labels = _labels(event)
        elif event.fact in facts or event.fact in WORDS:
            at = int(event.at.timestamp())
            if created <= at <= latest:
                value = "" if event.fact in WORDS else _text(event.value)
                by = speaker(case, event, others)
                yield made(Past, (at, event.fact, value, by, True))
                if event.fact == "note" and event.value:
                    yield made(Past, (at, "verdict", f"{event.value} {event.author}", by, True))
            else:
                said = "before the ticket was created" if at < created else "after now"
                text = f"{event.fact} at {event.at:%Y-%m-%d %H:%M:%S}Z is {said}: no clock counts it"
                case.reasons.append(IMPOSSIBLE._replace(text=text))


def _facts(case: Case) -> tuple[str, ...]:
    return FACTS + OF_MAJOR if case.book.reviewing and case.ticket.facts.get("major") is True else FACTS


def _labelled(case: Case, event: Event, before: frozenset[str]) -> Iterator[Past]:
    """Yield what new labels answer to a question for approval."""
    for label in sorted(_labels(event) - before):
        if (answer := verdict(label.replace("-", " ").replace("_", " "))) is not None:
            by = who(case, event.author)
            yield Past(int(event.at.timestamp()), "verdict", f"{answer} {event.author}", by)


def _labels(event: Event) -> frozenset[str]:
    return frozenset(event.value) if isinstance(event.value, tuple) else frozenset()


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _with_what_we_know(known: Sequence[Past], told: Sequence[Past], heard: bool) -> Iterator[Past]:
    """Yield what the platform tells, and of what we know what it cannot tell or tells no more.

    A platform forgets its oldest history after a while. What we said ourselves may not have reached its search yet, and
    what we know of it stands: were it later all at once, what was due before the next word would be due once more.
    """
    mine = [one.at for one in known if _is_our_word(one)]
    told = [_as_known(one, mine) if _is_our_word(one) else one for one in told] if mine else told
    first: dict[str, int] = {}
    ours = -1
    for one in told:
        first[one.fact] = min(one.at, first.get(one.fact, one.at))
        if _is_our_word(one):
            ours = max(ours, one.at)
    yield from told
    for one in known:
        if one.fact == DEAF and heard:
            continue
        if one.at < first.get(one.fact, one.at + 1) or (_is_our_word(one) and one.at > ours):
            yield one


def _is_our_word(one: Past) -> bool:
    return one.by == "ours" and one.fact == "comment"


def _as_known(one: Past, mine: Sequence[int]) -> Past:
    """Return a word of ours as of when its ticket changed: a platform may date the word a little later."""
    at = next((at for at in mine if at < one.at <= at + SOON), one.at)
    return one._replace(at=at)


def _observed(case: Case, known: Sequence[Past]) -> list[Past]:
    """Return what changed without the history telling: as of the ticket's last change, if it was the only one."""
    last = {one.fact: one for one in known}
    get, found = case.ticket.facts.get, []
    for fact in _facts(case):
        value, before = _text(get(fact)), last.get(fact)
        if value != (before.value if before is not None else ""):
            found.append(_seen(case, fact, value, before))
    return found


def _deafness(ticket: Ticket, known: Sequence[Past]) -> list[Past]:
    """Return what says that we cannot hear what is said, unless that is known."""
    if not ticket.deaf or any(one.fact == DEAF for one in known):
        return []
    return [Past(int(ticket.created.timestamp()), DEAF, "", "unknown", False)]


def _seen(case: Case, fact: str, value: str, before: Past | None) -> Past:
    """Return a change that we see for the first time, and as of when; `before` is what we know of last.

    What stands on a ticket that nobody changed, or whose history tells of no change, stands since its creation. A
    platform may go on naming the time of an earlier solution than the one that we see.
    """
    ticket, memory = case.ticket, case.memory
    created = int(ticket.created.timestamp())
    if before is None and (_is_told(case, fact, value) or ticket.updated == ticket.created):
        return Past(created, fact, value, who(case, ticket.created_by))
    solved = ticket.facts.get("resolved_at")
    if fact == "status" and value in SOLVED and isinstance(solved, datetime):
        at = int(solved.timestamp())
        if at >= (before.at if before is not None else created):
            return Past(at, fact, value, "unknown")
    ours = before is not None and ticket.version == memory.version == memory.confirmed  # it came with our own write
    alone = ours or ticket.version == max(memory.version, memory.confirmed) + 1
    return Past(int(ticket.updated.timestamp()), fact, value, who(case, ticket.updated_by if alone else ""), alone)


def _is_told(case: Case, fact: str, value: str) -> bool:
    """Tell whether the history, or what we know, would tell of a change: not every platform tells who is declared."""
    if fact == "major":
        return False
    return case.ticket.history is not None or (fact in OF_MAJOR and case.memory.told.get(fact) == value)


def _without_repeats(found: Sequence[Past]) -> Iterator[Past]:
    """Yield all but the words in the middle of somebody's monologue: no clock can tell whether they were said."""
    for place, one in enumerate(found):
        if (
            one.fact not in WORDS
            or not 0 < place < len(found) - 1
            or not (_same(found[place - 1], one) and _same(one, found[place + 1]))
        ):
            yield one


def _same(one: Past, other: Past) -> bool:
    return one.fact == other.fact and one.by == other.by
