"""What `itsm-sync check` finds, in the texts of a workspace and on the platform, and that it changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_line import PASSWORD, Run, Served

from commands import workspace
from connectors.sandbox import Fault
from connectors.sandbox.servicenow import World
from sync import Desk

DESK = """\
connections:
  sn:
    platform: servicenow
    url: {url}
    auth: {{user: itsm.sync, password: "${{SERVICENOW_PASSWORD}}"}}
    kinds: {{incident: incident}}
    since: 2026-11-01T00:00Z
words: {{sn: {{fields: {{mark: u_itsm_sync}}}}}}
teams: {{web: {{groups: {{sn: Web}}}}}}
routes: [{{name: all, assign: {{team: web}}}}]
"""
GOOD_MESSAGE = "{% block subject %}Hello{% endblock %}{% block body %}Hello {{ reader.first_name }}{% endblock %}"


def lay_out(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


def good_desk(folder: Path, url: str = "https://desk.service-now.com") -> None:
    lay_out(folder, {"desk.yaml": DESK.format(url=url)})


def problems(run: Run, folder: Path) -> list[dict[str, Any]]:
    result = run("check", "-w", folder, "--json")
    found = json.loads(result.output)["problems"]
    assert result.exit_code == (2 if any(problem["weight"] == "error" for problem in found) else 0)
    return found


def test_a_good_workspace_is_counted_in_one_line(run: Run, folder: Path):
    good_desk(folder)
    result = run("check", "-w", folder)
    assert result.exit_code == 0
    assert result.output == "Service Desk: 9 rules, 1 connection, 0 warnings.\n"


def test_all_problems_are_shown_at_once_with_their_places(run: Run, folder: Path):
    good_desk(folder)
    wrong = "communications:\n  - {name: a, on: made, to: [requester], message: received}\n"
    lay_out(folder, {"rules/a.yaml": wrong, "rules/b.yaml": "classify:\n  - {name: b, when: {colour: red}, set: {}}\n"})
    result = run("check", "-w", folder)
    assert result.exit_code == 2
    assert "rules/a.yaml:2:" in result.output
    assert "rules/b.yaml:2:" in result.output
    assert "nothing was done" in result.output


def test_a_file_that_is_not_utf8_is_a_problem_and_no_accident(run: Run, folder: Path):
    good_desk(folder)
    (folder / "rules").mkdir()
    (folder / "rules" / "a.yaml").write_bytes(b"desk: K\xf8\n")
    (problem,) = problems(run, folder)
    assert "UTF-8" in problem["text"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{% block subject %}Hi{% endblock %}{% block body %}{{ ticket.key", "nb/received"),
        (GOOD_MESSAGE.replace("first_name", "frist_name"), "did you mean 'reader.first_name'?"),
        (GOOD_MESSAGE.replace("first_name", "first_name | uper"), "filter"),
    ],
)
def test_a_message_that_cannot_be_written_makes_the_workspace_broken(run: Run, folder: Path, source: str, says: str):
    good_desk(folder)
    lay_out(folder, {"templates/nb/received.md.j2": source})
    result = run("check", "-w", folder)
    assert result.exit_code == 2
    assert "templates/nb/received.md.j2:1:" in result.output
    assert says in result.output


def test_a_message_may_name_the_facts_of_the_desks_own_words(run: Run, folder: Path):
    desk = DESK.format(url="https://desk.service-now.com").replace("mark:", "symptom: u_symptom, mark:")
    lay_out(
        folder,
        {"desk.yaml": desk, "templates/en/received.md.j2": GOOD_MESSAGE.replace("reader.first_name", "ticket.symptom")},
    )
    assert [problem["weight"] for problem in problems(run, folder)] == ["warning"]  # the other languages are built in
    good_desk(folder)
    wrong = [problem["text"] for problem in problems(run, folder) if problem["weight"] == "error"]
    assert ["ticket.symptom" in text for text in wrong] == [True]


def test_broken_rules_and_broken_messages_are_shown_together(run: Run, folder: Path):
    good_desk(folder)
    lay_out(
        folder,
        {"rules/a.yaml": "quite: wrong\n", "templates/en/received.md.j2": GOOD_MESSAGE.replace("reader", "raeder")},
    )
    assert [problem["file"] for problem in problems(run, folder)] == ["rules/a.yaml", "templates/en/received.md.j2"]


def test_a_broken_message_stops_no_cycle_but_is_held_back_itself(run: Run, folder: Path, serve_world: Served):
    world = instance()
    good_desk(folder, serve_world(world))
    lay_out(folder, {"templates/en/received.md.j2": "{% block body %}"})
    kari = world.add_user("kari", "Kari Nordmann")
    ticket = world.insert("incident", {"short_description": "x", "caller_id": kari}, by="kari")
    with workspace.opened(Desk, folder) as desk:
        report = desk.cycle()
    assert report.problems == {}
    assert report.counts["written"] == 1
    assert [entry for entry in world.journal(ticket) if entry.element == "comments"] == []


# Online


def instance() -> World:
    world = World(extra_fields={"incident": {"u_itsm_sync": "string(255)"}})
    world.add_group("Web")
    world.set_property("glide.invalid_query.returns_no_rows", "true")
    return world


def online(run: Run, folder: Path, world: World) -> tuple[int, list[dict[str, str]]]:
    """Return the exit code and the findings, after seeing that the platform has what it had before."""
    before = {table: dict(kept.records) for table, kept in world.tables.items()}
    result = run("check", "-w", folder, "--online", "--json")
    assert {table: dict(kept.records) for table, kept in world.tables.items()} == before
    assert [request for request in world.requests if request.method not in ("GET", "PATCH")] == []
    assert [
        request.body for request in world.requests if request.method == "PATCH" and request.body not in ({}, "{}", None)
    ] == []
    return result.exit_code, json.loads(result.output)["online"]["sn"]


def test_an_instance_that_agrees_has_nothing_to_say(run: Run, folder: Path, serve_world: Served):
    world = instance()
    good_desk(folder, serve_world(world))
    assert online(run, folder, world) == (0, [])


def test_nothing_is_asked_without_online(run: Run, folder: Path, serve_world: Served):
    world = instance()
    good_desk(folder, serve_world(world))
    assert run("check", "-w", folder).exit_code == 0
    assert world.requests == []


def test_a_wrong_password_is_the_one_finding(run: Run, folder: Path, serve_world: Served, monkeypatch):
    world = instance()
    good_desk(folder, serve_world(world))
    monkeypatch.setenv("SERVICENOW_PASSWORD", f"{PASSWORD[::-1]}")
    code, (finding,) = online(run, folder, world)
    assert (code, finding["weight"]) == (3, "problem")
    assert "401" in finding["text"]
    assert PASSWORD[::-1] not in json.dumps(finding)


def test_a_password_that_is_not_set_is_named_by_its_variable(run: Run, folder: Path, serve_world: Served, monkeypatch):
    world = instance()
    good_desk(folder, serve_world(world))
    monkeypatch.delenv("SERVICENOW_PASSWORD")
    code, (finding,) = online(run, folder, world)
    assert code == 3
    assert "SERVICENOW_PASSWORD" in finding["text"]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("sn: Web", "sn: Wbe", "no active groups are called 'Wbe'"),
        ("u_itsm_sync", "u_itsm_snyc", "no table has the field u_itsm_snyc"),
        ("{incident: incident}", "{incident: incidnet}", "incidnet"),
    ],
)
def test_what_the_instance_does_not_have_is_a_problem(run, folder: Path, serve_world: Served, right, wrong, says):
    world = instance()
    lay_out(folder, {"desk.yaml": DESK.format(url=serve_world(world)).replace(right, wrong)})
    code, found = online(run, folder, world)
    assert code == 3
    assert any(says in finding["text"] for finding in found if finding["weight"] == "problem")


def with_impacts(minor: str, url: str) -> str:
    values = f'mark: u_itsm_sync}}, values: {{impact: {{extensive: "1", significant: "2", minor: {minor}}}}}'
    return DESK.format(url=url).replace("mark: u_itsm_sync}", values)


def test_an_unknown_choice_that_is_written_is_a_problem_here_and_at_the_start(run, folder, serve_world: Served):
    world = instance()
    lay_out(folder, {"desk.yaml": with_impacts('"33"', serve_world(world))})
    code, found = online(run, folder, world)
    assert code == 3
    assert ["no choice '33'" in finding["text"] for finding in found if finding["weight"] == "problem"] == [True]
    assert any("3 (3 - Low) has no word: rules do not know it as an impact" in finding["text"] for finding in found)
    assert run("once", "-w", folder).exit_code == 3


def test_an_unknown_choice_that_is_only_read_is_a_warning_and_no_hindrance(run, folder, serve_world: Served):
    world = instance()
    lay_out(folder, {"desk.yaml": with_impacts('["3", "33"]', serve_world(world))})
    code, (finding,) = online(run, folder, world)
    assert (code, finding["weight"]) == (0, "warning")
    assert "no choice '33'" in finding["text"]
    assert run("once", "-w", folder).exit_code == 0


def test_tickets_that_nobody_ever_changed_raise_no_alarm_about_the_audit(run, folder: Path, serve_world: Served):
    world = instance()
    ticket = world.insert("incident", {"short_description": "x"})
    good_desk(folder, serve_world(world))
    world.deny("sys_audit")
    _code, found = online(run, folder, world)
    assert [finding["weight"] for finding in found] == ["note"]
    world.update("incident", ticket, {"impact": "1"}, by="ida")
    _code, found = online(run, folder, world)
    assert ["sys_audit" in finding["text"] for finding in found if finding["weight"] == "warning"] == [True]


def test_missing_rights_to_write_are_a_problem_that_names_the_role(run: Run, folder: Path, serve_world: Served):
    world = instance()
    world.insert("incident", {"short_description": "x"})
    good_desk(folder, serve_world(world))
    world.accounts["itsm.sync"].roles.discard("sn_incident_write")
    code, found = online(run, folder, world)
    assert code == 3
    assert any("sn_incident_write" in finding["mend"] for finding in found if finding["weight"] == "problem")


def test_a_web_page_instead_of_data_is_a_problem(run: Run, folder: Path, serve_world: Served):
    world = instance()
    good_desk(folder, serve_world(world))
    world.faults.add(Fault(kind="html", times=100))
    code, (finding,) = online(run, folder, world)
    assert code == 3
    assert "web page" in finding["text"]


def test_findings_are_printed_with_their_mend_in_eighty_columns(run: Run, folder: Path, serve_world: Served):
    world = instance()
    lay_out(folder, {"desk.yaml": DESK.format(url=serve_world(world)).replace("u_itsm_sync", "u_typo")})
    result = run("check", "-w", folder, "--online")
    assert result.exit_code == 3
    assert "✗ no table has the field u_typo" in result.output
    assert "correct the fields of incident in words" in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_a_password_in_a_file_is_never_shown(run: Run, folder: Path, serve_world: Served):
    desk = DESK.format(url=serve_world(instance())).replace("${SERVICENOW_PASSWORD}", PASSWORD)
    lay_out(folder, {"desk.yaml": desk.replace("itsm.sync, pass", "itsm.sync, colour: red, pass")})
    assert run("check", "-w", folder).exit_code == 2
    assert problems(run, folder)[0]["weight"] == "error"
    lay_out(folder, {"desk.yaml": desk})
    result = run("check", "-w", folder, "--online")
    assert "the password is written out in a file" in result.output
