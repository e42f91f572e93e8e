"""The kinds of fields that hold several values, or what Jira Service Management adds; and all kinds by name."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import kinds, sla, stock
from .directory import Directory
from .kinds import Kind, Refused, Told
from .model import Field, Issue

if TYPE_CHECKING:
    from .show import View


class Many(Kind):
    """A list of values of another kind."""

    type = "array"
    operations = ("add", "set", "remove")

    def __init__(self, one: Kind) -> None:
        self.one, self.items = one, one.type

    def pick(self, site: Directory, field: Field, value: Any, project: str) -> Any:
        return [self.one.pick(site, field, each, project) for each in value]

    def picked(self, site: Directory, field: Field, kept: Any) -> Any:
        return [self.one.picked(site, field, each) for each in kept]

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        if not isinstance(value, list):
            raise Refused("data was not an array")
        return list(dict.fromkeys(self.one.take(view, field, each, project) for each in value))

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return [self.one.show(view, field, each, issue) for each in kept]

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        pairs = [self.one.told(site, field, each) for each in kept]
        return f"[{', '.join(str(id) for id, _ in pairs)}]", ",".join(str(name) for _, name in pairs)

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        return self.one.allowed(view, field, project)


class Labels(Many):
    """Words without spaces. In the history they are one text, old and new."""

    def __init__(self) -> None:
        super().__init__(Label())

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return None, " ".join(kept)


class Label(Kind):
    """One word."""

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        if " " in super().take(view, field, value, project):
            raise Refused(f"The label '{value}' contains spaces which is invalid.")
        return value


class Components(Many):
    """In the history each component that came or went has an entry of its own."""

    def __init__(self) -> None:
        super().__init__(Component())

    def steps(self, site: Directory, field: Field, old: Any, new: Any) -> list[tuple[Told, Told]]:
        gone = [self.one.told(site, field, each) for each in old or () if each not in (new or ())]
        come = [self.one.told(site, field, each) for each in new or () if each not in (old or ())]
        return [(told, kinds.NOTHING) for told in gone] + [(kinds.NOTHING, told) for told in come]


class Component(kinds.Choice):
    """A component, of the issue's own project."""

    type = "component"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {found.id: found.name for found in site.components.values() if project in ("", found.project)}

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.component(view.site.components[id])


class Organization(kinds.Choice):
    """A customer's organization, which is written as a bare number."""

    type = "sd-customerorganization"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {found.id: found.name for found in site.organizations.values()}

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        if str(value) not in view.site.organizations or isinstance(value, dict):
            raise Refused(f"Organization {value} does not exist.")
        return str(value)

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.organization(view.site.organizations[id])

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        return None


class Service(kinds.Choice):
    """An affected service, under an id of another product."""

    type = "service"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {found.id: found.name for found in site.services.values()}

    def shown(self, view: View, field: Field, id: str) -> Any:
        ari = f"ari:cloud:graph::service/{view.site.cloud_id}/{id}"
        return {"id": "b:" + base64.b64encode(ari.encode()).decode(), "name": view.site.services[id].name}

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        given = str(value.get("id", "")) if isinstance(value, dict) else ""
        for id in view.site.services:
            if self.shown(view, field, id)["id"] == given:
                return id
        raise Refused("The service does not exist.")

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        return None


class Language(Kind):
    """The language that the portal recognised in the request."""

    type = "sd-request-lang"

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        code = value.get("languageCode") if isinstance(value, dict) else value
        if code not in stock.LANGUAGES:
            raise Refused(f"The language '{code}' is not supported.")
        return code

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return {"languageCode": kept, "displayName": stock.LANGUAGES.get(kept, kept)}


class Untaken(Kind):
    """What the platform keeps by itself, and no client may write."""

    operations = ()

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        raise Refused(f"Field '{field.id}' cannot be set. It is not on the appropriate screen, or unknown.")

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return None, str(kept)


class Feedback(Untaken):
    """The customer's rating; the words with it are elsewhere."""

    type = "sd-feedback"

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return {"rating": kept[0]}


class Clock(Untaken):
    """A native SLA clock."""

    type = "sd-servicelevelagreement"

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return sla.shown(view, issue.id, field, kept)


class RequestType(Untaken):
    """What the customer asked for on the portal, empty for issues that did not come over it."""

    type = "sd-customerrequesttype"

    def picked(self, site: Directory, field: Field, kept: Any) -> Any:
        return site.request_types[kept].name

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return view.request(issue, view.site.request_types[kept])


class Links(Untaken):
    """The links to other issues."""

    type = "array"
    items = "issuelinks"

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return view.links(issue)


class Comments(Untaken):
    """The comments, or as many as are shown inside an issue."""

    type = "comments-page"

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return view.comments(issue, kept)


class Watches(Untaken):
    """How many people watch, and whether the account that asks does."""

    type = "watches"

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return view.watches(issue)


KINDS: dict[str, Kind] = {
    "text": Kind(),
    "textarea": kinds.TextArea(),
    "number": kinds.Number(),
    "datetime": kinds.Moment(),
    "moment": kinds.Moment(),
    "select": kinds.Option(),
    "multiselect": Many(kinds.Option()),
    "priority": kinds.Priority(),
    "resolution": kinds.Resolution(),
    "status": kinds.Status(),
    "issuetype": kinds.Type(),
    "project": kinds.Project(),
    "group": kinds.Group(),
    "team": kinds.Team(),
    "user": kinds.Person(),
    "users": Many(kinds.Person()),
    "labels": Labels(),
    "components": Components(),
    "organizations": Many(Organization()),
    "services": Many(Service()),
    "language": Language(),
    "major": Kind(),
    "feedback": Feedback(),
    "sla": Clock(),
    "requesttype": RequestType(),
    "links": Links(),
    "comments": Comments(),
    "watches": Watches(),
}

DERIVED = ("links", "comments", "watches")
"""Kinds whose values come from elsewhere in the issue: kept is only the moment as of which they are shown."""
