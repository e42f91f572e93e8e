"""Finds what is wrong with message sources before a ticket does: for `check`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Final

from jinja2 import nodes

from rules.language import tag
from rules.problems import Place, Problem, Report, did_you_mean
from rules.review import CLOCK_NAMES, STEP_KINDS, Article, Kept, Step
from templates.context import (
    AUDIENCES,
    COMMON_FACTS,
    KNOWN_ENTRIES,
    REASON_ENTRIES,
    REPLY_ENTRIES,
    TONES,
    Context,
    sample,
)
from templates.dialect import FILTERS, LOOP_FACTS, compared
from templates.render import EMPTY, Renderer, TemplateFailed
from templates.sources import PLACE

UNKNOWN_FILTER: Final = re.compile(r"No filter named '(.+)'")
LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "proposals": REASON_ENTRIES,
    "reasons": REASON_ENTRIES,
    "known": KNOWN_ENTRIES,
    "replies": REPLY_ENTRIES,
    "steps": Step._fields,
    "clocks": Kept._fields,
    "links": Article._fields,
    "articles": Article._fields,
}
"""What the entries of each list have. Other lists are of texts, which have no parts."""

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "audience": AUDIENCES,
    "tone": TONES,
    "steps.kind": STEP_KINDS,
    "clocks.name": CLOCK_NAMES,
}
"""What may be among the values of a variable, or of what the entries of a list have."""

LINE: Final = re.compile("\r\n|[\r\n]")
"""Line ends as Jinja counts them; rules' texts know some more."""

UNCOUNTED: Final = re.compile("[\x85\u2028\u2029]")


def problems(
    renderer: Renderer, facts: frozenset[str] | None, names: Collection[str] | None = None
) -> tuple[Problem, ...]:
    """Return all problems of the sources with these names, or of all.

    `facts` are those that tickets may have; None while they are not known.
    """
    sources = {name: renderer.sources[name] for name in sorted(renderer.sources if names is None else names)}
    report = Report({f"templates/{name}": UNCOUNTED.sub(" ", source) for name, source in sources.items()})
    for name, source in sources.items():
        place = PLACE.fullmatch(name)
        if place is None or tag(place["language"]) != place["language"]:
            report(Place(f"templates/{name}", 1, 1), "no message can have this name", _right_name(name))
        elif "\N{REPLACEMENT CHARACTER}" in source:
            report(_spot(name, source, 0, "\N{REPLACEMENT CHARACTER}"), "this is not UTF-8", "save the file as UTF-8")
        else:
            _check(renderer, name, place["message"], place["language"], facts, report)
    return report.problems


def _right_name(name: str) -> str:
    language = tag(name.partition("/")[0])
    return f"templates/{language or '<language>'}/<message>.md.j2, the message in small letters, digits and hyphens"


def _check(
    renderer: Renderer, name: str, message: str, language: str, facts: frozenset[str] | None, report: Report
) -> None:
    source = renderer.sources[name]
    try:
        renderer.compiled(message, language)
    except TemplateFailed as failed:
        _report_failure(failed, name, source, report)
        return
    tree = renderer.parsed(source)
    loops = _loops(tree)
    unknown = list(_unknown(tree, loops, known_names(facts), facts is None))
    for node, word, mend in unknown:
        report(_spot(name, source, node.lineno, word), f"there is no '{word}'", mend)
    for what, const in _never(tree, loops):
        never = str(const.value)
        report(_spot(name, source, const.lineno, never), f"{what} is never '{never}'", did_you_mean(never, WORDS[what]))
    if not unknown and facts is not None:
        _try(renderer, name, message, language, facts, report)


def known_names(facts: frozenset[str] | None) -> Mapping[str, frozenset[str]]:
    """Return the variables of messages, each with the names that may follow it after a dot."""
    example: Context = sample(facts or COMMON_FACTS, "en", public=True, full=True)
    return {name: frozenset(value) if isinstance(value, dict) else frozenset() for name, value in example.items()}


