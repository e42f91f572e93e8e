"""Checks of a whole workspace: that every name leads somewhere, and that its parts fit each other."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Final

from rules.problems import Report, did_you_mean
from rules.tree import Node
from rules.vocabulary import PEOPLE, PERSONAL, STATUSES, Vocabulary, sections

REFERENCES: Final = (
    ("calendar", "calendars"),
    ("services.*.calendar", "calendars"),
    ("teams.*.calendar", "calendars"),
    ("priorities.*.calendar", "calendars"),
    ("services.*.team", "teams"),
    ("teams.*.follow_the_sun", "teams"),
    ("routes.*.assign.team", "teams"),
    ("ladders.*.steps.*.assign.team", "teams"),
    ("anytime.*.assign.team", "teams"),
    *((f"services.*.{role}", "people") for role in PEOPLE),
    ("teams.*.on_call.rotation", "people"),
    ("teams.*.on_call.swaps.*.person", "people"),
    ("teams.*.absences.*.person", "people"),
    ("ladders.*.steps.*.watch", "people"),
    ("anytime.*.watch", "people"),
    *((f"{steps}.approve.{key}", "people") for steps in ("ladders.*.steps.*", "anytime.*") for key in ("by", "else")),
)
"""Where a name of a section stands: (path, section)."""

CONNECTED: Final = ("words", "hold", "teams.*.groups", "people.*.accounts", "clocks.*")
"""Mappings whose keys are connections."""

READERS: Final = ("requester", "affected", "participants", "assignee", "team", "on_call", "next_on_call")
RESERVED: Final = frozenset({*READERS, "people", "comment", "note"})
"""Names that stand for somebody or something already."""

RULES: Final = ("classify", "adjust", "routes", "ladders", "communications")
PATHS: Final = {
    "teams": ("service.team",),
    "people": (*(f"service.{role}" for role in PEOPLE), "assignee.manager"),
}
BOLDNESS: Final = ("observe", "advise", "apply")
DOORS: Final = frozenset({"comment", "note", "mail"})


def check(root: Node, words: Vocabulary, lost: frozenset[str], report: Report) -> None:
    """Report everything in a workspace that leads nowhere or does not fit. Parts of a wrong form are passed over."""
    for path, section in REFERENCES:
        if section not in lost:
            _check_references(root, path, section, report)
    if "connections" not in lost:
        for path in CONNECTED:
            _check_keys(root, path, "connections", report)
    if not lost & {"teams", "people", "channels"}:
        _check_readers(root, report)
    _check_names(root, report)
    _check_service_names(root, report)
    for section in RULES:
        _check_rule_names(root, section, report)
    if not words.lost:
        _check_scales(root, report)
        _check_words(root, words, report)
    _check_hidden(root, report)
    _check_modes(root, report)
    _check_last_route(root, report)


def listed(node: Node) -> list[Node]:
    """Return the items of a list; anything else stands for itself."""
    return node.items if isinstance(node.value, list) else [node]


def _check_references(root: Node, path: str, section: str, report: Report) -> None:
    known = root.under(section)
    for node in root.each(path):
        for item in listed(node):
            if item.text and item.text not in known and item.text not in PATHS.get(section, ()):
                mend = did_you_mean(item.raw, known, f"add it under {section}:")
                report(item.place, f"'{item.raw}' is not under {section}:", mend)


def _check_keys(root: Node, path: str, section: str, report: Report) -> None:
    known = root.under(section)
    for node in root.each(path):
        for key, entry in node.entries.items():
            if key not in known:
                mend = did_you_mean(key, known, f"add it under {section}:")
                report(entry.key, f"'{key}' is not under {section}:", mend)


def _check_readers(root: Node, report: Report) -> None:
    known = set(READERS) | {f"service.{role}" for role in (*PEOPLE, "team")}
    known |= {name for section in ("teams", "people", "channels") for name in root.under(section)}
    for node in root.each("communications.*.to"):
        for item in listed(node):
            if item.text and item.text not in known:
                report(item.place, f"nobody is called '{item.raw}'", did_you_mean(item.raw, known))
    doors = DOORS | set(root.under("channels"))
    for node in (item for path in ("doors.*", "people.*.doors") for entry in root.each(path) for item in listed(entry)):
        if node.text and node.text not in doors:
            report(node.place, f"there is no door '{node.raw}'", did_you_mean(node.raw, doors))


def _check_hidden(root: Node, report: Report) -> None:
    for node in (item for entry in root.each("privacy.hide_from_suppliers") for item in listed(entry)):
        if node.text and node.text not in PERSONAL:
            mend = did_you_mean(node.raw, PERSONAL, f"there are {', '.join(PERSONAL)}")
            report(node.place, f"nothing of the kind '{node.raw}' can be hidden", mend)


def _check_names(root: Node, report: Report) -> None:
    """Teams, people and channels are named in the same places, so that each name may stand for one of them only."""
    first: dict[str, Node] = {}
    for section in ("teams", "people", "channels"):
        for name, node in root.under(section).items():
            if name in RESERVED:
                report(node.key, f"'{name}' is a reserved name", f"choose another one under {section}:")
            other = first.setdefault(_folded(name), node)
            if other is not node:
                report(node.key, f"'{name}' is the name of something else: {other.key.short}", "choose another name")


def _check_service_names(root: Node, report: Report) -> None:
    """Two services of one display name could not be told apart on the platform."""
    first: dict[str, Node] = {}
    for node in root.each("services.*.name"):
        other = first.setdefault(_folded(node.raw), node)
        if other is not node:
            report(node.place, f"another service has the name '{node.raw}': {other.place.short}", "choose another name")


def _check_rule_names(root: Node, section: str, report: Report) -> None:
    first: dict[str, Node] = {}
    for node in root.each(f"{section}.*.name"):
        other = first.setdefault(_folded(node.raw), node)
        if other is not node:
            text = f"another rule of {section}: has the name '{node.raw}': {other.place.short}"
            report(node.place, text, "choose another name: journals and notes name rules")


def _check_scales(root: Node, report: Report) -> None:
    scales = root.entries.get("scales")
    if scales is None:
        return
    for needed in ("impact", "urgency"):
        if needed not in scales.entries:
            report(scales.key, f"'scales' lacks '{needed}'", "add it, with the highest level first")
    if "priority" in scales.entries:
        report(scales.entries["priority"].key, "'priority' is no scale of its own", "priorities: is its scale")
    _check_twice((node for node in root.each("priorities.*.name")), report)
    for scale in scales.entries.values():
        _check_twice(scale.items, report)
    if {"impact", "urgency"} <= set(scales.entries) and "matrix" in root.entries:
        _check_matrix(root, [n.text for n in scales.entries["impact"].items], report)


def _check_twice(levels: Iterable[Node], report: Report) -> None:
    seen: set[str] = set()
    for node in levels:
        if _folded(node.raw) in seen:
            report(node.place, f"the level '{node.raw}' is there already", "remove one of them")
        seen.add(_folded(node.raw))


def _check_matrix(root: Node, impacts: list[str], report: Report) -> None:
    matrix, urgencies = root.entries["matrix"], [node.raw for node in root.each("scales.urgency.*")]
    priorities = [node.text for node in root.each("priorities.*.name")]
    for impact in impacts:
        if impact not in matrix.entries:
            report(matrix.key, f"'matrix' lacks a row for impact {impact}", f"add '{impact}: [ … ]'")
    for impact, row in matrix.entries.items():
        if impact not in impacts:
            report(row.key, f"'{impact}' is no impact", did_you_mean(impact, impacts))
        elif len(row.items) != len(urgencies):
            text = f"the row has {len(row.items)} priorities, and there are {len(urgencies)} urgencies"
            report(row.place, text, f"one for each of {', '.join(urgencies)}")
        for cell in row.items:
            if cell.raw not in priorities:
                report(cell.place, f"'{cell.raw}' is no priority", did_you_mean(cell.raw, priorities))


def _check_words(root: Node, words: Vocabulary, report: Report) -> None:
    for connection in root.each("words.*"):
        for section in sections(connection):
            for fact, values in section.under("values").items():
                if fact not in words.facts:
                    report(values.key, f"'{fact}' has values here, and no field", did_you_mean(fact, words.facts))
                _check_levels(fact, values, words, report)
            for fact, node in section.under("fields").items():
                if fact in ("any", "all", "not"):
                    report(node.key, f"'{fact}' combines conditions and cannot be a fact", "choose another name")
            _check_not_chosen(connection, section, report)
            _check_priority_by(section, report)


def _check_levels(fact: str, values: Node, words: Vocabulary, report: Report) -> None:
    known = STATUSES if fact == "status" else words.values(fact) if fact != "waiting_for" else None
    for level, node in values.entries.items():
        if known is not None and level not in known:
            report(node.key, f"'{level}' is no {fact}", did_you_mean(level, known))


def _check_not_chosen(connection: Node, section: Node, report: Report) -> None:
    for fact, node in section.under("not_chosen").items():
        maps = [
            values for part in (section, connection) for name, values in part.under("values").items() if name == fact
        ]
        theirs = {item.raw for values in maps[:1] for level in values.entries.values() for item in listed(level)}
        if maps and node.raw not in theirs:
            report(node.place, f"'{node.raw}' is none of the values of '{fact}' above", did_you_mean(node.raw, theirs))


def _check_priority_by(section: Node, report: Report) -> None:
    for by in section.each("set_priority_by"):
        named = {item.text for item in by.items}
        if len(named) > 1 and not named <= {"impact", "urgency"}:
            mend = "[priority], [urgency, impact], [urgency], [impact] or [note]"
            report(by.place, "priority is set by one way only", mend)


def _check_modes(root: Node, report: Report) -> None:
    """A connection or a rule may be more careful than the desk, never bolder."""
    desk = next((node.text for node in root.each("mode")), "apply")
    paths = ("connections.*.mode", *(f"{section}.*.mode" for section in RULES))
    for node in (node for path in paths for node in root.each(path)):
        if node.text in BOLDNESS and desk in BOLDNESS and BOLDNESS.index(node.text) > BOLDNESS.index(desk):
            report.warn(node.place, f"'{node.text}' is bolder than the desk's mode, which wins: {desk}")


def _check_last_route(root: Node, report: Report) -> None:
    """The first match wins, so that nothing comes after a route without a condition."""
    routes = root.entries["routes"].items if "routes" in root.entries else []
    always = next((place for place, route in enumerate(routes) if "when" not in route.entries), None)
    if always is None:
        if routes:
            mend = "add a last route without when:, so that every ticket has a team"
            report.warn(routes[-1].place, "advice: tickets that no route matches stay without a team", mend)
        return
    for route in routes[always + 1 :]:
        text = f"this route never matches: the one in {routes[always].place.short} always does"
        report.warn(route.place, text, "move the route without when: to the end")


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
