"""Each built-in translation was read against the English text of today: who changes that reads the others again.

After that: `ITSM_SYNC_RENEW_GOLDEN=1 pytest tests/templates/test_translations.py -k LANGUAGE`. It notes for the
translations of this language which English text they were read against.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from message_desk import ALL

from templates.marks import digest
from templates.sources import ENDING, builtin

NOTED = Path(__file__).parent / "golden" / "translations.txt"
SOURCE = "en"
TRANSLATED = [(message, language) for message, language in ALL if language != SOURCE]


def noted() -> dict[tuple[str, str], str]:
    """Return message and language → the digest of the English text that it was read against."""
    lines = (line.split() for line in NOTED.read_text(encoding="utf-8").splitlines())
    return {(message, language): mark for message, language, mark in lines}


@pytest.mark.parametrize(("message", "language"), TRANSLATED)
def test_a_translation_was_read_since_the_english_text_changed(message: str, language: str):
    today = digest(builtin()[f"{SOURCE}/{message}{ENDING}"])
    marks = noted()
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        marks[message, language] = today
        lines = sorted(f"{one} {spoken} {mark}\n" for (one, spoken), mark in marks.items())
        NOTED.write_text("".join(lines), encoding="utf-8")
    assert marks.get((message, language)) == today, f"en/{message} changed: read {language}/{message} against it"


def test_nothing_is_noted_of_texts_that_are_gone():
    assert {*noted()} <= {*TRANSLATED}
