"""Promises to customers: a message that named the time of the next word, whether it was kept, and when it is missed."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rules.calls import look_again, ticket_clocks
from rules.happening import Happening

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rules.case import Case
    from rules.model import Past

PROMISE: Final = "promise"
GRACE: Final = 300
"""Seconds by which the next word may be late: what a poll or two and a slow platform take."""

SPEAKERS: Final = frozenset({"ours", "agent", "unknown"})


class Promise(NamedTuple):
    """When a promise was given and for when; moments are seconds since 1970. `word`: the next public word, if any."""

    made: int
    due: int
    word: int | None
    state: Literal["open", "kept", "missed"]


def look_at_promises(case: Case) -> None:
    """Let rules know what became of the last promise, and look at the ticket again when it will be missed."""
    found = last_promise(case)
    if found is None:
        return
    case.facts[PROMISE] = found.state
    if found.state == "open":
        look_again(case, found.due + GRACE)
    elif found.state == "missed" and found.word is None:
        case.missed = found.due


def last_promise(case: Case) -> Promise | None:
    """Return the last promise of a ticket, unless it was solved before the time came."""
    given = next((one for one in reversed(case.past) if one.fact == PROMISE), None)
    return None if given is None else _became_of(case, given, _words(case))


def counted(case: Case) -> Iterator[Happening]:
    """Yield what became of each promise: kept when the next word came, missed when it was due."""
    team, service = str(case.ticket.facts.get("team", "")), str(case.facts.get("service", ""))
    words = _words(case)
    for given in case.past:
        found = _became_of(case, given, words) if given.fact == PROMISE else None
        if found is None or found.state == "open":
            continue
        if found.word is not None and found.word < found.due + GRACE:
            yield Happening("promise kept", found.word, team, service, occasion=found.due)
        else:  # an apology that comes with the last second of grace keeps nothing
            yield Happening("promise missed", found.due, team, service, occasion=found.due)


def _words(case: Case) -> list[int]:
    """Return when somebody of the desk spoke in public, the first time first."""
    return [one.at for one in case.past if one.fact == "comment" and one.by in SPEAKERS]


def _became_of(case: Case, given: Past, words: Sequence[int]) -> Promise | None:
    """Return what became of a promise, unless the ticket was solved before the time came."""
    due, now = int(given.value), int(case.now.timestamp())
    place = bisect_right(words, given.at)
    word = words[place] if place < len(words) else None
    ended = (end for _, end in ticket_clocks(case).course.open if end is not None and given.at <= end <= due + GRACE)
    if any(ended):
        return None
    if word is not None and word <= due + GRACE:
        return Promise(given.at, due, word, "kept")
    return Promise(given.at, due, word, "missed" if now >= due + GRACE else "open")
