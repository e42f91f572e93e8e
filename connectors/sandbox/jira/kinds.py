"""The kinds of fields: how a value is picked by people, taken from clients, shown to them and told in the history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from . import documents, moments
from .directory import Directory
from .model import Field, Issue

if TYPE_CHECKING:
    from .show import View

Told = tuple[str | None, str | None]
"""A value in the history: its id and its name."""

NOTHING: Told = (None, None)


class Refused(ValueError):
    """A value that a field does not take; the text is Jira's."""


class Kind:
    """Plain text, and what the other kinds have in common."""

    type = "string"
    items = ""
    operations: tuple[str, ...] = ("set",)

    def pick(self, site: Directory, field: Field, value: Any, project: str) -> Any:
        """Return what the database keeps for a value as people pick it. Raises `LookupError`."""
        return value

    def picked(self, site: Directory, field: Field, kept: Any) -> Any:
        """Return a kept value as people pick it."""
        return kept

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        """Return what the database keeps for a value as clients write it. Raises `Refused`."""
        if not isinstance(value, str):
            raise Refused("Operation value must be a string")
        return value

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return kept

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return None, kept

    def steps(self, site: Directory, field: Field, old: Any, new: Any) -> list[tuple[Told, Told]]:
        """Return what the history says about a change, from and to, in as many entries as Jira makes of it."""
        return [(self.told(site, field, old) if old else NOTHING, self.told(site, field, new) if new else NOTHING)]

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        """Return the values to choose from as editmeta lists them, None where there is no list."""
        return None


class TextArea(Kind):
    """Rich text: markup in version 2, and nothing but a document in version 3."""

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        if view.version == "2":
            return super().take(view, field, value, project)
        if not documents.is_document(value):
            raise Refused("Operation value must be an Atlassian Document (see the Atlassian Document Format)")
        return value

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return documents.as_markup(kept) if view.version == "2" else documents.as_document(kept)

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return None, documents.as_markup(kept)


class Number(Kind):
    """A number, which is written as one and not as text."""

    type = "number"

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise Refused("Operation value must be a number")
        return float(value)

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return None, str(kept)


class Moment(Kind):
    """A moment, shown in the zone of the account that asks."""

    type = "datetime"

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        try:
            return moments.kept(moments.read(value))
        except (TypeError, ValueError) as error:
            raise Refused("Datetime value must be in format yyyy-MM-dd'T'HH:mm:ss.SSSZ") from error

    def show(self, view: View, field: Field, kept: datetime, issue: Issue) -> Any:
        return moments.shown(kept, view.zone)

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return kept.isoformat(), kept.isoformat()


class Choice(Kind):
    """One of a list, given by id or by name."""

    type = "option"
    word = "name"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        """Return the names to choose from, by id; "" as the project means all."""
        return field.options

    def pick(self, site: Directory, field: Field, value: Any, project: str) -> Any:
        things = self.things(site, field, project)
        if str(value) in things:
            return str(value)
        found = [id for id, name in things.items() if name.casefold() == str(value).casefold()]
        if not found:
            raise LookupError(f"{field.name} cannot be {value!r}, only {', '.join(things.values())}")
        return found[0]

    def picked(self, site: Directory, field: Field, kept: Any) -> Any:
        return self.things(site, field, "")[kept]

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        given = value if isinstance(value, dict) else {}
        chosen = given.get("id", given.get(self.word))
        things = self.things(view.site, field, project)
        names = {name: id for id, name in things.items()}
        found = str(chosen) if "id" in given and str(chosen) in things else names.get(str(given.get(self.word)))
        if found is None:
            raise Refused(f"{type(self).__name__} {'id' if 'id' in given else self.word} '{chosen}' is not valid")
        return found

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return kept, self.things(site, field, "")[kept]

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return self.shown(view, field, kept)

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.named("customFieldOption", id, self.things(view.site, field, "")[id], self.word)

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        return [self.shown(view, field, id) for id in self.things(view.site, field, project)]


class Option(Choice):
    """An option of a select field, whose name goes by `value`."""

    word = "value"


class Priority(Choice):
    """A priority, of those in the project's scheme."""

    type = "priority"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        found = site.projects.get(project)
        return {id: site.priorities[id] for id in found.priorities} if found else site.priorities

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.priority(id)


class Resolution(Choice):
    """How an issue was resolved."""

    type = "resolution"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return site.resolutions

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.named("resolution", id, view.word(view.site.resolutions[id]))


class Status(Choice):
    """A status, which only a transition changes."""

    type = "status"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {status.id: status.name for status in site.statuses.values()}

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.status(id)


class Type(Choice):
    """An issue type."""

    type = "issuetype"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        ids = site.projects[project].types if project else site.types
        return {id: site.types[id].name for id in ids}

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.issue_type(id)


class Project(Choice):
    """A project, by its key."""

    type = "project"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {key: found.name for key, found in site.projects.items()}

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.project(view.site.projects[id])


class Group(Choice):
    """A group of people, given by name."""

    type = "group"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {group.id: group.name for group in site.groups.values()}

    def shown(self, view: View, field: Field, id: str) -> Any:
        return view.group(view.site.groups[id])

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        return None


class Team(Choice):
    """An Atlassian team, which is read as an object but written as a bare id."""

    type = "team"

    def things(self, site: Directory, field: Field, project: str) -> Mapping[str, str]:
        return {team.id: team.name for team in site.teams.values()}

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        if not isinstance(value, str):
            raise Refused("Operation value must be a string")
        if value not in view.site.teams:
            raise Refused("The team id is not valid.")
        return value

    def shown(self, view: View, field: Field, id: str) -> Any:
        name = view.site.teams[id].name
        return {"id": id, "name": name, "avatarUrl": "", "isVisible": True, "isVerified": False, "title": name,
                "isShared": True}  # fmt: skip

    def allowed(self, view: View, field: Field, project: str) -> list[Any] | None:
        return None


class Person(Kind):
    """Somebody, by accountId on Cloud and by name on Data Center."""

    type = "user"

    def pick(self, site: Directory, field: Field, value: Any, project: str) -> Any:
        if value not in site.users:
            raise LookupError(f"{field.name}: nobody has the account {value!r}")
        return value

    def take(self, view: View, field: Field, value: Any, project: str) -> Any:
        word = "accountId" if view.site.cloud else "name"
        account = value.get(word, value.get("id") if view.site.cloud else None) if isinstance(value, dict) else None
        user = view.site.users.get(str(account))
        if user is None:
            raise Refused(f"User '{account}' does not exist." if account else "data was not an object")
        if field.id == "assignee" and not (user.agent and user.active):
            raise Refused(f"User '{account}' cannot be assigned issues.")
        return user.account

    def show(self, view: View, field: Field, kept: Any, issue: Issue) -> Any:
        return view.user(kept)

    def told(self, site: Directory, field: Field, kept: Any) -> Told:
        return kept if site.cloud else site.users[kept].key, site.users[kept].name
