"""The language of a short ticket text is told rightly or not at all."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from templates.detector import detected

TEXTS = Path(__file__).parent / "short_texts"
OURS = ("en", "nb", "vi", "zh-Hans", "es", "fr", "de", "ja", "pt-BR", "ar")
ROOT = Path(__file__).parents[2]


@cache
def answers(name: str) -> tuple[tuple[str, str], ...]:
    """Return the texts of a file, with what is told of each."""
    lines = (TEXTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return tuple((line, detected(line.split("\t")[-1])) for line in lines)


@pytest.mark.parametrize("language", OURS)
def test_six_in_ten_texts_are_told(language: str) -> None:
    told = [answer for _, answer in answers(language) if answer]
    assert len(answers(language)) == 30
    assert len(told) >= 18


@pytest.mark.parametrize("half", [0, 1], ids=["chosen by", "held back"])
def test_what_is_told_is_right_in_98_of_100(half: int) -> None:
    told = [(language, answer) for language in OURS for _, answer in answers(language)[half::2] if answer]
    assert sum(language == answer for language, answer in told) >= 0.98 * len(told)


def test_codes_names_words_of_many_languages_and_mixtures_stay_undecided() -> None:
    assert len(answers("undecided")) == 60
    assert len([text for text, answer in answers("undecided") if answer]) <= 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Skriveren virker ikke i dag heller\n\nMvh Kari Nordmann\nHarbour Car Hire AS", "nb"),
        ("Hallo,\n\nmein Bildschirm bleibt schwarz.\n\nMit freundlichen Grüßen\nJan Müller\nHarbour Car Hire", "de"),
        ("Hello team,\n\nthe printer is broken again.\n\nKind regards,\nNguyễn Văn Khánh", "en"),
        ("Fehlermeldung - The file cannot be opened because another user has locked it", ""),
        ("Skriveren virker ikke.\n\nThis e-mail is confidential. If you are not the addressee, delete it.", ""),
    ],
)
def test_names_below_a_mail_tell_nothing_and_other_sentences_are_doubts(text: str, language: str) -> None:
    assert detected(text) == language


def test_no_text_in_a_neighbouring_language_is_taken_for_one_of_ours() -> None:
    wrong = [(line, answer) for line, answer in answers("others") if answer in OURS]
    assert wrong == []


@given(st.text())
@example("\ud800 hello there")
@example("a" * 100_000)
@example('"' * 5_000 + "“" * 5_000)
@settings(max_examples=100, deadline=None)
def test_any_text_has_an_answer_and_always_the_same(text: str) -> None:
    assert detected(text) == detected(text)


def test_nothing_heavy_is_loaded_before_a_text_needs_it() -> None:
    program = "from templates.detector import detected; print(*map(detected, ('VPN 809', '今朝から出ません')))"
    program = f"import sys; {program}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    assert not {"py3langid", "numpy"} & set(done.stdout.split())
