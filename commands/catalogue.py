"""Draws the table of all messages: whose texts they are, to whom they speak, what sends them, and what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from commands.columns import wrapped
from commands.workspace import counted

if TYPE_CHECKING:
    from templates.gaps import Texts

NAME: Final = 24
"""Columns of a message's name, with the blank after it."""


def catalogue(texts: Texts, languages: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table: a message a paragraph."""
    from templates.gaps import lacking

    lacks = lacking(texts)
    messages = texts.renderer.messages
    yield f"{counted(len(messages), 'message')}. Texts with * are your own, the others are built in."
    for message in messages:
        yield ""
        yield from _entry(texts, message, languages, lacks.get(message, ()))


def _entry(texts: Texts, message: str, languages: Sequence[str], lacks: Sequence[str]) -> Iterator[str]:
    from templates.sent import sent_by

    name = f"{message:{NAME - 1}} "
    whose = " ".join(_marked(texts, message, one) for one in languages if one in texts.renderer.messages[message])
    said = [
        whose or "in none of these languages",
        *_apart(texts, message),
        sent_by(message, texts.senders.get(message, ())),
    ]
    for first, line in zip((name, *[" " * NAME] * len(said)), said, strict=False):
        yield wrapped(line, first, " " * NAME)
    for lack in lacks:
        yield wrapped(lack, f"{' ' * (NAME - 2)}! ", " " * NAME)


def _marked(texts: Texts, message: str, language: str) -> str:
    return f"{language}*" if language in texts.messages.get(message, ()) else language


def _apart(texts: Texts, message: str) -> Iterator[str]:
    """Yield whom a message tells apart, and in which tones it speaks."""
    from templates.variants import heard

    languages = (one for one in texts.book.languages if one in texts.renderer.messages[message])
    audiences, tones = heard(texts.renderer, message, languages)
    if audiences:
        yield f"to {', '.join(audiences)}"
    if tones:
        yield ", ".join(tones)
