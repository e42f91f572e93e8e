"""itsm-sync init: write a commented workspace to begin with, from an example or from what an instance has."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from commands import workspace
from commands.workspace import BROKEN, Unusable, counted

if TYPE_CHECKING:
    from commands.proposal import Account
    from connectors.base import Discovered
    from rules.rulebook import Rulebook

PLACEHOLDER: Final = "https://YOUR-INSTANCE.service-now.com"
VARIABLES: Final = {"password": "SERVICENOW_PASSWORD", "client_secret": "SERVICENOW_CLIENT_SECRET"}
"""Where each secret of an account comes from."""


class Unfit(click.ClickException):
    """The folder will not do; nothing was written."""

    exit_code = BROKEN


@click.command("init", short_help="Write a workspace to begin with.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--url", default="", help="Ask this ServiceNow what it has.")
@click.option("--user", default="", help="Account there; its password is in SERVICENOW_PASSWORD, or asked for.")
@click.option(
    "--client-id", default="", help="OAuth client there; its secret is in SERVICENOW_CLIENT_SECRET, or asked for."
)
def command(folder: Path, url: str, user: str, client_id: str) -> None:
    """Write a commented workspace into DIR; files are never overwritten.

    With --url it is proposed from your ServiceNow's groups, services, choices
    and languages. ServiceNow is only read.

    \b
    Examples:
      itsm-sync init desk
      itsm-sync init desk --url https://acme.service-now.com --user itsm.sync
      itsm-sync init desk --url https://acme.service-now.com --client-id 0a1b2c

    Exit codes: 0 written, 2 DIR or an option is no good, 3 ServiceNow does not answer, or not to this account.
    """
    from commands.proposal import EXAMPLE, FILES, propose

    _check_options(url, user, client_id)
    _check_free(folder, FILES)
    account = _account(url, user, client_id)
    book = _stock_rulebook(account)
    found = _discovered(book, account) if url else EXAMPLE
    texts = propose(found, account, book)
    _write(folder, texts)
    _tell(folder, found, account)


def _check_options(url: str, user: str, client_id: str) -> None:
    if url and bool(user) == bool(client_id):
        raise click.UsageError("--url needs --user NAME or --client-id ID, and not both")
    if not url and (user or client_id):
        raise click.UsageError("--user and --client-id say who asks, and --url whom: give --url, too")


def _check_free(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder that has a workspace, or anything else that we would write over."""
    for name in names:
        if (folder / name).exists():
            raise Unfit(f"{folder / name} is there already: nothing was written. Choose another folder.")


def _account(url: str, user: str, client_id: str) -> Account:
    from commands.proposal import Account

    auth = {"client_id": client_id} if client_id else {"user": user or "itsm.sync"}
    secret = "client_secret" if client_id else "password"
    variable = VARIABLES[secret]
    auth[secret] = f"${{{variable}}}"
    return Account(url or PLACEHOLDER, auth, variable, f"{workspace.now():%Y-%m-%dT%H:%MZ}")


def _stock_rulebook(account: Account) -> Rulebook:
    """Return the rulebook of the default pack alone, with this one connection: it knows what is built in."""
    from commands.proposal import CONNECTION
    from connectors.files import read_baseline
    from rules.workspace import load
    from templates.sources import available, builtin

    connection = {"platform": "servicenow", "url": account.url, "auth": account.auth}
    loaded = load(
        {"desk.yaml": json.dumps({"connections": {CONNECTION: connection}})}, read_baseline(), available(builtin())
    )
    if loaded.rulebook is None:
        raise click.UsageError(f"--{loaded.problems[0].text.replace(chr(39), '')}")
    return loaded.rulebook


def _discovered(book: Rulebook, account: Account) -> Discovered:
    """Ask the instance what it has. The secret is handed on in memory only."""
    from commands.proposal import CONNECTION
    from connectors.base import ConnectorError
    from connectors.servicenow.connector import ServiceNow

    environ = {**os.environ, **_secret(account)}
    try:
        with closing(ServiceNow(book.connections[CONNECTION], environ)) as connector:
            connector.prove_account()
            found = connector.discover()
    except ConnectorError as error:
        raise Unusable(f"{error} ({urlsplit(account.url).hostname}). Nothing was written.") from error
    if not (found.fields or found.groups or any(found.choices.values())):
        raise Unusable(
            "the account may read nothing there: give it the role snc_platform_rest_api_access, and read access to "
            "incidents. Nothing was written."
        )
    return found


def _secret(account: Account) -> Mapping[str, str]:
    """Return the secret's variable and its value, asked for where the environment has none."""
    if os.environ.get(account.variable):
        return {}
    who = account.auth.get("user") or account.auth["client_id"]
    try:
        return {account.variable: click.prompt(f"Password of {who} (not shown)", hide_input=True, err=True)}
    except click.Abort:
        raise click.UsageError(f"no password was given; it may stand in the variable {account.variable}") from None


def _write(folder: Path, texts: Mapping[str, str]) -> None:
    """Write all files or none. What is there is not touched, not even by a race."""
    made: list[Path] = []
    try:
        for name, text in texts.items():
            path = folder / name
            for above in (above for above in reversed(path.parents) if not above.exists()):
                above.mkdir()
                made.append(above)
            with path.open("x", encoding="utf-8") as file:
                made.append(path)
                file.write(text)
    except BaseException as error:
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        if isinstance(error, OSError):
            raise Unfit(f"{error.filename}: {error.strerror}. Nothing was written.") from error
        raise


def _tell(folder: Path, found: Discovered, account: Account) -> None:
    """Print what came of it and what to do next, in three lines."""
    seen = f"{counted(len(found.groups), 'group')} and {counted(len(found.services), 'service')}"
    source = f"from {seen}" if account.url != PLACEHOLDER else "with an example"
    click.echo(f"A workspace is in {folder}, {source}. It only observes.")
    click.echo(f"Read {folder / 'desk.yaml'} first, and set {account.variable}. Then")
    click.echo(f"  itsm-sync check -w {folder} --online")
