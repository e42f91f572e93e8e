"""Slack's mrkdwn. It knows three entities and no other escape: a sign that nobody sees keeps the rest apart.

Doors leave `parse` and `link_names` unset; names of channels and people in a text are kept from them all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from markdown_it.tree import SyntaxTreeNode

from templates.formats.jira_wiki import JOINER
from templates.formats.lines import Line, Writer, lines
from templates.formats.markdown import address_of, is_within, parsed, spanned, text_of

ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
TEXT: Final = re.compile(
    r"(?P<entity>[&<>])"
    r"|(?P<mark>`|(?<![^\W_])[*_~]|[*_~](?![^\W_]))"  # inside a word the latter are no markup
    r"|[@#](?=\w)"  # @here, #channel, addresses of mail
    r"|:(?=//|[\w+'-]{1,100}:)"  # other addresses; the names of emoji
)
QUOTING: Final = re.compile(r"^(?=&gt;)", re.MULTILINE)
"""Where a line begins with what is a quote there, also as an entity."""

MARKS: Final = {"strong": "*", "em": "_"}
BEYOND: Final = str.maketrans({"|": "%7C", "<": "%3C", ">": "%3E", "&": "&amp;"})


def slack(markdown: str) -> str:
    """Return mrkdwn in which no text of the message is markup, a mention or a link."""
    return "\n".join(map(_row, lines(parsed(markdown), WRITER)))


def _row(line: Line) -> str:
    return f"{'> ' if line.depth else ''}{line.indent}{line.text}".rstrip()


def _code(code: list[str]) -> Iterator[str]:
    text = "\n".join(code).translate(ENTITIES).replace("``", f"`{JOINER}`")
    text = re.sub(r"@(?=\w)", f"@{JOINER}", text)
    yield from ("```", *text.split("\n"), "```")


def _block(node: SyntaxTreeNode) -> str:
    """Return what stands in a paragraph; a heading is bold, as are those of a table."""
    text = QUOTING.sub(JOINER, _inline(node))
    return _marked("*", text, "", "") if node.type in ("heading", "th") and "*" not in text else text


WRITER: Final = Writer(_block, _code, "• ")


def _inline(node: SyntaxTreeNode, left: str = "", right: str = "") -> str:
    """Return what stands in the node; `left` and `right` are the signs around it."""
    if not node.children or node.type == "image":
        return _text(text_of(node))
    return spanned(node, left, right, _span)


def _span(node: SyntaxTreeNode, left: str, right: str) -> str:
    if node.type in MARKS:
        inner = _inline(node, left, right)
        return inner if is_within(node, node.type) else _marked(MARKS[node.type], inner, left, right)
    if node.type == "code_inline":
        return _fixed(node.content, left, right)
    if node.type == "link":
        return _link(node)
    return text_of(node) if node.type in ("softbreak", "hardbreak") else _inline(node, left, right)


def _marked(sign: str, text: str, left: str, right: str) -> str:
    """Return bold or italic text; plain inside words, over lines and with blanks at its ends, where none is read."""
    beside = left.isalnum() or right.isalnum() or "\n" in text or text != text.strip()
    return text if not text or beside else f"{sign}{text}{sign}"


def _fixed(text: str, left: str, right: str) -> str:
    """Return text of fixed width; one that holds the sign for it is plain."""
    if "`" in text or left.isalnum() or right.isalnum():
        return _text(text)
    return f"`{re.sub(r'@(?=.)', f'@{JOINER}', text.translate(ENTITIES))}`"


def _link(node: SyntaxTreeNode) -> str:
    """Return a link; one that leads where none may lead is text, with its address."""
    address, text = address_of(node), "".join(map(text_of, node.children))
    if not address:
        return _text(text_of(node))
    label = "" if text in ("", address, address.removeprefix("mailto:")) else f"|{_text(text)}"
    return f"<{address.translate(BEYOND)}{label}>"


def _text(text: str) -> str:
    return TEXT.sub(_kept, text)


def _kept(match: re.Match[str]) -> str:
    sign = match[0]
    if match["entity"]:
        return sign.translate(ENTITIES)
    return f"{JOINER}{sign}{JOINER}" if match["mark"] else sign + JOINER
