"""Signing in: API tokens and OAuth on Cloud, passwords and personal access tokens on Data Center."""

from __future__ import annotations

import base64
import binascii
from datetime import timedelta
from typing import TYPE_CHECKING

from connectors.sandbox.http import Answer, Call, answer, page

from .failure import Failure, Unsigned

if TYPE_CHECKING:
    from .site import Site

LIFETIME = timedelta(hours=1)


class NoPage(Failure):
    """Data Center's refusal of a password, which is a page and no JSON."""

    def answer(self) -> Answer:
        return page(401, "Unauthorized (401)", "Encountered a 401 Unauthorized error while loading this page.")


def authenticate(site: Site, call: Call, is_gateway: bool) -> str:
    """Return the account that is signed in. OAuth tokens are good at the gateway only."""
    kind, _, secret = call.headers.get("authorization", "").partition(" ")
    if kind.lower() == "basic":
        account = _basic(site, secret)
    else:
        account = _bearer(site, secret, is_gateway) if kind.lower() == "bearer" else ""
    if account and site.users[account].active:
        return account
    raise NoPage(401) if kind.lower() == "basic" and not site.cloud else Unsigned()


def _basic(site: Site, secret: str) -> str:
    try:
        name, _, password = base64.b64decode(secret, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    known = (user.account for user in site.users.values() if name == (user.email if site.cloud else user.account))
    return next((account for account in known if site.secrets.get(account) == password), "")


def _bearer(site: Site, secret: str, is_gateway: bool) -> str:
    if not site.cloud:
        return next((account for account, known in site.secrets.items() if known == secret), "")
    account, expires = site.tokens.get(secret, ("", None))
    return account if is_gateway and expires and expires > site.now() else ""


def token(site: Site, call: Call) -> Answer:
    """Answer `/oauth/token` for the grant client_credentials, asked for in JSON or as a form."""
    is_json = "json" in call.headers.get("content-type", "")
    asked = call.json() if is_json else call.form()
    secret, account = site.oauth_clients.get(asked.get("client_id", ""), ("", ""))
    if not account or secret != asked.get("client_secret") or asked.get("grant_type") != "client_credentials":
        return answer(401, {"error": "access_denied", "error_description": "Unauthorized"})
    issued = f"token-{site.new_id()}"
    site.tokens[issued] = (account, site.now() + LIFETIME)
    scope = "read:jira-work write:jira-work read:jira-user read:servicedesk-request write:servicedesk-request"
    return answer(200, {"access_token": issued, "expires_in": int(LIFETIME.total_seconds()), "token_type": "Bearer",
                        "scope": scope})  # fmt: skip
