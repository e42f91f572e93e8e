"""What an admin's workspace becomes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from loading import BASELINE, CONNECTION, MESSAGES, REFERENCE, loaded, only, rulebook

from connectors.base import Unusable
from connectors.files import read_workspace
from rules.rulebook import Rulebook, Source
from rules.workspace import load


@pytest.fixture(scope="module")
def reference() -> Rulebook:
    if not REFERENCE.is_dir():
        pytest.skip("the reference workspace is not here (ITSM_SYNC_SHARED)")
    answer = load(read_workspace(REFERENCE), BASELINE, MESSAGES)
    assert [problem for problem in answer.problems if problem.weight == "error"] == []
    assert answer.rulebook is not None
    return answer.rulebook


def test_a_workspace_of_one_connection_sets_priorities_and_tells_requesters_two_things():
    book = rulebook()
    assert book.matrix["extensive", "critical"] == "P1"
    assert book.matrix["minor", "low"] == "P5"
    assert [(rule.on, rule.to, rule.message) for rule in book.communications.rules] == [
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
        "solved",
        "not-offered",
        "received",
    ]


def test_reasons_are_the_rules_own_words_else_what_it_does(reference):
    assert reference.reasons["prioritise", 2].text == "The requester is on the VIP list."
    assert reference.reasons["classify", 3].text == ""  # the value that it sets says it all
    assert reference.reasons["classify", 3].where == "services.yaml:35"
    assert reference.reasons["communicate", 0].text.startswith("message ")
    assert reference.reasons["route", 2].where == "routes.yaml:9"


def test_what_cannot_run_yet_is_warned_of_once_each_and_left_out():
    answer = loaded(
        "communications:\n"
        "  - {name: later, after: [{resolved: 48h}], to: [team], message: solved}\n"
        "  - {name: now, on: resolved, to: [requester, service.owner], message: solved}\n"
    )
    assert [problem.text for problem in answer.problems] == [
        "the rule 'later' does not run: 'after' is not supported yet",
        "not told to service.owner: not supported yet, has no effect",
    ]
    assert answer.rulebook is not None
    assert [(rule.name, rule.to, rule.order) for rule in answer.rulebook.communications.rules] == [
        ("now", ("requester",), 0)
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
    assert reference.events == {"created", "resolved"}


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


@pytest.mark.parametrize(("content", "said"), [(b"a: \xff", "desk.yaml:1 is not UTF-8"), (b"#" * 1_000_001, "larger")])
def test_a_file_that_cannot_be_a_workspaces_is_named(tmp_path, content, said):
    (tmp_path / "desk.yaml").write_bytes(content)
    with pytest.raises(Unusable, match=said):
        read_workspace(tmp_path)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(Unusable, match="is no folder"):
        read_workspace(tmp_path / "nowhere")


def test_a_jira_connection_is_judged_and_left_out():
    jira = CONNECTION + (
        "  jira: {platform: jira_service_management, url: https://desk.atlassian.net, auth: {user: a, token: '${T}'}}\n"
    )
    answer = loaded("teams: {web: {groups: {snow: Web}}}\nroutes: [{name: a, assign: {team: web}}]", connection=jira)
    assert (
        only(answer, "warning").text
        == "the connection 'jira': Jira Service Management is not supported yet, has no effect"
    )
    assert answer.rulebook is not None
    assert list(answer.rulebook.connections) == ["snow"]
