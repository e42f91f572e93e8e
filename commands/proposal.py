"""Proposes a workspace: the texts of its files, from what an instance has or from an example."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import files
from itertools import islice, product
from string import Template
from typing import Final, NamedTuple

from commands import levels
from commands.levels import Values
from commands.naming import by_word, distinct, key, keyed, listed, mapped, quoted, remark
from connectors.base import Discovered
from connectors.servicenow.query import is_plain
from rules.language import chain, tag
from rules.rulebook import Rulebook
from rules.words import folded

JIRA: Final = "jira_service_management"
NAMES: Final = {"servicenow": "ServiceNow", JIRA: "Jira"}
CONNECTIONS: Final = {"servicenow": "servicenow", JIRA: "jira"}
"""What a platform is called in texts, and what its connection is called in the workspace."""

MARK: Final = "u_itsm_sync"
FILES: Final = (
    "desk.yaml",
    *(f"rules/{name}.yaml" for name in ("services", "priorities", "teams", "routes", "communications", "words")),
    "tests/first.yaml",
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

EXAMPLE_JIRA: Final = {
    "url": quoted("https://YOUR-SITE.atlassian.net"),
    "auth": '{user: "you@acme.com", token: "${JIRA_TOKEN}"}',
    "projects": "[IT]",
    "project_names": "",
    "kinds": '{incident: "[System] Incident"}',
    "more_kinds": "",
}
"""A Jira beside the example, as a comment."""


class Account(NamedTuple):
    """Where the tickets are and who we are there. The secret stands in the environment, under `variable`."""

    url: str
    auth: Mapping[str, str]
    variable: str
    since: str
    platform: str = "servicenow"

    @property
    def connection(self) -> str:
        """Return what the workspace calls it."""
        return CONNECTIONS[self.platform]


class Stock(NamedTuple):
    """What is built in. `values` is fact → our word → the platform's values, `kinds` our kind → their table."""

    values: Mapping[str, Values]
    scales: Mapping[str, tuple[str, ...]]
    matrix: Mapping[tuple[str, str], str]
    titles: Mapping[str, str]
    languages: frozenset[str]
    kinds: Mapping[str, str]


def propose(found: Discovered, account: Account, book: Rulebook) -> dict[str, str]:
    """Return file name → text of a workspace that `check` finds good. `book` is the default pack's."""
    kinds = book.connections[account.connection].kinds
    stock = Stock(
        values=kinds["incident"].values,
        scales=book.scales,
        matrix=book.matrix,
        titles=book.titles,
        languages=frozenset().union(*book.messages.values()),
        kinds={name: words.table for name, words in kinds.items()},
    )
    entry = _connection(found, account, stock) + (_jira_beside(account) if found is EXAMPLE else "")
    chosen = {fact: {v: label for v, label in one.items() if v.strip()} for fact, one in found.choices.items()}
    found = found._replace(choices=chosen)
    words = _jira_words(found, stock) if account.platform == JIRA else _words(found, stock)
    slots = _desk(found, stock) | _scales(found, stock) | _organisation(found, account)
    slots |= {
        "connections": entry,
        "platform": NAMES[account.platform],
        "connection": account.connection,
        "kind": next(iter(found.kinds or stock.kinds)),
        "at": account.since,
        "words": words,
        "major": _filled("rules/major-jira.yaml" if account.platform == JIRA else "rules/major.yaml", {}),
    }
    return {name: f"{_filled(name, slots).rstrip()}\n" for name in FILES}


def _filled(name: str, slots: Mapping[str, str]) -> str:
    text = (files("commands") / "new_desk").joinpath(name).read_text(encoding="utf-8")
    return Template(text).substitute(slots)


def _desk(found: Discovered, stock: Stock) -> dict[str, str]:
    """Return the desk's own entries. English is the last resort, since it is all that is sure to be understood."""
    served = {code: next((tag for tag in chain(code, "") if tag in stock.languages), "") for code in found.languages}
    used = list(dict.fromkeys(["en", *filter(None, served.values())]))
    missing = [code for code, language in served.items() if not language and tag(code)]
    more = f"# People also chose these, in which there are no messages: {remark(missing)}\n" if missing else ""
    return {
        "desk": "Service Desk",
        "languages": listed(used),
        "more_languages": more,
    }


