"""From Jira's issues to tickets in the desk's words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from connectors.jira_service_management.client import PROPERTY, Issue
from connectors.jira_service_management.fields import Field
from connectors.jira_service_management.slas import TYPE, sla
from connectors.people import People
from rules.model import Event, Fact, Person, Sla, Ticket
from rules.rulebook import Words
from rules.words import folded

OWN: Final = (
    "summary",
    "description",
    "created",
    "updated",
    "creator",
    "status",
    "issuetype",
    "resolutiondate",
)
SPECIAL: Final = frozenset({"requester", "assignee", "status", "waiting_for", "parent", "mark"})
"""Facts that are more than one field's value."""

TOLD: Final = SPECIAL - {"assignee", "status", "waiting_for"}
"""Those of them of which the history does not tell."""

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MARK: Final = re.compile(r"[0-9a-f]{1,8}")
CATEGORIES: Final = {"new": "new", "indeterminate": "in_progress", "done": "closed"}
"""What an unmapped status counts as, by the platform's category, which is the same in every language."""

MEASURED: Final = frozenset({"sd-feedback", TYPE})
"""Types of fields that hold a customer's rating or one of the platform's own clocks."""

NAMES: Final = ("value", "displayName", "name", "title", "languageCode", "key", "id")
"""Where the values of fields keep what people see, the best first."""


