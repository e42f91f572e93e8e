"""Jira's error answers."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.http import Answer, answer

UNAUTHENTICATED = "Client must be authenticated to access this resource."
NO_ISSUE = "Issue does not exist or you do not have permission to see it."


class Failure(Exception):
    """Ends a call with the platform's error body; `errors` are by field."""

    def __init__(
        self,
        status: int,
        *messages: str,
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, *messages)
        self.status, self.messages = status, list(messages)
        self.errors, self.headers = dict(errors or {}), dict(headers or {})

    def answer(self) -> Answer:
        return answer(self.status, {"errorMessages": self.messages, "errors": self.errors}, **self.headers)


class Unsigned(Failure):
    """Ends a call that nobody is signed in for; its body has another form than all other errors."""

    def __init__(self) -> None:
        super().__init__(401, UNAUTHENTICATED)

    def answer(self) -> Answer:
        return answer(401, {"message": UNAUTHENTICATED, "status-code": 401})


class DeskFailure(Failure):
    """Ends a call to the service desk API, whose errors look different again."""

    def __init__(self, status: int, message: str, key: str) -> None:
        super().__init__(status, message)
        self.key = key

    def answer(self) -> Answer:
        translated = {"i18nKey": self.key, "parameters": list[str]()}
        return answer(self.status, {"errorMessage": self.messages[0], "i18nErrorMessage": translated})
