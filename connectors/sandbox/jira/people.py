"""Resources about people: users, groups, and who watches an issue."""

from __future__ import annotations

from typing import Any

from connectors.sandbox.http import Answer, answer

from .asked import Asked, on
from .failure import Failure
from .model import Named, User

NOBODY = "Specified user does not exist or you do not have required permissions"
NO_BROWSING = "You do not have permission to browse users."
SEARCHING = "USER_PICKER"
NO_QUERY = "The username query parameter was not provided"


def user(asked: Asked) -> Answer:
    """Answer one person, by accountId on Cloud, by username or key on Data Center."""
    words = ("accountId",) if asked.site.cloud else ("username", "key")
    account = next((asked.text(word) for word in words if asked.text(word)), "")
    if not account:
        raise Failure(400, f"The query parameter '{words[0]}' is needed.")
    if asked.text("key"):
        account = next((one.account for one in asked.site.users.values() if one.key == account), account)
    if asked.site.are_people_hidden:
        raise Failure(403, NO_BROWSING)
    if account not in asked.site.users:
        raise Failure(404, NOBODY if asked.site.cloud else f"The user named '{account}' does not exist")
    return answer(200, asked.view.whole_user(account))


def search_users(asked: Asked) -> Answer:
    """Answer the people whose name or address begins with a text. A hidden address must be known in full."""
    wanted = asked.text("query" if asked.site.cloud else "username").casefold()
    if not wanted:
        raise Failure(400, NO_QUERY)
    people = [] if asked.site.are_people_hidden else [*asked.site.users.values()]  # and no word of it
    found = [user for user in people if _matches(asked, user, wanted)]
    return answer(200, [asked.view.user(user.account) for user in _part(asked, found)])


def _matches(asked: Asked, user: User, wanted: str) -> bool:
    if not asked.site.cloud and not user.active and asked.text("includeInactive") != "true":
        return False
    address = user.email.casefold()
    if asked.site.cloud and user.hide_email and wanted != address:
        address = ""
    texts = [*user.name.casefold().split(), user.name.casefold(), address, user.account.casefold()]
    return (wanted == "." and not asked.site.cloud) or any(text.startswith(wanted) for text in texts if text)


def permissions(asked: Asked) -> Answer:
    """Answer which of the permissions that were named our account has: all but the one that can be taken here."""
    wanted = asked.names("permissions")
    if asked.site.cloud and not wanted:
        raise Failure(400, "The 'permissions' query parameter is required.")
    held = {name: name != SEARCHING or not asked.site.are_people_hidden for name in wanted or [SEARCHING]}
    shown = {name: {"id": "27", "key": name, "name": name.replace("_", " ").title(), "type": "GLOBAL",
                    "description": "", "havePermission": has} for name, has in held.items()}  # fmt: skip
    return answer(200, {"permissions": shown})


def _part(asked: Asked, found: list[User]) -> list[User]:
    start = asked.number("startAt", 0)
    return found[start : start + asked.number("maxResults", 50)]


def all_users(asked: Asked) -> Answer:
    """Answer everybody, a page at a time."""
    return answer(200, [asked.view.user(user.account) for user in _part(asked, list(asked.site.users.values()))])


def groups(asked: Asked) -> Answer:
    """Answer the groups, or one by name or id."""
    wanted = asked.text("groupName"), asked.text("groupId")
    found = [
        group
        for group in asked.site.groups.values()
        if not any(wanted) or group.name == wanted[0] or group.id == wanted[1]
    ]
    return asked.page([{"name": group.name, "groupId": group.id} for group in found])


def _picked(asked: Asked) -> dict[str, Any]:
    wanted = asked.text("query").casefold()
    found = [group for group in asked.site.groups.values() if wanted in group.name.casefold()]
    shown = [_in_picker(asked, group) for group in found[: asked.number("maxResults", 20)]]
    return {"header": f"Showing {len(shown)} of {len(found)} matching groups", "total": len(found), "groups": shown}


def _in_picker(asked: Asked, group: Named) -> dict[str, Any]:
    return {"name": group.name, "html": group.name, "labels": []} | ({"groupId": group.id} if asked.site.cloud else {})


def pick_groups(asked: Asked) -> Answer:
    """Answer the groups whose name contains a text."""
    return answer(200, _picked(asked))


def pick_both(asked: Asked) -> Answer:
    """Answer people and groups in one, for a field that takes either."""
    wanted = asked.text("query").casefold()
    found = [user for user in asked.site.users.values() if wanted and _matches(asked, user, wanted)]
    users = [
        {"accountId": user.account} if asked.site.cloud else {"name": user.account, "key": user.key} for user in found
    ]
    shown = [who | {"html": user.name, "displayName": user.name} for who, user in zip(users, found, strict=True)]
    people = {"users": shown, "total": len(shown), "header": f"Showing {len(shown)} of {len(shown)} matching users"}
    return answer(200, {"users": people, "groups": _picked(asked)})


def members(asked: Asked) -> Answer:
    """Answer the people of a group."""
    wanted = asked.text("groupId"), asked.text("groupname")
    group = next((each for each in asked.site.groups.values() if each.id == wanted[0] or each.name == wanted[1]), None)
    if group is None:
        raise Failure(404, "The specified group does not exist.")
    return asked.page([asked.view.user(account) for account in group.members])


def watchers(asked: Asked, key: str) -> Answer:
    """Answer who watches an issue."""
    issue = asked.issue(key)
    return answer(200, asked.view.watches(issue) | {"watchers": [asked.view.user(each) for each in issue.watchers]})


def watch(asked: Asked, key: str) -> Answer:
    """Add a watcher, which is no change of the issue. The body is an account as a bare text."""
    issue = asked.issue(key)
    account = asked.call.json() if asked.call.body else asked.view.account
    if account not in asked.site.users:
        raise Failure(
            404 if asked.site.cloud else 400, f'The user "{account}" does not have permission to view this issue.'
        )
    if account not in issue.watchers:
        issue.watchers.append(account)
    return Answer(204, b"")


def unwatch(asked: Asked, key: str) -> Answer:
    """Take somebody off the watchers."""
    issue, account = asked.issue(key), asked.text("accountId" if asked.site.cloud else "username")
    if account in issue.watchers:
        issue.watchers.remove(account)
    return Answer(204, b"")


ROUTES = (
    on("GET", "user", user),
    on("GET", "mypermissions", permissions),
    on("GET", "user/search", search_users),
    on("GET", "users/search", all_users, "Cloud"),
    on("GET", "group/bulk", groups, "Cloud"),
    on("GET", "groups/picker", pick_groups),
    on("GET", "groupuserpicker", pick_both),
    on("GET", "group/member", members),
    on("GET", "issue/*/watchers", watchers),
    on("POST", "issue/*/watchers", watch),
    on("DELETE", "issue/*/watchers", unwatch),
)
