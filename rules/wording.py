"""A connection's words: the stock ones of its platform, overlaid with the desk's own, for each kind of ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import product
from typing import Final

from rules.model import Fact, Facts
from rules.past import FACTS
from rules.rulebook import Service, Source, Team, Words
from rules.schema import ConnectionForm, KindWords, WordsForm
from rules.tree import Node
from rules.vocabulary import KINDS

PER_FACT: Final = ("fields", "values", "not_chosen")
"""What is overlaid fact by fact; anything else is replaced whole."""

TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "servicenow": {"incident": "incident", "request": "sc_req_item"},
    "jira_service_management": {"incident": "[System] Incident", "request": "[System] Service request"},
}
"""What a connection reads that does not say: tables or issue types."""

Pair = tuple[str, str]
Matrix = Mapping[Pair, str]
Values = dict[str, dict[str, tuple[str, ...]]]


def overlaid(stock: Node, own: Node) -> Node:
    """Return a platform's stock words with a desk's own over them; the desk's win, fact by fact."""
    if not isinstance(own.value, dict):
        return own
    entries = dict(stock.entries)
    for key, node in own.entries.items():
        below = entries.get(key)
        if below is None or not isinstance(node.value, dict):
            entries[key] = node
        elif key in PER_FACT:
            entries[key] = replace(node, value={**below.entries, **node.entries})
        else:
            entries[key] = overlaid(below, node) if key in KINDS else node
    return replace(own, value=entries)


def kinds(form: ConnectionForm) -> Mapping[str, str]:
    """Return what the connection reads: our kind → their table or issue type."""
    return {str(kind): table for kind, table in form.kinds.items()} or TABLES[form.platform]


def words_of(
    kind: str,
    table: str,
    form: WordsForm,
    named: Values,
    scales: Mapping[str, tuple[str, ...]],
    matrix: Matrix,
    filled: frozenset[str],
) -> Words:
    """Return the words for one kind: those of the connection, and over them what the kind has of its own.

    `named` are the display names of teams and services, `filled` the facts that classify fills.
    """
    own: KindWords = getattr(form, kind)
    fields = {fact: _source(text) for fact, text in {**form.fields, **own.fields}.items()}
    values = {**named, **_values(form.values), **_values(own.values)}
    by = tuple(own.set_priority_by or form.set_priority_by) or ("note",)
    return Words(
        kind=kind,
        table=table,
        fields=fields,
        values=values,
        set_priority_by=by,
        not_chosen=_not_chosen({**form.not_chosen, **own.not_chosen}, values),
        reach=reach(matrix, scales, values, by),
        watched=_watched(fields, filled | {*by, *form.not_chosen, *own.not_chosen}),
    )


def timed(fields: Mapping[str, Source], also: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the facts that clocks are rebuilt from, and `also` these, as far as they have a field of their own."""
    told = {"major"}.intersection(also)  # a yes/no fact that a field's history may tell of all the same
    return tuple(sorted(f for f in (*FACTS, *also) if f in fields and (f in told or not fields[f].equals)))


def names(connection: str, teams: Iterable[Team], services: Iterable[Service]) -> Values:
    """Return what teams and services are called on a connection."""
    return {
        "team": {team.key: (team.groups[connection],) for team in teams if connection in team.groups},
        "service": {service.key: (service.name,) for service in services},
    }


def reach(
    matrix: Matrix, scales: Mapping[str, tuple[str, ...]], values: Values, by: tuple[str, ...]
) -> dict[tuple[str, str, str], Pair]:
    """Return how a platform that computes priority is brought to each: (impact, urgency, wanted) → pair to write.

    The reported pair where it gives the priority already. Else what `set_priority_by` names first changes, by the
    fewest steps of its scale, and what it names second only, again by the fewest steps, if the first alone cannot
    reach it. Levels without a counterpart on the platform are never written. Of equally near ones the higher is taken.
    """
    if not set(by) <= {"impact", "urgency"}:
        return {}
    impacts, urgencies = scales["impact"], scales["urgency"]
    writable = [pair for pair in product(impacts, urgencies) if _has(values, pair)]
    ranks = {pair: (impacts.index(pair[0]), urgencies.index(pair[1])) for pair in product(impacts, urgencies)}
    found = {}
    for reported, wanted in product(ranks, dict.fromkeys(matrix.values())):
        near = [pair for pair in writable if matrix[pair] == wanted and _may_go(reported, pair, by)]
        if near:
            found[*reported, wanted] = min(near, key=lambda pair: _distance(ranks[reported], ranks[pair], by[0]))
    return found


def _has(values: Values, pair: Pair) -> bool:
    return all(bool(values.get(fact, {}).get(level)) for fact, level in zip(("impact", "urgency"), pair, strict=True))


def _may_go(reported: Pair, pair: Pair, by: tuple[str, ...]) -> bool:
    """Tell whether only what may be changed differs."""
    changed = zip(("impact", "urgency"), reported, pair, strict=True)
    return all(before == after or fact in by for fact, before, after in changed)


def _distance(start: tuple[int, int], end: tuple[int, int], first: str) -> tuple[int, int, int, int]:
    """Return how far away a pair is: first the steps of what shall stay, then of what changes first, then its rank."""
    impact, urgency = abs(start[0] - end[0]), abs(start[1] - end[1])
    return (impact, urgency, *end) if first == "urgency" else (urgency, impact, *end)


def _source(text: str) -> Source:
    field, _, equals = text.partition("=")
    return Source(field.strip(), equals.strip())


def _values(form: Mapping[str, Mapping[str, list[str]]]) -> Values:
    return {fact: {ours: tuple(theirs) for ours, theirs in levels.items()} for fact, levels in form.items()}


def _not_chosen(theirs: Mapping[str, str], values: Values) -> Facts:
    """Return what the form fills in by itself, in our words."""
    found: dict[str, Fact] = {}
    for fact, text in theirs.items():
        found[fact] = next((ours for ours, known in values.get(fact, {}).items() if text in known), text)
    return found


def _watched(fields: Mapping[str, Source], written: frozenset[str]) -> tuple[str, ...]:
    """Return the facts that rules may write, or that a form fills in, and that have a field of their own here.

    A priority that the platform computes is nobody's choice.
    """
    return tuple(sorted(fact for fact in written | {"team"} if fact in fields and not fields[fact].equals))
