"""What an instance's choices mean in our words: scales, priorities, statuses, and what tickets wait for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Final

from commands.naming import keyed, unnumbered
from rules.vocabulary import STATUSES
from rules.words import folded

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

AGREEING: Final = {
    "new": ("new", "waiting"),
    "in_progress": ("in_progress", "waiting"),
    "closed": ("resolved", "closed", "cancelled"),
}
"""What a status of Jira counts as by its category → what its name may make of it."""


def levels(choices: Choices, stock: Values, otherwise: str) -> Values:
    """Return a scale, highest first: the stock one where the values are the stock ones, else one named by labels.

    ServiceNow counts levels from 1, the highest; values that are no numbers keep the platform's order. Where every
    label is a stock value, as Jira's are, the stock words stay.
    """
    theirs = _in_order(choices)
    usual = {ours: values for ours, values in stock.items() if values}
    if not theirs or set(theirs) == {values[0] for values in usual.values()}:
        return usual
    words = _by_value(stock)
    meant = [words.get(folded(choices[value]), "") for value in theirs]
    if all(meant) and len(set(meant)) == len(meant):
        return {ours: (value,) for ours, value in zip(meant, theirs, strict=True)}
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


def by_category(choices: Choices, stock: Values, categories: Mapping[str, str]) -> tuple[Values, list[str]]:
    """Return our statuses with Jira's, and those that have no word. A label counts where its category agrees."""
    words = _by_value(stock)
    meant = {}
    for value, label in choices.items():
        guess = _meant(label, STATUS_LABELS)
        agrees = guess in AGREEING.get(categories.get(value, ""), ())
        meant[value] = words.get(folded(label)) or (guess if agrees else "")
    found = {ours: tuple(value for value in meant if meant[value] == ours) for ours in STATUSES}
    return {ours: values for ours, values in found.items() if values}, [value for value in meant if not meant[value]]


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


def joined(stock: Values, more: Values) -> Values:
    """Return the stock values with others: Jira's statuses, too, say what is waited for."""
    words = dict.fromkeys((*stock, *more))
    return {ours: tuple(dict.fromkeys((*stock.get(ours, ()), *more.get(ours, ())))) for ours in words}


def adds(theirs: Values, stock: Values) -> bool:
    """Tell whether there are values that the stock ones do not have."""
    return not {*map(folded, chain.from_iterable(theirs.values()))} <= _by_value(stock).keys()


def _in_order(choices: Choices) -> list[str]:
    numbers = all(re.fullmatch(r"-?[0-9]{1,9}", value) for value in choices)
    return sorted(choices, key=int) if numbers else list(choices)


def _by_value(stock: Values) -> dict[str, str]:
    return {folded(value): ours for ours, values in stock.items() for value in values}


def _meant(label: str, labels: Sequence[tuple[str, str]]) -> str:
    return next((ours for ours, start in labels if re.search(rf"\b(?:{start})", label, re.IGNORECASE)), "")
