"""What the store is handed and what it hands back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final, Literal, NamedTuple

from connectors.base import Sought
from rules.happening import Happening
from rules.model import Action, Decision, Deed, Notify, Outcome, Stage, Ticket

SETTLE: Final = timedelta(seconds=150)
"""A write of unknown outcome may still be applied for this long: the client's timeout of 60 s, and 90 s."""

MAYBE: Final = "it may have arrived, and is not said twice"

State = Literal["planned", "held", "sending", "unknown", "again", "parked", "done", "dropped"]
"""Where an action stands.

planned: decided, not sent. held: the brakes stopped it. sending: the request is on its way. unknown: the request was
sent and nobody knows whether it was done. again: it failed, and the ticket is to be read and decided again. parked: it
needs a person. done: the platform confirmed it. dropped: a person does not want it done.
"""


class Decided(NamedTuple):
    """A ticket as it was read, what was decided about it, how important that is (0 first), by which rulebook."""

    ticket: Ticket
    decision: Decision
    rank: int = 0
    digest: str = ""


class Planned(NamedTuple):
    """What waits to be done to one ticket, or the notices about it that wait to go out.

    `version` is the ticket's when that was decided. `attempts` counts how often one of them failed before, `rank` is
    their importance, 0 first. `failed` counts for each notice, by its key: they are sent one by one. `doubts` are the
    doors by which some of them may have arrived before.
    """

    ticket: str  # key: "servicenow-emea/INC0010001"
    connection: str
    kind: str
    id: str
    version: int
    planned_at: datetime
    actions: tuple[Action, ...]
    attempts: int
    rank: int = 0
    notices: tuple[Notify, ...] = ()
    failed: Mapping[str, int] = MappingProxyType({})
    doubts: Mapping[str, str] = MappingProxyType({})


class Unsettled(NamedTuple):
    """An action of unknown outcome: its mark, or where there is none its text, is looked up after `until`.

    What went out by a `door` other than the ticket left nothing to look up.
    """

    key: str
    text: Sought
    until: datetime
    door: str = ""


class Line(NamedTuple):
    """One line of the journal: what was done or left, and why. `where` is "services.yaml:17", or ""."""

    stage: Stage
    outcome: Outcome | State
    rule: str
    where: str
    text: str


class Entry(NamedTuple):
    """A line of the journal with the time and the number of the cycle in which it was written."""

    at: datetime
    cycle: int
    line: Line


class Happened(NamedTuple):
    """Something that happened to a ticket, by its key."""

    ticket: str
    happening: Happening


class Parked(NamedTuple):
    """An action that needs a person, and why."""

    ticket: str
    key: str
    error: str


class Waiting(NamedTuple):
    """An action on one ticket that is not done: where it stands, which plan it is of, until when it waits, and why."""

    action: Deed
    state: State
    plan: int
    until: datetime | None
    why: str


class HeldPlan(NamedTuple):
    """What the brakes stopped in a cycle, whose number is the plan's name: how much it is, and which brake it was."""

    plan: int
    tickets: int
    actions: int
    why: str


class Cycle(NamedTuple):
    """One round over the connections. `ended` is None while it runs, or when it broke off."""

    number: int
    started: datetime
    ended: datetime | None
    connections: tuple[str, ...]
    counts: Mapping[str, int]


COUNTED: Final = ("read", "decided", "planned", "written", "sent", "failed", "parked")


@dataclass
class Report:
    """What a cycle did. `problems` is connection → one line for the admin; what is `held` waits for them."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(COUNTED, 0))
    problems: dict[str, str] = field(default_factory=dict)
    held: tuple[HeldPlan, ...] = ()
    stopped: bool = False
    cycle: int = 0


class StoreStatus(NamedTuple):
    """The store at a glance. `waiting` counts the actions that are neither done nor parked, by state.

    `limits` says of connections whose platform wants to be left alone until when; `overruled` how often people replaced
    what a rule had written, most often first; `hidden` counts tickets that were visible once.
    """

    cycle: Cycle | None
    waiting: Mapping[State, int]
    parked: tuple[Parked, ...]
    cursors: Mapping[tuple[str, str], str]  # (connection, kind) → cursor
    tickets: int
    held: tuple[HeldPlan, ...] = ()
    stopped: datetime | None = None
    limits: Mapping[str, datetime] = MappingProxyType({})
    overruled: tuple[tuple[str, int], ...] = ()
    hidden: int = 0
