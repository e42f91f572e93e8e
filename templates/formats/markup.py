"""What formats of HTML have in common: one walk over a message, with the tags that each of them takes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from markdown_it.tree import SyntaxTreeNode

from templates.formats.markdown import CODE, address_of, text_of

Tags: TypeAlias = Mapping[str, tuple[str, str]]
"""The beginning and the end of each kind of node; those without an entry are only what stands in them."""

TEXTS: Final = ("text", "code_inline", *CODE)


def marked_up(node: SyntaxTreeNode, tags: Tags, escaped: Callable[[str], str]) -> str:
    """Return the node as HTML. Only these tags come out, and links to where messages may lead."""
    if node.type == "link":
        return _link(node, tags, escaped)
    if node.type == "image" or (node.type in TEXTS and node.content):
        text = escaped(node.content.rstrip("\n") if node.type in CODE else text_of(node))
    else:
        text = "".join(marked_up(child, tags, escaped) for child in node.children)
    opening, ending = _around(node, tags)
    start = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 1
    return (opening if start == 1 else opening.replace("<ol", f'<ol start="{start}"', 1)) + text + ending


def _around(node: SyntaxTreeNode, tags: Tags) -> tuple[str, str]:
    """Return the tags around a node: none for a message as a whole, or a paragraph that is all of a list's entry."""
    if node.type == "root" or node.hidden or _is_all_of_an_entry(node):
        return "", ""
    return tags.get(node.tag if node.type == "heading" else node.type, ("", ""))


def _is_all_of_an_entry(node: SyntaxTreeNode) -> bool:
    """Tell it also where blank lines stand between the entries, as conditions of a template leave them behind."""
    above = node.parent
    return node.type == "paragraph" and above is not None and above.type == "list_item" and len(above.children) == 1


def _link(node: SyntaxTreeNode, tags: Tags, escaped: Callable[[str], str]) -> str:
    """Return a link; one that leads where none may lead is text, with its address."""
    address = address_of(node)
    if not address:
        return escaped(text_of(node))
    opening, ending = tags["link"]
    text = "".join(marked_up(child, tags, escaped) for child in node.children)
    return f"{opening.format(escaped(address))}{text or escaped(address)}{ending}"
