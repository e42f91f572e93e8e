"""`check --online` for Jira: each thing that is wrong is one message that names it as Jira shows it, with its mend."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from connectors.base import Finding
from connectors.sandbox import serve
from connectors.sandbox.http import Answer, Call, answer
from connectors.sandbox.jira import Site
from rules.rulebook import Source, Staff
from tests.connectors.jira_desk import TYPE, JiraDesk, words

NONE: frozenset[str] = frozenset()


@pytest.fixture(params=["Cloud", "Server"])
def desk(request: pytest.FixtureRequest) -> Iterator[JiraDesk]:
    """Return a desk with one incident that somebody has worked on."""
    yield from served(JiraDesk(request.param))


@pytest.fixture
def cloud() -> Iterator[JiraDesk]:
    yield from served(JiraDesk())


def served(desk: JiraDesk) -> Iterator[JiraDesk]:
    with serve(desk.site) as desk.url:
        desk.change(desk.new("a ticket"), impact="minor")
        yield desk


class Denying:
    """A site that answers 403 where an address holds one of these texts, as it does to a token without the right."""

    def __init__(self, site: Site, *denied: str) -> None:
        self.site, self.denied, self.now = site, denied, site.now

    def handle(self, call: Call) -> Answer:
        if any(text in call.path for text in self.denied):
            return answer(403, {"errorMessages": ["You do not have permission."], "errors": {}})
        return self.site.handle(call)


def rule(name: str, on: str, to: str = "requester") -> SimpleNamespace:
    return SimpleNamespace(name=name, on=on, to=(to,))


def found(
    desk: JiraDesk,
    *staff: Staff,
    rules: tuple[SimpleNamespace, ...] = (),
    mailed: frozenset[str] = NONE,
    **changes: object,
) -> list[Finding]:
    """Return the findings of a check, after seeing that it only read. `mailed` is what Jira may announce itself."""
    book = SimpleNamespace(
        people={one.key: one for one in staff},
        communications=SimpleNamespace(rules=rules),
        timed=SimpleNamespace(rules=()),
        teams={},
        services={},
        platform_mails=mailed,
    )
    connector = desk.connect(**changes)  # type: ignore[arg-type]
    try:
        findings = connector.check(book)  # type: ignore[arg-type]
    finally:
        connector.close()
    asked = [(request.method, request.path) for request in desk.site.requests]
    assert {method for method, path in asked if "search" not in path and "bulkfetch" not in path} <= {"GET"}
    return findings


def said(findings: list[Finding], weight: str) -> list[str]:
    """Return what is said with this weight, each with its mend."""
    return [f"{one.text} → {one.mend}" for one in findings if one.weight == weight]


def problem(desk: JiraDesk, **changes: object) -> str:
    """Return the one problem that there is."""
    (text,) = said(found(desk, **changes), "problem")
    return text


def with_words(**values: dict[str, tuple[str, ...]]) -> dict[str, object]:
    return {"kinds": {"incident": words(**values)}}


def with_field(fact: str, field: str, **values: dict[str, tuple[str, ...]]) -> dict[str, object]:
    """Return a connection's kinds whose fact stands in another field."""
    own = words(**values)
    return {"kinds": {"incident": replace(own, fields=own.fields | {fact: Source(field)})}}


