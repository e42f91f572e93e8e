"""What `itsm-sync test` prints and answers: passed, failed, wrong, none yet; and what it writes for other programs."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from command_line import Run

from commands import tested
from rules.cases.model import Failure
from rules.problems import Place

ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("ITSM_SYNC_SHARED", ROOT.parent / "shared"))
REFERENCE = SHARED / "design" / "workspace"
GOLDEN = Path(__file__).parent / "golden" / "failed-tests.txt"
DESK = """\
desk: Harbour
languages: [en, nb]
connections:
  sn:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}
    kinds: {incident: incident}
teams: {web: {groups: {sn: Web}}, payments: {groups: {sn: Payments}}}
services: {booking: {name: Booking, business_value: critical, team: web}}
classify: [{name: booking, when: {category: booking}, set: {service: booking}}]
routes:
  - {name: urgent, when: {priority: {at_least: P2}, service: booking}, assign: {team: service.team}}
  - {name: rest, assign: {team: payments}}
"""
PASSES = """\
- name: a slow page goes to those who are left
  ticket: {connection: sn, kind: incident, category: booking}
  at: 2026-11-24T10:00+01:00
  expect: {service: booking, assigned: {team: payments}}
"""
FAILS = """\
- name: an outage of the booking page goes to its own team, and the customer hears of it in Norwegian
  ticket:
    connection: sn
    kind: incident
    category: web
    impact: extensive
    urgency: medium
    requester: {name: Kari Nordmann, language: nb}
  at: 2026-11-24T10:00+01:00
  expect:
    service: booking
    priority: P1
    assigned: {team: web}
    messages:
      - {to: requester, message: received, language: nb, contains: "10:30"}
      - {to: team, message: assigned}
  then:
    - after: 2h
      by: agent
      set: {team: web}
      expect: {changes: [team], assigned: {team: payments}}
