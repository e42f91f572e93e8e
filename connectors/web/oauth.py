"""OAuth 2.0 client credentials: one token, fetched when needed and renewed before it runs out."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Final

import requests

from connectors.base import Refused, Unusable
from connectors.web.secrets import Secret
from connectors.web.session import Renewable, Session

TOKEN: Final = re.compile(r"[\x21-\x7e]+")
EARLY: Final = 60.0  # seconds before its end at which a token is fetched anew


class ClientCredentials(Renewable):
    """Sends a bearer token. `session` carries no credentials of its own; `url` is the token's address."""

    def __init__(
        self,
        session: Session,
        url: str,
        client: str,
        secret: Secret,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._session, self._url, self._client, self._secret = session, url, client, secret
        self._clock = clock
        self._token: Secret | None = None
        self._until = 0.0

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the token on a request, fetching one first where there is none or it is about to end."""
        if self._token is None or self._clock() >= self._until:
            self._fetch()
        assert self._token is not None  # noqa: S101  # for the type checker: _fetch sets it or raises
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request

    def renew(self) -> bool:
        """Forget the token; the next request fetches one."""
        self._token, had = None, self._token is not None
        return had

    def _fetch(self) -> None:
        """Asking twice for a token is harmless, so the retry layer may repeat it."""
        form = {"grant_type": "client_credentials", "client_id": self._client, "client_secret": self._secret.reveal()}
        try:
            answer = self._session.request("POST", self._url, data=form, repeatable=True).json()
        except Refused as error:
            raise Unusable(f"{error}; correct client_id and client_secret") from None
        token = answer.get("access_token") if isinstance(answer, dict) else None
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise Unusable(f"{self._session.name}: no access token came back for this client_id")
        self._token = Secret(token)
        self._until = self._clock() + _seconds(answer.get("expires_in")) - EARLY


def _seconds(told: object) -> float:
    """Return how long a token lasts; half an hour where the platform does not say it in a number."""
    try:
        return float(str(told))
    except ValueError:
        return 1800.0
