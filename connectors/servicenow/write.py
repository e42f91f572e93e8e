"""Writing to ServiceNow: one PATCH carries fields, public comment, work note and marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from connectors.base import MARKS, OutcomeUnknown, Refused, Write, Written
from connectors.servicenow.query import equals, is_plain, plain
from connectors.servicenow.schema import STOCK_REFERENCES, optional
from connectors.servicenow.tables import NAMES_PER_REQUEST, Tables, portions, raw
from connectors.servicenow.tickets import Column, Translator
from connectors.web.odd import sound
from rules.model import Fact, Ticket
from rules.rulebook import Words
from rules.words import folded


class Names:
    """sys_ids of groups, services and the like, by name. Misses are asked again: a group may be made meanwhile."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._ids: dict[tuple[str, str], set[str]] = {}
        self.found: dict[str, str] = {}  # sys_id → name

    def learn(self, writers: Iterable[Writer]) -> None:
        """Look up all names that the words know, one request per table."""
        wanted: dict[str, set[str]] = {}
        for writer in writers:
            for table, names in writer.names():
                wanted.setdefault(table, set()).update(names)
        for table, names in wanted.items():
            self._ask(table, sorted(filter(is_plain, names)))

    def knows(self, table: str, name: str) -> bool:
        """Tell whether exactly one active record is known by this name, without asking."""
        return len(self._ids.get((table, folded(name)), ())) == 1

    def find(self, table: str, name: str) -> str:
        """Return the sys_id of a name. Raises `Refused` when there is none, or more than one that is active."""
        key = (table, folded(name))
        if key not in self._ids:
            self._ask(table, [plain(name)])
        found = self._ids.get(key, set())
        if len(found) != 1:
            raise Refused(f"{len(found) or 'no'} active records in {table} are called {name!r}")
        return min(found)

    def _ask(self, table: str, names: list[str]) -> None:
        """Rows whose name was not asked for are dropped: a query that the platform did not understand returns all."""
        wanted = {folded(name) for name in names}
        for some in portions(names, NAMES_PER_REQUEST):
            for row in optional(self._tables, table, equals("name", some), ("sys_id", "name", "active")):
                key = (table, folded(raw(row, "name")))
                if raw(row, "active") != "false" and key[1] in wanted:
                    self._ids.setdefault(key, set()).add(raw(row, "sys_id"))
                    self.found[raw(row, "sys_id")] = raw(row, "name")


class Body(NamedTuple):
    """What is sent: fact → (field, stored value), the texts by field, and the facts that cannot be sent, with why."""

    facts: dict[str, tuple[str, str]]
    texts: dict[str, str]
    refused: dict[str, str]

    def fields(self) -> dict[str, str]:
        """Return the body of the request."""
        return dict(self.facts.values()) | self.texts


