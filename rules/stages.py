"""Compiles the rules of all stages, and reports what is wrong with them; those that cannot run yet are left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

from rules.checks import listed
from rules.conditions import compile_when, for_a_share
from rules.forms import percent
from rules.ladders import Escalations
from rules.language import Wish, choose
from rules.model import Fact, Reason, Stage
from rules.problems import Report, did_you_mean
from rules.queues import QUEUES
from rules.readers import once
from rules.rule import Adjust, Classify, Communication, Condition, Ladder, Link, Route, Rule, Step, Trigger
from rules.tree import Node
from rules.triggers import triggers
from rules.vocabulary import READ_ONLY, Vocabulary

Messages = Mapping[str, frozenset[str]]

SHARED: Final = frozenset({"name", "when", "mode", "because", "share"})
"""Keys of every rule. A rule that has others may have mistyped what seems to be missing."""

RESTLESS: Final = QUEUES | {"promise", "silent"}
"""Facts that change by themselves; messages may ask for some of them."""

OPEN_MAJOR: Final = "open_major"
"""What tickets are linked to: the open major incident of their service."""

STAGES: Final = ("classify", "adjust", "routes", "ladders", "communications")


@dataclass(frozen=True, slots=True)
class Stages:
    """The rules that run, stage by stage, and what is said when one acts: (stage, order) → reason."""

    classify: tuple[Classify, ...]
    adjust: tuple[Adjust, ...]
    routes: tuple[Route, ...]
    communications: tuple[Communication, ...]
    reasons: Mapping[tuple[str, int], Reason]
    shares: tuple[int, ...]
    ladders: tuple[Ladder, ...]
    anytime: tuple[Step, ...]
    exempt: Condition | None  # from the quiet hours
    silences: tuple[Condition, ...]
    links: tuple[Link, ...]


class _Read(NamedTuple):
    """A rule's node, its compiled condition, and what all kinds of rules share."""

    node: Node
    when: Condition
    shared: dict[str, Any]


def compile_stages(root: Node, words: Vocabulary, messages: Messages, report: Report) -> Stages:
    """Return the rules of all stages. The answer is only good for running if no error was reported."""
    reasons: dict[tuple[str, int], Reason] = {}

    def stage(section: str, name: Stage, build: Callable[[_Read], Rule | None]) -> tuple[Any, ...]:
        rules: list[Rule] = []
        for read in _read(root, section, words, report):
            rule = build(read)
            if rule is not None:
                rule = replace(rule, order=len(rules))
                reasons[name, rule.order] = _reason(name, rule, read.node)
                rules.append(rule)
        return tuple(rules)

    languages = tuple(node.text for node in root.each("languages.*"))
    escalations = Escalations(root, words, report)
    reasons |= escalations.reasons
    return Stages(
        stage("classify", "classify", lambda read: _classify(read, words, report)),
        stage("adjust", "prioritise", lambda read: _adjust(read, words, report)),
        stage("routes", "route", _route),
        stage("communications", "communicate", lambda read: _communication(read, words, messages, languages, report)),
        reasons,
        tuple(sorted({percent(node.text) for node in _each(root, "share") if _is_part(node)})),
        escalations.ladders,
        escalations.anytime,
        next((compile_when(node, words, report) for node in root.each("quiet.except")), None),
        tuple(compile_when(node.entries.get("when"), words, report) for node in root.each("silence.*")),
        tuple(_links(root, words, report)),
    )


def _links(root: Node, words: Vocabulary, report: Report) -> Iterator[Link]:
    """Yield what is put below major incidents; proposed only, unless the rule says otherwise."""
    for order, node in enumerate(root.each("link.*")):
        when = compile_when(node.entries.get("when"), words, report)
        _check_restless("link", when, node, report)
        mode = node.entries["mode"].text if "mode" in node.entries else "advise"
        for to in (one for one in node.each("to") if one.text != OPEN_MAJOR):
            report(to.place, f"tickets are linked to '{OPEN_MAJOR}', not to '{to.raw}'", f"write to: {OPEN_MAJOR}")
        yield Link("link", node.place.short, order, when, mode)  # type: ignore[arg-type]


