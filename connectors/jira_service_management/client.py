"""Jira's REST API: searches through the jira package, everything else through our own session."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from requests import Response

from connectors.base import OutcomeUnknown, TryLater
from connectors.web.session import Session
from connectors.web.waits import server_time

Issue = dict[str, Any]
"""An issue as the platform gives it: id, key, fields, properties, changelog where asked for."""

ID: Final = re.compile(r"[0-9]{1,18}")
KEY: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,80}-[0-9]{1,18}")
JSON: Final = {"Content-Type": "application/json"}
PROPERTY: Final = "itsm-sync"
"""The entity property of issues and comments that holds our marks: {"marks": [...]}."""


class Found(NamedTuple):
    """An answer to a search: the issues, where the next page begins ("" is nowhere), its size in bytes.

    `asked_at` is the server's time when it began: what changes later may be missing. `odd` are the keys of what stands
    among the issues and is none.
    """

    issues: list[Issue]
    next: str
    asked_at: datetime
    size: int
    odd: tuple[str, ...] = ()


class Client:
    """One site, as our account sees it. `cloud` tells Jira Cloud from Data Center."""

    def __init__(self, session: Session, url: str, cloud: bool) -> None:
        from jira import JIRA  # late: `--help` must not wait for it

        self.session, self.cloud = session, cloud
        self.exposed = ""  # what happened to an internal note that came out public: no other is risked after it
        self._url = url.rstrip("/")
        options = {"server": self._url, "rest_api_version": "2", "check_update": False}
        self._jira = JIRA(options=options, get_server_info=False, max_retries=0)
        self._jira._session.close()
        self._jira._session = _Asking(session)  # type: ignore[assignment]  # it has no door for a session of one's own
        self._jira.deploymentType = "Cloud" if cloud else "Server"  # or its searches return None
        self._jira._fields_cache_value = {"id": "id"}  # or each first search would fetch all fields, to rename ours

    def search(
        self,
        jql: str,
        fields: Iterable[str],
        limit: int,
        next: str = "",
        reconcile: Sequence[str] = (),
        expand: str = "",
    ) -> Found:
        """Return one page of the issues that match. `reconcile` are ids whose index must not be behind (Cloud).

        Cloud is asked by a POST, where lists are lists; Data Center by a GET, where they are texts with commas.
        """
        if self.cloud:
            ids, names = [int(one) for one in reconcile], list(fields)
            asked: dict[str, Any] = {"fields": names, "properties": [PROPERTY], "reconcileIssues": ids}
            answer = self._jira.enhanced_search_issues(
                jql, next or None, limit, use_post=True, json_result=True, **asked
            )
        else:
            asked = {"fields": [",".join(fields)], "properties": PROPERTY, "expand": expand or None}
            start = int(next or 0)
            answer = self._jira.search_issues(jql, start, limit, json_result=True, **asked)
        if not isinstance(answer, dict) or not isinstance(answer.get("issues"), list):
            raise TryLater(f"{self.session.name} answered a search without issues")
        return self._found(answer, answer["issues"])

    def _found(self, answer: dict[str, Any], issues: list[Issue]) -> Found:
        after = str(answer.get("nextPageToken") or "")
        if not self.cloud:
            start, total = number(answer.get("startAt")), number(answer.get("total"))
            more = issues and start + len(issues) < total
            after = str(start + len(issues) - len(issues) // 10) if more else ""  # issues may move up meanwhile
        last = self.session.last
        at = server_time(last.headers.get("Date", "") if last is not None else "") or datetime.now(UTC)
        took = last.elapsed.total_seconds() if last is not None else 0
        size = len(last.content) if last is not None else 0
        sound, odd = [*filter(is_issue, issues)], tuple(key_of(one) for one in issues if not is_issue(one))
        return Found(sound, after, at - timedelta(seconds=int(took)), size, odd)

    def get(self, path: str, version: int = 2, **params: str | int | list[str]) -> Any:
        """Return what stands under a path of the REST API, "" first: `get("myself")`, `get("issue", …)`."""
        return self.session.request("GET", self.url(path, version), params=params).json()

    def record(self, path: str, version: int = 2, **params: str | int | list[str]) -> dict[str, Any]:
        """Return what `get` gives where it must be one thing. Raises `TryLater` where it is none."""
        found = self.get(path, version, **params)
        if not isinstance(found, dict):
            raise TryLater(f"{self.session.name} answered a question about {path} oddly")
        return found

    def desk(self, path: str, **params: str | int) -> Any:
        """Return what stands under a path of service management's own API, which is beside the platform's."""
        return self.session.request("GET", f"{self._url}/rest/servicedeskapi/{path}", params=params).json() or {}

    def ask(self, path: str, body: object, version: int = 3) -> Any:
        """Return the answer to a question that is put as a POST, and may be put again."""
        return self.session.request("POST", self.url(path, version), json=body, repeatable=True).json()

    def post(self, path: str, body: object, version: int) -> dict[str, Any]:
        """Make something, and return what was made."""
        answer = self.session.request("POST", self.url(path, version), json=body).json()
        if not isinstance(answer, dict) or not is_id(answer.get("id")):
            raise OutcomeUnknown(f"{self.session.name} answered a write without what was written")
        return answer

    def put(self, path: str, body: object, **params: str) -> Any:
        """Change something; where the platform returns what came of it, return that."""
        return self.session.request("PUT", self.url(path, 2), json=body, params=params).json()

    def send(self, path: str, body: object, method: str = "POST", repeatable: bool = True) -> None:
        """Do something of which Jira answers nothing. `repeatable`: doing it twice is as doing it once."""
        self.session.request(method, self.url(path, 2), json=body, repeatable=repeatable)

    def delete(self, path: str, **params: str) -> None:
        """Remove something; doing it twice is as doing it once."""
        self.session.request("DELETE", self.url(path, 2), params=params, repeatable=True)

    def url(self, path: str, version: int = 2) -> str:
        """Return the address of a path of the REST API. Values in it are its steps: see `step`."""
        return f"{self._url}/rest/api/{version}/{path}"

    def close(self) -> None:
        """Close the connections that are kept open."""
        self.session.close()


def is_issue(one: object) -> bool:
    """Tell whether this is an issue as the platform describes it, whatever its fields hold."""
    return isinstance(one, dict) and is_id(one.get("id")) and is_key(one.get("key")) and type(one.get("fields")) is dict


def is_id(value: object) -> bool:
    """Tell whether this is an id of an issue or a comment: it goes into addresses."""
    return isinstance(value, str | int) and bool(ID.fullmatch(str(value)))


def is_key(value: object) -> bool:
    """Tell whether this is the key of an issue."""
    return isinstance(value, str) and bool(KEY.fullmatch(value))


def key_of(one: object) -> str:
    """Return how an odd issue is called, "" where it does not say."""
    return str(one.get("key") or "") if isinstance(one, dict) else ""


def dicts(values: object) -> list[dict[str, Any]]:
    """Return the objects of a list. Whatever else stands in an answer in place of either says nothing."""
    return [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []


def number(value: object) -> int:
    """Return a whole number, 0 for everything else."""
    return value if isinstance(value, int) else 0


class _Asking:
    """What the jira package gets of our session: it may ask, and ask again, and never write."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, url: str, params: dict[str, Any]) -> Response:
        return self._session.request("GET", url, params=params)

    def post(self, url: str, data: str) -> Response:
        return self._session.request("POST", url, data=data, headers=JSON, repeatable=True)

    def close(self) -> None:
        """Leave the session open: it is closed by whoever made it."""
