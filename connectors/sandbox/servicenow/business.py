"""What the platform does by itself when a record is written: defaults, lookups, journal, audit, assignment rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from .query import Test
from .schema import JOURNALS, Schema
from .stock import DEFAULTS, NUMBERED
from .table import Record
from .times import duration, moment, stored

if TYPE_CHECKING:
    from .instance import Instance

AUTOMATIC = ("sys_created_on", "sys_created_by", "sys_updated_on", "sys_updated_by", "sys_mod_count")
CLOSED = {"incident": ("7", "8"), "sc_req_item": ("3", "4", "7"), "sc_task": ("3", "4", "7")}
RESOLVED = "6"
JOURNAL_ADDED = "JOURNAL FIELD ADDITION"
"""What stands in place of the old value where the audit tells of a journal entry."""

Values = Mapping[str, object]


@dataclass(frozen=True)
class Rule:
    """Values that the platform sets on the records of a table that pass a test."""

    table: str
    test: Test
    values: Mapping[str, str]


def text(value: object) -> str:
    """Return a value as the database keeps it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return stored(value)
    return "" if value is None else str(value)


def clean(schema: Schema, table: str, values: Values) -> Record:
    """Keep what the table has a column for, and as much of each text as the column holds.

    Both losses are silent on the platform: unknown fields are ignored and long texts are cut.
    """
    fields = schema.fields(table)
    known = {name: text(value) for name, value in values.items() if name in fields}
    return {name: value[: fields[name].max_length] if fields[name].type == "string" else value
            for name, value in known.items()}  # fmt: skip


def outsiders(values: Values) -> Values:
    """Drop what no client may set: a record's own sys_ fields."""
    return {name: value for name, value in values.items() if not name.startswith("sys_")}


def insert(instance: Instance, table: str, values: Values, by: str) -> str:
    """Create a record with all that the platform adds, and return its sys_id."""
    given = clean(instance.schema, table, values)
    now = given.get("sys_created_on") or instance.stamp()
    record: Record = {
        "sys_id": instance.new_id(), "sys_created_on": now, "sys_created_by": by,
        "sys_updated_on": now, "sys_updated_by": by, "sys_mod_count": "0",
    }  # fmt: skip
    record |= DEFAULTS.get(table, {})
    if "sys_class_name" in instance.schema.fields(table):
        record["sys_class_name"] = table
    journals = {name: given.pop(name) for name in JOURNALS if name in given}
    record |= given
    if table in NUMBERED:
        _opened(instance, table, record, by)
    _run(instance, table, record, {}, by)
    _store(instance, table, record)
    _journal(instance, table, record, journals, by)
    return record["sys_id"]


def update(instance: Instance, table: str, sys_id: str, values: Values, by: str, touch: bool = True) -> None:
    """Change a record. Nothing at all happens when no value differs and no journal text is given.

    Without `touch` it is an update with autoSysFields(false): who and when stay as they were.
    """
    old = instance.tables[table].records[sys_id]
    given = clean(instance.schema, table, values)
    journals = {name: value for name in JOURNALS if (value := given.pop(name, ""))}
    record = old | given
    _run(instance, table, record, old, by)
    changed = [name for name in record if record[name] != old.get(name, "")]
    if not changed and not journals:
        return
    if touch:
        record["sys_mod_count"] = str(int(old.get("sys_mod_count", "0")) + 1)
        record["sys_updated_by"] = given.get("sys_updated_by", by)
        record["sys_updated_on"] = given.get("sys_updated_on", instance.stamp())
    _audit(instance, table, record, old, [name for name in changed if name not in AUTOMATIC], by)
    _store(instance, table, record)
    _journal(instance, table, record, journals, by)


def _store(instance: Instance, table: str, record: Record) -> None:
    instance.put(table, {name: value for name, value in record.items() if value})


def _opened(instance: Instance, table: str, record: Record, by: str) -> None:
    record.setdefault("number", instance.next_number(table))
    record.setdefault("opened_at", record["sys_created_on"])
    record.setdefault("opened_by", instance.user_id(by))


def _run(instance: Instance, table: str, record: Record, old: Record, by: str) -> None:
    """Run the rules of a table, in the platform's order: its own, then data lookups, then assignment."""
    for rule in _RULES.get(table, ()):
        rule(instance, record, old, by)
    for lookup in instance.data_lookups:
        if lookup.table == table and lookup.test(record):
            record |= lookup.values
    if not record.get("assignment_group") and not record.get("assigned_to"):
        _assign(instance, table, record)