"""


def laid_out(folder: Path, *tests: str) -> Path:
    (folder / "tests").mkdir(parents=True)
    (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
    for letter, text in zip("abc", tests, strict=False):
        (folder / "tests" / f"{letter}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_tests_that_pass_are_counted_with_what_they_met(run: Run, folder: Path):
    result = run("test", "-w", laid_out(folder, PASSES))
    assert result.exit_code == 0
    assert result.output == (
        "1 test: 1 passed, 0 failed.\n"
        "Met by tests: classify 1 of 1, adjust 0 of 4, routes 1 of 2, communications 1 of\n"
        "  4, matrix 0 of 16, messages 1 of 4. --coverage lists them.\n"
    )


def test_what_failed_is_told_with_place_and_rule_in_lines_of_eighty_columns(run: Run, folder: Path):
    result = run("test", "-w", laid_out(folder, PASSES, FAILS))
    assert result.exit_code == 1
    assert result.output == GOLDEN.read_text(encoding="utf-8")
    assert max(map(len, result.output.splitlines())) <= 80


def test_the_whole_coverage_names_each_rule_with_its_place(run: Run, folder: Path):
    lines = run("test", "-w", laid_out(folder, PASSES), "--coverage").output.splitlines()
    assert "  · urgent  desk.yaml:13" in lines
    assert "  ✓ rest    desk.yaml:14" in lines
    assert "  · extensive × critical    P1" in lines
    assert "  ✓ received" in lines


def test_tests_are_chosen_by_a_part_of_their_name(run: Run, folder: Path):
    assert run("test", "-w", laid_out(folder, PASSES, FAILS), "-k", "SLOW page").exit_code == 0
    result = run("test", "-w", folder, "-k", "printer")
    assert result.exit_code == 2
    assert "no test has 'printer' in its name" in result.output


def test_wrong_tests_are_shown_all_at_once_and_none_runs(run: Run, folder: Path):
    result = run("test", "-w", laid_out(folder, PASSES, FAILS.replace("web}", "wb}"), "- name: a\n"))
    assert result.exit_code == 2
    assert "tests/b.yaml:13:22: error: 'wb' is not under teams:" in result.output
    assert "tests/c.yaml:1:3: error: entry 1 of 'tests' lacks 'at'" in result.output
    assert "passed" not in result.output


def test_tests_in_folders_are_run_too(run: Run, folder: Path):
    laid_out(folder, PASSES)
    (folder / "tests" / "more").mkdir()
    (folder / "tests" / "more" / "b.yaml").write_text(PASSES.replace("slow", "dead"), encoding="utf-8")
    assert run("test", "-w", folder).output.startswith("2 tests: 2 passed, 0 failed.\n")


def test_a_workspace_with_errors_is_judged_first(run: Run, folder: Path):
    laid_out(folder, PASSES)
    (folder / "desk.yaml").write_text(DESK.replace("{team: payments}", "{team: nobody}"), encoding="utf-8")
    result = run("test", "-w", folder)
    assert result.exit_code == 2
    assert "'nobody' is not under teams:" in result.output


def test_without_tests_the_first_one_is_shown_and_it_passes(run: Run, folder: Path):
    result = run("test", "-w", laid_out(folder))
    assert result.exit_code == 0
    told = result.output.split("\n\n", 1)
    assert told[0] == f"There are no tests in {folder}/tests yet. Write the first, and name it as you like:"
    first = "\n".join(line.removeprefix("  ") for line in told[1].splitlines())
    (folder / "tests" / "first.yaml").write_text(first, encoding="utf-8")
    assert "1 passed" in run("test", "-w", folder).output


def test_results_are_written_for_other_programs(run: Run, folder: Path):
    file = folder / "results.xml"
    fails = FAILS.replace("Norwegian", 'Norwegian <"&\\u0007>').replace("- name: an", '- name: "an')
    fails = fails.replace('Norwegian <"&\\u0007>\n', "Norwegian <'&\\u0007>\"\n")
    assert run("test", "-w", laid_out(folder, PASSES, fails), "--junit", file).exit_code == 1
    root = ElementTree.parse(file).getroot()  # noqa: S314 (we wrote it)
    assert (root.tag, root.attrib["tests"], root.attrib["failures"]) == ("testsuites", "2", "1")
    assert [suite.attrib["name"] for suite in root] == ["tests/a.yaml", "tests/b.yaml"]
    passed, failed = (suite[0] for suite in root)
    assert (passed.attrib["classname"], list(passed)) == ("tests.a", [])
    assert "<'&\N{REPLACEMENT CHARACTER}>" in failed.attrib["name"]
    assert failed[0].attrib["message"] == "service: expected booking, came nothing"
    assert "rest (desk.yaml:14) decided: team: payments" in (failed[0].text or "")


def test_a_file_for_results_that_cannot_be_written_is_said(run: Run, folder: Path):
    result = run("test", "-w", laid_out(folder, PASSES), "--junit", folder / "nowhere" / "results.xml")
    assert result.exit_code == 2
    assert "cannot be written: No such file or directory" in result.output


def test_the_demos_own_tests_pass_and_meet_every_rule_and_message(run: Run):
    result = run("test", "-w", ROOT / "commands" / "demo_desk")
    assert result.exit_code == 0
    said = " ".join(result.output.split())
    assert "classify 7 of 7, adjust 4 of 4, routes 3 of 3, ladders 4 of 4, communications 16 of 16" in said
    assert "messages 12 of 12" in said


def test_the_tests_of_the_reference_workspace_pass(run: Run, tmp_path: Path):
    if not REFERENCE.is_dir():
        pytest.skip("the reference workspace is not here (ITSM_SYNC_SHARED)")
    shutil.copytree(REFERENCE, tmp_path / "desk")
    result = run("test", "-w", tmp_path / "desk")
    assert (result.exit_code, result.output.splitlines()[0]) == (0, "5 tests: 5 passed, 0 failed.")


def test_signs_that_steer_a_terminal_are_not_printed(run: Run, folder: Path):
    fails = FAILS.replace("- name: an outage", '- name: "\\e[2J outage').replace("in Norwegian\n", 'in Norwegian"\n')
    result = run("test", "-w", laid_out(folder, fails))
    assert result.exit_code == 1
    assert "✗ \N{REPLACEMENT CHARACTER}[2J outage" in result.output


def test_wide_letters_of_a_message_fit_the_lines():
    failure = Failure(
        Place("a.yaml", 1, 1), "", "messages", "", "", because=("its text is:\n" + "您好，请稍候。" * 20,)
    )
    assert max(len(line) + sum(letter > "\u2e80" for letter in line) for line in tested.lines(failure)) <= 80
