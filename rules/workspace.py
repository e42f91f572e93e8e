"""From the texts of a workspace to a rulebook, or to everything that is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, cast

from rules.almanac import ONLY_UTC, Almanac
from rules.building import build
from rules.calendars import compile_calendars
from rules.channels import check_channels
from rules.checks import check
from rules.complaints import judged
from rules.connected import check_connections
from rules.gaps import check_gaps
from rules.hearers import check_hearers
from rules.knowledge import check_knowledge
from rules.later import warn_of_later
from rules.problems import BREAK, PACK, Place, Problem, Report
from rules.promising import check_promises
from rules.review import REPORTS
from rules.rulebook import Rulebook
from rules.schema import WorkspaceForm
from rules.stages import compile_stages
from rules.teams import check_teams
from rules.tree import Node, parse
from rules.vocabulary import vocabulary
from rules.wording import overlaid

TOP_KEY: Final = re.compile(r"^([A-Za-z_]\w*)[ ]*:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of a workspace: its `root` has all keys of all files. Errors among the problems leave no rulebook."""

    rulebook: Rulebook | None
    problems: tuple[Problem, ...]
    root: Node


class _Merged(NamedTuple):
    """All keys of all files, and those that may stand in a file that could not be read."""

    root: Node
    lost: frozenset[str]


def load(
    texts: Mapping[str, str],
    baseline: Mapping[str, str],
    messages: Mapping[str, frozenset[str]],
    almanac: Almanac = ONLY_UTC,
    promising: frozenset[str] = frozenset(),
    reviewing: frozenset[str] = REPORTS,
    linking: frozenset[str] = frozenset(),
) -> Loaded:
    """Judge a workspace, and return its rulebook and all problems at once.

    `texts` and `baseline` are file name → text; of a workspace only the YAML files of its root and of `rules/` are
    looked at. A top-level key of the workspace replaces the baseline's whole, except `words`, which are overlaid
    fact by fact. `messages` is message → languages that it exists in; `almanac` knows the zones and holidays that
    calendars name; `promising` are the messages that name the time of the next word, `reviewing` those that
    tell what happened, `linking` those that name articles.
    """
    own = {name: text for name, text in texts.items() if _is_rules(name)}
    pack = {PACK + name: text for name, text in baseline.items() if name.endswith(".yaml")}
    report = Report({**own, **pack})
    root, lost = _merged(own, pack, report)
    form = cast("WorkspaceForm | None", judged(root, WorkspaceForm, lost, report))
    words = vocabulary(root, bool(lost))
    stages = compile_stages(root, words, messages, report)
    check(root, words, lost, report)
    check_connections(root, lost, report)
    check_channels(root, lost, report)
    check_knowledge(root, report)
    check_teams(root, report)
    calendars = compile_calendars(root, almanac, report)
    check_promises(root, words, report)
    warn_of_later(root, report)
    if not lost:  # else whoever is missing may stand in what could not be read
        check_hearers(root, report)
    problems = tuple(_explained(problem, pack) for problem in report.problems)
    if form is None or report.failed:
        return Loaded(None, problems, root)
    check_gaps(root, form, calendars, report)
    problems = tuple(_explained(problem, pack) for problem in report.problems)
    book = build(root, form, words, stages, messages, calendars, almanac, reviewing, linking)
    return Loaded(replace(book, promising=promising), problems, root)


def _is_rules(name: str) -> bool:
    return name.endswith((".yaml", ".yml")) and name.removeprefix("rules/").count("/") == 0


def _explained(problem: Problem, pack: Mapping[str, str]) -> Problem:
    """Return an error in the default pack with the mend it has: the workspace replaced what the pack builds on."""
    if problem.file not in pack or problem.weight != "error":
        return problem
    above = "\n".join(BREAK.split(pack[problem.file])[: problem.line])
    key = TOP_KEY.findall(above)[-1:]
    mend = f"your workspace replaces what the default pack builds on here: write your own '{''.join(key)}:', too"
    return problem._replace(mend=mend)


def _merged(own: Mapping[str, str], pack: Mapping[str, str], report: Report) -> _Merged:
    for name in own:
        if name.endswith(".yml"):
            report(Place(name, 1, 1), "the file is not read", f"name it {name.removesuffix('.yml')}.yaml")
    entries, lost = _all_keys(own, report)
    stock, _ = _all_keys(pack, report)
    stock_words = stock.pop("words", None)
    missing = {key for text in lost for key in TOP_KEY.findall(text)}
    if lost:
        missing |= set(WorkspaceForm.model_fields) - set(entries) - set(stock)
    merged = {**{key: node for key, node in stock.items() if key not in missing}, **entries}
    first = Place(next(iter(sorted(own)), "desk.yaml"), 1, 1)
    root = Node(merged, first, first)
    if stock_words is not None and "connections" in merged:
        root = _with_stock_words(root, stock_words)
    return _Merged(root, frozenset(missing))


def _all_keys(texts: Mapping[str, str], report: Report) -> tuple[dict[str, Node], list[str]]:
    """Return the top-level keys of all files, and the texts of the files that cannot be read."""
    entries: dict[str, Node] = {}
    unread = []
    for name in sorted(text for text in texts if text.endswith(".yaml")):
        tree = parse(name, texts[name], report)
        if tree is None:
            unread.append(texts[name])
            continue
        for key, node in tree.entries.items():
            other = entries.setdefault(key, node)
            if other is not node:
                _twice(key, node, other, report)
    return entries, unread


def _twice(key: str, node: Node, other: Node, report: Report) -> None:
    text = f"'{key}' stands in two files; the other is {other.key.short}"
    report(node.key, text, "keep it in one file: parts in several files are not joined")


def _with_stock_words(root: Node, stock: Node) -> Node:
    """Return the tree with every connection's words on top of the stock words of its platform."""
    own = root.entries.get("words")
    if own is not None and not isinstance(own.value, dict):
        return root
    words = dict(own.entries) if own is not None else {}
    for name, connection in root.entries["connections"].entries.items():
        platform = connection.entries["platform"].text if "platform" in connection.entries else ""
        if platform in stock.entries:
            base = stock.entries[platform]
            words[name] = overlaid(base, words[name]) if name in words else replace(base, key=connection.key)
    base_node = own if own is not None else stock
    return replace(root, value={**root.entries, "words": replace(base_node, value=words)})
