"""How the words of a YAML file are read: by YAML 1.2."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.problems import Report
from rules.tree import Node, parse


def read(text: str) -> Node:
    report = Report({"a.yaml": text})
    node = parse("a.yaml", text, report)
    assert node is not None, report.problems
    assert report.problems == ()
    return node


@pytest.mark.parametrize(
    "word",
    ["no", "nb", "on", "yes", "off", "y", "09:00", "17:30", "2026-11-02", "2026-11-02T08:00+01:00", "1w", "75%",
     "1_000", "0b1", ".inf", "+", "-", ".", "5cedcb4355a88a0fc86388ba", "1234567890123456789012"],
)  # fmt: skip
def test_what_looks_like_a_word_is_one(word):
    assert read(f"a: [{word}]").plain() == {"a": [word]}


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("False", False), ("~", None), ("", None), ("null", None), ("7", 7), ("-5", -5), ("08", 8),
     ("0x1F", 31), ("0o17", 15), ("00.30", 0.3), ("5e2", 500.0), (".5", 0.5), ('"7"', "7"), ("'true'", "true")],
)  # fmt: skip
def test_only_these_are_something_else(word, value):
    found = read(f"a: {word}").plain()["a"]
    assert found == value
    assert type(found) is type(value)


@given(st.integers(-(10**17), 10**17))
def test_whole_numbers_are_read_exactly(number):
    assert read(f"a: {number}").plain() == {"a": number}


def test_every_value_knows_where_it_and_its_key_stand():
    node = read("a: 1\nb:\n  - {c: d}\n").entries["b"].items[0].entries["c"]
    assert (node.key, node.place) == (("a.yaml", 3, 6), ("a.yaml", 3, 9))


def test_places_count_letters_not_bytes():
    assert read("a: {付: b}").entries["a"].entries["付"].place.column == 8


def test_an_empty_file_is_an_empty_mapping():
    assert read("").plain() == {}
    assert read("# only a comment\n").plain() == {}


def test_aliases_cannot_make_a_small_file_large():
    text = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
    report = Report({"a.yaml": text})
    assert parse("a.yaml", text, report) is None
    assert [problem.line for problem in report.problems] == [2]


def test_a_file_that_is_too_long_is_not_even_parsed():
    report = Report({})
    assert parse("a.yaml", "#" * 1_000_001, report) is None
    assert report.problems[0].text == "longer than 1,000,000 characters"


@pytest.mark.parametrize("text", ["a: [", "a: {b: [", "a:\n  - {", "{", "a: [b\n#"])
def test_what_is_missing_at_the_end_is_missing_in_the_last_line(text):
    report = Report({"a.yaml": text})
    assert parse("a.yaml", text, report) is None
    assert [problem.line for problem in report.problems] == [text.count("\n") + 1]


def test_bytes_of_another_encoding_are_named_with_their_place():
    report = Report({"a.yaml": "a: b\nc: d\ufffd"})
    assert parse("a.yaml", "a: b\nc: d\ufffd", report) is None
    assert [(one.line, one.column, one.text) for one in report.problems] == [(2, 5, "this is not UTF-8")]
