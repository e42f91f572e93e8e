"""What `itsm-sync report` says: in lines of 80 columns, as JSON, and as a page that needs nothing beside itself."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from command_line import Run
from happened import NOW, a_few_weeks, at, seed

from commands.columns import columns
from rules.happening import Happening
from templates.plain import amount, count
from tests.shares import one_of

ROOT = Path(__file__).parents[2]
GOLDEN = (Path(__file__).parent / "golden" / "report.txt").read_text(encoding="utf-8")
HOSTILE = "<script>alert(1)</script>"
VOID = {"meta"}


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Thursday, 7 January 2027."""
    monkeypatch.setattr("commands.workspace.now", lambda: NOW)


@pytest.fixture
def desk(folder: Path) -> Path:
    return seed(folder, a_few_weeks())


class Page(HTMLParser):
    """A page as a reader finds it: its elements, the tables in it, and all its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        if "style" not in self.open:
            self.text += data


def page(run: Run, desk: Path, *more: str) -> Page:
    file = desk / "report.html"
    result = run("report", "--html", file, "-w", desk, *more)
    assert result.exit_code == 0, result.output
    return Page(file.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", GOLDEN.split("=====\n"), ids=lambda case: case.splitlines()[0])
def test_the_output_is_the_one_that_was_looked_at(case: str, run: Run, desk: Path):
    command, _, expected = case.partition("\n")
    assert run(*command.split()[1:], "-w", desk).output == expected


def test_the_report_in_the_documents_is_what_is_printed(run: Run, desk: Path):
    _, _, text = (ROOT / "docs" / "report.md").read_text(encoding="utf-8").partition("```console\n$ itsm-sync ")
    command, _, expected = text.partition("```")[0].partition("\n")
    assert run(*command.split()[:-2], "-w", desk).output == expected


def test_json_has_every_figure_and_the_periods_in_utc(run: Run, desk: Path):
    said = json.loads(run("report", "--from", "2026-12-21", "--json", "-w", desk).output)
    assert [one["name"] for one in said["periods"]] == ["2026-W52", "2026-W53", "2027-W01"]
    assert said["periods"][1] == {
        "name": "2026-W53", "from": "2026-12-28", "to": "2027-01-03", "whole": True,
        "start": "2026-12-27T23:00:00+00:00", "end": "2027-01-03T23:00:00+00:00",
    }  # fmt: skip
    assert {row["name"]: row["counts"] for row in said["counts"]["escalations_by_level"]} == {
        "L2": [1, 0, 1], "L3": [0, 1, 0], "major": [0, 0, 1],
    }  # fmt: skip
    assert {row["name"]: row["counts"] for row in said["counts"]["breaches"]} == {
        "resolve": [0, 1, 0],
        "respond": [0, 1, 0],
    }
    assert said["times"]["acknowledged"]["total"] == {"tickets": 5, "median": 1800, "slow": 2760}
    assert said["ping_pong"] == [{"ticket": "sn/INC1", "times": 4}]
    assert (said["by"], said["from"], said["to"], said["zone"]) == ("week", "2026-12-21", "2027-01-07", "Europe/Oslo")


def test_months_end_at_midnight_in_oslo(run: Run, desk: Path):
    said = json.loads(run("report", "--by", "month", "--json", "-w", desk).output)
    assert [one["name"] for one in said["periods"]] == ["2026-11", "2026-12", "2027-01"]
    assert {row["name"]: row["counts"] for row in said["counts"]["breaches"]} == {
        "resolve": [0, 1, 0],
        "respond": [0, 0, 1],
    }


def test_a_team_and_a_service_choose_what_counts(run: Run, desk: Path):
    for chosen in (("--team", "西貢服務台"), ("--service", "訂車系統")):
        said = json.loads(run("report", *chosen, "--json", "-w", desk).output)
        assert [row["total"] for row in said["counts"]["escalations_by_level"]] == [1]
        assert said["times"]["resolved"]["total"]["tickets"] == 0


@pytest.mark.parametrize("more", one_of(3, [("--by", "month"), (), ("--from", "2025-12-01")]))
def test_no_line_is_wider_than_eighty_columns_whatever_happened_to_whom(run: Run, folder: Path, more):
    wide = ["網頁小組" * 15, "x" * 90, "a b " * 40, "\x1b[2Jred", "\u202eturned"]
    some = [
        (f"INC{place}{late}", Happening(what, at("12-29 10:00") + late, one, one, one, one, one, 10**6 * (place + 1)))
        for place, one in enumerate(wide)
        for what in ("escalated", "breached", "resolved", "promise kept", "overruled", "reassigned")
        for late in range(150)
    ]  # fmt: skip
    said = run("report", *more, "-w", seed(folder, some[:4000:40] + some[:200]))
    assert said.exit_code == 0
    assert max(map(columns, said.output.splitlines())) <= 80
    assert "\x1b" not in said.output
    assert "\u202e" not in said.output


def test_an_empty_store_is_told_kindly_in_every_way(run: Run, folder: Path):
    seed(folder)
    said = run("report", "-w", folder)
    assert said.exit_code == 0
    assert "Nothing happened then that reports count." in said.output
    assert "Nothing to report" in page(run, folder).text
    assert json.loads(run("report", "--json", "-w", folder).output)["counts"]["breaches"] == []


def test_without_a_store_it_says_what_to_run_and_makes_none(run: Run, folder: Path):
    seed(folder)
    (folder / "itsm-sync.db").unlink()
    said = run("report", "-w", folder)
    assert said.exit_code == 3
    assert "run itsm-sync once" in said.output


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--from", "2026-13-01"), "Invalid value for --from: '2026-13-01' is no day: write it as 2026-11-02"),
        (("--to", "yesterday"), "Invalid value for --to: 'yesterday' is no day"),
        (("--from", "2027-01-08"), "2027-01-08 is after 2027-01-07, which is today: name an earlier day"),
        (("--from", "2026-12-02", "--to", "2026-12-01"), "2026-12-02 is after 2026-12-01: name an earlier day"),
        (("--from", "1800-01-01"), "'1800-01-01' is in no year from 1971 to 2120"),
        (("--from", "2020-01-01"), "these are 367 weeks: choose 120 at most"),
        (("--by", "day"), "'day' is not one of 'week', 'month'"),
        (("--team", "wbe"), "no team is called 'wbe': did you mean 'web'?"),
        (("--service", "boking"), "no service is called 'boking': did you mean 'booking'?"),
        (("--html", "/no/such/folder/r.html"), "cannot be written"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_place_and_mend(run: Run, desk: Path, options, said):
    result = run("report", *options, "-w", desk)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())


def test_the_page_has_every_figure_of_the_report_in_tables(run: Run, desk: Path):
    found = page(run, desk)
    said = json.loads(run("report", "--json", "-w", desk).output)
    rows = {tuple(row) for row in found.rows}
    for section in said["counts"].values():
        for row in section:
            name = f"{row['name']}, {row['part']}" if row["part"] else row["name"]
            assert (name, *map(count, [row["total"], *row["counts"]])) in rows
    for times in said["times"].values():
        every = [times["total"], *times["periods"]] if times["total"]["tickets"] else []
        for name, what in (("half of them within", "median"), ("9 of 10 within", "slow")) if every else ():
            assert (name, *(amount(one[what]) for one in every)) in rows
    assert "sn/INC1: 4 times" in " ".join(found.text.split())


def test_the_page_loads_nothing_runs_nothing_and_every_chart_has_words_and_a_table(run: Run, desk: Path):
    found = page(run, desk)
    text = (desk / "report.html").read_text(encoding="utf-8")
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & {tag for tag, _ in found.tags}
    assert not re.search(r"https?:|//|url\(|@import|\bon[a-z]+=|javascript", text.replace("<!DOCTYPE html>", ""))
    assert not {"src", "href", "style", "xlink:href"} & {name for _, attrs in found.tags for name in attrs}
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text
    ids = {attrs["id"] for _, attrs in found.tags if attrs.get("id")}
    charts = [attrs for tag, attrs in found.tags if tag == "svg" and attrs.get("role") == "img"]
    assert charts
    assert all(set(str(attrs["aria-labelledby"]).split()) <= ids for attrs in charts)
    assert len(charts) == sum(tag == "table" for tag, _ in found.tags) == sum(tag == "desc" for tag, _ in found.tags)
    assert not found.open


def test_what_teams_services_and_rules_are_called_stays_text(run: Run, folder: Path):
    names = [HOSTILE, '" onload="x', "&lt;b&gt;", "\u202eturned", "{{ 7 * 7 }}"]
    some = [
        (HOSTILE, Happening(what, at("12-29 10:00") + late, one, one, one, one, one))
        for one in names
        for what in ("escalated", "breached", "overruled", "promise kept", "handed over", "reassigned")
        for late in range(3)
    ]
    found = page(run, seed(folder, some))
    assert "script" not in {tag for tag, _ in found.tags}
    assert not any(name.startswith("on") for _, attrs in found.tags for name in attrs)
    for name in (HOSTILE, '" onload="x', "&lt;b&gt;", "{{ 7 * 7 }}"):
        assert any(row[0] == name for row in found.rows), name
    assert "\u202e" not in found.text


def test_the_page_is_small_whatever_is_in_it(run: Run, folder: Path):
    some = [
        (f"INC{n}", Happening("escalated", at("12-29 10:00"), f"team {n}", f"service {n}", "L2", "up"))
        for n in range(40)
    ]
    found = page(run, seed(folder, some))
    assert "and 30 more in the table" in found.text
    assert any(row[0] == "team 39" for row in found.rows)


def test_the_help_has_examples(run: Run):
    said = run("report", "--help").output
    assert said.count("itsm-sync report") >= 3
    assert max(map(len, said.splitlines())) <= 80


def test_what_happened_a_second_before_the_first_day_and_after_the_last_is_left_out(run: Run, folder: Path):
    moments = (
        datetime(2026, 12, 1, 22, 59, 59, tzinfo=UTC),
        datetime(2026, 12, 1, 23, tzinfo=UTC),
        datetime(2026, 12, 2, 23, tzinfo=UTC),
    )
    some = [(f"INC{n}", Happening("reopened", int(one.timestamp()))) for n, one in enumerate(moments)]
    said = run("report", "--from", "2026-12-02", "--to", "2026-12-02", "--json", "-w", seed(folder, some))
    assert [row["total"] for row in json.loads(said.output)["counts"]["reopened"]] == [1]
