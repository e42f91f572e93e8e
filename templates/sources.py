"""Finds the sources of messages: those that are built in, and those of a workspace, which replace them one by one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

ENDING: Final = ".md.j2"
PLACE: Final = re.compile(r"(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)/(?P<message>[a-z0-9][a-z0-9-]*)\.md\.j2")
LONGEST: Final = 50_000
"""Characters of one source; a message has some hundreds."""

PROMISE: Final = re.compile(r"promise\.next")
PAST: Final = re.compile(r"\breport\.\w|\bin (?:steps|clocks|links)\b")
"""What names the next word, or tells what happened; where it only reads so in a sentence, no harm is done."""


ARTICLES: Final = re.compile(r"\barticles\b|\bin links\b|\bticket\.article\b")
"""What names what to read beside a ticket."""


def builtin() -> dict[str, str]:
    """Return the built-in sources: "nb/received.md.j2" → text."""
    return dict(_sources(files("templates")))


def workspace_texts(folder: Path) -> dict[str, str]:
    """Return a workspace's own sources from its folder `templates`, by the same names."""
    templates = folder / "templates"
    return dict(_sources(templates)) if templates.is_dir() else {}


def available(sources: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """Return message → languages in which it exists."""
    found: dict[str, set[str]] = {}
    for name in sources:
        place = PLACE.fullmatch(name)
        if place is not None:
            found.setdefault(place["message"], set()).add(place["language"])
    return {message: frozenset(languages) for message, languages in sorted(found.items())}


def promising(sources: Mapping[str, str]) -> frozenset[str]:
    """Return the messages that name the time of the next word in some language."""
    return _naming(sources, PROMISE)


def reviewing(sources: Mapping[str, str]) -> frozenset[str]:
    """Return the messages that tell what happened in some language."""
    return _naming(sources, PAST)


def linking(sources: Mapping[str, str]) -> frozenset[str]:
    """Return the messages that name articles in some language."""
    return _naming(sources, ARTICLES)


def _naming(sources: Mapping[str, str], named: re.Pattern[str]) -> frozenset[str]:
    places = (PLACE.fullmatch(name) for name, text in sources.items() if named.search(text))
    return frozenset(place["message"] for place in places if place is not None)


def _sources(root: Traversable) -> Iterator[tuple[str, str]]:
    for folder in sorted(root.iterdir(), key=lambda entry: entry.name):
        if folder.is_dir() and not folder.name.startswith((".", "_")):
            for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
                if file.is_file() and file.name.endswith(ENDING):
                    yield f"{folder.name}/{file.name}", _read(file)


def _read(file: Traversable) -> str:
    """Return the text, one character longer than allowed where it is longer; what is not UTF-8 becomes "\\ufffd"."""
    with file.open("rb") as stream:
        return stream.read(4 * LONGEST).decode("utf-8-sig", "replace")[: LONGEST + 1]
