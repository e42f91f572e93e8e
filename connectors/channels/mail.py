"""Mail: hands letters to a mail server, and says of each stage at which that failed what it means."""

from __future__ import annotations

import re
import smtplib
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from connectors.base import Busy, ConnectorError, Finding, OutcomeUnknown, Refused, TryLater, Unusable
from connectors.channels.base import quoted
from connectors.channels.message import POLICY, Mailbox, mailbox, own, written
from connectors.web.secrets import Secret, resolved

if TYPE_CHECKING:
    from connectors.channels.base import Letter
    from rules.rulebook import Channel

PATIENCE: Final = 30.0
"""Seconds for each answer of the server."""

PORTS: Final = {"smtp": 587, "smtps": 465}
LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
LOGIN: Final = "user and password"
SIGNED_IN: Final = 235
ASKED: Final = 334
GO_ON: Final = 354
GONE: Final = 421
TOO_LARGE: Final = 552
NOT_LET_IN: Final = (530, 534, 535, 538)
DOTS: Final = re.compile(rb"^\.", re.MULTILINE)


class Mail:
    """A mail server. Letters to the same person with the same mark have the same Message-ID.

    It demands TLS, before it says who we are: from a server at smtp:// by STARTTLS. One on this machine may do without.
    """

    formats: tuple[str, ...] = ("html", "text")
    marks = True

    def __init__(self, channel: Channel, environ: Mapping[str, str], clock: Callable[[], datetime]) -> None:
        self.name = channel.name
        self.patience = PATIENCE
        self._clock = clock
        self._scheme, self._host, self._port = _server(channel, environ)
        self._tls = channel.tls
        self._trusted = _trusted(channel)
        self._sender = _own(channel.sender, f"{channel.name}: sender")
        self._reply_to = _own(channel.reply_to, f"{channel.name}: reply_to") if channel.reply_to else None
        self._auth = {
            key: Secret(resolved(channel.auth[key], environ, f"{channel.name}: {key}")) for key in channel.auth
        }
        self._server: smtplib.SMTP | None = None

    def send(self, letter: Letter) -> None:
        """Hand it to the server."""
        mail, to = written(letter, self._sender, self._reply_to, self._clock()), mailbox(letter.to)
        server = self._ready()
        options = self._options(server, to)
        server.command_encoding = "utf-8" if options else "ascii"
        text = mail.as_bytes(policy=POLICY.clone(utf8=bool(options)))
        with self._stage(TryLater):
            _say(server, f"MAIL FROM:<{self._sender.address}>{options}", "the sender", Unusable)
            _say(server, f"RCPT TO:<{to.address}>", "the recipient", Refused)
            _say(server, "DATA", "the mail", Refused, GO_ON)
        with self._stage(OutcomeUnknown):
            server.send(DOTS.sub(b"..", text) + b".\r\n")
            _taken(server.getreply(), "the mail", Refused)

    def check(self) -> list[Finding]:
        """Sign in, and ask whether the sender is taken."""
        try:
            server = self._ready()
            with self._stage(TryLater):
                _say(server, f"MAIL FROM:<{self._sender.address}>", "the sender", Unusable)
        except ConnectorError as error:
            return [Finding("problem", str(error))]
        finally:
            self.close()
        return [Finding("note", f"{self._host} takes mail from {self._sender.address}")]

    def close(self) -> None:
        """Take leave of the server."""
        server, self._server = self._server, None
        if server is not None:
            with suppress(OSError):
                server.quit()
            server.close()

    def _ready(self) -> smtplib.SMTP:
        """Return the server, ready for the next letter. One that hung up meanwhile is called once more."""
        if self._server is not None:
            with suppress(OSError):
                if self._server.rset()[0] == 250:
                    return self._server
            self.close()
        with self._stage(Busy):
            server = self._greeted()
            try:
                self._make_safe(server)
                self._sign_in(server)
            except BaseException:  # a connection that is half safe is never used
                server.close()
                raise
            self._server = server
        return server

    def _greeted(self) -> smtplib.SMTP:
        if self._scheme == "smtps":
            return smtplib.SMTP_SSL(self._host, self._port, timeout=self.patience, context=self._trusted)
        return smtplib.SMTP(self._host, self._port, timeout=self.patience)

    def _make_safe(self, server: smtplib.SMTP) -> None:
        """Turn to TLS where the connection is not yet."""
        _taken(server.ehlo(), "us", Unusable)
        if self._scheme == "smtps" or not self._tls:
            return
        if server.has_extn("starttls"):
            server.starttls(context=self._trusted)
            _taken(server.ehlo(), "us", Unusable)
        elif self._host not in LOOPBACK:
            raise Unusable(f"{self.name}: {self._host} offers no STARTTLS: correct url, or say tls: never")

    def _sign_in(self, server: smtplib.SMTP) -> None:
        """Say who we are, in UTF-8, and once: smtplib knows ASCII only, and repeats a wrong password in other ways."""
        if not self._auth:
            return
        user, password = self._auth["user"].reveal(), self._auth["password"].reveal()
        offered = server.esmtp_features.get("auth", "").upper().split()
        if "PLAIN" in offered:
            _say(server, "AUTH PLAIN " + _coded("\0".join(("", user, password))), LOGIN, Unusable, SIGNED_IN)
        elif "LOGIN" in offered:
            for line, wanted in (("AUTH LOGIN", ASKED), (_coded(user), ASKED), (_coded(password), SIGNED_IN)):
                _say(server, line, LOGIN, Unusable, wanted)
        else:
            raise smtplib.SMTPNotSupportedError

    def _options(self, server: smtplib.SMTP, to: Mailbox) -> str:
        """Return what the server must be told of addresses that are not in Latin letters."""
        if to.is_plain and self._sender.is_plain:
            return ""
        if not server.has_extn("smtputf8"):
            raise Refused(f"{self.name}: {self._host} takes addresses in Latin letters only")
        return " SMTPUTF8"

    @contextmanager
    def _stage(self, lost: type[ConnectorError]) -> Iterator[None]:
        """Turn what may happen at a stage into what it means; where the connection is lost, that depends on it."""
        try:
            yield
        except _No as no:
            raise self._refusal(no, lost) from None
        except smtplib.SMTPNotSupportedError:
            raise self._dropped(Unusable(f"{self.name}: {self._host} lets nobody sign in so: correct auth")) from None
        except smtplib.SMTPResponseException as error:
            raise self._refusal(_No(error.smtp_code, error.smtp_error, "us", Unusable), lost) from None
        except ssl.SSLCertVerificationError:
            text = f"{self.name}: the server's certificate is not trusted; name your own authority in ca_file"
            raise self._dropped(Unusable(text)) from None
        except (OSError, ValueError) as error:
            raise self._dropped(self._broken(type(error).__name__, lost)) from None

    def _refusal(self, no: _No, lost: type[ConnectorError]) -> ConnectorError:
        """Return what a server's no means: 4xx passes, 5xx does not, and anything else is no answer."""
        text = f"{self.name}: {self._host} does not take {no.what} ({no.code} {quoted(no.said)})"
        if no.code == GONE or (400 <= no.code < 500 and lost is Busy):
            return self._dropped(Busy(text))
        if 400 <= no.code < 500:
            return TryLater(text)
        if no.code in NOT_LET_IN:
            return self._dropped(Unusable(f"{text}: correct the credentials in auth"))
        if 500 <= no.code < 600:
            return Refused(text) if no.code == TOO_LARGE else no.lasting(text)
        return self._dropped(self._broken("garbage", lost))

    def _broken(self, how: str, lost: type[ConnectorError]) -> ConnectorError:
        unknown = "; whether it was sent is not known" if lost is OutcomeUnknown else ""
        return lost(f"{self.name}: the connection to {self._host} broke ({how}){unknown}")

    def _dropped(self, error: ConnectorError) -> ConnectorError:
        server, self._server = self._server, None
        if server is not None:
            server.close()
        return error


