"""A supplier hears of a ticket without anybody's personal data, and the journal says what kinds they did not see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from endpoint import Endpoint, endpoint

RULES = """
channels: {{pager: {{kind: webhook, url: {url}, private: true}}}}
people:
  cardgate: {{email: support@cardgate.example, name: CardGate Support, language: en}}
  olivia: {{email: olivia@harbour.example, name: Olivia Berg}}
doors: {{people: pager}}
classify: [{{name: web, set: {{service: web}}}}]
services: {{web: {{name: Web, team: web, owner: olivia, supplier: cardgate}}}}
routes: [{{name: all, assign: {{team: web}}}}]
communications:
  - {{name: help-us, on: created, to: [{to}], message: supplier-request}}
{privacy}
"""
TITLE = "Terminal of Kari Nordmann fails, CardGate Support knows; call +47 912 34 567 or 10.0.0.7, version 4.2"


@pytest.fixture
def door() -> Iterator[Endpoint]:
    with endpoint() as found:
        yield found


@pytest.fixture
def heard(desk, door):
    """Return a function that reports an incident, and returns what its readers hear."""

    def heard(to: str = "service.supplier", privacy: str = "", title: str = TITLE) -> tuple[str, str, list[str]]:
        desk.rules(RULES.format(to=to, url=door.url, privacy=privacy))
        ticket = desk.report("kari", short_description=title)
        desk.cycle(times=3)
        (word,) = door.told()
        return word["text"], word["facts"]["title"], desk.journal(ticket)

    return heard


def test_a_supplier_reads_no_personal_data_in_the_text_nor_in_the_facts_for_tools(heard):
    text, title, _ = heard()
    shown = "Terminal of [name] fails, CardGate Support knows; call [phone] or [network address], version 4.2"
    assert title == shown
    assert shown in " ".join(text.split())
    assert "Hello CardGate" in text


def test_the_journal_says_what_kinds_were_hidden_and_never_what_it_was(heard):
    _, _, journal = heard()
    (line,) = [line for line in journal if "sent by pager" in line]
    assert "sent by pager; hidden: 1 name, 1 phone, 1 network address" in line
    assert "Nordmann" not in line


def test_a_supplier_who_is_named_as_a_person_reads_no_more(heard):
    assert "Nordmann" not in heard("cardgate")[0]


def test_a_name_that_a_long_title_cuts_in_two_is_hidden_whole(heard):
    text, _, _ = heard(title="x" * 146 + " Kari Nordmann")
    assert "Nord" not in text


def test_others_read_everything(heard):
    text, title, journal = heard("service.owner")
    assert title == TITLE
    assert "Kari Nordmann" in text
    assert not any("hidden" in line for line in journal)


def test_only_the_kinds_that_a_desk_names_are_hidden(heard):
    _, title, _ = heard(privacy="privacy: {hide_from_suppliers: [phone]}")
    assert title == TITLE.replace("+47 912 34 567", "[phone]")


def test_a_desk_may_hide_nothing(heard):
    assert heard(privacy="privacy: {hide_from_suppliers: []}")[1] == TITLE
