"""Shows a message as each target will show it: what is written for the target is read again, and drawn as HTML.

Only the tags that are written here come out; every text is escaped on its way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any, Final

from templates.formats import adf, journal, slack, teams, text
from templates.formats.jira_wiki import JOINER
from templates.formats.mail_html import FONT
from templates.formats.mail_html import tags as tags_of_mail
from templates.formats.markdown import direction, parsed
from templates.formats.markup import Tags, marked_up

Document = Mapping[str, Any]

ADF: Final = {
    "paragraph": "p",
    "bulletList": "ul",
    "listItem": "li",
    "blockquote": "blockquote",
    "codeBlock": "pre",
    "table": "table",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
}
"""Jira's blocks that are drawn without looking at what they say of themselves."""

MARKS: Final = {"strong": "b", "em": "i", "code": "code"}
CARD: Final[Tags] = {
    "paragraph": ("<p>", "</p>"),
    "strong": ("<b>", "</b>"),
    "em": ("<i>", "</i>"),
    "link": ('<a href="{}">', "</a>"),
    "softbreak": (" ", ""),
    "hardbreak": ("<br>", ""),
    "bullet_list": ("<ul>", "</ul>"),
    "ordered_list": ("<ol>", "</ol>"),
    "list_item": ("<li>", "</li>"),
}
"""What Teams knows of Markdown."""

BLOCK: Final = re.compile(r"^```\n(?P<code>(?:.|\n)*?)\n```$|^(?P<line>.*)$", re.MULTILINE)
FLOWING: Final = re.compile(r"(?<=[^-\n]) \n")
EDGE: Final = rf"[\w{JOINER}]"
INNER: Final = rf"[^\s{JOINER}](?:[^\n{{0}}]*[^\s{JOINER}])?"
SPAN: Final = re.compile(
    r"<(?P<address>(?:https?://|mailto:)[^|>]*)(?:\|(?P<label>[^>]*))?>"
    rf"|(?<!{EDGE})\*(?P<bold>{INNER.format('*')})\*(?!{EDGE})"
    rf"|(?<!{EDGE})_(?P<italic>{INNER.format('_')})_(?!{EDGE})"
    rf"|(?<!{EDGE})`(?P<code>[^`\n{JOINER}]+)`(?!{EDGE})"
)
"""What Slack knows, in a text in which `&`, `<` and `>` are entities: those that are left are its own.
A sign beside which the unseen one stands is none."""


def mail(markdown: str, language: str) -> str:
    """Return the body of a mail as HTML has it."""
    return f'<div style="{FONT}">{marked_up(parsed(markdown), tags_of_mail(language), escape)}</div>'


def mail_text(markdown: str, language: str) -> str:
    """Return the body of a mail without HTML. Its lines flow: one that ends with a blank goes on in the next."""
    return f'<pre dir="auto">{escape(FLOWING.sub(" ", text(markdown)))}</pre>'


def servicenow(markdown: str, language: str) -> str:
    """Return an entry of a journal."""
    return f'<pre class="journal" dir="auto">{escape(journal(markdown))}</pre>'


def jira(markdown: str, language: str) -> str:
    """Return a comment as Jira draws its document."""
    return _adf(adf(markdown))


def in_slack(markdown: str, language: str) -> str:
    """Return a message in Slack."""
    drawn = (_slack(found["line"], found["code"]) for found in BLOCK.finditer(slack(markdown)))
    return "".join(drawn)


def in_teams(markdown: str, language: str) -> str:
    """Return a card in Teams, in the direction that it names itself."""
    card = teams(markdown, language)
    side = "rtl" if card.get("rtl") else "ltr"
    return f'<div dir="{side}">{_cards(card["body"])}</div>'  # type: ignore[arg-type]