def _unknown(
    tree: nodes.Template, loops: Mapping[str, str], known: Mapping[str, frozenset[str]], any_fact: bool
) -> Iterator[tuple[nodes.Node, str, str]]:
    """Return every name that leads nowhere, with the nearest that exists. `any_fact`: ticket's facts are not known."""
    entries = {name: frozenset(LISTS.get(listed, ())) for name, listed in loops.items()}
    known = {**known, "loop": LOOP_FACTS, **entries}
    for name in tree.find_all(nodes.Name):
        if name.name not in known:
            yield name, name.name, did_you_mean(name.name, known)
    for node in tree.find_all(nodes.Getattr):
        group = node.node.name if isinstance(node.node, nodes.Name) else ""
        if (group and group not in known) or (group == "ticket" and any_fact):
            continue
        if node.attr not in known.get(group, frozenset()):
            word = f"{group}.{node.attr}" if group else node.attr
            yield node, word, did_you_mean(word, {f"{group}.{name}" for name in known.get(group, ())})


def _loops(tree: nodes.Template) -> dict[str, str]:
    """Return the name of each loop's entry, with the list that the loop goes over; "" where that is no list of ours."""
    found = ((node.target, node.iter) for node in tree.find_all(nodes.For))
    named = ((target.name, listed) for target, listed in found if isinstance(target, nodes.Name))
    return {name: listed.name if isinstance(listed, nodes.Name) else "" for name, listed in named}


def _never(tree: nodes.Template, loops: Mapping[str, str]) -> Iterator[tuple[str, nodes.Const]]:
    """Return each word with which something is compared in vain, after what that is."""
    for name, word in compared(tree):
        entry, dot, attribute = name.partition(".")
        what = f"{loops.get(entry, '')}.{attribute}" if dot else name
        if what in WORDS and word.value not in WORDS[what]:
            yield what, word


def _try(renderer: Renderer, name: str, message: str, language: str, facts: frozenset[str], report: Report) -> None:
    """Render with made-up tickets, full and empty, for all whom the text tells apart, in all its tones."""
    for context in _samples(renderer, message, language, facts):
        try:
            renderer.render(message, language, context)
        except TemplateFailed as failed:
            _report_failure(failed, name, renderer.sources[name], report)


def _samples(renderer: Renderer, message: str, language: str, facts: frozenset[str]) -> Iterator[Context]:
    audiences = renderer.audiences(message, language) | {"requester", "team"}
    tones = renderer.tones(message, language) | {"neutral"}
    for public, full in product((True, False), (True, False)):
        made = sample(facts, language, public, full)
        for audience, tone in product(sorted(audiences), sorted(tones)):
            if (audience == "requester") is public:
                yield {**made, "audience": audience, "tone": tone}


def _report_failure(failed: TemplateFailed, name: str, source: str, report: Report) -> None:
    missing = UNKNOWN_FILTER.search(failed.why)
    if failed.why == EMPTY:
        text = "the body is empty for some tickets, and then nothing is sent"
        report.warn(_spot(name, source, 0, "block body"), text, "say something in every case")
    elif missing:
        spot = _spot(name, source, failed.line, missing[1])
        report(spot, f"there is no filter '{missing[1]}'", did_you_mean(missing[1], FILTERS))
    else:
        report(_spot(name, source, failed.line, failed.word), failed.why, "")


def _spot(name: str, source: str, line: int, word: str) -> Place:
    """Return where a word stands in a line; line 0 looks in all of them. Jinja itself knows lines only."""
    lines = LINE.split(source)
    numbers = [line] if line else range(1, len(lines) + 1)
    pattern = re.compile(r"\s*\.\s*".join(map(re.escape, word.split("."))))
    for number in numbers:
        found = pattern.search(lines[number - 1]) if word and number <= len(lines) else None
        if found:
            return Place(f"templates/{name}", number, found.start() + 1)
    return Place(f"templates/{name}", line or 1, 1)
