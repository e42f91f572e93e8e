"""What the rooms say to each other: a ticket as it was read, what we remember of it, what was decided.

Everything here is frozen. The values that are made for every ticket are named tuples, because they are built four
times as fast as frozen dataclasses and a first synchronisation builds hundreds of thousands of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final, Literal, NamedTuple
from zlib import crc32

from rules.announcement import NOTHING_SAID, Announcement
from rules.happening import Happening
from rules.language import Detect, unsure
from rules.reply import NO_REPLIES, Reply
from rules.rosters import NO_ROSTERS, Roster

Fact = str | bool | int | float | datetime | tuple[str, ...]
Facts = Mapping[str, Fact]
"""Facts by the desk's own names ("impact", "requester.vip"). An empty fact is absent: there is one emptiness."""

FieldValues = Mapping[str, Fact | None]
"""What is written into fields; None empties one."""

Mode = Literal["observe", "advise", "apply"]
Stage = Literal["classify", "prioritise", "route", "escalate", "communicate", "ticket"]
Outcome = Literal["decided", "advised", "observed", "left", "undecided", "held back", "overruled"]
Whose = Literal["ours", "creation", "person", "robot", "unknown"]
Who = Literal["agent", "customer", "supplier", "robot", "ours", "unknown"]

HOLD: Final = "hold"
"""The fact that says hands off: while it is true, nothing on the ticket is changed and nothing said."""

FIRST_LEVEL: Final = "L1"
"""The level of a ticket that no ladder has raised: what a route gives."""

LOT: Final = "lot"
"""The smallest of the shares that rules act on, in percent, in which a ticket is."""

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
OPEN: Final = frozenset({"new", "in_progress", "waiting"})
ENDED: Final = frozenset({"closed", "cancelled"})


made: Final = tuple.__new__
"""Builds a named tuple from all its fields in a third of the time that calling its class takes.

For the few places that every decision passes: `made(Decision, (actions, reasons, memory, facts, None))`.
"""


class Person(NamedTuple):
    """Somebody on a platform. `account` is the name by which the platform's history calls them."""

    account: str
    name: str = ""
    language: str = ""  # as the platform spells it, for instance "nb", "zh-CN"; "" is unknown
    zone: str = ""  # IANA name; "" is unknown


class Event(NamedTuple):
    """One change in a ticket's history: `author` gave `fact` this value (None is empty) at that moment (UTC).

    What was said is an event, too, with the fact "comment" (public) or "note" (internal) and without its text. The
    value of a note is its verdict: "granted", "refused", or None where its first word says neither; that of a comment
    "automatic", or None where somebody wrote it.
    `customer`: the platform itself counts the author among its customers, whether or not the ticket names them.
    """

    at: datetime
    author: str
    fact: str
    value: Fact | None
    customer: bool = False


class Sla(NamedTuple):
    """One of the platform's own clocks as it was read.

    `field` is how a workspace names it: the id of a Jira field, the name of a definition in ServiceNow. `target` and
    `used` are seconds of the platform's calendar; `used` is None where the platform's figure is stale. `due` is when
    it runs out if it goes on as it does (UTC), None where it is paused, stopped or unknown.
    """

    field: str
    name: str
    target: int
    used: int | None
    due: datetime | None
    state: Literal["running", "paused", "stopped"]
    breached: bool


class Ticket(NamedTuple):
    """A ticket as a platform reported it, in the desk's words.

    `facts` hold our values where the value maps know the platform's ("1" is "extensive"); what they do not know
    stays as the platform has it and is listed in `unmapped`, so that it is neither empty nor anything a rule knows.
    The fact "participants" has people by the names that rules know them by; `customers` are their accounts and the
    requester's, spelt as authors are.
    `version` grows with every change of the ticket, and only then. Times are UTC.
    """

    connection: str
    id: str
    number: str
    kind: str
    version: int
    created: datetime
    created_by: str
    updated: datetime
    updated_by: str
    facts: Facts
    unmapped: Mapping[str, str] = NOTHING
    requester: Person | None = None
    history: tuple[Event, ...] | None = None  # oldest first; None: not asked for, or this account may not read it
    marks: frozenset[str] = frozenset()  # marks of our own writes, as found on the ticket
    said: tuple[Event, ...] | None = None  # comments and notes, oldest first; None: not asked for, or not readable
    slas: tuple[Sla, ...] = ()  # the platform's own clocks, as far as the workspace names them
    deaf: bool = False  # what was said was asked for, and this account may not read it
    customers: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """How people name the ticket to us: "servicenow-emea/INC0010001"."""
        return f"{self.connection}/{self.number}"


