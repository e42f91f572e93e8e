"""A client that knows nothing but HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import requests

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Client:
    """Calls the Table API as plainly as can be, as the account `itsm.sync`."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = requests.Session()
        self.session.auth = ("itsm.sync", "sandbox")

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.session.request(method, self.url + path, **{"timeout": 5, **options})

    def get(self, path: str = "incident", version: str = "", **parameters: object) -> requests.Response:
        query = {f"sysparm_{name}": value for name, value in parameters.items()}
        return self.call("GET", f"/api/now/{version}table/{path}", params=query)

    def rows(self, table: str = "incident", **parameters: object) -> list[dict[str, Any]]:
        return self.get(table, **parameters).json()["result"]

    def numbers(self, query: str) -> list[str]:
        return [row["number"] for row in self.rows(query=query, fields="number")]

    def post(self, path: str, body: object) -> requests.Response:
        return self.call("POST", f"/api/now/table/{path}", json=body)

    def patch(self, path: str, body: object, **parameters: object) -> requests.Response:
        query = {f"sysparm_{name}": value for name, value in parameters.items()}
        return self.call("PATCH", f"/api/now/table/{path}", json=body, params=query)