def _each(root: Node, key: str) -> Iterator[Node]:
    """Yield what the rules of all stages have under a key."""
    for section in STAGES:
        yield from root.each(f"{section}.*.{key}")


def _is_part(share: Node) -> bool:
    return share.text.removesuffix("%").isdecimal()


def _read(root: Node, section: str, words: Vocabulary, report: Report) -> Iterator[_Read]:
    for node in root.each(f"{section}.*"):
        when = compile_when(node.entries.get("when"), words, report)
        _check_restless(section, when, node, report)
        mode = node.entries["mode"].text if "mode" in node.entries else "apply"
        name = node.entries["name"].raw if "name" in node.entries else ""
        if (share := node.entries.get("share")) is not None and _is_part(share):
            when = for_a_share(when, percent(share.text))
        shared = {"name": name, "where": node.place.short, "order": 0, "when": when, "mode": mode}
        yield _Read(node, when, shared)


def _check_restless(section: str, when: Condition, node: Node, report: Report) -> None:
    """Report facts that change without anybody changing the ticket, where that would make rules fight themselves."""
    for fact in sorted(when.uses & (QUEUES if section == "communications" else RESTLESS)):
        mend = "ask for it under ladders: or anytime:"
        report(node.entries["when"].key, f"'{fact}' changes by itself, and only steps may ask for it", mend)


def _reason(stage: Stage, rule: Rule, node: Node) -> Reason:
    """Return what agents read when the rule acts: its own words, or what it does; its effect is put in front."""
    because = node.entries["because"].text if "because" in node.entries else ""
    return Reason(stage, "decided", rule.name, rule.where, because or _effect(rule, node))


def _effect(rule: Rule, node: Node) -> str:
    """Return what a rule does where that does not show in a value that it sets."""
    if isinstance(rule, Communication):
        return f"message {rule.message}"
    return ", ".join(
        f"{key.replace('_', ' ')} {node.entries[key].text}" for key in ("at_least", "at_most") if key in node.entries
    )


def _classify(read: _Read, words: Vocabulary, report: Report) -> Classify:
    chosen: dict[str, Fact] = {}
    labels: tuple[str, ...] = ()
    for fact, node in read.node.under("set").items():
        if fact == "labels":
            labels = tuple(item.raw for item in node.items) if isinstance(node.value, list) else (node.raw,)
        elif _may_set(fact, node, report):
            value = words.value(fact, node, report)
            if value is not None:
                chosen[fact] = value
    return Classify(**read.shared, set=chosen, labels=labels)


def _may_set(fact: str, node: Node, report: Report) -> bool:
    if fact == "priority":
        report(node.key, "'priority' is not set, it is decided", "limit it with at_least or at_most under adjust:")
    elif fact == "team":
        report(node.key, "'team' is not set by classify", "assign it under routes:")
    elif fact in READ_ONLY:
        report(node.key, f"'{fact}' is only read, never set", "set a fact of your own instead")
    else:
        return True
    return False


def _adjust(read: _Read, words: Vocabulary, report: Report) -> Adjust:
    limits = {key: read.node.entries[key] for key in ("at_least", "at_most") if key in read.node.entries}
    if not limits and read.node.entries.keys() <= SHARED:
        report(read.node.place, "the rule adjusts nothing", "add at_least: or at_most:, with a priority")
    ranks = {key: _rank(node, words, report) for key, node in limits.items()}
    because = read.node.entries["because"].text if "because" in read.node.entries else ""
    return Adjust(**read.shared, floor=ranks.get("at_least"), ceiling=ranks.get("at_most"), because=because)