class Translator:
    """Translates one kind of ticket of one connection.

    `fields` are the fields of the facts that the words name and the site has; `own` are service management's of the
    language, the organisation and the rating. `robots` are accounts by the names that the platform shows; they are
    known by those names.
    `statuses` is id → (name, category), since the history tells of statuses by id, and by names that may have changed.
    `slas` are the fields of Jira's own clocks that the workspace names, `people` those whom rules name.
    """

    def __init__(
        self,
        connection: str,
        words: Words,
        fields: Mapping[str, Field],
        own: Mapping[str, Field],
        robots: frozenset[str],
        statuses: Mapping[str, tuple[str, str]] = MappingProxyType({}),
        slas: Mapping[str, Field] = MappingProxyType({}),
        people: People | None = None,
    ) -> None:
        self._connection, self._words, self._robots = connection, words, robots
        self._statuses, self._slas, self._people = statuses, slas, people or People()
        self.names = dict(self._people.aliases)  # key → name of people met so far: Data Center's history tells of keys
        self.fields = fields
        self._language, self._organisation, self._rating = (
            own.get(one) for one in ("language", "organisation", "rating")
        )
        self._ours = {fact: _inverted(values) for fact, values in words.values.items()}
        asked = [*OWN, *(field.id for field in (*fields.values(), *own.values(), *slas.values()))]
        self.asked = tuple(dict.fromkeys(asked))

    def ticket(self, issue: Issue) -> Ticket:
        """Return the ticket that an issue is."""
        fields = issue.get("fields") or {}
        updated, creator = moment(fields.get("updated")), self.account(fields.get("creator"))
        facts, unmapped = self._facts(fields)
        facts["created_by"] = creator
        requester = self._person(fields, facts)
        return Ticket(
            connection=self._connection,
            id=str(issue["id"]),
            number=str(issue["key"]),
            kind=self._words.kind,
            version=milliseconds(updated),
            created=moment(fields.get("created")),
            created_by=creator,
            updated=updated,
            updated_by="",  # Jira tells only in the history
            facts={fact: value for fact, value in facts.items() if value != ""},
            unmapped=unmapped,
            requester=requester,
            marks=marks_of((issue.get("properties") or {}).get(PROPERTY)),
            slas=self._clocks(fields),
            customers=self._customers(fields, requester),
        )

    def _clocks(self, fields: Mapping[str, Any]) -> tuple[Sla, ...]:
        found = (sla(name, fields.get(field.id)) for name, field in self._slas.items())
        return tuple(one for one in found if one is not None)

    def _customers(self, fields: Mapping[str, Any], requester: Person | None) -> frozenset[str]:
        """Return the accounts of those who asked or whom the request is shared with."""
        field = self.fields.get("participants")
        people = fields.get(field.id) if field is not None else None
        accounts = [self.account(one) for one in people] if isinstance(people, list) else []
        return frozenset(filter(None, [*accounts, requester.account if requester is not None else ""]))

    def account(self, user: object) -> str:
        """Return how we call somebody: the account, or the name of a robot that the workspace knows by it."""
        if not isinstance(user, dict):
            return ""
        name, account = str(user.get("displayName") or ""), str(user.get("accountId") or user.get("name") or "")
        if user.get("key") and not user.get("accountId"):
            self.names[str(user["key"])] = account
        return name if name in self._robots and not is_customer(user) else account

    def _facts(self, fields: Mapping[str, Any]) -> tuple[dict[str, Fact], dict[str, str]]:
        title, text = str(fields.get("summary") or ""), plain(fields.get("description"))
        facts: dict[str, Fact] = {"kind": self._words.kind, "title": title, "text": f"{title}\n{text}".strip()}
        if fields.get("resolutiondate"):
            facts["resolved_at"] = moment(fields["resolutiondate"])
        if assignee := self.account(fields.get("assignee")):
            facts["assignee"] = self._people.key(assignee)
            if name := str(fields["assignee"].get("displayName") or ""):
                facts["assignee.name"] = name
        if self._rating is not None and (rating := _measured(fields.get(self._rating.id))) is not None:
            facts["rating"] = rating
        unmapped: dict[str, str] = {}
        for fact, field in self.fields.items():
            if fact in SPECIAL or field.id not in fields:
                continue
            value = self._value(fact, field, fields[field.id])
            if value is not None:
                facts[fact] = value
                if fact in self._ours and not self._words.fields[fact].equals and value not in self._words.values[fact]:
                    unmapped[fact] = str(value)
        facts |= self._state(fields)
        return facts, unmapped

    def _value(self, fact: str, field: Field, value: object) -> Fact | None:
        """Return a field's value in our words; None is empty."""
        source = self._words.fields[fact]
        if source.equals:
            return any(folded(text) == folded(source.equals) for text in texts(value))
        if fact in self._ours:
            known = (self._ours[fact].get(folded(text)) for text in texts(value))
            ours = next((one for one in known if one), None)
            return ours or (None if field.many and fact == "team" else _first(value))
        return _plain(field, value)

    def _state(self, fields: Mapping[str, Any]) -> dict[str, Fact]:
        """Return status, what it waits for, and the ticket above. An unmapped status counts by its category."""
        status = fields.get("status") or {}
        name, category = str(status.get("name") or ""), str((status.get("statusCategory") or {}).get("key"))
        ours = self._ours.get("status", {}).get(folded(name))
        found: dict[str, Fact] = {"status": ours or CATEGORIES.get(category, "new")}
        field = self.fields.get("waiting_for")
        reason = _first(fields.get(field.id)) if field is not None else None
        if waiting_for := self.waiting_for(name, reason):
            found["waiting_for"] = waiting_for
        if parent := self._parent(fields):
            found["parent"] = parent
        return found

    def waiting_for(self, status: str, reason: str | None) -> str | None:
        """Return what a ticket waits for: what its field says, and where that is empty what its status says."""
        known = self._ours.get("waiting_for", {})
        return known.get(folded(reason), reason) if reason else known.get(folded(status))

    def status_name(self, id: str, shown: str) -> str:
        """Return what a status of the history is called today."""
        return self._statuses.get(id, (shown, ""))[0]

    def _parent(self, fields: Mapping[str, Any]) -> str:
        """Return the number of the ticket above: of a link of the named kind, or of the field of that name."""
        field = self.fields.get("parent")
        if field is None:
            return ""
        if field.id != "issuelinks":
            return _first(fields.get(field.id)) or ""
        named = folded(self._words.fields["parent"].field)
        return next((key for kind, key, _ in links_of(fields.get("issuelinks")) if folded(kind) == named), "")

    def _person(self, fields: Mapping[str, Any], facts: dict[str, Fact]) -> Person | None:
        """Return the requester, and add what rules may ask about them: as much as our account may see.

        The language is that of their request, else of their profile. Jira gives the site's zone where it hides theirs.
        """
        field = self.fields.get("requester")
        user = fields.get(field.id) if field is not None else None
        account = self.account(user)
        if not account or not isinstance(user, dict):
            return None
        request = fields.get(self._language.id) if self._language else None
        code = request.get("languageCode") if isinstance(request, dict) else None
        language = str(code or user.get("locale") or "").replace("_", "-")
        name, zone = str(user.get("displayName") or ""), str(user.get("timeZone") or "")
        more = {"": account, ".name": name, ".language": language, ".zone": zone}
        more[".organisation"] = _first(fields.get(self._organisation.id)) or "" if self._organisation else ""
        facts |= {f"requester{suffix}": value for suffix, value in more.items() if value}
        return Person(account, name, language, zone)

    def audited(self, facts: Iterable[str]) -> dict[str, str]:
        """Return field id → fact for those of these facts whose changes the history tells."""
        named = ((fact, self.fields[fact]) for fact in facts if fact in self.fields and fact not in TOLD)
        return {field.id: fact for fact, field in named if not self._words.fields[fact].equals}

    def event(self, at: datetime, author: str, fact: str, item: Mapping[str, Any], now: Fact | None) -> Event:
        """Return one entry of the history. Of lists it tells only what came or went: `now` is what came of it."""
        field = self.fields[fact]
        shown, stored = str(item.get("toString") or ""), str(item.get("to") or "")
        if fact == "status":
            return Event(at, author, fact, self._status(stored, shown))
        if fact == "assignee":
            account = shown if shown in self._robots else self.names.get(stored, stored)
            return Event(at, author, fact, self._people.key(account) or None)
        if field.many:
            value = self._value(fact, field, shown.split()) if field.type == "string" else now
            return Event(at, author, fact, value)
        ours = self._ours.get(fact, {})
        return Event(at, author, fact, next((ours[t] for t in _spellings(shown, stored) if t in ours), shown or None))

    def listed(self, fact: str, names: Sequence[str]) -> Fact | None:
        """Return what a list of these names says."""
        return self._value(fact, self.fields[fact], names)

    def _status(self, id: str, shown: str) -> str:
        name, category = self._statuses.get(id, (shown, ""))
        ours = self._ours.get("status", {})
        return ours.get(folded(name)) or ours.get(folded(shown)) or CATEGORIES.get(category, "new")


