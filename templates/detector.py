"""Tells in which language a short text is written, or nothing: it answers only when it is sure.

Scripts that one language has are told by their letters, the others by py3langid, which is loaded when first needed.
Names, codes and what is quoted say nothing about who writes, and are left out. The figures were chosen on one half of
the texts in tests/templates/short_texts; a test holds what they do on the other.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from unicodedata import normalize

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

SURE: Final = 0.6
"""What the likeliest language must have of all probability."""

SURE_ARABIC: Final = 0.4
"""The same among the languages that are written in Arabic letters and have none of NOT_ARABIC in the text."""

LETTERS: Final = 8
"""A text with fewer letters says nothing; words of Chinese and Japanese have a few."""

OTHER: Final = 0.02
"""A part of a text with less for the likeliest language than this is in another one."""

PART: Final = re.compile(r"[.!?…:;,/\n]+\s+|\s[-–—]+\s|\n")
MOST_PARTS: Final = 8
"""So many parts are looked at."""

NAMES: Final = re.compile(r"\W*[A-Z]\w*(\s+[A-Z]\w*)+\W*")
"""A part in which all words begin with a capital, such as those below a mail: it is in no language."""

LONGEST: Final = 1_000
"""A text is read so far: its first sentences tell its language, and a log below them tells nothing."""

IS: Final = {"no": "nb", "zh": "zh-Hans", "ext": "es", "ary": "ar", "arz": "ar", "pcm": "en", "pt": "pt-BR"}
"""What py3langid calls otherwise, or takes for a language of its own that hardly anybody writes to a desk in."""

NO_LANGUAGE: Final = frozenset({"zxx", ""})

QUOTED: Final = re.compile(r"\"[^\"\n]+\"|“[^”\n]+”|„[^“”\n]+[“”]|«[^»\n]+»|「[^」\n]+」|`[^`\n]+`")
CODE: Final = re.compile(
    r"[A-Za-z]+://[!-~]+|[!-~]*[\d_\\@=<>{}|][!-~]*|[!-~]+[./:][!-~]*[A-Za-z][!-~]*|(?<![^\W\d_])[A-Z]{2,}(?![^\W\d_])"
)
"""Addresses, paths, numbers, names of variables, and words in capitals: texts without them read as people speak."""

LATIN_NAME: Final = re.compile(r"(?<![A-Za-z])[A-Z][A-Za-z'-]*")
LATIN: Final = re.compile(r"[A-Za-z\u00aa\u00ba\u00c0-\u024f\u1e00-\u1eff]")
LETTER: Final = re.compile(r"[^\W\d_]")
HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
KANA: Final = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
ARABIC: Final = re.compile(r"[\u0620-\u064a\u0671-\u06d3]")
NOT_ARABIC: Final = re.compile(r"[\u0671-\u06d3]")
"""Letters that Persian, Urdu, Kurdish and others have and Arabic has not."""


def detected(text: str) -> str:
    """Return the language of a text as a language tag, "" unless that is sure."""
    said = CODE.sub(" ", QUOTED.sub(" ", normalize("NFC", text[:LONGEST])))
    letters = len(LETTER.findall(said))
    foreign = letters - len(LATIN.findall(said))
    if foreign:
        said = LATIN_NAME.sub(" ", said)  # where letters are others, products keep theirs
        if len(LATIN.findall(said)) * 3 > foreign:
            return ""
        return _by_script(said)
    return _likeliest(said, SURE) if letters >= LETTERS else ""


def _by_script(said: str) -> str:
    kana, han = len(KANA.findall(said)), HAN.findall(said)
    if kana + len(han) >= 3:
        return _of_east_asia(kana, han)
    if ARABIC.search(said) and not NOT_ARABIC.search(said):
        return _likeliest(said, SURE_ARABIC) if len(ARABIC.findall(said)) >= LETTERS else ""
    return _likeliest(said, SURE) if len(LETTER.findall(said)) >= LETTERS else ""


def _of_east_asia(kana: int, han: list[str]) -> str:
    """Return Japanese where a fifth is kana; Chinese by the characters that only one way of writing it has."""
    kinds = {_kind(one) for one in han} - {""}
    if kana:
        return "ja" if kana >= 2 and kana * 5 >= kana + len(han) and not kinds else ""
    return kinds.pop() if len(kinds) == 1 else ""


@lru_cache(maxsize=10_000)
def _kind(character: str) -> str:
    """Return the way of writing Chinese that alone has this character, by what the old national encodings hold."""
    simplified, traditional, japanese = (_has(encoding, character) for encoding in ("gb2312", "big5", "shift_jis"))
    if japanese or simplified == traditional:
        return ""
    return "zh-Hans" if simplified else "zh-Hant"


def _has(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _likeliest(said: str, sure: float) -> str:
    """Return the likeliest language, unless some part of the text is likely none of it: then two are mixed."""
    shares = _shares(said)
    best = max(shares, key=shares.__getitem__)
    if shares[best] < sure or best in NO_LANGUAGE:
        return ""
    parts = [part for part in PART.split(said) if len(LETTER.findall(part)) >= LETTERS and not NAMES.fullmatch(part)]
    return "" if len(parts) > 1 and any(_is_other(part, best) for part in parts[:MOST_PARTS]) else best


def _is_other(part: str, language: str) -> bool:
    return _shares(part).get(language, 0.0) < OTHER


def _shares(said: str) -> dict[str, float]:
    """Return what each language has of all probability; neighbours that one message serves count together."""
    shares: dict[str, float] = {}
    for code, share in _identifier().rank(" ".join(said.split())):
        language = IS.get(code, code)
        shares[language] = shares.get(language, 0.0) + float(share)
    return shares


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
