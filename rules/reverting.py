"""Reverting: which of the values that we once wrote may be put back, because nobody touched them since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from rules.confirm import ADDED
from rules.describe import shown
from rules.model import HOLD, ON_HOLD, Decision, Deed, Fact, Memory, Reason, SetFields, Ticket

STAY: Final = "were added, and this platform does not show who was there before: take them off by hand"


class Change(NamedTuple):
    """A value that we wrote: what stood in the field before, and what the platform answered."""

    ticket: str
    connection: str
    kind: str
    id: str
    fact: str
    before: Fact | None
    after: Fact | None


def is_reverting(action: Deed) -> bool:
    """Tell whether an action puts something back."""
    return isinstance(action, SetFields) and (action.reason.stage, action.reason.rule) == ("ticket", "revert")


def is_unknown(change: Change) -> bool:
    """Tell whether a change cannot be taken back: the platform does not show whom we added to who was there."""
    return change.fact in ADDED and change.before is None and change.after is None


def reverted(ticket: Ticket, memory: Memory, wrote: Iterable[Change], cycle: int) -> Decision:
    """Return what puts the values of this ticket back: all that still stand as we left them. What was said stays said.

    The rules that asked for them do not write them again as long as the facts are the same: it was done once. What
    else waits for the ticket is decided anew: it is due at once.
    """
    if ticket.facts.get(HOLD) is True:
        return Decision((), (ON_HOLD,), memory, ticket.facts, ticket.updated)
    actions: list[SetFields] = []
    reasons: list[Reason] = []
    for change in [one for one in wrote if one.id == ticket.id]:
        fact, before, after = change.fact, change.before, change.after
        if is_unknown(change):
            reasons.append(Reason("ticket", "left", "revert", "", f"{fact} {STAY}"))
            continue
        held = memory.held.get(fact)
        ours = held is not None and held.whose == "ours" and held.value == after
        if ours and ticket.facts.get(fact) == after:
            reason = Reason("ticket", "decided", "revert", "", f"{fact}: {shown(before)}, as before cycle {cycle}")
            key = f"{ticket.connection}/{ticket.id} revert {cycle} {fact} @{ticket.version}"
            actions.append(SetFields(key, {fact: before}, reason))
            reasons.append(reason)
        else:
            reasons.append(Reason("ticket", "left", "revert", "", f"{fact} was changed since cycle {cycle}"))
    return Decision(tuple(actions), tuple(reasons), memory, ticket.facts, ticket.updated)
