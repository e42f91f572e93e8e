"""Lines of 80 columns, of whatever a platform may send."""

from __future__ import annotations

import pytest

from commands.columns import columns, wrapped


@pytest.mark.parametrize(
    "text", ["x" * 300, "海港" * 100, "a word " * 40, "e\u0301" * 200, "海 " * 90, "x " + "港" * 77]
)
def test_no_line_is_wider_than_eighty_columns_and_no_letter_is_lost(text):
    said = wrapped(text)
    assert max(map(columns, said.splitlines())) <= 80
    assert "".join(said.split()) == "".join(text.split())
    assert said.startswith("  ")


def test_nothing_that_steers_a_terminal_or_breaks_a_line_is_printed():
    assert wrapped("a\x1b[2Jb\nc\td") == "  a�[2Jb c d"


def test_blanks_between_words_stay_where_they_stand_in_a_line():
    assert wrapped("left       route: why") == "  left       route: why"


def test_no_line_begins_with_a_sign_that_ends_a_sentence():
    for width in range(10, 40, 2):
        lines = wrapped("問題が解決しました。ご確認ください、お願いします。" * 3, "", "", width).split("\n")
        assert max(map(columns, lines)) <= width
        assert [line for line in lines if line[0] in "。、"] == []
        assert "".join(lines) == "問題が解決しました。ご確認ください、お願いします。" * 3
