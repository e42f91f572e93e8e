"""One issue: reading it, changing it, moving it, watching it, and many of them at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from connectors.sandbox.http import Answer, answer

from . import business, comments, stock
from .asked import ALL, Asked, listed, on
from .failure import Failure
from .kinds import Refused
from .lists import KINDS, Many
from .model import Field, Issue, Status, Values, is_empty
from .searching import inside
from .settings import editable, is_editable

NOT_ON_SCREEN = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
NO_QUIET = "To discard the user notification either admin or project admin permissions are required."
BULK = 100


def read(asked: Asked, key: str) -> Answer:
    """Answer one issue, with all of its fields unless some are named."""
    wanted = asked.names("fields") or [ALL], asked.names("expand"), asked.names("properties")
    return answer(200, whole(asked, asked.issue(key), *wanted))


def whole(asked: Asked, issue: Issue, fields: list[str], expand: list[str], properties: list[str]) -> dict[str, Any]:
    """Return an issue with what was asked for beside its fields."""
    shown = asked.view.issue(issue, issue.stands[-1], asked.fields(fields))
    if "changelog" in expand and not asked.site.is_changelog_hidden:
        shown["changelog"] = inside(asked, issue, issue.stands[-1])
    if "editmeta" in expand:
        shown["editmeta"] = {"fields": editable(asked, asked.site.projects[issue.project])}
    if properties:
        kept = issue.properties
        shown["properties"] = {name: kept[name] for name in kept if name in properties or ALL in properties}
    return shown


def edit(asked: Asked, key: str) -> Answer:
    """Change fields and entity properties, all or nothing. A `transition` in the body is read over."""
    issue, given = asked.issue(key), asked.body()
    if asked.text("notifyUsers") == "false" and not asked.site.users[asked.view.account].admin:
        raise Failure(403, NO_QUIET)
    changes = taken(asked, issue, given)
    properties = {each["key"]: each["value"] for each in given.get("properties") or ()}
    business.change(asked.site, issue, changes, asked.view.account, properties)
    _comment(asked, issue, given)
    if asked.site.cloud and asked.text("returnIssue") == "true":
        return answer(200, whole(asked, issue, [ALL], asked.names("expand"), []))
    return Answer(204, b"")


def taken(asked: Asked, issue: Issue, given: Mapping[str, Any]) -> Values:
    """Return the raw values that `fields` and `update` ask for; one that is refused refuses them all."""
    changes: Values = {}
    errors: dict[str, str] = {}
    operations = {id: [{"set": value}] for id, value in (given.get("fields") or {}).items()}
    operations |= {id: steps for id, steps in (given.get("update") or {}).items() if id != "comment"}
    for id, steps in operations.items():
        field = asked.site.fields.get(id)
        try:
            if field is None or not is_editable(field) or not KINDS[field.kind].operations:
                raise Refused(NOT_ON_SCREEN.format(id))
            changes[id] = _applied(asked, issue, field, steps)
        except Refused as error:
            errors[id] = str(error)
    if errors:
        raise Failure(400, errors=errors)
    return changes


def _applied(asked: Asked, issue: Issue, field: Field, steps: list[dict[str, Any]]) -> Any:
    kind, value = KINDS[field.kind], issue.values.get(field.id)
    for step in steps:
        word, given = _step(step)
        if word not in kind.operations:
            raise Refused(f"Field '{field.id}' does not support operation '{word}'.")
        if word == "set":
            value = None if given is None else kind.take(asked.view, field, given, issue.project)
        elif isinstance(kind, Many):
            (one,) = kind.take(asked.view, field, [given], issue.project)
            rest = [each for each in value or () if each != one]
            value = [*rest, one] if word == "add" else rest
    if field.required and not value:
        raise Refused(f"You must specify a {field.id} of the issue.")
    return value


def _step(step: Any) -> tuple[str, Any]:
    if not isinstance(step, dict) or len(step) != 1:
        raise Refused("An operation is an object with one name and its value.")
    return next(iter(step.items()))


def _comment(asked: Asked, issue: Issue, given: Mapping[str, Any]) -> None:
    """Add the comments of an edit. The platform drops their properties, so that an internal one comes out public."""
    for step in (given.get("update") or {}).get("comment") or ():
        if "add" in step:
            body = comments.body(asked, step["add"])
            business.comment(asked.site, issue, body, asked.view.account, {})


def bulk(asked: Asked) -> Answer:
    """Answer up to a hundred issues, by id; those that cannot be seen are left out and named."""
    given = asked.body()
    wanted = listed(given.get("issueIdsOrKeys"))
    if not 0 < len(wanted) <= BULK:
        raise Failure(400, f"You may only load between 1 and {BULK} issues by ID or key at a time.")
    found = {issue.id: issue for key in wanted if (issue := asked.site.visible(key))}
    fields, more = listed(given.get("fields")) or ["*navigable"], listed(given.get("properties"))
    asked.interrupt()
    shown = [whole(asked, found[id], fields, listed(given.get("expand")), more) for id in sorted(found, key=int)]
    return answer(200, {"issues": shown, "issueErrors": []})  # what is gone or not visible is in neither list


def get_property(asked: Asked, key: str, name: str) -> Answer:
    """Answer one entity property of an issue."""
    kept = asked.issue(key).properties
    if name not in kept:
        raise Failure(404, f"The property with key '{name}' does not exist.")
    return answer(200, {"key": name, "value": kept[name]})


def set_property(asked: Asked, key: str, name: str) -> Answer:
    """Set one entity property, which is no change of the issue."""
    issue = asked.issue(key)
    is_new = name not in issue.properties
    business.change(asked.site, issue, {}, asked.view.account, {name: asked.call.json()})
    return Answer(201 if is_new else 200, b"")


def transitions(asked: Asked, key: str) -> Answer:
    """Answer where an issue can go: any status but its own, unless its workflow says otherwise."""
    shown = [_transition(asked, status) for status in _ways(asked, asked.issue(key))]
    return answer(200, {"expand": "transitions", "transitions": shown})


def _ways(asked: Asked, issue: Issue) -> list[Status]:
    here = issue.values["status"]
    leads = asked.site.workflow.get(here)
    others = [status for status in asked.site.statuses.values() if status.id != here]
    return [status for status in others if leads is None or status.id in leads]


def _transition(asked: Asked, status: Status) -> dict[str, Any]:
    """Return the transition into a status; it goes by the status's id and name, and can be made from everywhere."""
    here = {"id": status.id, "name": asked.view.word(status.name), "to": asked.view.status(status.id)}
    return here | {"hasScreen": False, "isGlobal": True, "isInitial": False, "isConditional": False}


