"""The other ends of all kinds of doors: what each took over, and what goes wrong there, letter by letter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from connectors.channels import Channel
from connectors.channels.hook import Hook
from connectors.channels.mail import Mail
from tests.channels.inbox import CUT, Answer, Inbox, inbox
from tests.channels.postbox import LOST, SLOW, Postbox, postbox

KINDS: Final = {
    "pager": "webhook",
    "tool": "webhook",
    "mail": "email",
    "noc": "slack",
    "boards": "teams",
    "sms": "apprise",
}
DOORS: Final = """\
  - {{name: page, on: prioritised, when: {{priority: [P1, P2]}}, to: [on_call], message: page}}
  - {{name: news, on: created, to: [noc, boards, max], message: news}}
  - {{name: both, on: created, to: [vera], message: both}}
  - {{name: moved, on: assigned, to: [sms], message: moved}}
  - {{name: over, on: resolved, to: [max], message: over}}
people:
  ida: {{email: ida@harbour.example, doors: [pager, mail]}}
  jonas: {{email: jonas@harbour.example, doors: [sms, mail]}}
  max: {{email: max@customer.example, doors: [mail, tool]}}
  vera: {{email: vera@customer.example, doors: [tool, noc]}}
channels:
  pager: {{kind: webhook, url: "{pager}", private: true}}
  tool: {{kind: webhook, url: "{tool}", private: true}}
  mail: {{kind: email, url: "{mail}", sender: Harbour Desk <desk@harbour.example>}}
  noc: {{kind: slack, url: "{noc}", private: true}}
  boards: {{kind: teams, url: "{boards}", private: true}}
  sms: {{kind: apprise, url: "{sms}/?rto=1&cto=1"}}