class TestWhatIsNotThere:
    def test_a_site_that_agrees_has_no_problem(self, desk):
        assert said(found(desk), "problem") == []

    def test_two_fields_of_one_name_are_named_with_their_ids(self, desk):
        desk.site.add_field("Symptom", type="text")
        text = problem(desk)
        assert text.startswith("2 fields are called 'Symptom': customfield_")
        assert "write the id of the right one under words: fields: symptom" in text

    def test_a_field_off_the_edit_screen_is_named(self, desk):
        desk.site.remove_from_screen("Urgency")
        assert f"'Urgency' is not on the edit screen of {TYPE!r}" in problem(desk)

    def test_an_unknown_option_is_named_with_its_field(self, desk):
        text = problem(desk, **with_words(impact={"extensive": ("Galactic",), "minor": ("Minor / Localized",)}))
        assert "the field 'Impact' has no 'Galactic' → correct words: values: impact" in text

    def test_a_service_that_the_field_does_not_offer_is_named(self, desk):
        text = problem(desk, **with_words(service={"boats": ("Boats",)}))
        assert "the field 'Service' has no 'Boats' → correct names in services" in text

    def test_an_unknown_priority_is_named(self, desk):
        assert "'Priority' has no 'Blocker'" in problem(desk, **with_words(priority={"P1": ("Blocker",)}))

    def test_a_project_without_service_management_is_named_and_the_others_are_looked_at(self, desk):
        desk.site.add_project("DEV", "Development", kind="software")
        texts = found(desk, projects=("DEV", "IT"))
        assert "DEV is no service management project" in said(texts, "problem")[0]
        assert any("'Completed' counts as closed" in text for text in said(texts, "warning"))

    def test_an_issue_type_that_is_not_there_is_named_with_those_that_are(self, desk):
        text = problem(desk, kinds={"incident": desk.words, "request": replace(desk.words, table="Wish")})
        assert "has the issue type 'Wish'; there are [System] Incident" in text

    def test_a_link_for_the_ticket_above_that_is_not_there_is_named(self, desk):
        warnings = said(found(desk, **with_field("parent", "is the child of")), "warning")
        assert any("neither a link nor a field called 'is the child of'" in text for text in warnings)

    def test_a_group_that_is_not_there_is_named(self, desk):
        text = problem(desk, **with_words(team={"web": ("web",), "night": ("Night watch",)}))
        assert "there is no group 'Night watch'" in text
        assert "correct groups in teams" in text

    def test_a_team_of_the_team_field_is_learnt_from_issues_or_written_as_its_id(self, desk):
        web, night = desk.site.add_team("Web"), desk.site.add_team("Night watch")
        desk.site.create("IT", TYPE, {"summary": "x", "Team": "Web"}, by="ida")
        teams = {"web": ("Web",), "night": ("Night watch",), "day": (night,), "dawn": (web,)}
        text = problem(desk, **with_field("team", "Team", team=teams))
        assert "no issue has the team 'Night watch' in 'Team'" in text
        assert "write the team's id" in text

    def test_a_team_with_a_blank_cannot_be_a_label(self, desk):
        team = {"web": ("web",), "night": ("Night watch",)}
        assert "labels have no spaces: 'Night watch'" in problem(desk, **with_field("team", "labels", team=team))

    def test_a_scope_that_jira_does_not_understand_is_a_problem(self, desk):
        assert "Jira does not understand scope" in problem(desk, scope="flavour = vanilla")

    def test_a_scope_that_lets_nothing_through_is_told(self, desk):
        assert any("lets no issue through" in text for text in said(found(desk, scope="labels = gold"), "warning"))

    def test_all_is_told_at_once(self, desk):
        desk.site.add_field("Symptom", type="text")
        desk.site.remove_from_screen("Urgency")
        odd = with_words(impact={"extensive": ("Galactic",)}, team={"night": ("Night",)})
        assert len(said(found(desk, projects=("IT", "NONE"), **odd), "problem")) == 5


class TestWords:
    def test_a_status_without_a_word_is_told_with_what_it_counts_as(self, desk):
        warnings = "\n".join(said(found(desk), "warning"))
        assert f"statuses of {TYPE!r} without a word go by their category: 'Completed' counts as closed" in warnings

    def test_a_level_without_a_word_is_told(self, desk):
        desk.site.field("Impact").options[desk.site.new_id()] = "Galactic"
        (text,) = [text for text in said(found(desk), "warning") if "Galactic" in text]
        assert text.startswith("'Impact' of '[System] Incident' also has 'Galactic', which rules do not know")

    def test_services_of_the_platform_cannot_be_written_by_name(self, cloud):
        warnings = said(found(cloud, **with_field("service", "Affected services")), "warning")
        assert any("'Affected services' takes no names from outside" in text for text in warnings)

    def test_where_there_is_no_issue_yet_it_says_what_was_not_looked_at(self):
        desk = JiraDesk()
        with serve(desk.site) as desk.url:
            notes = said(found(desk), "note")
        assert any(f"no issue of the type {TYPE!r} yet" in text for text in notes)

    def test_an_account_in_another_language_is_told(self, cloud):
        cloud.site.users[cloud.site.account].language = "de"
        warnings = said(found(cloud), "warning")
        assert any("our account's language is de" in text and "to English" in text for text in warnings)

    @pytest.mark.parametrize(("deployment", "name"), [("Cloud", "Jira Cloud"), ("Server", "Jira Data Center 10.3.12")])
    def test_it_says_which_jira_it_is(self, deployment: str, name: str):
        desk = JiraDesk(deployment)
        with serve(desk.site) as desk.url:
            assert f"{name} → " in said(found(desk), "note")


