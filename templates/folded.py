"""Texts as they are searched: without case, accents, widths and invisible signs, and the way back to the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

GONE: Final = "\N{OBJECT REPLACEMENT CHARACTER}"
"""Stands for each sign of what was found already: no pattern goes across it."""

LONG_SOUND: Final = re.compile(r"(?<=\d)ー(?=\d)")
"""A sign of Japanese that is written between the parts of a phone number as if it were a dash."""

AS: Final = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ى": "ي", "ة": "ه", "ـ": ""}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | dict.fromkeys("、，", ",")
    | dict.fromkeys("’‘", "'")
)


class Folded(NamedTuple):
    """A folded text; `at` has for each of its signs the place of the one in the original, and the end of all."""

    text: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the stretch of the original that a stretch stands for, with the unseen signs that follow it."""
        return self.at[start], max(self.at[end - 1] + 1, self.at[end])

    def without(self, spans: Iterable[tuple[int, int]]) -> Folded:
        """Return the text with these stretches of the original gone."""
        gone = bytearray(self.at[-1])
        for start, end in spans:
            gone[start:end] = b"\1" * (end - start)
        text = "".join(GONE if gone[at] else sign for sign, at in zip(self.text, self.at, strict=False))
        return Folded(text, self.at)


def fold(text: str) -> Folded:
    """Return a text as it is searched."""
    signs: list[str] = []
    at: list[int] = []
    for place, sign in enumerate(text):
        found = sign.lower() if sign.isascii() else folded_sign(sign)
        signs.append(found)
        at += [place] * len(found)
    return Folded(LONG_SOUND.sub("-", "".join(signs)), (*at, len(text)))


@lru_cache(maxsize=8192)
def folded_sign(sign: str) -> str:
    """Return what stands for one sign: nothing for what is not seen, digits of any script as those of ASCII."""
    if sign in "\r\n\u2028\u2029":
        return "\n"
    if sign.isspace():
        return " "
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", sign).casefold()).translate(AS)
    return "".join(_digit(part) for part in parts if not _is_unseen(part))


def _is_unseen(sign: str) -> bool:
    return unicodedata.combining(sign) > 0 or unicodedata.category(sign) in ("Cf", "Cc", "Cs")


def _digit(sign: str) -> str:
    return str(unicodedata.decimal(sign)) if sign.isdecimal() else " " if sign.isspace() else sign
