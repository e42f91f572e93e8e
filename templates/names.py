"""Finds the name by which a person is greeted, the given one or the whole."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from rules.language import tag

NOT_A_PERSON: Final = re.compile(r"[@_\d\\/]")
ASIDE: Final = re.compile(r"[(\[（【].*?[)\]）】]")
WHOLE: Final = ("CJK", "HANGUL", "HIRAGANA", "KATAKANA")
VIETNAMESE_FAMILIES: Final = frozenset(
    {"bui", "dang", "dinh", "duong", "hoang", "huynh", "luong", "ngo", "nguyen"}
    | {"pham", "phan", "tran", "trinh", "truong", "vo", "vu"}
)
"""Family names that begin a Vietnamese name, without accents, less those that are words or names elsewhere (Le, Do)."""


TWO_WORDS: Final = frozenset({"عبد", "ابو", "ام", "abd", "abdel", "abdoul", "abdul", "abdur", "abou", "abu", "umm"})
"""What begins an Arabic name and is none without the next word: "servant (of)", "father (of)", "mother (of)"."""

ARTICLES: Final = frozenset({"al", "el", "ul", "ur", "ar"})


def first_name(name: str, language: str = "") -> str:
    """Return how a message greets this person, or "" when a greeting without a name is safer.

    Vietnamese names end with the given name, "Nordmann, Kari" has it after the comma, and Arabic ones may be two words
    ("Abd el Rahman"). Chinese, Japanese and Korean names are used whole; so is any name in Chinese and Japanese, where
    a given name alone is for family and friends.
    Initials, titles, addresses and accounts greet nobody.
    """
    language = tag(language).partition("-")[0]
    name = ASIDE.sub(" ", name).strip()
    if not name or NOT_A_PERSON.search(name):
        return ""
    if _used_whole(name, language):
        return _one_line(name)
    family, comma, given = name.partition(",")
    words = (given if comma else name).split()
    if not words:
        return ""
    last = _vietnamese(family.split(), language) if comma else _vietnamese(words, language) and not _western(words)
    found = words[-1] if last else _with_next(words)
    return found if len(found) > 1 and not found.endswith(".") else ""


def _with_next(words: list[str]) -> str:
    """Return the first name, with what an Arabic one needs to be a name."""
    if _plain(words[0]) not in TWO_WORDS:
        return f"{words[0]} {words[1]}" if words[1:] and words[1] == "الدين" else words[0]
    return " ".join(words[: 3 if words[1:] and _plain(words[1]) in ARTICLES else 2])


def full_name(name: str, language: str = "") -> str:
    """Return a person's whole name in the order in which it is spoken, or "" where `first_name` greets by none.

    "Nordmann, Kari" is Kari Nordmann; names that begin with the family name keep it there.
    """
    if not first_name(name, language):
        return ""
    language, name = tag(language).partition("-")[0], ASIDE.sub(" ", name).strip()
    family, _, given = name.partition(",")
    if not given or _used_whole(name, language) or _vietnamese(family.split(), language):
        return _one_line(name)
    return _one_line(f"{given} {family}")


def _used_whole(name: str, language: str) -> bool:
    return language in ("zh", "ja") or unicodedata.name(name[0], "").startswith(WHOLE)


def _one_line(name: str) -> str:
    return " ".join(name.replace(",", " ").split())


def _vietnamese(words: list[str], language: str) -> bool:
    return bool(words) and (language == "vi" or _plain(words[0]) in VIETNAMESE_FAMILIES)


def _western(words: list[str]) -> bool:
    """Tell whether a Vietnamese name stands in western order: the family name last."""
    return _plain(words[-1]) in VIETNAMESE_FAMILIES and _plain(words[0]) not in VIETNAMESE_FAMILIES


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFD", word.casefold().replace("đ", "d"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