def _rank(node: Node, words: Vocabulary, report: Report) -> int | None:
    value = words.value("priority", node, report)
    priorities = words.scales["priority"]
    return priorities.index(str(value)) if value in priorities else None


def _route(read: _Read) -> Route:
    team = next((node.text for node in read.node.each("assign.team")), "")
    is_path = "." in team
    person = next((node.text for node in read.node.each("assign.person")), "")
    return Route(**read.shared, team="" if is_path else team, path=team if is_path else "", person=person)


def _communication(
    read: _Read, words: Vocabulary, messages: Messages, languages: tuple[str, ...], report: Report
) -> Communication | None:
    node = read.node
    occasions = [key for key in ("on", "after", "every", "before") if key in node.entries]
    if len(occasions) > 1 or (not occasions and node.entries.keys() <= SHARED | {"to", "message"}):
        said = f"it has {' and '.join(occasions)}" if occasions else "it has none"
        report(
            node.place, f"a rule needs one of on:, after:, every: and before:, {said}", "split it into a rule for each"
        )
        return None
    event = node.entries["on"].text if occasions == ["on"] else ""
    after = triggers(node, report) if occasions and "on" not in occasions else ()
    to = once([reader.text for reader in listed(node.entries["to"])] if "to" in node.entries else [])
    if not to or not (event or after):
        return None
    message = _message(node.entries.get("message"), messages, languages, report)
    major = event == "major" or _demands_major(node.entries.get("when"))
    times, then = _repeated(node, after, words, report)
    shared = {**read.shared, "times": times, "then": then}
    made = Communication(**shared, on=event, to=to, message=message, major=major, after=after)
    return made if message else None


def _repeated(
    node: Node, after: tuple[Trigger, ...], words: Vocabulary, report: Report
) -> tuple[int, dict[str, Fact | None]]:
    """Return how often a reminder is repeated, and what is written when nobody answers."""
    key = next((node.entries[key].key for key in ("times", "then") if key in node.entries), None)
    if key is None:
        return 0, {}
    if [one.what for one in after] != ["waiting"]:
        mend = "write after: [{waiting: 24h}], and nothing else"
        report(key, "'times' and 'then' are for tickets that wait for an answer", mend)
    times = node.entries["times"].value if "times" in node.entries else 1
    then: dict[str, Fact | None] = {}
    for ends in node.each("then"):
        known = {fact: one for fact, one in ends.under("set").items() if words.knows(fact, one, report)}
        then = {"status": ends.entries["status"].text} if "status" in ends.entries else {}
        then |= {fact: words.value(fact, below, report) for fact, below in known.items()}
        if not any(one.text == "requester" for to in node.each("to") for one in listed(to)):
            text = "the ticket would be closed though nobody reminds its requester"
            report(node.entries["then"].key, text, "write to: [requester]")
    return times if isinstance(times, int) else 1, then


def _demands_major(when: Node | None) -> bool:
    """Tell whether a condition holds for nothing but major incidents."""
    if when is None:
        return False
    flag = when.entries.get("major")
    demanded = flag is not None and [node.value for node in flag.items or [flag]] == [True]
    return demanded or any(map(_demands_major, when.each("all.*")))


def _message(node: Node | None, messages: Messages, languages: tuple[str, ...], report: Report) -> str:
    if node is None:
        return ""
    write = f"write templates/{languages[0] if languages else 'en'}/{node.raw}.md.j2"
    if not messages.get(node.text):
        report(node.place, f"there is no message '{node.raw}'", did_you_mean(node.raw, messages, write))
        return ""
    missing = [language for language in languages if language not in messages[node.text]]
    if missing:
        instead = ", ".join(dict.fromkeys(choose((Wish(one),), messages[node.text], languages)[0] for one in missing))
        mend = f"write templates/{missing[0]}/{node.text}.md.j2; until then it is sent in {instead}"
        report.warn(node.place, f"the message '{node.text}' is missing in {', '.join(missing)}", mend)
    return node.text
