"""Everything on a site but its issues: people, groups, projects, fields and the names to choose from."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterable

from . import stock
from .model import Field, IssueType, Named, Project, RequestType, Status, User


class Directory:
    """What issues refer to, by id. Ids count up from 10000 and never mean the same thing on two sites for sure."""

    def __init__(self, cloud: bool, zone: str) -> None:
        self.cloud, self.zone = cloud, zone
        self.cloud_id = "5f0a7f3e-2f6d-4a55-9d2b-6b3c1d7e8a90"
        self._ids = itertools.count(10000)
        self.users: dict[str, User] = {}
        self.groups: dict[str, Named] = {}
        self.teams: dict[str, Named] = {}
        self.organizations: dict[str, Named] = {}
        self.services: dict[str, Named] = {}
        self.components: dict[str, Named] = {}
        self.projects: dict[str, Project] = {}
        self.request_types: dict[str, RequestType] = {}
        self.priorities = {str(place): name for place, name in enumerate(stock.PRIORITIES, 1)}
        self.resolutions = {self.new_id(): name for name in stock.RESOLUTIONS}
        self.types = {id: IssueType(id, name) for name in stock.DESK_TYPES + stock.OTHER_TYPES if (id := self.new_id())}
        self.statuses = {id: Status(id, name, kind) for name, kind in stock.STATUSES.items() if (id := self.new_id())}
        self.fields = {id: Field(id, name, kind, on_screen=id not in stock.NEVER_ON_SCREEN, required=id == "summary")
                       for id, name, kind in stock.SYSTEM_FIELDS}  # fmt: skip
        for name, kind, custom in stock.CUSTOM_FIELDS:
            self.new_field(name, kind, custom, stock.OPTIONS.get(name, ()), name not in stock.NOT_ON_SCREEN)

    def new_id(self) -> str:
        return str(next(self._ids))

    def new_uuid(self) -> str:
        """Return an id as teams and groups have them, the same in every run."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, self.new_id()))

    def new_field(self, name: str, kind: str, custom: str, options: Iterable[str], on_screen: bool) -> Field:
        found = Field(f"customfield_{self.new_id()}", name, kind, custom, on_screen=on_screen)
        found.options = {self.new_id(): option for option in options}
        self.fields[found.id] = found
        return found

    def new_project(self, key: str, name: str, kind: str) -> Project:
        names = stock.DESK_TYPES if kind == "service_desk" else stock.OTHER_TYPES
        types = [found.id for found in self.types.values() if found.name in names]
        project = Project(self.new_id(), key, name, kind, types, list(self.priorities))
        self.projects[key] = project
        for issue_type in types if project.has_desk else ():
            if title := stock.REQUEST_TYPES.get(self.types[issue_type].name):
                id = self.new_id()
                self.request_types[id] = RequestType(id, title, issue_type, key)
        return project

    def field(self, name: str) -> Field:
        """Return the field of an id or a name. Raises `LookupError` where there is none, or more than one."""
        if name in self.fields:
            return self.fields[name]
        found = [field for field in self.fields.values() if field.name == name]
        if len(found) != 1:
            raise LookupError(f"{len(found)} fields are called {name!r}")
        return found[0]

    def project(self, key: str) -> Project | None:
        """Return a project by key or id."""
        found = self.projects.get(key.upper())
        return found or next((project for project in self.projects.values() if project.id == key), None)

    def request_type(self, project: str, issue_type: str) -> str:
        """Return the id of the request type that the portal uses for an issue type, "" for none."""
        kinds = self.request_types.values()
        return next((kind.id for kind in kinds if kind.project == project and kind.issue_type == issue_type), "")

    def zone_of(self, user: User) -> str:
        """Return a person's zone. Nobody can tell a chosen one from the instance's default."""
        return user.zone or self.zone
