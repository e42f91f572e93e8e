"""An Adaptive Card for Teams, which takes version 1.5 at most (the first that knows right from left).

Its texts are a Markdown of bold, italics, links and flat lists. There is nothing in the card that could be a mention:
Teams takes `<at>` for one only where the card lists whom it means.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, TypeAlias

from markdown_it.tree import SyntaxTreeNode

from templates.formats.jira_wiki import JOINER
from templates.formats.markdown import CODE, LISTS, address_of, direction, is_within, parsed, rows, spanned, text_of

Element: TypeAlias = dict[str, object]
SCHEMA: Final = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION: Final = "1.5"
SIZES: Final = {"h1": "ExtraLarge", "h2": "Large", "h3": "Medium"}
TEXT: Final = re.compile(
    r"(?P<sign>[\\`*~\[\]]|(?<![^\W_])_|_(?![^\W_]))"
    r"|<(?=[A-Za-z/!?])"  # tags, also those of mentions
    r"|&(?=#?\w{1,40};)"  # entities
    r"|\{(?=\{)"  # {{DATE(…)}}
    r"|:(?=//)|@(?=\w)"  # addresses
)
FIRST: Final = re.compile(r"^(?:(?P<number>\d{1,9})(?=[.)])|(?=[-+#>=|]))", re.MULTILINE)
"""What would begin a list, a heading, a quote or a table in front of a line."""

MARKS: Final = {"strong": ("**", "**"), "em": ("_", "*")}
"""The signs of bold and italics, the second ones for the middle of words."""


def teams(markdown: str, language: str = "") -> Element:
    """Return a card in which no text of the message is markup, a mention or a link."""
    said: Element = {"lang": language} if language else {}
    if direction(language, markdown) == "rtl":
        said["rtl"] = True
    body = list(_blocks(parsed(markdown)))
    return {"$schema": SCHEMA, "type": "AdaptiveCard", "version": VERSION, **said, "body": body}


def _blocks(node: SyntaxTreeNode) -> Iterator[Element]:
    for child in node.children:
        if child.type == "blockquote":
            yield {"type": "Container", "style": "emphasis", "items": list(_blocks(child))}
        elif child.type in LISTS:
            yield from _list(child)
        elif child.type in CODE:
            yield _code(child)
        elif child.type == "table":
            yield from _table(child)
        elif child.type == "hr":
            yield {"type": "Container", "separator": True, "items": []}
        elif text := _block(child):
            yield _said(text, **_look(child))


def _look(node: SyntaxTreeNode) -> Element:
    if node.type != "heading":
        return {}
    return {"style": "heading", "weight": "Bolder", "size": SIZES.get(node.tag, "Default")}


def _said(text: str, **look: object) -> Element:
    return {"type": "TextBlock", "text": text, "wrap": True, **look}


def _code(node: SyntaxTreeNode) -> Element:
    """Return code as it stands: its text is no Markdown, and blanks that would be lost are kept from breaking."""
    text = node.content.rstrip("\n").replace("\t", "    ").replace("  ", "\u00a0 ")
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": text, "fontType": "Monospace"}]}


def _list(node: SyntaxTreeNode) -> Iterator[Element]:
    """Yield a flat list as Markdown; entries that hold more are columns, as lists in lists are not read everywhere."""
    start = int(node.attrs.get("start", 1))
    signs = ["-" if node.type == "bullet_list" else f"{start + number}." for number in range(len(node.children))]
    if all([child.type for child in entry.children] == ["paragraph"] for entry in node.children):
        entries = [_block(entry.children[0]) for entry in node.children]
        if all(entries) and not any("\n" in entry for entry in entries):
            yield _said("\n".join(f"{sign} {entry}" for sign, entry in zip(signs, entries, strict=True)))
            return
    for sign, entry in zip(signs, node.children, strict=True):
        yield _columns("•" if sign == "-" else sign.replace(".", r"\."), list(_blocks(entry)))


def _columns(sign: str, items: list[Element]) -> Element:
    first: Element = {"type": "Column", "width": "auto", "items": [_said(sign)]}
    return {"type": "ColumnSet", "columns": [first, {"type": "Column", "width": "stretch", "items": items}]}


def _table(node: SyntaxTreeNode) -> Iterator[Element]:
    """Yield facts where there are two columns; others are lines of text, as tables overflow on a phone."""
    texts = [[_block(cell) for cell in row] for row in rows(node)]
    if len(texts[0]) == 2:
        yield {"type": "FactSet", "facts": [{"title": one, "value": two} for one, two in texts if one or two]}
        return
    for number, row in enumerate(texts):
        yield _said(" | ".join(row), **({} if number else {"weight": "Bolder"}))


def _block(node: SyntaxTreeNode) -> str:
    """Return what stands in a paragraph, none of whose lines begins a list or a heading."""
    return FIRST.sub(lambda match: f"{match['number'] or ''}\\", _inline(node).replace("\n", "\n\n"))


def _inline(node: SyntaxTreeNode, left: str = "", right: str = "") -> str:
    """Return what stands in the node; `left` and `right` are the signs around it."""
    if not node.children or node.type == "image":
        return _text(text_of(node))
    return spanned(node, left, right, _span)


def _span(node: SyntaxTreeNode, left: str, right: str) -> str:
    if node.type in MARKS:
        inner, plain = _inline(node, left, right), text_of(node)
        return inner if is_within(node, node.type) else _marked(MARKS[node.type], inner, plain, left + right)
    if node.type == "link":
        return _link(node)
    return text_of(node) if node.type in ("softbreak", "hardbreak") else _inline(node, left, right)


def _marked(signs: tuple[str, str], text: str, plain: str, beside: str) -> str:
    """Return bold or italic text, plain where the signs would be shown instead of read."""
    in_word = any(map(str.isalnum, beside))
    if not plain or plain != plain.strip() or "\n" in plain:
        return text
    if in_word and not (plain[0].isalnum() and plain[-1].isalnum()):
        return text
    sign = signs[in_word]
    return f"{sign}{text}{sign}"


def _link(node: SyntaxTreeNode) -> str:
    """Return a link; one that leads where none may lead is text, with its address."""
    address = address_of(node)
    if not address:
        return _text(text_of(node))
    href = address.translate({ord(sign): f"%{ord(sign):02X}" for sign in " ()<>\\[]"})
    text = "".join(map(text_of, node.children)) or address
    if text in (address, address.removeprefix("mailto:")):  # may be one, as it is
        return f"[{_text(text).replace(f':{JOINER}', ':').replace(f'@{JOINER}', '@')}]({href})"
    return f"[{_inline(node)}]({href})"


def _text(text: str) -> str:
    """Return text of which nothing is markup; a tab would begin code in front of a line."""
    bare = text.replace("\t", " ")
    return TEXT.sub(lambda match: f"\\{match[0]}" if match["sign"] else match[0] + JOINER, bare)