class Held(NamedTuple):
    """A fact that rules may write: what stands on the platform now, whose it is, and the last value not ours.

    A fact that was always empty has none.
    """

    value: Fact | None
    whose: Whose
    at: datetime  # when the value came to stand, as exactly as we know
    reported: Fact | None  # decisions start here
    by: str = ""  # the author's account, where it is known
    over_ours: bool = False  # it replaced a value that we had written
    chosen: bool = False  # a person chose the reported value after creation, so that no form filled it in
    basis: int = -1  # checksum of the facts that were decided on when it replaced ours; it stands until they change


class Intended(NamedTuple):
    """The last value we meant to write, the key of the action that writes it, the checksum of its facts, the rule."""

    value: Fact | None
    key: str
    basis: int
    rule: str = ""


class Before(NamedTuple):
    """What was told of a fact before a newer value was decided, while it still stands: rules may go back to it.

    `owed` is the occasion of its messages where not all of them were sent, `newer` that of those about the newer value.
    """

    value: Fact
    owed: str
    newer: int


class Memory(NamedTuple):
    """What we know of a ticket beyond the ticket. FieldValues and times only: never a text.

    `version` is the ticket's when we last decided; `confirmed` the one that the platform's last answer to a write
    of ours carried: reads older than that are stale. `digest` is the rulebook's that decided last. `told` are the
    values of the facts whose changes are events, as last decided upon. `owed` are the events whose messages were
    planned and are not known to be sent: event → occasion. `before` are the facts whose told value nobody saw yet.
    """

    version: int = -1
    confirmed: int = -1
    digest: str = ""
    held: Mapping[str, Held] = MappingProxyType({})
    intended: Mapping[str, Intended] = MappingProxyType({})
    told: Mapping[str, Fact] = MappingProxyType({})
    owed: Mapping[str, str] = NOTHING
    done: frozenset[str] = frozenset()  # marks of the actions that the platform confirmed
    texts: tuple[int, ...] = ()  # checksum of the texts that were searched, then the ids of what was found in them
    past: tuple[Past, ...] = ()  # what clocks are rebuilt from, oldest first
    waits: frozenset[str] = frozenset()  # marks of the timed messages that were not yet due, or not yet sent
    before: Mapping[str, Before] = MappingProxyType({})

    def is_behind(self, ticket: Ticket, clocked: bool) -> bool:
        """Tell whether somebody may have changed the ticket or spoken since we looked, or before clocks mattered."""
        return ticket.version > (0 if clocked and not self.past else max(self.version, 0))


class Past(NamedTuple):
    """Something that clocks depend on: what a fact became or that somebody spoke, when (seconds since 1970), by whom.

    Facts are "status", "waiting_for", "team" and "assignee", "" where they are empty; what was said is a "comment" or
    a "note", always "". A "verdict" is what a note or a label answers to a question for approval, with the account of
    who did: "granted ida". A "promise" is for when we promised the next word. A "deaf" says that what is said on this
    ticket cannot be read.
    `exact` is False where we only saw it at a reading, so that it may have been earlier.
    """

    at: int
    fact: str
    value: str
    by: Who
    exact: bool = True


