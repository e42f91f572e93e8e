"""What formats of lines have in common: quotes and lists become lines that know what stands before them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from markdown_it.tree import SyntaxTreeNode

from templates.formats.markdown import CODE, LISTS, rows


class Line(NamedTuple):
    """A line in so many quotes, with the sign of its list or blanks before it; a fixed one is never broken."""

    depth: int = 0
    indent: str = ""
    text: str = ""
    fixed: bool = False


class Writer(NamedTuple):
    """How a format writes what stands in a paragraph, and the lines of code."""

    inline: Callable[[SyntaxTreeNode], str]
    code: Callable[[list[str]], Iterable[str]]
    bullet: str


def lines(node: SyntaxTreeNode, writer: Writer, between: tuple[Line, ...] = (Line(),)) -> Iterator[Line]:
    """Yield the lines of all blocks in the node, with these between two blocks."""
    begun = False
    for child in node.children:
        made = list(_block(child, writer))
        yield from between if begun and made else ()
        yield from made
        begun = begun or bool(made)


def _block(node: SyntaxTreeNode, writer: Writer) -> Iterator[Line]:
    if node.type == "blockquote":
        yield from (line._replace(depth=line.depth + 1) for line in lines(node, writer))
    elif node.type in LISTS:
        for number, entry in enumerate(node.children, int(node.attrs.get("start", 1))):
            yield from _entry(entry, writer, writer.bullet if node.type == "bullet_list" else f"{number}. ")
    elif node.type in CODE:
        yield from (Line(0, "", text, True) for text in writer.code(node.content.rstrip("\n").split("\n")))
    elif node.type == "table":
        yield from (Line(0, "", " | ".join(map(writer.inline, row))) for row in rows(node))
    elif node.type == "hr":
        yield Line(0, "", "---", True)
    else:
        yield from (Line(0, "", text) for text in writer.inline(node).split("\n") if text)


def _entry(node: SyntaxTreeNode, writer: Writer, sign: str) -> Iterator[Line]:
    """Yield an entry's lines, those after the first under its beginning."""
    for number, line in enumerate(list(lines(node, writer, ())) or [Line()]):
        yield line._replace(indent=(" " * len(sign) if number else sign) + line.indent)
