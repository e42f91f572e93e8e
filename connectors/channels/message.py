"""Writes a letter as a mail: text and HTML, headers that hang a ticket's letters together, none that a value breaks.

Headers with foreign texts are folded here: Python's own folding lost the quotes of long names until 3.11.10, and a
name could become a second address.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.base import Refused
from connectors.channels.base import LONGEST_SUBJECT, one_line, whole

if TYPE_CHECKING:
    from connectors.channels.base import Letter

POLICY: Final = SMTP.clone(cte_type="7bit")
ADDRESS: Final = re.compile(
    r"(?P<local>[^\s@<>()\[\]:;,\\\"\x00-\x20\x7f]+)@(?P<domain>[^\s@<>()\[\]:;,\\\"/\x00-\x20\x7f]+)"
)
NAMED: Final = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]+)>\s*")
ISOLATES: Final = re.compile("[\u2066-\u2069]")
"""Signs around a stretch of another reading direction: a name that only begins one would turn what follows."""

PLAIN: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/?^_`{|}~ -]*")
"""A name that needs neither quotes nor code; with `=?` it could be read as code."""

LANGUAGE: Final = re.compile(r"[A-Za-z0-9]{1,8}(?:-[A-Za-z0-9]{1,8})*")
LONGEST_NAME: Final = 100
LONGEST_ADDRESS: Final = 254
LONGEST_WORD: Final = 60
WIDTH: Final = 76


class Mailbox(NamedTuple):
    """An address in two parts, the domain as the network writes it, and whose it is."""

    local: str
    domain: str
    name: str = ""

    @property
    def address(self) -> str:
        """The address as a server is told it."""
        return f"{self.local}@{self.domain}"

    @property
    def is_plain(self) -> bool:
        """Whether every mail server understands it."""
        return self.local.isascii()


class _Folded(str):
    """A header that is ready to be sent as it is. `name` and `fold` are what the standard library asks of one."""

    name: str

    def __new__(cls, name: str, value: str) -> _Folded:
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: EmailPolicy) -> str:
        """Return the header's lines."""
        return f"{self.name}: {self}{policy.linesep}"


def mailbox(text: str, name: str = "") -> Mailbox:
    """Return an address that is one and nothing else, with a name beside it. Raises `Refused`."""
    match = None if any(map(_is_unseen, text)) else ADDRESS.fullmatch(whole(text))
    domain = _domain(match["domain"]) if match else ""
    if not match or not domain or len(match["local"].encode()) > 64 or len(text) > LONGEST_ADDRESS:
        raise Refused("this is not the e-mail address of one person")
    return Mailbox(match["local"], domain, one_line(ISOLATES.sub("", name), LONGEST_NAME))


def _is_unseen(letter: str) -> bool:
    """Tell whether a sign cannot be seen, or turns what is seen: an address with one reads as another."""
    return unicodedata.category(letter) in ("Cc", "Cf")


def own(text: str) -> Mailbox:
    """Return an address of ours, which may have a name in front: `Service Desk <desk@harbour.example>`."""
    named = NAMED.fullmatch(text)
    return mailbox(named["address"], named["name"].strip('"')) if named else mailbox(text)


def _domain(text: str) -> str:
    try:
        return text.encode("idna").decode()
    except UnicodeError:
        return ""


def written(letter: Letter, sender: Mailbox, reply_to: Mailbox | None, now: datetime) -> EmailMessage:
    """Return the mail. Its id is the same for every repeat, and the thread's id for every letter of a ticket."""
    mail = EmailMessage(POLICY)
    mail["Date"] = _Folded("Date", format_datetime(now))
    mail["From"] = _of("From", sender)
    mail["To"] = _of("To", mailbox(letter.to, letter.name))
    if reply_to is not None:
        mail["Reply-To"] = _of("Reply-To", reply_to)
    mail["Subject"] = _Folded("Subject", _coded(one_line(letter.subject, LONGEST_SUBJECT), "Subject"))
    mail["Message-ID"] = _Folded("Message-ID", f"<{letter.key}@{sender.domain}>")
    for header in ("In-Reply-To", "References"):
        mail[header] = _Folded(header, f"<{_thread(letter.thread)}@{sender.domain}>")
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(whole(letter.bodies["text"]), params={"format": "flowed"})
    mail.add_alternative(whole(letter.bodies["html"]), subtype="html")
    if LANGUAGE.fullmatch(letter.language):
        mail["Content-Language"] = letter.language  # last: content of its own would take it away
    return mail


def _thread(key: str) -> str:
    return f"ticket-{blake2b(key.encode(errors='surrogatepass'), digest_size=12).hexdigest()}"


def _of(header: str, box: Mailbox) -> _Folded:
    if not box.name:
        return _Folded(header, box.address)
    return _Folded(header, f"{_coded(box.name, header, PLAIN)}\r\n <{box.address}>")


def _coded(text: str, header: str, plain: re.Pattern[str] | None = None) -> str:
    """Return a text for a header; what could be read as anything but text is coded, so that it is shown as it is."""
    words = text.split(" ")
    is_plain = text.isascii() and "=?" not in text and max(map(len, words)) <= LONGEST_WORD
    if is_plain and (plain is None or plain.fullmatch(text)):
        return Header(text, "us-ascii", WIDTH, header).encode(linesep="\r\n")
    return Header(text, "utf-8", WIDTH, header).encode(splitchars="", linesep="\r\n")
