"""Puts what is said on one ticket at one time together: one public comment and one work note at most."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from rules.confirm import Marks, Part, part_of
from rules.model import Action, Comment, Facts, Message, Ticket, mark
from rules.rulebook import Rulebook
from templates.context import Failed, context
from templates.formats import adf, html, journal, journal_html, slack, teams, text, wiki
from templates.render import Renderer, TemplateFailed, Text, headed

BETWEEN: Final = "\n\n"
FORMATS: Final[Mapping[str, Callable[[str], str]]] = {
    "journal": journal,
    "journal_html": journal_html,
    "wiki": wiki,
    "adf": lambda markdown: json.dumps(adf(markdown), ensure_ascii=False),
    "html": html,
    "text": text,
    "slack": slack,
    "teams": lambda markdown: json.dumps(teams(markdown), ensure_ascii=False),
}
"""What platforms take, by the name that connectors give it."""

HEADLESS: Final = frozenset({"slack", "teams"})
"""Formats of doors that have no line for a subject, which often names what the text does not: the number."""


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

    def marks(self, actions: Sequence[Action]) -> Marks:
        """Return the marks to leave with each part: of a failed message that the team heard of it, not that it went."""
        failed = {action.key for action, _ in self.failed}
        kept: dict[Part, tuple[str, ...]] = {"fields": (), "comment": (), "note": ()}
        for action in actions:
            part: Part = "note" if action.key in failed else part_of(action)
            kept[part] += (_failure(action.key) if action.key in failed else mark(action.key),)
        return Marks(**kept)


def spelled(text: Text, form: str, language: str) -> str:
    """Return a whole message in one of the FORMATS; where a door has no line for it, the subject stands above.

    Pages and cards say in which language they are, for its letters and its direction.
    """
    if form == "html":
        return html(text.body, language, text.subject)
    whole = headed(text) if form in HEADLESS else text.body
    return json.dumps(teams(whole, language), ensure_ascii=False) if form == "teams" else FORMATS[form](whole)


def letters(
    ticket: Ticket,
    facts: Facts,
    actions: Sequence[Action],
    book: Rulebook,
    renderer: Renderer,
    form: str,
    now: datetime,
) -> Letters:
    """Render the messages among these actions in one of the FORMATS; `facts` are those of the decision."""
    reasons = [action.reason for action in actions if not isinstance(action, Comment)]
    public: list[str] = []
    internal: list[str] = []
    failed: list[tuple[Comment, str]] = []
    for action in actions:
        if isinstance(action, Comment):
            try:
                rendered = renderer.render(
                    action.message, action.language, context(ticket, book, facts, action, now, reasons)
                )
                (public if action.public else internal).append(_writable(action, rendered.body, form))
            except TemplateFailed as error:
                failed.append((action, str(error)))
                if _failure(action.key) not in ticket.marks:
                    internal += _told(ticket, facts, action, error, book, renderer, now)
    written = FORMATS[form]
    comment, note = (written(BETWEEN.join(texts)) if texts else "" for texts in (public, internal))
    return Letters(comment, note, tuple(failed))


def _writable(action: Message, body: str, form: str) -> str:
    """Return the text, which can be written in this format. Raises `TemplateFailed` where its marks nest too deeply."""
    try:
        FORMATS[form](body)
    except RecursionError:
        raise TemplateFailed(action.message, action.language, 1, "its marks are nested too deeply") from None
    return body


def _failure(key: str) -> str:
    """Return the mark which says that the team heard of a failed message."""
    return mark(f"{key} failed")


def _told(
    ticket: Ticket,
    facts: Facts,
    action: Comment,
    error: TemplateFailed,
    book: Rulebook,
    renderer: Renderer,
    now: datetime,
) -> list[str]:
    """Return the note that tells the team of a message that failed, or nothing where that fails, too."""
    team = book.teams.get(str(facts.get("team", "")))
    language = team.language if team is not None and team.language else book.languages[0]
    note = action._replace(message="message-failed", reader="team", public=False, language=language)
    failed = Failed(action.message, action.reader, str(error))
    try:
        return [renderer.render(note.message, language, context(ticket, book, facts, note, now, (), failed)).body]
    except TemplateFailed:
        return []