LOOKS: Final[Mapping[str, tuple[str, Callable[[str, str], str]]]] = {
    "mail": ("Mail", mail),
    "text": ("Mail as text", mail_text),
    "jira": ("Jira", jira),
    "journal": ("ServiceNow", servicenow),
    "slack": ("Slack", in_slack),
    "teams": ("Teams", in_teams),
}
"""Target → what people call it, and how a message looks there."""


def side(language: str) -> str:
    """Return the direction in which a language is read."""
    return direction(language, "")


def _adf(node: Document) -> str:
    inner = "".join(map(_adf, node.get("content", ())))
    kind = node["type"]
    if kind == "text":
        return _marked(node)
    if kind == "heading":
        return f'<h{node["attrs"]["level"]} dir="auto">{inner}</h{node["attrs"]["level"]}>'
    if kind == "orderedList":
        return f'<ol start="{int(node["attrs"]["order"])}" dir="auto">{inner}</ol>'
    if kind in ("hardBreak", "rule"):
        return "<br>" if kind == "hardBreak" else "<hr>"
    return f'<{ADF[kind]} dir="auto">{inner}</{ADF[kind]}>' if kind in ADF else inner


def _marked(node: Document) -> str:
    drawn = escape(node["text"])
    for mark in node.get("marks", ()):
        if mark["type"] == "link":
            drawn = f'<a href="{escape(mark["attrs"]["href"])}">{drawn}</a>'
        else:
            drawn = f"<{MARKS[mark['type']]}>{drawn}</{MARKS[mark['type']]}>"
    return drawn


def _slack(line: str | None, code: str | None) -> str:
    if code is not None:
        return f"<pre>{_unentitled(code)}</pre>"
    said = line or ""
    quoted = said.startswith("> ")
    drawn = _spans(said[2:] if quoted else said) or "<br>"
    return f'<blockquote dir="auto">{drawn}</blockquote>' if quoted else f'<div dir="auto">{drawn}</div>'


def _spans(said: str) -> str:
    """Return what stands in a line of Slack's; bold and italics may hold each other."""
    drawn, at = "", 0
    for found in SPAN.finditer(said):
        drawn += _unentitled(said[at : found.start()]) + _span(found)
        at = found.end()
    return drawn + _unentitled(said[at:])


def _span(found: re.Match[str]) -> str:
    if found["address"]:
        label = found["label"] or found["address"]
        return f'<a href="{_unentitled(found["address"])}">{_unentitled(label)}</a>'
    if found["code"]:
        return f"<code>{_unentitled(found['code'])}</code>"
    return f"<b>{_spans(found['bold'])}</b>" if found["bold"] else f"<i>{_spans(found['italic'])}</i>"


def _unentitled(said: str) -> str:
    """Return a text of Slack's as HTML: of the entities it knows three, and all else is text."""
    return escape(said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def _cards(elements: Sequence[Document]) -> str:
    return "".join(map(_card, elements))


def _card(element: Document) -> str:
    kind = element["type"]
    if kind == "TextBlock":
        return f'<div class="{_weight(element)}">{marked_up(parsed(element["text"]), CARD, escape)}</div>'
    if kind == "RichTextBlock":
        return "".join(f'<pre dir="ltr">{escape(run["text"])}</pre>' for run in element["inlines"])
    if kind == "FactSet":
        facts = "".join(f"<dt>{_line(one['title'])}</dt><dd>{_line(one['value'])}</dd>" for one in element["facts"])
        return f"<dl>{facts}</dl>"
    if kind == "ColumnSet":
        parts = "".join(f"<div>{_cards(column['items'])}</div>" for column in element["columns"])
        return f'<div class="columns">{parts}</div>'
    return f'<div class="shaded">{_cards(element["items"])}</div>' if element["items"] else "<hr>"


def _line(said: str) -> str:
    return marked_up(parsed(said), CARD, escape)


def _weight(element: Document) -> str:
    return f"bolder {str(element.get('size', '')).lower()}".strip() if element.get("weight") == "Bolder" else "plain"
