"""Puts what is said on one ticket at one time together: one public comment and one work note at most."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rules.model import Action, Comment, Facts, Ticket, mark
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
        texts, failed = {True: self.comment, False: self.note}, {action.key for action, _ in self.failed}
        said = (a for a in actions if isinstance(a, Comment) and a.key not in failed)
        return {a.key: texts[a.public] for a in said if texts[a.public]}

    def marks(self, actions: Sequence[Action]) -> list[str]:
        """Return the marks to leave: of a failed message that the team heard of it, and not that it was sent.

        Messages come first, since a short field cuts marks off: repeating them does harm, repeating values does not.
        """
        failed = {action.key for action, _ in self.failed}
        ordered = sorted(actions, key=lambda action: not isinstance(action, Comment))
        return [_failure(a.key) if a.key in failed else mark(a.key) for a in ordered]


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
                if _failure(action.key) not in ticket.marks:
                    internal += _told(ticket, facts, action, error, book, renderer)
    return Letters(BETWEEN.join(public), BETWEEN.join(internal), tuple(failed))


def _failure(key: str) -> str:
    """Return the mark which says that the team heard of a failed message."""
    return mark(f"{key} failed")


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
