"""Chooses the language of a message: the reader's own as far as messages exist in it, else the desk's."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final, NamedTuple

TAG: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")

PLATFORM_CODES: Final = {"zt": "zh-Hant", "pb": "pt-BR", "fq": "fr-CA"}
"""ServiceNow's own codes that are no language tags, by its list of language plugins."""

NEXT: Final = {
    "nn": "nb",
    "no": "nb",
    "zh": "zh-Hans",
    "zh-CN": "zh-Hans",
    "zh-SG": "zh-Hans",
    "zh-TW": "zh-Hant",
    "zh-HK": "zh-Hant",
    "zh-MO": "zh-Hant",
    "zh-Hant": "zh-Hans",
    "zh-Hans": "",
    "pt": "pt-BR",
    "pt-PT": "pt-BR",
}
"""Where the next best language is another one; elsewhere it is the same tag without its last part."""


Detect = Callable[[str], str]
"""Answers with the language of a text, the same for the same text, and with "" unless it is sure."""


def unsure(_text: str) -> str:
    """Answer as whoever knows no language does."""
    return ""


class Wish(NamedTuple):
    """A language that a reader would like, what the journal calls it, and what it calls one of its kin."""

    language: str
    exact: str = "the reader's own language"
    near: str = "the nearest to the reader's"


def tag(code: str) -> str:
    """Return a platform's language code as a language tag ("nb_no" is "nb-NO", "zt" is "zh-Hant"), or ""."""
    code = code.strip().replace("_", "-")
    if not TAG.fullmatch(code):
        return ""
    first, *rest = code.lower().split("-")
    return PLATFORM_CODES.get(first) or "-".join([first, *map(_spelled, rest)])


def _spelled(part: str) -> str:
    """Spell regions in capitals and scripts with one, as language tags do (RFC 5646, 2.1.1)."""
    return part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part


@lru_cache(maxsize=1024)
def chain(code: str, last: str) -> tuple[str, ...]:
    """Return the languages in which a reader of `code` is served, best first; `last`, unless it is "", ends them."""
    found: list[str] = []
    language = tag(code)
    while language and language not in found:
        found.append(language)
        language = NEXT.get(language, language.rpartition("-")[0])
    return tuple(dict.fromkeys([*found, last] if last else found))


@lru_cache(maxsize=4096)
def choose(wanted: tuple[Wish, ...], available: frozenset[str], desk: tuple[str, ...]) -> tuple[str, str]:
    """Return the language for a reader who would like `wanted`, best first, and why; () is unknown.

    Only languages of the desk count, since the reader may answer in what we write; its first one is the last resort.
    The language is "" when the message exists in none.
    """
    for own in wanted:
        for language in chain(own.language, ""):
            if language in available and language in desk:
                return language, own.exact if language == tag(own.language) else f"{own.near} {own.language}"
    known = ", ".join(dict.fromkeys(own.language for own in wanted if own.language))
    why = f"there is no message in the reader's {known}" if known else "the reader's language is unknown"
    for language in (*desk, *sorted(available)):
        if language in available:
            return language, f"the desk's language, as {why}"
    return "", "the message exists in no language"
