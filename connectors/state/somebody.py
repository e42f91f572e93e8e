"""Whom an admin asks for: by which names a person may stand in the store, and whether they stand in something."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

HIDDEN: Final = "…"
"""What stands where a person stood, in what has to remain."""

NEVER_PEOPLE: Final = frozenset({"team", "status", "waiting_for", "priority", "impact", "urgency", "level", "major"})
"""Facts whose values are the desk's own words, though a person may be called like one of them."""

UNSPACED: Final = re.compile("[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
"""Letters of writing without spaces between words."""


@dataclass(frozen=True)
class Somebody:
    """A person: names and addresses that mean them everywhere, and accounts, connection → what they are called there.

    They are looked for as whole words, so that "ida" is neither in "Frida" nor in "ida.berg@harbour.example".
    """

    names: frozenset[str]
    accounts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    _patterns: dict[str, re.Pattern[str]] = field(default_factory=dict, compare=False, repr=False)

    def is_in(self, value: object, connection: str = "") -> bool:
        """Tell whether the person stands in a text, or in one of several; without a connection, as of any."""
        if isinstance(value, str):
            return self._pattern(connection).search(value) is not None
        return isinstance(value, tuple) and any(self.is_in(one, connection) for one in value)

    def stands(self, fact: str, value: object, connection: str) -> bool:
        """Tell whether the person is the value of a fact, or one of them."""
        return fact not in NEVER_PEOPLE and self.is_in(value, connection)

    def without(self, text: str, connection: str = "") -> str:
        """Return a text in which the person does not stand any more."""
        return self._pattern(connection).sub(HIDDEN, text)

    def _pattern(self, connection: str) -> re.Pattern[str]:
        if connection not in self._patterns:
            here = [self.accounts.get(connection, frozenset())] if connection else self.accounts.values()
            called = sorted(self.names.union(*here), key=len, reverse=True)
            self._patterns[connection] = re.compile("|".join(map(_whole, called)) or r"(?!)", re.IGNORECASE)
        return self._patterns[connection]


def _whole(word: str) -> str:
    """Return the pattern of a word that is no part of a longer one, or of another address or account."""
    before = "" if UNSPACED.match(word[0]) else r"(?<![\w@])(?<!\w[.\-])"
    return before + re.escape(word) + ("" if UNSPACED.match(word[-1]) else r"(?![\w@]|[.\-]\w)")
