"""On which occasion a change is told: on none where the rules go back to what was told and stood all the time."""

from __future__ import annotations

from rules.case import Case
from rules.model import Before, Fact
from rules.rule import Communication


def key(case: Case, rule: Communication, reader: str, occasion: int) -> str:
    """Return the key of a message, which is sent once."""
    return f"{case.start}{rule.message} to {reader} @{rule.on} {occasion}"


def hand_over_key(case: Case, ended: int) -> str:
    """Return the key of the note that hands a ticket over at the end of a day."""
    return f"{case.start}handed over @{ended}"


def unseen(case: Case) -> None:
    """Forget what was told before as soon as it does not stand any more: then people can see that it changed."""
    kept = {fact: before for fact, before in case.before.items() if _stands(case, fact, before.value)}
    if len(kept) < len(case.before):
        case.before = kept


def occasion(case: Case, event: str, fact: str, value: Fact) -> int | None:
    """Return when a fact came to be what it is decided to be, or None where nobody needs to hear of it.

    What is decided may never be written: the process dies, brakes hold it, and meanwhile facts or rules change back.
    Then what was told is still true, and only those who have not heard it hear it, on the occasion of that time. Where
    somebody heard of the value between, all hear that it is over.
    """
    now, before = int(case.ticket.updated.timestamp()), case.before.get(fact)
    if before is not None and was_said(case, event, before.newer):
        before = None
    if before is not None and before.value == value:
        case.before = {name: known for name, known in case.before.items() if name != fact}
        case.owed = {name: stamp for name, stamp in case.owed.items() if name != event}
        return int(before.owed) if before.owed else None
    told = case.told.get(fact)
    if before is None and told is not None and _stands(case, fact, told):
        before = Before(told, case.owed.get(event, ""), now)
    if before is not None:
        case.before = {**case.before, fact: before._replace(newer=now)}
    return now


def _stands(case: Case, fact: str, value: Fact) -> bool:
    """Tell whether a value stands on the platform, and stood there when we last looked or wrote."""
    held = case.memory.held.get(fact)
    stood = held is None or held.value == value
    return stood and case.ticket.facts.get(fact) == value


def was_said(case: Case, event: str, occasion: int) -> bool:
    """Tell whether any reader heard of an event on that occasion."""
    rules = [rule for rule in case.book.communications.rules if rule.on == event]
    return any(case.is_done(key(case, rule, reader, occasion)) for rule in rules for reader in rule.to)
