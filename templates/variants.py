"""Tells in how many ways a text speaks: to whom it says something else, and in which tones."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Final

from templates.context import AUDIENCES, INSTEAD, TONES
from templates.render import Renderer, TemplateFailed
from templates.sources import ENDING

PUBLIC: Final = re.compile(r"\{[{%][^{}]*\bpublic\b")
"""Where a text asks whether customers read it, which only requesters do."""

USUAL: Final = ("requester", "team", "neutral")
Alike = Mapping[str, frozenset[str]]
"""Audience, or tone, → all that read the same."""


def audiences(renderer: Renderer, message: str, language: str) -> Alike:
    """Return who reads the same as whom. Raises `TemplateFailed`."""
    named = renderer.audiences(message, language)
    if PUBLIC.search(renderer.sources[f"{language}/{message}{ENDING}"]):
        named |= {"requester"}
    return _alike({one: one if one in named else INSTEAD.get(one, one) for one in AUDIENCES}, named)


def tones(renderer: Renderer, message: str, language: str) -> Alike:
    """Return which tones read the same. Raises `TemplateFailed`."""
    return _alike({one: one for one in TONES}, renderer.tones(message, language))


def parts(alike: Alike) -> tuple[frozenset[str], ...]:
    """Return the ways of speaking, each as all for whom it is, in the usual order."""
    return tuple(dict.fromkeys(alike.values()))


def told_apart(alike: Alike) -> tuple[str, ...]:
    """Return one name for each way of speaking, () where there is only one."""
    return tuple(speaker(part) for part in parts(alike)) if len(parts(alike)) > 1 else ()


def speaker(part: frozenset[str]) -> str:
    """Return the one that stands for all who read the same: whom others read like, else the first."""
    return next(one for one in (*USUAL, *AUDIENCES, *TONES) if one in part)


def heard(renderer: Renderer, message: str, languages: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return whom a message tells apart in some of these languages, and in which tones it speaks there."""
    found: tuple[set[str], set[str]] = set(), set()
    for language in languages:
        try:
            found[0].update(told_apart(audiences(renderer, message, language)))
            found[1].update(told_apart(tones(renderer, message, language)))
        except TemplateFailed:
            continue
    return [one for one in AUDIENCES if one in found[0]], [one for one in TONES if one in found[1]]


def lost(source: Alike, translation: Alike) -> tuple[str, ...]:
    """Return those for whom the source has words of its own, and the translation has those of others."""
    return tuple(one for one in told_apart(source) if speaker(translation[one]) not in source[one])


def ways(renderer: Renderer, message: str, language: str) -> Iterator[tuple[str, str]]:
    """Yield one audience and tone for each way in which a text speaks."""
    spoken = tones(renderer, message, language)
    for audience in told_apart(audiences(renderer, message, language)) or AUDIENCES[:1]:
        for tone in told_apart(spoken) or ("neutral",):
            yield audience, tone


def _alike(read: Mapping[str, str], named: Collection[str]) -> Alike:
    keys = {one: other if other in named else "" for one, other in read.items()}
    return {one: frozenset(other for other in keys if keys[other] == key) for one, key in keys.items()}
