"""Reads a message's small Markdown: what all formats share."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

ADDRESS: Final = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
"""What a link may lead to: never code, files or another program of the reader's."""

UNSENDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls, which platforms refuse or take for the end of a line, and half characters."""


def parsed(markdown: str) -> SyntaxTreeNode:
    """Return the tree of a whole message."""
    return SyntaxTreeNode(_parser().parse(UNSENDABLE.sub("", markdown)))


def parsed_line(markdown: str) -> SyntaxTreeNode:
    """Return the tree of one line, in which nothing is a list or a heading."""
    return SyntaxTreeNode(_parser().parseInline(UNSENDABLE.sub("", markdown)))


def text_of(node: SyntaxTreeNode) -> str:
    """Return what stands there without its markup; the address of a link follows where it says more."""
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    text = "".join(text_of(child) for child in node.children) if node.children else node.content
    return _with_address(text, str(node.attrs.get("href", ""))) if node.type == "link" else text


def address_of(link: SyntaxTreeNode) -> str:
    """Return where a link leads, or "" where no message may lead."""
    href = str(link.attrs.get("href", ""))
    return href if ADDRESS.match(href) else ""


def is_within(node: SyntaxTreeNode, *types: str) -> bool:
    """Return whether the node stands inside one of these types."""
    parent = node.parent
    while parent is not None and parent.type not in types:
        parent = parent.parent
    return parent is not None


def _with_address(text: str, address: str) -> str:
    if text in (address, address.removeprefix("mailto:")):
        return text
    return f"{text} ({address})" if text else address


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})
