"""Turns a platform's names into what a workspace can hold: keys of our own, and texts quoted as YAML reads them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Final

from rules.checks import RESERVED
from rules.words import folded

PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
NOT_TEXT: Final = ("true", "false", "null")
NUMBERED: Final = re.compile(r"\s*\d+\s*[-–.:)]\s*(?=\S)")
LONGEST_REMARK: Final = 100


def quoted(text: str) -> str:
    """Return a text as a double-quoted YAML scalar on one line; letters that cannot be printed are escaped."""
    return "".join(
        letter if letter.isprintable() else _escaped(letter) for letter in json.dumps(text, ensure_ascii=False)
    )


def key(text: str) -> str:
    """Return a mapping's key or a word in a list: as it is where YAML reads it as a text, else quoted."""
    return text if PLAIN.fullmatch(text) and text.lower() not in NOT_TEXT else quoted(text)


def listed(texts: Iterable[str]) -> str:
    """Return a YAML list on one line."""
    return f"[{', '.join(map(key, texts))}]"


def mapped(entries: Mapping[str, Iterable[str]]) -> str:
    """Return a YAML mapping on one line: our words, each with theirs, in quotes because most are digits."""
    return "{" + ", ".join(f"{key(ours)}: {_one_or_many(theirs)}" for ours, theirs in entries.items()) + "}"


def by_word(fact: str, entries: Mapping[str, Iterable[str]]) -> str:
    """Return the values of a fact in YAML, a line for each word of ours: Jira's names are long."""
    lines = [f"        {key(ours)}: {listed(theirs)}\n" for ours, theirs in entries.items()]
    return f"      {fact}:\n{''.join(lines)}"


def remark(texts: Iterable[str]) -> str:
    """Return foreign texts as they may stand in a comment: on one line, and not too long."""
    text = ", ".join(texts)
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= LONGEST_REMARK else f"{text[:LONGEST_REMARK].rstrip(' ,')} …"


def keyed(names: Iterable[str], otherwise: str) -> dict[str, str]:
    """Return a key of our own for each name: small letters, digits and hyphens, in any script.

    No two keys differ by case only, and none is a name that means something already. `otherwise` stands for a name
    that has neither letters nor digits.
    """
    found: dict[str, str] = {}
    for name in names:
        wish = _slug(name) or otherwise
        wish = f"{wish}-{otherwise}" if wish in RESERVED else wish
        free, number = wish, 2
        while free in found:
            free, number = f"{wish}-{number}", number + 1
        found[free] = name
    return found


def distinct(names: Iterable[str], is_plain: Callable[[str], bool]) -> tuple[list[str], list[str]]:
    """Return the names that a platform can be asked for and tells apart, and the others: it compares without case."""
    known = [name for name in names if name.strip()]
    counts = Counter(map(folded, known))
    good = [name for name in known if counts[folded(name)] == 1 and is_plain(name) and name.isprintable()]
    return good, [name for name in known if name not in good]


def unnumbered(label: str) -> str:
    """Return a choice's label without the number before it: "1 - Critical" is "Critical"."""
    return NUMBERED.sub("", label, count=1).strip() if NUMBERED.match(label) else label.strip()


def _slug(text: str) -> str:
    kept = "".join(letter if letter.isalnum() or _is_mark(letter) else " " for letter in folded(text))
    return unicodedata.normalize("NFC", "-".join(kept.split()))


def _is_mark(letter: str) -> bool:
    """Tell whether this is part of the letter before it, as the vowels of Thai or Hindi are."""
    return unicodedata.category(letter)[0] == "M"


def _escaped(letter: str) -> str:
    number = ord(letter)
    return f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _one_or_many(theirs: Iterable[str]) -> str:
    texts = [quoted(text) for text in theirs]
    return texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
