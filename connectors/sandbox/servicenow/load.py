"""Exports of a ServiceNow list, CSV or JSON, read into a table as they are."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .business import text
from .schema import Field
from .stock import DEFAULTS, DISPLAY, NUMBERED
from .table import Record
from .times import STORED, stored

if TYPE_CHECKING:
    from .world import World

_SYS_ID = re.compile(r"[0-9a-f]{32}")
_DATES = (STORED, "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d-%m-%Y %H:%M:%S", "%d-%m-%Y %H:%M", "%Y-%m-%dT%H:%M:%SZ")


def load(world: World, source: Path | str, table: str) -> list[str]:
    """Store the rows of an export and return their sys_ids.

    Exports hold history, so no business logic runs: times, numbers and priorities stay as they are. Names of people,
    groups, companies and services become references; those that are not known are added. Times are read as UTC.
    """
    return [_store(world, table, row) for row in _rows(_text(source))]


def _text(source: Path | str) -> str:
    if isinstance(source, str) and (source.lstrip()[:1] in ("{", "[") or "\n" in source):
        return source
    raw = Path(source).read_bytes()
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252")  # what the platform writes for spreadsheets


def _rows(content: str) -> Iterator[Mapping[str, Any]]:
    if content.lstrip()[:1] not in ("{", "["):
        yield from csv.DictReader(io.StringIO(content))
        return
    found = json.loads(content)
    rows = found if isinstance(found, list) else found.get("records", found.get("result", []))
    yield from ([rows] if isinstance(rows, dict) else rows)


def _store(world: World, table: str, row: Mapping[str, Any]) -> str:
    fields = world.schema.fields(table)
    given = {name: _read(world, table, fields[name], row[name]) for name in row if name in fields}
    now = given.get("sys_created_on") or given.get("opened_at") or world.stamp()
    record: Record = DEFAULTS.get(table, {}) | {"sys_created_on": now, "sys_updated_on": now, "sys_mod_count": "0"}
    record |= {name: value for name, value in given.items() if value}
    record.setdefault("sys_id", world.new_id())
    if table in NUMBERED:
        record.setdefault("number", world.next_number(table))
    if "sys_class_name" in fields:
        record["sys_class_name"] = table
    world.put(table, record)
    return record["sys_id"]


def _read(world: World, table: str, field: Field, found: Any) -> str:
    """Return the raw value of one cell: `{value, display_value}`, a raw value, or a display value."""
    if isinstance(found, dict):
        return text(found.get("value"))
    value = text(found).strip()
    if not value or value == "?":
        return ""
    if field.is_date:
        return _date(value)
    if field.type == "boolean":
        return value.lower()
    if field.is_reference:
        return _reference(world, field.reference, value)
    return _choice(world, table, field, value)


def _date(value: str) -> str:
    for form in _DATES:
        with suppress(ValueError):
            return stored(datetime.strptime(value, form).replace(tzinfo=UTC))
    raise ValueError(f"{value!r} is no date")


def _reference(world: World, table: str, value: str) -> str:
    if _SYS_ID.fullmatch(value):
        return value
    for field in ("user_name",) if table == "sys_user" else ():
        if found := world.first(table, **{field: value}):
            return found["sys_id"]
    if table == "sys_user":
        return _person(world, value)
    display = DISPLAY.get(table, "name")
    found = next((r for heir in world.schema.heirs(table) if (r := world.first(heir, **{display: value}))), None)
    return found["sys_id"] if found else world.add(table, **{display: value})


def _person(world: World, name: str) -> str:
    found = world.first("sys_user", name=name)
    return found["sys_id"] if found else world.add_user(name.lower().replace(" ", "."), name)


def _choice(world: World, table: str, field: Field, value: str) -> str:
    """Return the value behind a label such as `1 - High` or `In Progress`; other text stays as it is."""
    for name in world.schema.lineage(table):
        for choice in world.tables["sys_choice"].lookup("element", [field.name]):
            if choice["name"] == name and value.casefold() in (choice["label"].casefold(), choice["value"]):
                return choice["value"]
    return value
