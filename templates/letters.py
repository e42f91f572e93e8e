"""Puts what is said on one ticket at one time together: one public comment and one work note at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rules.model import Action, Comment, Facts, Ticket
from rules.rulebook import Rulebook
from templates.context import Failed, context
from templates.formats import journal
from templates.render import Renderer, TemplateFailed

BETWEEN = "\n\n"


class Letters(NamedTuple):
    """The texts of one write, "" where there is none, and the messages that failed, with why.

    A failed message is not sent; the note tells the team of it.
    """

    comment: str
    note: str
    failed: tuple[tuple[Comment, str], ...]

    def spoken(self, actions: Sequence[Action]) -> dict[str, str]:
        """Return the text in which each message among these actions is said, by the action's key."""
        texts = {True: self.comment, False: self.note}
        return {a.key: texts[a.public] for a in actions if isinstance(a, Comment) and texts[a.public]}


def letters(ticket: Ticket, facts: Facts, actions: Sequence[Action], book: Rulebook, renderer: Renderer) -> Letters:
    """Render the messages among these actions; `facts` are those of the decision."""
    reasons = [action.reason for action in actions if not isinstance(action, Comment)]
    public: list[str] = []
    internal: list[str] = []
    failed: list[tuple[Comment, str]] = []
    for action in actions:
        if isinstance(action, Comment):
            try:
                rendered = renderer.render(
                    action.message, action.language, context(ticket, book, facts, action, reasons)
                )
                (public if action.public else internal).append(journal(rendered.body))
            except TemplateFailed as error:
                failed.append((action, str(error)))
                internal += _told(ticket, facts, action, error, book, renderer)
    return Letters(BETWEEN.join(public), BETWEEN.join(internal), tuple(failed))


def _told(
    ticket: Ticket, facts: Facts, action: Comment, error: TemplateFailed, book: Rulebook, renderer: Renderer
) -> list[str]:
    """Return the note that tells the team of a message that failed, or nothing where that fails, too."""
    team = book.teams.get(str(facts.get("team", "")))
    language = team.language if team is not None and team.language else book.languages[0]
    note = action._replace(message="message-failed", reader="team", public=False, language=language)
    failed = Failed(action.message, action.reader, str(error))
    try:
        return [journal(renderer.render(note.message, language, context(ticket, book, facts, note, (), failed)).body)]
    except TemplateFailed:
        return []