def _connection(found: Discovered, account: Account, stock: Stock) -> str:
    auth = ", ".join(f"{name}: {quoted(text)}" for name, text in account.auth.items())
    slots = {"url": quoted(account.url), "auth": f"{{{auth}}}", "since": account.since}
    if account.platform == JIRA:
        return _filled("connections/jira.yaml", slots | _projects(found, stock))
    return _filled("connections/servicenow.yaml", slots)


def _jira_beside(account: Account) -> str:
    """Return a Jira for the example, as a comment."""
    entry = _filled("connections/jira.yaml", {"since": account.since, **EXAMPLE_JIRA})
    commented = textwrap.indent(textwrap.dedent(entry), "  # ")
    told = "  # Its teams want groups: {jira: …}, and words: {jira: {fields: {team: …}}}.\n"
    return f"  # A Jira Service Management, beside it or in its place:\n{commented}{told}"


def _projects(found: Discovered, stock: Stock) -> dict[str, str]:
    """Return which projects and issue types are looked after, and in comments what else there is."""
    kinds = found.kinds or stock.kinds
    there = ", ".join(f"{key}: {name}" for key, name in found.projects.items())
    others = "" if found.kinds else "    # Which issue types these are could not be told: correct kinds.\n"
    if found.types:
        others += f"    # Not looked after: {remark(found.types)}\n"
    return {
        "projects": listed(found.projects),
        "project_names": f"   # {remark([there])}",
        "kinds": "{" + ", ".join(f"{kind}: {quoted(table)}" for kind, table in kinds.items()) + "}",
        "more_kinds": others,
    }


def _scales(found: Discovered, stock: Stock) -> dict[str, str]:
    impacts, urgencies = _scale(found, stock, "impact"), _scale(found, stock, "urgency")
    titles, _values = levels.priorities(found.choices.get("priority", {}), stock.values["priority"], stock.titles)
    names = list(titles)
    rows = levels.matrix(impacts, urgencies, names)
    if {*product(impacts, urgencies)} == stock.matrix.keys() and {*stock.matrix.values()} <= {*names}:
        rows = {impact: [stock.matrix[impact, urgency] for urgency in urgencies] for impact in impacts}
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


def _scale(found: Discovered, stock: Stock, fact: str) -> list[str]:
    """Return a scale, highest first; where nothing is known of the platform's, the pack's, which suits all of them."""
    return list(_levels(found, stock, fact) if found.choices.get(fact) else stock.scales[fact])


def _levels(found: Discovered, stock: Stock, fact: str) -> Values:
    return levels.levels(found.choices.get(fact, {}), stock.values[fact], "level")


def _words(found: Discovered, stock: Stock) -> str:
    """Return what a ServiceNow calls differently from a stock one."""
    by = ("priority",) if found.can_write_priority else ("urgency", "impact")
    why = "the priority itself may be written" if found.can_write_priority else "ServiceNow computes the priority"
    own, unknown = _own_values(found, stock)
    lines = [f"      {fact}: {mapped(values)}\n" for fact, values in own.items()]
    if unknown:
        lines.append(f"      # These states have no word of ours yet: {remark(unknown)}\n")
    return (
        _mark(found.fields)
        + ("    values:\n" if own else "")
        + "".join(lines)
        + f"    set_priority_by: {listed(by)}   # {why}\n"
        + "    # What a form fills in by itself nobody chose; count it as empty:\n"
        + '    # not_chosen: {impact: "3", urgency: "3"}\n'
    )


def _jira_words(found: Discovered, stock: Stock) -> str:
    """Return what a Jira calls differently from a stock one; what is unsure stands in comments."""
    places = [f"      {fact}: {quoted(field)}\n" for fact, field in found.places.items()]
    own, unknown = _own_jira_values(found, stock)
    values = [by_word(fact, theirs) for fact, theirs in own.items()]
    by, why = ("priority", "") if found.can_write_priority else ("note", "   # no screen has the priority")
    return (
        ("    fields:\n" if places else "")
        + "".join(places)
        + _unsure(found)
        + ("    values:\n" if values else "")
        + "".join(values)
        + _categorised(found, unknown)
        + f"    set_priority_by: [{by}]{why}\n"
        + "    # Which tickets are major incidents is for you to say, such as\n"
        + "    # fields: {major: labels=major-incident}\n"
    )


