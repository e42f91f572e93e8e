"""What a Jira site keeps: people, projects, fields, and issues with their comments and history."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from zlib import crc32

Values = dict[str, Any]
"""An issue's values by field id, as the database keeps them: ids, accounts, texts, moments; empty ones left out."""


def is_empty(value: Any) -> bool:
    """Tell whether a value is none at all; 0 is one."""
    return value is None or value == "" or value == []


@dataclass
class User:
    """A person or an app. `account` is the accountId on Cloud, the name on Data Center."""

    account: str
    name: str
    email: str = ""
    language: str = ""
    zone: str = ""
    customer: bool = False
    hide_email: bool = False
    active: bool = True
    agent: bool = False
    admin: bool = False

    @property
    def key(self) -> str:
        """Data Center's key, which stays when somebody is renamed and is what the history tells of."""
        return f"JIRAUSER{crc32(self.account.encode())}"


@dataclass
class Named:
    """Anything that is little more than an id and a name: groups, teams, organizations, components, services."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    project: str = ""


class Status(NamedTuple):
    """A status and its category: new, indeterminate or done."""

    id: str
    name: str
    category: str


class IssueType(NamedTuple):
    """An issue type, such as `[System] Incident`."""

    id: str
    name: str


class RequestType(NamedTuple):
    """What the portal calls an issue type of a project."""

    id: str
    name: str
    issue_type: str
    project: str


@dataclass
class Project:
    """`priorities` are the ids that its scheme offers."""

    id: str
    key: str
    name: str
    kind: str
    types: list[str]
    priorities: list[str]
    issues: int = 0

    @property
    def has_desk(self) -> bool:
        return self.kind == "service_desk"


@dataclass
class Field:
    """A field. `kind` says how it is read and written; options are names by id, in order."""

    id: str
    name: str
    kind: str
    custom: str = ""
    options: dict[str, str] = field(default_factory=dict)
    on_screen: bool = True
    required: bool = False

    @property
    def number(self) -> int:
        return int(self.id.removeprefix("customfield_"))


class Item(NamedTuple):
    """One field's part of a change."""

    field: str
    field_id: str
    is_custom: bool
    old: str | None
    old_text: str | None
    new: str | None
    new_text: str | None


class Change(NamedTuple):
    """What somebody changed at one moment, field by field."""

    id: str
    author: str
    created: datetime
    items: list[Item]


@dataclass
class Comment:
    """A comment. `body` is markup or an Atlassian document, as it was written."""

    id: str
    issue: str
    author: str
    created: datetime
    body: Any
    properties: dict[str, Any]
    public: bool = True
    visibility: dict[str, str] | None = None


class Link(NamedTuple):
    """A link of a type; `other` is at the outward end when `outward` is true."""

    id: str
    type: str
    other: str
    outward: bool


class Stand(NamedTuple):
    """An issue's values and entity properties from a moment on."""

    since: datetime
    values: Values
    properties: dict[str, Any]


@dataclass
class Issue:
    """An issue. `stands` is every state it has been in, oldest first: search may be behind."""

    id: str
    key: str
    project: str
    number: int
    stands: list[Stand]
    comments: list[Comment] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    watchers: list[str] = field(default_factory=list)

    @property
    def values(self) -> Values:
        return self.stands[-1].values

    @property
    def properties(self) -> dict[str, Any]:
        return self.stands[-1].properties

    @property
    def place(self) -> tuple[datetime, str, int]:
        """Where it stands among all issues by time of change."""
        return self.values["updated"], self.project, self.number

    def at(self, moment: datetime | None) -> Stand | None:
        """Return its state at a moment, None when it did not exist yet; no moment is now."""
        if moment is None:
            return self.stands[-1]
        place = bisect_right(self.stands, moment, key=lambda stand: stand.since)
        return self.stands[place - 1] if place else None
