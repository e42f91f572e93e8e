"""Hostile values in headers, addresses and paths: they stay what they are, or a person hears of it before all else."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import unquote

import pytest
from values_for_headers import STEPS, TOKENS

from connectors.base import ConnectorError, Refused, TryLater, Unusable
from connectors.jira_service_management.connector import JiraServiceManagement
from connectors.servicenow.connector import ServiceNow
from connectors.servicenow.tables import Tables
from connectors.web.account import Basic
from connectors.web.depth import DEEPEST
from connectors.web.oauth import ClientCredentials
from connectors.web.paths import step
from connectors.web.secrets import Secret, masked
from connectors.web.session import Session
from rules.rulebook import Connection
from tests.connectors.scripted import Reply, Scripted, scripted
from tests.connectors.servicenow_desk import ServiceNowDesk
from tests.shares import one_of

KNOWN = {"host", "user-agent", "accept-encoding", "accept", "connection", "authorization", "content-type"}


def short(value: str) -> str:
    return ascii(value)[:40]


def names_of(server: Scripted) -> set[str]:
    """Return the names of all headers that came with requests."""
    return {name.lower() for _, _, headers in server.heard for name in headers}


@pytest.fixture(scope="module")
def server() -> Iterator[Scripted]:
    with scripted() as script:
        yield script


def connection(url: str, **auth: str) -> Connection:
    return replace(ServiceNowDesk().connection(), url=url, auth=auth)


@pytest.mark.parametrize("token", TOKENS, ids=short)
def test_what_is_no_token_is_refused_before_anything_is_sent(token):
    with pytest.raises(Unusable, match="token has a character that none can have") as caught:
        JiraServiceManagement(connection("https://a.example", token="${T}"), {"T": token})
    assert str(caught.value).startswith("servicenow-emea: auth: token has")


@pytest.mark.parametrize("token", TOKENS, ids=short)
def test_what_comes_back_and_is_no_token_is_never_sent(server, token):
    server.replies = [Reply(body=json.dumps({"access_token": token, "expires_in": token}).encode())]
    with Session("emea") as plain, pytest.raises(Unusable, match="no access token came back"):
        Session("emea", ClientCredentials(plain, server.url, "me", Secret("secret-9d41"))).request("GET", server.url)


@pytest.mark.parametrize("value", one_of(3, [*TOKENS, *STEPS]), ids=short)
def test_any_user_and_password_is_one_header_or_is_refused(server, value):
    for auth in ({"user": "${V}", "password": "p"}, {"user": "itsm.sync", "password": "${V}"}):
        server.heard.clear()
        server.replies = [Reply()]
        error = error_of(lambda auth=auth: ServiceNow(connection(server.url, **auth), {"V": value}).prove_account())
        assert error is None or str(error).isprintable()
        assert names_of(server) <= KNOWN


@pytest.mark.parametrize("value", [value for value in STEPS if value not in ("", ".", "..")], ids=short)
def test_a_key_is_one_step_of_a_path(server, value):
    server.heard.clear()
    server.replies = [Reply()]
    with Session("emea") as opened:
        opened.request("GET", f"{server.url}/issue/{step(value)}/comment", params={"a": value})
    path, _, query = server.heard[0][1].partition("?")
    first, second, key, last = path.split("/")
    assert (first, second, unquote(key), last) == ("", "issue", value, "comment")
    assert query.count("=") == 1
    assert names_of(server) <= KNOWN


@pytest.mark.parametrize("value", ["", ".", "..", "\ud800", "a\udc80"])
def test_a_key_that_would_lead_up_or_nowhere_is_refused(value):
    with pytest.raises(Refused, match="cannot be part of an address"):
        step(value)


@pytest.mark.parametrize("value", STEPS, ids=short)
def test_a_table_and_an_id_stay_in_their_places(server, value):
    server.heard.clear()
    server.replies = [Reply(body=b'{"result": {}}')]
    with Session("emea") as opened:
        tables = Tables(opened, server.url)
        for call in (lambda: tables.read(value, "a=b", ("c",)), lambda: tables.change("incident", value, {}, ("c",))):
            assert str(error_of(call)).isprintable()
    for method, path, _ in server.heard:
        assert method == "PATCH"
        assert re.fullmatch(r"/api/now/v2/table/incident/[^/]+", path.partition("?")[0])


@pytest.mark.parametrize("value", one_of(4, [*STEPS, *TOKENS]), ids=short)
def test_an_address_or_a_proxy_that_is_none_is_said_to_be_none(value, monkeypatch):
    """No name of a host is known here, so that none is asked for in vain."""
    monkeypatch.setattr("socket.getaddrinfo", no_such_host)
    for url, proxy in (("https://${V}", ""), ("http://127.0.0.1:9/${V}", ""), ("http://127.0.0.1:9", "${V}")):
        made = replace(connection(url, user="me", password="p-5f11"), proxy=proxy)
        error = error_of(lambda made=made: patient(ServiceNow(made, {"V": value})).prove_account())
        assert isinstance(error, ConnectorError)
        assert str(error).isprintable()
        assert "p-5f11" not in str(error)


def error_of(call: Callable[[], object]) -> ConnectorError | None:
    """Return what a connector says is wrong, if anything; another kind of error is none that anybody expects."""
    try:
        call()
    except ConnectorError as error:
        return error
    return None


def no_such_host(*_: object, **__: object) -> None:
    raise socket.gaierror(socket.EAI_NONAME, "unknown")


def patient(connector: ServiceNow) -> ServiceNow:
    connector.session.sleep = lambda _: None
    return connector


@pytest.mark.parametrize("levels", [DEEPEST + 1, 900, 100_000])
def test_an_answer_that_is_nested_too_deeply_is_no_answer(server, levels):
    """Whatever walks through answers later must not run out of stack."""
    server.replies = [Reply(body=b"[" * levels + b"]" * levels)]
    with Session("emea", sleep=lambda _: None) as opened, pytest.raises(TryLater):
        opened.request("GET", server.url)


def test_an_answer_of_as_many_levels_as_are_allowed_is_one(server):
    server.replies = [Reply(body=b"[" * DEEPEST + b"]" * DEEPEST)]
    with Session("emea") as opened:
        assert opened.request("GET", server.url).json()


@pytest.mark.parametrize(
    "quoted", ["p&ss  wörd\\7f", "p&ss wörd\\7f", "p%26ss%20%20w%C3%B6rd%5C7f", "p&ss  w\\u00f6rd\\\\7f"]
)
def test_a_secret_is_masked_however_the_platform_quotes_it(quoted):
    Secret("p&ss  wörd\\7f")
    assert masked(f"you sent {quoted}, which") == "you sent ***, which"


def test_a_secret_that_begins_like_another_is_masked_whole():
    for secret in ("begin-4c1", "begin-4c1-and-end"):
        Secret(secret)
    assert masked("begin-4c1-and-end") == "***"


def test_the_header_that_carries_the_password_is_masked(server):
    server.replies = [Reply(400, json.dumps({"error": "odd: Basic dGhlLXVzZXI6bGlrZS1hLXNlY3JldA=="}).encode())]
    with Session("emea", Basic("the-user", Secret("like-a-secret"))) as opened, pytest.raises(Refused) as caught:
        opened.request("GET", server.url)
    assert "dGhlLXVzZXI6" not in str(caught.value)
