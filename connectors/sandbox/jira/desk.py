"""The service desk's own API: requests as their customers see them, clocks, organizations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connectors.sandbox.http import Answer, answer

from . import business, documents, sla
from .asked import Asked, on
from .failure import DeskFailure
from .model import Comment, Field, Issue, Project

NO_REQUEST = DeskFailure(404, "The request does not have a request type.", "sd.customerview.error.vpOriginMissing")
NOT_FOUND = DeskFailure(
    404, "The request does not exist, or you do not have permission to see it.", "sd.error.notfound"
)
NO_AGENT = DeskFailure(403, "You need to be an agent to see this.", "sd.agent.servicedesk.error.permission")
NO_DESK = DeskFailure(404, "The Service Desk does not exist.", "sd.error.servicedesk.not.found")
NO_FEEDBACK = DeskFailure(404, "There is no feedback for this request.", "sd.feedback.error.notfound")
NOT_INTERNAL = DeskFailure(403, "You may not comment internally.", "sd.request.comment.error.internal")
EMPTY = DeskFailure(400, "A comment must have a body.", "sd.request.comment.error.empty")


def _page(asked: Asked, values: Sequence[Any], default: int = 50) -> Answer:
    start, limit = asked.number("start", 0), asked.number("limit", default)
    shown = values[start : start + limit]
    root, here = f"{asked.view.root}/rest/servicedeskapi", asked.call
    links = {"self": here.base + here.path, "base": root, "context": ""}
    is_last = start + limit >= len(values)
    links |= {} if is_last else {"next": here.url(start=str(start + limit), limit=str(limit))}
    return answer(200, {"_expands": [], "size": len(shown), "start": start, "limit": limit, "isLastPage": is_last,
                        "_links": links, "values": shown})  # fmt: skip


def _issue(asked: Asked, key: str) -> Issue:
    issue = asked.site.visible(key)
    if issue is None:
        raise NOT_FOUND
    return issue


def _request(asked: Asked, key: str) -> Issue:
    """Return an issue that came over the portal. All others are unknown to this API."""
    issue = _issue(asked, key)
    if asked.site.field("Request Type").id not in issue.values:
        raise NO_REQUEST
    return issue


def _user(asked: Asked, account: str) -> dict[str, Any]:
    shown = asked.view.user(account)
    links = {"jiraRest": shown["self"], "avatarUrls": shown.pop("avatarUrls"), "self": shown.pop("self")}
    shown.pop("accountType", None)
    return shown | {"_links": links}


def request(asked: Asked, key: str) -> Answer:
    """Answer a request as the portal shows it."""
    issue = _request(asked, key)
    kind = asked.site.request_types[issue.values[asked.site.field("Request Type").id]]
    shown = asked.view.request(issue, kind)
    values = [_portal_value(asked, issue, asked.site.fields[name]) for name in ("summary", "description")]
    return answer(200, {
        "_expands": ["participant", "status", "sla", "requestType", "serviceDesk", "comment"],
        "issueId": issue.id, "issueKey": issue.key, "summary": issue.values["summary"], "requestTypeId": kind.id,
        "serviceDeskId": asked.site.projects[issue.project].id,
        "createdDate": sla.date(asked.view, issue.values["created"]),
        "reporter": _user(asked, issue.values["reporter"]), "requestFieldValues": values,
        "currentStatus": shown["currentStatus"], "_links": shown["_links"],
    })  # fmt: skip


def _portal_value(asked: Asked, issue: Issue, field: Field) -> dict[str, Any]:
    text = documents.as_markup(issue.values.get(field.id, ""))
    return {"fieldId": field.id, "label": asked.view.word(field.name), "value": text}


def comments(asked: Asked, key: str) -> Answer:
    """Answer the comments of a request, public ones, internal ones or both."""
    wanted = {True: asked.text("public", "true") == "true", False: asked.text("internal", "true") == "true"}
    return _page(asked, [_comment(asked, each) for each in _request(asked, key).comments if wanted[each.public]])


def _comment(asked: Asked, comment: Comment) -> dict[str, Any]:
    link = f"{asked.view.root}/rest/servicedeskapi/request/{comment.issue}/comment/{comment.id}"
    return {"_expands": ["attachment", "renderedBody"], "id": comment.id, "body": documents.as_markup(comment.body),
            "public": comment.public, "author": _user(asked, comment.author),
            "created": sla.date(asked.view, comment.created), "_links": {"self": link}}  # fmt: skip


def add_comment(asked: Asked, key: str) -> Answer:
    """Add a comment of plain text, public unless told otherwise. It takes no property."""
    issue, given = _request(asked, key), asked.body()
    text = given.get("body")
    if not isinstance(text, str) or not text.strip():
        raise EMPTY
    internal = given.get("public") is False
    if internal and asked.site.internal_comments == "refused":
        raise NOT_INTERNAL
    properties = {business.INTERNAL: {"internal": True}} if internal else {}
    added = business.comment(asked.site, issue, text, asked.view.account, properties)
    return answer(201, _comment(asked, added))


def clocks(asked: Asked, key: str) -> Answer:
    """Answer all clocks, those too that never started; who is no agent gets none."""
    if not asked.site.users[asked.view.account].agent:
        raise NO_AGENT
    issue = _issue(asked, key)
    fields = [field for field in asked.site.fields.values() if field.kind == "sla" and field.id in issue.values]
    shown = [sla.shown(asked.view, issue.id, field, issue.values[field.id]) for field in fields
             if not issue.values[field.id].broken]  # fmt: skip
    return _page(asked, shown)


def participants(asked: Asked, key: str) -> Answer:
    """Answer whom the customer shares a request with."""
    found = _request(asked, key).values.get(asked.site.field("Request participants").id, [])
    return _page(asked, [_user(asked, account) for account in found])


def feedback(asked: Asked, key: str) -> Answer:
    """Answer the customer's rating, 404 while there is none."""
    kept = _request(asked, key).values.get(asked.site.field("Satisfaction").id)
    if kept is None:
        raise NO_FEEDBACK
    rating, text = kept
    return answer(200, {"type": "csat", "rating": rating} | ({"comment": {"body": text}} if text else {}))


