"""Feeds: calendars at an address, fetched through the one way to the network."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from connectors.base import TryLater, Unusable
from connectors.rota.sheet import Nonsense
from connectors.web.limits import Limits
from connectors.web.secrets import VARIABLE, Secret, resolved
from connectors.web.session import Session, meaning, read
from connectors.web.waits import asked_for

LARGEST: Final = 4 * 1024 * 1024
"""Bytes of a calendar: some 8,000 events. A desk's rota of five years has 2,000."""

PATIENCE: Final = 30.0
"""Seconds in which a calendar is read to its end, once it has begun to come."""

PART: Final = 64 * 1024
REDIRECTS: Final = 5
MOVED: Final = (301, 302, 303, 307, 308)
UNCHANGED: Final = 304
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
LONGEST: Final = 500
"""Characters of what a server calls a version of the calendar; a longer one is not kept."""

GONE: Final = "is the address still right, and is the calendar still shared?"


class Version(NamedTuple):
    """How a server recognises the calendar that we have; empty where it does not."""

    etag: str = ""
    modified: str = ""


NONE: Final = Version()


class Fetched(NamedTuple):
    """A calendar's text, or None if it is the one that we have."""

    text: str | None
    version: Version


class Feed(Session):
    """A session for one calendar. Where it moves to is followed, never from https to http, and nothing goes along.

    It is impatient: a cycle waits for it. The address is a secret, so that errors name the host only.
    """

    timeout = (5.0, 15.0)
    tries = 2
    largest = LARGEST

    def read(self, answer: requests.Response) -> requests.Response:
        """Read the body as it comes, for no longer than we are patient: a server may send a byte now and then."""
        return read(answer, self._parts(answer, time.monotonic() + PATIENCE), LARGEST)

    def _parts(self, answer: requests.Response, until: float) -> Iterator[bytes]:
        try:
            while part := answer.raw.read1(PART, decode_content=True):
                if time.monotonic() > until:
                    raise requests.ReadTimeout
                yield part
        except HTTPError as error:
            raise requests.exceptions.ChunkedEncodingError(error) from None

    def described(self, method: str, url: str) -> str:
        """Return what errors say of a request: addresses of calendars are secret."""
        return f"{method} of the calendar"

    def fetch(self, url: str, version: Version = NONE) -> Fetched:
        """Return the calendar. Raises a `ConnectorError` with what to do about it."""
        headers = {"Accept": "text/calendar, */*;q=0.1"}
        headers |= {"If-None-Match": version.etag} if version.etag else {}
        headers |= {"If-Modified-Since": version.modified} if version.modified and not version.etag else {}
        try:
            answer = self._followed(url, headers)
        finally:
            self.close()  # it is long until we ask again; a session that is closed may be used once more
        if answer.status_code == UNCHANGED:
            return Fetched(None, version)
        return Fetched(self._text(answer), _version(answer))

    def _followed(self, url: str, headers: dict[str, str]) -> requests.Response:
        """Return the answer from where the calendar is now."""
        for _ in range(REDIRECTS + 1):
            answer = self.request("GET", url, headers=headers)
            if answer.status_code not in MOVED:
                return answer
            url = self._moved(url, answer)
        raise Unusable(f"{self.name} sends us from one address to the next, in a circle: correct ical")

    def _judged(self, answer: requests.Response, what: str) -> requests.Response:
        """Return what can be read, or leads on; raise what anything else means."""
        kind = meaning(answer.status_code)
        if kind is None or answer.status_code in (*MOVED, UNCHANGED):
            return answer
        text = f"{self.name} answered {answer.status_code}"
        if issubclass(kind, TryLater):
            raise kind(text, asked_for(answer.headers))
        raise kind(f"{text}: {GONE}")

    def _moved(self, url: str, answer: requests.Response) -> str:
        found = urljoin(url, answer.headers.get("Location", ""))
        if not answer.headers.get("Location") or not is_safe(found):
            raise Unusable(f"{self.name} sends us to an address without https: correct ical")
        return found

    def _text(self, answer: requests.Response) -> str:
        """Return the text of a calendar; sign-in pages and the like are none."""
        text = answer.content.decode("utf-8-sig", errors="replace").lstrip()
        if text[:15].upper() != "BEGIN:VCALENDAR":
            what = "a web page" if text.startswith("<") else "something else" if text else "nothing"
            raise Nonsense(f"{self.name} answered with {what} instead of a calendar: {GONE}")
        return text


def is_safe(url: str) -> bool:
    """Tell whether nobody on the way can change what an address answers."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOOPBACK)
    except ValueError:
        return False


def address(ical: str, environ: Mapping[str, str], place: str) -> str:
    """Return a calendar's address with the environment's values; all of it is a secret from now on.

    Raises `Unusable` where a value is missing, or it is no address.
    """
    for name in VARIABLE.findall(ical):
        Secret(environ.get(name, ""))
    url = resolved(ical, environ, place).replace("webcal://", "https://", 1)
    if not is_safe(url):
        raise Unusable(f"{place} must be an address that begins with https")
    parts = urlsplit(url)
    Secret(url)
    if len(parts.path) > 1:
        Secret(parts.path)
    return url


def opened(url: str, proxy: str, ca_file: str, limits: Limits) -> Feed:
    """Return the session for a calendar."""
    return Feed(urlsplit(url).hostname or "the calendar", None, proxy, ca_file, limits=limits)


def _version(answer: requests.Response) -> Version:
    found = (answer.headers.get(name, "") for name in ("ETag", "Last-Modified"))
    return Version(*(text if len(text) <= LONGEST else "" for text in found))
