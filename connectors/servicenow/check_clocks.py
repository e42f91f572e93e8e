"""The part of `check --online` for ServiceNow that is about its own clocks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from connectors.base import Finding
from connectors.servicenow.query import both, equals, is_plain
from connectors.servicenow.schema import optional
from connectors.servicenow.tables import Tables, raw
from rules.rulebook import Connection, Rulebook
from rules.words import folded

warning = partial(Finding, "warning")


def own_clocks(tables: Tables, connection: Connection) -> Iterator[Finding]:
    """Say which clocks of ServiceNow's own that the workspace names are not there, or cannot be read."""
    if connection.slas and not optional(tables, "contract_sla", "", ("sys_id",), 1):
        text = f"no definitions of SLAs are visible: {', '.join(connection.slas)} are counted by us"
        yield warning(text, "let us read contract_sla and task_sla")
        return
    for clock, name in connection.slas.items():
        query = equals("name", [name]) if is_plain(name) else ""
        rows = [row for row in optional(tables, "contract_sla", query, ("name", "duration")) if query]
        if not any(folded(raw(row, "name")) == folded(name) for row in rows):
            text = f"no definition of an SLA is called {name!r}: {clock} is counted by us"
            yield warning(text, f"correct clocks: {clock}: {connection.name}")
        elif not any(raw(row, "duration") for row in rows):
            text = f"the definition {name!r} shows no duration: {clock} is counted by us"
            yield warning(text, "name a definition of a fixed duration, or let us read it")
        elif not optional(tables, "task_sla", equals("sla.name", [name]), ("sys_id",), 1):
            text = f"no row of task_sla has the definition {name!r} yet: until one has, {clock} is counted by us"
            yield Finding("note", text, "if tickets have it, let us read task_sla")


def answers(tables: Tables, connection: Connection, rulebook: Rulebook) -> Iterator[Finding]:
    """Whatever is said publicly to a requester may stop ServiceNow's clock for the response, ours included."""
    rules = (*rulebook.communications.rules, *rulebook.timed.rules)
    if not any("requester" in rule.to for rule in rules):
        return
    named = []
    for words in connection.kinds.values():
        query = both(equals("collection", [words.table]), "active=true", "stop_conditionLIKEcomments")
        rows = optional(tables, "contract_sla", query, ("name", "stop_condition"))
        named += [raw(row, "name") for row in rows if "comments" in raw(row, "stop_condition")]
    if named:
        text = f"a public comment of ours stops ServiceNow's own {', '.join(dict.fromkeys(named))}, as any comment does"
        yield warning(text, "have their stop condition look at who wrote it, or at the state")