def transit(asked: Asked, key: str) -> Answer:
    """Move an issue. A comment on the way is public, whatever its properties say."""
    issue, given = asked.issue(key), asked.body()
    id = str((given.get("transition") or {}).get("id"))
    if id not in {status.id for status in _ways(asked, issue)}:
        raise Failure(400, f"Transition id '{id}' is not valid for this issue.")
    changes = taken(asked, issue, given)
    needed = asked.site.required.get(id)
    if needed and is_empty(changes.get(needed, issue.values.get(needed))):
        raise Failure(400, errors={needed: f"{asked.site.fields[needed].name} is required."})
    business.transition(asked.site, issue, id, asked.view.account, changes)
    _comment(asked, issue, given)
    return Answer(204, b"")


def link(asked: Asked) -> Answer:
    """Link two issues. Where the same link stands there is no second one, and the answer is the same."""
    given = asked.body()
    kind = str((given.get("type") or {}).get("name"))
    if kind not in {name for name, _, _ in stock.LINK_TYPES}:
        raise Failure(404, f"No issue link type with name '{kind}' found.")
    inward, outward = (asked.issue(_named(given.get(end))) for end in ("inwardIssue", "outwardIssue"))
    if not any((one.type, one.other, one.outward) == (kind, outward.id, True) for one in inward.links):
        business.link(asked.site, inward, outward, kind, asked.view.account)
    return Answer(201, b"")


def _named(given: Any) -> str:
    return str(given.get("key") or given.get("id") or "") if isinstance(given, dict) else ""


def unlink(asked: Asked, id: str) -> Answer:
    """Delete a link, at both of its ends."""
    ends = [issue for issue in asked.site.store.issues.values() if any(one.id == id for one in issue.links)]
    if not ends or not all(map(asked.site.sees, ends)):
        raise Failure(404, f"No issue link with id '{id}' exists.")
    for issue in ends:
        business.unlink(asked.site, issue, id, asked.view.account)
    return Answer(204, b"")


ROUTES = (
    on("POST", "issueLink", link),
    on("DELETE", "issueLink/*", unlink),
    on("GET", "issue/*", read),
    on("PUT", "issue/*", edit),
    on("POST", "issue/bulkfetch", bulk, "Cloud"),
    on("GET", "issue/*/properties/*", get_property),
    on("PUT", "issue/*/properties/*", set_property),
    on("GET", "issue/*/transitions", transitions),
    on("POST", "issue/*/transitions", transit),
)