class _No(Exception):
    """The server does not take something; `lasting` is what that means where it is not to pass."""

    def __init__(self, code: int, said: bytes | str, what: str, lasting: type[ConnectorError]) -> None:
        super().__init__(code)
        self.code, self.what, self.lasting = code, what, lasting
        self.said = said.decode(errors="replace") if isinstance(said, bytes) else said


def _coded(text: str) -> str:
    """Return a text as passwords are sent, which is no less secret."""
    coded = b64encode(text.encode()).decode()
    Secret(coded)
    return coded


def _say(server: smtplib.SMTP, line: str, what: str, lasting: type[ConnectorError], wanted: int = 250) -> None:
    command, _, rest = line.partition(" ")
    _taken(server.docmd(command, rest), what, lasting, wanted)


def _taken(answer: tuple[int, bytes], what: str, lasting: type[ConnectorError], wanted: int = 250) -> None:
    """Raise a server's no."""
    if answer[0] != wanted:
        raise _No(*answer, what, lasting)


def _server(channel: Channel, environ: Mapping[str, str]) -> tuple[str, str, int]:
    """Return how and where a mail server is reached. Raises `Unusable` where the address is none."""
    url = resolved(channel.url, environ, f"{channel.name}: url")
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError:
        scheme, host, port = "", "", None
    if scheme not in PORTS or not host or parts.username or parts.password or parts.path.strip("/"):
        raise Unusable(f"{channel.name}: url must be like smtp://mail.harbour.example:587, without a password")
    return scheme, host, port or PORTS[scheme]


def _trusted(channel: Channel) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=channel.ca_file or None)
    except OSError:
        raise Unusable(f"{channel.name}: ca_file {channel.ca_file} is not there, or holds no certificate") from None


def _own(text: str, place: str) -> Mailbox:
    try:
        return own(text)
    except Refused:
        raise Unusable(f"{place} is not an e-mail address") from None
