"""Words and patterns in ticket texts, found for all rules in one pass that takes linear time.

The pass is a `re2.Set`: it says which of all words and patterns of the rulebook occur. Its word edges know ASCII
only, so a word that occurs is looked at once more for edges of our own: in writing with spaces between words, a
word must not touch a letter or digit of such writing on either side; in writing without (Chinese, Japanese, Thai …)
it may, and what stands in the midst of that writing has an edge on both sides ("系统VPN故障" has the word VPN).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final, Literal, NamedTuple
from zlib import crc32

import re2

HITS: Final = "text hits"
"""The entry in a ticket's facts under which the ids of all texts that occur are handed to conditions."""

UNSPACED: Final = (
    "CJK",
    "HIRAGANA",
    "KATAKANA",
    "BOPOMOFO",
    "THAI",
    "LAO",
    "KHMER",
    "MYANMAR",
    "TIBETAN",
    "IDEOGRAPHIC",
)


class Sought(NamedTuple):
    """One word or pattern that a rule looks for in a fact."""

    fact: str
    kind: Literal["word", "pattern"]
    text: str


def folded(text: str) -> str:
    """Return the form in which texts are compared: composed (NFC), without case."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())


def compiled(sought: Iterable[Sought]) -> dict[str, tuple[re2._Set, tuple[Sought, ...]]]:
    """Return the search set of each fact, with what its numbers stand for. Raises `re2.error` for a bad pattern."""
    by_fact: dict[str, list[Sought]] = {}
    for item in sought:
        by_fact.setdefault(item.fact, []).append(item)
    return {fact: (_search_set(items), tuple(items)) for fact, items in by_fact.items()}


def check_pattern(pattern: str) -> str:
    """Return what is wrong with an admin's pattern, or "" when it is good."""
    try:
        re2.compile(folded_pattern(pattern), _options())
    except re2.error as error:
        return error.args[0].decode() if isinstance(error.args[0], bytes) else str(error.args[0])
    return ""


def folded_pattern(pattern: str) -> str:
    """Return the pattern as it is searched in folded text; folding all of it would turn \\D into \\d."""
    composed = unicodedata.normalize("NFC", pattern)
    return "".join(letter if letter.isascii() else folded(letter) for letter in composed)


class Matcher:
    """All texts that a rulebook looks for, and one pass that finds which of them a ticket has."""

    __slots__ = ("_sets", "ids")

    def __init__(self, sought: Iterable[Sought]) -> None:
        unique = tuple(dict.fromkeys(sought))
        self.ids = {item: number for number, item in enumerate(unique)}
        self._sets = [
            (fact, search, tuple((self.ids[item], _edge_word(item)) for item in items))
            for fact, (search, items) in compiled(unique).items()
        ]

    def found(self, facts: Mapping[str, object], known: tuple[int, ...]) -> tuple[int, ...]:
        """Return the checksum of the searched texts and their hits: `known`, where these are the texts it is of.

        Texts seldom change, and a checksum costs a tenth of a search. It is all that is remembered of them.
        """
        checksum = 0
        for fact, _, _ in self._sets:
            text = str(facts.get(fact, ""))
            checksum = crc32(text.encode("utf-8", "replace"), checksum ^ len(text))  # where a text ends matters, too
        return known if known and known[0] == checksum else (checksum, *self.hits(facts))

    def hits(self, facts: Mapping[str, object]) -> tuple[int, ...]:
        """Return the ids of the words and patterns that the texts among these facts contain, in order."""
        found: set[int] = set()
        for fact, search, items in self._sets:
            text = facts.get(fact)
            if isinstance(text, str) and text:
                text = folded(text)
                for position in search.Match(text.encode("utf-8", "replace")) or ():
                    number, word = items[position]
                    if not word or _stands_alone(word, text):
                        found.add(number)
        return tuple(sorted(found)) if found else ()


def _options() -> re2.Options:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    return options


def _search_set(items: Iterable[Sought]) -> re2._Set:
    search = re2.Set.SearchSet(_options())
    for item in items:
        search.Add(re2.escape(folded(item.text)) if item.kind == "word" else folded_pattern(item.text))
    search.Compile()
    return search


def _edge_word(item: Sought) -> str:
    """Return the folded word where its edges must be looked at, else ""."""
    word = folded(item.text)
    return word if item.kind == "word" and not _unspaced(word) else ""


def _unspaced(word: str) -> bool:
    return any(unicodedata.name(letter, "").startswith(UNSPACED) for letter in word)


def _stands_alone(word: str, text: str) -> bool:
    """Tell whether the word occurs without a letter, digit or combining mark touching it."""
    start = text.find(word)
    while start >= 0:
        end = start + len(word)
        if not _joins(text[start - 1 : start]) and not _joins(text[end : end + 1]):
            return True
        start = text.find(word, start + 1)
    return False


def _joins(letter: str) -> bool:
    if letter == "" or letter.isspace() or _unspaced(letter):
        return False
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"
