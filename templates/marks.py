"""Marks of translations: of which text one was made, and whether that is still what it was.

A translation may begin with a line such as `{# of en 1a2b3c4d #}`, which no reader sees.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final, NamedTuple

COMMENT: Final = re.compile(r"\{#.*?#\}", re.DOTALL)
MARK: Final = re.compile(
    r"\s*\{#-?\s*of\s+(?P<language>[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*)(?:\s+(?P<digest>[0-9a-f]{8}))?\s*-?#\}"
)


class Mark(NamedTuple):
    """Of which language's text a translation was made, and that text's digest, "" where it is not said."""

    language: str
    digest: str

    @property
    def line(self) -> str:
        """The mark as it stands in a file."""
        return f"{{# of {self.language} {self.digest} #}}"


def mark_of(text: str) -> Mark | None:
    """Return the mark in the first line of a translation."""
    found = MARK.match(text.partition("\n")[0])
    return Mark(found["language"], found["digest"] or "") if found else None


def digest(text: str) -> str:
    """Return eight hexadecimal digits that change when a text does; comments and white space do not count."""
    said = " ".join(COMMENT.sub("", text).split())
    return blake2b(said.encode("utf-8", "replace"), digest_size=4).hexdigest()