class Writer:
    """Writes to one kind of ticket. `columns` are the fields that its table has."""

    def __init__(
        self, tables: Tables, words: Words, translator: Translator, columns: Mapping[str, Column], names: Names
    ) -> None:
        self._tables = tables
        self._words = words
        self._translator = translator
        self._columns = columns
        self._names = names

    def names(self) -> Iterable[tuple[str, set[str]]]:
        """Yield table and names for the facts whose values are other records."""
        for fact, values in self._words.values.items():
            if table := self._target(fact):
                yield table, {name for theirs in values.values() for name in theirs}

    def missing(self, fact: str) -> list[str]:
        """Return the names of a fact's values that no one record has; a rule that writes them would be refused."""
        table = self._target(fact)
        wanted = {name for theirs in self._words.values.get(fact, {}).values() for name in theirs} if table else set()
        return sorted(name for name in wanted if not self._names.knows(table, name))

    def write(self, write: Write) -> Written:
        """Write it and return the ticket as the platform now has it. A refused field does not hold up the rest."""
        body = self._body(write)
        if not body.fields():
            return Written(write.ticket, body.refused)
        ticket = self._sent(write.ticket.id, body)
        return Written(ticket, self._kept(write, body, ticket) | body.refused)

    def _body(self, write: Write) -> Body:
        body = Body({}, {}, {})
        for fact, value in write.facts.items():
            field = self._translator.place(fact)
            try:
                stored = self._following(write, field, body) if fact == "watchers" else self._stored(fact, field, value)
                body.facts[fact] = (field, stored)
            except Refused as error:
                body.refused[fact] = str(error)
        texts = {"comments": write.comment, "work_notes": write.note}
        body.texts.update({field: text for field, text in texts.items() if text})
        if self._translator.mark and (body.facts or body.texts):
            body.texts[self._translator.mark] = self._marks((*write.marks.all(), *write.ticket.marks))
        return body

    def _stored(self, fact: str, field: str, value: Fact | None) -> str:
        """Return the value to send, "" to empty the field. Raises `Refused` where there is no place for it here."""
        if value is None and field:
            return ""
        stored = self._translator.theirs(fact, value) if field and value is not None else ""
        if not stored:
            raise Refused(f"{fact} {value!r} has no counterpart in {self._words.table}")
        table = self._target(fact)
        if fact == "assignee":
            return self._translator.staff.stored(stored)
        if fact == "parent" and table:
            return self._numbered(table, stored)
        return self._names.find(table, stored) if table else stored

    def _numbered(self, table: str, number: str) -> str:
        """Return the sys_id of the one ticket of this number. Raises `Refused` where there is not exactly one."""
        rows = optional(self._tables, table, equals("number", [plain(number)]), ("sys_id", "number"), 2)
        found = {raw(row, "sys_id") for row in rows if raw(row, "number") == number}
        if len(found) != 1:
            raise Refused(f"{len(found) or 'no'} tickets in {table} have the number {number!r}")
        return min(found)

    def _following(self, write: Write, field: str, body: Body) -> str:
        """Return the list of those who follow: who does already, and who is added. Only an exact write removes anybody.

        Whoever has no account here is refused, and the others go on. A list may hold addresses, too.
        """
        column, value = self._columns.get(field), write.facts["watchers"]
        if not field:
            raise Refused(f"watchers have no field in {self._words.table}")
        if "watchers" in self._translator.hidden:  # the list is written whole
            raise Refused(f"our account may not read {field}: writing to it would remove whoever follows already")
        had = [*self._ids(() if write.exact else write.ticket.facts.get("watchers"))]
        found, unknown = dict.fromkeys(had), []
        for person in value if isinstance(value, tuple) else ():
            try:
                found[person if "@" in person else self._translator.staff.stored(person)] = None
            except Refused as error:
                unknown.append(f"{person}: {error}")
        if unknown and len(found) == len(had):
            raise Refused("; ".join(unknown))
        if unknown:
            body.refused["watchers"] = "; ".join(unknown)
        text = ",".join(found)
        if column is not None and 0 < column.length < len(text):
            raise Refused(f"{field} holds {column.length} characters: nobody else can follow")
        return text

    def _ids(self, items: Fact | None) -> Iterator[str]:
        """Yield the items of a list as they are stored: keys as ids, all else as it stands."""
        for item in items if isinstance(items, tuple) else ():
            yield self._translator.staff.ids.get(self._translator.staff.accounts.get(item, item), item)

    def _target(self, fact: str) -> str:
        field = self._translator.place(fact)
        column = self._columns.get(field)
        return column.reference if column is not None and column.reference else STOCK_REFERENCES.get(field, "")

    def _marks(self, marks: tuple[str, ...]) -> str:
        """Return as many marks as the field holds, newest first; too long a text would be cut or refused."""
        length = self._columns[self._translator.mark].length
        text = " ".join(marks[:MARKS])
        return text if not length or len(text) <= length else text[: length + 1].rpartition(" ")[0]

    def _sent(self, sys_id: str, body: Body) -> Ticket:
        """Send it, and again without what was refused, as often as that takes: after a refusal nothing was done."""
        try:
            return self._once(sys_id, body)
        except Refused as error:
            named = [fact for fact, (field, _) in body.facts.items() if re.search(rf"\b{field}\b", str(error))]
            refused = named or list(body.facts)
            if not refused or not (body.texts.keys() - {self._translator.mark} or len(refused) < len(body.facts)):
                raise
            for fact in refused:
                del body.facts[fact]
                body.refused[fact] = str(error)
            return self._sent(sys_id, body)

    def _once(self, sys_id: str, body: Body) -> Ticket:
        record = self._tables.change(self._words.table, sys_id, body.fields(), self._translator.fields)
        if raw(record, "sys_id") != sys_id:
            raise OutcomeUnknown(f"the answer to a write to {self._words.table} is about another record")
        return sound(self._translator.ticket(record))

    def _kept(self, write: Write, body: Body, ticket: Ticket) -> dict[str, str]:
        """Return what the platform silently did not take: rules, lookups and read-only fields do not answer."""
        now = {fact: ticket.facts.get(fact) for fact in body.facts if not self._follow(fact, write, body, ticket)}
        wanted = {fact: self._translator.staff.named(fact, write.facts[fact]) for fact in now}
        lost = {fact: value for fact, value in now.items() if not _same(value, wanted[fact])}
        return {fact: f"the platform kept {'it empty' if v is None else repr(v)}" for fact, v in lost.items()}

    def _follow(self, fact: str, write: Write, body: Body, ticket: Ticket) -> bool:
        """Tell whether everybody follows a ticket that was sent to; in an exact write, nobody else."""
        if fact != "watchers":
            return False
        sent, now = {*filter(None, body.facts[fact][1].split(","))}, {*self._ids(ticket.facts.get(fact))}
        return sent == now if write.exact else sent <= now


def _same(now: Fact | None, wanted: Fact | None) -> bool:
    if isinstance(now, tuple) and isinstance(wanted, tuple):
        return {folded(item) for item in now} == {folded(item) for item in wanted}
    if isinstance(now, str) and isinstance(wanted, str):
        return folded(now) == folded(wanted)
    return str(now) == str(wanted)
