"""itsm-sync doors: by which door who is reached, and a test message through one of them."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from commands import workspace
from commands.columns import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from connectors.channels import Letter
    from rules.rulebook import Channel, Rulebook

SUBJECT: Final = "Test message of {desk}"
TEXT: Final = (
    "This is a **test message** of {desk}.\n\n"
    "Somebody sent it by hand, with itsm-sync doors, to see whether this door opens. Nothing is to be done."
)
ON_TICKET: Final = {"comment": "public comment on the ticket", "note": "internal note on the ticket"}
HOST: Final = re.compile(r"^(?:https?|smtps?)://(?:[^/?#]*@)?([^/?#]+)")


class Shut(click.ClickException):
    """The door did not open: not now, or not for this."""

    exit_code = 1


@click.command("doors", short_help="Show by which door who is reached; try one.")
@click.option("--try", "tried", metavar="NAME", help="Send a test message through this door.")
@click.option("--to", "to", metavar="ADDRESS", default="", help="Whom the test message is to, where it is a person.")
@workspace.option
@workspace.as_json
def command(tried: str | None, to: str, folder: Path, as_json: bool) -> None:
    """Show each door of a workspace and who is reached by it, or send a test message through one.

    A test message is a real one: a paging tool may wake somebody. It is sent once.

    \b
    Examples:
      itsm-sync doors -w desk
      itsm-sync doors --try mail --to ida@harbour.example -w desk
      itsm-sync doors --try pager -w desk

    Exit codes: 0 the door took it over, 1 it did not, 2 the workspace or the command line has errors, 3 a person must
    mend something first.
    """
    book, _warnings, _sources = workspace.rulebook(folder)
    if tried is not None:
        said = _try(book, _channel(book, tried, to), to)
        click.echo(json.dumps({"door": tried, "said": said}) if as_json else said)
    elif to:
        raise click.UsageError("--to is for --try")
    else:
        doors = [*_doors(book)]
        click.echo(json.dumps(doors, ensure_ascii=False) if as_json else "\n".join(map(_shown, doors)))


def _channel(book: Rulebook, name: str, to: str) -> Channel:
    """Return the channel that is to be tried. Raises a usage error where there is none, or it lacks a reader."""
    from rules.problems import did_you_mean

    channel = book.channels.get(name)
    if channel is None:
        mend = did_you_mean(name, book.channels, "there is none under channels: yet")
        raise click.UsageError(f"no door is called '{name}': {mend}")
    if channel.kind == "email" and not to:
        raise click.UsageError(f"{name} is for mail: say whom it is to, --to ADDRESS")
    return channel


def _try(book: Rulebook, channel: Channel, to: str) -> str:
    """Send a test message, and return what happened."""
    from connectors.base import ConnectorError
    from connectors.base import Unusable as Lost
    from connectors.channels import opened

    try:
        door = opened(channel, os.environ, workspace.now)
        try:
            door.send(_letter(book, door.formats, to))
        finally:
            door.close()
    except Lost as error:
        raise workspace.Unusable(str(error)) from error
    except ConnectorError as error:
        raise Shut(f"{error}{_meaning(error)}") from error
    return f"{channel.name} took the test message over{f' for {to}' if to else ''}."


def _meaning(error: Exception) -> str:
    from connectors.base import OutcomeUnknown, TryLater

    if isinstance(error, TryLater):
        return "; nothing was sent, and it may work later"
    return "" if isinstance(error, OutcomeUnknown) else "; nothing was sent"


def _letter(book: Rulebook, formats: tuple[str, ...], to: str) -> Letter:
    """Return the test message in what the door takes. Each is one of its own, so that no door takes it for a repeat."""
    from secrets import token_hex

    from connectors.channels import Letter
    from templates.letters import spelled
    from templates.render import Text
    from templates.values import clean, escaped

    desk = clean(book.desk)
    subject, text = SUBJECT.format(desk=desk), TEXT.format(desk=escaped(desk))
    bodies = {form: spelled(Text(subject, text), form, "en") for form in formats}
    return Letter(token_hex(8), "test", to, "", "en", subject, bodies, {"kind": "test", "title": subject})


def _doors(book: Rulebook) -> Iterator[dict[str, Any]]:
    """Yield each door with its kind, where it leads, and who is reached by it; also one that is named and not there."""
    reached = _reached(book)
    for name in dict.fromkeys((*ON_TICKET, *book.channels, *reached)):
        channel, readers = book.channels.get(name), reached.get(name, [])
        if channel is not None:
            where, regions = HOST.match(channel.url), sorted(channel.regions)
            leads = where[1] if where else channel.url if channel.url.startswith("${") else ""
            yield {"door": name, "kind": channel.kind, "leads_to": leads, "regions": regions, "reaches": readers}
        elif name in ON_TICKET or readers:
            kind = name if name in ON_TICKET else ""
            yield {"door": name, "kind": kind, "leads_to": "", "regions": [], "reaches": readers}


def _reached(book: Rulebook) -> dict[str, list[str]]:
    """Return door → the readers whom rules and doors: name and who are reached by it."""
    from rules.readers import doors

    rules = (*book.communications.rules, *book.timed.rules)
    named = [reader for rule in rules for reader in rule.to] + [*book.doors]
    found: dict[str, list[str]] = {}
    for reader in dict.fromkeys(named):
        for name in doors(book, reader, reader):
            found.setdefault(name, []).append(reader)
    return found


def _shown(one: dict[str, Any]) -> str:
    """Return a door in a few lines."""
    what = ON_TICKET.get(one["kind"]) or one["kind"] or "not there: add it under channels:"
    leads = f", {one['leads_to']}" if one["leads_to"] else ""
    only = f", only for tickets of {', '.join(one['regions'])}" if one["regions"] else ""
    lines = wrapped(f"{one['door']}: {what}{leads}{only}", "", "  ")
    return lines + "\n" + wrapped(f"reaches {', '.join(one['reaches']) or 'nobody by a rule'}", "  ", "    ")
