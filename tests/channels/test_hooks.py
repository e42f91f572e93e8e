"""Doors that are an address of the web: where they may lead, what they are sent, and what their answers mean."""

from __future__ import annotations

import builtins
import hmac
import json
import re
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import trustme

from connectors.base import Busy, NotVisible, OutcomeUnknown, Refused, Unusable
from connectors.channels import opened
from connectors.channels.hook import Hook
from rules.addresses import is_inside, is_public
from rules.rulebook import Channel
from tests.channels.ends import LETTER, SECRET
from tests.channels.inbox import Answer, Inbox, inbox

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)
HOOKS = ("slack", "teams", "webhook")


@pytest.fixture
def box() -> Iterator[Inbox]:
    with inbox() as box:
        yield box


def hook(box: Inbox, kind: str = "webhook", **changes: object) -> Hook:
    record = Channel("door", kind, **{"url": f"{box.url}/${{DOOR_PATH}}", "private": True} | changes)
    made = opened(record, {"DOOR_PATH": SECRET}, lambda: NOW)
    assert isinstance(made, Hook)
    return made


@pytest.mark.parametrize("kind", HOOKS)
@pytest.mark.parametrize(
    "url",
    [
        *(
            "https://127.0.0.1/x",
            "https://localhost:9/x",
            "https://10.1.2.3/x",
            "https://192.168.0.9",
            "https://[::1]/x",
        ),
        *("https://169.254.169.254/latest/meta-data", "https://[fd00:ec2::254]/", "https://100.100.100.200/"),
        *("https://[::ffff:10.0.0.1]/", "https://[64:ff9b::a00:1]/", "https://168.63.129.16/", "https://0.0.0.0/"),
        *("https://pager/x", "https://pager.local/", "https://metadata.google.internal/", "https://239.1.1.1/"),
    ],
)
def test_no_door_leads_inside_unless_that_is_said(kind, url):
    with pytest.raises(Unusable, match="inside a house"):
        opened(Channel("door", kind, url), {})
    opened(Channel("door", kind, url, private=True), {}).close()


@pytest.mark.parametrize(
    "url", ["http://chat.example/x", "ftp://chat.example", "chat.example", "https://", "https://[x"]
)
def test_a_door_needs_https(url):
    with pytest.raises(Unusable, match="begins with https"):
        opened(Channel("door", "slack", url), {})


@pytest.mark.parametrize(
    ("host", "leads_to"),
    [
        *(("chat.example", inside) for inside in ("127.0.0.1", "10.0.0.7", "169.254.169.254", "::1", "fd00::1")),
        *(("2130706433", "127.0.0.1"), ("0x7f.1", "127.0.0.1")),
    ],
)
def test_a_name_that_leads_inside_is_found_out_when_it_is_called(monkeypatch, host, leads_to):
    """A name is whatever its owner makes it at this moment; numbers in odd forms are addresses, too."""
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda _host, *more, **options: real(leads_to, *more, **options))
    monkeypatch.setattr("connectors.channels.hook.is_inside", lambda _host: False)
    with pytest.raises(Unusable, match="inside a house"):
        opened(Channel("door", "slack", f"https://{host}/{SECRET}"), {}).send(LETTER)


def test_a_name_that_changes_between_looking_and_calling_is_found_out(monkeypatch):
    real, asked = socket.getaddrinfo, []

    def rebound(host: str, *more: object, **options: object) -> object:
        asked.append(host)
        return real("93.184.215.14" if len(asked) == 1 else "127.0.0.1", *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebound)
    with socket.create_server(("127.0.0.1", 0)) as inside:
        url = f"https://chat.example:{inside.getsockname()[1]}/{SECRET}"
        with pytest.raises(Unusable, match="inside a house"):
            opened(Channel("door", "slack", url), {}).send(LETTER)
        inside.settimeout(2)
        called, _ = inside.accept()
        with called:
            assert called.recv(1) == b""  # not a letter was said
    assert len(asked) == 2


