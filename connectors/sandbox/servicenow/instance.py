"""The records of the simulated instance: its tables, its time, and reading and writing as the platform does it."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

from connectors.sandbox.clock import Clock
from connectors.sandbox.platform import Platform

from . import business
from .query import Parser, Query, Test, matcher
from .schema import Field, Schema
from .select import Selector
from .stock import CHOICES, FIELDS, FIRST_NUMBER, LOOKUPS, NUMBERED, PARENTS, PRIORITY_MATRIX
from .table import Key, Record, Table
from .times import moment, stored

ExtraFields = Mapping[str, Mapping[str, str]]


class Entry(NamedTuple):
    """One journal entry: `element` is comments or work_notes, `user` a user name, `time` UTC."""

    element: str
    user: str
    time: datetime
    value: str


class Instance(Platform):
    """Tables with stock contents and the platform's business logic. Safe to use from several threads."""

    def __init__(self, clock: Clock, priority_lookup: bool, extra_fields: ExtraFields) -> None:
        super().__init__(clock)
        self.priority_lookup = priority_lookup
        self.priority_matrix = dict(PRIORITY_MATRIX)
        self.data_lookups: list[business.Rule] = []
        self.assignment_rules: list[business.Rule] = []
        self.schema = Schema(PARENTS, {name: FIELDS[name] | dict(extra_fields.get(name, {})) for name in FIELDS})
        self.tables = {name: Table(name, LOOKUPS.get(name, ())) for name in PARENTS}
        self._selectors = {name: self._selector(name) for name in PARENTS}
        self._ids = itertools.count()
        self._numbers = {table: itertools.count(FIRST_NUMBER) for table in NUMBERED}
        self._describe_tables()
        self._describe_choices()

    def _selector(self, table: str) -> Selector:
        def passed(path: str) -> list[Table]:
            return [self.tables[heir] for name in self.schema.passed(table, path) for heir in self.schema.heirs(name)]

        return Selector([self.tables[heir] for heir in self.schema.heirs(table)], partial(self.value, table), passed)

    def _describe_tables(self) -> None:
        ids: dict[str, str] = {"": ""}
        for table in sorted(PARENTS, key=lambda table: len(list(self.schema.lineage(table)))):
            label = table.replace("_", " ").title()
            ids[table] = self.add("sys_db_object", name=table, label=label, super_class=ids[PARENTS[table]])
            for field in self.schema.own[table].values():
                self._describe(field)

    def _describe(self, field: Field) -> None:
        kind = {"internal_type": field.type, "max_length": str(field.max_length), "reference": field.reference}
        label = {"column_label": field.label, "active": "true"}
        self.add("sys_dictionary", name=field.owner, element=field.name, **kind, **label)

    def _describe_choices(self) -> None:
        for (table, element), choices in CHOICES.items():
            for place, choice in enumerate(choices):
                value, label = choice.split("=", 1)
                shown = {"label": label, "language": "en", "inactive": "false", "sequence": str(place)}
                self.add("sys_choice", name=table, element=element, value=value, **shown)

    # Time

    def stamp(self) -> str:
        return stored(self.now())

    # Writing

    def new_id(self) -> str:
        """Return a new sys_id: the same in every run, and in no order, like the platform's."""
        return hashlib.blake2b(str(next(self._ids)).encode(), digest_size=16).hexdigest()

    def next_number(self, table: str) -> str:
        return f"{NUMBERED[table]}{next(self._numbers[table]):07d}"

    def put(self, table: str, record: Record) -> None:
        """Store a record as it is. All writing ends here."""
        self.tables[table].put(record)

    def add(self, table: str, **values: str) -> str:
        """Store a record of the instance's own making, without business logic, and return its sys_id."""
        now = self.stamp()
        record = {"sys_id": self.new_id(), "sys_created_on": now, "sys_created_by": "system"}
        record |= {"sys_updated_on": now, "sys_updated_by": "system", "sys_mod_count": "0"}
        self.put(table, record | {name: value for name, value in values.items() if value})
        return record["sys_id"]

    def insert(self, table: str, values: business.Values, by: str = "admin") -> str:
        """Create a record as the user `by` and return its sys_id. Unlike a client's, `values` may set sys_ fields."""
        with self.settled():
            return business.insert(self, table, values, by)

    def update(self, table: str, sys_id: str, values: business.Values, by: str = "admin", touch: bool = True) -> None:
        """Change a record as the user `by`; without `touch` as a script with autoSysFields(false) does."""
        with self.settled():
            business.update(self, table, sys_id, values, by, touch)

    def delete(self, table: str, sys_id: str) -> None:
        """Delete a record; its journal and audit rows stay."""
        with self.settled():
            self.tables[table].remove(sys_id)

    def test(self, table: str, text: str) -> Test:
        """Return the test that an encoded query makes of a record. A query that cannot be read is a mistake here."""
        query = Parser(self.schema, table, "UTC").parse(text)
        if query.broken:
            raise ValueError(f"{table}: cannot read {', '.join(query.broken)}")
        tests = [matcher(group, partial(self.value, table)) for group in query.groups]
        return lambda record: any(test(record) for test in tests)

    # Reading

    def record(self, table: str, sys_id: str) -> Record:
        """Return a record's raw values; every column is there, empty ones as ""."""
        with self.settled():
            return dict.fromkeys(self.schema.fields(table), "") | self.tables[table].records[sys_id]

    def journal(self, sys_id: str) -> list[Entry]:
        """Return the journal of a record, oldest entry first."""
        with self.settled():
            rows = self.tables["sys_journal_field"].lookup("element_id", [sys_id])
            return [Entry(r["element"], r["sys_created_by"], moment(r["sys_created_on"]), r["value"]) for r in rows]

    def find(self, table: str, **values: str) -> str:
        """Return the sys_id of the first record that has these values."""
        with self.settled():
            found = self.first(table, **values)
        if found is None:
            raise LookupError(f"no {table} with {values}")
        return found["sys_id"]

    def first(self, table: str, **values: str) -> Record | None:
        kept = self.tables[table]
        name = next((name for name in values if kept.has_lookup(name)), None)
        records = kept.lookup(name, [values[name]]) if name else kept.records.values()
        return next((r for r in records if all(r.get(field, "") == value for field, value in values.items())), None)

    def select(self, table: str, text: str) -> list[Record]:
        """Return the records that an encoded query finds."""
        with self.settled():
            keys = self.keys(table, Parser(self.schema, table, "UTC").parse(text))
            return [record for _, sys_id in keys if (record := self.locate(table, sys_id))]

    def keys(self, table: str, query: Query) -> Sequence[Key]:
        """Return the keys of the records that a query finds; on a table that others extend, theirs too."""
        return self._selectors[table].keys(query)

    def locate(self, table: str, sys_id: str) -> Record | None:
        """Return a record of a table or of one that extends it."""
        kept = (self.tables[heir].records.get(sys_id) for heir in self.schema.heirs(table))
        return next((record for record in kept if record is not None), None)

    def value(self, table: str, record: Record, path: str) -> str:
        """Return the raw value at the end of a dot-walk, "" where it breaks off."""
        hop, _, rest = path.partition(".")
        if not rest:
            return record.get(hop, "")
        target = self.schema.fields(table)[hop].reference
        found = self.locate(target, record.get(hop, ""))
        return self.value(target, found, rest) if found else ""

    def user_id(self, user_name: str) -> str:
        """Return the sys_id of a user, "" when there is none of that name."""
        found = self.first("sys_user", user_name=user_name)
        return found["sys_id"] if found else ""
