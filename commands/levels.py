"""What an instance's choices mean in our words: scales, priorities, statuses, and what tickets wait for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from commands.naming import keyed, unnumbered
from rules.vocabulary import STATUSES

Choices = Mapping[str, str]
"""The platform's value, never blank → its label, in the platform's order."""

Values = Mapping[str, tuple[str, ...]]
"""Our word → the platform's values."""

STATUS_LABELS: Final = (
    ("cancelled", r"cancel|withdrawn"),
    ("resolved", r"resolved|solved|fixed"),
    ("closed", r"closed|complete"),
    ("waiting", r"hold|await|waiting|pending|suspend"),
    ("in_progress", r"progress|active|assigned"),
    ("new", r"new|open|registered"),
)
WAITING_LABELS: Final = (
    ("requester", r"caller|user|customer|requester"),
    ("supplier", r"vendor|supplier"),
    ("problem", r"problem"),
    ("change", r"change"),
)
"""(our word, what the label of a choice begins a word with), the surest first."""


def levels(choices: Choices, stock: Values, otherwise: str) -> Values:
    """Return a scale, highest first: the stock one where the values are the stock ones, else one named by labels.

    ServiceNow counts levels from 1, the highest; values that are no numbers keep the platform's order.
    """
    theirs = _in_order(choices)
    usual = {ours: values for ours, values in stock.items() if values}
    if not theirs or set(theirs) == {values[0] for values in usual.values()}:
        return usual
    values = iter(theirs)
    return {ours: (next(values),) for ours in keyed([unnumbered(choices[value]) for value in theirs], otherwise)}


def priorities(choices: Choices, stock: Values, titles: Mapping[str, str]) -> tuple[dict[str, str], Values]:
    """Return the priorities as name → title, and name → value; P1 is the most important."""
    theirs = _in_order(choices)
    if not theirs or set(theirs) == {values[0] for values in stock.values()}:
        return {name: titles[name] for name in stock}, stock
    names = {f"P{place}": value for place, value in enumerate(theirs, 1)}
    titled = {name: unnumbered(choices[value]) or name for name, value in names.items()}
    return titled, {name: (value,) for name, value in names.items()}


def matrix(impacts: Sequence[str], urgencies: Sequence[str], names: Sequence[str]) -> dict[str, list[str]]:
    """Return a row of priorities per impact: the sum of both ranks, spread over the priorities.

    For three levels of each and five priorities this is the table that ServiceNow ships.
    """
    most = max(1, len(impacts) + len(urgencies) - 2)
    return {
        impact: [
            names[(2 * (row + column) * (len(names) - 1) + most) // (2 * most)] for column in range(len(urgencies))
        ]
        for row, impact in enumerate(impacts)
    }


def statuses(choices: Choices, stock: Values) -> tuple[Values, list[str]]:
    """Return our statuses with their values, and the labels of those that nothing says anything about."""
    usual = {value: ours for ours, values in stock.items() for value in values}
    meant = {value: _meant(label, STATUS_LABELS) or usual.get(value, "") for value, label in choices.items()}
    found = {ours: tuple(value for value in meant if meant[value] == ours) for ours in STATUSES}
    return {ours: values for ours, values in found.items() if values}, [choices[v] for v in meant if not meant[v]]


def waiting_for(choices: Choices, stock: Values) -> Values:
    """Return what tickets wait for, with their values; what has no word of ours is named by its label."""
    usual = {value: ours for ours, values in stock.items() for value in values}
    meant = {value: _meant(label, WAITING_LABELS) or usual.get(value, "") for value, label in choices.items()}
    found: dict[str, tuple[str, ...]] = {}
    named = keyed([unnumbered(choices[value]) for value in meant if not meant[value]], "other")
    own = iter(named)
    for value, ours in meant.items():
        word = ours or next(own)
        found[word] = (*found.get(word, ()), value)
    return found


def _in_order(choices: Choices) -> list[str]:
    numbers = all(re.fullmatch(r"-?[0-9]{1,9}", value) for value in choices)
    return sorted(choices, key=int) if numbers else list(choices)


def _meant(label: str, labels: Sequence[tuple[str, str]]) -> str:
    return next((ours for ours, start in labels if re.search(rf"\b(?:{start})", label, re.IGNORECASE)), "")
