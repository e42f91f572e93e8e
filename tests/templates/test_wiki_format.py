"""Markdown becomes wiki markup for Jira, and no text from a ticket is markup in it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.formats import wiki
from templates.values import clean, escaped
from tests.templates.wiki_reader import JOINER, active, read_again, shown

FRAGMENTS = [
    "a", "b", "X", "1", "é", "网", "“", "”", "\\", "\\\\", "{", "}", "{{", "}}", "[", "]", "|", "||", "!", "(", ")",
    "*", "_", "-", "+", "^", "~", "?", "??", "#", "@", "%", "&", "&lt;", "&#45;", ":", ";", ":)", ":D", ":P", ";-)",
    "(y)", "(!)", "--", "---", "----", "h1.", "bq.", "{code}", "{noformat}", "{quote}", "{color:red}", "{*}",
    "[~ida]", "[~accountid:1]", "[a|http://x.example]", "[^f.pdf]", "!x.png!", "*b*", "_i_", "-s-", "+i+", "^s^",
    "~s~", "??c??", "{{m}}", "http://", "https://x.example/a_b-c?q=1|b]", "https://x.example:8080/a--b",
    '"https://x.example/_a_/-b-', "h6.",
    "mailto:a_b@x.example", "ftp://x", "file:///etc", "irc://x", ".", ",", "/", "PAY-12", "C:\\Users\\ida",
    "\\\\server\\share"
]  # fmt: skip
VALUES = (
    st.lists(st.sampled_from(FRAGMENTS) | st.sampled_from([" "]) | st.text(max_size=3), min_size=1, max_size=7)
    .map("".join)
    .map(lambda text: clean(text.replace(JOINER, "")))
    .filter(bool)
)


@pytest.mark.parametrize(
    ("markdown", "markup"),
    [
        ("Hello **you**, *there*", "Hello *you*, _there_"),
        ("由**网络**处理", "由{*}网络{*}处理"),
        ("网**a\\*b**网", "网a*b网"),
        ("网**a*b***网", "网{*}a{_}b{_}{*}网"),
        ("***both***", "_*both*_"),
        ("**a __b__ c**", "*a b c*"),
        ("one\ntwo", "one two"),
        ("**one\\\ntwo**", "*one\\\\ two*"),
        ("one\n\ntwo", "one\n\ntwo"),
        ("## Title\n\ntext", "h2. Title\n\ntext"),
        ("- a\n- b\n  1. c\n- d", "* a\n* b\n*# c\n* d"),
        ("1. a\n   - b", "# a\n#* b"),
        ("- - a", "** a"),
        ("- a\n\n  more", "* a\nmore"),
        ("-", "* "),
        ("> said\n>\n> > twice", "{quote}\nsaid\n\ntwice\n{quote}"),
        ("- a\n\n  > said", "* a\n{quote}\nsaid\n{quote}"),
        ("[the portal](https://desk.example/a)", "[the portal|https://desk.example/a]"),
        ("[**bold**](https://desk.example)", "[*bold*|https://desk.example]"),
        ("<https://desk.example/a-b?c=1>", f"https://desk.example/a-b?c=1{JOINER}"),
        ("<https://desk.example/(a)>", f"[https://desk.example/{JOINER}\\(a\\)|https://desk.example/(a)]"),
        ("<it@desk.example>", "[it@desk.example|mailto:it@desk.example]"),
        ("[x](<https://desk.example/a|b]c!d>)", "[x|https://desk.example/a%7Cb%5Dc%21d]"),
        ("[](https://desk.example/a)", f"https://desk.example/a{JOINER}"),
        ("[x](ftp://desk.example)", f"x \\(ftp:{JOINER}//desk.example\\)"),
        ("![a picture](https://desk.example/p.png)", "a picture"),
        ("`code` here", "{{code}} here"),
        ("`{a}`", f"{{{{{JOINER}\\{{a\\}}{JOINER}}}}}"),
        ("网`code`", "网code"),
        ("```python\na  b\n\nc\n```", "{noformat}\na  b\n\nc\n{noformat}"),
        ("a\n\n---\n\nb", "a\n\n----\n\nb"),
        ("a &amp; b", "a & b"),
        ("<b>not markup</b>", "<b>not markup</b>"),
        ("", ""),
    ],
)
def test_markdown_becomes_the_notation_of_jira(markdown: str, markup: str) -> None:
    assert wiki(markdown) == markup


@pytest.mark.parametrize(
    ("value", "markup"),
    [
        ("PAY-12: snake_case is 2*3", "PAY-12: snake_case is 2*3"),
        ("C:\\Users\\ida", "C:\\Users\\ida"),
        ("see https://x.example/a_b?q=1.", f"see https://x.example/a_b?q=1{JOINER}."),
        ("{code}x{code}", "\\{code\\}x\\{code\\}"),
        ("[~ida]", "\\[\\~ida\\]"),
        ("\\*", f"\\{JOINER}\\*"),
        ("\\\\server", f"\\{JOINER}\\server"),
        ("h1. big", f"h1{JOINER}. big"),
        ("fine :D", f"fine :{JOINER}D"),
        ("fine :)", "fine :\\)"),
        ("a &lt; b", f"a &{JOINER}lt; b"),
        ("{{mono}}", f"\\{{{JOINER}\\{{mono\\}}{JOINER}\\}}"),
        ("| a |", "\\| a \\|"),
        ("- a", "\\- a"),
        ("mailto:ida@x.example", f"mailto{JOINER}:ida@x.example"),
    ],
)
def test_only_what_could_be_markup_is_escaped(value: str, markup: str) -> None:
    assert wiki(escaped(value)) == markup


@pytest.mark.parametrize(
    ("markup", "name"),
    [
        ("{code}", "macro"),
        ("[~ida]", "link"),
        ("a\n|b|", "table"),
        ("# a", "list"),
        ("h1. a", "heading"),
        ("bq. a", "quote"),
        ("----", "rule"),
        ("a\\\\b", "line"),
        ("https://x.example/a\\-b", "swallowed backslash"),
        ("mailto:a", "address"),
        ("\\{\\{a\\}\\}", "fixed width"),
        ("a{*}b{*}", "mark in braces"),
        ("(y)", "emoticon"),
        (":D", "emoticon"),
        ("&lt;", "entity"),
        ("a -- b", "dash"),
        ("!x.png!", "image"),
        ("??a??", "citation"),
        ("*a b*", "bold"),
        ("_a_", "italic"),
        ("-a-", "deleted"),
        ("+a+", "inserted"),
        ("a ^b^", "superscript"),
        ("~b~", "subscript"),
    ],
)
def test_the_reader_knows_markup_when_it_sees_it(markup: str, name: str) -> None:
    assert name in active(markup)


@pytest.mark.parametrize("place", ["{v}", "# {v}", "- {v}", "> {v}", "1. - {v}", "a `b` {v} `c`", "a\\\n{v}"])
@given(value=VALUES)
def test_no_text_is_markup_wherever_it_stands(place: str, value: str) -> None:
    before, after = wiki(place.replace("{v}", "¤")).split("¤")
    written = wiki(place.replace("{v}", escaped(value)))
    assert written.startswith(before)
    assert written.endswith(after)
    text = written[len(before) : len(written) - len(after)]
    assert active(text) == []
    assert shown(text) == value


@pytest.mark.parametrize("place", ["**{v}**", "网**{v}**网", "*{v}*", "**a *{v}* b**", "**`{v}`**"])
@given(value=VALUES)
def test_no_text_is_markup_in_bold_where_the_cloud_reads_it_twice(place: str, value: str) -> None:
    inside = f"ø{value.replace('`', '')}ø"
    written = wiki(place.replace("{v}", inside if "`" in place else escaped(inside)))
    text = written[written.index("ø") : written.rindex("ø") + 1]
    assert active(text) == []
    assert active(read_again(text)) == [] or ("[" in value and not set("*_") & {written[0], written[-1]})
    assert shown(text) == inside


def test_bold_text_with_a_bracket_is_plain_since_the_cloud_would_read_a_mention() -> None:
    assert "*" not in wiki("**" + escaped("[~ida]") + "**")


@given(value=VALUES)
def test_the_text_of_a_link_leads_nowhere_else(value: str) -> None:
    written = wiki(f"[{escaped(value)}](https://desk.example/a)")
    text = written.removeprefix("[").removesuffix("|https://desk.example/a]")
    if text == written:  # no text of a link can hold these signs: it is written out, with the address
        assert active(text) == []
        assert shown(text) == f"{value} (https://desk.example/a)"
    else:
        assert not set(text) & set("[]|!")
        assert shown(text) == value


@given(value=st.text(st.characters(exclude_categories=["Cs"])))
def test_the_address_of_a_link_stays_one(value: str) -> None:
    found = re.findall(r"\[x\|(.*)\]", wiki(f"[x](<https://desk.example/{escaped(value)}>)"))
    assert not any(set(address) & set("[]|!{}*^\\ ") for address in found)


@pytest.mark.parametrize("end", ["{noformat}", "{NoFormat}", "{quote}", "{noformat:x}", "{ noformat}", "{\\noformat}"])
def test_no_text_ends_a_block_of_code(end: str) -> None:
    written = wiki(f"> ```\n> {end}\n> ```")
    assert (
        written.removeprefix("{quote}\n{noformat}\n").removesuffix("\n{noformat}\n{quote}").replace(JOINER, "") == end
    )
    assert written.lower().count("{noformat") == 2
    assert end not in written.removeprefix("{quote}\n{noformat}\n").removesuffix("\n{noformat}\n{quote}")


@given(st.text(max_size=200))
def test_any_markdown_can_be_written(markdown: str) -> None:
    assert isinstance(wiki(markdown), str)


def test_text_from_right_to_left_stays_as_it_is() -> None:
    assert wiki("مرحبا **بك** \u2067שלום\u2069") == "مرحبا {*}بك{*} \u2067שלום\u2069".replace("{*}", "*")
