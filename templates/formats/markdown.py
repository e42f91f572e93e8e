"""Reads a message's small Markdown: what all formats share."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

ADDRESS: Final = re.compile(r"(?:https?://|mailto:)\S", re.IGNORECASE)
"""What a link may lead to: never code, files or another program of the reader's."""

UNSENDABLE: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
"""Controls, which platforms refuse or take for the end of a line, and half characters."""

LISTS: Final = ("bullet_list", "ordered_list")
CODE: Final = ("fence", "code_block")
LEFTWARD: Final = frozenset(
    ["ar", "arc", "ckb", "dv", "fa", "he", "ps", "sd", "syr", "ug", "ur", "yi", "Arab", "Hebr", "Syrc", "Thaa"]
)
"""Languages and scripts that are written from right to left."""


def parsed(markdown: str) -> SyntaxTreeNode:
    """Return the tree of a whole message."""
    return SyntaxTreeNode(_parser().parse(UNSENDABLE.sub("", markdown)))


def parsed_line(markdown: str) -> SyntaxTreeNode:
    """Return the tree of one line, in which nothing is a list or a heading."""
    return SyntaxTreeNode(_parser().parseInline(UNSENDABLE.sub("", markdown)))


def rows(table: SyntaxTreeNode) -> list[list[SyntaxTreeNode]]:
    """Return the cells of a table, the row of its headings first."""
    return [row.children for part in table.children for row in part.children]


def direction(language: str, text: str) -> str:
    """Return "rtl" or "ltr" by the language, or where it is not known by the first letter that has a direction."""
    if language:
        return "rtl" if LEFTWARD.intersection(language.replace("_", "-").split("-")) else "ltr"
    sides = (unicodedata.bidirectional(sign) for sign in text)
    return "rtl" if next((side for side in sides if side in ("L", "R", "AL")), "L") != "L" else "ltr"


def text_of(node: SyntaxTreeNode, shape: str = "{} ({})") -> str:
    """Return what stands there without its markup; the address of a link follows where it says more."""
    if node.type == "softbreak":
        return " "
    if node.type == "hardbreak":
        return "\n"
    if node.type == "table":
        return "\n".join(" | ".join(text_of(cell, shape) for cell in row).rstrip() for row in rows(node))
    text = "".join(text_of(child, shape) for child in node.children) if node.children else node.content
    return _with_address(text, str(node.attrs.get("href", "")), shape) if node.type == "link" else text


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


def _with_address(text: str, address: str, shape: str) -> str:
    if text in (address, address.removeprefix("mailto:")):
        return text
    return (shape if ADDRESS.match(address) else "{} ({})").format(text, address) if text else address


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def spanned(node: SyntaxTreeNode, left: str, right: str, span: Callable[[SyntaxTreeNode, str, str], str]) -> str:
    """Return what `span` makes of each child, given the signs beside it; `left` and `right` are those of the node."""
    texts = [left, *map(text_of, node.children), right]
    return "".join(
        span(child, before[-1:], after[:1])
        for before, child, after in zip(texts, node.children, texts[2:], strict=False)
    )
