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

from templates.formats.markdown import address_of, is_within, parsed, rows, spanned, text_of

JOINER: Final = "\u034f"
"""The combining grapheme joiner. Unlike zero-width spaces it may stand in bold text on Data Center, whose renderer
takes letters, digits, blanks, symbols, marks and punctuation there and nothing else."""

_W: Final = "[A-Za-z0-9]"
"""Between two of these no sign begins or ends bold text and the like, for either reader."""

BARE: Final = re.compile(
    rf"(?<!{_W})https?://{_W}(?:[A-Za-z0-9/.=&%#]|:(?=[0-9])|\?(?={_W})|(?<={_W})[-_+~](?={_W}))*(?<=[A-Za-z0-9/=])"
)
"""An address that both readers make a link of, to its last sign, and in which no sign begins markup."""

TEXT: Final = re.compile(
    rf"(?P<address>{BARE.pattern})"
    r"|(?P<apart>"
    r"\\(?=[-#*_+?^~|%{}\[\]()!@\\]|\Z)"  # a backslash of the text must not escape; `\\` would end the line
    rf"|(?<!{_W})(?:h[1-6]|bq)(?=\.)"  # a heading, a quote: full stops cannot be escaped
    rf"|:(?=//|[DPp](?!{_W}))"  # other addresses; faces made of letters, which cannot be escaped
    r"|(?i:mailto|file)(?=:)"
    r"|&(?=[A-Za-z0-9]{2,8};)"  # an entity, which Data Center would read
    r")"
    rf"|[{{}}\[\]()|!]|(?<!{_W})[-_*+^~#?]|[-_*+^~#?](?!{_W})"  # inside a word the latter are no markup
)

CLEAR: Final = re.compile(r"[\s!\"#$%&'()*+,.:;<>?@\[\]^`|~-]?")
"""What may stand beside `*` or `_` so that both readers take them as bold and italics; else they need braces."""

DIRECTION: Final = re.compile("[\u2066-\u2069]")
"""Signs around values in languages from right to left. Data Center takes them at the ends of bold text, not within."""

LISTS: Final = {"bullet_list": "*", "ordered_list": "#"}
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
        return quoted if is_within(node, "blockquote") else f"{{quote}}\n{quoted}\n{{quote}}"
    if node.type in LISTS:
        return _list(node, "")
    if node.type in ("fence", "code_block"):
        return "{noformat}\n" + ENDING.sub(f"{{{JOINER}", node.content.rstrip("\n")) + "\n{noformat}"
    if node.type == "table":
        return _table(node)
    if node.type == "hr":
        return "----"
    return f"{node.tag}. {_inline(node)}" if node.type == "heading" else _inline(node)


def _list(node: SyntaxTreeNode, outer: str) -> str:
    """Return a line per entry; a blank line would end the list, so that an entry's blocks follow on lines."""
    signs = outer + LISTS[node.type]
    return "\n".join(_entry(entry, signs) for entry in node.children)


def _entry(node: SyntaxTreeNode, signs: str) -> str:
    parts = [_list(child, signs) if child.type in LISTS else _block(child) for child in node.children]
    begins_with_list = node.children and node.children[0].type in LISTS
    return ("" if begins_with_list else f"{signs} ") + "\n".join(parts)


def _table(node: SyntaxTreeNode) -> str:
    """Return a line per row; in a list, which a table would end, its rows are text."""
    texts = [[_inline(cell) for cell in row] for row in rows(node)]
    if is_within(node, *LISTS):
        return "\n".join(r" \| ".join(row) for row in texts)
    signs = ["||", *("|" for _ in texts[1:])]
    return "\n".join(f"{sign} {f' {sign} '.join(row)} {sign}" for sign, row in zip(signs, texts, strict=True))


def _inline(node: SyntaxTreeNode, left: str = "", right: str = "") -> str:
    """Return what stands in the node; `left` and `right` are the signs around it."""
    if not node.children:
        return _text(text_of(node), node)
    return spanned(node, left, right, _span)


def _span(node: SyntaxTreeNode, left: str, right: str) -> str:
    if node.type in MARKS:
        inner = _inline(node, left, right)
        return inner if is_within(node, node.type) else _marked(MARKS[node.type], inner, left, right)
    if node.type == "code_inline":
        return _code(node, left, right)
    if node.type == "link":
        return _link(node)
    if node.type == "hardbreak":
        return r"\\ "  # a new line would end bold text, headings and entries; the blank belongs to it on Data Center
    return _inline(node, left, right)


def _marked(sign: str, text: str, left: str, right: str) -> str:
    """Return bold or italic text, plain where neither form of the notation works."""
    if not text or text != text.strip() or r"\[" in text or DIRECTION.search(text[1:-1]):
        return text  # inside marks the cloud reads twice, when the backslash before a bracket is gone
    if CLEAR.fullmatch(left) and CLEAR.fullmatch(right):
        return f"{sign}{text}{sign}"
    # the cloud looks for the end of the form in braces by the first such sign, whatever stands before it
    return text if sign in text else f"{{{sign}}}{text}{{{sign}}}"


def _code(node: SyntaxTreeNode, left: str, right: str) -> str:
    """Return text of fixed width, in which the notation still reads markup."""
    text = _text(node.content, node)
    if not (CLEAR.fullmatch(left) and CLEAR.fullmatch(right)):
        return text
    edge = JOINER if {node.content[0], node.content[-1]} & set(" {}") else ""
    return f"{{{{{edge}{text}{edge}}}}}"


def _link(node: SyntaxTreeNode) -> str:
    """Return a link; one that leads where none may lead, or cannot be written, is text with its address."""
    address, text = address_of(node), "".join(map(text_of, node.children))
    if not address or not text or UNFIT.search(text) or (text == address and BARE.fullmatch(text)):
        return _text(text_of(node), node)
    return f"[{_inline(node)}|{quote(address, safe='-._~:/?#@$&()+,;=%')}]"


def _text(text: str, node: SyntaxTreeNode) -> str:
    """Return text in which nothing is markup; in bold and italic text it is read twice, the second time bare."""
    if is_within(node, *MARKS):
        return TEXT.sub(_kept_apart, text).replace(2 * JOINER, JOINER)
    return TEXT.sub(_escaped, text)


def _escaped(match: re.Match[str]) -> str:
    """Return a sign that is no markup where it is read once."""
    sign, start, end = match[0], match.start(), match.end()
    before, after = match.string[max(start - 1, 0) : start], match.string[end : end + 1]
    if match["address"]:
        return sign if after.isspace() else sign + JOINER  # Data Center would take a backslash for part of it
    if match["apart"]:
        return sign + JOINER
    if sign == "{" and after in ("{", ""):  # `{{` is read again after the backslashes are gone
        return r"\{" + JOINER
    return JOINER + r"\}" if sign == "}" and before in ("}", "") else f"\\{sign}"


def _kept_apart(match: re.Match[str]) -> str:
    """Return a sign that is no markup with its backslash or without."""
    return _escaped(match) if match["address"] or match["apart"] else f"{JOINER}\\{match[0]}{JOINER}"
