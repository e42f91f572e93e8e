"""itsm-sync init: write a commented workspace to begin with, from an example or from what an instance has."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import click

from commands import workspace
from commands.workspace import BROKEN, Unusable, counted

if TYPE_CHECKING:
    from commands.proposal import Account
    from connectors.base import Discovered
    from rules.rulebook import Connection, Rulebook

PLACEHOLDER: Final = "https://YOUR-INSTANCE.service-now.com"
SERVICENOW, JIRA = "servicenow", "jira_service_management"
CLOUD: Final = "Cloud"
PREFIXES: Final = {SERVICENOW: "SERVICENOW", JIRA: "JIRA"}
"""What the variables begin with that hold secrets: SERVICENOW_PASSWORD, JIRA_TOKEN …"""

WHO: Final = "--url needs --user NAME or --client-id ID, and not both"


class Unfit(click.ClickException):
    """The folder will not do; nothing was written."""

    exit_code = BROKEN


@click.command("init", short_help="Write a workspace to begin with.")
@click.argument("folder", metavar="DIR", type=click.Path(file_okay=False, path_type=Path))
@click.option("--url", default="", help="Ask this ServiceNow or Jira what it has.")
@click.option("--user", default="", help="Account there; its password or API token is in the environment or asked for.")
@click.option("--client-id", default="", help="OAuth client there; its secret is in the environment, or asked for.")
def command(folder: Path, url: str, user: str, client_id: str) -> None:
    """Write a commented workspace into DIR; files are never overwritten.

    With --url it is proposed from what your ServiceNow or Jira Service
    Management has: groups, services, choices, languages. It is only read.
    Secrets come from SERVICENOW_PASSWORD, JIRA_TOKEN (an API token of Cloud,
    or without --user a personal access token of Data Center), JIRA_PASSWORD,
    SERVICENOW_CLIENT_SECRET or JIRA_CLIENT_SECRET; what is not set is asked for.

    \b
    Examples:
      itsm-sync init desk
      itsm-sync init desk --url https://acme.service-now.com --user itsm.sync
      itsm-sync init desk --url https://acme.atlassian.net --user me@acme.com
      itsm-sync init desk --url https://jira.acme.com
      itsm-sync init desk --url https://acme.atlassian.net --client-id 0a1b2c

    Exit codes: 0 written, 2 DIR or an option is no good, 3 the platform does not answer, or not to this account.
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
    if user and client_id:
        raise click.UsageError(WHO)
    if not url and (user or client_id):
        raise click.UsageError("--user and --client-id say who asks, and --url whom: give --url, too")


def _check_free(folder: Path, names: Iterable[str]) -> None:
    """Refuse a folder that has a workspace, or anything else that we would write over."""
    for name in names:
        if (folder / name).exists():
            raise Unfit(f"{folder / name} is there already: nothing was written. Choose another folder.")


def _account(url: str, user: str, client_id: str) -> Account:
    """Return who asks whom. Which platform it is, the address tells, or the answer to a question open to everybody."""
    from commands.proposal import Account

    deployment = _deployment(url)
    platform = JIRA if deployment else SERVICENOW
    who = {"client_id": client_id} if client_id else {"user": user} if user else {}
    if not who and url and platform == SERVICENOW:
        raise click.UsageError(WHO)
    if not who and deployment == CLOUD:
        raise click.UsageError("Jira Cloud needs --user E-MAIL, whose API token is in JIRA_TOKEN, or --client-id ID")
    if not url:
        who = {"user": "itsm.sync"}
    secret = "client_secret" if client_id else "token" if deployment == CLOUD or not who else "password"
    variable = f"{PREFIXES[platform]}_{secret.upper()}"
    auth = {**who, secret: f"${{{variable}}}"}
    return Account(url or PLACEHOLDER, auth, variable, f"{workspace.now():%Y-%m-%dT%H:%MZ}", platform)


def _deployment(url: str) -> str:
    """Return which Jira is at an address, "" for none."""
    host = urlsplit(url).hostname or ""
    if not host or host.endswith(".service-now.com"):
        return ""
    if host.endswith(".atlassian.net"):
        return CLOUD
    from connectors.jira_service_management.discover import deployment

    return deployment(url)


def _stock_rulebook(account: Account) -> Rulebook:
    """Return the rulebook of the default pack alone, with this one connection: it knows what is built in."""
    from connectors.files import read_baseline
    from rules.workspace import load
    from templates.sources import available, builtin

    connection = {"platform": account.platform, "url": account.url, "auth": account.auth}
    connection |= {"projects": ["ANY"]} if account.platform == JIRA else {}
    loaded = load(
        {"desk.yaml": json.dumps({"connections": {account.connection: connection}})},
        read_baseline(),
        available(builtin()),
    )
    if loaded.rulebook is None:
        raise click.UsageError(f"--{loaded.problems[0].text.replace(chr(39), '')}")
    return loaded.rulebook


def _discovered(book: Rulebook, account: Account) -> Discovered:
    """Ask the platform what it has. The secret is handed on in memory only."""
    from connectors.base import ConnectorError

    environ = {**os.environ, **_secret(account)}
    ask = _ask_jira if account.platform == JIRA else _ask_servicenow
    try:
        return ask(book.connections[account.connection], environ)
    except ConnectorError as error:
        host = urlsplit(account.url).hostname or ""
        taken = account.platform == SERVICENOW and not host.endswith(".service-now.com")
        other = " No Jira answers there either." if taken else ""
        raise Unusable(f"{error} ({host}).{other} Nothing was written.") from error


def _ask_servicenow(connection: Connection, environ: Mapping[str, str]) -> Discovered:
    from connectors.servicenow.connector import ServiceNow

    with closing(ServiceNow(connection, environ)) as connector:
        connector.prove_account()
        found = connector.discover()
    if not (found.fields or found.groups or any(found.choices.values())):
        raise Unusable(
            "the account may read nothing there: give it the role snc_platform_rest_api_access, and read access to "
            "incidents. Nothing was written."
        )
    return found


def _ask_jira(connection: Connection, environ: Mapping[str, str]) -> Discovered:
    from connectors.jira_service_management.connector import JiraServiceManagement

    with closing(JiraServiceManagement(replace(connection, projects=()), environ)) as connector:
        found = connector.discover()
    if not found.projects:
        raise Unusable(
            "the account sees no service management project there: give it the role Service Desk Team in one. "
            "Nothing was written."
        )
    return found


def _secret(account: Account) -> Mapping[str, str]:
    """Return the secret's variable and its value, asked for where the environment has none."""
    if os.environ.get(account.variable):
        return {}
    who = account.auth.get("user") or account.auth.get("client_id") or urlsplit(account.url).hostname
    what = "Token" if "token" in account.auth else "Secret" if "client_id" in account.auth else "Password"
    try:
        return {account.variable: click.prompt(f"{what} of {who} (not shown)", hide_input=True, err=True)}
    except click.Abort:
        told = f"no {what.lower()} was given; it may stand in the variable {account.variable}"
        raise click.UsageError(told) from None


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
    counts = {"project": found.projects, "group": found.groups, "service": found.services}
    seen = [counted(len(there), what) for what, there in counts.items() if there or what != "project"]
    source = f"from {', '.join(seen[:-1])} and {seen[-1]}" if account.url != PLACEHOLDER else "with an example"
    click.echo(f"A workspace is in {folder}, {source}. It only observes.")
    click.echo(f"Read {folder / 'desk.yaml'} first, and set {account.variable}. Then")
    click.echo(f"  itsm-sync check -w {folder} --online")
