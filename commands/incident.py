"""itsm-sync incident: the report on one ticket: for the terminal, as Markdown, or as one page with its course drawn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from commands import one_ticket, workspace

if TYPE_CHECKING:
    from rules.case import Case
    from sync import Desk
    from templates.context import Context
    from templates.render import Text

MESSAGE: Final = "post-incident-report"


@click.command("incident", short_help="Write the report on one incident.")
@click.argument("ticket")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Also write a page.")
@click.option("--markdown", is_flag=True, help="Print Markdown instead of plain lines.")
@click.option("--language", default="", metavar="LANGUAGE", help="Such as nb; that of its team if left out.")
@workspace.option
@click.pass_obj
def command(desk_type: type[Desk], ticket: str, page: Path | None, markdown: bool, language: str, folder: Path) -> None:
    """Write the report on a TICKET, named CONNECTION/KEY: what happened, who did what, what was kept, and why.

    It is what the message post-incident-report says, now, whether the ticket is solved or not. Nothing is changed.

    \b
    Examples:
      itsm-sync incident servicenow-emea/INC0010001 -w desk
      itsm-sync incident servicenow-emea/INC0010001 --language nb --html report.html -w desk
    """
    with workspace.opened(desk_type, folder, dry_run=True) as desk:
        text, said = written(desk, ticket, language)
    if page is not None:
        write_page(page, text, said)
    click.echo(f"# {text.subject}\n\n{text.body}" if markdown else "\n".join(_plain(text)))


def _case(desk: Desk, ticket: str) -> Case:
    """Return the ticket as the rules see it now."""
    from rules.engine import looked_into
    from rules.model import Memory

    found = one_ticket.found(desk, ticket)
    if found is None:
        raise click.ClickException(f"{ticket} is not visible to this account")
    memory = desk.store.memories([ticket]).get(ticket) or Memory()
    return looked_into(found, memory, one_ticket.around(desk, found.connection), desk.book, desk.clock())


def written(desk: Desk, ticket: str, language: str) -> tuple[Text, Context]:
    """Return the report as the team would read it, and what it was made of."""
    from rules.model import Comment, Reason
    from rules.reviewing import review_of
    from templates.context import context
    from templates.render import TemplateFailed

    case = _case(desk, ticket)
    note = Comment("", MESSAGE, "team", False, _language(case, language), Reason("communicate", "decided", "", "", ""))
    said = context(case.ticket, desk.book, case.facts, note, case.now, review=review_of(case))
    try:
        return desk.renderer.render(MESSAGE, note.language, said), said
    except TemplateFailed as error:
        raise click.ClickException(str(error)) from error


def _language(case: Case, wanted: str) -> str:
    from rules.language import choose
    from rules.problems import did_you_mean
    from rules.wishes import wishes

    known = case.book.messages[MESSAGE]
    if wanted and wanted not in known:
        mend = did_you_mean(wanted, sorted(known))
        raise click.BadParameter(f"there is no report in '{wanted}': {mend}", param_hint="--language")
    return wanted or choose(wishes(case, "team", ""), known, case.book.languages)[0]


def _plain(text: Text) -> Iterator[str]:
    """Yield the lines of the report as a terminal shows them."""
    from commands.columns import wrapped
    from templates.formats import journal

    for line in [text.subject, "", *journal(text.body).splitlines()]:
        yield wrapped(line, "", "  " if line.startswith("- ") else "")


def write_page(file: Path, text: Text, said: Context) -> None:
    """Write it as one page."""
    from templates.incident import incident

    try:
        file.write_text(incident(text, said), encoding="utf-8")
    except OSError as error:
        raise click.BadParameter(f"{file} cannot be written: {error.strerror}", param_hint="--html") from error
