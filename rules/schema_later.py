"""The keys of a workspace that a later version acts on; their forms are judged already."""

# ruff: noqa: RUF012 (pydantic copies the defaults of its models)

from __future__ import annotations

import re
from typing import Final, Literal

from pydantic import Field

from rules.forms import (
    AssignForm,
    CalendarUrl,
    Clock,
    Date,
    Duration,
    FactName,
    Form,
    Language,
    LocalMoment,
    Moment,
    Name,
    QuietHours,
    RuleForm,
    Settable,
    Share,
    Text,
    Texts,
    Url,
    When,
    Working,
)
from rules.model import Mode
from rules.vocabulary import PERSONAL

HOST: Final = re.compile(r"^[a-z]+://(?:[^/?#]*@)?|(?<=[^/:])[/?#].*$")
"""Everything in an address but its host."""


class MailAuth(Form):
    """How a mail server lets us in."""

    user: Text
    password: Text


class Channel(Form):
    """A way out beside the platforms. Which keys go with which kind, `rules.channels` judges."""

    kind: Literal["email", "webhook", "slack", "teams", "apprise"]
    url: Text
    sender: Text = ""
    reply_to: Text = ""
    auth: MailAuth | None = None
    tls: Literal["never"] | None = None
    secret: Text = ""
    private: bool = False
    proxy: Url = ""
    ca_file: Text = ""
    regions: Texts = []


class Privacy(Form):
    """How long data is kept, and what suppliers never see."""

    keep: Duration = ""
    hide_from_suppliers: Texts = [*PERSONAL]


class Swap(Form):
    """Somebody takes over for a while."""

    person: Name
    from_: LocalMoment = Field(alias="from")
    to: LocalMoment


class OnCall(Form):
    """Who is on call: a rotation of ours, the platform's schedule, or a calendar feed."""

    rotation: Texts = []
    each: Duration = ""
    from_: LocalMoment | None = Field(None, alias="from")
    source: Name = ""
    schedule: Text = ""
    ical: CalendarUrl = ""
    proxy: Url = ""
    ca_file: Text = ""
    swaps: list[Swap] = []

    @property
    def elsewhere(self) -> str:
        """Where it stands who is on call, for people to read: of an address the host only, the rest may be secret."""
        if not self.ical:
            return " of ".join(part for part in (self.schedule, self.source) if part)
        return f"the calendar {'at ' if '://' in self.ical else ''}{HOST.sub('', self.ical)}"


class Absence(Form):
    """Somebody is away; both days count."""

    person: Name
    from_: Date = Field(alias="from")
    to: Date


class HandOver(Form):
    """What moves on when a region's day ends."""

    priority: Texts
    accept_within: Duration = ""


class Targets(Form):
    """Times that a priority, service or customer is promised."""

    respond: Working = ""
    resolve: Working = ""
    updates: Working = ""


class Organisation(Form):
    """A customer with terms of its own."""

    targets: dict[Text, Targets] = {}
    language: Language = ""


class After(Form):
    """One moment that ladders and messages wait for."""

    off_duty: Working = ""
    unacknowledged: Working = ""
    used: Share = ""
    of: Clock | None = None
    resolved: Working = ""
    waiting: Working = ""


class Approve(Form):
    """Who is asked before a step is taken."""

    by: Text
    within: Working
    else_: Text = Field("", alias="else")


class Anytime(Form):
    """Stage 4, beside the ladders."""

    level: Name
    when: When = None
    assign: AssignForm | None = None
    watch: Texts = []
    ask: Texts = []
    approve: Approve | None = None


class Step(Anytime):
    """One level of a ladder."""

    after: list[After]


class Ladder(RuleForm):
    """Stage 4."""

    steps: list[Step]


class Before(Form):
    """How long before a clock runs out."""

    respond: Working = ""
    resolve: Working = ""
    updates: Working = ""


class Then(Form):
    """What follows a message that nobody answered: the status, and what else a platform wants with it."""

    status: Literal["resolved", "closed"]
    set: dict[FactName, Settable] = {}


class Quiet(Form):
    """Hours in which timed messages wait."""

    hours: QuietHours
    except_: When = Field(None, alias="except")


class Silence(Form):
    """A while in which ladders and timed messages wait."""

    when: When = None
    from_: Moment = Field(alias="from")
    to: Moment
    because: Text = ""


class Link(Form):
    """Tickets that are linked to the open major incident."""

    when: When = None
    to: Text
    mode: Mode | None = None
