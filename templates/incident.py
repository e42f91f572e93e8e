"""Writes the report on one incident as a page: the message itself, and above it the course as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from html import escape
from importlib.resources import files
from typing import Any, Final, cast

from jinja2 import Environment, StrictUndefined, Template
from markdown_it.tree import SyntaxTreeNode

from templates.context import Context
from templates.formats.markdown import direction, parsed, text_of
from templates.formats.markup import Tags, marked_up
from templates.locales import moment
from templates.pins import course
from templates.render import Text

WIDTHS: Final = (350, 900)
"""The course is drawn twice: for a phone and for a desktop, so that its letters can be read on both."""

PLAIN: Final = ("strong", "em", "blockquote", "table", "tr", "th", "td")
TAGS: Final[Tags] = {
    **{f"h{level}": (f"<h{min(level, 3) - 1 or 2}>", f"</h{min(level, 3) - 1 or 2}>") for level in range(1, 7)},
    **{name: (f"<{name}>", f"</{name}>") for name in PLAIN},
    **dict.fromkeys(("fence", "code_block"), ('<pre dir="ltr">', "</pre>")),
    "paragraph": ("<p>", "</p>"),
    "code_inline": ('<code dir="ltr">', "</code>"),
    "link": ('<a href="{}" rel="noreferrer">', "</a>"),
    "softbreak": ("\n", ""),
    "hardbreak": ("<br>\n", ""),
    "hr": ("<hr>", ""),
    "bullet_list": ("<ul>", "</ul>"),
    "ordered_list": ("<ol>", "</ol>"),
    "list_item": ("<li>", "</li>"),
}
"""No style at the tags, unlike in mail: the page has its own."""


def incident(text: Text, said: Context) -> str:
    """Return the page of a report that was rendered from `said`."""
    language, zone = str(said["reader"]["language"]), str(said["reader"]["zone"])
    tree = parsed(text.body)
    steps = [(cast(datetime, step["at"]), str(step["kind"])) for step in said["steps"]]
    place, told = _list_of_steps(tree, [moment(at, language, zone) for at, _ in steps])
    side = direction(language, "")
    return _page().render(
        title=text.subject,
        language=language,
        side=side,
        body=_numbered(marked_up(tree, TAGS, escape), place),
        charts=[course(steps, told, wide, language, zone, side == "rtl") for wide in WIDTHS if steps],
    )


def _list_of_steps(tree: SyntaxTreeNode, moments: Sequence[str]) -> tuple[int, list[str]]:
    """Return which of the lists tells the steps, and its entries as text; -1 where none does, in a desk's own words."""
    lists = [node for node in tree.walk() if node.type == "bullet_list"]
    for place, node in enumerate(lists):
        entries = [text_of(entry) for entry in node.children]
        if len(entries) == len(moments) and all(map(_names, entries, moments)):
            return place, entries
    return -1, []


def _names(entry: str, moment: str) -> bool:
    return moment.casefold() in entry.casefold()


def _numbered(html: str, place: int) -> str:
    """Return the text with the numbers of the chart beside the steps."""
    parts = html.split("<ul>")
    if place < 0:
        return html
    return f'{"<ul>".join(parts[: place + 1])}<ul class="steps">{"<ul>".join(parts[place + 1 :])}'


@cache
def _page() -> Template:
    world: Any = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    found: Template = world.from_string((files("templates") / "pages" / "incident.html.j2").read_text(encoding="utf-8"))
    return found