"""
"""Who is on call for one team has a pager, for the other a door without marks; backups are of every kind."""

ON_CALL: Final = "on_call: {{rotation: [{person}], each: 1w, from: 2026-11-02T08:00}}"
TEXT: Final = (
    "{{% block subject %}}{name}{{% endblock %}}{{% block body %}}{name} about {{{{ ticket.key }}}}{{% endblock %}}"
)
MESSAGES: Final = ("page", "news", "both", "moved", "over")
SAID: Final = re.compile(r"(page|news|both|moved|over) about ([A-Z]+-?[0-9]+)")

TAKEN: Final = Answer(200, b"ok")
WEB: Final = {
    "refused": (Answer(403, b"action_prohibited"), False),
    "gone": (Answer(404, b"channel_not_found"), False),
    "busy": (Answer(429, b"", {"Retry-After": "90"}), False),
    "down": (Answer(503, b"upstream"), False),
    "failed": (Answer(500, b"oops"), True),
    "page": (Answer(200, b"<html><body>Sign in to the guest network</body></html>"), False),
    "cut before": (Answer(CUT), False),
    "cut after": (Answer(CUT), True),
    "slow": (Answer(200, b"ok", wait=0.7), True),
}
"""What goes wrong at a door of the web: the answer, and whether the letter was taken over all the same."""

MAIL: Final = {
    "busy": ("MAIL", "421 4.3.2 come back later"),
    "later": ("MAIL", "451 4.3.0 not now"),
    "grey": ("RCPT", "450 4.2.0 greylisted"),
    "gone": ("RCPT", "550 5.1.1 user unknown"),
    "dropped": ("RCPT", LOST),
    "failed": ("DATA", "451 4.3.0 try again"),
    "refused": ("DATA", "554 5.7.1 no such thing here"),
    "cut before": ("DATA", LOST),
    "cut after": ("TAKEN", LOST),
    "slow": ("TAKEN", SLOW),
    "garbage": ("TAKEN", "hello there"),
}
"""What goes wrong at a mail server, and at which stage; what goes wrong at TAKEN is taken over all the same."""

KILLS: Final = {"killed before": "cut before", "killed after": "cut after"}
"""The process that sends ends, and the connection with it."""

PATIENCE: Final = 0.4


class Word(NamedTuple):
    """A letter that was taken over at a door: its mark, "" where it has none, which message, and about which ticket."""

    door: str
    mark: str
    message: str
    number: str


def troubles(door: str) -> Sequence[str]:
    """Return what may go wrong at a door. Apprise does not look at what answers."""
    kind = KINDS[door]
    return [how for how in (MAIL if kind == "email" else WEB) if (kind, how) != ("apprise", "page")]


class Doors:
    """All of them. `drawn` says of the next letter at a door what goes wrong, "" for nothing; `met` counts that."""

    def __init__(self) -> None:
        self.urls: dict[str, str] = {}
        self.drawn: Callable[[str], str]
        self.calm()
        self.kill: Callable[[], None] = lambda: None
        self.met: Counter[tuple[str, str]] = Counter()
        self.mails = MailServer(self)
        self.words: list[Word] = []

    def calm(self) -> None:
        """Let nothing go wrong any more."""
        self.drawn = lambda _door: ""

    def happens(self, door: str) -> str:
        """Return what goes wrong with a letter that is being sent; a kill was done then."""
        how = self.drawn(door)
        if how:
            self.met[door, how] += 1
        if how in KILLS:
            self.kill()
        return KILLS.get(how, how)

    def taken(self) -> list[Word]:
        """Return all words that were taken over, a repeat as often as it came."""
        return [*self.words, *self.mails.words()]

    def lay_out(self, folder: Path, rules: str) -> str:
        """Write the messages, and return the rules with those of doors."""
        for name in MESSAGES:
            file = folder / "templates" / "en" / f"{name}.md.j2"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(TEXT.format(name=name), encoding="utf-8")
        for team, person in (("desk", "ida"), ("web", "jonas")):
            turns = ON_CALL.format(person=person)
            rules = rules.replace(f"  {team}: {{groups:", f"  {team}: {{{turns}, groups:")
        return rules + DOORS.format(**self.urls)


class Tool(Inbox):
    """The other end of a door of the web."""

    def __init__(self, server: Any, door: str, doors: Doors) -> None:
        super().__init__(server)
        self.door, self.doors = door, doors

    def answered(self) -> Answer:
        how = self.doors.happens(self.door)
        answer, is_taken = WEB[how] if how else (TAKEN, True)
        if is_taken:
            letter = self.posted[-1]
            self.doors.words.append(_word(self.door, letter.headers.get("Idempotency-Key", ""), letter.body.decode()))
        return answer


class MailServer(Postbox):
    """The other end of the door for mail."""

    def __init__(self, doors: Doors) -> None:
        super().__init__()
        self.doors = doors

    def words(self) -> Iterator[Word]:
        for mail in self.mails:
            text = mail.get_body(("plain",))
            assert text is not None
            yield _word("mail", str(mail["Message-ID"]).strip("<>").partition("@")[0], text.get_content())

    async def _at(self, stage: str, server: Any) -> str:
        if stage == "MAIL":
            how = self.doors.happens("mail")
            self.wrong = dict([MAIL[how]]) if how else {}
        answer = await super()._at(stage, server)
        return "451 never heard of it" if stage == "DATA" and self.wrong.get(stage) == LOST else answer


def _word(door: str, mark: str, text: str) -> Word:
    said = SAID.search(text)
    assert said is not None, text
    return Word(door, mark, said[1], said[2])


@contextmanager
def doors() -> Iterator[Doors]:
    """Open all of them."""
    found = Doors()
    with ExitStack() as stack:
        found.urls["mail"] = stack.enter_context(postbox(box=found.mails)).url
        for door, kind in KINDS.items():
            if kind != "email":
                box = stack.enter_context(inbox())
                box.server.box = Tool(box.server, door, found)  # type: ignore[attr-defined]
                found.urls[door] = box.url.replace("http:", "json:") if kind == "apprise" else box.url
        yield found


def hurried(channels: Sequence[Channel]) -> None:
    """Wait for no other end as long as one should: some of them are slow."""
    for one in channels:
        if isinstance(one, Hook):
            one._post.timeout = (PATIENCE, PATIENCE)
        elif isinstance(one, Mail):
            one.patience = PATIENCE
