"""Reads Jira's wiki notation, to find what in a text is markup: the rules of both its readers, the stricter of two.

Data Center takes macros, blocks and links first, then the backslashes, then bold text and the like; the cloud reads
from left to right, and the inside of bold text once more after its backslashes are gone.
"""

from __future__ import annotations

import re
from typing import Final

JOINER: Final = "\u034f"
ESCAPE: Final = re.compile(r"(?<!\\)\\([-#*_+?^~|%{}\[\]()!@])")
GONE: Final = "\ue000"
"""Stands for an escaped sign, which begins nothing any more; only braces are read again on Data Center."""

BEFORE_ESCAPES: Final = {
    "macro": r"(?<!\\)\{\s*\w",
    "link": r"(?<!\\)\[[^\]]",
    "table": r"^\s*\|",
    "list": r"^\s*[-*#]+\s",
    "heading": r"^\s*h[1-6]\.",
    "quote": r"^\s*bq\.",
    "rule": r"^\s*-{4,}",
    "line": r"\\\\",
    "swallowed backslash": rf"https?://[^\s{JOINER}]*\\",
    "address": r"(?:mailto|file|(?:ftps?|irc|news|nntp):/)(?!\w|" + JOINER + ")",
}
AFTER_ESCAPES: Final = {
    "fixed width": r"\{\{\S.*?\}\}",
    "mark in braces": r"\{(?:[-*_+^~]|\?\?|\{\{)\}",
    "emoticon": r"[:;]-?[()]|:-?[DPp](?![A-Za-z0-9])"
    r"|\((?:[yni/x!+?-]|on|off|\*[rgby]?|flag|flagoff)\)",
    "entity": r"&#?[A-Za-z0-9]{2,8};",
    "dash": r"(?:^|\s)---?(?:\s|$)",
    "image": rf"(?<![A-Za-z0-9{JOINER}])!\S.*?!(?![A-Za-z0-9])",
    "citation": rf"(?<![A-Za-z0-9{JOINER}])\?\?\S.*?\?\?",
} | {
    name: rf"(?<![A-Za-z0-9{JOINER}]){sign}(?=[^\s{sign}]).*?(?<=\S){sign}(?![A-Za-z0-9])"
    for name, sign in {
        "bold": r"\*",
        "italic": "_",
        "deleted": "-",
        "inserted": r"\+",
        "superscript": r"\^",
        "subscript": "~",
    }.items()
}


def active(markup: str) -> list[str]:
    """Return the names of what is markup here."""
    rest = ESCAPE.sub(lambda match: match[1] if match[1] in "{}" else GONE, markup)
    found = [name for name, pattern in BEFORE_ESCAPES.items() if re.search(pattern, markup, re.MULTILINE)]
    return found + [name for name, pattern in AFTER_ESCAPES.items() if re.search(pattern, rest, re.MULTILINE)]


def read_again(markup: str) -> str:
    """Return what the cloud reads inside bold text: the same without its backslashes."""
    return ESCAPE.sub(r"\1", markup)


def shown(markup: str) -> str:
    """Return what a reader sees of a text without markup."""
    return read_again(markup).replace(JOINER, "")
