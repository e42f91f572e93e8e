"""What `itsm-sync who` says: who is on duty and on call, who is next, and the week in 80 columns."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import Run

from commands.columns import columns

ROOT = Path(__file__).parents[2]
GOLDEN = (Path(__file__).parent / "golden" / "who.txt").read_text(encoding="utf-8")
DESK = """\
desk: Harbour
languages: [en]
connections:
  sn:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}
calendar: oslo
calendars:
  oslo: {zone: Europe/Oslo, hours: {mon-fri: "08:00-16:00"}, days: {2026-12-24: "08:00-12:00"}}
  saigon: {zone: Asia/Ho_Chi_Minh, hours: {mon-fri: ["06:00-11:00", "12:00-15:00"]}}
  always: {zone: UTC, hours: {mon-sun: "00:00-24:00"}}
people:
  ida: {email: ida@harbour.example}
  jonas: {email: jonas@harbour.example}
  陳大文: {email: dawen@harbour.example}
teams:
  desk: {follow_the_sun: [desk-oslo, 西貢服務台]}
  desk-oslo: {calendar: oslo}
  西貢服務台:
    calendar: saigon
    on_call: {rotation: [陳大文], each: 1w, from: 2026-11-02T06:00}
  web:
    on_call:
      rotation: [ida, jonas]
      each: 1w
      from: 2026-11-02T08:00
      swaps: [{person: 陳大文, from: 2026-12-23T16:00, to: 2026-12-24T08:00}]
    absences: [{person: ida, from: 2026-12-26, to: 2026-12-29}, {person: jonas, from: 2026-12-26, to: 2026-12-27}]
  payments: {calendar: always}
  nights: {}
"""


@pytest.fixture
def desk(folder: Path) -> Path:
    folder.mkdir()
    (folder / "desk.yaml").write_text(DESK, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", GOLDEN.split("=====\n"), ids=lambda case: case.splitlines()[0])
def test_the_output_is_the_one_that_was_looked_at(case: str, run: Run, desk: Path):
    command, _, expected = case.partition("\n")
    assert run(*command.split()[1:], "-w", desk).output == expected


def test_the_week_in_the_documents_is_what_its_workspace_prints(run: Run, desk: Path):
    _, _, text = (ROOT / "docs" / "oncall.md").read_text(encoding="utf-8").partition("## Turns")
    _, rules, _, shown, *_ = re.split(r"^```\w*\n", text, flags=re.MULTILINE)
    command, _, expected = shown.partition("\n")
    connection = DESK.partition("calendar:")[0].replace("  sn:", "  servicenow:")
    (desk / "desk.yaml").write_text(connection + rules, encoding="utf-8")
    assert run(*command.split()[2:-2], "-w", desk).output == expected


def test_no_line_is_wider_than_eighty_columns_whatever_teams_and_people_are_called(run: Run, desk: Path):
    wide = {"web": "網頁小組" * 15, "西貢服務台": "西" * 60, "陳大文": "名" * 70, "ida": "i" * 90}
    text = re.sub("|".join(rf"\b{name}\b" for name in wide), lambda found: wide[found[0]], DESK)
    (desk / "desk.yaml").write_text(text, encoding="utf-8")
    said = run("who", "--at", "2026-12-23T10:00", "-w", desk)
    assert said.exit_code == 0
    assert max(map(columns, said.output.splitlines())) <= 80
    assert said.output.count("名") >= 70


def test_a_time_without_a_zone_is_by_the_desks_clock(run: Run, desk: Path):
    said = [run("who", "--at", f"2026-12-23T{time}", "-w", desk).output for time in ("10:00", "09:00Z", "16:00+07:00")]
    assert said[0] == said[1] == said[2]


def test_without_a_time_it_is_now(run: Run, desk: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("commands.workspace.now", lambda: datetime(2026, 12, 23, 9, 0, tzinfo=UTC))
    assert run("who", "-w", desk).output == run("who", "--at", "2026-12-23T10:00", "-w", desk).output


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["wbe"], "no team is called 'wbe': did you mean 'web'?"),
        (["--at", "noon"], "'noon' is no time such as 2026-12-24T17:00"),
        (["--at", "0001-01-01"], "beyond what calendars know"),
        (["--at", "9999-12-31T23:59-14:00"], "beyond what calendars know"),
    ],
)
def test_what_cannot_be_answered_is_said_with_what_can(arguments: list[str], why: str, run: Run, desk: Path):
    result = run("who", *arguments, "-w", desk)
    assert result.exit_code == 2
    assert why in " ".join(result.output.split())


def test_a_desk_without_teams_is_told_so(run: Run, desk: Path):
    (desk / "desk.yaml").write_text(DESK.partition("teams:")[0], encoding="utf-8")
    result = run("who", "-w", desk)
    assert (result.exit_code, result.output.splitlines()[-1]) == (0, "There are no teams: name them under teams:.")


def test_json_has_the_same_in_full_times(run: Run, desk: Path):
    said = json.loads(run("who", "--at", "2026-12-23T10:00", "--json", "-w", desk).output)
    assert said["at"] == "2026-12-23T10:00:00+01:00"
    assert list(said["teams"]) == ["desk", "desk-oslo", "西貢服務台", "web", "payments", "nights"]
    assert said["teams"]["desk"]["on_duty"] == {"team": "desk-oslo", "until": "2026-12-23T16:00:00+01:00"}
    assert said["teams"]["desk"]["next_on_duty"] == {"team": "西貢服務台", "from": "2026-12-24T00:00:00+01:00"}
    web = said["teams"]["web"]
    assert [(one["person"], one["from"], one["why"]) for one in web["on_call"]] == [
        ("jonas", "2026-12-23T10:00:00+01:00", None),
        ("陳大文", "2026-12-23T16:00:00+01:00", "instead of jonas"),
    ]
    assert {"from": "2026-12-24T08:00:00+01:00", "to": "2026-12-24T12:00:00+01:00"} in web["week"]["hours"]
    assert said["teams"]["payments"]["on_duty"] == {"team": "payments", "until": None}
    assert (said["teams"]["nights"]["on_call"], said["teams"]["nights"]["roster"]) == ([], None)


def test_nothing_but_the_workspace_is_needed(run: Run, desk: Path):
    assert run("who", "-w", desk).exit_code == 0
    assert [path.name for path in desk.iterdir()] == ["desk.yaml"]
