"""The one way to the network: a session that retries what is safe, and says of the rest what to do next."""

from __future__ import annotations

import json
import random
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase

from connectors.base import Busy, ConnectorError, NotVisible, OutcomeUnknown, Refused, TryLater, Unusable
from connectors.web import waits
from connectors.web.depth import DEEPEST, is_too_deep
from connectors.web.limits import Limits, is_of_one_ticket
from connectors.web.secrets import masked

USER_AGENT: Final = "itsm-sync"
TIMEOUT: Final = (10.0, 60.0)  # seconds to connect and between two bytes; no platform request runs longer than 60 s
TRIES: Final = 4
LARGEST: Final = 64 * 1024 * 1024  # bytes of one answer
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
QUOTED: Final = 300  # characters of a platform's own words in an error


class Incomplete(TryLater):
    """The platform answered a read with less than was asked for, or with too much: ask for less at a time."""


class Broken(TryLater):
    """Something that may pass: a read is repeated, a write has an unknown outcome. Never leaves the session."""


MEANING: Final[Mapping[int, type[ConnectorError]]] = {
    202: Broken,  # it is accepted, which is not done
    206: Broken,  # and a part is not all
    303: Broken,  # it is done, or not: the answer is elsewhere
    401: Unusable,
    402: Unusable,
    404: NotVisible,
    407: Unusable,
    408: Broken,
    409: TryLater,  # somebody else's change was quicker
    410: NotVisible,
    421: TryLater,
    423: TryLater,
    425: TryLater,
    426: Unusable,
    429: Busy,
    499: Broken,
    501: Refused,
    505: Refused,
    511: Unusable,
}
"""What a status says about what to do next.

Beside these: 1xx and 5xx are broken, 2xx is good, 3xx a person mends, 4xx is refused.
"""


MENDS: Final = {
    401: "correct the credentials in auth",
    402: "see whether the licence or subscription is paid",
    407: "correct the credentials in proxy",
    511: "a network between us wants somebody to sign in",
}
"""What a person has to do about a status, where the status alone tells."""


def meaning(status: int) -> type[ConnectorError] | None:
    """Return the error that a status stands for, or None when the answer is good."""
    if 200 <= status < 300:
        return MEANING.get(status)
    if 300 <= status < 400:
        return MEANING.get(status, Unusable)
    return MEANING.get(status, Refused if 400 <= status < 500 else Broken)


class Renewable(AuthBase):
    """Credentials that may have run out without a fault of anybody: on a 401 they are renewed and sent once more."""

    def renew(self) -> bool:
        """Forget what was sent; False when there is nothing to renew."""
        raise NotImplementedError


