"""Who may do what: accounts, roles, tokens, access rules and business rules that refuse."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from connectors.sandbox.http import Answer, Call, answer

from .failure import Failure
from .query import PATTERNS, RANGES, Query, Test
from .table import Record

if TYPE_CHECKING:
    from .world import World

REST_ROLE = "snc_platform_rest_api_access"
WRITE_ROLES = {"incident": "sn_incident_write", "sc_req_item": "sn_request_write", "sc_task": "sn_request_write"}
STOCK_ROLES = frozenset({REST_ROLE, "itil", "sn_incident_write", "sn_request_write"})

Action = Literal["read", "write", "range"]


@dataclass
class Account:
    """A user that may call the API. Display values are shown in its zone and format."""

    password: str
    roles: set[str] = field(default_factory=lambda: set(STOCK_ROLES))
    zone: str = "America/Los_Angeles"
    date_format: str = "%Y-%m-%d %H:%M:%S"


@dataclass
class OAuthClient:
    """An application that may fetch tokens: for its `account`, or for whoever gives a user name and password."""

    secret: str
    account: str
    lifetime: timedelta = timedelta(minutes=30)


@dataclass(frozen=True)
class Denial:
    """An access rule that forbids an account ("" is everybody) an action on the rows that pass the test."""

    table: str
    test: Test
    field: str
    action: Action
    account: str

    def concerns(self, table: str, user: str, action: Action) -> bool:
        return self.table == table and self.action == action and self.account in ("", user)


@dataclass(frozen=True)
class Refusal:
    """A business rule that aborts writes on the rows that pass the test, after the access rules allowed them."""

    table: str
    test: Test
    message: str


def authenticate(world: World, call: Call) -> str:
    """Return the user name behind a call, or fail with 401."""
    scheme, _, secret = call.headers.get("authorization", "").partition(" ")
    user = _basic_user(world, secret) if scheme.lower() == "basic" else _token_user(world, secret)
    if not user:
        raise Failure(401, "User Not Authenticated", "Required to provide Auth information",
                      {"WWW-Authenticate": 'Basic realm="Service-now"'})  # fmt: skip
    return user


def may_use_rest(world: World, user: str) -> None:
    """Fail with 403 for an account without the role that opens the API."""
    if REST_ROLE not in world.accounts[user].roles:
        raise Failure(403, "User Not Authorized", "Failed API level ACL Validation")


def _basic(secret: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return name, password


def _basic_user(world: World, secret: str) -> str:
    name, password = _basic(secret)
    account = world.accounts.get(name)
    return name if account and account.password == password else ""


def _token_user(world: World, secret: str) -> str:
    user, expires = world.tokens.get(secret, ("", None))
    return user if expires and expires > world.now() and user in world.accounts else ""


def token(world: World, call: Call) -> Answer:
    """Answer `/oauth_token.do` for the grants client_credentials and password; the refusal is the platform's own."""
    form = call.form()
    header = call.headers.get("authorization", "")
    name, secret = _basic(header[6:]) if header.lower().startswith("basic ") else ("", "")
    client = world.oauth_clients.get(form.get("client_id", name))
    if client is None or client.secret != form.get("client_secret", secret):
        return answer(401, {"error_description": "access_denied", "error": "server_error"})
    user = _granted(world, client, form)
    if not user:
        return answer(401, {"error_description": "access_denied", "error": "server_error"})
    return _issue(world, user, client.lifetime)


def _granted(world: World, client: OAuthClient, form: dict[str, str]) -> str:
    if form.get("grant_type") == "client_credentials":
        return client.account
    account = world.accounts.get(form.get("username", ""))
    good = form.get("grant_type") == "password" and account and account.password == form.get("password")
    return form["username"] if good else ""


def _issue(world: World, user: str, lifetime: timedelta) -> Answer:
    secret = f"token-{world.new_id()}"
    world.tokens[secret] = (user, world.now() + lifetime)
    return answer(200, {"access_token": secret, "scope": "useraccount", "token_type": "Bearer",
                        "expires_in": int(lifetime.total_seconds()) - 1})  # fmt: skip


def readable(world: World, user: str, table: str, record: Record) -> bool:
    """Tell whether a row is visible at all; rules on single fields do not count here."""
    rules = _rules(world, user, table, "read")
    return not any(rule.test(record) for rule in rules if not rule.field)


def hidden_fields(world: World, user: str, table: str, record: Record) -> set[str]:
    return {rule.field for rule in _rules(world, user, table, "read") if rule.field and rule.test(record)}


def restrict(world: World, user: str, table: str, query: Query) -> None:
    """Apply the access rules on queries: a field that may only be asked for by value finds nothing by range or pattern.

    Sorting by it is dropped. Both happen without a word.
    """
    denied = {rule.field for rule in _rules(world, user, table, "range")}
    query.orders = [order for order in query.orders if order.path not in denied]
    if any(term.operator in RANGES + PATTERNS and term.path in denied for term in query.terms()):
        query.groups = []


def may_write(world: World, user: str, table: str, record: Record) -> None:
    """Fail with 403 when a role, an access rule or a business rule is against this write."""
    account = world.accounts[user]
    role = WRITE_ROLES.get(table, "admin")
    rules = _rules(world, user, table, "write")
    if not {role, "admin"} & account.roles or any(rule.test(record) for rule in rules if not rule.field):
        raise Failure(403, "Operation Failed", "ACL Exception Update Failed due to security constraints")
    for refusal in world.refusals:
        if refusal.table == table and refusal.test(record):
            raise Failure(403, "Operation Failed", f"Operation against file '{table}' was aborted by Business Rule "
                          f"'{refusal.message}^{world.new_id()}'. Error: {refusal.message}")  # fmt: skip


def writable(world: World, user: str, table: str, record: Record, names: Iterable[str]) -> list[str]:
    """Return the fields that the account may write; the others are dropped without a word."""
    denied = {rule.field for rule in _rules(world, user, table, "write") if rule.test(record)}
    return [name for name in names if name not in denied]


def _rules(world: World, user: str, table: str, action: Action) -> list[Denial]:
    return [rule for rule in world.denials if rule.concerns(table, user, action)]
