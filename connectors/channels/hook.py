"""Hooks: doors that are an address of the web, to which a letter is posted."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from connectors.base import Busy, ConnectorError, Finding, NotVisible, OutcomeUnknown, TryLater, Unusable
from connectors.channels.base import quoted
from connectors.web.secrets import VARIABLE, Secret, resolved
from connectors.web.session import Session, meaning
from connectors.web.waits import asked_for
from rules.addresses import is_inside, is_public

if TYPE_CHECKING:
    from connectors.channels.base import Letter
    from connectors.web.limits import Limits
    from rules.rulebook import Channel

INSIDE: Final = "leads to an address inside a house; say private: true if that is meant"
GONE: Final = "is the address still right, and is there still something behind it?"


class _Outward(HTTPSConnection):
    """A connection that is made to the open internet only, whatever a name leads to by now."""

    def _new_conn(self) -> socket.socket:
        for found in socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM):
            _judge(self.host, str(found[4][0]))
        made = super()._new_conn()
        try:
            _judge(self.host, made.getpeername()[0])
        except Unusable:
            made.close()
            raise
        return made


def _judge(host: str, address: str) -> None:
    if not is_public(address):
        raise Unusable(f"{host} {INSIDE}")


class _OutwardPool(HTTPSConnectionPool):
    ConnectionCls = _Outward


class _OutwardOnly(HTTPAdapter):
    """Through a proxy a name is resolved by the proxy; then only the name itself is judged."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"https": _OutwardPool}


class _Post(Session):
    """A session for one hook. It is impatient, and never waits itself: others are to hear meanwhile.

    Its address is a secret, so that errors name the host only.
    """

    timeout = (5.0, 15.0)
    tries = 1
    largest = 1024 * 1024

    def described(self, method: str, url: str) -> str:
        """Return what errors say of a request."""
        return f"{method} to {urlsplit(url).hostname}"

    def _ask_leave(self) -> None:
        if wait := self.limits.wait():
            raise Busy(f"{self.name} is left alone for {wait:.0f} more seconds, as it asked or needs it", wait)

    def _judged(self, answer: requests.Response, what: str) -> requests.Response:
        """Return any good answer, JSON or not; raise what anything else means."""
        kind = meaning(answer.status_code)
        if 200 <= answer.status_code < 300 or (kind is not None and what.startswith("HEAD")):
            return answer
        assert kind is not None  # noqa: S101 - only 2xx have none
        text = f"{self.name} answered {answer.status_code}{words(answer)}"
        if issubclass(kind, TryLater):
            raise kind(text, asked_for(answer.headers))
        raise kind(f"{text}; {GONE}" if kind in (NotVisible, Unusable) else text)


class Hook:
    """What the doors of this kind share: an address, the way there, and what its answers mean."""

    formats: tuple[str, ...] = ("text",)
    marks = False
    largest: ClassVar[int] = 1024 * 1024

    def __init__(self, channel: Channel, environ: Mapping[str, str], limits: Limits) -> None:
        self.name = channel.name
        self._url = _address(channel, environ)
        proxy = resolved(channel.proxy, environ, f"{channel.name}: proxy")
        if channel.ca_file and not os.path.isfile(channel.ca_file):
            raise Unusable(f"{channel.name}: ca_file {channel.ca_file} is not there")
        self._post = _Post(channel.name, None, proxy, channel.ca_file, limits=limits)
        if not channel.private:
            self._post.mount("https://", _OutwardOnly(max_retries=0))

    def send(self, letter: Letter) -> None:
        """Post it, once."""
        body = json.dumps(self.content(letter), ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        headers = {"Content-Type": "application/json; charset=utf-8", **self.headers(letter, body)}
        try:
            self.judge(self._post.request("POST", self._url, data=body, headers=headers))
        finally:
            self.close()  # on a connection that was left open, nobody knows whether the next one was still read

    def content(self, letter: Letter) -> Mapping[str, object]:
        """Return what is posted."""
        raise NotImplementedError

    def headers(self, _letter: Letter, _body: bytes) -> Mapping[str, str]:
        """Return the headers that go with it."""
        return {}

    def judge(self, answer: requests.Response) -> None:
        """Raise what is wrong with an answer that looks good: a web page is none of a tool."""
        if answer.content.lstrip()[:1] == b"<":
            raise OutcomeUnknown(f"{self.name} answered with a web page: whether it was said is not known")

    def check(self) -> list[Finding]:
        """Ask for the head of the address, which says nothing to anybody. Many doors answer to letters only."""
        try:
            answer = self._post.request("HEAD", self._url)
        except ConnectorError as error:
            return [Finding("problem", str(error))]
        finally:
            self.close()
        return [_found(self.name, answer.status_code)]

    def close(self) -> None:
        """Let go of the connection."""
        self._post.close()


def _found(name: str, status: int) -> Finding:
    mend = f"itsm-sync doors --try {name} says a word there, and tells for sure"
    if 300 <= status < 400:
        return Finding("problem", f"{name} sends us to another address", "correct url: redirects are not followed")
    if status in (401, 403, 404, 410) or status >= 500:
        return Finding("warning", f"{name} is reached, and answered {status} to a question without a letter", mend)
    return Finding("note", f"{name} is reached", mend)


def words(answer: requests.Response) -> str:
    """Return ": " and the few words of an answer, or "" where it is a page or has none."""
    text = answer.content[:2000].decode(errors="replace").strip()
    said = "" if text.startswith("<") else quoted(text)
    return f": {said}" if said else ""


def _address(channel: Channel, environ: Mapping[str, str]) -> str:
    """Return where letters are posted; all of it is a secret from now on, but for the host.

    Raises `Unusable` where it is no address, or none that may be used.
    """
    place = f"{channel.name}: url"
    url = resolved(channel.url, environ, place)
    for name in VARIABLE.findall(channel.url):
        Secret(environ.get(name, ""))
    try:
        parts = urlsplit(url)
        scheme, host = parts.scheme, parts.hostname or ""
    except ValueError:
        scheme, host = "", ""
    if not host or scheme not in (("https", "http") if channel.private else ("https",)):
        raise Unusable(f"{place} must be an address that begins with https")
    Secret(url)
    if len(parts.path) > 1:
        Secret(parts.path)
    if not channel.private and is_inside(host):
        raise Unusable(f"{place} {INSIDE}")
    return url
