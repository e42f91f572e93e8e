"""From ServiceNow's records to tickets in the desk's words, and back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from connectors.servicenow.people import Users
from connectors.servicenow.tables import SYS_ID, Record, raw, shown, whole
from rules.model import Event, Fact, Person, Ticket
from rules.rulebook import Words
from rules.words import folded

OWN: Final = (
    "sys_id",
    "number",
    "sys_mod_count",
    "sys_created_on",
    "sys_created_by",
    "sys_updated_on",
    "sys_updated_by",
    "short_description",
    "description",
)
COUNTS: Final = {"reopened": "reopen_count", "reassigned": "reassignment_count"}
REQUESTER: Final = ("user_name", "name", "preferred_language", "time_zone", "vip", "company")
ASSIGNEE: Final = ("user_name", "manager.user_name")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Stands for a time that is missing or malformed: a ticket created then counts as before `since`, and is left."""
INTEGERS: Final = frozenset({"integer", "longint", "count"})
INTEGER: Final = re.compile(r"-?[0-9]{1,18}")
Decode = Callable[[str, str], Fact | None]
"""(as stored, as shown) → our value; None is empty."""


class Column(NamedTuple):
    """A field of a table, from the dictionary. `reference` is the table that it points to, or ""."""

    type: str
    reference: str
    length: int


class Translator:
    """Translates one kind of ticket of one connection. `columns` are the fields that the table has."""

    def __init__(self, connection: str, words: Words, columns: Mapping[str, Column]) -> None:
        self._connection = connection
        self._words = words
        self._columns = columns
        self._sources = {f: s for f, s in words.fields.items() if s.field.split(".")[0] in columns}
        self.names: dict[str, str] = {}  # sys_id → name of every group and service met so far: the audit has ids only
        self.people: dict[str, str] = {}  # sys_id → account of those met so far
        self.staff = Users()  # those whom rules name; known once the connection is started
        self.hidden: set[str] = set()  # facts whose fields were not shown to our account, at least once
        self.mark = self._field("mark")
        self._requester = self._field("requester")
        self._assignee = self._field("assignee")
        self._participants = self._field("participants")
        self._resolved = next((f for f in ("resolved_at", "closed_at") if f in columns), "")
        self._decoders = {f: (s.field, self._decoder(f)) for f, s in self._sources.items() if f not in SPECIAL}
        self._known = {fact: frozenset(values) for fact, values in words.values.items()}
        self.fields = tuple(dict.fromkeys(self._asked()))

    def know(self, staff: Users) -> None:
        """Take note of whom rules name: nobody has to ask for their accounts again."""
        self.staff = staff
        self.people |= {id: account for account, id in staff.ids.items()}

    def _field(self, fact: str) -> str:
        source = self._sources.get(fact)
        return source.field if source is not None else ""

    def _asked(self) -> Iterable[str]:
        """Yield the fields that are asked for, by name: all that makes a ticket and nothing else."""
        yield from OWN
        yield from (source.field for source in self._sources.values())
        yield from (field for field in COUNTS.values() if field in self._columns)
        if self._resolved:
            yield self._resolved
        if self._requester:
            yield from (f"{self._requester}.{field}" for field in REQUESTER)
        if self._assignee:
            yield from (f"{self._assignee}.{field}" for field in ASSIGNEE)

    def _decoder(self, fact: str) -> Decode:
        source = self._sources[fact]
        if source.equals:
            wanted = folded(source.equals)
            return lambda stored, shown: wanted in (folded(stored), folded(shown))
        if fact in self._words.values:
            return _mapped(self._words.values[fact])
        if fact == "watchers":
            return lambda stored, shown: tuple(self.staff.item(one) for one in _items(stored)) or None
        column = self._columns[source.field] if "." not in source.field else None
        return _plain(fact, column)

    def ticket(self, record: Record) -> Ticket:
        """Return the ticket that a record is. Raises `ValueError` for one that cannot be."""
        if not SYS_ID.fullmatch(raw(record, "sys_id")):
            raise ValueError("no sys_id")
        facts, unmapped = self._facts(record)
        requester = self._person(record, facts)
        return Ticket(
            connection=self._connection,
            id=raw(record, "sys_id"),
            number=raw(record, "number"),
            kind=self._words.kind,
            version=int(raw(record, "sys_mod_count") or 0),
            created=readable(raw(record, "sys_created_on")) or EPOCH,
            created_by=raw(record, "sys_created_by"),
            updated=readable(raw(record, "sys_updated_on")) or EPOCH,
            updated_by=raw(record, "sys_updated_by"),
            facts=facts,
            unmapped=unmapped,
            requester=requester,
            marks=frozenset(raw(record, self.mark).split()) if self.mark else frozenset(),
            customers=self._customers(record, requester),
        )

    def participants(self, record: Record) -> tuple[str, ...]:
        """Return the sys_ids, or addresses, of those who follow the ticket."""
        return tuple(_items(raw(record, self._participants))) if self._participants else ()

    def _customers(self, record: Record, requester: Person | None) -> frozenset[str]:
        accounts = [self.people.get(one, one) for one in self.participants(record)]
        return frozenset([*accounts, requester.account] if requester is not None else accounts)

    def _facts(self, record: Record) -> tuple[dict[str, Fact], dict[str, str]]:
        facts = self._stock(record)
        unmapped: dict[str, str] = {}
        for fact, (field, decode) in self._decoders.items():
            if field not in record:  # not readable: absent, and not false
                self.hidden.add(fact)
                continue
            stored, display = raw(record, field), shown(record, field)
            value = decode(stored, display)
            if value is None:
                continue
            facts[fact] = value
            known = self._known.get(fact)
            if known is not None and value not in known:
                unmapped[fact] = str(value)
            if fact in ("team", "service"):
                self.names[stored] = display
        return facts, unmapped

    def _stock(self, record: Record) -> dict[str, Fact]:
        """Return the facts that every desk has under the same names."""
        title = raw(record, "short_description")
        text = f"{title}\n{raw(record, 'description')}".strip()
        facts: dict[str, Fact] = {"kind": self._words.kind, "created_by": raw(record, "sys_created_by")}
        facts |= {fact: value for fact, value in (("title", title), ("text", text)) if value}
        facts |= {fact: count for fact, field in COUNTS.items() if (count := whole(raw(record, field), -1)) >= 0}
        if self._resolved and (resolved_at := readable(raw(record, self._resolved))):
            facts["resolved_at"] = resolved_at
        if self._assignee and raw(record, self._assignee):
            user = raw(record, f"{self._assignee}.user_name") or shown(record, self._assignee)
            self.people[raw(record, self._assignee)] = user
            facts["assignee"] = self.staff.key(user)
            if name := shown(record, self._assignee):
                facts["assignee.name"] = name
            if manager := raw(record, f"{self._assignee}.manager.user_name"):
                facts["assignee.manager"] = self.staff.key(manager)
        return facts

    def _person(self, record: Record, facts: dict[str, Fact]) -> Person | None:
        """Return the requester, and add what rules may ask about them: as much as our account may read."""
        field = self._requester
        if not field or not raw(record, field):
            return None
        account, name, language, zone, vip, _ = (raw(record, f"{field}.{part}") for part in REQUESTER)
        account = account or raw(record, field)
        more = {"": account, ".name": name or shown(record, field), ".language": language, ".zone": zone}
        more[".organisation"] = shown(record, f"{field}.company")
        facts |= {f"requester{suffix}": value for suffix, value in more.items() if value}
        if vip:
            facts.setdefault("requester.vip", vip == "true")
        return Person(account, more[".name"], language, zone)

    def audited(self, facts: Iterable[str]) -> dict[str, str]:
        """Return fact → field for those of these facts whose changes the audit can tell."""
        fields = ((fact, self._field(fact)) for fact in facts if fact in self._decoders or fact == "assignee")
        return {fact: field for fact, field in fields if field and "." not in field}

    def events(self, record: Record, fields: Mapping[str, str]) -> Iterable[Event]:
        """Yield what a row of the audit says about these facts."""
        field, stored = raw(record, "fieldname"), raw(record, "newvalue")
        at, author = moment(raw(record, "sys_created_on")), raw(record, "user")
        for fact in (fact for fact, audited in fields.items() if audited == field):
            yield Event(at, author, fact, self._then(fact, stored))

    def _then(self, fact: str, stored: str) -> Fact | None:
        """Return what a fact became, in our words."""
        if fact == "assignee":
            return self.staff.key(self.people.get(stored, stored)) or None
        return self._decoders[fact][1](stored, self.names.get(stored, stored))

    def place(self, fact: str) -> str:
        """Return the field that a fact is written to, or "" when there is none."""
        source = self._sources.get(fact)
        return "" if source is None or source.equals or "." in source.field else source.field

    def theirs(self, fact: str, value: Fact) -> str:
        """Return a value as the platform stores it; a name for what points to another record."""
        known = self._words.values.get(fact)
        if known is not None:
            return next(iter(known.get(str(value), ())), "")
        if isinstance(value, tuple):
            return ",".join(value)
        if isinstance(value, bool):
            return str(value).lower()
        return stamp(value) if isinstance(value, datetime) else str(value)


