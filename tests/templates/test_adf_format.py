"""Markdown becomes an Atlassian document with the nodes that its schema allows, and no others."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from templates.formats import adf
from templates.values import clean, escaped

INLINE = {"text", "hardBreak"}
NESTED = {"paragraph", "bulletList", "orderedList", "codeBlock"}
HOLDS = {
    "doc": NESTED | {"heading", "blockquote", "rule"},
    "paragraph": INLINE,
    "heading": INLINE,
    "codeBlock": {"text"},
    "blockquote": NESTED,
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": NESTED,
}
"""What may stand in what: Atlassian's published schema, without the nodes that no message has."""
NEVER_EMPTY = {"blockquote", "bulletList", "orderedList", "listItem"}
ATTRIBUTES = {"heading": {"level"}, "orderedList": {"order"}}


def nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("content", ()):
        yield from nodes(child)


def text_of(node: dict[str, Any]) -> str:
    return "".join(inner.get("text", "") for inner in nodes(node))


def check(document: dict[str, Any]) -> None:
    """Hold a document against the schema."""
    assert (document["type"], document["version"]) == ("doc", 1)
    for node in nodes(document):
        children = [child["type"] for child in node.get("content", ())]
        assert set(children) <= HOLDS.get(node["type"], set())
        assert children or node["type"] not in NEVER_EMPTY
        assert set(node.get("attrs", ())) == ATTRIBUTES.get(node["type"], set())
        if node["type"] in ("listItem", "blockquote"):
            assert children[0] == "paragraph"
        if node["type"] == "codeBlock":
            assert not any("marks" in child for child in node["content"])
        if node["type"] == "text":
            check_text(node)


def check_text(node: dict[str, Any]) -> None:
    marks = [mark["type"] for mark in node.get("marks", ())]
    assert node["text"]
    assert len(set(marks)) == len(marks)
    assert set(marks) <= ({"code", "link"} if "code" in marks else {"strong", "em", "link"})
    for mark in node.get("marks", ()):
        href = mark.get("attrs", {"href": "mailto:"})["href"]
        assert href.lower().startswith(("http://", "https://", "mailto:"))


def paragraph(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "paragraph", "content": list(content)}


def text(value: str, *marks: str) -> dict[str, Any]:
    return {"type": "text", "text": value} | ({"marks": [{"type": mark} for mark in marks]} if marks else {})


def link(value: str, href: str, *marks: str) -> dict[str, Any]:
    linked = {"type": "link", "attrs": {"href": href}}
    return {"type": "text", "text": value, "marks": [linked, *({"type": mark} for mark in marks)]}


def item(*content: dict[str, Any]) -> dict[str, Any]:
    return {"type": "listItem", "content": list(content)}


@pytest.mark.parametrize(
    ("markdown", "content"),
    [
        ("a **b**", [paragraph(text("a "), text("b", "strong"))]),
        ("***both***", [paragraph(text("both", "em", "strong"))]),
        ("**a __b__**", [paragraph(text("a ", "strong"), text("b", "strong"))]),
        ("**`a`**", [paragraph(text("a", "code"))]),
        ("one\\\ntwo", [paragraph(text("one"), {"type": "hardBreak"}, text("two"))]),
        ("one\ntwo", [paragraph(text("one"), text(" "), text("two"))]),
        ("## T", [{"type": "heading", "content": [text("T")], "attrs": {"level": 2}}]),
        ("---", [{"type": "rule"}]),
        ("- a\n  - b", [
            {"type": "bulletList", "content": [
                item(paragraph(text("a")), {"type": "bulletList", "content": [item(paragraph(text("b")))]})
            ]}
        ]),
        ("3. a", [{"type": "orderedList", "content": [item(paragraph(text("a")))], "attrs": {"order": 3}}]),
        ("1. a", [{"type": "orderedList", "content": [item(paragraph(text("a")))], "attrs": {"order": 1}}]),
        ("-", [{"type": "bulletList", "content": [item(paragraph())]}]),
        ("- # T\n  ---", [{"type": "bulletList", "content": [item(paragraph(text("T", "strong")))]}]),
        ("- ```\n  x\n  ```", [
            {"type": "bulletList", "content": [item(paragraph(), {"type": "codeBlock", "content": [text("x")]})]}
        ]),
        ("> a\n>\n> > b", [{"type": "blockquote", "content": [paragraph(text("a")), paragraph(text("b"))]}]),
        (">", [{"type": "blockquote", "content": [paragraph()]}]),
        ("```sh\na\n\n b\n```", [{"type": "codeBlock", "content": [text("a\n\n b")]}]),
        ("```\n```", [{"type": "codeBlock", "content": []}]),
        ("[a `b`](https://d.example)", [
            paragraph(link("a ", "https://d.example"), link("b", "https://d.example", "code"))
        ]),
        ("<it@d.example>", [paragraph(link("it@d.example", "mailto:it@d.example"))]),
        ("[](https://d.example)", [paragraph(link("https://d.example", "https://d.example"))]),
        ("[a](ftp://d.example)", [paragraph(text("a (ftp://d.example)"))]),
        ("[a](/b)", [paragraph(text("a (/b)"))]),
        ("![a](https://d.example/a.png)", [paragraph(text("a"))]),
        ("", []),
    ],
)  # fmt: skip
def test_markdown_becomes_a_document(markdown: str, content: list[dict[str, Any]]) -> None:
    document = adf(markdown)
    assert document == {"version": 1, "type": "doc", "content": content}
    check(document)


@pytest.mark.parametrize("place", ["{v}", "**{v}**", "# {v}", "- {v}", "> {v}", "[{v}](https://d.example)", "a *b{v}*"])
@given(value=st.text(max_size=100).map(clean))
def test_a_text_is_shown_as_it_is(place: str, value: str) -> None:
    before, after = text_of(adf(place.replace("{v}", "¤"))).split("¤")
    document = adf(place.replace("{v}", f"¤{escaped(value)}¤"))
    assert text_of(document) == f"{before}¤{value}¤{after}"
    check(document)


@given(st.text(st.sampled_from("ab \n\t-*_`#>[]()!<&;:/.1\\~=\"'"), max_size=80) | st.text(max_size=200))
def test_any_markdown_keeps_to_the_schema(markdown: str) -> None:
    check(adf(markdown))


def test_controls_are_dropped() -> None:
    assert text_of(adf("a\x07b\x1bc\x85d\u2028e")) == "abcde"


def test_text_from_right_to_left_stays_as_it_is() -> None:
    assert text_of(adf("مرحبا **بك** \u2067שלום\u2069")) == "مرحبا بك \u2067שלום\u2069"
