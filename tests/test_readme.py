"""The examples of README.md and of the documents work as they are printed."""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click
import pytest
from click.testing import CliRunner

from commands import workspace
from commands.sandbox import PASSWORD, demo_instance
from connectors.sandbox import serve
from sync import main

ROOT = Path(__file__).parents[1]
DOCUMENTS = ("README.md", "CHANGELOG.md", *sorted(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")))
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)\)")
ADDRESS = "http://127.0.0.1:8180"
FIRST_HOUR = "## Your first hour"
ENDLESS = ("sandbox", "run")
"""Commands that run until they are stopped."""

MINIMAL = {
    "desk": "desk: Harbour\nlanguages: [en]\n",
    "connections": """\
connections:
  servicenow:
    platform: servicenow
    url: https://desk.service-now.com
    auth: {user: itsm.sync, password: "${SERVICENOW_PASSWORD}"}
    kinds: {incident: incident, request: sc_req_item}
""",
    "priorities": """\
priorities:
  - {name: P1, title: Critical, respond: 15m, resolve: 4h, updates: 1h}
  - {name: P2, title: High}
  - {name: P3, title: Medium}
  - {name: P4, title: Low}
  - {name: P5, title: Planning}
""",
    "teams": """\
teams:
  service-desk: {groups: {servicenow: Service Desk}}
  web: {groups: {servicenow: Web}}
""",
    "services": "services: {booking: {name: Online Booking, team: web}}\n",
    "words": "words: {servicenow: {fields: {labels: u_labels, risk: u_risk}}}\n",
}
"""A workspace, key by key, for the snippets to stand in."""


class Block(NamedTuple):
    """A fenced block: its language, its text, and the document and line where it stands."""

    language: str
    text: str
    where: str


def blocks(name: str) -> Iterator[Block]:
    """Yield the fenced blocks of a document."""
    text = (ROOT / name).read_text(encoding="utf-8")
    for match in FENCE.finditer(text):
        yield Block(match[1], match[2], f"{name}:{text.count(chr(10), 0, match.start()) + 1}")


def of_language(language: str, *names: str) -> list[Block]:
    return [block for name in names for block in blocks(name) if block.language == language]


def commands(block: Block) -> Iterator[tuple[str, list[str]]]:
    """Yield the commands of a console block, each with the lines that are printed below it."""
    for part in re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]:
        command, *output = part.splitlines()
        yield command, output


def shown(block: Block) -> str:
    return block.where


def is_test(block: Block) -> bool:
    """Tell whether a snippet is a test of rules, and no part of a workspace."""
    return block.text.startswith("- name:")


SNIPPETS = of_language("yaml", *DOCUMENTS)


@pytest.mark.parametrize("block", [one for one in SNIPPETS if is_test(one)], ids=shown)
def test_every_test_of_rules_that_is_shown_passes(block: Block, tmp_path: Path):
    (tmp_path / "tests").mkdir()
    desk = "".join(MINIMAL.values()).replace("[en]", "[en, nb]")
    (tmp_path / "desk.yaml").write_text(desk, encoding="utf-8")
    (tmp_path / "tests" / "shown.yaml").write_text(block.text, encoding="utf-8")
    result = CliRunner().invoke(main, ["test", "-w", str(tmp_path)])
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("block", [one for one in SNIPPETS if not is_test(one)], ids=shown)
def test_every_snippet_of_a_workspace_is_good(block: Block, tmp_path: Path):
    keys = re.findall(r"^(\w+):", block.text, re.MULTILINE)
    assert keys
    others = [text for key, text in MINIMAL.items() if key not in keys]
    (tmp_path / "desk.yaml").write_text("".join(others), encoding="utf-8")
    (tmp_path / "snippet.yaml").write_text(block.text, encoding="utf-8")
    _book, warnings, _sources = workspace.rulebook(tmp_path)
    assert warnings == ()


def calls() -> list[str]:
    """Return every call of itsm-sync in a console block, comments cut off."""
    found = [command for block in of_language("console", *DOCUMENTS) for command, _ in commands(block)]
    return sorted({shlex.join(shlex.split(one, comments=True)) for one in found if one.startswith("itsm-sync ")})


@pytest.mark.parametrize("call", calls())
def test_every_command_has_the_options_that_are_shown(call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    _program, name, *arguments = shlex.split(call)
    monkeypatch.chdir(tmp_path)
    for folder in ("desk", "copy"):
        Path(folder).mkdir()
    command = main.get_command(click.Context(main), name)
    assert command is not None
    command.make_context(name, arguments)


def test_every_make_target_that_is_shown_is_there():
    found = {
        command.split()[1]
        for block in of_language("console", *DOCUMENTS)
        for command, _ in commands(block)
        if command.startswith("make ")
    }
    assert found >= {"demo", "test"}
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert found <= set(targets)


@pytest.mark.long
def test_the_excerpts_of_the_demo_are_what_the_demo_prints(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SERVICENOW_PASSWORD", "")  # the demo sets its own; this sets back what was there
    result = CliRunner().invoke(main, ["demo"])
    assert result.exit_code == 0
    head, _, _ = (ROOT / "README.md").read_text(encoding="utf-8").partition("## Install")
    excerpts = [match[2] for match in FENCE.finditer(head) if match[1] == "text"]
    assert excerpts
    for excerpt in excerpts:
        assert excerpt in result.output


def test_the_first_hour_goes_as_it_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    hour = FIRST_HOUR + text.partition(FIRST_HOUR)[2].partition("\n## ")[0]
    steps = [
        step
        for match in FENCE.finditer(hour)
        for step in commands(Block(match[1], match[2], ""))
        if match[1] == "console"
    ]
    asked = [command.split()[1] for command, _ in steps if command.startswith("itsm-sync")]
    assert {"init", "check", "once", "status", "explain"} <= set(asked)
    with serve(demo_instance()) as url:
        for command, output in steps:
            said = done(command.replace(ADDRESS, url), monkeypatch)
            for line in output if ends(command) else ():
                assert line in said.splitlines(), f"{command} does not say {line!r} but:\n{said}"


def ends(command: str) -> bool:
    """Tell whether a command ends by itself."""
    return command.split()[1] not in ENDLESS


def done(command: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """Do one step of the first hour, and return what it prints."""
    program, *arguments = shlex.split(command)
    if program == "export":
        variable, _, value = arguments[0].partition("=")
        assert value == PASSWORD
        monkeypatch.setenv(variable, value)
        return ""
    if program != "itsm-sync":
        subprocess.run([program, *arguments], check=True)  # noqa: S603
        return ""
    if not ends(command):
        return ""
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_link_leads_to_a_file(name: str):
    text = (ROOT / name).read_text(encoding="utf-8")
    for target in LINK.findall(text):
        assert ((ROOT / name).parent / target).exists(), target


@pytest.mark.parametrize("name", DOCUMENTS)
def test_documents_are_short_and_fit_120_columns(name: str):
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= (250 if name == "README.md" else 200)
    assert [line for line in lines if len(line) > 120 and not line.startswith("|")] == []
