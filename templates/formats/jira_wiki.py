"""Wiki markup, which Jira's REST v2 takes, on Data Center and in the cloud.

Two readers differ: Data Center renders the markup when it is shown, the cloud turns it into a document when it is
written. Only a backslash before certain signs is understood by both. HTML entities are read by Data Center alone,
and show as they are in the cloud. Where no backslash helps, a sign that nobody sees keeps apart what would be markup
together.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode

from templates.formats.markdown import address_of, is_within_its_like, parsed, text_of

JOINER: Final = "\u034f"
"""The combining grapheme joiner. Unlike zero-width spaces it may stand in bold text on Data Center, whose renderer
takes letters, digits, blanks, symbols, marks and punctuation there and nothing else."""

_W: Final = "[A-Za-z0-9]"
BARE: Final = re.compile(
    rf"(?<!{_W})https?://{_W}(?:[A-Za-z0-9/.:=&%#]|\?(?={_W})|(?<={_W})[-_+~](?={_W}))*(?<=[A-Za-z0-9/=])"
)
"""An address that both readers make a link of, to its last sign, and in which no sign begins markup."""

TEXT: Final = re.compile(
    rf"(?P<address>{BARE.pattern})"
    r"|(?P<apart>"
    r"\\(?=[-#*_+?^~|%{}\[\]()!@\\]|\Z)"  # a backslash of the text must not escape; `\\` would end the line
    rf"|(?<!{_W})(?:h[1-6]|bq)(?=\.)"  # a heading, a quote: full stops cannot be escaped
    rf"|:(?=//|[DPp](?!{_W}))"  # other addresses; faces made of letters, which cannot be escaped
    rf"|(?<!{_W})(?i:mailto|file)(?=:)"
    r"|&(?=[A-Za-z0-9]{2,8};)"  # an entity, which Data Center would read
    r")"
    rf"|[{{}}\[\]()|!]|(?<!{_W})[-_*+^~#?]|[-_*+^~#?](?!{_W})"  # inside a word the latter are no markup
)

CLEAR: Final = re.compile(r"[\s!\"#$%&'()*+,.:;<>?@\[\]^`|~-]?")
"""What may stand beside `*` or `_` so that both readers take them as bold and italics; else they need braces."""

MARKS: Final = {"strong": "*", "em": "_"}
UNFIT: Final = re.compile(r"[\[\]|!]")
"""What the text of a link cannot hold: there both readers look for these signs before they look for backslashes."""

ENDING: Final = re.compile(r"\{(?=[\s\\]*[nq])", re.IGNORECASE)
"""What may begin `{noformat}` or `{quote}`, which end a block wherever they stand, and know no escape there."""


def wiki(markdown: str) -> str:
    """Return wiki markup in which no text of the message is markup.

    Numbered lists begin at 1, as the notation knows no other beginning, and a quote in a quote is part of it.
    """
    return _blocks(parsed(markdown), "\n\n")


def _blocks(node: SyntaxTreeNode, between: str) -> str:
    return between.join(text for child in node.children if (text := _block(child)))


def _block(node: SyntaxTreeNode) -> str:
    if node.type == "blockquote":
        quoted = _blocks(node, "\n\n")
        return quoted if is_within_its_like(node) else f"{{quote}}\n{quoted}\n{{quote}}"
    if node.type in ("bullet_list", "ordered_list"):
        return _list(node, "")
    if node.type in ("fence", "code_block"):
        return "{noformat}\n" + ENDING.sub(f"{{{JOINER}", node.content.rstrip("\n")) + "\n{noformat}"
    if node.type == "hr":
        return "----"
    return f"{node.tag}. {_inline(node)}" if node.type == "heading" else _inline(node)


def _list(node: SyntaxTreeNode, outer: str) -> str:
    """Return a line per entry; a blank line would end the list, so that an entry's blocks follow on lines."""
    signs = outer + ("*" if node.type == "bullet_list" else "#")
    return "\n".join(_entry(entry, signs) for entry in node.children)


def _entry(node: SyntaxTreeNode, signs: str) -> str:
    parts = [
        _list(child, signs) if child.type in ("bullet_list", "ordered_list") else _block(child)
        for child in node.children
    ]
    begins_with_list = node.children and node.children[0].type in ("bullet_list", "ordered_list")
    return ("" if begins_with_list else f"{signs} ") + "\n".join(parts)


def _inline(node: SyntaxTreeNode, left: str = "", right: str = "") -> str:
    """Return what stands in the node; `left` and `right` are the signs around it."""
    if not node.children:
        return _text(text_of(node))
    texts = [left, *map(text_of, node.children), right]
    return "".join(
        _span(child, before[-1:], after[:1])
        for before, child, after in zip(texts, node.children, texts[2:], strict=False)
    )


def _span(node: SyntaxTreeNode, left: str, right: str) -> str:
    if node.type in MARKS:
        inner = _inline(node, left, right)
        return inner if is_within_its_like(node) else _marked(MARKS[node.type], inner, left, right)
    if node.type == "code_inline":
        return _code(node.content, left, right)
    if node.type == "link":
        return _link(node)
    if node.type == "hardbreak":
        return r"\\ "  # a new line would end bold text, headings and entries; the blank belongs to it on Data Center
    return _inline(node, left, right)


def _marked(sign: str, text: str, left: str, right: str) -> str:
    """Return bold or italic text, plain where neither form of the notation works."""
    if not text or text != text.strip():
        return text
    if CLEAR.fullmatch(left) and CLEAR.fullmatch(right):
        return f"{sign}{text}{sign}"
    # the cloud looks for the end of the form in braces by the first such sign, escaped or not
    return text if sign in text else f"{{{sign}}}{text}{{{sign}}}"


def _code(text: str, left: str, right: str) -> str:
    """Return text of fixed width, in which the notation still reads markup."""
    if not (CLEAR.fullmatch(left) and CLEAR.fullmatch(right)):
        return _text(text)
    edge = JOINER if {text[0], text[-1]} & set(" {}") else ""
    return f"{{{{{edge}{_text(text)}{edge}}}}}"


def _link(node: SyntaxTreeNode) -> str:
    """Return a link; one that leads where none may lead, or cannot be written, is text with its address."""
    address, text = address_of(node), "".join(map(text_of, node.children))
    if not address or not text or UNFIT.search(text) or BARE.fullmatch(text):
        return _text(text_of(node))
    return f"[{_inline(node)}|{quote(address, safe='-._~:/?#@$&()+,;=%')}]"


def _text(text: str) -> str:
    return TEXT.sub(_harmless, text)


def _harmless(match: re.Match[str]) -> str:
    sign, start, end = match[0], match.start(), match.end()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    if match["address"]:
        return f"{JOINER if before.strip() else ''}{sign}{'' if after.isspace() else JOINER}"
    if match["apart"]:
        return sign + JOINER
    if sign == "{" and after in ("{", ""):  # `{{` is read again after the backslashes are gone
        return r"\{" + JOINER
    return JOINER + r"\}" if sign == "}" and before in ("}", "") else f"\\{sign}"
