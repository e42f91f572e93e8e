"""Compiles ladders and what is escalated at any time, and reports what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from rules.checks import listed
from rules.conditions import compile_when, for_a_share
from rules.model import FIRST_LEVEL, Reason
from rules.problems import Report
from rules.rule import Approval, Condition, Ladder, Step
from rules.tree import Node
from rules.triggers import seconds, triggers
from rules.vocabulary import Vocabulary


class Escalations:
    """What is compiled of stage 4: the ladders, the steps at any time, and what is said when one is taken."""

    def __init__(self, root: Node, words: Vocabulary, report: Report) -> None:
        self._words, self._report = words, report
        self.reasons: dict[tuple[str, int], Reason] = {}
        self.ladders = tuple(self._ladders(root))
        self.anytime = tuple(self._anytime(root))
        _check_reach(root, report)

    def _ladders(self, root: Node) -> Iterator[Ladder]:
        for node in root.each("ladders.*"):
            when = compile_when(node.entries.get("when"), self._words, self._report)
            share = _text(node, "share").removesuffix("%")
            when = for_a_share(when, int(share)) if share.isdecimal() else when
            name, mode = _text(node, "name"), _text(node, "mode") or "apply"
            steps = tuple(self._steps(node, name, mode))
            _check_order(node, steps, self._report)
            yield Ladder(name, node.place.short, 0, when, mode, steps)  # type: ignore[arg-type]

    def _steps(self, ladder: Node, name: str, mode: str) -> Iterator[Step]:
        for node in ladder.each("steps.*"):
            when = compile_when(node.entries.get("when"), self._words, self._report)
            if "after" in node.entries:
                yield self._step(node, f"{name} {_text(node, 'level')}", mode, when)

    def _anytime(self, root: Node) -> Iterator[Step]:
        for level in (one for one in root.each("anytime.*.level") if one.text == FIRST_LEVEL):
            self._report(level.place, f"'{FIRST_LEVEL}' is what a route gives: no step reaches it", "name it otherwise")
        for node in root.each("anytime.*"):
            when = compile_when(node.entries.get("when"), self._words, self._report)
            yield self._step(node, f"anytime {_text(node, 'level')}", "apply", when)

    def _step(self, node: Node, name: str, mode: str, when: Condition) -> Step:
        after = triggers(node, self._report) if "after" in node.entries else ()
        order = len(self.reasons)
        self.reasons["escalate", order] = Reason("escalate", "decided", name, node.place.short, "")
        asked = [one for key in node.each("ask") for one in listed(key)]
        ask = tuple(one.text for one in asked if self._words.knows(one.text, one, self._report))
        shared: dict[str, Any] = {"name": name, "where": node.place.short, "order": order, "when": when, "mode": mode}
        return Step(**shared, level=_text(node, "level"), after=after, ask=ask, **_whom(node))


def _whom(node: Node) -> dict[str, Any]:
    """Return who has the ticket after a step, who watches, and who has to allow it."""
    given = {key: one for assign in node.each("assign") for key, one in assign.entries.items()}
    team = given["team"].text if "team" in given else ""
    return {
        "team": "" if "." in team else team,
        "path": team if "." in team else "",
        "person": given["person"].text if "person" in given else "",
        "swarm": "swarm" in given and given["swarm"].value is True,
        "watch": tuple(one.text for watched in node.each("watch") for one in listed(watched)),
        "approve": next((_approval(one) for one in node.each("approve")), None),
    }


def _approval(node: Node) -> Approval:
    within = seconds(node.entries["within"]) if "within" in node.entries else 0
    return Approval(_text(node, "by"), within, _text(node, "else"))


def _text(node: Node, key: str) -> str:
    return node.entries[key].text if key in node.entries else ""


def _check_order(ladder: Node, steps: tuple[Step, ...], report: Report) -> None:
    """Report a ladder without steps, a level that stands in it twice, and a step that is due before its lower one."""
    if "steps" in ladder.entries and not ladder.entries["steps"].items:
        mend = "add a level, such as L2, with after: and assign:"
        report(ladder.entries["steps"].place, "the ladder has no steps", mend)
    seen: set[str] = set()
    for level in ladder.each("steps.*.level"):
        if level.text == FIRST_LEVEL:
            report(level.place, f"'{FIRST_LEVEL}' is what a route gives: no step reaches it", "begin with L2")
        if level.text in seen:
            report(level.place, f"the ladder has the level '{level.raw}' already", "each level is taken once")
        seen.add(level.text)
    for below, above in pairwise(steps):
        for clock, share in _shares(above).items():
            if share <= _shares(below).get(clock, -1):
                place = next(node for node in ladder.each("steps.*") if node.place.short == above.where)
                text = f"'{above.level}' is due at {share}% of {clock}, not after '{below.level}'"
                report(place.entries["after"].key, text, "the steps of a ladder go up: raise it, or change their order")


def _shares(step: Step) -> dict[str, int]:
    """Return the shares of targets that alone call for a step, by clock."""
    return {one.clock: one.amount for one in step.after if one.what == "used"} if len(step.after) == 1 else {}


def _check_reach(root: Node, report: Report) -> None:
    """Report what stands after a ladder without a condition: the first that matches holds."""
    ladders = list(root.each("ladders.*"))
    always = next((place for place, ladder in enumerate(ladders) if "when" not in ladder.entries), None)
    for ladder in ladders[always + 1 :] if always is not None else ():
        text = f"this ladder never holds: the one in {ladders[always].place.short} always does"  # type: ignore[index]
        report.warn(ladder.place, text, "move the ladder without when: to the end")
