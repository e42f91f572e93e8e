"""The end of the demo: two days after the major incident the report on it goes out, and is shown whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from commands import demo_show as show
from commands.demo_day import oslo

if TYPE_CHECKING:
    from commands.demo_major import Act

TITLE: Final = "5. Two days later: the report"
DUE: Final = "2026-11-27T11:25"
"""When the rule has called for the report: two days after the incident was solved, at the next tick."""

LOOKED_BACK: Final = "2026-11-26T10:00"
CAUSE: Final = "The certificate of the card acquirer had expired."
PREVENTION: Final = "A check warns the team 30 days before a certificate expires."
PAGE: Final = "report.html"
LANGUAGE: Final = "en"
"""In which it is shown whole: whoever reads the rest of what the demo prints can read that, too."""


def play(act: Act, kept: Path | None) -> None:
    """Tell who gets the report and what it says. `kept` is where the workspace stays, for the page beside it."""
    click.echo()
    show.heading(TITLE)
    click.echo(click.style(f"{act.main.number}  {act.main.title}\n", bold=True))
    act.day.pass_until(oslo(LOOKED_BACK), act.tell)
    act.main.look_back("lena.vogt", CAUSE, PREVENTION)
    act.tell("Lena Vogt writes down why it happened, and what prevents it.", act.day.clock())
    act.day.pass_until(oslo(DUE), act.tell)
    _whole(act, kept)


def _whole(act: Act, kept: Path | None) -> None:
    """Show all of the report, as `itsm-sync incident` writes it, and as a page where the workspace is kept."""
    from commands import incident
    from templates.formats import journal

    text, said = incident.written(act.day.desk, act.main.key, LANGUAGE)
    show.text(
        "The whole report in English, as itsm-sync incident writes it", f"{text.subject}\n\n{journal(text.body)}", True
    )
    if kept is None:
        click.echo(f"\nitsm-sync demo --keep my-desk writes it as a page, too: my-desk/{PAGE}\n")
        return
    incident.write_page(kept / PAGE, text, said)
    click.echo(f"\n{show.wrapped(f'The same as a page, with its course drawn: {kept / PAGE}', '', '  ')}\n")
