"""What the rules ask for, written from their meaning alone: a ticket's history in, the values that may stand out.

It knows nothing of memories, marks or plans. It looks at what people, robots, the form and we did to a ticket, in that
order, as the platform itself tells it. Where the rules leave a choice open, it allows every answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

By = Literal["form", "person", "robot", "ours"]
Value = str | None

IMPACTS = ("extensive", "significant", "minor")
URGENCIES = ("high", "medium", "low")
REPORTED = ("impact", "urgency", "risk", "service")
BEHIND = {"impact": (), "urgency": (), "priority": REPORTED, "team": ("service",)}
"""What the rules write, and the facts that they read for it."""


class Step(NamedTuple):
    """One change of one fact. What stands from the beginning is the form's, or a person's who made the ticket."""

    by: By
    fact: str
    value: Value


class Rules(NamedTuple):
    """What differs between the two rulebooks of a walk."""

    urgency: str  # where nobody chose
    booking_at_most: int


FIRST, SECOND = Rules("high", 4), Rules("medium", 3)


class History:
    """The steps of one ticket, oldest first. Once our memory is `lost`, a value of ours may pass for reported."""

    def __init__(self, steps: Sequence[Step], lost: bool = False) -> None:
        self.steps, self.lost = steps, lost

    def of(self, fact: str) -> list[Step]:
        return [step for step in self.steps if step.fact == fact]

    def last(self, fact: str) -> Step:
        return (self.of(fact) or [Step("form", fact, None)])[-1]

    def reported(self, fact: str) -> Value:
        """Return the last value that is not ours."""
        return next((step.value for step in reversed(self.of(fact)) if step.by != "ours"), None)

    def was_ours(self, fact: str) -> bool:
        """Tell whether we ever wrote it."""
        return any(step.by == "ours" for step in self.of(fact))

    def replaced_ours(self, fact: str) -> bool:
        """Tell whether the value that stands came in the very place of ours."""
        return [step.by for step in self.of(fact)[-2:-1]] == ["ours"]

    def chosen_at(self, facts: Iterable[str]) -> int:
        """Return the place of the last step on any of these facts, -1 where there is none."""
        return max((place for place, step in enumerate(self.steps) if step.fact in facts), default=-1)

    def changed_since(self, place: int, facts: Iterable[str]) -> bool:
        """Tell whether anybody but us changed one of these facts after that step."""
        return any(step.fact in facts and step.by != "ours" for step in self.steps[place + 1 :])


def filled(history: History, fact: str, fill: str) -> set[Value]:
    """Classify fills what is empty and what it filled before; what a person took away in its place stays away."""
    last = history.last(fact)
    if last.by == "ours":
        return {fill, last.value} if history.lost else {fill}
    if last.value is not None:
        return {last.value}
    if last.by == "person" and history.replaced_ours(fact) and not history.lost:
        return {None}
    return {None, fill} if history.was_ours(fact) else {fill}


def seen(history: History, fact: str, fill: str) -> set[Value]:
    """Return what the rules start from: the last value that is not ours, or what is filled in for it."""
    reported = history.reported(fact)
    if reported is None:
        return filled(history, fact, fill)
    return {reported, history.last(fact).value} if history.lost else {reported}


def priority(impact: Value, urgency: Value, risk: Value, service: Value, rules: Rules) -> Value:
    """The matrix: each step down from the top costs one. Booking is never above, security never below."""
    if impact is None or urgency is None:
        return None
    rank = 1 + IMPACTS.index(impact) + URGENCIES.index(urgency)
    if service == "booking":
        rank = max(rank, rules.booking_at_most)
    if risk == "security":
        rank = min(rank, 2)
    return f"P{rank}"


def priorities(history: History, rules: Rules) -> set[Value]:
    """Return the priorities that the rules may give; None among them means that they may give none."""
    rest = history.last("risk").value, history.last("service").value
    impacts, urgencies = seen(history, "impact", "significant"), seen(history, "urgency", rules.urgency)
    return {priority(impact, urgency, *rest, rules) for impact in impacts for urgency in urgencies}


def team(history: History) -> str:
    return "web" if history.last("service").value == "booking" else "desk"


def stands(history: History, fact: str, asked: set[Value], since: int, unsure: bool) -> set[Value]:
    """Return what may stand of a value that the rules write, unless a person chose: `asked`, the person's, or both.

    A person's choice stands until a fact behind it changes. A choice that the desk came to see together with such a
    change may count from before it or after it: `since` is where the steps begin that it may have seen together.
    """
    last = history.last(fact)
    if last.by in ("ours", "form"):
        return asked
    if last.by == "robot":
        return asked | {last.value} if history.was_ours(fact) else asked
    if last.value is None and (history.lost or not history.replaced_ours(fact)):
        return asked | {None}
    if fact == "team" and last.value is not None:
        return {last.value}
    return asked_anew(history, [fact], BEHIND[fact], asked, last.value, since, unsure)


def asked_anew(
    history: History, chosen: Sequence[str], behind: Sequence[str], asked: set[Value], choice: Value, since: int,
    unsure: bool,
) -> set[Value]:  # fmt: skip
    """Return the person's choice as long as nothing behind it changed since, and what the rules ask for after that."""
    place = history.chosen_at(chosen)
    if not history.changed_since(place, behind):
        return {choice}
    open_question = unsure or place >= since or alike(History(history.steps[: place + 1]), history, behind)
    return asked | {choice} if open_question else asked


def alike(then: History, now: History, facts: Sequence[str]) -> bool:
    """Tell whether facts may look to the rules as they did: changed back, or empty and filled in as they were."""
    pairs = [(fact, then.reported(fact), now.reported(fact)) for fact in facts]
    return all(a == b or (None in (a, b) and fact in ("impact", "urgency")) for fact, a, b in pairs)


def computed(history: History, asked: set[Value], shown: Value, since: int, unsure: bool) -> set[Value]:
    """Return what a platform may show that computes the priority: what the rules ask for, unless they are overruled.

    A person overrules them by changing what we wrote into impact or urgency, and robots are not fought there either.
    """
    pair = ("impact", "urgency")
    touched = [fact for fact in pair if history.was_ours(fact) and history.last(fact).by != "ours"]
    if not touched:
        return asked
    if any(history.last(fact).by == "robot" for fact in touched):
        return asked | {shown}
    return asked_anew(history, touched, REPORTED, asked, shown, since, unsure)


def fought(history: History, since: int, computes: bool) -> list[Step]:
    """Return our steps that replaced a person's choice, though nothing behind it had changed.

    Where the priority can be written, an impact or urgency that a person gave is never replaced at all. Where the
    platform computes it we write them to reach it, and a person overrules us by changing what we wrote there.
    """
    found = []
    for place, step in enumerate(history.steps):
        before = History(history.steps[:place], history.lost)
        if place >= since and step.by == "ours" and _is_fight(before, step, computes):
            found.append(step)
    return found


def _is_fight(before: History, step: Step, computes: bool) -> bool:
    """Tell whether this step of ours, after those before it, goes against a person."""
    if before.last(step.fact).by != "person":
        return False
    is_pair = step.fact in ("impact", "urgency")
    had_reason = before.changed_since(before.chosen_at([step.fact]), REPORTED)
    if computes and is_pair:
        return before.replaced_ours(step.fact) and not before.lost and not had_reason
    if before.last(step.fact).value is None or (computes and step.fact == "priority"):
        return False
    return step.fact != "priority" or not had_reason
