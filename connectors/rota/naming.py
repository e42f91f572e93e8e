"""Naming: whom of the desk's people an entry in a calendar means. What is not clear is nobody, never a guess."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from rules.rulebook import Staff

BLANKS: Final = re.compile(r"[\s._+-]+")


class People:
    """The people of a workspace, by what may stand for them.

    An entry means whoever of them is its one attendee by e-mail address. Where it has several or none of them, it means
    the one whose key is its title, else the one whose key, address, or name in the address (ida.berg for Ida Berg)
    stands in its title as whole words. Only where neither says it, it is the organizer: often that is somebody's boss.
    """

    def __init__(self, people: Mapping[str, Staff]) -> None:
        self._emails: dict[str, set[str]] = {}
        self._names: list[tuple[str, re.Pattern[str]]] = []
        self._keys: dict[str, set[str]] = {}
        for key, one in people.items():
            self._emails.setdefault(_folded(one.email), set()).add(key)
            self._keys.setdefault(_words(key), set()).add(key)
            names = {_words(key), _words(one.email), _words(one.email.partition("@")[0])}
            self._names += [(key, _whole(name)) for name in names if name]

    def by_email(self, addresses: Iterable[str]) -> set[str]:
        """Return whose addresses these are."""
        return {key for address in addresses for key in self._emails.get(_folded(address), ())}

    def meant(self, title: str, attendees: Iterable[str], organizer: str = "") -> str | None:
        """Return the key of the one whom an entry means, or None."""
        invited = self.by_email(attendees)
        found = (invited, *self._titled(title, invited), self.by_email([organizer]) if not invited else set())
        return next((next(iter(one)) for one in found if len(one) == 1), None)

    def _titled(self, title: str, invited: set[str]) -> Iterator[set[str]]:
        """Yield whom a title means: as a whole, and by words in it; of those who are invited if any are."""
        words = _words(title)
        for found in (self._keys.get(words, set()), {key for key, name in self._names if name.search(words)}):
            yield found & invited if invited else found
            if len(found) > 1:
                return


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip().casefold()


def _words(text: str) -> str:
    return BLANKS.sub(" ", _folded(text)).strip()


def _whole(name: str) -> re.Pattern[str]:
    """Return the pattern that finds a name as whole words; Chinese and Japanese have no blanks between them."""
    before = "" if _is_wide(name[0]) else r"(?<!\w)"
    return re.compile(before + re.escape(name) + ("" if _is_wide(name[-1]) else r"(?!\w)"))


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"
