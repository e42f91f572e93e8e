"""The one retry layer: what is repeated, what is waited for, and what each failure says about what to do next."""

from __future__ import annotations

import gzip
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from requests.auth import HTTPBasicAuth

from connectors.base import OutcomeUnknown, Refused, TryLater, Unusable
from connectors.web import waits
from connectors.web.limits import Limits
from connectors.web.oauth import ClientCredentials
from connectors.web.secrets import Secret, masked, resolved
from connectors.web.session import TRIES, Incomplete, Session
from tests.connectors.scripted import Reply, Scripted, said, scripted

NOW = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Scripted]:
    with scripted() as script:
        yield script


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def session(slept: list[float]) -> Iterator[Session]:
    limits = Limits(lambda: NOW + timedelta(seconds=sum(slept)), lambda: 0.5)
    sign = HTTPBasicAuth("me", "hunter22")
    with Session("emea", sign, sleep=slept.append, chance=lambda: 0.5, limits=limits) as session:
        yield session


def test_a_read_is_repeated_until_it_works(session, server, slept):
    server.replies = [Reply(503), Reply(0), Reply(body=b'{"result": [{"a'), Reply(body=b'{"result": [1]}')]
    assert session.request("GET", server.url).json() == {"result": [1]}
    assert slept == [0.5, 1.0, 2.0]


def test_a_read_is_not_repeated_for_ever(session, server):
    server.replies = [Reply(503)]
    with pytest.raises(TryLater):
        session.request("GET", server.url)
    assert len(server.heard) == TRIES


@pytest.mark.parametrize(
    "reply",
    [
        Reply(0),
        Reply(502),
        Reply(503, headers={"Retry-After": "1"}),
        Reply(cut=5),
        Reply(body=b'{"res'),
        Reply(body=b"<html>Please wait</html>", headers={"Content-Type": "text/html"}),
        Reply(body=b'{"result": {}, "error": {"message": "maximum execution time exceeded"}}'),
    ],
)
def test_a_write_that_may_have_been_done_is_sent_once(session, server, reply):
    server.replies = [reply]
    with pytest.raises(OutcomeUnknown):
        session.request("PATCH", server.url, json={"comments": "hello"})
    assert len(server.heard) == 1


def test_a_write_that_was_certainly_not_done_is_sent_again(session, server):
    server.replies = [said(429, "limit", **{"Retry-After": "1"}), Reply()]
    session.request("PATCH", server.url, json={})
    assert len(server.heard) == 2


def test_a_write_to_an_address_where_nobody_listens_was_not_done(session):
    with pytest.raises(TryLater, match="could not be reached"):
        session.request("PATCH", "http://127.0.0.1:9/")


def test_a_host_without_a_name_is_said_so(session):
    with pytest.raises(TryLater, match="name of the host is not known"):
        session.request("GET", "http://no-such-host.invalid/")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "1.5"}, 1.5),
        ({"Retry-After": " 0 "}, 0.0),
        ({"Retry-After": format_datetime(NOW + timedelta(seconds=20), usegmt=True)}, 20.0),
        ({"Retry-After": format_datetime(NOW - timedelta(days=1), usegmt=True)}, 0.0),
        ({"X-RateLimit-Reset": str(int(NOW.timestamp()) + 30)}, 30.0),
        ({"X-RateLimit-Reset": "2026-11-02T08:00:12Z"}, 12.0),
        ({"X-RateLimit-Reset": "2026-11-02T09:00:12+01:00"}, 12.0),
        ({"Retry-After": "3", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 30)}, 3.0),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "inf"}, None),
        ({"X-RateLimit-Reset": "99999999999999999999"}, None),
        ({}, None),
    ],
)
def test_the_wait_that_a_platform_asks_for_is_understood(headers, seconds):
    """The platform's clock is compared with itself: ours may be wrong by hours."""
    assert waits.asked_for({"Date": format_datetime(NOW, usegmt=True)} | headers) == seconds