class Session(requests.Session):
    """A session for one platform account.

    `request` returns good JSON answers only, read to their end and parsed once. Everything else is a
    `ConnectorError` that carries the platform's own message and neither headers nor secrets. Redirects are not
    followed, so that credentials never reach another host, and neither the environment's proxies nor its netrc
    are used: the workspace says it all. A session of another kind may be shorter of patience and of memory.
    """

    timeout: tuple[float, float] = TIMEOUT
    tries: int = TRIES
    largest: int | None = None  # else LARGEST

    def __init__(
        self,
        name: str,
        auth: AuthBase | None = None,
        proxy: str = "",
        ca_file: str = "",
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        limits: Limits | None = None,
    ) -> None:
        super().__init__()
        self.name = name
        self.sleep = sleep
        self.chance = chance
        self.limits = limits or Limits()
        self.last: requests.Response | None = None  # the last good answer, for packages that hand out its JSON only
        self.trust_env = False
        self.auth = auth
        self.verify = ca_file or True
        self.proxies = {"http": proxy, "https": proxy} if proxy else {}
        self.mount("https://", HTTPAdapter(max_retries=0))
        self.mount("http://", HTTPAdapter(max_retries=0))

    def request(  # type: ignore[override]
        self, method: str | bytes, url: str | bytes, *, repeatable: bool | None = None, **options: Any
    ) -> requests.Response:
        """Send it, again where that is safe, and return the answer. `repeatable`: doing it twice is as doing it once.

        Waits that the platform asks for are kept; one that is longer than a minute is left to the caller (TryLater).
        While the platform is to be left alone nothing is sent (Busy).
        """
        word, address = _text(method).upper(), _text(url)
        again = word in SAFE if repeatable is None else repeatable
        options |= {"timeout": self.timeout, "stream": True, "allow_redirects": False}
        options["headers"] = {**(options.get("headers") or {}), "User-Agent": USER_AGENT}
        for attempt in range(1, self.tries + 1):
            self._ask_leave()
            try:
                return self._once(word, address, options)
            except Incomplete:
                raise
            except TryLater as error:
                if isinstance(error, Broken) and not again:
                    raise OutcomeUnknown(f"{error}; whether it was done is not known") from None
                self._wait(attempt, error)
        raise AssertionError("the last attempt always ends in an answer or an error")

    def _ask_leave(self) -> None:
        """Wait for as long as the platform wants to be left alone, or tell the caller to come back later."""
        wait = self.limits.wait()
        if wait > waits.LONGEST:
            until = self.limits.clock() + timedelta(seconds=wait)
            raise Busy(f"{self.name} is left alone until {until:%Y-%m-%d %H:%M:%S}Z, as it asked or needs it", wait)
        if wait:
            self.sleep(wait)

    def _wait(self, attempt: int, error: TryLater) -> None:
        """Sleep before the next attempt, or tell the caller to try later."""
        if attempt == self.tries or (error.wait or 0) > waits.LONGEST:
            kind = Busy if isinstance(error, Busy) else TryLater
            raise kind(str(error), error.wait) from None
        if not self.limits.wait():  # else the next attempt waits for as long as that says
            self.sleep(waits.backoff(attempt, self.chance()) if error.wait is None else error.wait)

    def _once(self, method: str, url: str, options: dict[str, Any]) -> requests.Response:
        what = self.described(method, url)
        try:
            answer = self.read(super().request(method, url, **options))
            if answer.status_code == 401 and isinstance(self.auth, Renewable) and self.auth.renew():
                answer = self.read(super().request(method, url, **options))
        except (requests.RequestException, OSError, ValueError) as error:
            self.limits.failed()
            raise self._not_answered(error, what) from None
        self.limits.heard(answer.status_code, answer.headers)
        if answer.status_code >= 500:
            self.limits.failed()
        return self._judged(answer, what)

    def read(self, answer: requests.Response) -> requests.Response:
        """Read the body up to the largest size that we accept, so that no answer can fill the memory."""
        return read(answer, answer.iter_content(256 * 1024), self.largest or LARGEST)

    def described(self, method: str, url: str) -> str:
        """Return what errors say of a request: its path, without what it asked for."""
        return f"{method} {urlsplit(url).path}"

    def _not_answered(self, error: Exception, what: str) -> ConnectorError:
        """Tell apart: a person must mend it, nothing was sent, and it may have been done."""
        causes = [*_causes(error)]
        if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
            return Unusable(f"{self.name}: the server's certificate is not trusted; name your own authority in ca_file")
        if isinstance(error, requests.exceptions.InvalidURL | requests.exceptions.MissingSchema):
            return Unusable(f"{self.name}: url or proxy is not an address")
        if isinstance(error, requests.exceptions.ConnectionError | requests.Timeout | _TooLargeError):
            return _unreached(self.name, error, causes, what, self.largest or LARGEST)
        if isinstance(error, requests.RequestException):
            return Broken(f"{self.name}: {what} broke off ({type(error).__name__})")
        return Unusable(f"{self.name}: {what} could not be sent: {type(error).__name__}; look at ca_file and proxy")

    def _judged(self, answer: requests.Response, what: str) -> requests.Response:
        """Return a good JSON answer, parsed once; raise what anything else means."""
        kind = meaning(answer.status_code)
        if kind is None:
            parsed = self._parsed(answer, what)
            self.last = answer
            answer.json = lambda **_: parsed  # type: ignore[method-assign]  # pysnow parses again, at 10 ms a megabyte
            return answer
        text = f"{self.name} answered {answer.status_code} to {what}{self._own_words(answer)}"
        if (
            mend := "it sends us to another address: correct url"
            if answer.is_redirect
            else MENDS.get(answer.status_code)
        ):
            text += f"; {mend}"
        if kind is Busy and is_of_one_ticket(answer.headers):
            kind = TryLater
        raise kind(text, waits.asked_for(answer.headers)) if issubclass(kind, TryLater) else kind(text)

    def _parsed(self, answer: requests.Response, what: str) -> Any:
        if not answer.content:
            return None
        if _is_page(answer):
            raise self._web_page(answer, what)
        try:
            parsed = json.loads(answer.content)
        except (ValueError, RecursionError):
            raise Broken(f"{self.name} answered {what} with half an answer") from None
        if is_too_deep(parsed):
            raise Broken(f"{self.name} answered {what} with more than {DEEPEST} levels inside each other")
        if isinstance(parsed, dict) and "result" in parsed and parsed.get("error"):
            raise self._half_done(parsed["error"], what)
        return parsed

    def _half_done(self, error: object, what: str) -> ConnectorError:
        """An answer with result and error is what was ready when the platform's time ran out."""
        text = f"{self.name} answered {what} incompletely: {self._clean(_message(error))}"
        return Incomplete(text) if what.split()[0] in SAFE else OutcomeUnknown(text)

    def _web_page(self, answer: requests.Response, what: str) -> ConnectorError:
        if b"hibernat" in answer.content[:100_000].lower():
            return Busy(f"{self.name} is hibernating: wake the instance on the platform's developer site")
        return Broken(f"{self.name} answered {what} with a web page instead of data: look at url, or wait")

    def _own_words(self, answer: requests.Response) -> str:
        """Return ": " and the platform's own message, cleaned, or "" when it gave none."""
        if _is_page(answer):
            return " with a web page"
        try:
            body = json.loads(answer.content or b"{}")
        except (ValueError, RecursionError):
            return ""
        inner = body.get("error") if isinstance(body, dict) else None
        said = self._clean(_message(inner if isinstance(inner, dict) else body))
        return f": {said}" if said else ""

    def _clean(self, text: str) -> str:
        return masked(" ".join("".join(c if c.isprintable() else " " for c in text).split()))[:QUOTED]


