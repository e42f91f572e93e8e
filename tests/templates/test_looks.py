"""Messages as each target shows them: its own markup is drawn, and nothing that came from a ticket is any."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from templates.formats.jira_wiki import JOINER
from templates.looks import LOOKS
from templates.values import clean, escaped
from tests.hostile.values_for_templates import VALUES

TAGS = {
    *[
        "a",
        "b",
        "i",
        "p",
        "br",
        "hr",
        "ul",
        "ol",
        "li",
        "pre",
        "code",
        "div",
        "blockquote",
        "strong",
        "em",
        "dl",
        "dt",
        "dd",
    ]
}
TAGS |= {"table", "tr", "th", "td", "h1", "h2", "h3", "h4", "h5", "h6"}
ATTRIBUTES = {"href", "dir", "style", "class", "start"}
VOID = {"br", "hr"}
TARGETS = sorted(LOOKS)


class Drawn(HTMLParser):
    """What a reader finds: the tags, all closed in order, where links lead, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert tag in TAGS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        self.links += [str(value) for name, value in attrs if name == "href"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")


def drawn(target: str, markdown: str, language: str = "en") -> Drawn:
    return Drawn(LOOKS[target][1](markdown, language))


def bare(text: str) -> str:
    """Return a text without white space, signs that nobody sees, and the brackets that journals make round."""
    return "".join(sign for sign in text if not sign.isspace() and sign not in f"[](){JOINER}")


@pytest.mark.parametrize("target", TARGETS)
def test_no_value_of_a_ticket_is_markup_in_any_target(target: str):
    plain = drawn(target, "before  after").tags
    for value in VALUES:
        said = clean(value)
        found = drawn(target, f"before {escaped(said)} after")
        assert found.tags == plain, value[:60]
        assert found.links == []
        assert bare(said)[:200] in bare(found.text), said


@pytest.mark.parametrize("target", TARGETS)
def test_the_texts_of_formats_are_drawn_whole(target: str):
    for file in sorted((Path(__file__).parent / "documents").rglob("*.md")):
        assert drawn(target, file.read_text(encoding="utf-8")).text.strip()


@pytest.mark.parametrize("target", sorted({*LOOKS} - {"text", "journal"}))
def test_bold_italics_and_links_are_shown_as_such(target: str):
    found = drawn(target, "A **bold** and *light* word, and [more](https://help.example/a?b=1&c=2).")
    assert {"strong", "em"} <= {*found.tags} or {"b", "i"} <= {*found.tags}
    assert found.links == ["https://help.example/a?b=1&c=2"]
    assert found.text.strip() == "A bold and light word, and more."


@pytest.mark.parametrize("target", TARGETS)
def test_paragraphs_and_entries_do_not_run_into_each_other(target: str):
    html = LOOKS[target][1]("One\n\n- two\n- three\n\nfour", "en")
    apart = re.split(r"<(?:p|li|div|ul)\b[^>]*>|\n", html)
    assert [sum(word in part for part in apart) for word in ("One", "two", "three", "four")] == [1] * 4
    assert len([part for part in apart if re.search("One|two|three|four", part)]) == 4


def test_lines_of_a_text_mail_flow_as_mail_programs_show_them():
    found = drawn("text", "word " * 60 + "\n\nnext")
    assert found.text == " ".join(["word"] * 60) + "\n\nnext"


@pytest.mark.parametrize("target", ["slack", "jira", "teams"])
def test_code_stays_code_and_keeps_its_signs(target: str):
    found = drawn(target, "```\n<b> & *a*\n```")
    assert "pre" in found.tags
    assert found.text.strip().replace(JOINER, "") == "<b> & *a*"


def test_slack_shows_bold_italics_within_each_other_and_quotes():
    html = LOOKS["slack"][1]("> **bold *and light* too**", "en")
    assert html == '<blockquote dir="auto"><b>bold <i>and light</i> too</b></blockquote>'


def test_a_card_has_its_own_direction():
    assert LOOKS["teams"][1]("مرحبا", "ar").startswith('<div dir="rtl">')
    assert LOOKS["teams"][1]("Hello", "en").startswith('<div dir="ltr">')
