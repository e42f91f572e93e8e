"""Accounts of people on ServiceNow: all that rules name in one request, and others as they are met."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from connectors.base import NotVisible, Refused
from connectors.people import Looked, People, given, looked, unreadable, wanted
from connectors.servicenow.query import both, either, equals, is_plain, plain
from connectors.servicenow.tables import NAMES_PER_REQUEST, SYS_ID, Record, Tables, portions, raw
from rules.rulebook import Connection, Staff
from rules.words import folded

NOT_LOOKED: Final = Looked()
USER: Final = ("sys_id", "user_name", "email", "active")


class Users(People):
    """The people of a connection and the sys_ids of their accounts: `ids` is account → sys_id."""

    def __init__(
        self,
        tables: Tables | None = None,
        found: Looked = NOT_LOOKED,
        rows: Iterable[Record] = (),
        named: Iterable[str] = (),
    ) -> None:
        super().__init__(found.accounts, named)
        self._tables = tables
        known = {raw(row, "user_name"): raw(row, "sys_id") for row in rows}
        self.ids = {account: id for account, id in known.items() if account in self._keys and SYS_ID.fullmatch(id)}
        self._listed = {id: self.key(account) for account, id in self.ids.items()}

    def item(self, stored: str) -> str:
        """Return who an item of a list is: a key where it is one of those people, else the item itself."""
        return self._listed.get(stored, stored)

    def stored(self, person: str) -> str:
        """Return the sys_id of somebody, named by key, account or sys_id. Raises `Refused` where that is nobody."""
        account = self.account(person)
        if account not in self.ids and not SYS_ID.fullmatch(account):
            same = {raw(row, "sys_id") for row in self._called(account)}
            if len(same) == 1:
                self.ids[account] = min(same)
        found = self.ids.get(account, account)
        if not SYS_ID.fullmatch(found):
            raise Refused(f"there is no account {account!r} on this connection")
        return found

    def _called(self, account: str) -> Iterator[Record]:
        """Yield the users of an account: one, as it should be."""
        if self._tables is None:
            return
        try:
            rows = self._tables.read("sys_user", equals("user_name", [plain(account)]), USER, 2).records
        except NotVisible:
            return
        yield from (row for row in rows if folded(raw(row, "user_name")) == folded(account))


def users(tables: Tables, connection: Connection, own: str) -> tuple[Users, Looked]:
    """Look up the people whom rules name, and suppliers, in one request; none where there is nobody.

    Without a right to read users the answer is no rows, as if there were none: so our own account is asked for, too.
    """
    if not wanted(connection):
        return Users(tables), Looked()
    try:
        rows = [*_rows(tables, connection, own)]
    except (Refused, NotVisible):
        rows = []
    if not rows:
        found = unreadable(connection, "our account may not read sys_user", "let it read user names and addresses")
        return Users(tables, named=connection.people), found
    active = [row for row in rows if raw(row, "active") != "false"]
    found = looked(connection, {key: _accounts(active, connection, one) for key, one in wanted(connection).items()})
    return Users(tables, found, active, connection.people), found


def _rows(tables: Tables, connection: Connection, own: str) -> Iterator[Record]:
    people = wanted(connection).values()
    names = {given(connection, person) for person in people} | {own}
    emails = {person.email for person in people if not given(connection, person)}
    asked = [("user_name", name) for name in sorted(names)] + [("email", email) for email in sorted(emails)]
    for some in portions([(field, text) for field, text in asked if text and is_plain(text)], NAMES_PER_REQUEST):
        query = both(either(*(equals(field, [text]) for field, text in some)), "ORDERBYuser_name")
        yield from tables.read("sys_user", query, USER).records


def _accounts(rows: Iterable[Record], connection: Connection, person: Staff) -> list[str]:
    """Return the accounts of one person. Rows that were not asked for are dropped."""
    field, text = ("user_name", account) if (account := given(connection, person)) else ("email", person.email)
    if not text:
        return []
    return [name for row in rows if folded(raw(row, field)) == folded(text) and (name := raw(row, "user_name"))]
