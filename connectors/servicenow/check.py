"""`check --online` for ServiceNow: what is wrong between the workspace and the instance, all at once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from connectors.base import ConnectorError, Finding, NotVisible, Refused, Weight
from connectors.servicenow.check_clocks import answers, own_clocks
from connectors.servicenow.check_knowledge import articles
from connectors.servicenow.discover import choices, not_offered, priorities
from connectors.servicenow.journal import COMPARED, WORDS, shows_journal
from connectors.servicenow.people import users
from connectors.servicenow.query import both, equals, is_plain
from connectors.servicenow.schema import Schema, first_record, mapped, optional
from connectors.servicenow.tables import NAMES_PER_REQUEST, Record, Tables, portions, raw
from connectors.servicenow.tickets import OWN, Column
from connectors.web.odd import followed
from rules.rulebook import Connection, Rulebook, Words
from rules.words import folded

if TYPE_CHECKING:
    from connectors.servicenow.connector import ServiceNow

NOBODY: Final = "0" * 32  # a sys_id that no record has
ENOUGH: Final = 3  # pairs of impact and urgency; fewer say nothing about how a priority comes about
MARK_LENGTH: Final = 40  # characters: room for four marks, the fewest that one busy cycle can leave

warning = partial(Finding, "warning")
problem = partial(Finding, "problem")


def check(connector: ServiceNow, rulebook: Rulebook) -> list[Finding]:
    """Return every finding; after a refused password there is nothing else to find."""
    found: list[Finding] = []
    try:
        with followed(connector.name):
            connector.prove_account()
            found += users(connector.tables, connector.connection, connector.account)[1].findings
            found.extend(_all(connector.tables, connector.connection, rulebook))
    except ConnectorError as error:
        found.append(problem(str(error)))
    return found


def _all(tables: Tables, connection: Connection, rulebook: Rulebook) -> Iterator[Finding]:
    schema = Schema(tables, connection.kinds.values())
    if not schema.dictionary:
        text = "sys_dictionary is not readable: misspelt fields and the length of the mark are not noticed"
        yield warning(text, "give our account read access to sys_dictionary and sys_db_object")
    for words in connection.kinds.values():
        yield from _table(tables, connection, words, schema)
    yield from _names(tables, connection, rulebook)
    yield from _people(tables, connection, rulebook)
    yield from own_clocks(tables, connection)
    yield from answers(tables, connection, rulebook)
    yield from articles(tables, connection)
    yield from _invalid_query(tables)


def _table(tables: Tables, connection: Connection, words: Words, schema: Schema) -> Iterator[Finding]:
    try:
        record = first_record(tables, words, connection.scope, ("sys_id", "sys_updated_on"))
    except ConnectorError as error:
        yield problem(str(error))
        return
    columns = schema.columns(words, record if not schema.dictionary else None)
    yield from _fields(words, schema, columns)
    yield from _mark(words, columns)
    yield from _writing(tables, words, record)
    yield from _scope(tables, connection, words)
    yield from _ranges(tables, connection, words, visible=record is not None)
    yield from _choices(tables, words, schema)
    yield from _priority(tables, words)
    if record is not None:
        yield from _times(tables, connection, words)
        yield from _rights(tables, connection, words)


def _fields(words: Words, schema: Schema, columns: Mapping[str, Column]) -> Iterator[Finding]:
    unknown = schema.unknown(words)
    for field in unknown:
        yield problem(f"no table has the field {field}", f"correct the fields of {words.kind} in words")
    for field in sorted(mapped(words) - columns.keys() - set(unknown)):
        yield Finding("note", f"{words.table} has no field {field}: it is always empty for a {words.kind}")


def _mark(words: Words, columns: Mapping[str, Column]) -> Iterator[Finding]:
    source = words.fields.get("mark")
    column = columns.get(source.field) if source is not None else None
    if column is None:
        text = (
            f"{words.table} has no field for marks: after a broken connection our texts are looked for in the journal"
        )
        yield warning(text, "add a text field of 100 characters and name it in words: fields: mark")
    elif 0 < column.length < MARK_LENGTH:
        yield Finding(
            "warning", f"the mark field of {words.table} holds only {column.length} characters", "widen it to 100"
        )


def _writing(tables: Tables, words: Words, record: Record | None) -> Iterator[Finding]:
    """Try a change that changes nothing, which the platform checks for rights and then does not do."""
    try:
        tables.change(words.table, raw(record, "sys_id") if record is not None else NOBODY, {}, ("sys_id",))
    except NotVisible:
        return
    except Refused as error:
        yield Finding(
            "problem", f"{error}", f"give our account the role to write {words.table}, such as sn_incident_write"
        )


def _scope(tables: Tables, connection: Connection, words: Words) -> Iterator[Finding]:
    """A part of a query that the platform does not understand is ignored: then the scope lets everything through."""
    if not connection.scope:
        return
    everything = tables.read(words.table, "", ("sys_id",), 1).total
    for part in re.split(r"\^(?:OR)?", connection.scope):
        let_through = tables.read(words.table, part, ("sys_id",), 1).total
        if let_through == everything:
            text = (
                f"scope: {part} lets all {everything} rows of {words.table} through: ServiceNow may not understand it"
            )
            yield warning(text, "look at the field names; the platform ignores what it does not know")
        elif not let_through:
            yield warning(f"scope: {part} lets no row of {words.table} through")


def _ranges(tables: Tables, connection: Connection, words: Words, visible: bool) -> Iterator[Finding]:
    query = both(connection.scope, "sys_updated_on>1970-01-01 00:00:00")
    if visible and not optional(tables, words.table, query, ("sys_id",), 1):
        text = f"access rules do not let us ask {words.table} for a range of times: each reading costs more"
        yield warning(text, "allow our account query_range on sys_updated_on")


def _times(tables: Tables, connection: Connection, words: Words) -> Iterator[Finding]:
    """A ticket without a readable time of its creation counts as older than `since`."""
    query = both(connection.scope, "sys_created_onISEMPTY")
    if rows := [row for row in optional(tables, words.table, query, OWN, 1) if not raw(row, "sys_created_on")]:
        text = f"{raw(rows[0], 'number')}, for one, has no sys_created_on: such tickets are never changed"
        yield warning(text, f"see how they came into {words.table}")


def _rights(tables: Tables, connection: Connection, words: Words) -> Iterator[Finding]:
    """Nothing was ever audited on a table where nothing was ever changed, and nothing said where nobody spoke."""
    if not _visible(tables, "sys_audit", "tablename", words):
        changed = optional(tables, words.table, both(connection.scope, "sys_mod_count!=0"), OWN, 1)
        if any(raw(row, "sys_mod_count") not in ("", "0") for row in changed):
            loss = "whose a change was is not known, so that more of them count as a person's"
            loss += ", and clocks know of changes to one poll interval only" if words.timed else ""
            yield warning(f"no rows of sys_audit about {words.table} are visible: {loss}", "let us read sys_audit")
    if not _visible(tables, "sys_journal_field", "name", words):
        loss = "without them, texts are compared with the journal as the record shows it, which is weaker"
        loss += ", and acknowledging a ticket counts as the answer" if words.timed else ""
        text = f"no rows of sys_journal_field about {words.table} are visible yet: {loss}"
        weight: Weight = "warning" if words.timed and _has_journal(tables, connection, words) else "note"
        yield Finding(weight, text, "if tickets have comments or work notes, let us read sys_journal_field")


def _has_journal(tables: Tables, connection: Connection, words: Words) -> bool:
    """Tell whether tickets that changed last show comments or work notes."""
    query = both(connection.scope, "sys_mod_count!=0", "ORDERBYDESCsys_updated_on")
    return shows_journal(optional(tables, words.table, query, WORDS, COMPARED))


def _visible(tables: Tables, table: str, field: str, words: Words) -> bool:
    return bool(optional(tables, table, equals(field, [words.table]), ("sys_id",), 1))


def _choices(tables: Tables, words: Words, schema: Schema) -> Iterator[Finding]:
    """What is written must be a choice, or we do not start; what is read should be, and each choice have a word."""
    fields = {fact: words.fields[fact].field for fact in words.values if fact in words.fields}
    known = choices(tables, schema.lineage(words), fields.values())
    refused = not_offered(words, known)
    for fact, field in fields.items():
        offered = known.get(field)
        if not offered:
            continue
        names = {folded(name): value for value, label in offered.items() for name in (label, value)}
        theirs = [value for values in words.values[fact].values() for value in values]
        for value in theirs:
            text = f"{words.table}.{field} has no choice {value!r} for {fact}"
            if value in refused.get(fact, ()):
                yield problem(text, f"correct the values of {fact} in words")
            elif folded(value) not in names:
                yield warning(text, "correct it in words")
        used = {names.get(folded(value)) for value in theirs}
        for value in (value for value in offered if value not in used):
            text = f"{words.table}.{field}: {value} ({offered[value]}) has no word: rules do not know it as {_a(fact)}"
            yield warning(text, f"add it to the values of {fact} in words")


def _a(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def _priority(tables: Tables, words: Words) -> Iterator[Finding]:
    pairs = priorities(tables, words.table) if words.set_priority_by == ("priority",) else {}
    if len(pairs) >= ENOUGH and all(len(found) == 1 for found in pairs.values()):
        text = f"on the last tickets of {words.table} the priority follows from impact and urgency: it seems computed"
        yield warning(text, "set_priority_by: [urgency, impact]")


def _names(tables: Tables, connection: Connection, rulebook: Rulebook) -> Iterator[Finding]:
    groups = {team.groups[connection.name] for team in rulebook.teams.values() if connection.name in team.groups}
    for name, count in _count(tables, "sys_user_group", "name", groups).items():
        if count != 1:
            text = f"{count or 'no'} active groups are called {name!r}: nothing can be assigned to it"
            yield problem(text, "correct groups in teams")
    if any("service" in words.fields for words in connection.kinds.values()):
        services = {service.name for service in rulebook.services.values()}
        for name, count in _count(tables, "cmdb_ci_service", "name", services).items():
            if count != 1:
                text = f"{count or 'no'} services are called {name!r}: it can be read nowhere and not written"
                yield warning(text, "correct the name in services")


def _people(tables: Tables, connection: Connection, rulebook: Rulebook) -> Iterator[Finding]:
    """Suppliers often have no account, so that a miss of whom no rule writes to is a warning only."""
    others = [one for key, one in rulebook.people.items() if key not in connection.people]
    staff = [one for one in others if connection.name not in one.accounts]
    found = _count(tables, "sys_user", "email", {one.email for one in staff})
    named = _count(tables, "sys_user", "user_name", {a for one in others if (a := one.accounts.get(connection.name))})
    for text, count in (found | named).items():
        if count != 1:
            yield Finding(
                "warning", f"{count or 'no'} active accounts belong to {text}", "name one under accounts in people"
            )


def _count(tables: Tables, table: str, field: str, values: Iterable[str]) -> dict[str, int]:
    """Return how many active records have each value."""
    wanted = sorted(filter(is_plain, values))
    counts = dict.fromkeys(values, 0)
    for some in portions(wanted, NAMES_PER_REQUEST):
        rows = optional(tables, table, equals(field, some), (field, "active"))
        seen = [folded(raw(row, field)) for row in rows if raw(row, "active") != "false"]
        counts |= {value: seen.count(folded(value)) for value in some}
    return counts


def _invalid_query(tables: Tables) -> Iterator[Finding]:
    name = "glide.invalid_query.returns_no_rows"
    rows = optional(tables, "sys_properties", equals("name", [name]), ("value",), 1)
    if not rows or raw(rows[0], "value") != "true":
        yield Finding("note", f"{name} is not known to be true: a misspelt scope lets everything through")
