"""Comments, and the properties that say who may see them."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.http import Answer, answer

from . import business, documents
from .asked import Asked, listed, on
from .failure import Failure
from .model import Comment

NOT_VALID = "Comment body is not valid!"
NOT_INTERNAL = "You do not have the permission to add internal comments to this issue."
HIDDEN = "You do not have permission to view comments."
MOST_LISTED = 1000


def body(asked: Asked, given: dict[str, Any]) -> Any:
    """Return the body of a comment. Version 3 refuses plain text, though its specification allows it."""
    text = given.get("body")
    if asked.view.version == "2":
        if not isinstance(text, str) or not text.strip():
            raise Failure(400, errors={"comment": "Comment body can not be empty!"})
    elif not documents.is_document(text):
        raise Failure(400, errors={"comment": NOT_VALID})
    return text


def add(asked: Asked, key: str) -> Answer:
    """Add a comment with its properties in one request."""
    issue, given = asked.issue(key), asked.body()
    text = body(asked, given)
    properties = {each["key"]: each["value"] for each in given.get("properties") or ()}
    if asked.site.internal_comments == "refused" and business.is_internal(properties):
        raise Failure(403, NOT_INTERNAL)
    added = business.comment(asked.site, issue, text, asked.view.account, properties, given.get("visibility"))
    return answer(201, asked.view.comment(added, expands(asked)))


def expands(asked: Asked) -> bool:
    """Tell whether properties are asked for, which no answer shows by itself."""
    return "properties" in asked.names("expand")


def of_issue(asked: Asked, key: str) -> Answer:
    """Answer an issue's comments, oldest first."""
    found = asked.issue(key).comments
    if asked.site.are_comments_hidden:
        raise Failure(403, HIDDEN)
    if asked.text("orderBy").startswith("-"):
        found = found[::-1]
    asked.interrupt()
    return asked.page([asked.view.comment(each, expands(asked)) for each in found], "comments", default=5000)


def by_ids(asked: Asked) -> Answer:
    """Answer comments by their ids, whatever issues they belong to; those that cannot be seen are left out."""
    ids = listed(asked.body().get("ids"))
    if not 0 < len(ids) <= MOST_LISTED:
        raise Failure(400, f"Between 1 and {MOST_LISTED} comment IDs can be given.")
    known = [asked.site.store.comments[id] for id in ids if id in asked.site.store.comments]
    asked.interrupt()
    shown = [asked.view.comment(each, expands(asked)) for each in known if asked.site.visible(each.issue)]
    return answer(200, {"startAt": 0, "maxResults": 1048576, "total": len(shown), "isLast": True, "values": shown})


def _comment(asked: Asked, id: str) -> Comment:
    found = asked.site.store.comments.get(id)
    if found is None or asked.site.visible(found.issue) is None:
        raise Failure(404, f"Can not find a comment for the id: {id}.")
    return found


def read(asked: Asked, key: str, id: str) -> Answer:
    """Answer one comment."""
    asked.issue(key)
    return answer(200, asked.view.comment(_comment(asked, id), expands(asked)))


def remove(asked: Asked, key: str, id: str) -> Answer:
    """Delete a comment."""
    asked.issue(key)
    business.uncomment(asked.site, _comment(asked, id))
    return Answer(204, b"")


def get_property(asked: Asked, id: str, name: str) -> Answer:
    """Answer one of a comment's properties."""
    kept = _comment(asked, id).properties
    if name not in kept:
        raise Failure(404, f"The property with key '{name}' does not exist.")
    return answer(200, {"key": name, "value": kept[name]})


def set_property(asked: Asked, id: str, name: str) -> Answer:
    """Set a property, which may hide a comment from the portal that was there to be read a moment ago."""
    comment = _comment(asked, id)
    is_new = name not in comment.properties
    business.set_comment_property(asked.site, comment, name, asked.call.json())
    return Answer(201 if is_new else 200, b"")


ROUTES = (
    on("POST", "issue/*/comment", add),
    on("GET", "issue/*/comment", of_issue),
    on("GET", "issue/*/comment/*", read),
    on("DELETE", "issue/*/comment/*", remove),
    on("POST", "comment/list", by_ids, "Cloud"),
    on("GET", "comment/*/properties/*", get_property),
    on("PUT", "comment/*/properties/*", set_property),
)
