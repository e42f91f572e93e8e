"""Proposes a workspace: the texts of its files, from what an instance has or from an example."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from itertools import islice
from string import Template
from typing import Final, NamedTuple

from commands import levels
from commands.levels import Values
from commands.naming import distinct, key, keyed, listed, mapped, quoted, remark
from connectors.base import Discovered
from rules.language import chain, tag
from rules.rulebook import Rulebook
from rules.words import folded

CONNECTION: Final = "servicenow"
MARK: Final = "u_itsm_sync"
FILES: Final = (
    "desk.yaml",
    *(f"rules/{name}.yaml" for name in ("services", "priorities", "teams", "routes", "communications", "words")),
)
ROUTES: Final = """\
routes:
  - name: whose-service-it-is
    when: {{not: {{service.team: {{empty: true}}}}}}
    assign: {{team: service.team}}
  - name: desk-first
    assign: {{team: {desk}}}
"""
DESK_NAMES: Final = ("service desk", "help desk", "helpdesk", "servicedesk")
EXAMPLE: Final = Discovered(
    groups=("Service Desk", "E-mail", "Network"),
    services=("E-mail", "Network"),
    languages=("en", "nb", "vi"),
    choices={},
    fields=frozenset(),
    can_write_priority=False,
)
"""What a workspace is written from where no instance is asked."""


class Account(NamedTuple):
    """Where the tickets are and who we are there. The secret stands in the environment, under `variable`."""

    url: str
    auth: Mapping[str, str]
    variable: str
    since: str


class Stock(NamedTuple):
    """What is built in: fact → our word → ServiceNow's values, the titles of priorities, languages of messages."""

    values: Mapping[str, Values]
    titles: Mapping[str, str]
    languages: frozenset[str]


def propose(found: Discovered, account: Account, book: Rulebook) -> dict[str, str]:
    """Return file name → text of a workspace that `check` finds good. `book` is the default pack's."""
    stock = Stock(
        values=book.connections[CONNECTION].kinds["incident"].values,
        titles=book.titles,
        languages=frozenset().union(*book.messages.values()),
    )
    chosen = {fact: {v: label for v, label in one.items() if v.strip()} for fact, one in found.choices.items()}
    found = found._replace(choices=chosen)
    slots = _desk(found, account, stock) | _scales(found, stock) | _words(found, stock) | _organisation(found)
    texts = files("commands") / "new_desk"
    filled = {name: Template(texts.joinpath(name).read_text(encoding="utf-8")).substitute(slots) for name in FILES}
    return {name: f"{text.rstrip()}\n" for name, text in filled.items()}


def _desk(found: Discovered, account: Account, stock: Stock) -> dict[str, str]:
    """Return the desk's own entries. English is the last resort, since it is all that is sure to be understood."""
    served = {code: next((tag for tag in chain(code, "") if tag in stock.languages), "") for code in found.languages}
    used = list(dict.fromkeys(["en", *filter(None, served.values())]))
    missing = [code for code, language in served.items() if not language and tag(code)]
    more = f"# People also chose these, in which there are no messages: {remark(missing)}\n" if missing else ""
    auth = ", ".join(f"{name}: {quoted(text)}" for name, text in account.auth.items())
    return {
        "desk": "Service Desk",
        "languages": listed(used),
        "more_languages": more,
        "url": quoted(account.url),
        "auth": f"{{{auth}}}",
        "since": account.since,
    }


def _scales(found: Discovered, stock: Stock) -> dict[str, str]:
    impacts, urgencies = _levels(found, stock, "impact"), _levels(found, stock, "urgency")
    titles, _values = levels.priorities(found.choices.get("priority", {}), stock.values["priority"], stock.titles)
    names = list(titles)
    rows = levels.matrix(list(impacts), list(urgencies), names)
    wide = max(len(key(impact)) for impact in rows) + 1
    return {
        "priorities": "".join(f"  - {{name: {name}, title: {quoted(title)}}}\n" for name, title in titles.items()),
        "impact": listed(impacts),
        "urgency": listed(urgencies),
        "matrix": "".join(f"  {key(impact) + ':':{wide}} {listed(row)}\n" for impact, row in rows.items()),
        "second": names[min(1, len(names) - 1)],
        "third": names[min(2, len(names) - 1)],
        "broad": listed(islice(impacts, 2)),
    }


def _levels(found: Discovered, stock: Stock, fact: str) -> Values:
    return levels.levels(found.choices.get(fact, {}), stock.values[fact], "level")


