"""Finds Jira's fields by what they are: service management's own by their type, since names are translated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from rules.words import folded

STOCK: Final[Mapping[str, tuple[str, ...]]] = {
    "request participants": ("sd-request-participants",),
    "organizations": ("sd-customer-organizations",),
    "request language": ("sd-request-language",),
    "request type": ("vp-origin",),
    "satisfaction": ("sd-request-feedback",),
    "affected services": ("service-entity-field-cftype",),
    "major incident": ("major-incident-entity-field-cftype",),
    "team": ("rm-teams-custom-field-team", "atlassian-team"),
}
"""Service management's own fields by their English names: the ends of the types that tell them in any language."""

SYSTEM: Final[Mapping[str, tuple[str, bool]]] = {
    "assignee": ("user", False),
    "components": ("component", True),
    "labels": ("string", True),
    "priority": ("priority", False),
    "reporter": ("user", False),
    "status": ("status", False),
}
"""Fields that every Jira has, with what they hold: some sites do not list them."""


class Field(NamedTuple):
    """A field of the site. `type` is what one value is ("option", "group" …), `many` whether it holds a list."""

    id: str
    name: str
    type: str
    many: bool


class Fields:
    """All fields of a site, as `/field` lists them."""

    def __init__(self, found: Iterable[Mapping[str, Any]]) -> None:
        self._by_id = {id: Field(id, id, kind, many) for id, (kind, many) in SYSTEM.items()}
        self._by_name: dict[str, list[Field]] = {}
        self._by_type: dict[str, list[Field]] = {}
        for one in found:
            field = _field(one)
            self._by_id[field.id] = field
            self._by_name.setdefault(folded(field.name), []).append(field)
            custom = str((one.get("schema") or {}).get("custom") or "")
            self._by_type.setdefault(custom.rpartition(":")[2], []).append(field)

    def find(self, text: str) -> list[Field]:
        """Return the fields that an id or a name stands for: more than one where several share the name."""
        if text in self._by_id:
            return [self._by_id[text]]
        typed = [field for kind in STOCK.get(folded(text), ()) for field in self._by_type.get(kind, [])]
        return typed or self._by_name.get(folded(text), [])

    def of_type(self, kind: str) -> list[Field]:
        """Return all fields whose type ends so."""
        return self._by_type.get(kind, [])


def _field(one: Mapping[str, Any]) -> Field:
    schema = one.get("schema") or {}
    kind = str(schema.get("type") or "")
    many = kind == "array"
    item = str(schema.get("items") or "") if many else kind
    return Field(str(one["id"]), str(one.get("name") or one["id"]), item, many)