def _spellings(*texts: str) -> Iterator[str]:
    """Yield the texts as they are compared; the history writes groups in brackets."""
    for text in texts:
        yield folded(text)
        yield folded(text.strip("[]"))


def is_customer(user: object) -> bool:
    """Tell whether somebody is a customer and no agent, wherever; only Cloud says so."""
    return isinstance(user, dict) and user.get("accountType") == "customer"


def _inverted(values: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    return {folded(theirs): own for own, all_theirs in reversed([*values.items()]) for theirs in all_theirs}


def texts(value: object) -> Iterator[str]:
    """Yield every text by which a field's value may be called: names as people see them, and ids."""
    if isinstance(value, list):
        for item in value:
            yield from texts(item)
    elif isinstance(value, dict):
        yield from (str(value[name]) for name in NAMES if isinstance(value.get(name), str | int))
    elif value is not None:
        yield str(value)


def _first(value: object) -> str | None:
    """Return a value as people see it, the first of several; None is empty. An error object has no name: empty."""
    return next((text for text in texts(value) if text), None)


def _plain(field: Field, value: object) -> Fact | None:
    """Return a value that has no map, by the type of its field."""
    if field.many:
        items = value if isinstance(value, list) else []
        return tuple(text for text in map(_first, items) if text) or None
    if isinstance(value, bool) or value is None or value == "":
        return None if value in (None, "") else bool(value)
    if isinstance(value, int | float):
        return int(value) if float(value).is_integer() else value
    if isinstance(value, str):
        return readable(value) or value if field.type == "datetime" else value
    return _measured(value) if field.type in MEASURED else plain(value) or _first(value)


def _measured(value: object) -> Fact | None:
    """Return a customer's rating, or when a clock of the platform's own runs out.

    A clock that never started has no cycle, and one that the platform cannot read holds an error instead.
    """
    if not isinstance(value, dict):
        return None
    breach = ((value.get("ongoingCycle") or {}).get("breachTime") or {}).get("epochMillis")
    rating = value.get("rating")
    return moment(breach) if isinstance(breach, int) else rating if isinstance(rating, int) else None


def plain(value: object) -> str:
    """Return the text of a description: as it is, or the texts of a document, a line per block."""
    if isinstance(value, str):
        return value
    if not isinstance(value, dict) or not isinstance(value.get("content"), list):
        return str(value.get("text") or "") if isinstance(value, dict) and value.get("type") == "text" else ""
    inline = all(isinstance(node, dict) and "content" not in node for node in value["content"])
    return ("" if inline else "\n").join(plain(node) for node in value["content"])


def links_of(links: object) -> Iterator[tuple[str, str, str]]:
    """Yield (kind, number, id) of each link, as it reads from this issue: "is caused by", "IT-7", "10001"."""
    for link in links if isinstance(links, list) else []:
        for way in ("inward", "outward"):
            if isinstance(other := link.get(f"{way}Issue"), dict):
                kind = str((link.get("type") or {}).get(way) or "")
                yield kind, str(other.get("key") or ""), str(link.get("id") or "")


def marks_of(value: object) -> frozenset[str]:
    """Return the marks in our entity property, which anybody with the right to edit could have changed."""
    marks = value.get("marks") if isinstance(value, dict) else None
    known = (mark for mark in marks if isinstance(mark, str)) if isinstance(marks, list) else ()
    return frozenset(mark for mark in known if MARK.fullmatch(mark))


def moment(value: object) -> datetime:
    """Return a time as Jira writes it: ISO 8601, or milliseconds since 1970. What is unreadable is the beginning.

    A ticket created then counts as before `since`, and is left alone.
    """
    try:
        return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int | float) else readable(value) or EPOCH
    except (ValueError, OverflowError, OSError):
        return EPOCH


def readable(value: object) -> datetime | None:
    """Return a time that is written as a text, or None."""
    try:
        found = datetime.fromisoformat(str(value))
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def milliseconds(at: datetime) -> int:
    """Return a moment as Jira counts: it grows with every change, so that it serves as the ticket's version."""
    delta = at - EPOCH
    return (delta.days * 86_400 + delta.seconds) * 1000 + delta.microseconds // 1000
