"""Search: by token and behind the times on Cloud, by place and up to date on Data Center."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from connectors.sandbox.http import Answer, answer

from . import jql
from .asked import NAVIGABLE, Asked, counted, listed, on
from .clauses import Asker
from .failure import Failure
from .jql import Query
from .model import Field, Issue, Stand
from .select import Found, select

GONE = (
    "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. "
    "A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046"
)
UNBOUNDED = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
MOST, MOST_WITH_FIELDS, MOST_ON_SERVER = 5000, 100, 1000
RECONCILED = 50
COMMENTS_INSIDE, CHANGES_INSIDE = 20, 40
"""What Cloud's search shows of an issue's comments and history, at most."""


def gone(asked: Asked) -> Answer:
    """Refuse the search that Cloud no longer has."""
    raise Failure(410, GONE)


def by_query(asked: Asked) -> Answer:
    """Answer a search on Cloud, asked for in the address."""
    return _cloud(asked, dict(asked.call.query))


def by_body(asked: Asked) -> Answer:
    """Answer a search on Cloud, asked for in the body."""
    return _cloud(asked, asked.body())


def _cloud(asked: Asked, given: dict[str, Any]) -> Answer:
    query = jql.parse(str(given.get("jql") or ""))
    if query.where is None:
        raise Failure(400, UNBOUNDED)
    reconciled = _reconciled(given)
    found = _after(asked, given, _found(asked, str(given["jql"]), query, frozenset(reconciled)))
    fields = asked.fields(listed(given.get("fields")))
    size = min(max(1, counted(given, "maxResults", 50)), MOST_WITH_FIELDS if fields else MOST)
    asked.interrupt()
    view = replace(asked.view, comment_cap=COMMENTS_INSIDE, change_cap=CHANGES_INSIDE)
    shown = [_shown(replace(asked, view=view), each.issue, given, fields, reconciled) for each in found[:size]]
    is_last = len(found) <= size
    more = {} if is_last else {"nextPageToken": _token(asked, given, found[size - 1])}
    return answer(200, {"issues": [each for each in shown if each], "isLast": is_last} | more)


def _reconciled(given: dict[str, Any]) -> list[str]:
    ids = listed(given.get("reconcileIssues"))
    if len(ids) > RECONCILED:
        raise Failure(400, f"The maximum number of issues to reconcile is {RECONCILED}.")
    if not all(id.isdecimal() for id in ids):
        raise Failure(400, "Issues to reconcile are given by their numeric ids.")
    return ids


def _found(asked: Asked, text: str, query: Query, reconciled: frozenset[str]) -> list[Found]:
    """Return all that a query finds, as it was found before if nothing has changed since."""
    site, view = asked.site, asked.view
    known = view.now - timedelta(seconds=site.search_lag) if site.search_lag and site.cloud else None
    name = (text, view.account, reconciled, known, site.store.version, view.now if "-" in text or "(" in text else None)
    if site.searches.get("name") != name:
        asker = Asker(site, view.account, view.zone, view.now)
        site.searches = {"name": name, "found": select(asker, query, known, reconciled)}
    found: list[Found] = site.searches["found"]
    return found


def _token(asked: Asked, given: dict[str, Any], last: Found) -> str:
    """Return a token that stands for all after an issue, wherever that issue goes in the meantime."""
    token = f"Ch0jU3RyaW5n{len(asked.site.cursors):06d}"
    asked.site.cursors[token] = (str(given["jql"]), last.order)
    return token


def _after(asked: Asked, given: dict[str, Any], found: list[Found]) -> list[Found]:
    token = given.get("nextPageToken")
    if not token:
        return found
    text, order = asked.site.cursors.get(str(token), ("", ()))
    if text != given.get("jql"):
        raise Failure(400, "Invalid request payload. Refer to the REST API documentation and try again.")
    return [each for each in found if each.order > order]


def _shown(
    asked: Asked, issue: Issue, given: dict[str, Any], fields: list[Field], current: Iterable[str]
) -> dict[str, Any]:
    """Return an issue as search knows it, {} when it has gone since it was chosen."""
    site = asked.site
    lag = site.search_lag if site.cloud and issue.id not in current else 0
    stand = issue.at(asked.view.now - timedelta(seconds=lag) if lag else None)
    if stand is None or issue.id not in site.store.issues:
        return {}
    shown = asked.view.issue(issue, stand, fields)
    properties, expand = listed(given.get("properties")), listed(given.get("expand"))
    if not fields and asked.site.cloud:
        wants_key = "key" in listed(given.get("fields"))
        shown = {"id": issue.id} | ({"key": issue.key, "self": shown["self"]} if wants_key else {})
    if properties:
        shown["properties"] = {name: stand.properties[name] for name in properties if name in stand.properties}
    if "changelog" in expand and not site.is_changelog_hidden:
        shown["changelog"] = inside(asked, issue, stand)
    return shown


def inside(asked: Asked, issue: Issue, stand: Stand) -> dict[str, Any]:
    """Return an issue's history as it is shown inside the issue, latest change first; on Cloud's search, cut off."""
    made = [change for change in reversed(issue.changes) if change.created <= stand.values["updated"]]
    latest = made[: asked.view.change_cap]
    return {"startAt": 0, "maxResults": len(latest), "total": len(made), "histories": asked.view.changes(latest)}


def server_query(asked: Asked) -> Answer:
    """Answer a search on Data Center, asked for in the address."""
    return _server(asked, dict(asked.call.query))


def server_body(asked: Asked) -> Answer:
    """Answer a search on Data Center, asked for in the body."""
    return _server(asked, asked.body())


def _server(asked: Asked, given: dict[str, Any]) -> Answer:
    text = str(given.get("jql") or "")
    found = _found(asked, text, jql.parse(text), frozenset())
    start = counted(given, "startAt", 0)
    size = min(counted(given, "maxResults", 50), MOST_ON_SERVER)
    fields = asked.fields(listed(given.get("fields")) or [NAVIGABLE])
    asked.interrupt()
    shown = [_shown(asked, each.issue, given, fields, ()) for each in found[start : start + size]]
    return answer(200, {"expand": "schema,names", "startAt": start, "maxResults": size, "total": len(found),
                        "issues": [each for each in shown if each]})  # fmt: skip


ROUTES = (
    on("GET", "search/jql", by_query, "Cloud"),
    on("POST", "search/jql", by_body, "Cloud"),
    on("GET", "search", gone, "Cloud"),
    on("POST", "search", gone, "Cloud"),
    on("GET", "search", server_query, "Server"),
    on("POST", "search", server_body, "Server"),
)
