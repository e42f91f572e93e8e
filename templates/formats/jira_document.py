"""Atlassian Document Format, which Jira's REST v3 takes: a tree of data, so that no text needs escaping."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from markdown_it.tree import SyntaxTreeNode

from templates.formats.markdown import CODE, address_of, parsed, rows, text_of

Node: TypeAlias = dict[str, object]
MARKS: Final = ("strong", "em")
"""Markdown's names for bold and italic text, which are the document's, too."""

LISTS: Final = {"bullet_list": "bulletList", "ordered_list": "orderedList"}


def adf(markdown: str) -> Node:
    """Return a document of version 1. Only the nodes written here come out: never a mention, a card or a file."""
    return {"version": 1, "type": "doc", "content": list(_blocks(parsed(markdown)))}


def _blocks(node: SyntaxTreeNode) -> Iterator[Node]:
    """Yield the blocks of a document."""
    for child in node.children:
        if child.type == "heading":
            yield {**_holding("heading", list(_inline(child))), "attrs": {"level": int(child.tag[1])}}
        elif child.type == "blockquote":
            yield _holding("blockquote", _nested_with_text(child))
        elif child.type == "hr":
            yield {"type": "rule"}
        elif child.type == "table":
            yield _holding("table", [_holding("tableRow", [_cell(cell) for cell in row]) for row in rows(child)])
        else:
            yield _common(child)


def _nested(node: SyntaxTreeNode) -> Iterator[Node]:
    """Yield the blocks of a quote or a list's entry, where the schema allows no headings, quotes and rules.

    A heading is a bold paragraph there, a row of a table is one, too, an inner quote becomes part of what surrounds
    it, and a rule is left out.
    """
    for child in node.children:
        if child.type == "heading":
            yield _holding("paragraph", list(_inline(child, ({"type": "strong"},))))
        elif child.type == "blockquote":
            yield from _nested(child)
        elif child.type == "table":
            yield from (_holding("paragraph", list(_row(row))) for row in rows(child))
        elif child.type != "hr":
            yield _common(child)


def _nested_with_text(node: SyntaxTreeNode) -> list[Node]:
    """Return the blocks of a quote or an entry; both must begin with a paragraph, or editors refuse them."""
    blocks = list(_nested(node))
    return blocks if blocks and blocks[0]["type"] == "paragraph" else [_holding("paragraph", []), *blocks]


def _common(node: SyntaxTreeNode) -> Node:
    """Return a block that may stand anywhere."""
    if node.type in LISTS:
        entries = [_holding("listItem", _nested_with_text(entry)) for entry in node.children]
        made = _holding(LISTS[node.type], entries)
        return made | {"attrs": {"order": int(node.attrs.get("start", 1))}} if node.type == "ordered_list" else made
    if node.type in CODE:
        return _holding("codeBlock", list(_text(node.content.rstrip("\n"), ())))
    return _holding("paragraph", list(_inline(node)))


def _cell(node: SyntaxTreeNode) -> Node:
    type_ = "tableHeader" if node.type == "th" else "tableCell"
    return _holding(type_, [_holding("paragraph", list(_inline(node)))])


def _row(cells: Sequence[SyntaxTreeNode]) -> Iterator[Node]:
    """Yield a row as text, its headings bold."""
    for number, cell in enumerate(cells):
        yield from _text(" | " if number else "", ())
        yield from _inline(cell, ({"type": "strong"},) if cell.type == "th" else ())


def _holding(type_: str, content: list[Node]) -> Node:
    return {"type": type_, "content": content}


def _inline(node: SyntaxTreeNode, marks: tuple[Node, ...] = ()) -> Iterator[Node]:
    """Yield texts and line breaks under these marks."""
    if node.type == "hardbreak":
        yield {"type": "hardBreak"}
    elif node.type == "code_inline":
        links = tuple(mark for mark in marks if mark["type"] == "link")  # the schema lets code be a link, never bold
        yield from _text(node.content, (*links, {"type": "code"}))
    elif node.type == "link":
        yield from _link(node, marks)
    elif node.children:
        for child in node.children:
            yield from _inline(child, _marked(node, marks))
    else:
        yield from _text(text_of(node), marks)


def _marked(node: SyntaxTreeNode, marks: tuple[Node, ...]) -> tuple[Node, ...]:
    """Return the marks of what stands in the node: each at most once."""
    mark: Node = {"type": node.type}
    return (*marks, mark) if node.type in MARKS and mark not in marks else marks


def _link(node: SyntaxTreeNode, marks: tuple[Node, ...]) -> Iterator[Node]:
    """Yield what the link says; one that leads where none may lead is text, with its address."""
    address = address_of(node)
    if address:
        marks = (*marks, {"type": "link", "attrs": {"href": address}})
    if address and node.children:
        for child in node.children:
            yield from _inline(child, marks)
    else:
        yield from _text(text_of(node), marks)


def _text(text: str, marks: tuple[Node, ...]) -> Iterator[Node]:
    """Yield one text, or nothing: the schema allows no empty ones."""
    if text:
        yield {"type": "text", "text": text, **({"marks": list(marks)} if marks else {})}
