"""What an admin reads when something is wrong: the place, the line itself, the fault, the mend. All at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from loading import BASELINE, CONNECTION, JIRA, MESSAGES, REFERENCE, loaded, only

from connectors.almanac import WorldAlmanac
from connectors.files import read_workspace
from rules.problems import Place, Report, pretty
from rules.workspace import load

TEAM = "teams: {web: {groups: {snow: Web}}}"


def test_a_problem_shows_its_line_with_a_caret_under_the_fault():
    answer = loaded("classify:\n  - name: a\n    wen: {kind: incident}\n    set: {labels: x}\n")
    assert pretty(only(answer)) == (
        "a.yaml:3:5: error: unknown key 'wen'\n        wen: {kind: incident}\n        ^\n    did you mean 'when'?"
    )


def test_the_caret_stands_right_after_wide_letters():
    shown = pretty(only(loaded("adjust: [{name: 付款, at_lest: P1}]")))
    assert shown.splitlines()[1:3] == ["    adjust: [{name: 付款, at_lest: P1}]", "    " + " " * 22 + "^"]


def test_all_problems_come_at_once_whatever_is_wrong_in_other_files():
    answer = loaded("calendars: a: b", "desk: 5", "routes: [{name: a, assign: {team: nobody}}]\nteams: {}")
    assert [(problem.file, problem.text) for problem in answer.problems if problem.weight == "error"] == [
        ("a.yaml", "not YAML: mapping values are not allowed in this context"),
        ("b.yaml", "'desk' must be a text, not the number 5"),
        ("c.yaml", "'nobody' is not under teams:"),
    ]
    assert answer.rulebook is None


def test_what_may_stand_in_a_file_that_cannot_be_read_is_not_called_missing():
    answer = loaded("teams: [\n", "routes: [{name: a, assign: {team: web}, when: {symptom: x}}]")
    assert [problem.file for problem in answer.problems if problem.weight == "error"] == ["a.yaml"]


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ("services:\n\tpay: {}", "2:1 not YAML: found character that cannot start any token"),
        ("desk: " + "[" * 60, "1:46 more than 40 levels inside each other"),
        ("desk: a\0", "1:8 a character that no text may contain"),
    ],
)
def test_texts_that_are_broken_by_what_cannot_be_seen_are_told_so(rules, expected):
    problem = only(loaded(rules))
    assert f"{problem.line}:{problem.column} {problem.text}" == expected


GOLDEN = (Path(__file__).parent / "golden" / "problems.txt").read_text(encoding="utf-8").split("=====\n")


@pytest.mark.parametrize("case", GOLDEN, ids=[case.splitlines()[0] for case in GOLDEN])
def test_every_fault_is_told_with_its_place_and_what_would_be_right(case):
    rules, expected = case.split("-----\n")
    assert pretty(only(loaded(rules))) == expected.rstrip()


CALENDARS = (Path(__file__).parent / "golden" / "calendars.txt").read_text(encoding="utf-8").split("=====\n")


@pytest.mark.parametrize("case", CALENDARS, ids=[case.split("-----\n")[1].splitlines()[0] for case in CALENDARS])
def test_every_fault_of_calendars_and_of_who_is_on_duty_is_told_with_its_place_and_what_would_be_right(case):
    rules, expected = case.split("-----\n")
    assert pretty(only(loaded(rules))) == expected.rstrip()


CONNECTIONS = (Path(__file__).parent / "golden" / "connections.txt").read_text(encoding="utf-8").split("=====\n")


@pytest.mark.parametrize("case", CONNECTIONS, ids=[case.split("-----\n")[1].splitlines()[0] for case in CONNECTIONS])
def test_what_does_not_fit_a_connections_platform_is_told_with_its_place_and_what_would_be_right(case):
    desk, expected = case.split("-----\n")
    (problem,) = loaded(connection=desk).problems
    assert pretty(problem) == expected.rstrip()


def test_order_by_within_a_text_of_jql_is_no_order():
    scope = """    scope: 'summary ~ "order by \\"x\\"" AND labels != border by' """.rstrip()
    assert loaded(connection=JIRA + scope).problems == ()


@pytest.mark.parametrize(
    "auth",
    [
        '{user: a@b.example, token: "${T}"}',
        '{client_id: a, client_secret: "${S}"}',
        '{token: "${T}"}',
        '{user: a, password: "${P}"}',
    ],
)
def test_jira_takes_the_accounts_of_cloud_and_of_data_center(auth):
    assert loaded(connection=JIRA.replace('{user: sync@desk.example, token: "${JIRA_TOKEN}"}', auth)).problems == ()


def test_a_jira_connection_needs_groups_for_the_teams_that_its_tickets_can_reach():
    rules = "teams: {web: {}}\nroutes: [{name: a, assign: {team: web}}]\nwords: {jira: {fields: {team: labels}}}\n"
    assert (
        only(loaded(rules, connection=JIRA)).text
        == "the team 'web' has no group on jira, whose tickets can reach it (a.yaml:2)"
    )


def test_where_no_field_holds_the_team_one_warning_says_so_and_groups_are_not_asked_for():
    routes = "routes: [{name: a, when: {kind: request}, assign: {team: web}}, {name: b, assign: {team: web}}]\n"
    warning = only(loaded("teams: {web: {}}\n" + routes, connection=JIRA), "warning")
    assert warning.text == "no field of jira holds the team: routes do nothing there"
    assert warning.mend == "name it: words: {jira: {fields: {team: …}}}"


def test_a_rule_that_waits_for_major_incidents_of_a_platform_that_names_none_is_warned_of():
    rule = "communications: [{name: a, on: major, to: [requester], message: major-incident-started}]\n"
    warning = only(loaded(rule, connection=JIRA), "warning")
    assert (warning.line, warning.text) == (1, "no field of jira says what is major: this never happens there")
    assert loaded(rule + "words: {jira: {fields: {major: labels=major}}}\n", connection=JIRA).problems == ()
    assert loaded(rule).problems == ()


def test_readers_whom_no_channel_reaches_are_warned_of_and_participants_read_what_the_requester_does():
    to = "[requester, participants, service.sponsor, boards]"
    channel = "channels: {boards: {kind: teams, url: 'https://chat.example/hook'}}\n"
    answer = loaded(f"{channel}communications: [{{name: a, on: major, to: {to}, message: major-incident-started}}]\n")
    said = [problem.text for problem in answer.problems]
    assert "told to service.sponsor: there is no channel for that, it is only journalled" in said
    assert not any("participants" in text for text in said)
    assert answer.rulebook is not None
    assert answer.rulebook.communications.rules[0].to == ("requester", "service.sponsor", "boards")


def test_a_matrix_must_have_a_row_per_impact_and_a_column_per_urgency():
    rules = "scales: {impact: [high, low], urgency: [high, low]}\nadjust: []\n"
    unmapped = "words: {snow: {values: {impact: {}, urgency: {}}}}"
    answer = loaded(rules, unmapped, "matrix:\n  high: [P1, P7]\n  lw: [P3]\n")
    assert [problem.text for problem in answer.problems] == [
        "'matrix' lacks a row for impact low",
        "'P7' is no priority",
        "'lw' is no impact",
    ]


def test_a_team_that_tickets_can_reach_needs_a_group():
    rules = "services: {pay: {name: Payments, team: web}}\nteams: {web: {}, other: {}}\n"
    reached = only(loaded(rules, "routes: [{name: a, when: {kind: request}, assign: {team: service.team}}]"))
    assert reached.text == "the team 'web' has no group on snow, whose tickets can reach it (a.yaml:1)"
    unreached = loaded(rules, "routes: [{name: a, when: {kind: problem}, assign: {team: service.team}}]")
    assert unreached.rulebook is not None


def test_a_team_without_a_group_is_reported_with_the_first_route_that_leads_to_it():
    routes = "routes:\n- {name: a, when: {kind: request}, assign: {team: web}}\n- {name: b, assign: {team: web}}\n"
    assert only(loaded("teams: {web: {}}", routes)).text.endswith("(b.yaml:2)")


def test_every_region_of_a_follow_the_sun_team_needs_a_group():
    teams = "teams: {sun: {follow_the_sun: [a, b]}, a: {groups: {snow: A}, calendar: always}, b: {calendar: always}}"
    assert (
        only(loaded(teams, "routes: [{name: r, assign: {team: sun}}]")).text
        == "the team 'b' has no group on snow, whose tickets can reach it (a.yaml:1)"
    )


def test_routes_after_one_that_always_matches_are_warned_of():
    routes = "routes:\n- {name: a, assign: {team: web}}\n- {name: b, assign: {team: web}}\n"
    warning = only(loaded(TEAM, routes), "warning")
    assert (warning.line, warning.text) == (3, "this route never matches: the one in b.yaml:2 always does")


def test_a_last_route_with_a_condition_gets_advice():
    warning = only(loaded(TEAM, "routes: [{name: a, when: {kind: incident}, assign: {team: web}}]"), "warning")
    assert warning.text == "advice: tickets that no route matches stay without a team"


def test_a_language_that_a_message_lacks_is_warned_of():
    answer = loaded("languages: [en, fr]", messages={"received": frozenset({"en"}), "solved": frozenset({"en", "fr"})})
    warning = only(answer, "warning")
    assert warning.text == "the message 'received' is missing in fr"
    assert warning.file == "baseline/communications.yaml"


def test_a_rule_bolder_than_its_desk_is_warned_of():
    rules = "mode: advise\nadjust: [{name: a, mode: apply, at_most: P2}]"
    assert only(loaded(rules), "warning").text == "'apply' is bolder than the desk's mode, which wins: advise"


@pytest.mark.parametrize("secret", ["hunter2", '"hunter2"', "'hunter2'", "hunter2 }x", '"hunter2 \\" hunter2"'])
def test_a_password_that_is_written_out_is_warned_of_and_never_shown(secret):
    connection = CONNECTION.replace(
        '{user: sync, password: "${PASSWORD}"}', f"\n      user: sync\n      password: {secret}\n"
    )
    answer = loaded(connection=connection)
    assert only(answer, "warning").text == "the password is written out in a file"
    assert "hunter2" not in "".join(map(pretty, answer.problems))


def test_a_password_of_the_wrong_type_is_never_shown():
    answer = loaded(connection=CONNECTION.replace('"${PASSWORD}"', "428517"))
    assert only(answer).text == "'password' must be a text, not '…'"
    assert "428517" not in "".join(map(pretty, answer.problems))


def test_half_an_account_is_no_account():
    answer = loaded(connection=CONNECTION.replace('password: "${PASSWORD}"', "client_id: x"))
    assert only(answer).text == "'auth' of servicenow is {user: …, password: …} or {client_id: …, client_secret: …}"


def test_a_fault_in_the_default_pack_says_which_key_the_workspace_must_bring():
    rules = "scales: {impact: [extensive, significant, moderate, minor], urgency: [critical, high, medium, low]}"
    problems = loaded(rules).problems
    assert {problem.file for problem in problems} == {"baseline/priorities.yaml"}
    assert {problem.mend for problem in problems} == {
        "your workspace replaces what the default pack builds on here: write your own 'adjust:', too"
    }


def test_the_same_key_in_two_files_is_refused_with_both_places():
    problem = only(loaded("desk: a", "desk: b"))
    assert (problem.file, problem.text) == ("b.yaml", "'desk' stands in two files; the other is a.yaml:1")


def test_of_too_many_problems_a_hundred_are_shown_errors_first_and_the_rest_is_counted():
    report = Report({})
    for line in range(1, 1_251):
        report.warn(Place("a.yaml", line, 1), "odd")
    report(Place("b.yaml", 1, 1), "wrong")
    *shown, last = report.problems
    assert [(problem.file, problem.line) for problem in shown] == [
        *(("a.yaml", n) for n in range(1, 100)),
        ("b.yaml", 1),
    ]
    assert last.text == "1,151 more problems are not shown, of which this is the first"


def test_the_same_key_a_thousand_times_is_an_error_without_a_thousand_lines():
    answer = loaded("desk: a\n" * 1_000)
    assert (answer.rulebook, len(answer.problems)) == (None, 101)


def test_a_file_that_would_be_passed_over_by_its_name_is_refused():
    answer = load({"desk.yaml": CONNECTION, "rules/more.yml": "a: b"}, BASELINE, MESSAGES)
    assert only(answer).mend == "name it rules/more.yaml"


def test_an_empty_workspace_is_told_what_it_needs():
    answer = load({}, BASELINE, MESSAGES)
    assert (only(answer).file, only(answer).text) == ("desk.yaml", "the workspace lacks 'connections'")


def test_control_characters_of_a_file_never_reach_a_terminal():
    shown = pretty(only(loaded('desk: "a\x1b[31m"')))
    assert "\x1b" not in shown


JUNK = st.sampled_from(
    [
        *("[", "{", "}", "]", '"', ":", "\t", "- ", "&a ", "*a", "!x ", "null", "5e86", "true", "[]", "{a: {b: c}}"),
        *("\n", "  ", "\0", "付", "#", "|", "%", "-5", "\ud800", "=", "\u2028", "..", "{empty: true}"),
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_whatever_is_mistyped_in_the_reference_workspace_is_answered_with_a_place(data):
    texts = _reference()
    name = data.draw(st.sampled_from(sorted(name for name in texts if name.endswith(".yaml"))))
    text = texts[name]
    start = data.draw(st.integers(0, len(text)))
    end = min(len(text), start + data.draw(st.integers(0, 12)))
    answer = load({**texts, name: text[:start] + data.draw(JUNK) + text[end:]}, BASELINE, MESSAGES, WorldAlmanac())
    assert (answer.rulebook is None) == any(problem.weight == "error" for problem in answer.problems)
    for problem in answer.problems:
        assert problem.file in texts or problem.file.startswith("baseline/")
        assert problem.line >= 1
        assert problem.column >= 1
        assert pretty(problem).startswith(f"{problem.file}:{problem.line}:{problem.column}: ")


def _reference() -> dict[str, str]:
    if not REFERENCE.is_dir():
        pytest.skip("the reference workspace is not here (ITSM_SYNC_SHARED)")
    return read_workspace(REFERENCE)
