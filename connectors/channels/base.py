"""What every channel can do, and what it is given to say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from hashlib import blake2b
from typing import Final, NamedTuple, Protocol

from connectors.base import Finding
from connectors.web.secrets import masked

QUOTED: Final = 200
"""Characters of a server's own words in an error."""

LONGEST_SUBJECT: Final = 250
"""Characters of a subject; a ticket's title may have as many as it likes."""

PERSON: Final = re.compile(r"[^\s<>]+@[^\s<>]+")
TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e")
"""Signs that turn the reading direction for the rest of a line, so that it could be read as something else."""


class Letter(NamedTuple):
    """One word to one reader, rendered.

    `mark` is the same for every repeat of this one word, and no other word of the desk has it. `thread` is the key of
    the ticket, such as "servicenow-emea/INC0010001". `to` and `name` are a person's; they are "" where the channel is a
    place of its own. `subject` is one line of plain text. `bodies` has a text for each of the channel's `formats`;
    `facts` are for tools: number, kind, priority, service, level, title, link, team.
    """

    mark: str
    thread: str
    to: str
    name: str
    language: str
    subject: str
    bodies: Mapping[str, str]
    facts: Mapping[str, str]

    @property
    def key(self) -> str:
        """What a door recognises a repeat by: 32 hexadecimal digits, that say nothing to whoever reads them."""
        text = "\n".join((self.mark, self.thread, self.to))
        return blake2b(text.encode(errors="surrogatepass"), digest_size=16).hexdigest()


class Channel(Protocol):
    """A door beside the platforms. Every one passes the contract suite in `tests/channels/contract.py`.

    `marks` says whether the other end recognises a repeat, so that saying it again is saying it once.
    """

    name: str
    formats: tuple[str, ...]
    marks: bool

    def send(self, letter: Letter) -> None:
        """Say it. It returns when the other end has taken it over; else it raises one of these.

        TryLater and Busy: nothing was said. Refused and NotVisible: nothing was said, nor will be if it is repeated as
        it is. OutcomeUnknown: it may have been said. Unusable: a person must mend something first.
        """
        ...

    def check(self) -> list[Finding]:
        """Reach the other end without saying anything to anybody."""
        ...

    def close(self) -> None:
        """Let go of the connection. A channel that is closed may be used once more."""
        ...


def one_line(text: str, longest: int) -> str:
    """Return a text as one line: no sign in it ends a header, steers a terminal or turns the reading direction."""
    kept = "".join(" " if _ends(letter) else letter for letter in text if letter not in TURNING)
    line = " ".join(kept.split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def _ends(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")


def whole(text: str) -> str:
    """Return a text that can be sent: halves of letters, which platforms cut emoji into, are replaced."""
    return text.encode(errors="replace").decode()


def quoted(said: str) -> str:
    """Return what the other end said as it may stand in an error: one line without secrets and addresses of people."""
    return PERSON.sub("…", masked(one_line(said, QUOTED * 10)))[:QUOTED]
