"""HTML in a ServiceNow journal, between `[code]` and `[/code]`, with the few plain tags that journals keep.

Journals make `<br>` of every new line, there, too: so all stands on one line.
"""

from __future__ import annotations

from html import escape
from typing import Final

from templates.formats.markdown import direction, parsed
from templates.formats.markup import Tags, marked_up

BRACKETS: Final = str.maketrans({"[": "&#91;", "]": "&#93;", "\n": "<br>", "\r": "", "\t": "&#9;"})
"""Journals look for `[code]` and `[/code]` before HTML is read: no text of ours holds a bracket."""

TAGS: Final[Tags] = {
    **{f"h{level}": ("<p><b>", "</b></p>") for level in range(1, 7)},
    "paragraph": ("<p>", "</p>"),
    "strong": ("<b>", "</b>"),
    "em": ("<i>", "</i>"),
    "code_inline": ("<code>", "</code>"),
    "link": ('<a href="{}">', "</a>"),
    "softbreak": (" ", ""),
    "hardbreak": ("<br>", ""),
    "hr": ("<hr>", ""),
    "bullet_list": ("<ul>", "</ul>"),
    "ordered_list": ("<ol>", "</ol>"),
    "list_item": ("<li>", "</li>"),
    "blockquote": ("<blockquote>", "</blockquote>"),
    **dict.fromkeys(("fence", "code_block"), ("<pre>", "</pre>")),
    "table": ("<table>", "</table>"),
    "tr": ("<tr>", "</tr>"),
    "th": ("<th>", "</th>"),
    "td": ("<td>", "</td>"),
}


def journal_html(markdown: str, language: str = "") -> str:
    """Return HTML that no text of the message can end, "" for an empty one."""
    written = marked_up(parsed(markdown), TAGS, _escaped)
    if written and direction(language, markdown) == "rtl":
        written = f'<div dir="rtl">{written}</div>'
    return f"[code]{written}[/code]" if written else ""


def _escaped(text: str) -> str:
    return escape(text).translate(BRACKETS)
