"""Writes a single message as its reader will see it, for tests of rules that look into its text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from rules.cases.run import Say, Spoken
from rules.model import Action, Facts, Message, Ticket
from rules.rulebook import Rulebook
from templates.context import context
from templates.formats import journal
from templates.render import Renderer, TemplateFailed


def reading(book: Rulebook, renderer: Renderer) -> Say:
    """Return the function that renders a message; its plain letters are made only where a test looks at them."""

    def say(ticket: Ticket, facts: Facts, message: Message, others: Sequence[Action], now: datetime) -> Spoken:
        said = context(ticket, book, facts, message, now, [action.reason for action in others])
        try:
            body = renderer.render(message.message, message.language, said).body
        except TemplateFailed as error:
            return Spoken(str, str(error))
        return Spoken(partial(_plain, body))

    return say


def _plain(body: str) -> str:
    """Return Markdown as plain letters, or as it is where its marks nest too deeply for that."""
    try:
        return journal(body)
    except RecursionError:
        return body