def _words(found: Discovered, stock: Stock) -> dict[str, str]:
    """Return what the instance calls differently from a stock one."""
    by = ("priority",) if found.can_write_priority else ("urgency", "impact")
    why = "the priority itself may be written" if found.can_write_priority else "ServiceNow computes the priority"
    own, unknown = _own_values(found, stock)
    lines = [f"      {fact}: {mapped(values)}\n" for fact, values in own.items()]
    if unknown:
        lines.append(f"      # These states have no word of ours yet: {remark(unknown)}\n")
    return {
        "mark": _mark(found.fields),
        "values": "    values:\n" + "".join(lines) if own else "".join(lines),
        "priority_by": f"    set_priority_by: {listed(by)}   # {why}\n",
    }


def _own_values(found: Discovered, stock: Stock) -> tuple[dict[str, Values], list[str]]:
    """Return the values that differ from the stock ones, and the labels of states that nothing is known about."""
    own = {fact: _levels(found, stock, fact) for fact in ("impact", "urgency")}
    own["priority"] = levels.priorities(found.choices.get("priority", {}), stock.values["priority"], stock.titles)[1]
    own["status"], unknown = levels.statuses(found.choices.get("status", {}), stock.values["status"])
    own["waiting_for"] = levels.waiting_for(found.choices.get("waiting_for", {}), stock.values["waiting_for"])
    usual = {fact: {ours: v for ours, v in stock.values[fact].items() if v} for fact in own}
    return {fact: values for fact, values in own.items() if values and dict(values) != usual[fact]}, unknown


def _mark(fields: frozenset[str]) -> str:
    """Return where writes leave their marks, or how there can be such a place."""
    if MARK in fields:
        return f"    fields:\n      mark: {MARK}         # where each write leaves its mark\n"
    shared = "    # Or, if nothing else uses it: fields: {mark: correlation_id}\n"
    return (
        "    # Each write should leave a mark, so that nothing is said twice when a\n"
        f"    # connection breaks. Add a text field {MARK} (100 characters) to the\n"
        f"    # table Task, and write here: fields: {{mark: {MARK}}}\n"
    ) + (shared if not fields or "correlation_id" in fields else "")


def _organisation(found: Discovered) -> dict[str, str]:
    """Return teams, services and routes. A service belongs to the team of its name, where there is one."""
    groups, unclear = distinct(found.groups)
    teams = keyed(groups, "team")
    known, twice = distinct(found.services)
    services = keyed(known, "service")
    of = {folded(name): team for team, name in teams.items()}
    return {
        "teams": _teams(teams, unclear),
        "services": _services({one: (name, of.get(folded(name), "")) for one, name in services.items()}, twice),
        "classify": _classify(next(iter(services), "")),
        "routes": _routes(teams),
    }


def _left_out(names: list[str]) -> str:
    return f"# Left out, as they differ by case only or hold signs of a query: {remark(names)}\n" if names else ""


def _teams(teams: Mapping[str, str], unclear: list[str]) -> str:
    left = _left_out(unclear)
    if not teams:
        return (
            f"{left}# No assignment group could be read: does the account have read access to them?\n"
            f"# A team is written like this:\n#   web: {{groups: {{{CONNECTION}: Web}}}}\nteams: {{}}\n"
        )
    lines = (f"  {key(team)}: {{groups: {{{CONNECTION}: {quoted(name)}}}}}\n" for team, name in teams.items())
    return f"{left}teams:\n{''.join(lines)}"


def _services(services: Mapping[str, tuple[str, str]], twice: list[str]) -> str:
    left = _left_out(twice)
    if not services:
        return f"{left}services: {{}}\n"
    lines = (
        f"  {key(one)}: {{name: {quoted(name)}{f', team: {key(team)}' if team else ''}}}\n"
        for one, (name, team) in services.items()
    )
    return f"{left}services:\n{''.join(lines)}"


def _classify(service: str) -> str:
    """Return a rule to begin with: a comment, since only the desk knows its categories."""
    return (
        f"  # - name: by-category\n  #   when: {{category: software}}   # the category's value, not its label\n"
        f"  #   set: {{service: {key(service)}}}\n"
        if service
        else ""
    )


def _routes(teams: Mapping[str, str]) -> str:
    """Return the routes; everything goes to the service desk last, if one of the groups looks like it."""
    desk = next((team for team, name in teams.items() if any(one in folded(name) for one in DESK_NAMES)), "")
    if desk:
        return ROUTES.format(desk=key(desk))
    wanted = "".join(f"# {line}\n" for line in ROUTES.format(desk="your-service-desk").splitlines())
    return f"# Nothing is routed until you say who takes what is left. Then:\n{wanted}routes: []\n"