class _TooLargeError(OSError):
    """The answer was larger than we accept."""


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def read(answer: requests.Response, body: Iterable[bytes], largest: int) -> requests.Response:
    """Return an answer with its body, which comes in parts. Raises `OSError` for one that is too large."""
    with answer:
        parts, size = [], 0
        for part in body:
            size += len(part)
            if size > largest:
                raise _TooLargeError
            parts.append(part)
    answer._content = b"".join(parts)
    return answer


def _causes(error: BaseException | None) -> list[BaseException]:
    """Return the error and what lies beneath it: urllib3 keeps causes in `reason` and in arguments."""
    found: list[BaseException] = []
    waiting = [error]
    while waiting:
        one = waiting.pop()
        if isinstance(one, BaseException) and one not in found:
            found.append(one)
            waiting += [one.__cause__, one.__context__, getattr(one, "reason", None)]
            waiting += [item for item in one.args if isinstance(item, BaseException)]
    return found


def _unreached(name: str, error: Exception, causes: list[BaseException], what: str, largest: int) -> ConnectorError:
    """A connection that never stood has sent nothing; one that broke may have. Proxy errors are of the first kind."""
    if isinstance(error, _TooLargeError):
        size = largest // 1024 // 1024
        return (
            Incomplete(f"{name} answered {what} with more than {size} MB") if what.split()[0] in SAFE else Broken(what)
        )
    kinds = {type(cause).__name__ for cause in causes}
    if kinds & {"ProxyError"}:
        return Busy(f"{name}: the proxy did not let us through: look at proxy")
    if kinds & {"NameResolutionError", "gaierror"}:
        return Busy(f"{name}: the name of the host is not known: look at url and the network")
    if kinds & {"NewConnectionError", "ConnectTimeout", "ConnectTimeoutError"}:
        return Busy(f"{name} could not be reached: look at url, proxy and the network")
    return Broken(f"{name}: the connection broke during {what}")


def _is_page(answer: requests.Response) -> bool:
    return "html" in answer.headers.get("Content-Type", "").lower() or answer.content[:50].lstrip().startswith(b"<")


def _message(error: object) -> str:
    """Return what an error body says: ServiceNow's message and detail, Jira's messages, OAuth's description."""
    if isinstance(error, str):
        return error
    if not isinstance(error, dict):
        return ""
    parts = [error.get(key) for key in ("message", "detail", "error", "error_description")]
    messages, errors = error.get("errorMessages"), error.get("errors")
    parts += messages if isinstance(messages, list) else []
    parts += [f"{field}: {text}" for field, text in errors.items()] if isinstance(errors, dict) else []
    return "; ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))
