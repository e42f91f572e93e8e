"""Forty small documents, as each format writes them, word by word.

After a wanted change: `ITSM_SYNC_RENEW_GOLDEN=1 pytest tests/templates`, then read the difference.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from templates.formats import adf, html, journal, journal_html, slack, teams, text, wiki

HERE = Path(__file__).parent
DOCUMENTS = {path.stem: path.read_text(encoding="utf-8") for path in sorted((HERE / "documents").glob("*.md"))}


def laid_out(data: object) -> str:
    return json.dumps(data, ensure_ascii=False, indent=1)


FORMATS: dict[str, Callable[[str, str], str]] = {
    "adf": lambda markdown, language: laid_out(adf(markdown)),
    "html": html,
    "journal": lambda markdown, language: journal(markdown),
    "journal_html": journal_html,
    "slack": lambda markdown, language: slack(markdown),
    "teams": lambda markdown, language: laid_out(teams(markdown, language)),
    "text": lambda markdown, language: text(markdown),
    "wiki": lambda markdown, language: wiki(markdown),
}


def language_of(name: str) -> str:
    """Return the language at the end of a document's name; `und` is one that nobody knows."""
    return name.rpartition(".")[2].removesuffix("und")


@pytest.mark.parametrize("form", FORMATS)
def test_the_documents_are_written_as_they_were_approved(form: str) -> None:
    file = HERE / "golden_formats" / f"{form}.txt"
    now = "\n".join(
        f"===== {name}\n{FORMATS[form](markdown, language_of(name))}\n" for name, markdown in DOCUMENTS.items()
    )
    if os.environ.get("ITSM_SYNC_RENEW_GOLDEN"):
        file.write_text(now, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == now


def test_there_are_forty_documents() -> None:
    assert len(DOCUMENTS) == 40
