"""A workspace that was judged and found good: everything `decide` and the connectors need, compiled and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from rules.answers import Classified, Communicated, Prioritised, Routed
from rules.brakes import Brakes
from rules.calendar import Calendar
from rules.index import Stage
from rules.model import Fact, Facts, Mode, Reason
from rules.oncall import Rotation, Spell
from rules.quiet import Quiet, Silence
from rules.rosters import Feed
from rules.rule import Adjust, Classify, Communication, Ladder, Link, Route, Step
from rules.terms import Agreements
from rules.vocabulary import PERSONAL
from rules.words import Matcher

NOTHING_PROMISED: Final = Agreements({}, "", {}, {})
NO_BRAKES: Final = Brakes()
EVENT: Final = "event"
"""The entry in the facts that holds what just happened: a tuple of event names ("created", "prioritised" …)."""


@dataclass(frozen=True, slots=True)
class Service:
    """What the desk offers. `facts` is what rules see of it: "service.team", "service.business_value" …"""

    key: str
    name: str
    facts: Facts


class HandOver(NamedTuple):
    """Of a team that follows the sun: which open tickets move on when a region's day ends.

    `accept_within` are seconds, 0 for ever; `text` says that nobody took one in that time, `where` is the place.
    """

    priorities: frozenset[str]
    accept_within: int
    text: str
    where: str


@dataclass(frozen=True, slots=True)
class Team:
    """`groups` gives its group's name per connection. A follow-the-sun team has `regions` and no groups of its own.

    `calendar` is the name of the one by which it works; "" is the desk's. If it is not here who is on call, `feed` is
    where it stands, and `roster` says so to people. `swaps` replace whoever's turn it is, the first in the list first;
    `absences` say when whom no turn falls to.
    """

    key: str
    groups: Mapping[str, str]
    language: str = ""
    regions: tuple[str, ...] = ()
    calendar: str = ""
    on_call: Rotation | None = None
    roster: str = ""
    absences: tuple[Spell, ...] = ()
    hand_over: HandOver | None = None
    queue_limit: int | None = None
    swaps: tuple[Spell, ...] = ()
    feed: Feed | None = None


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody whom the workspace names."""

    key: str
    email: str
    accounts: Mapping[str, str] = field(default_factory=dict)
    language: str = ""
    name: str = ""
    zone: str = ""
    doors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact stands on the platform: a field, or a yes/no fact that is true when `field` holds `equals`."""

    field: str
    equals: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Our words in one platform's words, for one kind of ticket on one connection.

    `table` is their table or issue type. `values` is fact → our value → their values; all are read, the first is
    written; an empty tuple of theirs means that our value has no counterpart. A fact without `values` is taken as
    it stands. `values["team"]` and `values["service"]` hold display names. `reach` answers, where the platform
    computes priority: (impact, urgency) as reported and the wanted priority → the pair to write. `watched` are the
    facts that rules may write and that have a field here, in a fixed order: their authors matter. `timed` are those
    that clocks are rebuilt from and that have a field here; none where no rule and no target needs clocks.
    """

    kind: str
    table: str
    fields: Mapping[str, Source]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]
    set_priority_by: tuple[str, ...]
    not_chosen: Facts
    reach: Mapping[tuple[str, str, str], tuple[str, str]]
    watched: tuple[str, ...]
    timed: tuple[str, ...] = ()
    _writable: dict[tuple[str, Fact], bool] = field(default_factory=dict, repr=False, compare=False)

    @property
    def audited(self) -> tuple[str, ...]:
        """The facts whose history is asked for."""
        return tuple(sorted({*self.watched, *self.timed}))

    def writable(self, fact: str, value: Fact) -> bool:
        """Tell whether this value of the fact has a place on the platform."""
        found = self._writable.get((fact, value))
        return self._look_up(fact, value) if found is None else found

    def _look_up(self, fact: str, value: Fact) -> bool:
        """Work it out, and remember it where the values are a few that the words name."""
        source, known = self.fields.get(fact), self.values.get(fact)
        place = source is not None and not source.equals
        if known is None:
            return place
        found = self._writable[fact, value] = place and bool(known.get(str(value)))
        return found


