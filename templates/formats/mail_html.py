"""HTML for mail: styles at each tag, since mail programs drop others, and nothing that is fetched from elsewhere.

No colour of text or ground is set, and lines are half transparent: so it reads well on white and on black.
"""

from __future__ import annotations

from html import escape
from typing import Final

from templates.formats.markdown import direction, parsed
from templates.formats.markup import Tags, marked_up

FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"
FIXED: Final = "font-family:ui-monospace,Consolas,Menlo,monospace;font-size:14px"
SHADE: Final = "background:rgba(128,128,128,0.15);border-radius:4px"
LINE: Final = "1px solid rgba(128,128,128,0.5)"
CELL: Final = f"border:{LINE};padding:6px 8px;min-width:4em;text-align:start;vertical-align:top"
"""Long words break, and yet no column gets narrower than a time or a short word; a wide table moves sideways."""

BIG: Final = {1: 24, 2: 20, 3: 18, 4: 16, 5: 16, 6: 16}

TAGS: Final[Tags] = {
    **{
        f"h{level}": (f'<h{level} style="margin:24px 0 8px;font-size:{size}px;line-height:1.3">', f"</h{level}>")
        for level, size in BIG.items()
    },
    "paragraph": ('<p style="margin:0 0 16px">', "</p>"),
    "strong": ("<strong>", "</strong>"),
    "em": ("<em>", "</em>"),
    "code_inline": (f'<code dir="ltr" style="{FIXED};{SHADE};padding:1px 4px">', "</code>"),
    "link": ('<a href="{}">', "</a>"),
    "softbreak": ("\n", ""),
    "hardbreak": ("<br>\n", ""),
    "hr": (f'<hr style="border:0;border-top:{LINE};margin:24px 0">', ""),
    "bullet_list": ('<ul style="margin:0 0 16px;padding-inline-start:24px">', "</ul>"),
    "ordered_list": ('<ol style="margin:0 0 16px;padding-inline-start:24px">', "</ol>"),
    "list_item": ('<li style="margin:0 0 4px">', "</li>"),
    "blockquote": (
        '<blockquote dir="auto" style="margin:0 0 16px;padding-inline-start:12px;'
        'border-inline-start:3px solid rgba(128,128,128,0.5)">',
        "</blockquote>",
    ),
    **dict.fromkeys(
        ("fence", "code_block"),
        (
            f'<pre dir="ltr" style="{FIXED};{SHADE};margin:0 0 16px;padding:8px 12px;'
            'white-space:pre-wrap;overflow-wrap:anywhere">',
            "</pre>",
        ),
    ),
    "table": (
        '<div style="margin:0 0 16px;overflow-x:auto"><table style="border-collapse:collapse">',
        "</table></div>",
    ),
    "tr": ("<tr>", "</tr>"),
    "th": (f'<th style="{CELL};overflow-wrap:normal">', "</th>"),
    "td": (f'<td style="{CELL}">', "</td>"),
}

UPRIGHT: Final[Tags] = {**TAGS, "em": ('<em style="font-style:normal">', "</em>")}
NO_ITALICS: Final = frozenset(["ar", "ja", "ko", "th", "zh"])
"""Languages whose letters have no italics: programs would slant them, which is hard to read."""


def tags(language: str) -> Tags:
    """Return the tags for a text in this language."""
    return UPRIGHT if language.partition("-")[0] in NO_ITALICS else TAGS


def html(markdown: str, language: str = "", title: str = "") -> str:
    """Return a whole page. Without a language each reader's program finds out the direction by the text."""
    said = f' lang="{escape(language)}"' if language else ""
    said += f' dir="{direction(language, "") if language else "auto"}"'
    return (
        f"<!DOCTYPE html>\n<html{said}>\n<head>\n"
        '<meta charset="utf-8">\n<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">\n'
        f'<title>{escape(title)}</title>\n</head>\n<body style="margin:0">\n'
        f'<div{said} style="color-scheme:light dark;max-width:600px;margin:0 auto;padding:16px;{FONT};'
        f'font-size:16px;line-height:1.5;overflow-wrap:anywhere">\n'
        f"{marked_up(parsed(markdown), tags(language), escape)}\n</div>\n</body>\n</html>\n"
    )
