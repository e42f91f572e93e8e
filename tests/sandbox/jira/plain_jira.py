"""A client that knows nothing but HTTP, and a site to call."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import requests

from connectors.sandbox import MovableClock
from connectors.sandbox.jira import Site

NINE = datetime(2026, 11, 24, 9, tzinfo=UTC)
SIGNED = {"Cloud": ("sync@harbour.example", "sandbox"), "Server": ("itsm.sync", "sandbox")}
INTERNAL = {"key": "sd.public.comment", "value": {"internal": True}}


class Jira:
    """Calls the REST API as plainly as can be: version 3 on Cloud, 2 on Data Center."""

    def __init__(self, url: str, deployment: str) -> None:
        self.url = url
        self.version = "3" if deployment == "Cloud" else "2"
        self.session = requests.Session()
        self.session.auth = SIGNED[deployment]

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """Call a path of the REST API, or any other where it begins with a slash."""
        base = "" if path.startswith("/") else f"/rest/api/{self.version}/"
        return self.session.request(method, self.url + base + path, **{"timeout": 5, **options})

    def get(self, path: str, **query: object) -> requests.Response:
        return self.call("GET", path, params=query)

    def post(self, path: str, body: object, **query: object) -> requests.Response:
        return self.call("POST", path, json=body, params=query)

    def put(self, path: str, body: object, **query: object) -> requests.Response:
        return self.call("PUT", path, json=body, params=query)

    def edit(self, id: str, **fields: object) -> requests.Response:
        return self.put(f"issue/{id}", {"fields": fields})

    def fields(self, id: str) -> dict[str, Any]:
        return self.get(f"issue/{id}").json()["fields"]

    def comment(self, id: str, text: str, *properties: object, **query: object) -> requests.Response:
        body = document(text) if self.version == "3" else text
        return self.post(f"issue/{id}/comment", {"body": body, "properties": list(properties)}, **query)

    def search(self, jql: str, **more: object) -> requests.Response:
        return self.post("search/jql" if self.version == "3" else "search", {"jql": jql, **more})

    def found(self, jql: str, **more: object) -> list[str]:
        """Return the ids that a search finds on its first page."""
        answer = self.search(jql, **more)
        assert answer.status_code == 200, answer.text
        return [issue["id"] for issue in answer.json()["issues"]]

    def refusal(self, jql: str) -> str:
        """Return why a search is refused."""
        answer = self.search(jql)
        assert answer.status_code == 400
        return answer.json()["errorMessages"][0]


def document(text: str) -> dict[str, Any]:
    """Return a text as an Atlassian document of one paragraph."""
    return {
        "type": "doc",
        "version": 1,
        "content": [{"type": "paragraph", "content": [{"type": "text", "text": text}]}],
    }


def millis(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def furnished(clock: MovableClock, deployment: str) -> Site:
    """Return a site with a desk, a few people and things to choose from."""
    site = Site(clock=clock, deployment=deployment)
    site.add_user(
        "Kari Nord", account="kari", email="kari@harbour.example", language="nb", zone="Europe/Oslo", customer=True
    )
    site.add_user("Ida Berg", account="ida", email="ida@harbour.example")
    site.add_project("IT", "IT Support")
    site.add_organization("Board", members=["kari"])
    site.add_group("web", members=["ida"])
    site.add_team("web")
    site.add_component("IT", "booking")
    site.add_service("Online Booking")
    return site
