"""Resources about the site itself: what it is, and which fields, projects, priorities and statuses it has."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.http import Answer, answer

from . import moments
from .asked import Asked, on
from .lists import KINDS
from .model import Field, Project

CLOUD_VERSION, SERVER_VERSION = "1001.0.0-SNAPSHOT", "10.3.12"


def server_info(asked: Asked) -> Answer:
    """Answer what runs here, which anybody may ask."""
    version = CLOUD_VERSION if asked.site.cloud else SERVER_VERSION
    numbers = [int(part) for part in version.split("-")[0].split(".")]
    return answer(200, {
        "baseUrl": asked.call.base, "version": version, "versionNumbers": numbers,
        "deploymentType": "Cloud" if asked.site.cloud else "Server", "buildNumber": 100300,
        "buildDate": "2026-01-01T00:00:00.000+0000", "serverTime": moments.shown(asked.site.now(), asked.site.zone),
        "scmInfo": "0000000", "serverTitle": "Harbour",
    })  # fmt: skip


def myself(asked: Asked) -> Answer:
    """Answer who is signed in."""
    more = {"groups": {"size": 0, "items": []}, "applicationRoles": {"size": 0, "items": []}}
    return answer(200, asked.view.whole_user(asked.view.account) | more)


def fields(asked: Asked) -> Answer:
    """Answer all fields; their names are in the language of the account."""
    return answer(200, [_field(asked, field) for field in asked.site.fields.values()])


def _field(asked: Asked, field: Field) -> dict[str, Any]:
    names = [f"cf[{field.number}]", field.name] if field.custom else [field.id]
    key = {"key": field.id} if asked.site.cloud else {}
    return key | {
        "id": field.id,
        "name": asked.view.word(field.name),
        "custom": bool(field.custom),
        "orderable": field.on_screen,
        "navigable": field.kind != "comments",
        "searchable": True,
        "clauseNames": names,
        "schema": schema(field),
    }


def schema(field: Field) -> dict[str, Any]:
    """Return what a field's values are; `custom` is what to know a field of the platform by."""
    kind = KINDS[field.kind]
    shown: dict[str, Any] = {"type": kind.type} | ({"items": kind.items} if kind.items else {})
    if field.kind == "team":
        shown["configuration"] = {field.custom: True}
    return shown | ({"custom": field.custom, "customId": field.number} if field.custom else {"system": field.id})


def project(asked: Asked, key: str) -> Answer:
    """Answer a project with its issue types and components."""
    found = asked.project(key)
    types = [asked.view.issue_type(id) for id in found.types]
    components = [asked.view.component(each) for each in asked.site.components.values() if each.project == found.key]
    return answer(200, asked.view.project(found) | {"issueTypes": types, "components": components, "description": ""})


def projects(asked: Asked) -> Answer:
    """Answer all projects."""
    return asked.page([asked.view.project(found) for found in asked.site.projects.values()])


def project_statuses(asked: Asked, key: str) -> Answer:
    """Answer the statuses of a project, for each of its issue types."""
    statuses = [asked.view.status(id) for id in asked.site.statuses]
    shown = [asked.view.issue_type(id) for id in asked.project(key).types]
    return answer(200, [{name: kind[name] for name in ("id", "name", "self", "subtask")} | {"statuses": statuses}
                        for kind in shown])  # fmt: skip


def components(asked: Asked, key: str) -> Answer:
    """Answer the components of a project."""
    project = asked.project(key)
    found = [each for each in asked.site.components.values() if each.project == project.key]
    return answer(200, [asked.view.component(each) | {"project": project.key} for each in found])


def statuses(asked: Asked) -> Answer:
    """Answer all statuses."""
    return answer(200, [asked.view.status(id) for id in asked.site.statuses])


def priorities(asked: Asked) -> Answer:
    """Answer all priorities, whatever project offers them."""
    return answer(200, [asked.view.priority(id) for id in asked.site.priorities])


def priority_search(asked: Asked) -> Answer:
    """Answer the priorities that the schemes of some projects offer; without a project that is all of them."""
    projects = [found for id in asked.names("projectId") if (found := asked.site.project(id))]
    ids = (
        {id for found in projects for id in found.priorities}
        if asked.names("projectId")
        else set(asked.site.priorities)
    )
    return asked.page([asked.view.priority(id) | {"isDefault": id == "3"} for id in asked.site.priorities if id in ids])


def edit_meta(asked: Asked, key: str) -> Answer:
    """Answer the fields on the edit screen of an issue."""
    return answer(200, {"fields": editable(asked, asked.site.projects[asked.issue(key).project])})


def editable(asked: Asked, project: Project) -> dict[str, Any]:
    """Return the fields of the edit screen."""
    return {field.id: meta(asked, field, project) for field in asked.site.fields.values() if is_editable(field)}


def is_editable(field: Field) -> bool:
    """Tell whether a field is on the edit screen; comments and links are, though no value of theirs can be set."""
    return field.on_screen and (bool(KINDS[field.kind].operations) or field.id in ("comment", "issuelinks"))


def meta(asked: Asked, field: Field, project: Project) -> dict[str, Any]:
    """Return what the edit screen says of a field."""
    kind = KINDS[field.kind]
    allowed = kind.allowed(asked.view, field, project.key)
    shown = {"required": field.required, "schema": schema(field), "name": asked.view.word(field.name), "key": field.id,
             "operations": list(kind.operations) or ["add"]}  # fmt: skip
    shown |= {"fieldId": field.id} if not asked.site.cloud else {}
    return shown | ({"allowedValues": allowed} if allowed is not None else {})


def create_types(asked: Asked, key: str) -> Answer:
    """Answer the types that a new issue of a project may have."""
    kinds = [asked.view.issue_type(id) for id in asked.project(key).types]
    return asked.page(kinds, "issueTypes" if asked.site.cloud else "values")


def create_fields(asked: Asked, key: str, type: str) -> Answer:
    """Answer the fields that a new issue of a type has."""
    project = asked.project(key)
    shown = editable(asked, project)
    found = [shown[id] | {"fieldId": id, "hasDefaultValue": False} for id in shown if id != "comment"]
    return asked.page(found, "fields" if asked.site.cloud else "values")


def labels(asked: Asked) -> Answer:
    """Answer the labels in use."""
    used = {label for issue in asked.site.store.issues.values() for label in issue.values.get("labels", ())}
    return asked.page(sorted(used), default=1000)


def link_types(asked: Asked) -> Answer:
    """Answer the ways in which issues are linked."""
    from .stock import LINK_TYPES

    return answer(200, {"issueLinkTypes": [asked.view.link_type(name) for name, _, _ in LINK_TYPES]})


ROUTES = (
    on("GET", "serverInfo", server_info),
    on("GET", "myself", myself),
    on("GET", "field", fields),
    on("GET", "project/search", projects, "Cloud"),
    on("GET", "project/*", project),
    on("GET", "project/*/statuses", project_statuses),
    on("GET", "project/*/components", components),
    on("GET", "status", statuses),
    on("GET", "priority", priorities),
    on("GET", "priority/search", priority_search, "Cloud"),
    on("GET", "issue/*/editmeta", edit_meta),
    on("GET", "issue/createmeta/*/issuetypes", create_types),
    on("GET", "issue/createmeta/*/issuetypes/*", create_fields),
    on("GET", "label", labels, "Cloud"),
    on("GET", "issueLinkType", link_types),
)