@given(st.text())
def test_no_header_breaks_the_reading_of_waits(text):
    for name in ("Retry-After", "X-RateLimit-Reset", "Date"):
        wait = waits.asked_for({name: text})
        assert wait is None or wait >= 0


@given(st.integers(1, 50), st.floats(0, 1, exclude_max=True))
def test_backoff_grows_is_bounded_and_never_negative(attempt, chance):
    assert 0 <= waits.backoff(attempt, chance) <= waits.LONGEST
    assert waits.backoff(attempt, chance) <= waits.backoff(attempt + 1, chance)


def test_a_short_wait_is_kept_and_a_long_one_is_the_callers(session, server, slept):
    server.replies = [said(429, "limit", **{"Retry-After": "1.5"}), said(429, "limit", **{"Retry-After": "300"})]
    with pytest.raises(TryLater) as caught:
        session.request("GET", server.url)
    assert slept == [1.5]
    assert caught.value.wait == 300


def test_the_platforms_own_words_are_told(session, server):
    body = b'{"error": {"message": "Operation Failed", "detail": "aborted by\\nBusiness Rule X"}, "status": "failure"}'
    server.replies = [Reply(403, body)]
    with pytest.raises(Refused) as caught:
        session.request("PATCH", f"{server.url}/api/now/table/incident/1?sysparm_query=caller=kari")
    said = "emea answered 403 to PATCH /api/now/table/incident/1: Operation Failed; aborted by Business Rule X"
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"errorMessages": ["No issue"], "errors": {"team": "not on screen"}}', "No issue; team: not on screen"),
        (b'{"error_description": "access_denied", "error": "server_error"}', "server_error; access_denied"),
        (b'{"error": "plain"}', "plain"),
        (b'["odd"]', ""),
        (b"not json", ""),
        (b"<!DOCTYPE html><p>gone", "with a web page"),
        (b'{"error": {"message": "' + b"x" * 5000 + b'"}}', "xxx"),
    ],
)
def test_errors_of_every_shape_end_as_one_short_line(session, server, body, told):
    server.replies = [Reply(400, body)]
    with pytest.raises(Refused) as caught:
        session.request("GET", server.url)
    assert told in str(caught.value)
    assert len(str(caught.value)) < 400
    assert "\n" not in str(caught.value)


def test_a_secret_that_the_platform_echoes_is_masked(session, server):
    Secret("open sesame 17")
    server.replies = [said(400, "bad password open sesame 17")]
    with pytest.raises(Refused, match=r"bad password \*\*\*"):
        session.request("GET", server.url)


def test_redirects_are_not_followed_so_that_credentials_stay_here(session, server):
    with scripted() as elsewhere:
        server.replies = [Reply(302, b"", {"Location": elsewhere.url})]
        with pytest.raises(Unusable, match="another address"):
            session.request("GET", server.url)
        assert elsewhere.heard == []


def test_neither_the_environments_proxy_nor_its_netrc_is_used(server, monkeypatch, tmp_path):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Session("emea") as session:
        session.request("GET", server.url)
    assert "Authorization" not in server.heard[0][2]


def test_a_proxy_of_the_workspace_is_used_and_named_when_it_fails(server):
    with Session("emea", proxy=server.url) as session:
        session.request("GET", "http://instance.example/api")
    assert server.heard[0][1] == "http://instance.example/api"
    with (
        Session("emea", proxy="http://127.0.0.1:9", sleep=lambda _: None) as session,
        pytest.raises(TryLater, match="proxy"),
    ):
        session.request("PATCH", "http://instance.example/api")


def test_an_untrusted_certificate_is_for_a_person_to_mend(session):
    error = requests.exceptions.SSLError(ssl.SSLCertVerificationError("self-signed"))
    assert isinstance(session._not_answered(error, "GET /"), Unusable)


