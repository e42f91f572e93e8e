"""Articles on ServiceNow: what is linked to tickets, in two requests for a page, and what of it customers may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from connectors.sandbox import serve
from rules.rulebook import Source
from tests.connectors.servicenow_desk import WORDS, ServiceNowDesk, one

OPEN = "IT Self Service"


@pytest.fixture
def desk() -> Iterator[ServiceNowDesk]:
    desk = ServiceNowDesk()
    with serve(desk.world) as desk.url:
        yield desk


def linked(desk: ServiceNowDesk, title: str = "Reset your password", base: str = OPEN, **values: object) -> str:
    """Return a ticket to which one article is linked."""
    id = desk.new("I cannot sign in")
    desk.world.attach(desk.world.add_article("KB0010001", title, base, **values), id)
    return id


def facts(desk: ServiceNowDesk, id: str, *bases: str) -> tuple[object, object]:
    """Return the articles of a ticket, and those of them that customers may read."""
    connector = desk.connect(knowledge=bases)
    connector.start()
    found = one(connector, id).facts
    return found.get("article"), found.get("article.public")


def test_an_article_that_is_linked_is_named_by_number_title_and_address(desk):
    entry = f"KB0010001 Reset your password {desk.url}/kb_view.do?sysparm_article=KB0010001"
    assert facts(desk, linked(desk), OPEN) == ((entry,), (entry,))


def test_a_ticket_without_one_has_no_such_fact(desk):
    assert facts(desk, desk.new("nothing is linked"), OPEN) == (None, None)


def test_no_article_is_for_customers_unless_the_desk_says_so_of_its_knowledge_base(desk):
    all_of_them, public = facts(desk, linked(desk))
    assert len(all_of_them) == 1
    assert public == ()
    assert facts(desk, linked(desk, base="Operations"), OPEN)[1] == ()


@pytest.mark.parametrize(
    "restricted", [{"can_read_user_criteria": "a" * 32}, {"cannot_read_user_criteria": "b" * 32}, {"roles": "itil"}]
)
def test_an_article_that_is_for_some_people_only_is_for_no_customer(desk, restricted):
    named, public = facts(desk, linked(desk, **restricted), OPEN)
    assert (len(named), public) == (1, ())


@pytest.mark.parametrize("field", ["roles", "can_read_user_criteria", "cannot_read_user_criteria"])
def test_where_a_restriction_may_not_be_read_there_may_be_one(desk, field):
    id = linked(desk)
    desk.world.deny("kb_knowledge", field=field)
    named, public = facts(desk, id, OPEN)
    assert (len(named), public) == (1, ())


@pytest.mark.parametrize(
    "other", [{"workflow_state": "draft"}, {"workflow_state": "retired"}, {"active": False}, {"valid_to": "2026-11-01"}]
)
def test_what_is_not_published_today_is_named_to_nobody(desk, other):
    assert facts(desk, linked(desk, **other), OPEN) == (None, None)


def test_what_is_valid_until_today_is_named(desk):
    assert facts(desk, linked(desk, valid_to="2026-11-02"), OPEN)[1] != ()


@pytest.mark.parametrize("table", ["m2m_kb_task", "kb_knowledge"])
def test_where_articles_may_not_be_read_tickets_are_read_without(desk, table):
    id = linked(desk)
    desk.world.deny(table)
    assert facts(desk, id, OPEN) == (None, None)


@pytest.mark.parametrize("title", ["", "  Two\r\nlines ", "<b>*bold*</b> https://evil.example/x", "\u202eturned"])
def test_a_title_is_text_and_the_address_is_ours_whatever_the_title_is(desk, title):
    ((entry,), _) = facts(desk, linked(desk, title=title))
    assert entry.startswith("KB0010001 ")
    assert entry.rpartition(" ")[2] == f"{desk.url}/kb_view.do?sysparm_article=KB0010001"
    assert "\n" not in entry


def test_five_articles_of_a_ticket_are_named_each_once_in_the_order_in_which_they_were_linked(desk):
    id = desk.new("I cannot sign in")
    added = [desk.world.add_article(f"KB001000{n}", f"Title {n}", OPEN) for n in range(7)]
    for article in (added[3], *added, added[3]):
        desk.world.attach(article, id)
        desk.clock.advance(seconds=1)
    named, _ = facts(desk, id)
    assert [entry.split()[0] for entry in named] == [f"KB001000{n}" for n in (3, 0, 1, 2, 4)]


def asked(desk: ServiceNowDesk) -> list[str]:
    return [r.path for r in desk.world.requests if r.path.endswith(("m2m_kb_task", "kb_knowledge"))]


def test_a_page_of_tickets_costs_two_requests_and_one_where_nothing_is_linked(desk):
    connector = desk.connect(knowledge=(OPEN,))
    connector.start()
    for number in range(30):
        desk.new(f"ticket {number}")
    [*connector.pages("incident", None)]
    assert len(asked(desk)) == 1
    desk.world.requests.clear()
    linked(desk)
    [*connector.pages("incident", None)]
    assert len(asked(desk)) == 2


def test_nobody_else_pays_for_it(desk):
    linked(desk)
    mapped = replace(WORDS, fields={**WORDS.fields, "article": Source("close_notes")})
    for changes in ({}, {"knowledge": (OPEN,), "kinds": {"incident": mapped}}):
        connector = desk.connect(**changes)
        connector.start()
        [*connector.pages("incident", None)]
    assert asked(desk) == []


def found(desk: ServiceNowDesk, *bases: str) -> list[tuple[str, str]]:
    """Return what a check says of articles."""
    from types import SimpleNamespace

    book = SimpleNamespace(people={}, teams={}, services={}, communications=SimpleNamespace(rules=()))
    book.timed = book.communications
    says = desk.connect(knowledge=bases or None).check(book)
    return [(one.weight, one.text) for one in says if "article" in one.text]


def test_a_check_names_bases_that_are_not_there_and_restrictions_that_cannot_be_seen(desk):
    assert found(desk) == []
    assert [weight for weight, _ in found(desk, OPEN)] == ["note", "warning"]
    linked(desk)
    assert found(desk, OPEN) == []
    desk.world.deny("kb_knowledge", field="can_read_user_criteria")
    ((weight, text),) = found(desk, OPEN)
    assert weight == "warning"
    assert "can_read_user_criteria is not readable" in text
