"""Who changed what on Jira: the changelogs of a page's issues, in one request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from connectors.base import NotVisible, Refused, TryLater
from connectors.jira_service_management import jql
from connectors.jira_service_management.client import Client, dicts
from connectors.jira_service_management.replay import field_of, replays
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
        if not client.cloud:
            _learn_people(client, translator, fields, [entry for _, entry in entries])
    except (Refused, NotVisible):
        return None
    found: dict[str, list[Mapping[str, Any]]] = {id: [] for id in by_id}
    for id, entry in entries:
        if id in found:
            found[id].append(entry)
    return {id: tuple(_events(translator, fields, by_id[id], found[id])) for id in by_id}


def _learn_people(
    client: Client, translator: Translator, fields: Mapping[str, str], entries: Sequence[Mapping[str, Any]]
) -> None:
    """Look up whom the history of Data Center knows by a key alone, each once: all else knows them by their name."""
    for entry in entries:
        translator.account(entry.get("author"))
    items = (item for entry in entries for item in dicts(entry.get("items")))
    keys = {str(item.get("to") or "") for item in items if fields.get(field_of(item)) == "assignee"}
    for key in sorted(keys - translator.names.keys() - {""}):
        with suppress(NotVisible, Refused):
            translator.account(client.get("user", key=key))
        translator.names.setdefault(key, key)  # who is gone, or hidden from us, is not asked for again


def _events(
    translator: Translator, fields: Mapping[str, str], ticket: Ticket, entries: Sequence[Mapping[str, Any]]
) -> Iterator[Event]:
    changes = [dicts(entry.get("items")) for entry in entries]
    replayed = replays(translator, fields, ticket, changes)
    authors = [translator.account(entry.get("author")) for entry in entries]  # all, since assignees are among them
    for author, entry, items in zip(authors, entries, changes, strict=True):
        at, customer = moment(entry.get("created")), is_customer(entry.get("author"))
        for item in items:
            fact = fields.get(field_of(item))
            if fact is not None and fact not in replayed:
                yield translator.event(at, author, fact, item, ticket.facts.get(fact))._replace(customer=customer)
        for fact, replay in replayed.items():
            if replay.goes_on(items):
                yield Event(at, author, fact, replay.now, customer)


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
