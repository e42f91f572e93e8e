"""Every built-in message, as readers get it, word by word.

After a wanted change: `ITSM_SYNC_RENEW_GOLDEN=1 pytest tests/templates`, then read the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from message_desk import READERS, TITLES, WHY

from templates.context import Context, Failed
from templates.formats import journal
from templates.render import Renderer
from templates.sources import available, builtin

GOLDEN = Path(__file__).parent / "golden"
MESSAGES = available(builtin())
ALL = [(message, language) for message, languages in MESSAGES.items() for language in sorted(languages)]
NOTES = ("advice", "message-failed")
CHANGES = ("prioritised", "assigned")
BARE = {"team": "Night Watch", "priority": "P5"}
FACTS = {"service": "payments", "team": "desk-oslo", "priority": "P2", "impact": "significant"}


def contexts(make: Callable[..., Context], message: str, language: str) -> Iterator[tuple[str, Context]]:
    """Return the cases of a message with their names: readers, kinds, and a ticket that says hardly anything."""
    known = {**FACTS, "title": TITLES[language]}
    if message == "advice":
        yield "to the team", make(known, language, "team", proposals=WHY)
    elif message == "message-failed":
        failed = Failed("received", "requester", "templates/nb/received.md.j2:3: there is no 'sevice' here")
        yield "to the team", make(known, language, "team", failed=failed)
        yield "about a note", make(known, language, "team", failed=failed._replace(reader="team"))
    else:
        yield "to the requester of an incident", make(known, language, person=READERS[language])
        yield "to the requester of a request", make(known, language, person=READERS[language], kind="request")
        yield "to somebody unknown about hardly anything", make(BARE if message in CHANGES else {}, language)
        yield "to the team", make(known, language, "team", reasons=WHY)


def written(renderer: Renderer, make: Callable[..., Context], message: str, language: str) -> str:
    parts = []
    for name, context in contexts(make, message, language):
        text = renderer.render(message, language, context)
        parts.append(f"===== {name}: subject\n{text.subject}\n===== Markdown\n{text.body}\n")
        parts.append(f"===== journal\n{journal(text.body)}\n")
    return "\n".join(parts)


@pytest.mark.parametrize(("message", "language"), ALL)
def test_the_message_reads_as_it_was_approved(
    renderer: Renderer, make: Callable[..., Context], message: str, language: str
) -> None:
    file = GOLDEN / language / f"{message}.txt"
    now = written(renderer, make, message, language)
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == now


def test_no_approved_text_is_left_over() -> None:
    assert {(file.stem, file.parent.name) for file in GOLDEN.glob("*/*.txt")} == set(ALL)


def test_every_message_exists_in_every_language_of_the_pack() -> None:
    assert set(MESSAGES.values()) == {frozenset({"en", "nb", "vi"})}


@pytest.mark.parametrize(("message", "language"), ALL)
def test_a_message_is_short(renderer: Renderer, make: Callable[..., Context], message: str, language: str) -> None:
    most = 110 if language == "vi" else 80  # Vietnamese writes each syllable as a word
    for _, context in contexts(make, message, language):
        assert len(journal(renderer.render(message, language, context).body).split()) <= most


@pytest.mark.parametrize("message", [message for message in MESSAGES if message not in NOTES])
def test_a_stranger_is_greeted_without_a_gap(renderer: Renderer, make: Callable[..., Context], message: str) -> None:
    greetings = {
        language: renderer.render(message, language, make({}, language)).body.split("\n")[0] for language in READERS
    }
    assert greetings == {"en": "Hello,", "nb": "Hei,", "vi": "Chào anh/chị,"}