class TestPeople:
    def test_people_with_one_active_account_are_found(self, desk):
        assert not any("ida@" in text for text in said(found(desk, Staff("ida", "ida@harbour.example")), "warning"))

    def test_a_disabled_user_is_named(self, desk):
        desk.site.deactivate("ida")
        (text,) = [t for t in said(found(desk, Staff("ida", "ida@harbour.example")), "warning") if "ida@" in t]
        assert "the account of ida@harbour.example, Ida Moe, is disabled" in text

    def test_a_disabled_user_is_named_by_the_account_of_the_workspace_too(self, desk):
        desk.site.deactivate("ida")
        staff = Staff("ida", "ida@elsewhere.example", {"jira-apac": "ida"})
        assert any("account of ida, Ida Moe, is disabled" in text for text in said(found(desk, staff), "warning"))

    @pytest.mark.parametrize("accounts", [{}, {"jira-apac": "nobody"}])
    def test_people_without_an_account_are_named_with_where_to_write_it(self, desk, accounts):
        (text,) = [t for t in said(found(desk, Staff("olga", "olga@x.example", accounts)), "warning") if "belong" in t]
        assert "no active accounts belong to" in text
        assert "people: olga: accounts: {jira-apac: …}" in text

    def test_two_accounts_of_one_address_are_one_too_many(self, desk):
        desk.site.add_user("Ida Moe", account="ida.moe", email="ida@harbour.example")
        warnings = said(found(desk, Staff("ida", "ida@harbour.example")), "warning")
        assert any("2 active accounts belong to ida@harbour.example" in text for text in warnings)

    def test_somebody_who_hides_the_address_is_found_and_that_is_told(self, cloud):
        cloud.site.users["ida"].hide_email = True
        findings = found(cloud, Staff("ida", "ida@harbour.example"))
        assert any("Jira hides the address of Ida Moe" in text for text in said(findings, "note"))
        assert not any("ida@" in text for text in said(findings, "warning"))


class TestRights:
    def test_a_wrong_token_is_the_one_finding(self, desk):
        (finding,) = found(desk, password="wrong-horse")
        assert finding.weight == "problem"
        assert "401" in finding.text

    def test_an_account_that_is_no_agent_is_named_with_the_project(self, desk):
        desk.site.users[desk.site.account].agent = False
        text = problem(desk)
        assert "our account is no agent of IT" in text
        assert "Service Desk Team" in text

    def test_an_account_that_may_not_edit_gets_one_line_and_not_one_for_each_field(self, desk):
        for field in desk.site.fields.values():
            field.on_screen = False
        assert f"our account may not edit IT-1: nothing is written to issues of the type {TYPE!r}" in problem(desk)

    def test_a_hidden_history_is_told_with_what_is_lost(self, desk):
        desk.site.hide_changelog()
        warnings = said(found(desk), "warning")
        assert any("the history of '[System] Incident' is not readable" in text for text in warnings)

    def test_hidden_comments_are_told_with_what_is_lost(self, desk):
        desk.site.hide_comments()
        warnings = said(found(desk), "warning")
        assert any("the comments of '[System] Incident' are not readable" in text for text in warnings)

    @pytest.mark.parametrize(
        ("denied", "loss"),
        [
            ("group", "whether the groups of teams are there is not known"),
            ("user/search", "whether people have accounts is not known"),
            ("statuses", "which statuses have no word is not known"),
        ],
    )
    def test_a_part_that_the_token_may_not_read_is_told_and_the_rest_goes_on(self, desk, denied: str, loss: str):
        desk.site.hide_changelog()
        with serve(Denying(desk.site, denied)) as desk.url:
            findings = found(desk, Staff("ida", "ida@harbour.example"))
        warnings = said(findings, "warning")
        assert any(text.startswith(loss) and "403" in text for text in warnings)
        assert any("the history of" in text for text in warnings)
        assert said(findings, "problem") == []


class TestMessages:
    def test_messages_that_jira_mails_itself_are_one_warning_with_the_mend(self, desk):
        rules = (rule("received", "created"), rule("solved", "resolved"), rule("on-it", "assigned", "team"))
        (text,) = [text for text in said(found(desk, rules=rules), "warning") if "mails customers" in text]
        assert "received (on: created), solved (on: resolved)" in text
        assert "switch 'Request created', 'Request resolved' off in Project settings" in text
        assert text.endswith("or say platform_mails: [created, resolved]")

    def test_what_is_left_to_jira_is_doubled_by_nothing(self, desk):
        rules = (rule("received", "created"), rule("solved", "resolved"))
        (text,) = [
            one for one in said(found(desk, rules=rules, mailed=frozenset({"created"})), "warning") if "mails" in one
        ]
        assert "received" not in text
        findings = found(desk, rules=rules, mailed=frozenset({"created", "resolved"}))
        assert not any("mails customers" in one for one in said(findings, "warning"))

    def test_where_requesters_hear_only_of_other_events_nothing_is_doubled(self, desk):
        findings = found(desk, rules=(rule("more-urgent", "prioritised"), rule("hears", "created", "team")))
        assert not any("mails customers" in text for text in said(findings, "warning"))
        assert any("Time to first response" in text for text in said(findings, "note"))

    def test_that_internal_notes_are_proven_in_writing_only_is_told(self, desk):
        assert any("removed if public" in text for text in said(found(desk), "note"))
