"""A real mail server in the process, which can be told what goes wrong at which stage."""

from __future__ import annotations

import asyncio
import email
import socket
import ssl
import warnings
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, Session

USER, PASSWORD = "desk", "correct-horse-battery-mail"
OK = "250 OK"
LOST = "lost"
SLOW = "slow"


class Postbox:
    """`taken` is what was handed over. `wrong` is stage → what happens there instead: an answer, LOST or SLOW.

    The stages are MAIL, RCPT, DATA (before anything is taken) and TAKEN (when all of it is).
    """

    def __init__(self) -> None:
        self.url = ""
        self.port = 0
        self.taken: list[Envelope] = []
        self.wrong: dict[str, str] = {}
        self.asked: list[str] = []
        self.tls: list[bool] = []
        self.sessions: list[Session] = []
        self.hang_up: Callable[[], None] = lambda: None

    @property
    def mails(self) -> list[EmailMessage]:
        return [email.message_from_bytes(one.content, policy=default) for one in self.taken]

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.sessions.append(session)
        answer = await self._at("MAIL", server)
        if answer == OK:
            envelope.mail_from, envelope.mail_options = address, options
            self.tls.append(session.ssl is not None)
        return answer

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._at("RCPT", server)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if (answer := await self._at("DATA", server)) == OK:
            self.taken.append(envelope)
            answer = await self._at("TAKEN", server)
        return answer

    async def _at(self, stage: str, server: Any) -> str:
        self.asked.append(stage)
        wrong = self.wrong.get(stage, OK)
        if wrong == LOST:
            server.transport.abort()
        if wrong == SLOW:
            await asyncio.sleep(3)
        return OK if wrong in (LOST, SLOW) else wrong


class Kept(Controller):
    """A server that hangs up on everybody before it closes."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self.made: list[Any] = []
        super().__init__(*args, **options)

    def factory(self) -> Any:
        self.made.append(super().factory())
        return self.made[-1]

    def hang_up(self) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(5)

    async def _hang_up(self) -> None:
        for one in self.made:
            if one.transport is not None:
                one.transport.abort()
        await asyncio.sleep(0.01)


def judge(password: str) -> Callable[..., AuthResult]:
    def judge(server: Any, session: Session, envelope: Envelope, mechanism: str, login: Any) -> AuthResult:
        return AuthResult(success=(login.login, login.password) == (USER.encode(), password.encode()), handled=False)

    return judge


@contextmanager
def postbox(
    tls: ssl.SSLContext | None = None,
    at_once: bool = False,
    signed_in: bool = False,
    utf8: bool = True,
    password: str = PASSWORD,
    without: Collection[str] = (),
    box: Postbox | None = None,
) -> Iterator[Postbox]:
    """Open a mail server: with STARTTLS, with TLS `at_once`, or without; `signed_in`: for those with a password."""
    box = box or Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        box.port = free.getsockname()[1]
    options: dict[str, Any] = {"enable_SMTPUTF8": utf8}
    if tls is not None:
        options |= {"ssl_context": tls} if at_once else {"tls_context": tls}
    if signed_in:
        options |= {"authenticator": judge(password), "auth_required": True, "auth_exclude_mechanism": without}
        options |= {"auth_require_tls": not at_once}
    controller = Kept(box, hostname="127.0.0.1", port=box.port, **options)
    box.url = f"smtp{'s' if at_once else ''}://127.0.0.1:{box.port}"
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS")  # it does not see TLS at once
        controller.start()
        box.hang_up = controller.hang_up
        try:
            yield box
        finally:
            controller.hang_up()
            controller.stop(no_assert=True)