def test_what_we_are_is_said_and_nothing_else(session, server):
    session.headers["User-Agent"] = "pysnow"  # which pysnow does
    session.request("GET", server.url)
    assert server.heard[0][2]["User-Agent"] == "itsm-sync"


@pytest.mark.parametrize("packed", [False, True])
def test_an_answer_that_would_fill_the_memory_is_given_up(session, server, monkeypatch, packed):
    monkeypatch.setattr("connectors.web.session.LARGEST", 1_000_000)
    body = b'{"result": "' + b"x" * 2_000_000 + b'"}'
    headers = {"Content-Type": "application/json"} | ({"Content-Encoding": "gzip"} if packed else {})
    server.replies = [Reply(200, gzip.compress(body) if packed else body, headers)]
    with pytest.raises(Incomplete):
        session.request("GET", server.url)


def test_a_read_that_the_platform_gave_up_on_asks_for_less_at_once(session, server, slept):
    server.replies = [Reply(body=b'{"result": [1], "error": {"message": "maximum execution time exceeded"}}')]
    with pytest.raises(Incomplete, match="maximum execution time"):
        session.request("GET", server.url)
    assert slept == []


class TestClientCredentials:
    @pytest.fixture
    def session(self, server, slept):
        token = ClientCredentials(
            Session("emea", sleep=slept.append), f"{server.url}/token", "me", Secret("very secret"), lambda: self.now
        )
        self.now = 0.0
        return Session("emea", token, sleep=slept.append)

    def reply(self, token: str) -> Reply:
        return Reply(body=b'{"access_token": "%s", "expires_in": 1800}' % token.encode())

    def sent(self, server) -> list[str]:
        return [headers.get("Authorization", path) for _, path, headers in server.heard]

    def test_one_token_serves_until_shortly_before_its_end(self, session, server):
        server.replies = [self.reply("one"), Reply(), Reply(), self.reply("two"), Reply()]
        session.request("GET", server.url)
        session.request("GET", server.url)
        self.now = 1750.0
        session.request("GET", server.url)
        assert self.sent(server) == ["/token", "Bearer one", "Bearer one", "/token", "Bearer two"]

    def test_a_token_that_was_withdrawn_is_renewed_once(self, session, server):
        server.replies = [self.reply("one"), said(401, "expired"), self.reply("two"), Reply()]
        session.request("PATCH", server.url)
        assert self.sent(server) == ["/token", "Bearer one", "/token", "Bearer two"]

    def test_a_second_401_is_for_a_person_to_mend(self, session, server):
        server.replies = [self.reply("one"), said(401, "no"), self.reply("two"), said(401, "no")]
        with pytest.raises(Unusable):
            session.request("GET", server.url)
        assert len(server.heard) == 4

    def test_a_refused_secret_is_for_a_person_to_mend_and_does_not_show(self, session, server):
        server.replies = [said(400, "invalid_client very secret")]
        with pytest.raises(Unusable) as caught:
            session.request("GET", server.url)
        assert "very secret" not in str(caught.value)

    def test_a_token_server_that_is_down_is_tried_again(self, session, server):
        server.replies = [Reply(503), self.reply("one"), Reply()]
        assert session.request("GET", server.url).status_code == 200


def test_a_secret_does_not_show():
    secret = Secret("open sesame")
    assert f"{secret} {secret!r} {[secret]}" == "*** *** [***]"
    assert secret.reveal() == "open sesame"
    assert masked("the open sesame of it") == "the *** of it"


def test_a_variable_is_taken_from_the_environment():
    assert resolved("https://${HOST}/x", {"HOST": "a.example"}, "emea: url") == "https://a.example/x"


@pytest.mark.parametrize("environ", [{}, {"HOST": ""}])
def test_a_missing_variable_is_named_with_its_place(environ):
    with pytest.raises(Unusable, match=r"emea: url: the environment variable HOST is not set"):
        resolved("https://${HOST}/x", environ, "emea: url")
