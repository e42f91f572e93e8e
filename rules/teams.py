"""Checks of teams: that somebody is on duty and on call wherever the workspace says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from rules.checks import listed
from rules.forms import DURATION, duration
from rules.holders import LEAST_LOADED, ON_CALL
from rules.problems import Report, did_you_mean
from rules.tree import Node
from rules.vocabulary import PEOPLE

ADDED: Final = {
    "each": "add each: 1w, or another time after which it is the next one's turn",
    "from": "add from: 2026-11-02T08:00, when the first one's turn begins",
}
"""What a rotation needs, and what to add."""

WAYS: Final = ("rotation", "ical", "source")
BELONGS: Final = {"schedule": "source", "each": "rotation", "from": "rotation", "proxy": "ical", "ca_file": "ical"}
"""What stands beside which of them."""

LOOPBACK: Final = ("http://127.0.0.1", "http://localhost", "http://[::1]")

SHORTEST: Final = timedelta(minutes=15)
"""The shortest turn: nobody relieves anybody by the minute, and a week of such turns is no table."""


def check_teams(root: Node, report: Report) -> None:
    """Report teams of which nobody can ever be on duty or on call."""
    teams = root.under("teams")
    _check_assignments(root, report)
    for key, team in teams.items():
        for regions in team.each("follow_the_sun"):
            _check_regions(key, regions, teams, report)
        for terms in team.each("hand_over"):
            _check_hand_over(key, team, terms, root, report)
        for on_call in team.each("on_call"):
            _check_on_call(key, on_call, root, report)
            for swap in on_call.each("swaps.*"):
                _check_order(swap, "swap", report, may_be_equal=False)
        for absence in team.each("absences.*"):
            _check_order(absence, "absence", report, may_be_equal=True)


def _check_assignments(root: Node, report: Report) -> None:
    """Report what gives tickets to nobody: an unknown person, a team without anybody on call, no one at all."""
    for path in ("routes.*", "ladders.*.steps.*", "anytime.*"):
        for rule in root.each(path):
            for assign in rule.each("assign"):
                _check_assign(rule, assign, root, report)


def _check_assign(rule: Node, assign: Node, root: Node, report: Report) -> None:
    person, team = (assign.entries.get(key) for key in ("person", "team"))
    if team is None and (person is None or ("after" not in rule.entries and "level" not in rule.entries)):
        report(assign.key, "'assign' names no team", "add team: with one of teams:, or service.team")
    if "assign" in rule.entries and "level" not in rule.entries:
        for swarm in (one for one in assign.each("swarm") if one.value is True):
            report(swarm.key, "a route gives a ticket to a team, which is a swarm anyway", "remove swarm:")
    if person is None:
        return
    known = (ON_CALL, LEAST_LOADED, "assignee.manager", *(f"service.{role}" for role in PEOPLE), *root.under("people"))
    if person.text not in known:
        report(person.place, f"'{person.raw}' is nobody under people:", did_you_mean(person.raw, known))
    elif any(one.value is True for one in assign.each("swarm")):
        report(person.key, "a swarm is the whole team, and no person", "remove person:, or swarm:")
    elif person.text in (ON_CALL, LEAST_LOADED) and team is not None:
        _check_anybody(person, team, root, report)


def _check_anybody(person: Node, team: Node, root: Node, report: Report) -> None:
    """Report that a rule gives tickets to whoever is on call where nobody ever is.

    Of the services' teams one is enough: which tickets climb a ladder is its condition's to say.
    """
    named = [one.text for one in root.each("services.*.team")] if team.text == "service.team" else [team.text]
    entries = [entry for name in named for entry in root.each(f"teams.{name}")]
    if entries and not any(key in entry.entries for entry in entries for key in ("on_call", "follow_the_sun")):
        mend = "add on_call: to the team, such as {rotation: [ida, jonas], each: 1w, from: 2026-11-02T08:00}"
        report(person.place, f"nobody is ever on call for '{team.raw}'", mend)


def _check_regions(key: str, regions: Node, teams: dict[str, Node], report: Report) -> None:
    if regions.value == []:
        mend = "list the teams that take turns, such as [desk-oslo, desk-saigon]"
        report(regions.place, f"'{key}' follows the sun, and has no region", mend)
    for region in listed(regions):
        team = teams.get(region.text)
        if team is None:
            continue
        if "follow_the_sun" in team.entries:
            report(region.place, f"the region '{region.raw}' follows the sun itself", "list its regions instead of it")
        elif not any(team.each("calendar")):
            text = f"the region '{region.raw}' has no calendar, so that its turn never begins or ends"
            report(region.place, text, f"name one at the team '{region.raw}', such as calendar: oslo")


def _check_hand_over(key: str, team: Node, terms: Node, root: Node, report: Report) -> None:
    if "follow_the_sun" not in team.entries:
        mend = "put hand_over: at the team that lists its regions under follow_the_sun:"
        report(terms.key, f"'{key}' has no regions that could hand over", mend)
    known = [node.text for node in root.each("priorities.*.name")]
    for priority in (item for listing in terms.each("priority") for item in listed(listing)):
        if priority.text not in known:
            report(priority.place, f"'{priority.raw}' is no priority", did_you_mean(priority.raw, known))


def _check_on_call(key: str, on_call: Node, root: Node, report: Report) -> None:
    """Report a team of which nobody can be on call, or of which it stands in two places who is."""
    if not isinstance(on_call.value, dict):
        return
    places = [(way, on_call.entries[way].key) for way in WAYS if way in on_call.entries]
    if not places and "schedule" not in on_call.entries:
        mend = "say who: rotation: [ida, jonas] with each: and from:, ical:, or source: with schedule:"
        report(on_call.key, f"nobody is on call for '{key}'", mend)
    for way, place in places[1:]:
        report(place, f"who is on call for '{key}' stands in two places: {places[0][0]} and {way}", "keep one of them")
    for entry, owner in BELONGS.items():
        if entry in on_call.entries and owner not in on_call.entries and (places or entry == "schedule"):
            report(on_call.entries[entry].key, *_alone(entry, owner))
    _check_rotation(key, on_call, report)
    _check_source(on_call, root, report)


def _alone(entry: str, owner: str) -> tuple[str, str]:
    """Return what is wrong with an entry without the one that it belongs to, and what would be right."""
    if entry == "schedule":
        return "a schedule is looked up at a source", "add source: with the name of a ServiceNow connection"
    return f"'{entry}' belongs to {owner}:", f"remove it, or write {owner}:"


def _check_rotation(key: str, on_call: Node, report: Report) -> None:
    rotation = on_call.entries.get("rotation")
    if rotation is None:
        return
    if rotation.value == []:
        report(rotation.place, f"nobody is in the rotation of '{key}'", "name who takes turns, such as [ida, jonas]")
    for needed, mend in ADDED.items():
        if needed not in on_call.entries:
            report(rotation.key, f"the rotation of '{key}' lacks '{needed}'", mend)
    for each in on_call.each("each"):
        if DURATION.fullmatch(each.text) and duration(each.text) < SHORTEST:
            mend = "write how long a turn is, such as 1w; no turn is shorter than 15m"
            report(each.place, f"a turn of {each.text} is too short", mend)


def _check_source(on_call: Node, root: Node, report: Report) -> None:
    """Report a calendar whose address travels in the open, and a source that has no schedules."""
    for ical in on_call.each("ical"):
        if ical.text.startswith("http://") and not ical.text.startswith(LOOPBACK):
            mend = "begin it with https://"
            report(ical.place, "anybody on the way could change who is on call: the address begins with http", mend)
    for source in on_call.each("source"):
        if "schedule" not in on_call.entries:
            mend = "add schedule: with the name of a group, or of one of its shifts"
            report(source.key, f"it is not said which schedule of '{source.raw}' it is", mend)
        known = root.under("connections")
        mine = {name: one for name, one in known.items() if _platform(one) == "servicenow"}
        if source.text and source.text not in known:
            mend = did_you_mean(source.raw, mine or known, "name a ServiceNow connection")
            report(source.place, f"'{source.raw}' is not under connections:", mend)
        elif source.text and source.text not in mine:
            mend = "name a ServiceNow connection, or use ical: with the address of a calendar"
            report(source.place, f"schedules are read from ServiceNow, and '{source.raw}' is none", mend)


def _platform(connection: Node) -> str:
    return next((platform.text for platform in connection.each("platform")), "")


def _check_order(spell: Node, what: str, report: Report, may_be_equal: bool) -> None:
    """Report what ends before it begins; other forms are reported already."""
    try:
        start, end = (datetime.fromisoformat(spell.entries[key].text) for key in ("from", "to"))
        backwards = end < start or (end == start and not may_be_equal)
    except (KeyError, ValueError, TypeError):
        return
    if backwards:
        mend = "to: is the last day" if may_be_equal else "to: is later than from:"
        report(spell.entries["to"].place, f"the {what} ends before it begins", mend)
