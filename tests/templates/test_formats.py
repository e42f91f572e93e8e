"""Every format shows a text as it stands: nothing of it is markup, a mention or a link, whatever is written in it."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from templates.formats import adf, html, journal, journal_html, slack, teams, text, wiki
from templates.formats.markdown import direction
from templates.values import clean, escaped
from tests.templates.format_readers import (
    JOINER,
    Page,
    card_active,
    card_shown,
    card_texts,
    code_tag,
    slack_active,
    slack_shown,
    unflowed,
)
from tests.templates.test_format_documents import DOCUMENTS, language_of
from tests.templates.test_wiki_format import FRAGMENTS

MORE = ["<!channel>", "<@U1>", "@here", "#general", ":smile:", "<at>Ida</at>", "{{DATE(2020)}}", "[/code]", "[code]"]
MORE += [
    "__",
    "~~",
    "1.",
    "1)",
    "> ",
    "&gt;",
    "\u2068",
    "\u2069",
    "From ",
    "--",
    "`",
    "~~~",
    "=",
    "<https://x.example|y>",
    "\u00a0",
]
FEW = settings(max_examples=25)
"""Each of these is asked in nine places."""

VALUES = (
    st.lists(st.sampled_from([*FRAGMENTS, *MORE, " "]) | st.text(max_size=3), min_size=1, max_size=8)
    .map("".join)
    .map(lambda value: clean(value.replace(JOINER, "")))
    .filter(bool)
)
ANY = st.text(st.sampled_from("ab1 \n\t-*_`#>[]()!<&;:/.|\\~=\"'@ש"), max_size=80) | st.text(max_size=200)
TABLE = "| a | b |\n| --- | --- |\n| {v} | c |"
PLACES = ["{v}", "**{v}**", "# {v}", "- {v}", "> {v}", "1. a *b{v}*", "[{v}](https://d.example)", "a\\\n{v}", TABLE]


def filled(place: str, value: str) -> str:
    return place.replace("{v}", f"¤{escaped(value)}¤")


def between(written: str) -> str:
    return written[written.index("¤") + 1 : written.rindex("¤")]


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(value=VALUES)
def test_html_shows_a_text_as_it_is(place: str, value: str) -> None:
    page, empty = Page(html(filled(place, value))), Page(html(place.replace("{v}", "¤¤")))
    assert between(page.text) == value
    assert page.found == empty.found


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(value=VALUES)
def test_html_in_journals_shows_a_text_as_it_is(place: str, value: str) -> None:
    page = Page(code_tag(journal_html(filled(place, value), "en")))
    assert between(page.text) == value
    assert page.found == Page(code_tag(journal_html(place.replace("{v}", "¤¤"), "en"))).found


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(value=VALUES)
def test_mail_flows_back_to_the_same_text_in_the_same_quotes(place: str, value: str) -> None:
    paragraphs = unflowed(text(filled(place, value)))
    assert between("\n".join(paragraph for _, paragraph in paragraphs)) == value
    assert {depth for depth, _ in paragraphs} == {int(place.startswith(">"))}


@example(value="> a", place="{v}")
@example(value="-- " + "x" * 99, place="{v}")
@given(value=VALUES, place=st.sampled_from(["{v}", "# {v}", "> {v}", "- {v}"]))
def test_a_text_in_front_of_a_line_of_mail_is_no_quote_and_no_signature(value: str, place: str) -> None:
    written = text(place.replace("{v}", escaped(value)))
    lines = unflowed(written)
    shown = "\n".join(paragraph.removeprefix("- ") if place.startswith("-") else paragraph for _, paragraph in lines)
    assert shown == value.rstrip(" ")
    assert {depth for depth, _ in lines} == {int(place.startswith(">"))}
    assert "-- " not in re.split(r"\n>? ?", written)
    assert "\nFrom " not in f"\n{written}"


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(value=VALUES)
def test_no_text_is_markup_in_slack(place: str, value: str) -> None:
    written = between(slack(filled(place, value)))
    assert [name for name in slack_active(written) if name != "quote"] == []
    assert slack_shown(written) == value


@example(value="> a", place="{v}")
@example(value="> a", place="a\\\n{v}")
@given(value=VALUES, place=st.sampled_from(["{v}", "# {v}", "- {v}", "a\\\n{v}"]))
def test_a_text_in_front_of_a_line_is_no_markup_in_slack(value: str, place: str) -> None:
    written = slack(place.replace("{v}", escaped(value)))
    assert set(slack_active(written)) <= ({"bold"} if place.startswith("#") else set())


@pytest.mark.parametrize("place", PLACES)
@FEW
@given(value=VALUES)
def test_no_text_is_markup_in_teams(place: str, value: str) -> None:
    card = teams(filled(place, value))
    assert between(card_shown(card)) == value
    assert card_active(card) <= card_active(teams(place.replace("{v}", "¤v¤")))


@example(value="# a", place="{v}")
@example(value="1) a", place="> {v}")
@given(value=VALUES, place=st.sampled_from(["{v}", "# {v}", "> {v}", "a\\\n{v}", TABLE]))
def test_a_text_in_front_of_a_line_is_no_markup_in_teams(value: str, place: str) -> None:
    assert card_active(teams(place.replace("{v}", escaped(value)))) == set()


@given(value=VALUES)
def test_a_text_in_a_table_stays_in_its_cell(value: str) -> None:
    markdown = filled(TABLE, value)
    texts = [cell["content"][0]["content"][0]["text"] for row in adf(markdown)["content"][0]["content"]  # type: ignore[index, attr-defined]
             for cell in row["content"]]  # fmt: skip
    assert texts == ["a", "b", f"¤{value}¤", "c"]
    assert len(re.findall(r"(?<!\\)\|", wiki(markdown))) == 9


@given(markdown=ANY, language=st.sampled_from(["", "en", "ar"]))
@example(markdown="`\t1`", language="")
def test_anything_can_be_written(markdown: str, language: str) -> None:
    Page(html(markdown, language))
    written = journal_html(markdown, language)
    assert written == "" or Page(code_tag(written))
    for paragraph in text(markdown).split("\n"):
        assert paragraph != "-- "
    special = re.findall(r"<([^>]*)>", slack(markdown))
    assert all(link.lower().startswith(("https://", "http://", "mailto:")) for link in special)
    assert "[code]" not in journal(markdown)
    for kind in card_active(teams(markdown, language)):
        assert kind in {"strong", "em", "link", "bullet_list", "ordered_list", "list_item", "address"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_can_be_read_back(name: str) -> None:
    markdown, language = DOCUMENTS[name], language_of(name)
    page, inside = Page(html(markdown, language)), Page(code_tag(journal_html(markdown, language)))
    assert "".join(inside.text.split()) == "".join(page.text.split())
    assert page.links() == inside.links()
    card = teams(markdown, language)
    assert card_active(card) <= {"strong", "em", "link", "bullet_list", "ordered_list", "list_item"}
    assert all(card_texts(card)) or "table" in name or "list" in name
    assert len("".join(paragraph for _, paragraph in unflowed(text(markdown)))) > 0


@pytest.mark.parametrize(
    ("language", "words", "expected"),
    [
        ("ar", "INC1", "rtl"),
        ("ar-EG", "", "rtl"),
        ("pa_Arab", "", "rtl"),
        ("en", "محمد", "ltr"),
        ("zh-Hans", "", "ltr"),
        ("", "12 שלום INC", "rtl"),
        ("", "INC1 שלום", "ltr"),
        ("", "12", "ltr"),
    ],
)
def test_the_language_gives_the_direction_and_else_the_first_letter(language: str, words: str, expected: str) -> None:
    assert direction(language, words) == expected


def test_pages_and_cards_say_their_language_and_direction() -> None:
    assert Page(html("a", "ar")).found[0] == ("html", {"lang": "ar", "dir": "rtl"})
    assert Page(html("a", "en")).found[0] == ("html", {"lang": "en", "dir": "ltr"})
    assert Page(html("a")).found[0] == ("html", {"dir": "auto"})
    assert '<div dir="rtl">' in journal_html("a", "ar")
    assert (teams("a", "ar")["rtl"], teams("a", "ar")["lang"]) == (True, "ar")
    assert "rtl" not in teams("שלום", "en")
    assert teams("שלום")["rtl"] is True


@pytest.mark.parametrize("write", [adf, html, journal, journal_html, slack, teams, text, wiki])
def test_isolates_stay_where_they_are(write: Callable[[str], object]) -> None:
    words = "\u2068INC1\u2069 \u2067שלום\u2069"
    assert words in json.dumps(write(f"x {words}"), ensure_ascii=False)


def test_a_line_of_mail_breaks_within_nothing_that_is_set_apart() -> None:
    names = " ".join(f"(\u2068Ida Berg {number}\u2069) من" for number in range(20))
    rows = text(names).split("\n")
    assert len(rows) > 5
    assert all(row.count("\u2068") == row.count("\u2069") for row in rows)
    assert max(map(len, rows)) <= 74
    assert [said for _, said in unflowed(text(names))] == [names]


def test_a_long_value_that_is_set_apart_is_broken_all_the_same() -> None:
    assert max(map(len, text(f"\u2068{'word ' * 60}\u2069").split("\n"))) <= 74


def test_entries_of_a_list_stand_together_though_conditions_leave_blank_lines_between_them() -> None:
    tags = [tag for tag, _ in Page(html("- a\n\n- b\n\n1. c\n\n   d", "en")).found]
    assert tags[-7:] == ["ul", "li", "li", "ol", "li", "p", "p"]


@pytest.mark.parametrize(("language", "is_upright"), [("ar", True), ("ja", True), ("zh-Hans", True), ("vi", False)])
def test_no_letters_are_slanted_that_have_no_italics(language: str, is_upright: bool) -> None:
    (said,) = [attrs for tag, attrs in Page(html("*a*", language)).found if tag == "em"]
    assert ("font-style:normal" in str(said.get("style"))) is is_upright


def test_a_page_fits_a_phone_and_no_word_makes_it_wider() -> None:
    page = Page(html("x" * 300, "en", "Title"))
    assert ("meta", {"name": "viewport", "content": "width=device-width, initial-scale=1"}) in page.found
    style = next(str(attrs["style"]) for tag, attrs in page.found if tag == "div")
    assert {"max-width:600px", "overflow-wrap:anywhere", "font-size:16px"} <= set(style.split(";"))
    assert not [
        attrs for _, attrs in page.found if re.search(r"(?<![-\w])width:|white-space:(?:pre|nowrap);", str(attrs))
    ]


def calls(write: Callable[[str], object], markdown: str) -> int:
    """Return how many functions are called to write this: work, counted instead of timed."""
    count = 0

    def seen(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(seen)
    try:
        write(markdown)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.long
@pytest.mark.parametrize("write", [adf, html, journal_html, slack, teams, text, wiki])
@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![a](",
        "| a ",
        "*a **b ",
        "**a** ",
        "1. a\n",
        "- a\n  - b\n",
        "> a\n\n",
        "\\*",
        "\u2068a b",
        "(\u2068a\u2069",
        "|a|\n|-|\n|b|\n\n",
    ],
)
def test_twice_the_text_is_no_more_than_twice_the_work(write: Callable[[str], object], piece: str) -> None:
    write("")  # what is made once is made
    assert calls(write, piece * 200) < 2.3 * calls(write, piece * 100) + 500


def test_a_page_loads_nothing() -> None:
    written = "".join(html(markdown) for markdown in DOCUMENTS.values())
    assert not re.search(r"<(?:img|link|script|style|iframe)|url\(|src=|@import", written)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,a", "file:///a", "/a", "ftp://a.example"])
def test_links_that_lead_elsewhere_are_text(address: str) -> None:
    markdown = f"[a]({address})"
    assert Page(html(markdown)).links() == Page(code_tag(journal_html(markdown))).links() == []
    assert "<" not in slack(markdown)
    assert "link" not in card_active(teams(markdown))
    assert "<" not in text(markdown)
