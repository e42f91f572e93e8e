"""Finds out who is meant by PERSON, and opens what the store keeps of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import normalize

import click

from commands import workspace

if TYPE_CHECKING:
    from connectors.state.somebody import Somebody
    from connectors.state.traces import Traces
    from rules.rulebook import Rulebook, Staff

argument = click.argument("names", metavar="PERSON...", nargs=-1, required=True)


class Kept(NamedTuple):
    """What is kept of a person: all that they are called, their keys in the workspace, and their traces."""

    called: list[str]
    keys: list[str]
    traces: Traces


@contextmanager
def kept(folder: Path, names: Sequence[str]) -> Iterator[Kept]:
    """Open what is kept of a person, by whichever of their names."""
    book, _warnings, _sources = workspace.rulebook(folder)
    person, staff = sought(book, names)
    called = [*person.names, *(f"{name}/{one}" for name, them in person.accounts.items() for one in them)]
    with workspace.store_of(folder, book) as store:
        yield Kept(sorted(called), [one.key for one in staff], store.office().traces(person))


def sought(book: Rulebook, names: Sequence[str]) -> tuple[Somebody, list[Staff]]:
    """Return by what the person may be called: what is given, and of one of people: all that the workspace says."""
    from connectors.state.somebody import Somebody

    given, accounts = _split(book, names)
    staff = [one for one in book.people.values() if _is_meant(one, given, accounts)]
    for one in staff:
        given |= {one.key, one.email, one.name} - {""}
        for connection, account in one.accounts.items():
            accounts.setdefault(connection, set()).add(account)
    every = {normalize(form, name) for name in given for form in ("NFC", "NFD")}
    return Somebody(frozenset(every), {name: frozenset(them) for name, them in accounts.items()}), staff


def _split(book: Rulebook, names: Sequence[str]) -> tuple[set[str], dict[str, set[str]]]:
    """Return the names that mean a person everywhere, and the accounts, by connection."""
    given, accounts = set[str](), dict[str, set[str]]()
    for name in (one.strip() for one in names):
        connection, _, account = name.partition("/")
        is_short = len(name) == 1 and name not in book.people  # it would stand everywhere
        if not name or is_short or (account and connection not in book.connections):
            known = ", ".join(f"{one}/ACCOUNT" for one in book.connections)
            raise click.UsageError(f"{name!r} is nobody: write a key of people:, an e-mail address, a name, or {known}")
        if account:
            accounts.setdefault(connection, set()).add(account)
        else:
            given.add(name)
    return given, accounts


def _is_meant(one: Staff, given: set[str], accounts: dict[str, set[str]]) -> bool:
    names = {name.casefold() for name in given}
    by_name = one.key in given or not names.isdisjoint({one.email.casefold(), one.name.casefold()})
    return by_name or any(account in accounts.get(name, ()) for name, account in one.accounts.items())
