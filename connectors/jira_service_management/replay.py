"""Facts of which one entry of Jira's history says too little: they are followed from change to change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connectors.jira_service_management.tickets import Translator
from rules.model import Fact, Ticket

Item = Mapping[str, Any]
"""One field's part of a change."""


def field_of(item: Item) -> str:
    """Return the id of the field that an item of the history is about."""
    return str(item.get("fieldId") or item.get("field"))


def replays(
    translator: Translator, fields: Mapping[str, str], ticket: Ticket, changes: Sequence[Sequence[Item]]
) -> dict[str, Wait | Parts]:
    """Return what follows each such fact through these changes, oldest first."""
    items = [item for change in changes for item in change]
    found: dict[str, Wait | Parts] = {
        fact: Parts(translator, fact, id, ticket, items)
        for id, fact in fields.items()
        if fact in translator.fields and translator.fields[fact].type == "component"
    }
    if not {"status", "waiting_for"}.isdisjoint(fields.values()):
        found["waiting_for"] = Wait(translator, ticket, items)
    return found


class Wait:
    """What an issue waited for, change by change: its field, and while that is empty what its status says.

    A field of which the history tells nothing never changed: it holds what the ticket waits for now, unless that is
    the status's doing.
    """

    def __init__(self, translator: Translator, ticket: Ticket, items: Sequence[Item]) -> None:
        self._translator = translator
        field = translator.fields.get("waiting_for")
        self._field = field.id if field is not None else ""
        statuses = [item for item in items if field_of(item) == "status"]
        reasons = [item for item in items if field_of(item) == self._field]
        self._status = self._name(statuses[0], "from") if statuses else ""
        last = translator.waiting_for(self._name(statuses[-1], "to"), None) if statuses else None
        now = ticket.facts.get("waiting_for")
        self._reason = str(reasons[0].get("fromString") or "") if reasons else "" if now == last else str(now or "")
        self.now: Fact | None = translator.waiting_for(self._status, self._reason)

    def _name(self, item: Item, which: str) -> str:
        return self._translator.status_name(str(item.get(which) or ""), str(item.get(f"{which}String") or ""))

    def goes_on(self, items: Sequence[Item]) -> bool:
        """Take a change in, and tell whether the ticket waits for something else by it."""
        before = self.now
        for item in items:
            if field_of(item) == "status":
                self._status = self._name(item, "to")
            elif field_of(item) == self._field:
                self._reason = str(item.get("toString") or "")
        self.now = self._translator.waiting_for(self._status, self._reason)
        return self.now != before


class Parts:
    """What an issue's components say, change by change: the history tells only which one came or went.

    Those that came before the first change are known only as they go; what they say after the last one is known.
    """

    def __init__(self, translator: Translator, fact: str, field: str, ticket: Ticket, items: Sequence[Item]) -> None:
        self._translator, self._fact, self._field = translator, fact, field
        told = [item for item in items if field_of(item) == field]
        self._left, self._last = len(told), ticket.facts.get(fact)
        self._held: dict[str, None] = {}
        seen: set[str] = set()
        for gone, come in map(_names, told):
            if gone and gone not in seen:
                self._held[gone] = None
            seen |= {gone, come}
        self.now: Fact | None = None

    def goes_on(self, items: Sequence[Item]) -> bool:
        """Take a change in, and tell whether it was about the components."""
        told = [item for item in items if field_of(item) == self._field]
        for gone, come in map(_names, told):
            self._held.pop(gone, None)
            self._held |= {come: None} if come else {}
        self._left -= len(told)
        self.now = self._translator.listed(self._fact, [*self._held]) if self._left else self._last
        return bool(told)


def _names(item: Item) -> tuple[str, str]:
    return str(item.get("fromString") or ""), str(item.get("toString") or "")
