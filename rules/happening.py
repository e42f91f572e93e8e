"""What reports count: one thing that happened to a ticket."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

What = Literal[
    "escalated",
    "acknowledged",
    "answered",
    "resolved",
    "reopened",
    "breached",
    "promise kept",
    "promise missed",
    "handed over",
    "accepted",
    "not accepted",
    "reassigned",
    "overruled",
    "supplied",
    "supplier in time",
    "supplier late",
]

OF_SUPPLIERS: Final = frozenset({"supplied", "supplier in time", "supplier late"})
"""What names somebody of `people:`."""


class Happening(NamedTuple):
    """Something that happened to a ticket and that reports count. Never a text of the ticket.

    `at` is the moment of the fact, in seconds since 1970. `team` is who had the ticket then, or has it from then on.
    `value` is the level of "escalated", the clock of "breached", the fact of "overruled", the team before of
    "reassigned", the supplier for whom it waited of those about one. `why` is what called for it, `amount` seconds of
    working time. The same fact is counted once per ticket, `what`, `value` and `occasion`; without an occasion its
    moment is one.
    """

    what: What
    at: int
    team: str = ""
    service: str = ""
    value: str = ""
    rule: str = ""
    why: str = ""
    amount: int | None = None
    occasion: int | None = None
