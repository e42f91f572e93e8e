"""Read what formats wrote the way their targets do: as text, and as a list of what is markup in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from html import unescape
from html.parser import HTMLParser
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

JOINER: Final = "\u034f"
VOID: Final = {"br", "hr", "meta"}
TAGS: Final = {
    *("p", "strong", "em", "b", "i", "code", "pre", "a", "ul", "ol", "li", "blockquote", "table", "tr", "th", "td"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "br", "hr", "div"),
}
PAGE: Final = {"html", "head", "meta", "title", "body"}
ATTRIBUTES: Final = {"href", "style", "dir", "lang", "start", "charset", "name", "content"}
LINKS: Final = ("https://", "http://", "mailto:")


class Page(HTMLParser):
    """What a browser finds: the text, and each tag with its attributes. Unbalanced or unknown tags fail at once."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self._open: list[str] = []
        self.feed(source)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS | PAGE
        assert set(dict(attrs)) <= ATTRIBUTES
        assert (dict(attrs).get("href") or "mailto:").lower().startswith(LINKS)
        self.found.append((tag, dict(attrs)))
        self.text += "\n" if tag == "br" else ""
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    def links(self) -> list[str | None]:
        return [attrs["href"] for tag, attrs in self.found if tag == "a"]


def code_tag(written: str) -> str:
    """Return what a journal takes for HTML: all of it, or nothing where there is more than one beginning and end."""
    assert written.startswith("[code]")
    assert written.endswith("[/code]")
    inside = written[6:-7]
    assert not set(inside) & set("[]\n\r")
    return inside


def unflowed(written: str) -> list[tuple[int, str]]:
    """Return the paragraphs of a mail with the depth of their quote, as RFC 3676 reads them."""
    paragraphs: list[tuple[int, str]] = []
    goes_on = False
    for line in written.split("\n"):
        rest = line.lstrip(">")
        depth = len(line) - len(rest)
        rest = rest.removeprefix(" ")
        if goes_on and depth == paragraphs[-1][0]:
            paragraphs[-1] = (depth, paragraphs[-1][1] + rest)
        else:
            paragraphs.append((depth, rest))
        goes_on = rest.endswith(" ") and rest != "-- "
    return paragraphs


SLACK: Final = {
    "special": r"<[^>]*>",
    "mention": r"[@#]\w",
    "emoji": r":[\w+'-]+:",
    "address": r"\w+://",
    "code": rf"(?<!{JOINER})`(?!{JOINER})[^`]+`",
    "quote": r"^(?:>|&gt;)",
} | {
    name: rf"(?<!{JOINER})(?<![^\W_]){sign}(?=[^\s{sign}{JOINER}]).*?(?<=[^\s{JOINER}]){sign}(?![^\W_])"
    for name, sign in {"bold": r"\*", "italic": "_", "deleted": "~"}.items()
}


def slack_active(mrkdwn: str) -> list[str]:
    """Return the names of what is markup here."""
    return [name for name, pattern in SLACK.items() if re.search(pattern, mrkdwn, re.MULTILINE)]


def slack_shown(mrkdwn: str) -> str:
    return unescape(re.sub("&(?!(?:amp|lt|gt);)", "&amp;", mrkdwn)).replace(JOINER, "")


CARD: Final = MarkdownIt("js-default", {"html": False, "linkify": False})
"""What cards are read by on the desktop; on phones a part of it."""

ELEMENTS: Final = {
    "AdaptiveCard": {"$schema", "version", "body", "rtl", "lang"},
    "TextBlock": {"text", "wrap", "size", "weight", "style"},
    "RichTextBlock": {"inlines"},
    "TextRun": {"text", "fontType"},
    "Container": {"items", "style", "separator"},
    "ColumnSet": {"columns"},
    "Column": {"width", "items"},
    "FactSet": {"facts"},
}


def card_texts(card: Mapping[str, Any]) -> Iterator[str]:
    """Yield the Markdown of a card. An element or a property that Teams does not know fails at once."""
    type_ = card["type"]
    assert set(card) <= ELEMENTS[type_] | {"type"}
    if type_ == "TextBlock":
        yield card["text"]
    for fact in card.get("facts", ()):
        yield from (fact["title"], fact["value"])
    for name in ("body", "items", "columns"):
        for inner in card.get(name, ()):
            yield from card_texts(inner)


def card_tokens(markdown: str) -> list[Token]:
    return [inner for token in CARD.parse(markdown) for inner in (token, *(token.children or ()))]


def card_shown(card: Mapping[str, Any]) -> str:
    """Return what a reader sees of the card's texts."""
    json.dumps(card).encode()
    tokens = (token for text in card_texts(card) for token in card_tokens(text))
    return "".join(token.content for token in tokens if token.type in ("text", "text_special")).replace(JOINER, "")


def card_active(card: Mapping[str, Any]) -> set[str]:
    """Return the kinds of markup in the card, and mentions and functions, which cards know besides."""
    texts = list(card_texts(card))
    kinds = {token.type.removesuffix("_open") for text in texts for token in card_tokens(text)}
    kinds -= {"text", "text_special", "inline", "paragraph", "paragraph_close"}
    more = {"mention": r"<at>", "function": r"\{\{", "address": r"(?<!\]\(https)(?<!\[https)://"}
    return {kind for kind in kinds if not kind.endswith("_close")} | {
        name for name, pattern in more.items() if any(re.search(pattern, text) for text in texts)
    }
