"""How a site looks to the account that asks: version 2 or 3, its language, its zone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import documents, moments, sla, stock
from .directory import Directory
from .lists import DERIVED, KINDS
from .model import Change, Comment, Field, Issue, Item, Link, Named, Project, RequestType, Stand, Status
from .store import Store


@dataclass
class View:
    """`base` is the address of the REST API as the client wrote it, such as https://host/rest/api/3.

    The caps say how many comments and changes are shown inside an issue, which is all but in Cloud's search.
    """

    site: Directory
    store: Store
    account: str
    version: str
    root: str
    language: str
    zone: str
    now: datetime
    comment_cap: int | None = None
    change_cap: int | None = None

    @property
    def base(self) -> str:
        return f"{self.root}/rest/api/{self.version}"

    def word(self, name: str) -> str:
        """Return a name of the platform in the reader's language, in English where it was not translated."""
        return stock.WORDS.get(self.language, {}).get(name, name)

    def named(self, what: str, id: str, name: str, word: str = "name") -> dict[str, Any]:
        return {"self": f"{self.base}/{what}/{id}", word: name, "id": id}

    # People

    def user(self, account: str) -> dict[str, Any]:
        """Return a person as the account that asks may see them."""
        user, cloud = self.site.users[account], self.site.cloud
        word = "accountId" if cloud else "username"
        shown = {"self": f"{self.base}/user?{word}={account}"}
        shown |= {"accountId": account} if cloud else {"name": account, "key": user.key}
        if user.email and not (cloud and user.hide_email):
            shown["emailAddress"] = user.email
        more = {"avatarUrls": self._avatars(), "displayName": user.name, "active": user.active,
                "timeZone": self.site.zone_of(user)}  # fmt: skip
        return shown | more | ({"accountType": "customer" if user.customer else "atlassian"} if cloud else {})

    def whole_user(self, account: str) -> dict[str, Any]:
        """Return a person as the user resources show them, with what lists leave out."""
        user = self.site.users[account]
        hidden = self.site.cloud and user.hide_email
        return self.user(account) | ({"locale": user.language} if user.language and not hidden else {})

    def _avatars(self) -> dict[str, str]:
        return {size: f"{self.root}/secure/useravatar?size={size}" for size in ("48x48", "24x24", "16x16", "32x32")}

    def group(self, group: Named) -> dict[str, Any]:
        if not self.site.cloud:
            return {"name": group.name, "self": f"{self.base}/group?groupname={group.name}"}
        return {"name": group.name, "groupId": group.id, "self": f"{self.base}/group?groupId={group.id}"}

    def organization(self, organization: Named) -> dict[str, Any]:
        link = f"{self.root}/rest/servicedeskapi/organization/{organization.id}"
        return {"id": organization.id, "name": organization.name, "_links": {"self": link}}

    # Settings

    def priority(self, id: str) -> dict[str, Any]:
        icon = {"iconUrl": f"{self.root}/images/icons/priorities/{self.site.priorities[id].lower()}.svg"}
        return self.named("priority", id, self.word(self.site.priorities[id])) | icon

    def status(self, id: str) -> dict[str, Any]:
        status = self.site.statuses[id]
        more = {"description": "", "iconUrl": f"{self.root}/images/icons/statuses/generic.png"}
        return self.named("status", id, self.word(status.name)) | more | {"statusCategory": self.category(status)}

    def category(self, status: Status) -> dict[str, Any]:
        id, name, colour = stock.CATEGORIES[status.category]
        return {"self": f"{self.base}/statuscategory/{id}", "id": id, "key": status.category, "colorName": colour,
                "name": self.word(name)}  # fmt: skip

    def issue_type(self, id: str) -> dict[str, Any]:
        more = {"description": "", "iconUrl": f"{self.root}/images/icons/issuetypes/task.svg", "subtask": False}
        return self.named("issuetype", id, self.site.types[id].name) | more

    def project(self, project: Project) -> dict[str, Any]:
        more = {"key": project.key, "projectTypeKey": project.kind, "avatarUrls": self._avatars()}
        return (
            self.named("project", project.id, project.name) | more | ({"simplified": False} if self.site.cloud else {})
        )

    def component(self, component: Named) -> dict[str, Any]:
        return self.named("component", component.id, component.name)

    def request_type(self, kind: RequestType) -> dict[str, Any]:
        desk = self.site.projects[kind.project].id
        link = f"{self.root}/rest/servicedeskapi/servicedesk/{desk}/requesttype/{kind.id}"
        return {"id": kind.id, "_links": {"self": link}, "name": kind.name, "description": "", "helpText": "",
                "issueTypeId": kind.issue_type, "serviceDeskId": desk, "portalId": desk, "groupIds": []}  # fmt: skip

    def request(self, issue: Issue, kind: RequestType) -> dict[str, Any]:
        """Return the request type field of an issue."""
        here = f"{self.root}/rest/servicedeskapi/request/{issue.id}"
        portal = f"{self.root}/servicedesk/customer/portal/1/{issue.key}"
        links = {"jiraRest": f"{self.base}/issue/{issue.id}", "self": here, "web": portal}
        return {"_links": links, "requestType": self.request_type(kind), "currentStatus": self.request_status(issue)}

    def request_status(self, issue: Issue) -> dict[str, Any]:
        status = self.site.statuses[issue.values["status"]]
        since = sla.date(self, issue.values["statuscategorychangedate"])
        return {"status": self.word(status.name), "statusCategory": status.category.upper(), "statusDate": since}

    # Issues

    def value(self, field: Field, stand: Stand, issue: Issue) -> Any:
        kind = KINDS[field.kind]
        kept = stand.values["updated"] if field.kind in DERIVED else stand.values.get(field.id)
        if kept is None:
            return [] if kind.type == "array" and not field.custom else None
        return kind.show(self, field, kept, issue)

    def issue(self, issue: Issue, stand: Stand, fields: Iterable[Field]) -> dict[str, Any]:
        """Return an issue with some of its fields, as it stood at a moment."""
        shown = {field.id: self.value(field, stand, issue) for field in fields}
        return {"expand": "renderedFields,names,schema,operations,editmeta,changelog", "id": issue.id,
                "self": f"{self.base}/issue/{issue.id}", "key": issue.key, "fields": shown}  # fmt: skip

    def brief(self, issue: Issue) -> dict[str, Any]:
        """Return an issue as links show it."""
        fields = [self.site.fields[name] for name in ("summary", "status", "priority", "issuetype")]
        whole = self.issue(issue, issue.stands[-1], fields)
        return {name: whole[name] for name in ("id", "key", "self", "fields")}

    def links(self, issue: Issue) -> list[dict[str, Any]]:
        return [self.link(link) for link in issue.links]

    def link(self, link: Link) -> dict[str, Any]:
        side = "outwardIssue" if link.outward else "inwardIssue"
        kind = {"id": link.id, "self": f"{self.base}/issueLink/{link.id}", "type": self.link_type(link.type)}
        return kind | {side: self.brief(self.store.issues[link.other])}

    def link_type(self, name: str) -> dict[str, Any]:
        place, inward, outward = next((n, i, o) for n, (each, i, o) in enumerate(stock.LINK_TYPES) if each == name)
        id = str(10000 + place)
        return {"id": id, "name": name, "inward": inward, "outward": outward, "self": f"{self.base}/issueLinkType/{id}"}

    def watches(self, issue: Issue) -> dict[str, Any]:
        return {"self": f"{self.base}/issue/{issue.key}/watchers", "watchCount": len(issue.watchers),
                "isWatching": self.account in issue.watchers}  # fmt: skip

    # Comments and history

    def comments(self, issue: Issue, until: datetime) -> dict[str, Any]:
        written = [comment for comment in issue.comments if comment.created <= until]
        shown = written[: self.comment_cap]
        return {
            "comments": [self.comment(comment, False) for comment in shown],
            "self": f"{self.base}/issue/{issue.id}/comment",
            "maxResults": len(shown),
            "total": len(written),
            "startAt": 0,
        }

    def comment(self, comment: Comment, with_properties: bool) -> dict[str, Any]:
        """Return a comment. Only Cloud says whether customers see it; its properties are shown when asked for."""
        author, created = self.user(comment.author), moments.shown(comment.created, self.zone)
        old = self.version == "2"
        shown = {"self": f"{self.base}/issue/{comment.issue}/comment/{comment.id}", "id": comment.id, "author": author,
                 "body": documents.as_markup(comment.body) if old else documents.as_document(comment.body),
                 "updateAuthor": author, "created": created, "updated": created}  # fmt: skip
        shown |= {"jsdPublic": comment.public} if self.site.cloud else {}
        shown |= {"visibility": comment.visibility} if comment.visibility else {}
        if with_properties:
            shown["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
        return shown

    def changes(self, changes: list[Change]) -> list[dict[str, Any]]:
        return [self.change(change) | {"created": moments.shown(change.created, self.zone)} for change in changes]

    def change(self, change: Change) -> dict[str, Any]:
        return {
            "id": change.id,
            "author": self.user(change.author),
            "items": [self._item(item) for item in change.items],
        }

    def _item(self, item: Item) -> dict[str, Any]:
        return {"field": item.field, "fieldtype": "custom" if item.is_custom else "jira", "fieldId": item.field_id,
                "from": item.old, "fromString": item.old_text, "to": item.new, "toString": item.new_text}  # fmt: skip
