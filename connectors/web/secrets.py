"""Secrets: texts that come from the environment and never show."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import quote

from connectors.base import Unusable

VARIABLE: Final = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
SHORTEST: Final = 4
"""Shorter secrets are not masked in foreign texts: that would black out every third word and prove the secret."""

_known: set[str] = set()


class Secret:
    """A text that does not show: printing, formatting, logging or pickling it gives stars. `reveal` is its one door."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text
        _known.update(form for form in _forms(text) if len(form) >= SHORTEST)

    def reveal(self) -> str:
        """Return the text, for the header or body that needs it and nothing else."""
        return self._text

    def __repr__(self) -> str:
        return "***"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __reduce__(self) -> tuple[type[Secret], tuple[str]]:
        return Secret, ("***",)


def _forms(text: str) -> tuple[str, ...]:
    """Return a secret as others may quote it: as it is, with its blanks tidied up, in an address, in JSON."""
    return text, " ".join(text.split()), quote(text, safe="", errors="replace"), json.dumps(text)[1:-1]


def masked(text: str) -> str:
    """Return a foreign text with every secret that this process knows replaced by stars."""
    for secret in sorted(_known, key=len, reverse=True):  # one may be the beginning of another
        text = text.replace(secret, "***")
    return text


def resolved(text: str, environ: Mapping[str, str], place: str) -> str:
    """Return the text with each "${NAME}" replaced from the environment. `place` is what an admin looks for.

    Raises `Unusable`, which names the variable that is missing or empty.
    """

    def value(match: re.Match[str]) -> str:
        found = environ.get(match[1], "")
        if not found:
            raise Unusable(f"{place}: the environment variable {match[1]} is not set")
        return found

    return VARIABLE.sub(value, text)
