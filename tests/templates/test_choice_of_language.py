"""Readers get the nearest language that the desk speaks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.language import Wish, chain, choose

DESK = ("en", "nb", "vi", "zh-Hans")


@pytest.mark.parametrize(
    ("code", "languages"),
    [
        ("nn", ("nn", "nb", "en")),
        ("no", ("no", "nb", "en")),
        ("nb_NO", ("nb-NO", "nb", "en")),
        ("zh-TW", ("zh-TW", "zh-Hant", "zh-Hans", "en")),
        ("zh-CN", ("zh-CN", "zh-Hans", "en")),
        ("zh-Hant-TW", ("zh-Hant-TW", "zh-Hant", "zh-Hans", "en")),
        ("zt", ("zh-Hant", "zh-Hans", "en")),
        ("zh", ("zh", "zh-Hans", "en")),
        ("pt", ("pt", "pt-BR", "en")),
        ("pb", ("pt-BR", "pt", "en")),
        ("pt-PT", ("pt-PT", "pt-BR", "pt", "en")),
        ("fq", ("fr-CA", "fr", "en")),
        ("en-GB", ("en-GB", "en")),
        ("vi", ("vi", "en")),
        ("", ("en",)),
        ("Norsk (bokmål)", ("en",)),
        ("x" * 10_000, ("en",)),
    ],
)
def test_a_language_falls_back_to_its_nearest_kin(code: str, languages: tuple[str, ...]) -> None:
    assert chain(code, "en") == languages


@given(st.text(max_size=12), st.sampled_from(["en", "nb", ""]))
def test_every_chain_ends_with_the_last_resort_and_repeats_nothing(code: str, last: str) -> None:
    languages = chain(code, last)
    assert len(set(languages)) == len(languages)
    assert last in languages or last == ""


def test_a_reader_gets_their_own_language() -> None:
    assert choose((Wish("nb"),), frozenset(DESK), DESK) == ("nb", "the reader's own language")


def test_a_neighbouring_language_is_named_as_such() -> None:
    assert choose((Wish("zh-TW"),), frozenset(DESK), DESK) == ("zh-Hans", "the nearest to the reader's zh-TW")


def test_without_a_known_language_the_desk_speaks_its_first() -> None:
    assert choose((), frozenset(DESK), DESK) == ("en", "the desk's language, as the reader's language is unknown")


def test_a_language_that_the_desk_does_not_speak_is_not_used_though_there_is_a_message_in_it() -> None:
    language, why = choose((Wish("vi"),), frozenset({"en", "vi"}), ("en", "nb"))
    assert (language, why) == ("en", "the desk's language, as there is no message in the reader's vi")


def test_the_second_wish_counts_when_the_first_cannot_be_met() -> None:
    assert choose((Wish("fr"), Wish("nn")), frozenset(DESK), DESK)[0] == "nb"


def test_a_message_that_exists_in_another_language_only_is_sent_in_that() -> None:
    assert choose((Wish("fr"),), frozenset({"es"}), DESK)[0] == "es"


def test_a_message_that_exists_nowhere_has_no_language() -> None:
    assert choose((Wish("nb"),), frozenset(), DESK)[0] == ""
