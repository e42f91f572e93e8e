"""What a day with trouble is held against: the same day without."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from tests.trust.places import Place, Ticket


class Verdict(NamedTuple):
    """How many words were said too often, how many were not said, and the tickets that took another course.

    `exposed` are internal words that customers could read.
    """

    duplicates: int
    lost: int
    exposed: int
    otherwise: tuple[str, ...]


def stand(places: Iterable[Place]) -> dict[str, Ticket]:
    """Return all tickets as they are, by place and number."""
    return {f"{place.name} {n}": _plain(place.ticket(n)) for place in places for n in range(len(place.tickets))}


def _plain(ticket: Ticket) -> Ticket:
    """Leave out why: a note that is written after its fields is decided anew, and they are no news any more."""
    return Ticket(ticket.fields, [*map(_without_reasons, ticket.course)], [*map(_without_reasons, ticket.said)])


def _without_reasons(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if line and not line.startswith(("- ", "* ")))


def judged(found: dict[str, Ticket], calm: dict[str, Ticket]) -> Verdict:
    """Hold tickets against those of the calm day.

    Compared are, ticket by ticket, every word of ours and who could read it, the fields, and the course: all that
    anybody did to it, in order, but not when. On Jira fields, internal note and public comment are three writes, so
    that their order shows in the course; on ServiceNow they are one, whose order is the platform's.
    """
    pairs = [(ticket, found[name], name) for name, ticket in calm.items()]
    more = [Counter(now.said) - Counter(before.said) for before, now, _ in pairs]
    less = [Counter(before.said) - Counter(now.said) for before, now, _ in pairs]
    internal = {_words(said) for ticket in calm.values() for said in ticket.said if said.startswith("internal")}
    public = [said for _, now, _ in pairs for said in now.said if said.startswith("public")]
    otherwise = tuple(_difference(name, before, now) for before, now, name in pairs if _differs(before, now))
    return Verdict(_total(more), _total(less), sum(_words(said) in internal for said in public), otherwise)


def _differs(before: Ticket, now: Ticket) -> bool:
    return (before.fields, before.course) != (now.fields, now.course)


def _difference(name: str, before: Ticket, now: Ticket) -> str:
    lines = [f"{name}: {before.fields}", f"  became {now.fields}", *(f"  calm: {what}" for what in before.course)]
    return "\n".join([*lines, *(f"  found: {what}" for what in now.course)])


def _words(said: str) -> str:
    return said.partition(": ")[2]


def _total(counters: Sequence[Counter[str]]) -> int:
    return sum(counter.total() for counter in counters)