def _unsure(found: Discovered) -> str:
    """Return comments on the fields that may hold a fact, too."""
    lines = [f"    # {fact} could also stand in: {remark(names)}\n" for fact, names in found.candidates.items()]
    if "team" not in found.places:
        lines.append("    # Which field holds the team is for you to say: routes need one. A Team field,\n")
        lines.append("    # a group picker, a select or components: fields: {team: Assignment group}\n")
    return "".join(lines)


def _categorised(found: Discovered, statuses: Iterable[str]) -> str:
    told = [f"{name} ({found.categories.get(name, 'new')})" for name in statuses]
    return f"    # These statuses have no word and go by their category: {remark(told)}\n" if told else ""


def _own_jira_values(found: Discovered, stock: Stock) -> tuple[dict[str, Values], list[str]]:
    """Return the values that differ from the stock ones, and the statuses that nothing is known about."""
    statuses, unknown = levels.by_category(found.choices.get("status", {}), stock.values["status"], found.categories)
    waiting = levels.waiting_for(found.choices.get("waiting_for", {}), stock.values["waiting_for"])
    named = {"status": statuses, "waiting_for": levels.joined(stock.values["waiting_for"], waiting)}
    more = {fact: theirs for fact, theirs in named.items() if levels.adds(theirs, stock.values[fact])}
    return _own_levels(found, stock) | more, unknown


def _own_levels(found: Discovered, stock: Stock) -> dict[str, Values]:
    """Return the values of impact, urgency and priority where they are not the stock ones."""
    own = {fact: _levels(found, stock, fact) for fact in ("impact", "urgency")}
    own["priority"] = levels.priorities(found.choices.get("priority", {}), stock.values["priority"], stock.titles)[1]
    usual = {fact: {ours: v for ours, v in stock.values[fact].items() if v} for fact in own}
    return {fact: values for fact, values in own.items() if dict(values) != usual[fact]}


def _own_values(found: Discovered, stock: Stock) -> tuple[dict[str, Values], list[str]]:
    """Return the values that differ from the stock ones, and the labels of states that nothing is known about."""
    statuses, unknown = levels.statuses(found.choices.get("status", {}), stock.values["status"])
    waiting = levels.waiting_for(found.choices.get("waiting_for", {}), stock.values["waiting_for"])
    named = {"status": statuses, "waiting_for": waiting}
    usual = {fact: {ours: v for ours, v in stock.values[fact].items() if v} for fact in named}
    more = {fact: values for fact, values in named.items() if values and dict(values) != usual[fact]}
    return _own_levels(found, stock) | more, unknown


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


def _organisation(found: Discovered, account: Account) -> dict[str, str]:
    """Return teams, services and routes. A service belongs to the team of its name, where there is one."""
    askable: Callable[[str], bool] = is_plain if account.platform == "servicenow" else str.isprintable
    groups, unclear = distinct(found.groups, askable)
    teams = keyed(groups, "team")
    known, twice = distinct(found.services, askable)
    services = keyed(known, "service")
    of = {folded(name): team for team, name in teams.items()}
    return {
        "teams": _teams(teams, unclear, found.ids, account),
        "services": _services({one: (name, of.get(folded(name), "")) for one, name in services.items()}, twice),
        "classify": _classify(next(iter(services), "")),
        "routes": _routes(teams),
    }


def _left_out(names: list[str]) -> str:
    return f"# Left out, as they differ by case only or hold signs of a query: {remark(names)}\n" if names else ""


def _teams(teams: Mapping[str, str], unclear: list[str], ids: Mapping[str, str], account: Account) -> str:
    left = _left_out(unclear)
    if not teams:
        why = {"servicenow": "No assignment group could be read: does the account have read access to them?"}
        return (
            f"{left}# {why.get(account.platform, 'No field that holds teams was found: see words.yaml.')}\n"
            f"# A team is written like this:\n#   web: {{groups: {{{account.connection}: Web}}}}\nteams: {{}}\n"
        )
    lines = (_team(key(team), name, ids.get(name, ""), account.connection) for team, name in teams.items())
    return f"{left}teams:\n{''.join(lines)}"


def _team(team: str, name: str, id: str, connection: str) -> str:
    """Return a team's line. What is written by an id has its name beside it."""
    return f"  {team}: {{groups: {{{connection}: {quoted(id or name)}}}}}{f'   # {remark([name])}' if id else ''}\n"


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
