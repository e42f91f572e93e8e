"""Finds what a source asks of doors that none of them does: HTML, pictures, the marks of other tools, mentions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from templates.lengths import Found
from templates.marks import COMMENT

TAGS: Final = (
    "a|b|big|blockquote|br|center|code|del|details|div|em|font|h[1-6]|hr|i|iframe|img|ins|li|mark|ol|p|pre|s|script"
    "|small|span|strong|style|sub|summary|sup|table|td|th|tr|u|ul|video"
)
INSTEAD: Final = "write it in Markdown: **bold**, *italic*, [text](https://…), lists, tables"
QUOTED: Final = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]+`", re.DOTALL)
"""Code, in which such signs are meant as they are."""


ASKED: Final = (
    (
        re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"),
        "no door shows pictures, only the words: '{}'",
        "link to it: [what it shows](https://…)",
    ),
    (
        re.compile(
            r"<!(?:here|channel|everyone|subteam\^)[^>\n]*>|<@[A-Z0-9]+>|\[~[^\]\n]+\]|<at>|(?<!\S)@(?:here|channel|everyone)\b"
        ),
        "no door mentions anybody, '{}' comes out as it is written",
        "tell them by a rule: to: [ida], by a door of their own",
    ),
    (
        re.compile(rf"</?(?:{TAGS})(?:\s[^<>\n]*)?/?>", re.IGNORECASE),
        "no door takes HTML, '{}' comes out as text",
        INSTEAD,
    ),
    (
        re.compile(r"(?<!\{)\{(?:code|color|noformat|panel|quote)(?::[^}\n]*)?\}|\[/?code\]", re.IGNORECASE),
        "'{}' is a mark of one platform, and comes out as it is written",
        INSTEAD,
    ),
)


def asked(source: str) -> Iterator[Found]:
    """Yield what no door does, each kind once."""
    bare = QUOTED.sub(_blank, COMMENT.sub(_blank, source))
    for wanted, text, mend in ASKED:
        if (found := wanted.search(bare)) is not None:
            yield Found(found.start(), text.format(found[0][:40]), mend)


def _blank(code: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", code[0])
