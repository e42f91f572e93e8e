"""What a ServiceNow instance has, for proposing a workspace."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from connectors.base import Discovered
from connectors.servicenow.query import both, within
from connectors.servicenow.schema import optional
from connectors.servicenow.tables import Tables, raw
from rules.rulebook import Words

CHOSEN: Final = {
    "impact": "impact",
    "urgency": "urgency",
    "priority": "priority",
    "status": "state",
    "waiting_for": "hold_reason",
}
WRITTEN: Final = ("impact", "urgency", "priority")  # facts that rules write and whose values are choices
SAMPLE: Final = 500  # tickets from which we tell whether the platform computes priorities


def discover(tables: Tables) -> Discovered:
    """Return groups, services, languages in use, choices and fields of the incident table. Seven requests."""
    offered = choices(tables, ("incident", "task"), CHOSEN.values())
    fields = optional(tables, "sys_dictionary", "nameINincident,task^elementISNOTEMPTY", ("element",), 2000)
    users = optional(tables, "sys_user", "active=true^preferred_languageISNOTEMPTY", ("preferred_language",))
    return Discovered(
        groups=_names(tables, "sys_user_group", "active=true^ORDERBYname"),
        services=_names(tables, "cmdb_ci_service", "ORDERBYname"),
        languages=tuple(sorted({raw(row, "preferred_language") for row in users})),
        choices={fact: offered.get(field, {}) for fact, field in CHOSEN.items()},
        fields=frozenset(raw(row, "element") for row in fields),
        can_write_priority=any(len(found) > 1 for found in priorities(tables, "incident").values()),
    )


def _names(tables: Tables, table: str, query: str) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(raw(row, "name") for row in optional(tables, table, query, ("name",)) if raw(row, "name"))
    )


def choices(tables: Tables, lineage: Iterable[str], fields: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return field → value → label of the active choices. The nearest table that has any for a field has them all."""
    owners = tuple(lineage)
    query = both(within("name", owners), within("element", sorted(set(fields))), "inactive=false", "ORDERBYsequence")
    found: dict[str, dict[str, dict[str, str]]] = {}
    for row in optional(tables, "sys_choice", query, ("name", "element", "value", "label", "language"), 2000):
        if raw(row, "name") not in owners:
            continue  # the platform ignores a part of a query that it does not understand
        offered = found.setdefault(raw(row, "element"), {}).setdefault(raw(row, "name"), {})
        if raw(row, "language") in ("", "en") or raw(row, "value") not in offered:
            offered[raw(row, "value")] = raw(row, "label")
    return {field: next(by_owner[t] for t in owners if t in by_owner) for field, by_owner in found.items()}


def written(words: Words) -> dict[str, str]:
    """Return fact → field of the choices that rules write."""
    return {f: words.fields[f].field for f in words.watched if f in WRITTEN and f in words.values}


def not_offered(words: Words, offered: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Return fact → the values that would be written and are no choice; without any choice nothing is known.

    `offered` is field → value → label. Written is the first value of each word, as it stands.
    """
    found: dict[str, list[str]] = {}
    for fact, field in written(words).items():
        firsts = [values[0] for values in words.values[fact].values() if values]
        if unknown := [value for value in firsts if field in offered and value not in offered[field]]:
            found[fact] = unknown
    return found


def priorities(tables: Tables, table: str) -> dict[tuple[str, str], set[str]]:
    """Return (impact, urgency) → the priorities that the last tickets with it have.

    Whether a priority may be written is not readable from outside. One pair with two priorities shows that it is;
    where each pair has one, the platform computes it, as it does out of the box.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for row in optional(tables, table, "ORDERBYDESCsys_updated_on", ("impact", "urgency", "priority"), SAMPLE):
        found.setdefault((raw(row, "impact"), raw(row, "urgency")), set()).add(raw(row, "priority"))
    return found
