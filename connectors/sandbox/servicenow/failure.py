"""ServiceNow's error answers."""

from __future__ import annotations

from collections.abc import Mapping

from connectors.sandbox.http import Answer, answer


class Failure(Exception):
    """Ends a call with the platform's error body."""

    def __init__(self, status: int, message: str, detail: str | None, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.detail, self.headers = status, message, detail, dict(headers or {})

    def answer(self, **more: object) -> Answer:
        error = {"message": self.message, "detail": self.detail}
        return answer(self.status, {"error": error, "status": "failure", **more}, **self.headers)
