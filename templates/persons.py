"""Finds people who are known from a ticket in its texts, however their names are written there."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple

from templates.folded import GONE, fold

WHOLE: Final = 6
"""A value with so many letters is found within longer words, too; shorter ones are found as words only."""

NO_NAMES: Final = frozenset(
    [
        "al",
        "el",
        "ul",
        "bin",
        "bint",
        "ibn",
        "abu",
        "abd",
        "umm",
        "da",
        "das",
        "de",
        "dei",
        "del",
        "della",
        "den",
        "der",
        "des",
        "di",
        "do",
        "dos",
        "du",
        "e",
        "la",
        "las",
        "le",
        "los",
        "ten",
        "ter",
        "van",
        "vom",
        "von",
        "y",
        "zu",
        "zur",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "sr",
        "sra",
        "jr",
        "ii",
        "iii",
        "herr",
        "frau",
        "thi",
        "van",
        "ال",
        "بن",
        "ابن",
        "ابو",
        "عبد",
        "بنت",
        "ام",
    ]
)
"""Parts of names that are other words, or stand in many names."""

EDGE: Final = r"(?<![^\W\d_\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff])"
AFTER: Final = r"(?![^\W\d_\u3040-\u30ff\u3400-\u9fff\u1100-\u11ff])"
"""Letters of writing with blanks between words join a word; those of other writing and digits do not."""

BETWEEN: Final = r"[ .,_\-·・'+]{0,3}"
TITLES_AFTER: Final = "先生|女士|小姐|经理|总|老师|主任|部长|部長|さん|様|さま|氏|くん|ちゃん"
EAST_ASIAN: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]+")
ARABIC: Final = re.compile(r"[\u0600-\u06ff]+")
CYRILLIC: Final = re.compile(r"[\u0400-\u04ff]+")
GREEK_OR_LATIN: Final = re.compile(r"[a-z]+")
PARTS: Final = re.compile(r"[^\W\d_]+")
COMPOUND: Final = frozenset({"欧阳", "司马", "上官", "诸葛", "司徒", "夏侯", "歐陽"})


class Someone(NamedTuple):
    """What is known of one person."""

    names: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class Known(NamedTuple):
    """The people of a ticket; the words that stay though they look like somebody's, which are the reader's own.

    `others` are names that are found whole only: of people who have nothing to do with the ticket.
    """

    people: tuple[Someone, ...] = ()
    spared: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


class Sought(NamedTuple):
    """What finds the known values by kind, and names of two letters."""

    values: dict[str, re.Pattern[str]]
    short: re.Pattern[str] | None


@lru_cache(maxsize=256)
def sought(known: Known) -> Sought:
    """Return the patterns that find these people in folded texts."""
    people = known.people
    names = [name for one in people for name in one.names]
    found = {
        "email": _joined(_whole(value) for one in people for value in one.emails),
        "account": _joined(_whole(value) for one in people for value in one.accounts if not _is_name(value, names)),
        "name": _joined(chain(*map(of_name, names), *map(_both_orders, known.others))),
        "spared": _joined(_whole(value) for value in known.spared),
    }
    short = {part for name in names for part in _parts(name) if len(part) == 2 and GREEK_OR_LATIN.fullmatch(part)}
    values = {kind: pattern for kind, pattern in found.items() if pattern is not None}
    return Sought(values, _joined(_as_word(part) for part in short))


def of_name(name: str) -> Iterable[str]:
    """Return the patterns that find a person by name: whole, in both orders, and each part that is a name."""
    parts = _parts(name)
    if not parts:
        return
    if len(parts) == 1 and EAST_ASIAN.fullmatch(parts[0]):
        yield from _of_east_asian(parts[0])
        return
    if len(parts) > 1:
        yield from _both_orders(name)
        if GREEK_OR_LATIN.fullmatch(parts[0]) and len(parts[-1]) > 3:
            yield f"{EDGE}{parts[0][0]}[._-]?{re.escape(parts[-1])}{AFTER}"
    else:
        yield _whole(parts[0])
    named = [part for part in parts if part not in NO_NAMES]
    for part in named or parts:
        if not (len(part) == 2 and GREEK_OR_LATIN.fullmatch(part)) and (len(part) > 1 or EAST_ASIAN.fullmatch(part)):
            yield _as_word(part)


def _both_orders(name: str) -> Iterable[str]:
    """Return what finds a whole name, with its last part first, too."""
    parts = _parts(name)
    for ordered in (parts, [*parts[-1:], *parts[:-1]]) if parts else ():
        yield _edged(BETWEEN.join(map(re.escape, ordered)), parts)


def _parts(name: str) -> list[str]:
    return PARTS.findall(fold(name).text)


def _is_name(account: str, names: list[str]) -> bool:
    """Tell whether an account is a person's name, or a part that is looked for as one: then it is hidden as a name."""
    text = fold(account).text
    return len(text) > 2 and any(text in (fold(name).text, *_parts(name)) and text not in NO_NAMES for name in names)


def _of_east_asian(name: str) -> Iterable[str]:
    """Return what finds a name without a blank: whole, the given name, and the family name with a title after it."""
    yield re.escape(name)
    family = 2 if len(name) > 3 or name[:2] in COMPOUND else 1
    first, given = name[:family], name[family:]
    if len(given) > 1:
        yield re.escape(given)
    yield re.escape(first) if len(first) > 1 else f"{re.escape(first)}(?={TITLES_AFTER})"


def _as_word(part: str) -> str:
    """Return what finds one word of a name, with the endings and beginnings that its language gives it."""
    word = re.escape(part)
    if EAST_ASIAN.fullmatch(part):
        return word if len(part) > 1 else f"{word}(?={TITLES_AFTER})"
    if ARABIC.fullmatch(part):
        return f"{EDGE}(?:[وفبلك]{{1,2}})?(?:ال)?{word}{AFTER}"
    if CYRILLIC.fullmatch(part) and len(part) > 3:
        return f"{EDGE}{re.escape(part.rstrip('аеиоуыэюяйь'))}[а-я]{{0,3}}{AFTER}"
    return f"{EDGE}{word}(?:'?(?:s|ens|es))?{AFTER}"


def _edged(pattern: str, parts: list[str]) -> str:
    if EAST_ASIAN.fullmatch("".join(parts)):
        return pattern
    return pattern if sum(map(len, parts)) >= WHOLE else f"{EDGE}{pattern}{AFTER}"


def _whole(value: str) -> str:
    """Return what finds a value as it is, as a word where it is so short that other words may have it."""
    text = fold(value).text.strip()
    if len(text) < 2 or GONE in text:
        return ""
    return re.escape(text) if len(text) >= WHOLE else rf"(?<![a-z0-9]){re.escape(text)}(?:'?s)?(?![a-z0-9])"


def _joined(patterns: Iterable[str]) -> re.Pattern[str] | None:
    # whole names go before their parts
    found = sorted({one for one in patterns if one}, key=lambda one: (one.startswith(EDGE), -len(one), one))
    return re.compile("|".join(found)) if found else None
