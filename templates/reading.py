"""Writes a single message as its reader will see it, for tests of rules that look into its text."""

from __future__ import annotations

from collections.abc import Sequence

from rules.cases.run import Say
from rules.model import Action, Comment, Facts, Ticket
from rules.rulebook import Rulebook
from templates.letters import letters
from templates.render import Renderer


def reading(book: Rulebook, renderer: Renderer) -> Say:
    """Return the function that gives the text of a message in plain letters, or why there is none."""

    def say(ticket: Ticket, facts: Facts, message: Comment, others: Sequence[Action]) -> tuple[str, str]:
        made = letters(ticket, facts, [message, *others], book, renderer, "journal")
        return made.comment if message.public else made.note, "".join(why for _, why in made.failed)

    return say
