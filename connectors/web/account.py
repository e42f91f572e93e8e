"""How a connection gets in: its address, its credentials, and the session that carries them."""

from __future__ import annotations

import os
import re
from base64 import b64encode
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

import requests
from requests.auth import AuthBase, HTTPBasicAuth

from connectors.base import Unusable
from connectors.web.limits import Limits
from connectors.web.secrets import Secret, resolved
from connectors.web.session import Session
from rules.rulebook import Connection

UNSENDABLE: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")
UNFIT: Final[Mapping[str, re.Pattern[str]]] = {
    "token": re.compile(r"[^\x21-\x7e]"),  # it stands in a header as it is
    "user": re.compile(rf":|{UNSENDABLE.pattern}"),  # a colon would end it
}


def credentials(connection: Connection, environ: Mapping[str, str]) -> dict[str, str]:
    """Return what stands under `auth`, with the environment's values.

    Raises `Unusable` where one is missing, or could not be sent as it is.
    """
    found = {key: resolved(text, environ, f"{connection.name}: auth: {key}") for key, text in connection.auth.items()}
    for key, text in found.items():
        if UNFIT.get(key, UNSENDABLE).search(text):
            raise Unusable(f"{connection.name}: auth: {key} has a character that none can have: copy it once more")
    return found


def session(
    connection: Connection, environ: Mapping[str, str], sign: AuthBase | None, limits: Limits | None = None
) -> Session:
    """Return a session through the connection's proxy, with its authorities; `sign` puts credentials on requests."""
    proxy = resolved(connection.proxy, environ, f"{connection.name}: proxy")
    if connection.ca_file and not os.path.isfile(connection.ca_file):
        raise Unusable(f"{connection.name}: ca_file {connection.ca_file} is not there")
    return Session(connection.name, sign, proxy, connection.ca_file, limits=limits)


def address(connection: Connection, environ: Mapping[str, str], example: str) -> str:
    """Return the connection's address. Raises `Unusable` where it is none, or would give the password away."""
    url = resolved(connection.url, environ, f"{connection.name}: url")
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        is_address = False
    if not is_address:
        raise Unusable(f"{connection.name}: url must be like {example}")
    if parts.username or parts.password:
        raise Unusable(f"{connection.name}: url must not hold a password: put it under auth")
    if parts.scheme == "http" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise Unusable(f"{connection.name}: url must begin with https, or the password would travel in the open")
    return url


class Basic(AuthBase):
    """User and password, in UTF-8: requests by itself writes Latin-1, which fails for half of the world's passwords."""

    def __init__(self, user: str, password: Secret) -> None:
        self._user, self._password = user, password
        Secret(b64encode(f"{user}:{password.reveal()}".encode()).decode())  # masked where the platform quotes it

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the credentials on a request."""
        sign = HTTPBasicAuth(self._user.encode(), self._password.reveal().encode())
        signed: requests.PreparedRequest = sign(request)
        return signed


class Bearer(AuthBase):
    """A token that is sent as it is, such as a personal access token."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token on a request."""
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request
