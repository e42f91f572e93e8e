"""What was changed, by whom and when."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.http import Answer, answer

from . import moments
from .asked import Asked, counted, listed, on
from .failure import Failure
from .model import Change

MOST_ISSUES, MOST_FIELDS, MOST_CHANGES = 1000, 10, 10000
TOO_MANY = "You may only load changelogs for a maximum of 1,000 issues by ID or key at a time."
HIDDEN = "You do not have permission to view changelogs."


def of_issue(asked: Asked, key: str) -> Answer:
    """Answer the changes of one issue, oldest first."""
    issue = asked.issue(key)
    _may_see(asked)
    return asked.page(asked.view.changes(issue.changes), default=100)


def _may_see(asked: Asked) -> None:
    if asked.site.is_changelog_hidden:
        raise Failure(403, HIDDEN)


def bulk(asked: Asked) -> Answer:
    """Answer the changes of many issues, oldest first. Issues without any are left out.

    Moments are numbers here, milliseconds since 1970, though the specification says they are text.
    """
    given = asked.body()
    keys, fields = listed(given.get("issueIdsOrKeys")), listed(given.get("fieldIds"))
    _may_see(asked)
    if not 0 < len(keys) <= MOST_ISSUES:
        raise Failure(400, TOO_MANY)
    if len(fields) > MOST_FIELDS:
        raise Failure(400, "You may only filter changelogs by a maximum of 10 field IDs at a time.")
    found = _changes(asked, keys, fields)
    start = counted(given, "nextPageToken", 0)
    size = min(max(1, counted(given, "maxResults", 1000)), MOST_CHANGES)
    asked.interrupt()
    page = found[start : start + size]
    more = {"nextPageToken": str(start + size)} if start + size < len(found) else {}
    return answer(200, {"issueChangeLogs": _by_issue(asked, page)} | more)


def _changes(asked: Asked, keys: list[str], fields: list[str]) -> list[tuple[str, Change]]:
    issues = {issue.id: issue for key in keys if (issue := asked.site.visible(key))}
    every = [(id, _only(change, fields)) for id, issue in issues.items() for change in issue.changes]
    return sorted((each for each in every if each[1].items), key=lambda each: (each[1].created, int(each[0])))


def _only(change: Change, fields: list[str]) -> Change:
    return change._replace(items=[item for item in change.items if item.field_id in fields]) if fields else change


def _by_issue(asked: Asked, page: list[tuple[str, Change]]) -> list[dict[str, Any]]:
    histories: dict[str, list[dict[str, Any]]] = {}
    for id, change in page:
        shown = asked.view.change(change) | {"created": moments.millis(change.created)}
        histories.setdefault(id, []).append(shown)
    return [{"issueId": id, "changeHistories": changes} for id, changes in histories.items()]


ROUTES = (
    on("GET", "issue/*/changelog", of_issue, "Cloud"),
    on("POST", "changelog/bulkfetch", bulk, "Cloud"),
)
