"""What fields a ServiceNow table has: from its dictionary, or from one record where the dictionary is not readable."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from connectors.base import NotVisible, Refused, Unusable
from connectors.servicenow.query import both, within
from connectors.servicenow.tables import TABLE, Record, Tables, raw, whole
from connectors.servicenow.tickets import OWN, Column
from rules.rulebook import Words

STOCK_TABLES: Final = ("task", "incident", "sc_req_item", "sc_task", "problem", "change_request")
STOCK_REFERENCES: Final[Mapping[str, str]] = {
    "assignment_group": "sys_user_group",
    "business_service": "cmdb_ci_service",
    "assigned_to": "sys_user",
    "caller_id": "sys_user",
    "parent": "task",
    "parent_incident": "incident",
}
EXTRA: Final = ("resolved_at", "closed_at", "reopen_count", "reassignment_count")
LINEAGE: Final = ("name", "super_class.name", "super_class.super_class.name")
COLUMN: Final = ("name", "element", "internal_type", "reference", "max_length")

Dictionary = Mapping[str, Mapping[str, Column]]
"""table → its own fields → column; empty where our account may not read the dictionary."""


class Schema:
    """The fields that the words of one connection need, on the tables that they are about. Two requests."""

    def __init__(self, tables: Tables, kinds: Iterable[Words]) -> None:
        words = tuple(kinds)
        self._lineages = _lineages(tables, {one.table for one in words})
        owners = {*STOCK_TABLES, *(one.table for one in words)}.union(*self._lineages.values())
        self.dictionary = _dictionary(tables, owners, set().union(*map(wanted, words)))

    def columns(self, words: Words, record: Record | None) -> dict[str, Column]:
        """Return the columns of a kind's table: what it inherits, too.

        Where the dictionary is not readable, the fields that one record shows are there, or all if there is none.
        """
        if not self.dictionary:
            fields = wanted(words)
            return {f: Column("", STOCK_REFERENCES.get(f, ""), 0) for f in fields if record is None or f in record}
        found: dict[str, Column] = {}
        for table in reversed(self.lineage(words)):
            found |= self.dictionary.get(table, {})
        return found

    def lineage(self, words: Words) -> tuple[str, ...]:
        """Return the kind's table and what it extends, nearest first."""
        return self._lineages.get(words.table, (words.table, "task"))

    def unknown(self, words: Words) -> list[str]:
        """Return the fields that words name and no table has: misspelt, most likely.

        A field that another stock table has is simply empty on this one, so that kinds can share their words.
        """
        everywhere = {field for columns in self.dictionary.values() for field in columns}
        return sorted(mapped(words) - everywhere) if self.dictionary else []


def mapped(words: Words) -> set[str]:
    """Return the fields that words name, of a dot-walk its first step."""
    return {source.field.split(".")[0] for source in words.fields.values()}


def wanted(words: Words) -> set[str]:
    """Return all fields whose existence matters for this kind."""
    return {*mapped(words), *OWN, *EXTRA}


def optional(tables: Tables, table: str, query: str, fields: Iterable[str], limit: int = 1000) -> list[Record]:
    """Return rows that it is good to have: none where our account may not read them."""
    try:
        return tables.read(table, query, fields, limit).records
    except (Refused, NotVisible):
        return []


def first_record(tables: Tables, words: Words, query: str, fields: Iterable[str]) -> Record | None:
    """Return one record of a kind's table, or None when none is visible. Raises `Unusable` without such a table."""
    try:
        rows = tables.read(words.table, query, fields, 1)
    except (Refused, NotVisible) as error:
        raise Unusable(f"{error}; correct kinds: {words.kind}, or let our account read {words.table}") from None
    return rows.records[0] if rows.records else None


def _lineages(tables: Tables, names: set[str]) -> dict[str, tuple[str, ...]]:
    """Return table → itself and what it extends, two levels up; tables without a readable definition are left out."""
    rows = optional(tables, "sys_db_object", within("name", sorted(names)), LINEAGE)
    return {raw(row, "name"): tuple(filter(TABLE.fullmatch, (raw(row, step) for step in LINEAGE))) for row in rows}


def _dictionary(tables: Tables, owners: Iterable[str], fields: Iterable[str]) -> Dictionary:
    query = both(within("name", sorted(owners)), within("element", sorted(fields)))
    found: dict[str, dict[str, Column]] = {}
    for row in optional(tables, "sys_dictionary", query, COLUMN):
        column = Column(raw(row, "internal_type"), raw(row, "reference"), whole(raw(row, "max_length"), 0))
        found.setdefault(raw(row, "name"), {})[raw(row, "element")] = column
    return found
