"""Plain text that reads well: journals of ServiceNow, subjects."""

from __future__ import annotations

import re
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from templates.formats.markdown import CODE, LISTS, parsed, parsed_line, text_of

CODE_TAG: Final = re.compile(r"\[(\s*/?\s*code\s*)\]", re.IGNORECASE)
"""What ServiceNow journals read as the beginning or end of HTML."""


def journal(markdown: str) -> str:
    """Return plain text for a ServiceNow journal: lists, quotes and links are written out.

    Journals render `[code]…[/code]` as HTML, so no text of ours can hold these tags: their brackets become round.
    """
    return CODE_TAG.sub(r"(\1)", _blocks(parsed(markdown), "\n\n"))


def one_line(markdown: str) -> str:
    """Return a subject: plain text on one line."""
    return " ".join(text_of(parsed_line(markdown)).split())


def _blocks(node: SyntaxTreeNode, between: str) -> str:
    return between.join(text for child in node.children if (text := _block(child)))


def _block(node: SyntaxTreeNode) -> str:
    if node.type == "blockquote":
        return _prefixed(_blocks(node, "\n\n"), "> ", "> ")
    if node.type in LISTS:
        return _list(node)
    if node.type in CODE:
        return _prefixed(node.content.rstrip("\n"), "    ", "    ")
    return "---" if node.type == "hr" else text_of(node)


def _list(node: SyntaxTreeNode) -> str:
    """Return one line or more per entry; what follows an entry's first line stands under its beginning."""
    start = int(node.attrs.get("start", 1))
    entries = []
    for number, entry in enumerate(node.children, start):
        sign = "- " if node.type == "bullet_list" else f"{number}. "
        entries.append(_prefixed(_blocks(entry, "\n"), sign, " " * len(sign)))
    return "\n".join(entries)


def _prefixed(text: str, first: str, others: str) -> str:
    lines = text.split("\n")
    return "\n".join([(first + lines[0]).rstrip(), *((others + line).rstrip() for line in lines[1:])])
