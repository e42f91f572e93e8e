"""itsm-sync messages: which messages there are, and how each reads in every language, before anybody gets it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from commands import workspace

if TYPE_CHECKING:
    from sync import Desk
    from templates.gaps import Texts
    from templates.preview import Subject


@click.command("messages", short_help="Show what readers get, in every language.")
@click.argument("name", default="", metavar="[NAME]")
@click.option("--language", "languages", multiple=True, metavar="LANGUAGE", help="Only these; all of the desk's else.")
@click.option(
    "--tone", default="", metavar="TONE", help="formal, neutral or familiar; if left out, as the desk has it."
)
@click.option("--audience", default="", metavar="AUDIENCE", help="requester, affected, sponsor, supplier or team.")
@click.option(
    "--ticket", default="", metavar="TICKET", help="About this ticket, CONNECTION/KEY, instead of a made-up one."
)
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page with all formats."
)
@workspace.option
@click.pass_obj
def command(
    desk_type: type[Desk],
    name: str,
    languages: tuple[str, ...],
    tone: str,
    audience: str,
    ticket: str,
    page: Path | None,
    folder: Path,
) -> None:
    """Show all messages: whose texts they are, to whom and in which tones they speak, what sends them, what they lack.

    With a NAME: its text in every language of the desk, side by side. A ticket is only read. Nothing is sent.

    \b
    Examples:
      itsm-sync messages -w desk
      itsm-sync messages received --language nb --tone formal -w desk
      itsm-sync messages escalated --audience team --ticket jira/IT-12 -w desk
      itsm-sync messages --html messages.html -w desk
    """
    from commands.catalogue import catalogue
    from commands.side_by_side import side_by_side
    from templates.context import AUDIENCES, TONES

    _judge({"tone": (tone,), "audience": (audience,)}, {"tone": TONES, "audience": AUDIENCES})
    texts = _texts(folder)
    spoken = {language for found in texts.renderer.messages.values() for language in found}
    _judge({"message": (name,), "language": languages}, {"message": texts.renderer.messages, "language": spoken})
    if not (name or page) and (tone or audience or ticket):
        raise click.UsageError("name the message whose text you want to see, or a page with --html")
    chosen = languages or texts.book.languages
    about = _about(desk_type, folder, ticket)
    if page is not None:
        _write(page, texts, [name] if name else list(texts.renderer.messages), chosen, about, audience, tone)
    said = side_by_side(texts, name, chosen, about, audience, tone) if name else catalogue(texts, chosen)
    click.echo("\n".join(said))


def _judge(given: Mapping[str, Iterable[str]], known: Mapping[str, Iterable[str]]) -> None:
    """Raise a usage error for the first word that is none of the known ones; "" was not given."""
    from rules.problems import did_you_mean

    for what, words in given.items():
        for word in words:
            if word and word not in known[what]:
                mend = did_you_mean(word, known[what])
                raise click.UsageError(f"there is no {what} '{word}'" + (f": {mend}" if mend else ""))


def _texts(folder: Path) -> Texts:
    """Return the texts of a desk whose rules are good; what is wrong with a text is shown in its place."""
    from templates.gaps import Texts
    from templates.render import Renderer

    found = workspace.read(folder)
    if found.loaded.rulebook is None:
        raise workspace.Broken(found.loaded.problems)
    return Texts(found.loaded.root, found.loaded.rulebook, Renderer(found.sources), found.own)


def _about(desk_type: type[Desk], folder: Path, key: str) -> Subject:
    """Return what the messages are about: the ticket with this key, as it is and as it is decided upon now."""
    from commands import one_ticket
    from templates.preview import Subject

    if not key:
        return Subject(workspace.now())
    with workspace.opened(desk_type, folder, dry_run=True) as desk:
        ticket = one_ticket.found(desk, key)
        if ticket is None:
            raise click.ClickException(f"{key} is not visible to this account")
        decision, _ = one_ticket.decided(desk, ticket, desk.store.memories([key]).get(key))
        return Subject(desk.clock(), ticket, decision.facts, (*decision.actions, *decision.notices))


def _write(
    file: Path, texts: Texts, names: Sequence[str], languages: Sequence[str], about: Subject, audience: str, tone: str
) -> None:
    from templates.preview_page import page

    try:
        file.write_text(page(texts, names, languages, about, audience, tone), encoding="utf-8")
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be written: {error.strerror}", param_hint="--html") from error
