"""Judges the languages that a workspace names: whether there are such, and whether somebody writes in them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from rules.language import chain, tag
from rules.problems import Place, Weight, did_you_mean
from rules.tree import Node
from templates.locales import WORDINGS

if TYPE_CHECKING:
    from babel import Locale

READERS: Final = ("people.*", "teams.*", "organisations.*")
NONE_AT_ALL: Final = frozenset({"und", "mul", "zxx", "root"})


class Flaw(NamedTuple):
    """Something wrong with a text or a language: its place, what is wrong, and what would be right."""

    place: Place
    text: str
    mend: str = ""
    weight: Weight = "warning"


def flaws(root: Node) -> Iterator[Flaw]:
    """Yield what is wrong with the languages in a workspace's files."""
    spoken = [node.text for node in root.each("languages.*") if node.text]
    for node in root.each("languages.*"):
        yield from _unknown(node.text, node.place)
    for key, node in root.under("tone").items():
        if key != "default":
            wrong = [*_unknown(key, node.key)]
            yield from wrong or _idle(key, node, spoken)
    for section in READERS:
        for reader in root.each(section):
            for node in reader.each("language"):
                wrong = [*_unknown(node.text, node.place)]
                yield from wrong or _unserved(node, spoken)


def exists(code: str) -> bool:
    """Tell whether there is such a language, in such a script and such a country."""
    first, *rest = code.split("-")
    if code in WORDINGS or not code:
        return True
    names = _english()
    known = {4: names.scripts, 2: names.territories, 3: names.territories}
    return first not in NONE_AT_ALL and first in names.languages and all(one in known.get(len(one), ()) for one in rest)


def nearest(code: str) -> str:
    """Return the mend for a code that no language has: many write that of a country, or an older one."""
    from babel.core import get_global

    first, *_ = code.split("-")
    likely = get_global("likely_subtags").get(f"und_{first.upper()}", "").split("_")
    meant = get_global("language_aliases").get(first) or ("-".join(likely[:2]) if likely[:1] == ["zh"] else likely[0])
    if meant and exists(meant):
        return f"did you mean '{meant}'?"
    return did_you_mean(code, WORDINGS, "languages are named by codes such as en, nb, pt-BR or zh-Hans")


def _unknown(code: str, place: Place) -> Iterator[Flaw]:
    if code and not exists(tag(code) or code):
        yield Flaw(place, f"there is no language '{code}'", nearest(code), "error")


def _idle(key: str, node: Node, spoken: list[str]) -> Iterator[Flaw]:
    """Yield a tone of a language in which nothing is written."""
    if spoken and not any(key in chain(one, "") for one in spoken):
        yield Flaw(node.key, f"'{key}' is not in languages:, and its tone has no effect", "add it there, or remove it")


def _unserved(node: Node, spoken: list[str]) -> Iterator[Flaw]:
    """Yield a reader in whose language, or one near it, the desk does not write."""
    code = node.text
    if code and spoken and not set(chain(code, "")).intersection(spoken):
        text = f"'{code}' is not in languages:, nor is one near to it: {spoken[0]} is read instead"
        yield Flaw(node.place, text, "add it there, or name one that is there")


@cache
def _english() -> Locale:
    """Return the names of all languages in English; they are loaded only where a code is no usual one."""
    from babel import Locale

    return Locale.parse("en")
