"""What the platform does by itself when an issue is written: history, times, resolution, what the portal shows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import moments, stock
from .lists import KINDS
from .model import Change, Comment, Issue, Item, Link, Stand, Values, is_empty
from .sla import Sla

if TYPE_CHECKING:
    from .site import Site

INTERNAL = "sd.public.comment"
"""The comment property that keeps a comment from customers."""


def create(site: Site, project: str, values: Values, by: str) -> Issue:
    """Create an issue of raw values and return it."""
    found, now = site.projects[project], moments.kept(site.now())
    found.issues += 1
    kind = site.types[values["issuetype"]].name
    status = stock.FIRST_STATUS.get(kind, "Open")
    defaults = {"project": project, "priority": "3", "reporter": by, "creator": by, "created": now, "updated": now,
                "statuscategorychangedate": now, "status": site.status_id(status)}  # fmt: skip
    if found.has_desk:
        defaults |= {field.id: Sla() for field in site.fields.values() if field.kind == "sla"}
    id = site.new_id()
    issue = Issue(id, f"{project}-{found.issues}", project, found.issues, [Stand(site.now(), defaults | values, {})])
    site.store.add(issue)
    return issue


def change(
    site: Site,
    issue: Issue,
    changes: Mapping[str, Any],
    by: str,
    properties: Mapping[str, Any] | None = None,
    untold: Mapping[str, Any] | None = None,
) -> None:
    """Set raw values and entity properties at once. A field that keeps its value leaves no trace.

    `untold` are values that the platform keeps by itself and never tells in the history. Entity properties alone do
    not move the time of the last change.
    """
    old = issue.values
    real = {
        id: value for id, value in changes.items() if old.get(id) != value and not (is_empty(value) and id not in old)
    }
    items = [item for id, value in real.items() for item in _items(site, id, old.get(id), value)]
    if items:
        issue.changes.append(Change(site.new_id(), by, _tick(site, issue), items))
    if real or properties:
        values = {id: value for id, value in (old | real | dict(untold or {})).items() if not is_empty(value)}
        stand(site, issue, values, issue.properties | dict(properties or {}), moves=bool(real))


def _items(site: Site, id: str, old: Any, new: Any) -> list[Item]:
    field = site.fields[id]
    name = "Component" if id == "components" else field.name if field.custom else field.id
    steps = KINDS[field.kind].steps(site, field, old, new)
    return [Item(name, id, bool(field.custom), *before, *after) for before, after in steps]


def stand(site: Site, issue: Issue, values: Values, properties: dict[str, Any], moves: bool = True) -> None:
    """Bring an issue into a new state; `updated` moves on, and never stands still or goes back."""
    before = issue.place
    if moves:
        values = values | {"updated": _tick(site, issue)}
    issue.stands.append(Stand(site.now(), values, properties))
    site.store.moved(issue, before)


def touch(site: Site, issue: Issue) -> None:
    """Note a change that is in no field: a comment, a link."""
    stand(site, issue, issue.values, issue.properties)


def _tick(site: Site, issue: Issue) -> datetime:
    last: datetime = issue.values["updated"]
    return max(moments.kept(site.now()), last + moments.MILLISECOND)


def transition(site: Site, issue: Issue, status: str, by: str, changes: Mapping[str, Any] | None = None) -> None:
    """Move an issue to a status, given by id. Entering and leaving the done category sets the resolution."""
    was, now, moment = site.statuses[issue.values["status"]], site.statuses[status], moments.kept(site.now())
    told: Values = {"status": status}
    untold: Values = {} if was.category == now.category else {"statuscategorychangedate": moment}
    if now.category == "done" and was.category != "done":
        told["resolution"], untold["resolutiondate"] = next(iter(site.resolutions)), moment
    if now.category != "done":
        told["resolution"] = untold["resolutiondate"] = None
    change(site, issue, told | dict(changes or {}), by, untold=untold)


def comment(
    site: Site,
    issue: Issue,
    body: Any,
    by: str,
    properties: Mapping[str, Any],
    visibility: dict[str, str] | None = None,
) -> Comment:
    """Add a comment. Where there is no service desk there is no portal, and nothing is internal to it."""
    created = _tick(site, issue)
    kept = dict(properties)
    if site.internal_comments == "public":
        kept.pop(INTERNAL, None)
    added = Comment(site.new_id(), issue.id, by, created, body, kept, visibility=visibility)
    added.public = _is_public(site, added)
    issue.comments.append(added)
    site.store.comments[added.id] = added
    touch(site, issue)
    return added


def _is_public(site: Site, comment: Comment) -> bool:
    desk = site.projects[site.store.issues[comment.issue].project].has_desk
    return not desk or not is_internal(comment.properties)


def set_comment_property(site: Site, comment: Comment, name: str, value: Any) -> None:
    """Set a comment's property, which moves no time."""
    comment.properties[name] = value
    comment.public = _is_public(site, comment)


def is_internal(properties: Mapping[str, Any]) -> bool:
    """Tell whether properties keep a comment from customers; clients write the flag as a boolean or as text."""
    value = properties.get(INTERNAL)
    return isinstance(value, dict) and value.get("internal") in (True, "true")


def uncomment(site: Site, comment: Comment) -> None:
    """Delete a comment, which leaves no trace in the history."""
    issue = site.store.issues[comment.issue]
    issue.comments.remove(comment)
    del site.store.comments[comment.id]
    touch(site, issue)


def link(site: Site, inward: Issue, outward: Issue, kind: str, by: str) -> None:
    """Link two issues: the inward one `causes` the outward one, which `is caused by` it. Both have changed by it."""
    words = next((each[1], each[2]) for each in stock.LINK_TYPES if each[0] == kind)
    id = site.new_id()
    for issue, other, outside, word in ((inward, outward, True, words[1]), (outward, inward, False, words[0])):
        issue.links.append(Link(id, kind, other.id, outside))
        item = Item("Link", "", False, None, None, other.key, f"This issue {word} {other.key}")
        issue.changes.append(Change(site.new_id(), by, _tick(site, issue), [item]))
        touch(site, issue)


def unlink(site: Site, issue: Issue, id: str, by: str) -> None:
    """Take a link off one of its ends, which has changed by it."""
    (gone,) = (one for one in issue.links if one.id == id)
    issue.links.remove(gone)
    words = next((each[2] if gone.outward else each[1]) for each in stock.LINK_TYPES if each[0] == gone.type)
    key = site.store.issues[gone.other].key
    item = Item("Link", "", False, key, f"This issue {words} {key}", None, None)
    issue.changes.append(Change(site.new_id(), by, _tick(site, issue), [item]))
    touch(site, issue)
