"""Workspaces that are broken in a thousand ways: `check` says what is wrong and where, and nothing falls over."""

from __future__ import annotations

import json
import os
import random
import shutil
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from mutations import ROOT, Files, good, lay_out, mutated

from commands import workspace
from rules.engine import decide
from rules.model import Fact, Memory, Person, Surroundings, Ticket
from rules.problems import BREAK, PACK, Problem
from rules.rulebook import Rulebook
from sync import main
from templates import lint
from templates.letters import letters
from templates.render import Renderer
from templates.sources import builtin
from tests.shares import one_of

SHARED = Path(os.environ.get("ITSM_SYNC_SHARED", ROOT.parent / "shared")) / "design" / "workspace"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AROUND = Surroundings(NOW - timedelta(days=30), "itsm.sync")
EACH = 25
"""Workspaces of one test, so that tests stay short."""

FACTS: tuple[dict[str, Fact], ...] = (
    {"title": "", "status": "new"},
    {"title": "付款 fails", "text": "付款 fails at till 7\nphishing?", "status": "new", "impact": "minor"},
    {"title": "x" * 400, "status": "resolved", "impact": "extensive", "urgency": "critical", "resolved_at": NOW},
    {"title": "{{ 7 * 7 }}", "status": "closed", "labels": ("demand", ""), "requester.vip": True, "category": "web"},
)


@pytest.fixture(scope="session")
def seeds() -> list[Files]:
    return good(SHARED)


@pytest.fixture(autouse=True)
def _messages_that_are_built_in_are_judged_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judging them again for every workspace would be nearly all of the work."""
    stock, judge_one = builtin(), lint._check

    def judge_own(renderer: Renderer, name: str, *more: Any) -> None:
        if renderer.sources[name] != stock.get(name):
            judge_one(renderer, name, *more)

    monkeypatch.setattr(lint, "_check", judge_own)
    monkeypatch.setattr("templates.sources.builtin", lambda: stock)


@pytest.mark.parametrize("seed", one_of(2, range(0, 50, EACH)))
def test_a_broken_workspace_gives_a_rulebook_or_errors_with_their_places(seed, seeds, tmp_path):
    for one in range(seed, seed + EACH):
        judge(one, seeds, tmp_path / str(one))


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50, 1150, EACH))
def test_a_thousand_more_broken_workspaces_do_so_too(seed, seeds, tmp_path):
    for one in range(seed, seed + EACH):
        judge(one, seeds, tmp_path / str(one))


def test_the_workspaces_that_are_broken_on_purpose_were_good(seeds, tmp_path):
    for number, files in enumerate(seeds):
        lay_out(files, tmp_path / str(number))
        book, _problems, sources = workspace.rulebook(tmp_path / str(number), lint=True)
        decide_on_samples(book, sources)


def judge(seed: int, seeds: list[Files], folder: Path) -> None:
    """Break a workspace and look at it; a failure names the seed, and the workspace stays in its folder."""
    chance = random.Random(seed)
    folder.mkdir()
    lay_out(mutated(chance.choice(seeds), chance), folder)
    try:
        look(folder, by_command=seed % 5 == 0)
    except BaseException as error:
        error.add_note(f"the workspace of seed {seed} is kept in {folder}")
        raise
    shutil.rmtree(folder)


def look(folder: Path, by_command: bool) -> None:
    """Judge a workspace as `check` does; where a rulebook comes out, it decides about tickets."""
    try:
        book, problems, sources = workspace.rulebook(folder, lint=True)
    except workspace.Broken as broken:
        problems = broken.problems
        assert any(problem.weight == "error" for problem in problems)
    else:
        assert all(problem.weight == "warning" for problem in problems)
        decide_on_samples(book, sources)
    lines = {file: lines_of(file, folder) for file in {problem.file for problem in problems}}
    for problem in problems:
        assert_its_place_exists(problem, lines[problem.file])
    if by_command:
        assert_the_command_says_the_same(folder, problems)


def assert_its_place_exists(problem: Problem, lines: list[str]) -> None:
    assert 1 <= problem.line <= len(lines), problem
    assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1, problem
    assert problem.text, problem
    assert steers_no_terminal(problem.snippet + problem.text + problem.mend), problem


def lines_of(file: str, folder: Path) -> list[str]:
    """Return the lines that a problem is about: of a file of the workspace or of the default pack.

    What is wrong with the folder as a whole has none, nor has what is missing where no file is read.
    """
    read = [*folder.glob("*.y*ml"), *folder.glob("rules/*.y*ml")]
    if file == str(folder) or (file == "desk.yaml" and not read):
        return [""]
    path = ROOT / "rules" / file if file.startswith(PACK) else folder / file
    text = path.read_bytes().decode("utf-8-sig", "replace")
    return (lint.LINE if file.endswith(".j2") else BREAK).split(text)


def assert_the_command_says_the_same(folder: Path, problems: tuple[Problem, ...]) -> None:
    failed = any(problem.weight == "error" for problem in problems)
    for more in ((), ("--json",)):
        result = CliRunner().invoke(main, ["check", "-w", str(folder), *more])
        assert isinstance(result.exception, SystemExit | None), result.exception
        assert result.exit_code == (2 if failed else 0), result.output
        assert "Traceback" not in result.output
        assert steers_no_terminal(result.output.replace("\n", ""))
    assert json.loads(result.stdout)["problems"] == [problem._asdict() for problem in problems]


def steers_no_terminal(text: str) -> bool:
    """Tell whether a text has neither controls, beside tabs, nor what turns or ends a line."""
    return not {unicodedata.category(letter) for letter in text if letter != "\t"} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def decide_on_samples(book: Rulebook, sources: dict[str, str]) -> None:
    renderer = Renderer(sources)
    for ticket in samples(book):
        first = decide(ticket, Memory(), AROUND, book, NOW)
        again = decide(ticket, first.memory, AROUND, book, NOW + timedelta(hours=1))
        for decision in (first, again):
            for form in ("journal", "wiki", "adf"):
                letters(ticket, decision.facts, decision.actions, book, renderer, form, NOW)


def samples(book: Rulebook) -> Iterator[Ticket]:
    person = Person("kari", "Kari", "nb", "Europe/Oslo")
    for name, connection in book.connections.items():
        for kind in connection.kinds:
            for number, facts in enumerate(FACTS):
                yield Ticket(
                    *(name, str(number), f"INC{number}", kind, number, NOW, "kari", NOW, "ida"),
                    facts={**facts, "kind": kind, "created_by": "kari"},
                    requester=person if number % 2 else None,
                    history=() if number % 2 else None,
                )
