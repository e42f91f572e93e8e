"""What messages may name is what the ticket, the desk and the rules say, in the reader's terms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from message_desk import AT, KARI, KHANH, REVIEW, RULE, WHY

from rules.calendar import Calendar
from rules.model import Comment, Fact, Facts, Notify, Ticket
from rules.review import Article, Review
from rules.rulebook import Rulebook
from templates.context import Context
from templates.context import context as context_of
from templates.locales import footer, moment, priority_title
from templates.render import Renderer

Make = Callable[..., Context]


def said(context: Context, body: str, language: str = "en") -> str:
    source = f"{{% block subject %}}s{{% endblock %}}{{% block body %}}{body}{{% endblock %}}"
    return Renderer({f"{language}/m.md.j2": source}).render("m", language, context).body.rpartition("\n\n")[0]


def test_teams_and_services_go_by_the_names_that_people_know(make: Make) -> None:
    context = make({"team": "desk-oslo", "service": "payments"})
    assert (context["team"]["name"], context["service"]["name"]) == ("Service Desk Oslo", "Payments")


def test_what_the_workspace_does_not_know_stays_as_it_is(make: Make) -> None:
    context = make({"team": "Night Watch", "service": "Fax"})
    assert (context["team"]["name"], context["service"]["name"]) == ("Night Watch", "Fax")
    assert make({"team": "far"})["team"]["name"] == "far"


def test_an_empty_ticket_has_empty_values_and_no_errors(make: Make) -> None:
    assert (
        said(make({}), "a{{ ticket.expected_fix }}{{ team.name }}{{ ticket.labels }}{{ promise.next | when }}b") == "ab"
    )


def test_a_moment_is_in_the_readers_zone_and_language(make: Make) -> None:
    facts = {"expected_fix": datetime(2026, 11, 30, 23, 30, tzinfo=UTC)}
    body = "{{ ticket.expected_fix | when }}"
    assert "00:30" in said(make(facts, "nb", person=KARI), body, "nb")
    assert "tir" in said(make(facts, "nb", person=KARI), body, "nb")
    assert "06:30" in said(make(facts, "vi", person=KHANH), body, "vi")
    assert said(make(facts, "nb", person=KARI), "{{ ticket.expected_fix }}", "nb") == said(
        make(facts, "nb", person=KARI), body, "nb"
    )


@pytest.mark.parametrize("zone", ["", "Nowhere/Town", "US/../../etc/passwd", "\x00"])
def test_a_moment_for_an_unknown_zone_says_that_it_is_utc(zone: str) -> None:
    assert moment(AT, "en", zone).endswith("09:30 UTC")


@pytest.mark.parametrize("language", ["en", "nb", "nn", "vi", "zh-Hans", "zh-TW", "pt", "", "tlh", "???"])
def test_a_moment_can_be_written_in_any_language(language: str) -> None:
    assert "30" in moment(AT, language, "Europe/Oslo")


def test_a_moment_reads_as_part_of_a_sentence() -> None:
    assert moment(AT, "pt-BR", "America/Sao_Paulo") == "seg., 23/11/2026 às 06:30"
    assert moment(AT, "ar", "Asia/Dubai") == "الاثنين، 23 نوفمبر 2026، الساعة 13:30"


def test_a_value_that_is_no_moment_is_shown_as_it_is(make: Make) -> None:
    assert said(make({"expected_fix": "after lunch"}), "{{ ticket.expected_fix | when }}") == "after lunch"


def test_a_usual_priority_is_named_in_the_readers_language_and_others_as_the_desk_wrote_them(make: Make) -> None:
    assert make({"priority": "P2"}, "nb")["ticket"]["priority_title"] == "høy"
    assert make({"priority": "P3"}, "nb")["ticket"]["priority_title"] == "Severity three"
    assert priority_title("High", "zh-Hans") == "高"
    assert priority_title("High", "pt-PT") == "alta"
    assert priority_title("High", "pl") == "high"


def test_a_list_of_labels_reads_as_a_list(make: Make) -> None:
    assert said(make({"labels": ("vpn", "demand")}), "{{ ticket.labels }} {{ ticket.labels | join(' og ') }}") == (
        "vpn and demand vpn og demand"
    )


def test_an_escalation_says_whether_it_came_late_and_what_to_ask_for(make: Make) -> None:
    context = make({"escalation.late": True, "escalation.asked": ("symptom", "started\n_at\u202e")})
    assert (context["late"], context["asked"]) == (True, ("symptom", "started _at"))
    assert len(make({"escalation.asked": ("symptom",) * 60})["asked"]) == 50


@pytest.mark.parametrize("facts", [{}, {"escalation.late": "yes", "escalation.asked": "symptom"}])
def test_without_an_escalation_nothing_is_late_and_nothing_asked(make: Make, facts: Facts) -> None:
    assert (make(facts)["late"], make(facts)["asked"]) == (False, ())


def test_a_hand_over_says_what_is_known_of_the_ticket_and_nothing_that_is_not(make: Make) -> None:
    known = ("impact", "symptom", "labels", "team", "gone")
    facts: Facts = {"impact": "significant", "symptom": "**PAY\n402**\u202e", "labels": (), "handover.known": known}
    assert make(facts)["known"] == [
        {"name": "impact", "value": "significant"},
        {"name": "symptom", "value": "**PAY 402**"},
    ]
    body = "{% for fact in known %}{{ fact.name }}: {{ fact.value }} {% endfor %}"
    assert said(make(facts), body) == "impact: significant symptom: \\*\\*PAY 402\\*\\*"
    assert len(make({"impact": "minor", "handover.known": ("impact",) * 60})["known"]) == 50


def test_a_moment_that_is_handed_over_is_in_the_readers_zone(make: Make) -> None:
    context = make({"expected_fix": AT, "handover.known": ("expected_fix",)}, "nb", person=KARI)
    assert "10:30" in said(context, "{% for fact in known %}{{ fact.value }}{% endfor %}", "nb")


@pytest.mark.parametrize("facts", [{}, {"handover.known": "impact", "approval.level": ("L3",), "promise.accept": ""}])
def test_without_a_hand_over_nothing_is_known_and_nobody_asked(make: Make, facts: Facts) -> None:
    context = make(facts)
    assert (context["known"], context["approval"]) == ([], {"level": "", "by": ""})
    assert set(context["promise"].values()) == {""}


def test_an_approval_names_its_level_and_who_gives_it(make: Make) -> None:
    context = make({"approval.level": "L3", "approval.by": "it\nmanager", "promise.approve": AT})
    assert context["approval"] == {"level": "L3", "by": "it manager"}
    assert context["promise"]["approve"] == AT


def test_whatever_says_something_has_a_context_and_other_readers_are_not_taken_for_the_requester(
    make: Make, book: Rulebook, renderer: Renderer
) -> None:
    ticket = Ticket("servicenow-emea", "id", "INC1", "incident", 1, AT, "kari", AT, "kari", {}, requester=KARI)
    page = Notify("key", "update-due", "on_call", "pager", "olivia", "nb", RULE)
    found = context_of(ticket, book, {"title": "Kort"}, page, AT)
    assert (found["audience"], found["reader"]["name"], found["rule"]["name"]) == ("team", "", "received")
    assert "**Kort**" in renderer.render("update-due", "nb", found).body


def test_a_note_tells_time_by_the_clock_of_the_team_and_utc_is_named(book: Rulebook) -> None:
    def zone(name: str, reader: str = "team") -> str | Fact:
        desk = replace(book, calendar="hours", calendars={"hours": Calendar(ZoneInfo(name), ((),) * 7)})
        ticket = Ticket("servicenow-emea", "id", "INC1", "incident", 1, AT, "kari", AT, "kari", {}, requester=None)
        note = Comment("key", "update-due", reader, False, "nb", RULE)
        return context_of(ticket, desk, {"team": "desk-oslo"}, note, AT)["reader"]["zone"]

    assert [zone("Europe/Oslo"), zone("UTC"), zone("Europe/Oslo", "olivia")] == ["Europe/Oslo", "", ""]


def test_only_the_requester_is_named_to_the_requester(make: Make) -> None:
    assert make({}, reader="team", person=KARI)["reader"]["first_name"] == ""
    assert make({}, person=KARI)["reader"]["first_name"] == "Kari"


def test_every_text_says_that_it_is_automatic_and_where_a_person_is(make: Make) -> None:
    renderer = Renderer({"nn/m.md.j2": "{% block subject %}s{% endblock %}{% block body %}x{% endblock %}"})
    assert renderer.render("m", "nn", make({}, "nn")).body.endswith(
        "*Dette er en automatisk melding. Svar her for å nå et menneske hos Harbour Car Hire.*"
    )


@pytest.mark.parametrize("told", ["", "{% if audience == 'sponsor' or audience == 'supplier' %}x{% endif %}"])
@pytest.mark.parametrize("audience", ["requester", "affected", "sponsor", "supplier"])
def test_whoever_reads_beside_the_ticket_is_told_how_to_reach_a_person_and_nothing_of_rules(
    make: Make, audience: str, told: str
) -> None:
    renderer = Renderer(
        {"en/m.md.j2": f"{{% block subject %}}s{{% endblock %}}{{% block body %}}x{told}{{% endblock %}}"}
    )
    body = renderer.render("m", "en", make({}, reader=audience)).body
    assert body.endswith("*This is an automatic message. Reply here to reach a person at Harbour Car Hire.*")


def test_people_of_the_workspace_are_greeted_and_read_in_their_own_zone(make: Make) -> None:
    reader = make({}, "nb", "sponsor", KARI)["reader"]
    assert reader == {
        "first_name": "Kari",
        "full_name": "Kari Nordmann",
        "name": "Kari Nordmann",
        "language": "nb",
        "zone": "Europe/Oslo",
    }
    assert make({}, "nb", "sponsor")["reader"]["name"] == ""


def test_a_report_says_what_is_known_and_begins_with_the_ticket_where_nothing_else_is_known(make: Make) -> None:
    empty = make({})
    assert empty["report"] == {
        **dict.fromkeys(("noticed", "solved", "lasted", "cause", "prevention", "supplier", "waited"), ""),
        **dict.fromkeys(("kept", "missed", "answered", "late"), 0),
        "began": AT,
    }
    assert (empty["steps"], empty["clocks"], empty["links"]) == ([], [], [])
    full = make({}, review=REVIEW)
    assert (full["report"]["began"], full["report"]["lasted"]) == (REVIEW.began, REVIEW.lasted)
    assert full["steps"][3] == {"at": REVIEW.steps[3].at, "kind": "priority", "value": "P1", "who": "Ida Berg"}
    assert full["clocks"][2] == {"name": "updates", "due": "", "met": True}


def test_texts_of_a_report_are_cleaned_and_addresses_are_not_cut(make: Make) -> None:
    address = f"https://a.example/{'x' * 400}"
    full = make({}, review=Review(cause="a\n\u202eb", links=(Article("n\n", address),)))
    assert full["report"]["cause"] == "a b"
    assert full["links"] == [{"name": "n", "address": address}]


def test_an_internal_note_names_its_rule_and_the_rules_place(make: Make) -> None:
    body = Renderer({"en/m.md.j2": "{% block subject %}s{% endblock %}{% block body %}x{% endblock %}"}).render(
        "m", "en", make({}, reader="team")
    )
    assert "rule received \\(communications\\.yaml:37\\)" in body.body


def test_advice_names_the_rules_of_its_proposals_and_no_other(make: Make) -> None:
    context = make({}, reader="team", proposals=WHY)
    assert context["rule"]["name"] == ""
    assert [entry["name"] for entry in context["proposals"]] == ["matrix", "desk-first"]


def test_a_desk_with_braces_in_its_name_keeps_them() -> None:
    assert "{rule} {0}" in footer("en", public=True, desk="{rule} {0}", rule="")
