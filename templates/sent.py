"""Finds which messages a workspace sends, and by which of its rules."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from rules.problems import Place
from rules.tree import Node

BY_ITSELF: Final = frozenset({"advice", "message-failed", "replies-below"})
"""What the service sends to teams without being asked to."""


class Sender(NamedTuple):
    """What sends a message: the name of the rule, or of what else does, and its place."""

    name: str
    place: Place


def senders(root: Node) -> dict[str, tuple[Sender, ...]]:
    """Return message → what sends it, in the order of the files."""
    found: dict[str, dict[Sender, None]] = {}
    for message, sender in _senders(root):
        found.setdefault(message, {})[sender] = None
    return {message: tuple(some) for message, some in found.items()}


def sent_by(message: str, found: Sequence[Sender]) -> str:
    """Say what sends a message, each with its place."""
    if message in BY_ITSELF:
        return "sent by the service itself"
    return "sent by " + ", ".join(f"{one.name} ({one.place.short})" for one in found) if found else "no rule sends it"


def _senders(root: Node) -> Iterator[tuple[str, Sender]]:
    for rule in root.each("communications.*"):
        for message in rule.each("message"):
            yield message.text, Sender(_name(rule, "communications"), rule.place)
    for ladder in root.each("ladders.*"):
        yield "escalated", Sender(_name(ladder, "ladders"), ladder.place)
    for step in root.each("anytime.*"):
        yield "escalated", Sender(_name(step, "anytime"), step.place)
    for path in ("ladders.*.steps.*", "anytime.*"):
        for step in root.each(path):
            for approval in step.each("approve"):
                yield "approval-request", Sender("approve", approval.place)
    for team in root.each("teams.*"):
        if "hand_over" in team.entries:
            yield "handed-over", Sender("hand_over", team.entries["hand_over"].key)


def _name(rule: Node, section: str) -> str:
    """Return what people call a rule: steps at any time have no name, but a level."""
    return next((node.raw for key in ("name", "level") for node in rule.each(key)), section)
