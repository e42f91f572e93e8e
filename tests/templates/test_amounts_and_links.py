"""Durations, numbers and lists read as in the reader's language, and a link leads where it says and nowhere else."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from message_desk import READERS

from templates.amounts import duration, listed, number
from templates.context import sample
from templates.links import LONGEST, Ready, linked
from templates.render import Renderer, TemplateFailed

LANGUAGES = sorted(READERS)
SOME_HOURS = timedelta(hours=3, minutes=12, seconds=59)


def said(body: str, language: str = "en", **more: object) -> str:
    source = f"{{% block subject %}}s{{% endblock %}}{{% block body %}}{body}{{% endblock %}}"
    filled = {**sample(frozenset(), language, public=True, full=True), **more}
    text = Renderer({f"{language}/m.md.j2": source}).render("m", language, filled)  # type: ignore[arg-type]
    return text.body.rpartition("\n\n")[0]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "3 hours, 12 minutes"),
        ("nb", "3 timer og 12 minutter"),
        ("vi", "3 tiếng 12 phút"),
        ("zh-Hans", "3小时12分钟"),
        ("es", "3 horas y 12 minutos"),
        ("fr", "3\u00a0heures et 12 minutes"),
        ("de", "3 Stunden und 12 Minuten"),
        ("ja", "3時間12分"),
        ("pt-BR", "3 horas e 12 minutos"),
        ("ar", "3 ساعات و12 دقيقة"),
    ],
)
def test_a_duration_reads_as_people_say_it(language: str, text: str) -> None:
    assert duration(SOME_HOURS, language) == text


@pytest.mark.parametrize(
    ("span", "text"),
    [
        (timedelta(), "0 seconds"),
        (timedelta(seconds=59, microseconds=999_999), "59 seconds"),
        (timedelta(seconds=60), "1 minute"),
        (timedelta(minutes=59, seconds=59), "59 minutes"),
        (timedelta(hours=1), "1 hour"),
        (timedelta(hours=23, minutes=59, seconds=59), "23 hours, 59 minutes"),
        (timedelta(days=1, minutes=5), "1 day, 5 minutes"),
        (timedelta(days=2, hours=3, minutes=59), "2 days, 3 hours"),
        (timedelta(days=400), "400 days"),
        (timedelta(seconds=-5), "0 seconds"),
    ],
)
def test_a_duration_has_two_units_at_most_and_is_never_rounded_up(span: timedelta, text: str) -> None:
    assert duration(span, "en") == text


@given(st.timedeltas(timedelta(), timedelta(days=3_000)), st.sampled_from(["en", "nb", "de", "es", "fr", "pt-BR"]))
def test_a_duration_is_what_it_says_or_less_than_a_smaller_unit_longer(span: timedelta, language: str) -> None:
    sizes = {duration(timedelta(seconds=size), language).split()[1][:3]: size for size in (1, 60, 3_600, 86_400)}
    parts = re.findall(r"(\d+)\s(\w{3})", duration(span, language))
    told = sum(int(count) * sizes[unit] for count, unit in parts)
    assert told <= span.total_seconds() < told + sizes[parts[-1][1]]
    assert len(parts) <= 2


def test_a_duration_is_one_with_and_without_its_filter() -> None:
    assert said("{{ report.lasted | duration }} {{ report.lasted }}") == "1 hour 1 hour"
    assert said("a{{ report.lasted | duration }}b", report={"lasted": ""}) == "ab"


def test_what_is_no_duration_is_shown_as_it_is() -> None:
    assert said("{{ ticket.key | duration }}") == "INC0010001"


def test_lists_read_as_in_the_language_unless_they_are_joined() -> None:
    three = ("a", "b", "c")
    assert [listed(three, one) for one in ("en", "nb", "zh-Hans", "ja")] == [
        "a, b and c",
        "a, b og c",
        "a、b和c",
        "a、b、c",
    ]
    assert said("{{ asked }} {{ asked | join(' / ') }}", asked=three) == "a, b and c a / b / c"
    assert said("x{{ asked }}", asked=()) == "x"


@pytest.mark.parametrize("language", LANGUAGES)
def test_braces_in_a_list_stay_braces(language: str) -> None:
    assert listed(("{0}", "{x}", "{"), language).count("{") == 3


def test_numbers_read_as_in_the_language() -> None:
    shown = {one: number(12_345.5, one) for one in LANGUAGES}
    assert (shown["en"], shown["de"], shown["ar"]) == ("12,345.5", "12.345,5", "12,345.5")
    assert said("{{ report.kept }} {{ ticket.count }}", report={"kept": 3}, ticket={"count": 4.0}) == "3 4"
    assert said("{{ late }}", late=True) == "True"


@pytest.mark.parametrize("value", [float("nan"), float("inf"), 1e300, 10**60, -0.0])
def test_no_number_is_too_strange_to_be_shown(value: float) -> None:
    assert all(number(value, one) for one in LANGUAGES)


def test_a_link_has_its_name_and_its_address() -> None:
    assert said("{% for one in links %}{{ one | link }}{% endfor %}") == "[sample](https://example.com/)"
    assert linked("KB 1 (new)", "https://a.example/x?y=1&z=%20#f") == (
        "[KB 1 \\(new\\)](https://a.example/x?y=1&z=%20#f)"
    )
    assert linked("", "https://a.example") == "[https://a\\.example](https://a.example)"


def test_signs_that_would_end_a_link_or_begin_anything_are_encoded() -> None:
    assert (
        linked("a", "https://a.example/(x)<b>*`[c]|;å")
        == "[a](https://a.example/%28x%29%3Cb%3E%2A%60%5Bc%5D%7C%3B%C3%A5)"
    )


@pytest.mark.parametrize(
    "address",
    [
        *(
            "",
            "kb/1",
            "//a.example",
            "javascript:alert(1)",
            "data:text/html,x",
            "ftp://a.example",
            "mailto:a@b.example",
        ),
        *("https://", "https://a b.example", "https://good.example@evil.example", "https://a.example/x y", "https:a"),
        *("https://a.example\n/x", "https://a.example/\u2028x", "https://ä.example", "https://[::1]/", "https://-a/"),
        *("https://a.example/\ud800", "https://a.example:123456", f"https://a.example/{'x' * LONGEST}"),
    ],
)
def test_what_browsers_should_not_open_leaves_the_name(address: str) -> None:
    assert linked("*name*", address) == "*name*"
    entry = {"name": "*n*", "address": address}
    assert said("{% for one in links %}{{ one | link }}{% endfor %}", links=[entry]) == "\\*n\\*"


def test_whatever_is_done_to_a_link_makes_a_text_of_it() -> None:
    for body in ("{{ one | link | upper }}", "{{ one | link ~ '' }}", "{{ one | link | join }}"):
        shown = said(f"{{% for one in links %}}{body}{{% endfor %}}")
        assert shown.startswith("\\["), shown


def test_an_entry_without_an_address_is_no_link() -> None:
    with pytest.raises(TemplateFailed, match="no text of its own"):
        said("{% for one in known %}{{ one | link }}{% endfor %}")
    assert said("{{ ticket.key | link }}") == "INC0010001"


def test_a_link_is_set_apart_as_any_value_where_one_reads_from_right_to_left() -> None:
    shown = said("{% for one in links %}{{ one | link }}{% endfor %}", "ar")
    assert shown == "\u2068[sample](https://example.com/)\u2069"


SIGNS = st.text(st.sampled_from("[]()<>*_`~|\\!&;#\"' \n{}:/.?=%aå\u202e"), max_size=30)
ADDRESSES = st.one_of(
    SIGNS, st.text(max_size=60), st.builds("https://a.example/{}".format, st.one_of(SIGNS, st.text()))
)
PLACES = ["{v}", "a {v} b", "**{v}** x", "- {v}", "# {v}", "> {v}", "*{v}", "x\n{v}\ny", "[{v}"]


@given(name=st.one_of(SIGNS, st.text(max_size=40)), address=ADDRESSES, place=st.sampled_from(PLACES))
def test_a_link_is_one_link_or_mere_text_whatever_its_parts_are(name: str, address: str, place: str) -> None:
    entry = {"name": name, "address": address}
    made = said("{% for one in links %}{{ one | link | default('x') }}{% endfor %}", links=[entry])
    is_link = isinstance(linked(name, address), Ready)
    found, usual = (
        parsed(place.replace("{v}", made)),
        parsed(place.replace("{v}", "[x](https://y)" if is_link else "x")),
    )
    assert [token.type for token in found] == [token.type for token in usual]
    hrefs = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert all(urlsplit(href).netloc.casefold() == urlsplit(address).netloc.casefold() for href in hrefs)


@given(address=ADDRESSES, place=st.sampled_from([*PLACES, "`{v}", "<{v}", "<https://a{v}"]))
def test_no_address_closes_what_stands_open_before_it(address: str, place: str) -> None:
    made = linked("x", address)
    usual = "[x](https://y)" if isinstance(made, Ready) else "x"
    found = [[token.type for token in parsed(place.replace("{v}", one))] for one in (made, usual)]
    assert found[0] == found[1]


def parsed(markdown: str) -> list[Token]:
    """Return what a text is made of, without texts beside each other, which are one."""
    tokens = MarkdownIt("commonmark", {"html": False}).parse(markdown)
    flat = [one for token in tokens for one in (token, *(token.children or ()))]
    return [one for one in flat if one.type not in ("text", "text_special")]
