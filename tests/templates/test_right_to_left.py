"""In texts from right to left every value keeps its own direction, and nothing jumps to the other end of a line."""

from __future__ import annotations

import re
import unicodedata
from itertools import product
from typing import Any

import pytest
from message_desk import FACTS, HANDED, LATE, MESSAGES, READERS, REVIEW, TITLES, WHY, Make, cases, promising, readers

from templates.context import sample
from templates.formats import adf, journal, wiki
from templates.locales import set_apart
from templates.render import Renderer

OPEN, CLOSE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
APART = re.compile(f"{OPEN}[^{OPEN}{CLOSE}]+{CLOSE}")
MARKS = re.compile("<[^>]*>|^h[1-6][.] ", re.MULTILINE)
"""Signs of a format that nobody reads: tags, and headings of the wiki."""


def formats(body: str) -> list[str]:
    """Return what each platform takes, and every block of the document by itself."""
    return [body, journal(body), wiki(body), *texts(adf(body))]


def texts(node: dict[str, Any]) -> list[str]:
    """Return the text of each block by itself: what is set apart may hold a link, which is a text of its own."""
    parts = node.get("content", [])
    if any("text" in part for part in parts):
        return ["".join(part.get("text", "\n") for part in parts)]
    return [text for part in parts for text in texts(part)]


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_values_are_set_apart_and_every_beginning_has_its_end(renderer: Renderer, make: Make, message: str) -> None:
    for _, context in cases(make, message, "ar"):
        text = renderer.render(message, "ar", context)
        assert f"{OPEN}INC0010001{CLOSE}: " in text.subject
        for one in (text.subject, *formats(text.body)):
            around = APART.sub("", one)
            assert OPEN not in around
            assert CLOSE not in around
            assert not re.search(r"\d", MARKS.sub("", around)), around


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_each_line_begins_with_an_arabic_word(renderer: Renderer, make: Make, message: str) -> None:
    """Browsers take the direction of a line from its first letter, and some do not know what is set apart."""
    for _, context in cases(make, message, "ar"):
        text = renderer.render(message, "ar", context)
        for line in (text.subject, *journal(text.body).split("\n")):
            own, letters = ([unicodedata.bidirectional(sign) for sign in part] for part in (APART.sub("", line), line))
            assert "AL" not in own or next(one for one in letters if one in ("L", "R", "AL")) == "AL", line


@pytest.mark.parametrize("message", sorted(MESSAGES))
def test_arabic_has_its_own_signs(renderer: Renderer, make: Make, message: str) -> None:
    known = {**FACTS, **HANDED, **LATE, "title": TITLES["ar"]}
    for reader, kind in product(readers(message), ("incident", "request")):
        context = make(known, "ar", reader, READERS["ar"], kind, WHY, WHY, review=REVIEW)
        body = APART.sub("0", journal(renderer.render(message, "ar", promising(context)).body))
        assert not re.search("[,;?]|[ \u00a0][،؛؟.]|[،؛؟](?=[^\\s])", body), body


def test_a_value_cannot_end_what_sets_it_apart(renderer: Renderer, make: Make) -> None:
    body = renderer.render("received", "ar", make({"title": f"a{CLOSE}\u202eb{OPEN}c"}, "ar")).body
    assert f"«{OPEN}abc{CLOSE}»" in body


def test_marks_are_left_out_where_data_center_would_show_their_signs(renderer: Renderer) -> None:
    body = renderer.render("assigned", "ar", sample(frozenset(), "ar", public=True, full=True)).body
    assert f"*{OPEN}Service Desk{CLOSE}*" in wiki(body)
    assert "_" not in wiki(body)


@pytest.mark.parametrize(("language", "apart"), [("ar", True), ("ar-EG", True), ("fa", True), ("en", False)])
def test_values_are_set_apart_only_where_one_reads_from_right_to_left(language: str, apart: bool) -> None:
    assert (set_apart("x", language) != "x") == apart
    assert set_apart("", language) == ""
