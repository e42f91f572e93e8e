"""What ServiceNow remembers of a ticket: who changed what (audit), and what was said (journal)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from connectors.base import NotVisible, Refused, text_digest
from connectors.servicenow.query import both, equals, within
from connectors.servicenow.schema import optional
from connectors.servicenow.tables import SYS_ID, Record, Tables, portions, raw, shown
from connectors.servicenow.tickets import Translator
from rules.model import Event, Ticket
from rules.rulebook import Words

PER_REQUEST: Final = 200  # ids in one query, a whole page: 7 kB of address, and proxies often stop at 8
AUDIT_LIMIT: Final = 10_000
AUDIT: Final = ("documentkey", "fieldname", "newvalue", "user", "sys_created_on")
HEADER: Final = re.compile(r"^.+ - .+ \([^()\n]+\)[ \t]*$", re.MULTILINE)
"""How an entry begins in the journal as shown: "2026-11-02 09:00:00 - Ida Moe (Work notes)"."""


def history(
    tables: Tables, words: Words, translator: Translator, tickets: Sequence[Ticket], proven: bool
) -> dict[str, tuple[Event, ...]] | None:
    """Return the changes of the facts that rules may write, oldest first, by ticket id; None: not readable.

    Without a read right of its own the audit answers "no rows": unless the right is `proven` by rows seen before,
    that is told apart by tickets that have changed.
    """
    fields = translator.audited(words.audited)
    found: dict[str, list[Event]] = {ticket.id: [] for ticket in tickets}
    try:
        seen = False
        for record in _audit(tables, sorted(set(fields.values())), [key for key in found if SYS_ID.fullmatch(key)]):
            seen = True
            found[raw(record, "documentkey")] += translator.events(record, fields)
    except (Refused, NotVisible, KeyError, ValueError):  # a row that says neither which ticket nor when tells nothing
        return None
    if not seen and not proven and any(ticket.version for ticket in tickets) and not _readable(tables, words):
        return None
    return {key: tuple(events) for key, events in found.items()}


def _audit(tables: Tables, fields: Sequence[str], ids: Sequence[str]) -> Iterator[Record]:
    for some in portions(ids, PER_REQUEST):
        wanted = both(within("documentkey", some), within("fieldname", fields))
        query = both(wanted, "ORDERBYsys_created_on", "ORDERBYsys_id")
        offset, more = 0, True
        while more:
            rows = tables.read("sys_audit", query, AUDIT, AUDIT_LIMIT, offset)
            yield from rows.records
            offset, more = offset + AUDIT_LIMIT, rows.more


def _readable(tables: Tables, words: Words) -> bool:
    """Tell whether any row about this table is visible; a table without a single change proves nothing."""
    return bool(tables.read("sys_audit", equals("tablename", [words.table]), ("documentkey",), 1).records)


def spoken(tables: Tables, words: Words, ticket: Ticket, account: str) -> frozenset[str]:
    """Return the digests of the comments and work notes that this account wrote on a ticket.

    Where journal rows are not readable (no error: no rows), the journal as the record shows it is cut into entries;
    it gives display names only, so entries of everybody count: an equal text of another author is taken for ours.
    """
    query = both(equals("element_id", [ticket.id]), within("element", ("comments", "work_notes")))
    rows = optional(tables, "sys_journal_field", query, ("sys_created_by", "value"))
    if rows:
        return frozenset(text_digest(raw(row, "value")) for row in rows if raw(row, "sys_created_by") == account)
    records = tables.read(words.table, equals("sys_id", [ticket.id]), ("comments", "work_notes"), 1).records
    texts = (shown(record, field) for record in records for field in ("comments", "work_notes"))
    return frozenset(text_digest(entry) for text in texts for entry in HEADER.split(text) if entry.strip())
