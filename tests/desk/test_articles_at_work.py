"""Articles that are linked to a ticket: who reports something is told of those that customers may read, at once."""

from __future__ import annotations

RULES = """
communications:
  - {name: got-it, on: created, to: [requester], message: received}
  - {name: for-you, on: created, to: [team], message: known}
"""
FOR_THE_TEAM = "{% block subject %}Known{% endblock %}{% block body %}{{ ticket.article | join(' / ') }}{% endblock %}"


def reported(desk, knowledge: str) -> str:
    """Return a ticket to which an open and an internal article are linked, after a cycle."""
    text = desk.folder / "templates" / "en" / "known.md.j2"
    text.parent.mkdir(parents=True)
    text.write_text(FOR_THE_TEAM, encoding="utf-8")
    desk.rules(RULES, words=f"knowledge: {knowledge}")
    ticket = desk.report("kari")
    for number, title, base in (("KB0010001", "Sign in again", "Self Service"), ("KB0010002", "Reset it", "Inside")):
        desk.world.attach(desk.world.add_article(number, title, base), ticket)
    desk.cycle(times=2)
    return ticket


def spoken(desk, ticket: str, element: str) -> str:
    return "\n".join(one.value for one in desk.world.journal(ticket) if one.element == element)


def test_the_requester_reads_what_customers_may_read_and_the_team_reads_all(desk):
    ticket = reported(desk, "[Self Service]")
    public, internal = spoken(desk, ticket, "comments"), spoken(desk, ticket, "work_notes")
    assert "KB0010001 Sign in again" in public
    assert "kb_view.do?sysparm_article=KB0010001" in public
    assert "KB0010002" not in public
    assert "KB0010001 Sign in again" in internal
    assert "KB0010002 Reset it" in internal


def test_no_article_is_told_to_customers_of_which_the_desk_does_not_say_so(desk):
    ticket = reported(desk, "[]")
    assert "KB001000" not in spoken(desk, ticket, "comments")
    assert "KB0010001" in spoken(desk, ticket, "work_notes")


def test_a_desk_that_says_nothing_of_knowledge_asks_nothing(desk):
    desk.rules("communications: [{name: got-it, on: created, to: [requester], message: received}]\n")
    ticket = desk.report("kari")
    desk.world.attach(desk.world.add_article("KB0010001", "Sign in again", "Self Service"), ticket)
    desk.cycle(times=2)
    assert "KB0010001" not in spoken(desk, ticket, "comments")
    assert not any("kb_" in request.path for request in desk.world.requests)
