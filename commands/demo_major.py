"""The demo's major incident: one fact, told to six people in six languages, by five doors, until it is solved."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

import click
from babel import Locale

from commands import demo_show as show
from commands.demo_day import SOON, moment, oslo
from commands.demo_people import InServiceNow
from commands.demo_story import OSLO, incident
from templates.locales import tone

if TYPE_CHECKING:
    from commands.demo_day import Day
    from commands.demo_doors import Doors

Do = Callable[[InServiceNow, list[InServiceNow]], None]
"""What a person does, to the main ticket and to the others."""

TITLE: Final = "4. A major incident: six people, six languages, five doors"
SENT: Final = re.compile(r"\S+(?: sent)? to (\S+) in ([\w-]+)")
"""What the journal says of a message: to whom it went, and in which language."""

CALLED: Final = {"service.sponsor": "sponsor", "on_call": "on call", "noc": "whoever is on shift"}
"""What people call a reader for whom the rules have another word."""

SHOWN: Final = 2
"""Paragraphs of each text that are shown: whom it greets and what it says first, or a title and that."""

REPORTS: Final = (
    # who, which name they have, what they see
    ("lan.tran", "Trần Thị Lan", "Không quẹt được thẻ ở sân bay, khách xếp hàng dài"),
    ("kari.nordmann", "Kari Nordmann", "Kortterminalen i skranken er død"),
    ("wang.fang", "王芳", "所有刷卡机都没有反应"),
)
TEAM: Final = "Payments"
BEGINS: Final = "2026-11-25T10:00"
DEEDS: Final[tuple[tuple[str, str, Do], ...]] = (
    (
        "2026-11-25T10:04",
        f"Olivia Reed declares a major incident, gives it to {TEAM} and links the others.",
        lambda main, others: main.declare("olivia.reed", TEAM, others),
    ),
    ("2026-11-25T10:09", "Lena Vogt takes it.", lambda main, _others: main.take("lena.vogt")),
    (
        "2026-11-25T11:20",
        "Lena Vogt sets it to resolved, and those linked to it, too.",
        lambda main, others: main.solve("lena.vogt", others),
    ),
)


class Reader(NamedTuple):
    """Who hears of it: the name, what the rules call them, by which door, on which ticket, and what they have read."""

    name: str
    role: str
    door: str
    ticket: InServiceNow
    texts: Callable[[], list[str]]


class Act:
    """The major incident as it is lived through. `read` is how many texts each reader has read.

    `told` is whom it reached, in which language and tone.
    """

    def __init__(self, day: Day, doors: Doors) -> None:
        self.day = day
        self.day.pass_until(oslo(BEGINS))
        tickets = [incident(day.world, user, title, "1", "1", "payments") for user, _name, title in REPORTS]
        self.main, *self.others = tickets
        self.readers = _readers(tickets, doors)
        self.read = dict.fromkeys(self.readers, 0)
        self.told: dict[Reader, tuple[str, str]] = {}

    def play(self) -> None:
        """Tell it: reported, declared, an update as it was promised, solved."""
        show.heading(TITLE)
        for ticket in (self.main, *self.others):
            click.echo(click.style(f"{ticket.number}  {ticket.title}", bold=True))
        click.echo("\nThree people report it, and each hears that it was received.\n")
        self.day.cycle(self.day.clock() + SOON)
        self._new()
        for at, what, do in DEEDS:
            self.day.pass_until(oslo(at), self.tell)
            do(self.main, self.others)
            self.tell(what, self.day.clock())
        self._sum_up()

    def tell(self, what: str = "", at: datetime | None = None) -> None:
        """Tell what a person did, if anybody did, and who reads what of it."""
        if what:
            self.day.cycle(self.day.clock() + SOON)
        new = self._new()
        if not (what or new):
            return
        click.echo(click.style(moment(at or self.day.clock(), (OSLO,)), bold=True))
        if what:
            click.echo(show.wrapped(what, "  ", "  "))
        for reader, text in new:
            show.text(self._label(reader), shortened(text), reader.role != "team")
        click.echo()

    def _new(self) -> list[tuple[Reader, str]]:
        """Return what arrived since, reader by reader."""
        found = []
        for reader in self.readers:
            texts = reader.texts()
            found += [(reader, text) for text in texts[self.read[reader] :]]
            self.read[reader] = len(texts)
        return found

    def _label(self, reader: Reader) -> str:
        """Return who reads a text, in which language (the journal says it) and tone (the desk does), by which door."""
        desk = self.day.desk
        found = [SENT.match(one.line.text) for one in desk.store.journal(reader.ticket.key)]
        language = [match[2] for match in found if match and match[1] == reader.role][-1]
        self.told[reader] = language, spoken = language, tone(desk.book.tones, language)
        name = Locale.parse(language, sep="-").get_display_name("en")
        return f"{reader.name}, {CALLED.get(reader.role, reader.role)} · {name}, {spoken} · {reader.door}"

    def _sum_up(self) -> None:
        """Say how many were told, and fail if anybody heard nothing."""
        people = {reader: words for reader, words in self.told.items() if reader.role != "team"}
        languages, tones = ({words[part] for words in people.values()} for part in (0, 1))
        doors = {reader.door.split(" ")[0] for reader in self.told}
        click.echo(
            f"Told: {len(people)} people in {len(languages)} languages and {len(tones)} tones, and their team, "
            f"by {len(doors)} doors."
        )
        silent = [reader for reader in self.readers if reader not in self.told]
        self.day.problems |= {reader.name: "heard nothing of the major incident" for reader in silent}


def _readers(tickets: list[InServiceNow], doors: Doors) -> tuple[Reader, ...]:
    main, *_ = tickets
    roles = ("requester", "affected", "affected")
    return (
        *(
            Reader(name, role, f"comment on {ticket.number}", ticket, partial(_said, ticket, True))
            for (_user, name, _title), role, ticket in zip(REPORTS, roles, tickets, strict=True)
        ),
        Reader(TEAM, "team", "note", main, partial(_said, main, False)),
        Reader("Sara Laurent", "service.sponsor", "mail", main, doors.mails),
        Reader("Lena Vogt", "on_call", "pager", main, doors.pages),
        Reader("NOC", "noc", "chat", main, doors.chat),
    )


def _said(ticket: InServiceNow, public: bool) -> list[str]:
    """Return what the service said on a ticket, publicly or not."""
    return [word.text for word in ticket.words() if word.public is public and not word.author]


def shortened(text: str) -> str:
    """Return the first paragraphs of a text."""
    paragraphs = text.split("\n\n")
    return "\n".join(paragraphs[:SHOWN])