@dataclass(frozen=True, slots=True)
class Connection:
    """One platform account. `auth` holds texts as written, "${NAME}" included: only the connector resolves them.

    `scope` narrows down what is read, in the platform's own query language; `projects` are the keys of Jira's.
    `share` is the part of the tickets, in percent, that is more than observed. `slas` names the platform's own clocks
    that stand for ours: clock → field (Jira) or definition (ServiceNow). `people` are those whom rules give tickets to,
    let follow them or ask there, by their key; `suppliers` are others who may answer there. `knowledge` names what
    customers may read, by the title of a knowledge base or the beginning of an address; None where nobody asks for
    articles.
    """

    name: str
    platform: str
    url: str
    auth: Mapping[str, str]
    kinds: Mapping[str, Words]
    mode: Mode
    since: datetime | None  # None: the moment of the first start
    poll: timedelta
    scope: str = ""
    projects: tuple[str, ...] = ()
    robots: frozenset[str] = frozenset()
    proxy: str = ""
    ca_file: str = ""
    share: int = 100
    slas: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Staff] = field(default_factory=dict)
    suppliers: Mapping[str, Staff] = field(default_factory=dict)
    region: str = ""
    knowledge: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A door beside the platforms. Texts are as written, "${NAME}" included: only the channel itself resolves them.

    `regions` are those whose tickets may leave by it; none are all. `private`: it may lead to an address inside the
    house, and over http. `tls` is False for a mail server that has none.
    """

    name: str
    kind: str
    url: str
    sender: str = ""
    reply_to: str = ""
    auth: Mapping[str, str] = field(default_factory=dict)
    tls: bool = True
    secret: str = ""
    private: bool = False
    proxy: str = ""
    ca_file: str = ""
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A desk's rules. `digest` changes when anything that decides changes.

    `priorities` are most important first, and `ranks` are their places in that order; `matrix` is (impact, urgency)
    → priority and `matrix_where` its place. Each stage also reads facts beside its conditions: `classify` those it
    fills (and "labels"), `adjust` impact and urgency, `routes` the paths to teams, `communications` the EVENT and
    "major". `events` are those that some communication listens to. `messages` is message → languages it exists in.
    `people_win_for` is how long a person's value stands where that is a set time; `clocked` says that a rule or a
    target needs clocks, so that the times of changes and words matter; `shares` are those, in percent, that
    rules act on, the smallest first. `calendar` is the name of
    the desk's own: whoever names none works by it. `parents` gives the team that follows the sun of each of its
    regions; `doors` how each kind of reader is reached; a channel is its own door. `promising` are the messages that
    name the time of the next word, `reviewing` those that some rule sends and that tell what happened; `tones` is
    language, or "default", → tone; `closes` says that some rule resolves tickets that nobody answers, `announces` that
    some rule tells those affected by a major incident, `hears` that its team is shown what they reply, and
    `counts_queues` that some rule asks how many open tickets somebody has. `speaks` is organisation, in small letters,
    → the language of its people. `hidden` are the kinds of personal data that suppliers never see; `keep` is how long
    tickets are remembered after they were closed, None for ever. `platform_mails` are the events that the platform
    announces to customers by itself.
    """

    digest: str
    desk: str
    languages: tuple[str, ...]
    mode: Mode
    connections: Mapping[str, Connection]
    scales: Mapping[str, tuple[str, ...]]
    priorities: tuple[str, ...]
    titles: Mapping[str, str]
    ranks: Mapping[str, int]
    matrix: Mapping[tuple[str, str], str]
    matrix_where: str
    services: Mapping[str, Service]
    teams: Mapping[str, Team]
    people: Mapping[str, Staff]
    classify: Stage[Classify, Classified]
    adjust: Stage[Adjust, Prioritised]
    routes: Stage[Route, Routed]
    communications: Stage[Communication, Communicated]
    timed: Stage[Communication, tuple[Communication, ...]]
    ladders: Stage[Ladder, None]
    anytime: Stage[Step, None]
    events: frozenset[str]
    matcher: Matcher
    messages: Mapping[str, frozenset[str]]
    reasons: Mapping[tuple[str, int], Reason]  # (stage, order of the rule) → what is said when the rule acts
    store: str = "sqlite:///itsm-sync.db"
    people_win: str = "until_facts_change"
    people_win_for: timedelta | None = None
    brakes: Brakes = NO_BRAKES
    shares: tuple[int, ...] = ()
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    calendar: str = ""
    terms: Agreements = NOTHING_PROMISED
    clocked: bool = False
    pauses: frozenset[str] = frozenset()
    quiet: Quiet | None = None
    silences: tuple[Silence, ...] = ()
    parents: Mapping[str, str] = field(default_factory=dict)
    doors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    channels: Mapping[str, Channel] = field(default_factory=dict)
    promising: frozenset[str] = frozenset()
    reviewing: frozenset[str] = frozenset()
    closes: bool = False
    tones: Mapping[str, str] = field(default_factory=dict)
    links: Stage[Link, None] = field(default_factory=lambda: Stage(()))
    counts_queues: bool = False
    announces: bool = False
    hears: bool = False
    speaks: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = PERSONAL
    keep: timedelta | None = None
    platform_mails: frozenset[str] = frozenset()

    @property
    def people_win_until(self) -> str:
        """How long a person's value stands, in words that follow "it stands"."""
        if self.people_win == "until_facts_change":
            return "until the facts change"
        return "always" if self.people_win_for is None else f"for {self.people_win}"