SPECIAL: Final = frozenset({"mark", "requester", "assignee"})


def _mapped(values: Mapping[str, tuple[str, ...]]) -> Decode:
    """What the value map does not know stays as it is: shown for what points to other records, else as stored."""
    ours = {folded(theirs): own for own, all_theirs in reversed([*values.items()]) for theirs in all_theirs}

    def decode(stored: str, shown: str) -> Fact | None:
        found = ours.get(folded(stored)) or ours.get(folded(shown))
        return found or (shown if SYS_ID.fullmatch(stored) else stored) or None

    return decode


def _plain(fact: str, column: Column | None) -> Decode:
    """Return how a value is read that has no map: by the type that the dictionary gives the field."""
    kind = column.type if column is not None else ""
    if fact == "labels" or kind == "glide_list":
        return lambda stored, shown: tuple(_items(shown if SYS_ID.match(stored) else stored)) or None
    if kind in INTEGERS:
        return lambda stored, shown: int(stored) if INTEGER.fullmatch(stored) else stored or None
    if kind in ("glide_date_time", "due_date"):
        return lambda stored, shown: readable(stored) or stored or None
    if kind == "boolean":
        return lambda stored, shown: stored == "true" if stored else None
    return lambda stored, shown: (shown if SYS_ID.fullmatch(stored) else stored) or None


def _items(text: str) -> Iterable[str]:
    return (item.strip() for item in text.split(",") if item.strip())


def moment(text: str) -> datetime:
    """Return a stored time; ServiceNow stores UTC without saying so."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def readable(text: str) -> datetime | None:
    """Return a stored time, or None: what an import left malformed must not keep the ticket from being read."""
    try:
        return moment(text)
    except ValueError:
        return None


def stamp(moment: datetime) -> str:
    """Return a time as ServiceNow stores it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
