"""Sheets: what a source answers when it is asked who is on call."""

from __future__ import annotations

from typing import Final, NamedTuple

from connectors.base import TryLater
from rules.rosters import Turn

UNKNOWN: Final = "whoever is on call then is not under people:"


class Nonsense(TryLater):
    """The source answered, and not with a roster. It may tomorrow; what it said before counts until it is too old."""


class Odd(NamedTuple):
    """An entry that names nobody of the desk's people, or that cannot be read: when it begins, and its name."""

    start: int | None
    name: str


class Sheet(NamedTuple):
    """Who is on call, in the order in which turns count, and the entries of which that is not known."""

    turns: tuple[Turn, ...]
    odd: tuple[Odd, ...] = ()
