"""The other ends of all channels: what each heard, what goes wrong there, and what that has to mean."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, NamedTuple

from connectors.base import Busy, ConnectorError, NotVisible, OutcomeUnknown, Refused, TryLater
from connectors.channels import Channel, Letter, opened
from connectors.channels.hook import Hook
from connectors.channels.mail import Mail
from rules.rulebook import Channel as Record
from tests.channels.inbox import CUT, Answer, Inbox, inbox
from tests.channels.postbox import LOST, SLOW, Postbox, postbox

SECRET = "correct-horse-battery-door"
ENVIRON = {"DOOR_PATH": SECRET}
LETTER = Letter(
    mark="7f3a",
    thread="servicenow-emea/INC0010001",
    to="kari@harbour.example",
    name="Kari Nordmann",
    language="nb",
    subject="INC0010001: Bestillingen virker ikke",
    bodies={
        "text": "Hei Kari,\n\nvi ser på det nå. \nNeste beskjed kommer 10:30.\n.\nfrom here",
        "html": "<!DOCTYPE html>\n<html><body><p>Hei Kari,</p><p>vi ser på det nå.</p></body></html>\n",
        "slack": "*Hei Kari,*\nvi ser på det nå.",
        "teams": json.dumps(
            {"type": "AdaptiveCard", "version": "1.5", "body": [{"text": "vi ser på det nå."}]}, ensure_ascii=False
        ),
    },
    facts={"number": "INC0010001", "kind": "incident", "priority": "P1", "title": "Bestillingen virker ikke"},
)


class Heard(NamedTuple):
    """One letter as it came: what tells repeats apart, "" where nothing does, and all its text."""

    mark: str
    text: str


@dataclass
class End:
    """One door with its other end. `fail` makes go wrong: refused, gone, busy, nobody, lost, slow, garbage.

    `means` is that → the error which it has to be; a door that cannot tell has its own.
    """

    channel: Channel
    heard: Callable[[], list[Heard]]
    fail: Callable[[str], None]
    mend: Callable[[], None]
    means: Mapping[str, type[ConnectorError] | None]


MEANS: Mapping[str, type[ConnectorError] | None] = {
    "refused": Refused,
    "gone": NotVisible,
    "busy": Busy,
    "nobody": Busy,
    "lost": OutcomeUnknown,
    "slow": OutcomeUnknown,
    "garbage": OutcomeUnknown,
    "trouble": OutcomeUnknown,
}
ANSWERS = {
    "refused": Answer(403, b"action_prohibited"),
    "gone": Answer(404, b"channel_not_found"),
    "busy": Answer(429, b"", {"Retry-After": "30"}),
    "lost": Answer(CUT),
    "slow": Answer(200, b"ok", wait=1.5),
    "garbage": Answer(200, b"<html><body>Sign in to the guest network</body></html>"),
    "trouble": Answer(503, b"upstream"),
}
SAYS_OK = {"slack": b"ok", "teams": b"1", "webhook": b"", "apprise": b""}


@contextmanager
def end(kind: str) -> Iterator[End]:
    """Open a channel of a kind, and its other end."""
    with _mail_end() if kind == "email" else _web_end(kind) as made:
        try:
            yield made
        finally:
            made.channel.close()


@contextmanager
def _web_end(kind: str) -> Iterator[End]:
    with inbox() as box:
        box.answer = Answer(200, SAYS_OK[kind])
        host = box.url.removeprefix("http://")
        urls = {"apprise": f"json://{host}/${{DOOR_PATH}}/?rto=1&cto=1"}
        record = Record("door", kind, urls.get(kind, f"{box.url}/${{DOOR_PATH}}"), private=True)
        channel = opened(record, ENVIRON)
        if isinstance(channel, Hook):
            channel._post.timeout = (0.5, 0.5)

        def fail(how: str) -> None:
            if how == "nobody":
                box.stop()
            else:
                box.answer = ANSWERS[how]

        def mend() -> None:
            box.answer = Answer(200, SAYS_OK[kind])

        def heard() -> list[Heard]:
            return [_of_web(kind, one.headers, one.body) for one in box.posted]

        yield End(channel, heard, fail, mend, _means(kind))


def _of_web(kind: str, headers: Mapping[str, str], body: bytes) -> Heard:
    said: dict[str, Any] = json.loads(body)
    if kind == "webhook":
        return Heard(headers["Idempotency-Key"], f"{said['subject']}\n{said['text']}")
    if kind == "slack":
        return Heard("", said["text"])
    if kind == "teams":
        return Heard("", json.dumps(said["attachments"][0]["content"], ensure_ascii=False))
    return Heard("", f"{said['title']}\n{said['message']}")


def _means(kind: str) -> Mapping[str, type[ConnectorError] | None]:
    if kind == "apprise":  # it does not say why it could not be done, nor does it look at what answered
        return {**MEANS, "nobody": OutcomeUnknown, "garbage": None}
    return MEANS


@contextmanager
def _mail_end() -> Iterator[End]:
    with postbox() as box:
        record = Record("door", "email", box.url, sender="Harbour Desk <desk@harbour.example>")
        channel = opened(record, {})
        assert isinstance(channel, Mail)
        channel.patience = 0.5

        def fail(how: str) -> None:
            box.wrong |= WRONG[how]

        means = {**MEANS, "gone": Refused, "nobody": TryLater}

        def heard() -> list[Heard]:
            return [_of_mail(box, number) for number in range(len(box.taken))]

        yield End(channel, heard, fail, box.wrong.clear, means)


WRONG = {
    "refused": {"TAKEN": "554 5.7.1 no such thing here"},
    "gone": {"RCPT": "550 5.1.1 <kari@harbour.example>: user unknown"},
    "busy": {"MAIL": "421 4.3.2 come back later"},
    "nobody": {"RCPT": LOST},
    "lost": {"TAKEN": LOST},
    "slow": {"TAKEN": SLOW},
    "garbage": {"TAKEN": "hello there"},
    "trouble": {"TAKEN": LOST},
}


def _of_mail(box: Postbox, number: int) -> Heard:
    mail = box.mails[number]
    parts = [part.get_content() for part in (mail.get_body(("plain",)), mail.get_body(("html",))) if part is not None]
    return Heard(str(mail["Message-ID"]), "\n".join([str(mail["Subject"]), *parts]))


__all__ = ["LETTER", "SECRET", "End", "Heard", "Inbox", "end"]
