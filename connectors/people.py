"""Who of the people that rules name has which account on a platform: key → account, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from connectors.base import Finding, Refused

if TYPE_CHECKING:  # only for types: `--help` must not wait for what a rulebook needs
    from rules.model import Fact
    from rules.rulebook import Connection, Staff

NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


class People:
    """Those people, `named` in rules. Whoever else is on a ticket stays known by the account.

    `aliases` are accounts by what the platform's history calls them, where that is something else.
    """

    def __init__(
        self, accounts: Mapping[str, str] = NOBODY, named: Iterable[str] = (), aliases: Mapping[str, str] = NOBODY
    ) -> None:
        self.accounts, self.aliases = MappingProxyType(dict(accounts)), aliases
        self._missing = frozenset(named) - accounts.keys()
        self._keys = {account: key for key, account in reversed([*accounts.items()])}

    def account(self, person: str) -> str:
        """Return somebody's account; who is none of those people was named by it.

        Raises `Refused` for one of them who was not found: an account of that name is somebody else's.
        """
        if person in self._missing:
            raise Refused(f"{person} has no account on this connection")
        return self.accounts.get(person, person)

    def key(self, account: str) -> str:
        """Return the key of whoever has an account, or the account of somebody else."""
        return self._keys.get(account, account)

    def named(self, fact: str, value: Fact | None) -> Fact | None:
        """Return the value of a fact as tickets show it: accounts of those people by their keys."""
        return self.key(value) if fact == "assignee" and isinstance(value, str) else value


class Looked(NamedTuple):
    """What came of looking for people: key → account, a finding for each who was not found, and `People.aliases`."""

    accounts: Mapping[str, str] = NOBODY
    findings: tuple[Finding, ...] = ()
    aliases: Mapping[str, str] = NOBODY

    def lost(self) -> Iterator[str]:
        """Yield what cannot work, a line each."""
        yield from (f"{one.text}; {one.mend}" for one in self.findings)


def given(connection: Connection, person: Staff) -> str:
    """Return the account that the workspace names for somebody on a connection, or ""."""
    return person.accounts.get(connection.name, "")


def wanted(connection: Connection) -> Mapping[str, Staff]:
    """Return whom to look for: whom rules name, and suppliers, many of whom have no account."""
    return {**connection.people, **connection.suppliers}


def looked(connection: Connection, found: Mapping[str, Iterable[str]]) -> Looked:
    """Return who was found. `found` is key → the active accounts that belong to them: it must be exactly one."""
    accounts, findings = {}, []
    for key, person in wanted(connection).items():
        active = sorted(set(found.get(key, ())))
        if len(active) == 1:
            accounts[key] = active[0]
        elif key in connection.people:
            findings.append(_nobody(connection, person, len(active)))
    return Looked(accounts, tuple(findings))


def _nobody(connection: Connection, person: Staff, count: int) -> Finding:
    key = person.key
    if account := given(connection, person):
        text = f"{key}: there is {count or 'no'} active account {account!r}"
        return Finding("problem", text, f"correct people: {key}: accounts: {connection.name}")
    have = "accounts have" if count > 1 else "account has"
    text = f"{key}: {count or 'no'} active {have} the address {_in_a_line(person.email)}"
    return Finding("problem", text, f"correct people: {key}, or write accounts: {{{connection.name}: …}}")


def _in_a_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in text)


def unreadable(connection: Connection, why: str, mend: str) -> Looked:
    """Return that nobody was found, since our account may not look for people."""
    if not connection.people:
        return Looked()
    names = ", ".join(connection.people)
    return Looked(findings=(Finding("problem", f"{why}: {names} cannot be assigned, let follow or asked", mend),))
