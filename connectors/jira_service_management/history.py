"""Who changed what on Jira: the changelogs of a page's issues, in one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from connectors.base import NotVisible, Refused, TryLater
from connectors.jira_service_management import jql
from connectors.jira_service_management.client import Client, dicts
from connectors.jira_service_management.tickets import Translator, is_customer, moment
from rules.model import Event, Ticket

PER_REQUEST: Final = 1000  # issues, and at most 10 fields: the platform's limits
FIELDS: Final = 10
ENTRIES: Final = 10_000  # of changelogs in an answer


def history(
    client: Client, translator: Translator, watched: Iterable[str], tickets: Sequence[Ticket]
) -> dict[str, tuple[Event, ...]] | None:
    """Return the changes of the facts that rules may write or clocks need, by ticket id; None: not readable."""
    fields = translator.audited(watched)
    asked = [*fields, *({"status"} if "waiting_for" in fields.values() else set()) - fields.keys()]
    by_id = {ticket.id: ticket for ticket in tickets}
    try:
        read = _bulk(client, [*by_id], asked) if client.cloud else _expanded(client, [*by_id])
        entries = sorted(read, key=lambda entry: str(entry[1].get("id") or "").zfill(20))
    except (Refused, NotVisible):
        return None
    found: dict[str, list[Mapping[str, Any]]] = {id: [] for id in by_id}
    for id, entry in entries:
        if id in found:
            found[id].append(entry)
    return {id: tuple(_events(translator, fields, by_id[id], found[id])) for id in by_id}


def _events(
    translator: Translator, fields: Mapping[str, str], ticket: Ticket, entries: Sequence[Mapping[str, Any]]
) -> Iterator[Event]:
    is_timed = not {"status", "waiting_for"}.isdisjoint(fields.values())
    wait = Wait(translator, ticket, entries) if is_timed else None
    authors = [translator.account(entry.get("author")) for entry in entries]  # all, since assignees are among them
    for author, entry in zip(authors, entries, strict=True):
        at = moment(entry.get("created"))
        customer = is_customer(entry.get("author"))
        for item in dicts(entry.get("items")):
            fact = fields.get(field_of(item))
            if fact is not None and fact != "waiting_for":
                yield translator.event(at, author, fact, item, ticket.facts.get(fact))._replace(customer=customer)
        if wait is not None and wait.goes_on(entry):
            yield Event(at, author, "waiting_for", wait.now, customer)


class Wait:
    """What an issue waited for, change by change: its field, and while that is empty what its status says.

    A field of which the history tells nothing never changed: it holds what the ticket waits for now, unless that is
    the status's doing.
    """

    def __init__(self, translator: Translator, ticket: Ticket, entries: Iterable[Mapping[str, Any]]) -> None:
        self._translator = translator
        field = translator.fields.get("waiting_for")
        self._field = field.id if field is not None else ""
        items = [item for entry in entries for item in dicts(entry.get("items"))]
        statuses = [item for item in items if field_of(item) == "status"]
        reasons = [item for item in items if field_of(item) == self._field]
        self._status = self._name(statuses[0], "from") if statuses else ""
        last = translator.waiting_for(self._name(statuses[-1], "to"), None) if statuses else None
        now = ticket.facts.get("waiting_for")
        self._reason = str(reasons[0].get("fromString") or "") if reasons else "" if now == last else str(now or "")
        self.now = translator.waiting_for(self._status, self._reason)

    def _name(self, item: Mapping[str, Any], which: str) -> str:
        return self._translator.status_name(str(item.get(which) or ""), str(item.get(f"{which}String") or ""))

    def goes_on(self, entry: Mapping[str, Any]) -> bool:
        """Take a change in, and tell whether the ticket waits for something else by it."""
        before = self.now
        for item in dicts(entry.get("items")):
            if field_of(item) == "status":
                self._status = self._name(item, "to")
            elif field_of(item) == self._field:
                self._reason = str(item.get("toString") or "")
        self.now = self._translator.waiting_for(self._status, self._reason)
        return self.now != before


def field_of(item: Mapping[str, Any]) -> str:
    """Return the id of the field that an item of the history is about."""
    return str(item.get("fieldId") or item.get("field"))


def _bulk(client: Client, ids: Sequence[str], fields: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield (issue id, entry) on Cloud. Changelogs in its searches stop at 40 entries."""
    body: dict[str, Any] = {"issueIdsOrKeys": list(ids[:PER_REQUEST]), "maxResults": ENTRIES}
    if len(fields) <= FIELDS:
        body["fieldIds"] = list(fields)
    used: set[str] = set()
    while True:
        answer = client.ask("changelog/bulkfetch", body)
        if not isinstance(answer, dict):
            raise TryLater("Jira answered a question about changes oddly")
        for log in dicts(answer.get("issueChangeLogs")):
            yield from ((str(log.get("issueId")), entry) for entry in dicts(log.get("changeHistories")))
        token = str(answer.get("nextPageToken") or "")
        if not token:
            return
        if token in used:
            raise TryLater("Jira named the same next page of changes twice")
        used.add(token)
        body["nextPageToken"] = token


def _expanded(client: Client, ids: Sequence[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the same on Data Center, whose searches carry whole changelogs."""
    try:
        found = client.search(jql.ids(ids), ("updated",), len(ids), expand="changelog")
    except Refused:  # a search that names an issue which we may not see finds none
        half = len(ids) // 2
        for some in (ids[:half], ids[half:]) if half else ():
            yield from _expanded(client, some)
        return
    for issue in found.issues:
        if not isinstance(log := issue.get("changelog"), dict):
            raise NotVisible("the changelog is not shown to our account")
        yield from ((str(issue["id"]), entry) for entry in dicts(log.get("histories")))
