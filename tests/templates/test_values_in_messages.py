"""What people write on tickets stays text, whatever it looks like."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from message_desk import KARI

from templates.context import Context, sample
from templates.formats import CODE_TAG, journal, one_line
from templates.render import Renderer
from templates.sources import builtin
from templates.values import LONGEST, clean, escaped

HOSTILE = [
    "{{7*7}} {% set x = 1 %} {# gone #}",
    "[code]<script>alert(1)</script>[/code]",
    "[ CODE ]<b>x</b>[ / code ]",
    "**bold** _it_ `code` # no\n# heading",
    "[text](https://evil.example) ![](https://evil.example/x.png) <https://evil.example>",
    "- item\r\n- item\r\n\r\n> quote",
    "1. one",
    "===",
    "---",
    "~~~\nfence",
    "&lt;b&gt; &amp; &#35;",
    "a\\",
    "    indented",
    "\u202egpj.exe\u202c \u2066x\u2069",
    "half \ud83d character",
    "zero\u200bwidth \x00\x07\x1b[31m",
    "x" * 1_000_000,
    "a\u0301" * 5_000,
]
PLACES = ["{v}", "a {v} b", "**{v}** x", "- {v}", "1{v}", "# {v}", "> {v}", "“{v}” ({v})", "x\n{v}\ny"]


def seen(value: str) -> str:
    """Return what a journal shows of a value: its visible text, with the tags of HTML made harmless."""
    return journal(escaped(clean(value)))


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_title_is_shown_and_does_nothing(
    renderer: Renderer, make: Callable[..., Context], value: str
) -> None:
    text = renderer.render("received", "en", make({"title": value}))
    shown = journal(text.body)
    assert f"your report “{seen(value)}”. Its number" in shown
    assert "[code]" not in shown.casefold()
    assert len(shown) < LONGEST + 600
    shown.encode()


def test_template_code_in_a_title_is_not_run(renderer: Renderer, make: Callable[..., Context]) -> None:
    shown = journal(renderer.render("received", "en", make({"title": "{{7*7}}"})).body)
    assert "“{{7*7}}”" in shown


def test_a_title_cannot_open_html_in_a_journal(renderer: Renderer, make: Callable[..., Context]) -> None:
    shown = journal(renderer.render("received", "en", make({"title": "[co\u200bde]<b>[/code]"})).body)
    assert "(code)<b>(/code)" in shown


def test_two_values_cannot_open_html_together() -> None:
    assert journal(escaped("[co") + escaped("de]")) == "(code)"


def test_text_that_turns_the_reading_direction_is_freed_of_it() -> None:
    assert clean("\u202egpj.exe\u202c") == "gpj.exe"


def test_joined_emoji_and_accents_survive() -> None:
    assert clean("👩‍💻 Å é Nguyễn 王芳") == "👩‍💻 Å é Nguyễn 王芳"


def test_a_long_value_is_cut_and_says_so() -> None:
    assert clean("a" * LONGEST) == "a" * LONGEST
    assert clean("a" * (LONGEST + 1)) == "a" * (LONGEST - 1) + "…"
    assert clean("\u200b" * 100_000 + "a").endswith("…")


@given(st.text(st.characters(), max_size=200))
def test_cleaning_twice_changes_nothing_more(value: str) -> None:
    assert clean(clean(value)) == clean(value)


@given(value=st.text(st.characters(), max_size=60), place=st.sampled_from(PLACES))
def test_any_value_reads_as_itself_wherever_it_stands(value: str, place: str) -> None:
    value = clean(value) or "empty"
    around = journal(place.replace("{v}", "¤"))
    assert journal(place.replace("{v}", escaped(value))) == CODE_TAG.sub(r"(\1)", around.replace("¤", value))


@given(st.text(st.sampled_from("[]()*_`#-+.!<>&~=\\|1 a\"'^:/{}"), max_size=40), st.sampled_from(PLACES))
def test_a_value_of_markup_signs_adds_no_markup(value: str, place: str) -> None:
    parser = MarkdownIt("commonmark", {"html": False})
    kinds = [token.type for token in parser.parse(place.replace("{v}", "x"))]
    value = escaped(clean(value)) or "x"
    tokens = parser.parse(place.replace("{v}", value))
    assert [token.type for token in tokens] == kinds
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {"text", "text_special", "strong_open", "strong_close", "softbreak"}


@given(st.text(max_size=400))
def test_a_subject_is_one_line(value: str) -> None:
    assert "\n" not in one_line(escaped(clean(value)))


@given(title=st.text(st.characters(), max_size=100), name=st.text(st.characters(), max_size=40))
def test_any_ticket_gets_its_message(title: str, name: str) -> None:
    filled = sample(frozenset(), "nb", public=True, full=True)
    filled["ticket"]["title"] = title
    filled["reader"]["first_name"] = name or KARI.name
    Renderer(builtin()).render("received", "nb", filled).body.encode()
