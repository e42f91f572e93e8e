"""Articles in messages: the team reads all that are linked, others only what is published to customers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from message_desk import AT, NOW, OTHERS, READERS, REVIEW, RULE

from rules.model import Comment, Notify, Ticket
from rules.review import Article
from rules.rulebook import Rulebook, Service
from templates.context import TONES, Context, context
from templates.formats import journal
from templates.render import Renderer

Make = Callable[..., Context]
OPEN = "KB0010001 Reset your password https://desk.example/kb_view.do?sysparm_article=KB0010001"
INTERNAL = "KB0010002 Restart the gateway https://desk.example/kb_view.do?sysparm_article=KB0010002"
LINKED = {"article": (OPEN, INTERNAL), "article.public": (OPEN,)}
NAMES = [("KB0010001 Reset your password",), ("KB0010001 Reset your password", "KB0010002 Restart the gateway")]


def named(said: Context) -> tuple[object, ...]:
    return tuple(one["name"] for one in said["articles"])


def test_the_team_is_told_of_all_and_others_of_what_customers_may_read(make: Make):
    assert named(make(LINKED, reader="team")) == NAMES[1]
    assert named(make(LINKED)) == NAMES[0]
    for reader in OTHERS:
        assert named(make(LINKED, reader=reader, person=READERS["en"])) == NAMES[0]


def test_nor_does_the_fact_itself_tell_others_more(make: Make):
    assert make(LINKED, reader="team")["ticket"]["article"] == (OPEN, INTERNAL)
    assert make(LINKED)["ticket"]["article"] == (OPEN,)


def test_nor_does_a_report(make: Make):
    internal = Article("KB0010002 Restart the gateway", INTERNAL.rpartition(" ")[2])
    review = REVIEW._replace(links=(*REVIEW.links, internal))
    assert named({"articles": make(LINKED, reader="team", review=review)["links"]})[-1] == internal.name  # type: ignore[typeddict-item]
    told = make(LINKED, reader="sponsor", person=READERS["en"], review=review)["links"]
    assert [one["name"] for one in told] == [one.name for one in REVIEW.links]


def test_a_supplier_whom_a_rule_calls_by_their_own_name_is_no_member_of_the_team(book: Rulebook):
    desk = replace(book, services={"payments": Service("payments", "Payments", {"service.supplier": "ann"})}, hidden=())
    ticket = Ticket("servicenow-emea", "id", "INC1", "incident", 1, AT, "kari", AT, "kari", LINKED)
    action = Notify("key", "message", "ann", ("mail",), "ann", "en", RULE)
    assert named(context(ticket, desk, LINKED, action, NOW)) == NAMES[0]
    staff = replace(desk, services={})
    assert named(context(ticket, staff, LINKED, action, NOW)) == NAMES[1]


def test_what_is_hidden_in_a_title_hides_no_article_from_being_left_out(make: Make):
    internal = "Call Kari Nordmann https://desk.example/kb_view.do?sysparm_article=KB0010003"
    facts = {"article": (internal,), "article.public": (), "requester.name": "Kari Nordmann"}
    review = REVIEW._replace(links=(Article("Call Kari Nordmann", internal.rpartition(" ")[2]),))
    assert make(facts, reader="supplier", person=READERS["en"], review=review)["links"] == []


CLIMBING = ("Up https://help.example/kb/1/../../inside", "Up https://help.example/kb/1/.%2E/inside")


@pytest.mark.parametrize(
    ("knowledge", "told"),
    [
        (None, ()),
        ((), ()),
        (("IT Self Service",), ()),
        (("https://help.example",), ("Reset",)),
        (("https://help.example/",), ("Reset",)),
        (("https://help.example/kb/1",), ("Reset",)),
        (("https://help.exam",), ()),
        (("https://help.example/kb/12",), ()),
    ],
)
def test_what_a_field_names_is_for_customers_where_the_desk_says_so_of_its_address(book: Rulebook, knowledge, told):
    """A host that only begins like ours is another one, and an address that climbs leads elsewhere."""
    connection = replace(book.connections["servicenow-emea"], knowledge=knowledge)
    desk = replace(book, connections={"servicenow-emea": connection})
    facts = {"article": ("Reset https://help.example/kb/1", "Inside https://wiki.example/2", "Runbook", *CLIMBING)}
    ticket = Ticket("servicenow-emea", "id", "INC1", "incident", 1, AT, "kari", AT, "kari", facts)
    said = context(ticket, desk, facts, Comment("key", "m", "requester", True, "en", RULE), NOW)
    assert named(said) == told


def test_what_else_a_field_names_is_in_neither_the_fact_nor_the_report_for_others(book: Rulebook):
    connection = replace(book.connections["servicenow-emea"], knowledge=("https://help.example",))
    desk = replace(book, connections={"servicenow-emea": connection})
    facts = {"article": ("Reset https://help.example/kb/1", "Inside https://wiki.example/2")}
    ticket = Ticket("servicenow-emea", "id", "INC1", "incident", 1, AT, "kari", AT, "kari", facts)
    review = REVIEW._replace(links=(Article("Inside", "https://wiki.example/2"),))
    for reader, public, told in (("requester", True, facts["article"][:1]), ("team", False, facts["article"])):
        action = Comment("key", "m", reader, public, "en", RULE)
        said = context(ticket, desk, facts, action, NOW, review=review)
        assert (said["ticket"]["article"], len(said["links"])) == (told, int(not public))


@pytest.mark.parametrize("tone", TONES)
@pytest.mark.parametrize("language", READERS)
def test_who_reported_something_reads_at_once_what_may_help(make: Make, renderer: Renderer, language: str, tone: str):
    with_one, without = (
        renderer.render("received", language, make(facts, language, person=READERS[language], tone=tone)).body
        for facts in (LINKED, {})
    )
    text = journal(with_one)
    assert "KB0010001 Reset your password" in text
    assert "https://desk.example/kb_view.do?sysparm_article=KB0010001" in text
    assert "KB0010002" not in text
    paragraphs = [one for one in with_one.split("\n\n") if one not in without]
    assert len(paragraphs) == 2  # a sentence and the list
    assert "KB0010001" not in without


def test_a_title_of_an_article_is_text(make: Make, renderer: Renderer):
    hostile = {"article.public": ("KB0010001 **b** [x](https://evil.example) <b> https://desk.example/kb",)}
    body = renderer.render("received", "en", make(hostile)).body
    assert "\\*\\*b\\*\\*" in body
    assert "](https://evil.example)" not in body
