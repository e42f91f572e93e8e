"""What the stages answer to a combination of facts: it is worked out once and remembered, see `rules.index`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from rules.model import Fact, Facts, Reason

if TYPE_CHECKING:
    from rules.rule import Communication


class Classified(NamedTuple):
    """What classify makes of a combination of facts: what it fills and by which rule, what that rule's service adds."""

    chosen: Mapping[str, tuple[Fact, Reason]]
    adds: Facts
    reasons: tuple[Reason, ...]
    proposals: tuple[Reason, ...]
    basis: int  # checksum of the facts that it depends on


class Prioritised(NamedTuple):
    """What prioritise makes of a combination of facts; the priority is "" where there is no decision."""

    priority: str
    reason: Reason
    reasons: tuple[Reason, ...]
    proposals: tuple[Reason, ...]
    basis: int  # checksum of the facts that it depends on


class Routed(NamedTuple):
    """What route makes of a combination of facts; the team is "" where there is none.

    Which of a follow-the-sun team's `regions` it is depends on more than these facts, so `reason` leaves it open.
    """

    team: str
    reason: Reason
    reasons: tuple[Reason, ...]
    proposals: Mapping[str, Reason]  # by the team that is proposed
    basis: int  # checksum of the facts that it depends on
    regions: tuple[str, ...] = ()
    person: str = ""  # who in the team, as `rules.holders` knows them


class Told(NamedTuple):
    """A message that a combination of facts calls for: the rule, the reader, and what is said of it.

    `reason` is for a message that goes out, `second` for one whose reader hears something else first, `late` for one
    that has lost its meaning.
    """

    rule: Communication
    reader: str
    reason: Reason
    second: Reason
    late: Reason


class Communicated(NamedTuple):
    """What communicate makes of a combination of facts: what may be said, and what a major incident holds back."""

    told: tuple[Told, ...]
    held: tuple[Reason, ...]
