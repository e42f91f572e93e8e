"""Every built-in message, as readers get it, word by word.

After a wanted change: `ITSM_SYNC_RENEW_GOLDEN=1 pytest tests/templates`, then read the difference.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from message_desk import ALL, MESSAGES, Make, cases

from templates.render import Renderer

GOLDEN = Path(__file__).parent / "golden"


def written(renderer: Renderer, make: Make, message: str, language: str) -> str:
    parts = []
    for name, context in cases(make, message, language):
        text = renderer.render(message, language, context)
        parts.append(f"# {name}: {text.subject}\n\n{text.body}\n")
    return "\n".join(parts)


@pytest.mark.parametrize(("message", "language"), ALL)
def test_the_message_reads_as_it_was_approved(renderer: Renderer, make: Make, message: str, language: str) -> None:
    file = GOLDEN / language / f"{message}.md"
    now = written(renderer, make, message, language)
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(now, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == now


def test_no_approved_text_is_left_over() -> None:
    assert {(file.stem, file.parent.name) for file in GOLDEN.glob("*/*.md")} == set(ALL)


def test_every_message_exists_in_every_language_of_the_pack() -> None:
    assert set(MESSAGES.values()) == {frozenset({"en", "nb", "vi", "zh-Hans", "es", "fr", "de", "ja", "pt-BR", "ar"})}
