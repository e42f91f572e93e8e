"""Importance: what goes first where not everything can go. P1 before P4, what changes a ticket before what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rules.model import Comment, Decision

if TYPE_CHECKING:  # only for types: `--help` must not wait for what a rulebook needs
    from rules.rulebook import Rulebook

STEPS: Final = 2
URGENT: Final = 2 * STEPS
"""Ranks below this are of the two most important priorities: they go even where the platform's limits are near."""


def rank(decision: Decision, book: Rulebook) -> int:
    """Return how soon a decision is acted on, 0 first. A ticket without a priority counts as of the least important."""
    priority = book.ranks.get(decision.facts.get("priority"), len(book.priorities))  # type: ignore[arg-type]
    only_words = all(isinstance(action, Comment) for action in decision.actions)
    return priority * STEPS + only_words
