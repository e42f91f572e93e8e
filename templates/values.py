"""Makes values from tickets harmless: first as text, then as Markdown."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 300
"""Characters of one value that a message shows; titles are at most 160 on ServiceNow and 255 on Jira."""

INVISIBLE: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u2060-\u2064\ufeff\ufff9-\ufffb"  # controls, zero widths
    "\u202a-\u202e\u2066-\u206f"  # bidirectional embeddings, overrides, isolates: they reorder what stands around them
    "\ud800-\udfff\U000e0000-\U000e007f]"  # half characters cannot be sent; tags hide text
)
BLANKS: Final = re.compile(r"\s+")
MARKUP: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_{}[]<>()#+-.!|&~=\"'^"})
"""Every sign that can begin markup in Markdown, wherever the value stands: in a link, after a digit, in front."""


def clean(value: str) -> str:
    """Return a value as one line of visible text, not longer than `LONGEST` characters."""
    text = BLANKS.sub(" ", INVISIBLE.sub("", value[: 8 * LONGEST])).strip()
    return text if len(text) <= LONGEST and len(value) <= 8 * LONGEST else text[: LONGEST - 1].rstrip() + "…"


def escaped(text: str) -> str:
    """Return Markdown that reads as exactly this text."""
    return text.translate(MARKUP)
