"""Any other door, through the package Apprise: SMS, phone bridges, chats. It knows no repeat.

Apprise says only whether it worked. Its log often names the status that a door answered: what that says, holds.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from connectors.base import Busy, ConnectorError, Finding, NotVisible, OutcomeUnknown, Refused, Unusable
from connectors.channels.base import LONGEST_SUBJECT, one_line, whole
from connectors.web.secrets import VARIABLE, Secret, resolved
from connectors.web.session import meaning

if TYPE_CHECKING:
    from connectors.channels.base import Letter
    from rules.rulebook import Channel

MISSING: Final = "the package Apprise is not installed: pip install 'itsm-sync[apprise]'"
STATUS: Final = re.compile(r"\berror=(\d{3})\b")
SAID: Final = (Busy, Refused, NotVisible, Unusable)


class Other:
    """A door that Apprise opens by an address of its own kind."""

    formats: tuple[str, ...] = ("text",)
    marks = False

    def __init__(self, channel: Channel, environ: Mapping[str, str]) -> None:
        self.name = channel.name
        for name in VARIABLE.findall(channel.url):
            Secret(environ.get(name, ""))
        self._url = Secret(resolved(channel.url, environ, f"{channel.name}: url"))

    def send(self, letter: Letter) -> None:
        """Leave it to Apprise, once."""
        door = self._door()
        title, text = one_line(letter.subject, LONGEST_SUBJECT), whole(letter.bodies["text"])
        with _overheard() as heard:
            done = door.notify(title=title, body=text, body_format="text")
        if not done:
            raise self._failed(heard)

    def check(self) -> list[Finding]:
        """See whether Apprise is there and knows the address; it cannot reach anything without saying something."""
        try:
            self._door()
        except Unusable as error:
            return [Finding("problem", str(error))]
        return [Finding("note", f"Apprise knows the address; itsm-sync doors --try {self.name} says a word there")]

    def close(self) -> None:
        """Nothing is kept open."""

    def _door(self) -> Any:
        try:
            from apprise import Apprise
        except ImportError:
            raise Unusable(f"{self.name}: {MISSING}") from None
        door = Apprise()
        with _overheard():
            if not door.add(self._url.reveal()):
                raise Unusable(f"{self.name}: url is no address that Apprise knows")
        return door

    def _failed(self, heard: list[str]) -> ConnectorError:
        """Return what is known of a failure: mostly that something went wrong, and not when."""
        statuses = [int(match[1]) for line in heard if (match := STATUS.search(line))]
        kind = meaning(statuses[-1]) if statuses else None
        if kind in SAID:
            return kind(f"{self.name} answered {statuses[-1]}")
        return OutcomeUnknown(f"{self.name}: Apprise could not hand it over; it may have been said")


class _Ear(logging.Handler):
    def __init__(self, heard: list[str]) -> None:
        super().__init__(logging.WARNING)
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        self._heard.append(record.getMessage())


@contextmanager
def _overheard() -> Iterator[list[str]]:
    """Listen to Apprise's log, and keep it from everybody else: it may name addresses, which are secret."""
    log, heard = logging.getLogger("apprise"), list[str]()
    ear, before = _Ear(heard), log.propagate
    log.addHandler(ear)
    log.propagate = False
    try:
        yield heard
    finally:
        log.removeHandler(ear)
        log.propagate = before
