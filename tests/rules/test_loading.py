"""What an admin's workspace becomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from loading import BASELINE, CONNECTION, JIRA, MESSAGES, REFERENCE, loaded, rulebook

from connectors.almanac import WorldAlmanac
from connectors.base import Unusable
from connectors.files import read_workspace
from rules.rulebook import Rulebook, Source
from rules.workspace import load


@pytest.fixture(scope="module")
def reference() -> Rulebook:
    if not REFERENCE.is_dir():
        pytest.skip("the reference workspace is not here (ITSM_SYNC_SHARED)")
    answer = load(read_workspace(REFERENCE), BASELINE, MESSAGES, WorldAlmanac())
    assert [problem for problem in answer.problems if problem.weight == "error"] == []
    assert answer.rulebook is not None
    return answer.rulebook


def test_a_workspace_of_one_connection_sets_priorities_and_tells_requesters_what_matters():
    book = rulebook()
    assert book.matrix["extensive", "critical"] == "P1"
    assert book.matrix["minor", "low"] == "P5"
    assert [(rule.on, rule.to, rule.message) for rule in book.communications.rules] == [
        ("resolved", ("requester",), "major-incident-solved"),
        ("major", ("requester",), "major-incident-started"),
        ("resolved", ("requester",), "solved"),
        ("created", ("requester",), "received"),
    ]
    assert book.routes.rules == ()
    assert book.classify.rules == ()
    assert {kind: words.table for kind, words in book.connections["snow"].kinds.items()} == {
        "incident": "incident",
        "request": "sc_req_item",
    }


def test_a_workspace_of_one_connection_has_nothing_to_complain_about():
    assert loaded().problems == ()


def test_the_reference_workspace_has_no_errors_and_each_rule_knows_its_place(reference):
    assert [(rule.name, rule.where) for rule in reference.routes.rules] == [
        ("offered-requests", "routes.yaml:3"),
        ("demand", "routes.yaml:6"),
        ("desk-first", "routes.yaml:9"),
    ]
    assert [rule.name for rule in reference.communications.rules] == [
        "major-incident-solved",
        "major-incident-first-word",
        "solved",
        "not-offered",
        "received",
        "your-turn",
        "supplier",
        "wake-up",
        "escalated",
        "noc-hears",
        "owner-hears",
    ]


def test_reasons_are_the_rules_own_words_else_what_it_does(reference):
    assert reference.reasons["prioritise", 2].text == "The requester is on the VIP list."
    assert reference.reasons["classify", 3].text == ""  # the value that it sets says it all
    assert reference.reasons["classify", 3].where == "services.yaml:35"
    assert reference.reasons["communicate", 0].text.startswith("message ")
    assert reference.reasons["route", 2].where == "routes.yaml:9"


def test_who_has_a_door_that_nothing_opens_is_warned_of():
    owner = "services: {web: {name: Web, owner: ida}}\npeople: {ida: {email: ida@harbour.example}}\n"
    rule = "communications:\n  - {name: now, on: resolved, to: [requester, service.owner], message: solved}\n"
    answer = loaded(rule + owner)
    assert [problem.text for problem in answer.problems] == [
        "told to service.owner: there is no channel for that, it is only journalled",
    ]
    assert answer.rulebook is not None
    assert [(rule.name, rule.to, rule.order) for rule in answer.rulebook.communications.rules] == [
        ("now", ("requester", "service.owner"), 0)
    ]


def test_a_kinds_own_words_go_over_those_of_its_connection(reference):
    words = reference.connections["servicenow-emea"].kinds
    assert words["incident"].fields["requester"] == Source("caller_id")
    assert words["request"].fields["requester"] == Source("request.requested_for")
    assert words["request"].fields["team"] == Source("assignment_group")
    assert words["request"].values["status"]["closed"] == ("3", "4", "7")
    assert words["incident"].values["team"]["web"] == ("Web",)
    assert words["incident"].values["service"]["booking"] == ("Online Booking",)


def test_a_desk_writes_only_what_its_instance_calls_differently():
    book = rulebook("words: {snow: {fields: {team: u_group}, values: {urgency: {high: 1, low: [2, 3]}}}}")
    words = book.connections["snow"].kinds["incident"]
    assert words.fields["team"] == Source("u_group")
    assert words.fields["status"] == Source("state")
    assert words.values["urgency"] == {"high": ("1",), "low": ("2", "3")}
    assert words.values["impact"]["extensive"] == ("1",)


def test_what_the_form_fills_in_is_told_in_our_words(reference):
    assert reference.connections["servicenow-emea"].kinds["incident"].not_chosen == {
        "impact": "minor",
        "urgency": "low",
    }


def test_a_fact_given_by_a_value_of_a_field_is_never_watched_or_written():
    book = rulebook(
        "words: {snow: {fields: {risky: u_risk=yes}}}",
        "classify:\n  - {name: a, when: {risky: true}, set: {risky: true, category: x, labels: y}}\n",
    )
    words = book.connections["snow"].kinds["incident"]
    assert words.fields["risky"] == Source("u_risk", "yes")
    assert words.watched == ("category", "impact", "team", "urgency")


def test_the_keys_of_a_connection_arrive_as_they_are_meant():
    connection = CONNECTION + (
        "    kinds: {incident: u_incident}\n    since: 2026-11-02T08:00+01:00\n    poll: 5m\n    mode: advise\n"
        "    robots: [system]\n    proxy: http://proxy.example:3128\n    ca_file: ca.pem\n    scope: active=true\n"
    )
    book = rulebook(connection=connection).connections["snow"]
    assert book.since == datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
    assert book.poll == timedelta(minutes=5)
    assert (book.mode, book.robots, book.scope) == ("advise", frozenset({"system"}), "active=true")
    assert (book.proxy, book.ca_file) == ("http://proxy.example:3128", "ca.pem")
    assert book.auth == {"user": "sync", "password": "${PASSWORD}"}
    assert book.kinds["incident"].table == "u_incident"


def test_layout_comments_and_the_way_to_a_platform_do_not_change_the_digest():
    rules = "routes: [{name: a, assign: {team: web}}]\nteams: {web: {groups: {snow: Web}}}"
    other = (
        "# the teams\nteams:\n  web:\n    groups: {'snow': \"Web\"}\nroutes:\n  - assign: {team: web}\n    name: a\n"
    )
    moved = CONNECTION.replace("desk.service-now", "test.service-now").replace("PASSWORD", "OTHER")
    assert rulebook(rules).digest == rulebook(other, connection=moved).digest


def test_a_rule_that_decides_otherwise_changes_the_digest():
    rules = "adjust: [{name: a, at_least: P2}]"
    assert rulebook(rules).digest != rulebook(rules.replace("P2", "P3")).digest


def test_it_does_not_matter_in_which_file_a_key_stands():
    people = "people: {ida: {email: ida@desk.example}}"
    assert rulebook(people, "mode: advise").digest == rulebook(people + "\nmode: advise").digest


def test_a_key_of_the_workspace_replaces_the_default_packs_whole():
    book = rulebook(
        "adjust: []\npriorities: [{name: P1}, {name: P2}, {name: P3}, {name: P4}, {name: P5, title: Some day}]"
    )
    assert book.adjust.rules == ()
    assert book.titles["P5"] == "Some day"
    assert book.titles["P1"] == "P1"


def test_services_tell_rules_what_stands_behind_them():
    book = rulebook(
        "services: {pay: {name: Payments, business_value: high, team: web, owner: ida}}",
        "teams: {web: {groups: {snow: Web}}}",
        "people: {ida: {email: ida@desk.example, accounts: {snow: ida.h}, language: nb}}",
    )
    assert book.services["pay"].facts == {
        "service.business_value": "high",
        "service.team": "web",
        "service.owner": "ida",
    }
    assert book.people["ida"].accounts == {"snow": "ida.h"}


def test_a_follow_the_sun_team_has_regions(reference):
    assert reference.teams["service-desk"].regions == ("desk-oslo", "desk-vancouver", "desk-saigon")
    assert reference.teams["desk-oslo"].groups["servicenow-emea"] == "Service Desk Oslo"


def test_each_stage_reads_what_its_rules_and_itself_look_at(reference):
    assert set(reference.adjust.uses) == {
        "impact",
        "urgency",
        "kind",
        "risk",
        "requester.vip",
        "service.business_value",
    }
    assert set(reference.routes.uses) == {"kind", "service", "service.team"}
    assert reference.events == {"created", "escalated", "major", "resolved", "waiting"}


def test_rules_about_major_incidents_are_known_as_such():
    book = rulebook(
        "communications:\n"
        "  - {name: declared, on: major, to: [requester], message: major-incident-started}\n"
        "  - {name: asked, on: resolved, when: {major: true, kind: incident}, to: [team], message: solved}\n"
        "  - {name: listed, on: resolved, when: {major: [true]}, to: [team], message: solved}\n"
        "  - {name: within, on: resolved, when: {all: [{title: x}, {major: true}]}, to: [team], message: solved}\n"
        "  - {name: either, on: resolved, when: {any: [{major: true}, {kind: request}]}, to: [team], message: solved}\n"
        "  - {name: both, on: resolved, when: {major: [true, false]}, to: [team], message: solved}\n"
        "  - {name: denied, on: resolved, when: {not: {major: true}}, to: [team], message: solved}\n"
        "  - {name: other, on: resolved, to: [team], message: solved}\n"
    )
    about = [rule.name for rule in book.communications.rules if rule.major]
    assert about == ["declared", "asked", "listed", "within"]


def test_a_folder_is_read_with_its_rules_and_templates_and_nothing_else(tmp_path):
    for name in (
        "desk.yaml",
        "rules/a.yaml",
        "templates/nb/solved.md.j2",
        "tests/case.yaml",
        "notes.txt",
        "rules/deep/b.yaml",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}", encoding="utf-8")
    assert read_workspace(tmp_path) == {
        "desk.yaml": "# desk.yaml",
        "rules/a.yaml": "# rules/a.yaml",
        "templates/nb/solved.md.j2": "# templates/nb/solved.md.j2",
    }


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [(b"a: b\nc: \xff", 2, "this is not UTF-8"), ("é".encode() * 1_000_001, 1, "longer than 1,000,000 characters")],
)
def test_a_file_that_cannot_be_a_workspaces_is_named_with_its_line_beside_all_other_problems(
    tmp_path, content, line, said
):
    (tmp_path / "desk.yaml").write_bytes(content)
    (tmp_path / "other.yaml").write_text("mode: aply")
    problems = load(read_workspace(tmp_path), BASELINE, MESSAGES, WorldAlmanac()).problems
    assert (problems[0].file, problems[0].line, problems[0].text) == ("desk.yaml", line, said)
    assert "other.yaml" in {problem.file for problem in problems}


def test_a_folder_that_would_fill_the_memory_is_none_of_a_workspace(tmp_path, monkeypatch):
    (tmp_path / "desk.yaml").write_text("#" * 101)
    monkeypatch.setattr("connectors.files.LARGEST", 100)
    with pytest.raises(Unusable, match="larger than 100 bytes together"):
        read_workspace(tmp_path)


@pytest.mark.parametrize("name", ["\x1b[31m.yaml", "a\nb.yaml", "\udcff.yaml"])
def test_a_file_whose_name_would_steer_a_terminal_is_to_be_renamed(tmp_path, name):
    (tmp_path / name).write_text("desk: x")
    with pytest.raises(Unusable, match="rename the file") as caught:
        read_workspace(tmp_path)
    assert str(caught.value).isprintable()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(Unusable, match="is no folder"):
        read_workspace(tmp_path / "nowhere")


def test_a_jira_connection_reads_the_incidents_and_requests_of_its_projects():
    answer = loaded(connection=JIRA + "    scope: labels != ignored\n    robots: Automation for Jira\n")
    assert answer.problems == ()
    assert answer.rulebook is not None
    jira = answer.rulebook.connections["jira"]
    assert jira.projects == ("IT",)
    assert (jira.scope, jira.robots) == ("labels != ignored", frozenset({"Automation for Jira"}))
    assert jira.auth == {"user": "sync@desk.example", "token": "${JIRA_TOKEN}"}
    assert {kind: words.table for kind, words in jira.kinds.items()} == {
        "incident": "[System] Incident",
        "request": "[System] Service request",
    }


def test_both_platforms_stand_in_one_workspace_each_with_its_own_words():
    book = rulebook(connection=CONNECTION + JIRA.replace("connections:\n", "").lstrip("\n"))
    snow, jira = (book.connections[name].kinds["incident"] for name in ("snow", "jira"))
    assert (snow.fields["requester"], jira.fields["requester"]) == (Source("caller_id"), Source("reporter"))
    assert (snow.values["priority"]["P1"], jira.values["priority"]["P1"]) == (("1",), ("Highest",))


def test_stock_jira_has_words_for_every_impact_and_urgency_and_lets_the_priority_be_written():
    words = rulebook(connection=JIRA).connections["jira"].kinds["incident"]
    for impact, theirs in words.values["impact"].items():
        assert theirs[0].casefold().startswith(f"{impact} / ")
    assert words.values["urgency"]["low"] == ("Low", "Lowest")
    assert words.set_priority_by == ("priority",)
    assert all(words.writable("priority", priority) for priority in ("P1", "P2", "P3", "P4", "P5"))
    assert all(
        words.writable(scale, level)
        for scale in ("impact", "urgency")
        for level in rulebook(connection=JIRA).scales[scale]
    )


def test_each_state_of_stock_jira_has_one_meaning():
    words = rulebook(connection=JIRA).connections["jira"].kinds["request"]
    meant = {theirs: ours for ours, names in words.values["status"].items() for theirs in names}
    assert len(meant) == sum(map(len, words.values["status"].values()))
    assert meant["Waiting for customer"] == "waiting"
    assert meant["Resolved"] == meant["Completed"] == "resolved"
    assert meant["Declined"] == "cancelled"


def test_stock_jira_says_neither_who_has_a_ticket_nor_what_is_major():
    assert not {"team", "major"} & set(rulebook(connection=JIRA).connections["jira"].kinds["incident"].fields)


@pytest.mark.parametrize("field", ["labels", "components", "Assignment group", "customfield_10010"])
def test_a_desk_says_which_field_of_jira_holds_its_teams(field):
    rules = f"teams: {{web: {{groups: {{jira: web}}}}}}\nwords: {{jira: {{fields: {{team: {field}}}}}}}\n"
    words = rulebook(rules, connection=JIRA).connections["jira"].kinds["incident"]
    assert words.fields["team"] == Source(field)
    assert words.writable("team", "web")
    assert "team" in words.watched


def test_a_link_may_be_the_parent_and_a_member_of_an_organisation_a_vip(reference):
    fields = reference.connections["jira-apac"].kinds["incident"].fields
    assert fields["parent"] == Source("is caused by")
    assert fields["requester.vip"] == Source("Organizations", "Board")
    assert fields["major"] == Source("labels", "major-incident")


def test_other_projects_and_another_scope_change_the_digest():
    digests = {rulebook(connection=JIRA + more).digest for more in ("", "    scope: labels != a\n")}
    digests.add(rulebook(connection=JIRA.replace("[IT]", "[IT, HR]")).digest)
    assert len(digests) == 3


def test_the_reference_workspace_is_warned_of_nothing():
    if not REFERENCE.is_dir():
        pytest.skip("the reference workspace is not here (ITSM_SYNC_SHARED)")
    assert load(read_workspace(REFERENCE), BASELINE, MESSAGES, WorldAlmanac()).problems == ()
