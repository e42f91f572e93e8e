"""The demo's doors: what goes out beside the tickets arrives at real servers in this process, and can be read there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from email.message import EmailMessage
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from connectors.sandbox.doors import Door

WHERE: Final = {"mail": "smtp://127.0.0.1:8182", "pager": "http://127.0.0.1:8183"}
"""The addresses in the demo's workspace, which give way to those that the doors got."""

WEBHOOK: Final = "NOC_WEBHOOK"
"""Where the workspace looks for the address of the chat, as one would with a real one."""

FLOWED: Final = re.compile(r" \r?\n")
"""Where a line of plain text goes on below: mails and pages are broken for narrow screens."""


class Doors(NamedTuple):
    """The servers behind the channels of the demo's workspace."""

    mail: Door
    pager: Door
    noc: Door

    def addresses(self) -> Mapping[str, str]:
        """Return what stands in the workspace for each of them, and where it is."""
        urls = (f"smtp://127.0.0.1:{self.mail.port}", f"http://127.0.0.1:{self.pager.port}")
        return dict(zip(WHERE.values(), urls, strict=True))

    def mails(self) -> list[str]:
        """Return the mails so far, as their reader sees them."""
        return [_mail(one) for one in self.mail.taken]

    def pages(self) -> list[str]:
        """Return what the pager was told so far."""
        return [_titled(one["subject"], one["text"]) for one in self.pager.taken]

    def chat(self) -> list[str]:
        """Return what was said in the chat so far."""
        return [str(one["text"]) for one in self.noc.taken]


@contextmanager
def opened() -> Iterator[Doors]:
    """Serve the doors until the demo ends."""
    from connectors.sandbox.doors import hook, mail_server

    with ExitStack() as stack:
        doors = Doors(*(stack.enter_context(door()) for door in (mail_server, hook, hook)))
        os.environ[WEBHOOK] = f"http://127.0.0.1:{doors.noc.port}"  # a real one stays at home
        yield doors


def _mail(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return _titled(mail["Subject"], body.get_content() if body is not None else "")


def _titled(subject: str, text: str) -> str:
    """Return a text below its subject; where a line of it ends with a blank, the next one goes on with it."""
    whole = FLOWED.sub(" ", text).replace("\r\n", "\n")
    return f"{subject}\n{whole}"
