"""Every key that a workspace may hold, with the form of its value."""

# ruff: noqa: RUF012 (pydantic copies the defaults of its models)

from __future__ import annotations

from typing import Literal

from pydantic import Field

from rules.forms import (
    AssignForm,
    Clock,
    Code,
    Day,
    DayHours,
    Days,
    Duration,
    Event,
    FactName,
    Form,
    Holding,
    Kind,
    Language,
    Moment,
    Name,
    Part,
    PeopleWin,
    RuleForm,
    Settable,
    Text,
    Texts,
    Url,
)
from rules.model import Mode
from rules.schema_later import (
    Absence,
    After,
    Anytime,
    Before,
    Channel,
    HandOver,
    Ladder,
    Link,
    OnCall,
    Organisation,
    Privacy,
    Quiet,
    Silence,
    Targets,
    Then,
)

Platform = Literal["servicenow", "jira_service_management"]
PriorityBy = Literal["priority", "urgency", "impact", "note"]


class Auth(Form):
    """An account: which of these a platform wants is checked with the connection."""

    user: Text = ""
    password: Text = ""
    token: Text = ""
    client_id: Text = ""
    client_secret: Text = ""


class ConnectionForm(Form):
    """One platform account."""

    platform: Platform
    url: Url
    auth: Auth
    kinds: dict[Kind, Code] = {}
    projects: Texts = []
    scope: Text = ""
    since: Moment | None = None
    poll: Duration = "1m"
    mode: Mode | None = None
    robots: Texts = []
    proxy: Url = ""
    ca_file: Text = ""
    region: Name = ""
    share: Part = ""


class CalendarForm(Form):
    """Weekly hours in a zone, holidays, and days of its own."""

    zone: Text
    hours: dict[Days, DayHours]
    holidays: Texts = []
    days: dict[Day, DayHours] = {}


class TeamForm(Form):
    """A team, and its group's name on each connection."""

    calendar: Name = ""
    language: Language = ""
    groups: dict[Name, Code] = {}
    follow_the_sun: Texts = []
    hand_over: HandOver | None = None
    on_call: OnCall | None = None
    queue_limit: int | None = Field(None, ge=0)
    absences: list[Absence] = []


class PersonForm(Form):
    """Somebody whom the workspace names, found by e-mail address or by account."""

    email: Text
    name: Text = ""
    accounts: dict[Name, Code] = {}
    language: Language = ""
    zone: Text = ""
    doors: Texts = []


class ServiceForm(Form):
    """What the desk offers, who stands behind it, on which terms."""

    name: Code
    business_value: Text = ""
    team: Name = ""
    calendar: Name = ""
    owner: Name = ""
    sponsor: Name = ""
    supplier: Name = ""
    targets: dict[Text, Targets] = {}


class PriorityForm(Targets):
    """A priority; the list starts with the most important."""

    name: Name
    title: Text = ""
    calendar: Name = ""


class ClassifyForm(RuleForm):
    """Stage 1."""

    set: dict[FactName, Settable]


class AdjustForm(RuleForm):
    """Stage 2."""

    at_least: Text = ""
    at_most: Text = ""


class RouteForm(RuleForm):
    """Stage 3."""

    assign: AssignForm


class CommunicationForm(RuleForm):
    """Stage 5."""

    on: Event | None = None
    after: list[After] = []
    every: Clock | None = None
    before: Before | None = None
    to: Texts
    message: Name
    times: int | None = Field(None, ge=1)
    then: Then | None = None


class KindWords(Form):
    """Our words in a platform's words, for one kind of ticket."""

    fields: dict[FactName, Code] = {}
    values: dict[FactName, dict[Code, Texts]] = {}
    set_priority_by: list[PriorityBy] = []
    not_chosen: dict[FactName, Code] = {}


class WordsForm(KindWords):
    """Our words in a platform's words, and where one kind differs."""

    incident: KindWords = KindWords()
    request: KindWords = KindWords()
    problem: KindWords = KindWords()
    change: KindWords = KindWords()
    knowledge: Texts | None = None


class BrakesForm(Form):
    """Limits; what is over them waits for a person."""

    tickets_per_hour: int | None = Field(None, ge=0)
    messages_per_hour: int | None = Field(None, ge=0)
    messages_per_person_per_day: int | None = Field(None, ge=0)


class WorkspaceForm(Form):
    """All keys of a workspace, whichever file they stand in."""

    desk: Text
    languages: list[Language] = Field(min_length=1)
    connections: dict[Name, ConnectionForm] = Field(min_length=1)
    priorities: list[PriorityForm] = Field(min_length=1)
    scales: dict[FactName, list[Name]]
    matrix: dict[Name, list[Name]]
    calendar: Name
    calendars: dict[Name, CalendarForm]
    mode: Mode = "apply"
    store: Text = "sqlite:///itsm-sync.db"
    people_win: PeopleWin = "until_facts_change"
    words: dict[Name, WordsForm] = {}
    services: dict[Name, ServiceForm] = {}
    teams: dict[Name, TeamForm] = {}
    people: dict[Name, PersonForm] = {}
    classify: list[ClassifyForm] = []
    adjust: list[AdjustForm] = []
    routes: list[RouteForm] = []
    communications: list[CommunicationForm] = []
    doors: dict[Name, Texts] = {}
    pauses: dict[Clock, Texts] = {}
    ladders: list[Ladder] = []
    anytime: list[Anytime] = []
    channels: dict[Name, Channel] = {}
    brakes: BrakesForm | None = None
    hold: dict[Name, Holding] = {}
    privacy: Privacy | None = None
    quiet: Quiet | None = None
    tone: dict[Name, Literal["neutral", "formal", "familiar"]] = {}
    organisations: dict[Text, Organisation] = {}
    clocks: dict[Clock, dict[Name, Code]] = {}
    silence: list[Silence] = []
    link: list[Link] = []
    platform_mails: list[Event] = []