def test_what_is_public_and_what_is_not():
    assert all(map(is_public, ("1.1.1.1", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101")))
    assert not any(map(is_public, ("2002:a00:1::", "2001:0:5ef5:79fd:0:59d:f5ff:fffe", "fe80::1%eth0", "::")))
    assert not is_inside("hooks.slack.com")
    assert is_inside("LOCALHOST.")


@pytest.mark.parametrize("kind", HOOKS)
@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_nobody_is_followed_to_another_address(box, kind, status):
    box.answer = Answer(status, b"", {"Location": f"{box.url}/elsewhere"})
    with pytest.raises(Unusable, match=f"door answered {status}"):
        hook(box, kind).send(LETTER)
    assert len(box.asked) == 1
    (finding,) = hook(box, kind).check()
    assert finding.text == "door sends us to another address"


@pytest.mark.parametrize("kind", HOOKS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 422, 429, 500, 503])
def test_what_a_door_quotes_gives_no_secret_away(box, kind, status):
    box.answer = Answer(status, f"no {SECRET} for kari@harbour.example\r\nat {box.url}/{SECRET}".encode())
    with pytest.raises(Exception, match=f"door answered {status}: no") as caught:
        hook(box, kind).send(LETTER)
    assert SECRET not in str(caught.value)
    assert "kari" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_answer_without_end_is_not_read_to_it(box):
    box.answer = Answer(200, b"x" * (2 * 1024 * 1024))
    with pytest.raises(OutcomeUnknown):
        hook(box).send(LETTER)


def test_a_webhook_says_what_the_documents_promise(box):
    hook(box).send(LETTER)
    (posted,) = box.posted
    key = posted.headers["Idempotency-Key"]
    assert json.loads(posted.body) == {
        "mark": key,
        "thread": "servicenow-emea/INC0010001",
        "to": "kari@harbour.example",
        "language": "nb",
        "subject": LETTER.subject,
        "text": LETTER.bodies["text"],
        "facts": dict(LETTER.facts),
    }
    assert posted.headers["Content-Type"] == "application/json; charset=utf-8"
    assert posted.path == f"/{SECRET}"
    assert "Itsm-Sync-Signature" not in posted.headers


def test_a_webhook_with_a_secret_is_signed_over_time_and_body(box):
    door = opened(
        Channel("door", "webhook", box.url, secret="${PAGER_SECRET}", private=True),
        {"PAGER_SECRET": SECRET},
        lambda: NOW,
    )
    door.send(LETTER)
    (posted,) = box.posted
    time, signature = posted.headers["Itsm-Sync-Timestamp"], posted.headers["Itsm-Sync-Signature"]
    assert time == str(int(NOW.timestamp()))
    signed = hmac.new(SECRET.encode(), time.encode() + b"." + posted.body, sha256).hexdigest()
    assert signature == f"sha256={signed}"


def test_the_recipe_of_the_documents_knows_our_letters_from_others(box):
    text = (Path(__file__).parents[2] / "docs" / "doors.md").read_text(encoding="utf-8")
    recipe: dict[str, Any] = {}
    exec(re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[0], recipe)  # noqa: S102
    is_ours = recipe["is_ours"]
    opened(Channel("door", "webhook", box.url, secret="${S}", private=True), {"S": SECRET}).send(LETTER)
    (posted,) = box.posted
    assert is_ours(SECRET.encode(), posted.headers, posted.body)
    assert not is_ours(b"another", posted.headers, posted.body)
    assert not is_ours(SECRET.encode(), posted.headers, posted.body.replace(b"P1", b"P5"))
    assert not is_ours(SECRET.encode(), {**posted.headers, "Itsm-Sync-Timestamp": "1"}, posted.body)
    assert not is_ours(SECRET.encode(), {}, posted.body)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_tool_may_take_a_letter_over_with_any_good_status(box, status):
    box.answer = Answer(status)
    hook(box).send(LETTER)


def test_slack_gets_text_and_unfolds_nothing(box):
    box.answer = Answer(200, b"ok")
    hook(box, "slack").send(LETTER)
    text = {"text": LETTER.bodies["slack"], "unfurl_links": False, "unfurl_media": False}
    assert json.loads(box.posted[0].body) == text


@pytest.mark.parametrize(
    ("status", "body", "means"),
    [
        (404, b"channel_not_found", NotVisible),
        (404, b"no_service", NotVisible),
        (410, b"channel_is_archived", NotVisible),
        (403, b"action_prohibited", Refused),
        (400, b"invalid_payload", Refused),
        (429, b"rate_limited", Busy),
        (500, b"rollup_error", OutcomeUnknown),
        (200, b"", OutcomeUnknown),
        (200, b"fine", OutcomeUnknown),
    ],
)
def test_what_slack_answers(box, status, body, means):
    box.answer = Answer(status, body, {"Content-Type": "text/html"})
    with pytest.raises(means) as caught:
        hook(box, "slack").send(LETTER)
    assert type(caught.value) is means


def test_teams_gets_a_card(box):
    box.answer = Answer(202)
    hook(box, "teams").send(LETTER)
    said = json.loads(box.posted[0].body)
    (attached,) = said["attachments"]
    assert said["type"] == "message"
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    assert attached["content"] == json.loads(LETTER.bodies["teams"])


@pytest.mark.parametrize(
    ("status", "means"), [(429, Busy), (413, Refused), (403, Refused), (404, NotVisible), (500, OutcomeUnknown)]
)
def test_teams_says_with_a_good_status_that_it_failed(box, status, means):
    said = f"Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error {status}"
    box.answer = Answer(200, said.encode())
    with pytest.raises(means) as caught:
        hook(box, "teams").send(LETTER)
    assert type(caught.value) is means


@pytest.mark.parametrize(
    ("status", "weight"),
    [(200, "note"), (405, "note"), (400, "note"), (404, "warning"), (410, "warning"), (502, "warning")],
)
def test_checking_says_how_far_it_came(box, status, weight):
    box.answer = Answer(status)
    (finding,) = hook(box).check()
    assert finding.weight == weight
    assert "doors --try door" in finding.mend
    assert box.asked == ["HEAD"]


def test_a_house_has_authorities_of_its_own(box, tmp_path):
    authority, context = trustme.CA(), ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    box.server.socket = context.wrap_socket(box.server.socket, server_side=True)
    url = box.url.replace("http:", "https:")
    hook(box, url=url, ca_file=str(tmp_path / "ca.pem")).send(LETTER)
    with pytest.raises(Unusable, match="certificate is not trusted"):
        hook(box, url=url).send(LETTER)
    with pytest.raises(Unusable, match="ca_file"):
        hook(box, url=url, ca_file="/nowhere.pem")


def test_without_apprise_it_is_said_how_to_get_it(monkeypatch):
    real = builtins.__import__

    def without(name: str, *more: object, **options: object) -> object:
        if name == "apprise":
            raise ImportError
        return real(name, *more, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    door = opened(Channel("sms", "apprise", "json://localhost"), {})
    with pytest.raises(Unusable, match=r"pip install 'itsm-sync\[apprise\]'"):
        door.send(LETTER)
    assert door.check()[0].weight == "problem"


def test_an_address_that_apprise_does_not_know_is_for_a_person_to_mend(caplog, capfd):
    door = opened(Channel("sms", "apprise", "${SMS_URL}"), {"SMS_URL": f"nonsense://{SECRET}"})
    with pytest.raises(Unusable, match="no address that Apprise knows"):
        door.send(LETTER)
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
