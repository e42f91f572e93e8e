"""A mail as its reader's server receives it: in their language and direction, in one thread, whatever a ticket says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest

from tests.channels.postbox import Postbox, postbox
from tests.templates.format_readers import Page

RULES = """
channels: {{mail: {{kind: email, url: "{url}", sender: Harbour Service Desk <desk@harbour.example>}}}}
people:
  layla: {{email: layla@harbour.example, name: "{name}", language: {language}, zone: Asia/Dubai}}
doors: {{people: mail}}
classify: [{{name: web, set: {{service: web}}}}]
services: {{web: {{name: Web, team: web, sponsor: layla}}}}
routes: [{{name: all, assign: {{team: web}}}}]
communications:
  - {{name: first, on: major, to: [service.sponsor], message: major-incident-started}}
  - {{name: last, on: resolved, to: [service.sponsor], message: major-incident-solved}}
"""
HOSTILE = 'x" <evil@harbour.example>, \u202egnirts =?utf-8?q?evil?= ' + "a" * 300


@pytest.fixture
def box() -> Iterator[Postbox]:
    with postbox() as box:
        yield box


@pytest.fixture
def received(desk, box) -> Callable[..., list[EmailMessage]]:
    """Return a function that lives through a major incident, and returns the mails of it."""

    def received(title: str, language: str = "ar", name: str = "ليلى حداد") -> list[EmailMessage]:
        desk.rules(RULES.format(url=box.url, language=language, name=name))
        ticket = desk.report("kari", impact="1", urgency="1", short_description=title)
        desk.cycle()
        desk.change(ticket, major_incident_state="accepted")
        desk.cycle()
        desk.change(ticket, state="6")
        desk.cycle()
        return box.mails

    return received


def page(mail: EmailMessage) -> Page:
    return Page(mail.get_body(("html",)).get_content())


def test_the_page_says_its_language_its_direction_and_its_title(received):
    for language, side in (("ar", "rtl"), ("ja", "ltr")):
        mail = received("Cannot pay by card", language)[-1]
        found = page(mail).found
        assert found[0] == ("html", {"lang": language, "dir": side})
        assert next(attrs for tag, attrs in found if tag == "div").items() >= {"lang": language, "dir": side}.items()
        assert mail["Content-Language"] == language
        assert page(mail).text.strip().startswith(mail["Subject"])


def test_letters_of_one_incident_hang_together_and_no_robot_answers_them(received):
    first, last = received("Cannot pay by card")
    assert first["References"] == last["References"] == last["In-Reply-To"]
    assert first["Message-ID"] != last["Message-ID"]
    for mail in (first, last):
        assert (mail["Auto-Submitted"], mail["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
        assert "List-Unsubscribe" not in mail
        assert mail["Date"].datetime.tzinfo is not None
        assert {part.get_content_charset() for part in mail.iter_parts()} == {"utf-8"}
        assert {part["Content-Transfer-Encoding"] for part in mail.iter_parts()} <= {
            "7bit",
            "quoted-printable",
            "base64",
        }
        assert not any(part.defects for part in mail.walk())


def test_a_hostile_title_and_name_stay_texts_and_lines_stay_short(received, box):
    mail = received(HOSTILE, name="Layla, a <b@evil.example>")[0]
    assert [(one.display_name, one.addr_spec) for one in mail["To"].addresses] == [
        ("Layla, a <b@evil.example>", "layla@harbour.example")
    ]
    assert mail.keys().count("Subject") == 1
    assert "\u202e" not in mail["Subject"]
    raw = box.taken[0].content
    assert raw.isascii()
    head = raw.partition(b"\r\n\r\n")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 78
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert page(mail).links() == []
