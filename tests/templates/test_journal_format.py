"""Markdown becomes plain text that reads well in a journal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.formats import journal, one_line


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Hello **you**, *there*", "Hello you, there"),
        ("one\ntwo", "one two"),
        ("one\\\ntwo", "one\ntwo"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("- a\n- b\n  - c", "- a\n- b\n  - c"),
        ("3. a\n4. b", "3. a\n4. b"),
        ("- a\n\n  more", "- a\n  more"),
        ("> said\n>\n> twice", "> said\n>\n> twice"),
        ("[the portal](https://desk.example/a)", "the portal (https://desk.example/a)"),
        ("<https://desk.example/a>", "https://desk.example/a"),
        ("<it@desk.example>", "it@desk.example"),
        ("![a picture](https://desk.example/p.png)", "a picture"),
        ("[x](javascript:alert)", "[x](javascript:alert)"),
        ("`code` here", "code here"),
        ("```\na  b\n\nc\n```", "    a  b\n\n    c"),
        ("a\n\n---\n\nb", "a\n\n---\n\nb"),
        ("a &amp; b", "a & b"),
        ("<b>not markup</b>", "<b>not markup</b>"),
        ("a\x07b\u2028c", "abc"),
        ("`[code]`", "(code)"),
        ("[/CODE]", "(/CODE)"),
        ("", ""),
    ],
)
def test_markdown_reads_as_plain_text(markdown: str, text: str) -> None:
    assert journal(markdown) == text


@given(st.text(max_size=200))
def test_no_markdown_opens_html_in_a_journal(markdown: str) -> None:
    assert "[code]" not in journal(markdown + "[code]" + markdown).casefold()


def test_a_subject_loses_its_markup_and_its_lines() -> None:
    assert one_line("INC1:\n **solved** \\# 1") == "INC1: solved # 1"
