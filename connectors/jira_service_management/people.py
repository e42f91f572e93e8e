"""Accounts of people on Jira: by the account that a workspace names, else by their address."""

from __future__ import annotations

from typing import Any, Final

from connectors.base import NotVisible, Refused, Unusable
from connectors.jira_service_management.client import Client, dicts
from connectors.jira_service_management.tickets import is_customer
from connectors.people import Looked, given, looked, unreadable, wanted
from rules.rulebook import Connection, Staff
from rules.words import folded

BROWSE: Final = "give our account the global permission Browse users and groups"
SEARCH: Final = "USER_PICKER"
"""What Jira calls that permission. Without it a search finds nobody and gives no error."""


def people(client: Client, connection: Connection) -> Looked:
    """Look up the people whom rules name, and suppliers, in a request each; none where there is nobody."""
    users, refusals = {}, []
    for key, person in wanted(connection).items():
        try:
            users[key] = _active(client, connection, person)
        except (Refused, Unusable) as error:  # with OAuth a missing scope is a 401
            refusals.append(str(error))
    if connection.people and not any(users.values()) and (refusals or not _may_search(client)):
        why = f" ({refusals[0]})" if refusals else ""
        return unreadable(connection, f"our account may not search for people{why}", BROWSE)
    word = "accountId" if client.cloud else "name"
    found = looked(connection, {key: [str(one[word]) for one in some if one.get(word)] for key, some in users.items()})
    aliases = {str(one["key"]): str(one["name"]) for some in users.values() for one in some if _has_key(one)}
    return found._replace(aliases=aliases)


def _has_key(user: dict[str, Any]) -> bool:
    return bool(user.get("key") and user.get("name") and not user.get("accountId"))


def _active(client: Client, connection: Connection, person: Staff) -> list[dict[str, Any]]:
    """Return the active users that somebody may be. Found by an address, no customer is taken for an agent.

    A supplier may be a customer of the portal: such an account is made for whoever answers by mail.
    """
    account = given(connection, person)
    users = by_account(client, account) if account else by_email(client, person.email)
    may_be = account or person.key in connection.suppliers
    return [one for one in users if one.get("active") is not False and (may_be or not is_customer(one))]


def by_account(client: Client, account: str) -> list[dict[str, Any]]:
    """Return the user of an account, active or not."""
    try:
        return dicts([client.get("user", accountId=account) if client.cloud else client.get("user", username=account)])
    except NotVisible:
        return []


def by_email(client: Client, email: str) -> list[dict[str, Any]]:
    """Return who has an address. Where addresses are hidden, Cloud still finds the whole address, and shows none."""
    if not email:  # which would be a question for everybody
        return []
    if client.cloud:
        found = dicts(client.get("user/search", query=email, maxResults=50))
    else:
        found = dicts(client.get("user/search", username=email, includeInactive="true", maxResults=50))
    same = [one for one in found if folded(str(one.get("emailAddress") or "")) == folded(email)]
    return same or [one for one in found if client.cloud and not one.get("emailAddress")]


def _may_search(client: Client) -> bool:
    try:
        found = client.get("mypermissions", permissions=SEARCH)
        return bool(found["permissions"][SEARCH]["havePermission"])
    except (NotVisible, LookupError, TypeError):  # an old Data Center that does not tell
        return True