def desks(asked: Asked) -> Answer:
    """Answer the projects that have a service desk."""
    return _page(asked, [_desk(asked, project) for project in asked.site.projects.values() if project.has_desk])


def _desk(asked: Asked, project: Project) -> dict[str, Any]:
    link = f"{asked.view.root}/rest/servicedeskapi/servicedesk/{project.id}"
    return {"id": project.id, "projectId": project.id, "projectName": project.name, "projectKey": project.key,
            "_links": {"self": link}}  # fmt: skip


def _project(asked: Asked, id: str) -> Project:
    project = asked.site.project(id)
    if project is None or not project.has_desk:
        raise NO_DESK
    return project


def desk(asked: Asked, id: str) -> Answer:
    """Answer one service desk."""
    return answer(200, _desk(asked, _project(asked, id)))


def request_types(asked: Asked, id: str) -> Answer:
    """Answer what can be asked for at a desk."""
    project = _project(asked, id)
    found = [kind for kind in asked.site.request_types.values() if kind.project == project.key]
    return _page(asked, [asked.view.request_type(kind) for kind in found])


def organizations(asked: Asked) -> Answer:
    """Answer all organizations, or those of one person."""
    found = [each for each in asked.site.organizations.values() if asked.text("accountId") in ("", *each.members)]
    return _page(asked, [asked.view.organization(each) for each in found])


def desk_organizations(asked: Asked, id: str) -> Answer:
    """Answer the organizations of a desk; here all desks serve all of them."""
    _project(asked, id)
    return organizations(asked)


def organization_users(asked: Asked, id: str) -> Answer:
    """Answer the people of an organization."""
    found = asked.site.organizations.get(id)
    if found is None:
        raise DeskFailure(404, "The organization does not exist.", "sd.organisation.error.notfound")
    return _page(asked, [_user(asked, account) for account in found.members])


ROUTES = (
    on("GET", "request/*", request),
    on("GET", "request/*/comment", comments),
    on("POST", "request/*/comment", add_comment),
    on("GET", "request/*/sla", clocks),
    on("GET", "request/*/participant", participants),
    on("GET", "request/*/feedback", feedback, "Cloud"),
    on("GET", "servicedesk", desks),
    on("GET", "servicedesk/*", desk),
    on("GET", "servicedesk/*/requesttype", request_types),
    on("GET", "servicedesk/*/organization", desk_organizations),
    on("GET", "organization", organizations),
    on("GET", "organization/*/user", organization_users),
)