class Surroundings(NamedTuple):
    """Frozen facts from beyond the ticket.

    `since`: tickets created before it are never changed. `account`: our own name in the platform's history. `people`
    are those of the workspace who have an account on the connection: key → account as authors are spelt. `majors` are
    the numbers of its open major incidents, each with its service or ""; `teams` and `assignees` have how many open
    tickets, where rules ask for it. `rosters` is team → who of it is on call, where that was read elsewhere.
    `detect` answers with the language of a text, the same for the same text, and with "" unless it is sure.
    """

    since: datetime
    account: str
    people: Mapping[str, str] = NOTHING
    majors: Mapping[str, str] = NOTHING
    teams: Mapping[str, int] = MappingProxyType({})
    assignees: Mapping[str, int] = MappingProxyType({})
    rosters: Mapping[str, Roster] = NO_ROSTERS
    detect: Detect = unsure
    announced: Mapping[str, Announcement] = NOTHING_SAID
    replies: Mapping[str, tuple[Reply, ...]] = NO_REPLIES


class Reason(NamedTuple):
    """Why something was done or left. `where` is "services.yaml:17", or "" where no rule is the reason."""

    stage: Stage
    outcome: Outcome
    rule: str
    where: str
    text: str


ON_HOLD: Final = Reason("ticket", "left", "hold", "", "hands off: somebody put this ticket on hold")


class SetFields(NamedTuple):
    """Write these facts; None empties a field. One action per decision: what classify sets together is written so."""

    key: str
    values: FieldValues
    reason: Reason


class Assign(NamedTuple):
    """Give the ticket to this team."""

    key: str
    team: str
    reason: Reason


class Comment(NamedTuple):
    """Say `message` to `reader` on the ticket, publicly or internally, in `language`.

    `proposals` are what an internal "advice" note lists instead of doing it; else empty. `next_by` is when it promises
    the next word, in seconds since 1970; 0 where it promises none. `why` is about the language, `replies` are shown.
    """

    key: str
    message: str
    reader: str
    public: bool
    language: str
    reason: Reason
    proposals: tuple[Reason, ...] = ()
    next_by: int = 0
    why: str = ""
    replies: tuple[Reply, ...] = ()


class Notify(NamedTuple):
    """Say `message` to `reader` by another door than their ticket: a pager, mail, a channel; `person` is who that is.

    `doors` are tried in this order. Who is named by the workspace has a key there; a channel is no person, and "" then.
    `why` is about the language. `once`: better not at all than twice.
    """

    key: str
    message: str
    reader: str
    doors: tuple[str, ...]
    person: str
    language: str
    reason: Reason
    why: str = ""
    once: bool = False

    @property
    def public(self) -> bool:
        """Whether customers read it on their ticket."""
        return False

    @property
    def proposals(self) -> tuple[Reason, ...]:
        """What it proposes: such a message never does."""
        return ()


Message = Comment | Notify


Action = SetFields | Assign | Comment
Deed = Action | Notify
"""All that may be done about a ticket; an action is done to the ticket itself."""


class Decision(NamedTuple):
    """What to do about a ticket, why, what to remember, and when something could next be due without a change.

    `memory` is the very object that was handed in when there is nothing new to remember. `look_again_at` is None
    when only a change of the ticket or the rulebook could make something due. `facts` is what the rules saw in the
    end: the last values not ours, and what the rules made of them. `notices` go out by other doors than the ticket;
    `untold` would, by doors that nothing opens, and counts as done; `announced` is for those affected, `replied` for
    the team above. `happened` is what reports count, as often as it is seen: who keeps it keeps each fact once.
    """

    actions: tuple[Action, ...]
    reasons: tuple[Reason, ...]
    memory: Memory
    facts: Facts
    look_again_at: datetime | None = None
    notices: tuple[Notify, ...] = ()
    happened: tuple[Happening, ...] = ()
    untold: tuple[Notify, ...] = ()
    announced: Announcement | None = None
    replied: Reply | None = None

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """All that is to be done, on the ticket and by other doors."""
        return (*self.actions, *self.notices)


def mark(key: str) -> str:
    """Return the eight hexadecimal digits by which an action is found again on its ticket.

    A checksum is enough: marks are compared within one ticket, and CRC-32 tells apart what differs in four bytes.
    """
    return f"{crc32(key.encode()):08x}"