def _assign(instance: Instance, table: str, record: Record) -> None:
    """Apply the first assignment rule that matches. Called only while both group and person are empty."""
    for rule in instance.assignment_rules:
        if rule.table == table and rule.test(record):
            record |= rule.values
            return


def _priority(instance: Instance, record: Record, old: Record, by: str) -> None:
    """Compute priority from impact and urgency; what a client wrote into it does not count."""
    pair = record.get("impact", ""), record.get("urgency", "")
    if instance.priority_lookup and pair in instance.priority_matrix:
        record["priority"] = instance.priority_matrix[pair]


def _company(instance: Instance, record: Record, old: Record, by: str) -> None:
    """A ticket belongs to its requester's company unless somebody said otherwise."""
    person = record.get("caller_id") or record.get("requested_for", "")
    if person and not record.get("company"):
        record["company"] = instance.tables["sys_user"].records.get(person, {}).get("company", "")


def _states(instance: Instance, record: Record, old: Record, by: str) -> None:
    """Keep both state fields of an incident alike, and note who resolved or reopened it and when."""
    if record.get("incident_state") != old.get("incident_state") and record.get("state") == old.get("state"):
        record["state"] = record.get("incident_state", "")
    record["incident_state"] = record.get("state", "")
    now, before = record["state"], old.get("state", "")
    if now == before:
        return
    if now != "3":
        record["hold_reason"] = ""
    if now == RESOLVED:
        _resolved(instance, record, by)
    if before == RESOLVED and now in ("1", "2", "3"):
        record["reopen_count"] = str(int(record.get("reopen_count", "0")) + 1)
        record |= {
            "resolved_at": "",
            "resolved_by": "",
            "reopened_by": instance.user_id(by),
            "reopened_time": instance.stamp(),
        }


def _resolved(instance: Instance, record: Record, by: str) -> None:
    record["resolved_at"] = record.get("resolved_at") or instance.stamp()
    record["resolved_by"] = record.get("resolved_by") or instance.user_id(by)
    took = (moment(record["resolved_at"]) - moment(record["opened_at"])).total_seconds()
    record |= {"calendar_stc": str(int(took)), "calendar_duration": duration(took)}


def _closing(instance: Instance, record: Record, old: Record, by: str) -> None:
    """A closed ticket is inactive; a ticket that is opened again is active."""
    closed = record.get("state") in CLOSED[record["sys_class_name"]]
    record["active"] = "false" if closed else "true"
    if closed and record.get("state") != old.get("state"):
        record["closed_at"] = record.get("closed_at") or instance.stamp()
        record["closed_by"] = record.get("closed_by") or instance.user_id(by)


def _reassigned(instance: Instance, record: Record, old: Record, by: str) -> None:
    if old.get("assignment_group") and record.get("assignment_group") != old["assignment_group"]:
        record["reassignment_count"] = str(int(old.get("reassignment_count", "0")) + 1)


_Own = Callable[["Instance", Record, Record, str], None]
_RULES: dict[str, tuple[_Own, ...]] = {
    "incident": (_company, _states, _closing, _reassigned, _priority),
    "sc_req_item": (_company, _closing, _reassigned),
    "sc_task": (_closing, _reassigned),
}


def _journal(instance: Instance, table: str, record: Record, journals: Mapping[str, str], by: str) -> None:
    """Add journal rows. A text that is already there is added again: the platform drops no repeats."""
    for element, value in journals.items():
        if value:
            row = {"element": element, "element_id": record["sys_id"], "name": table, "value": value}
            instance.put("sys_journal_field", row | _signed(instance, by))
            _audit_row(instance, table, record, (element, JOURNAL_ADDED, value), by)


def _audit(instance: Instance, table: str, record: Record, old: Record, changed: list[str], by: str) -> None:
    """Add an audit row for each changed field of a ticket; creating a record is not audited."""
    if table in NUMBERED:
        for name in changed:
            _audit_row(instance, table, record, (name, old.get(name, ""), record[name]), by)


def _audit_row(instance: Instance, table: str, record: Record, change: tuple[str, str, str], by: str) -> None:
    name, old, new = change
    row = {"tablename": table, "documentkey": record["sys_id"], "fieldname": name, "oldvalue": old, "newvalue": new}
    row |= {"user": by, "record_checkpoint": record["sys_mod_count"]}
    instance.put("sys_audit", row | _signed(instance, by))


def _signed(instance: Instance, by: str) -> Record:
    return {"sys_id": instance.new_id(), "sys_created_on": instance.stamp(), "sys_created_by": by}
