"""`itsm-sync sandbox`: what it serves, from the demo or from an export, and what it refuses to load."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from command_line import Run

ROOT = Path(__file__).parents[2]
CSV = "number,short_description,caller_id,state\nINC0004711,Printer is down,Kari Nordmann,New\n"
JSON = json.dumps({"records": [{"number": "INC0004711", "short_description": "Printer is down", "state": "1"}]})


@contextmanager
def sandbox(*arguments: object) -> Iterator[tuple[str, list[str]]]:
    """Run the sandbox in a process of its own: yield ServiceNow's address and what it said; see that it ends well."""
    ports = ["--port", "0", "--jira-port", "0"]
    command = [sys.executable, "-u", "sync.py", "sandbox", *ports, *map(str, arguments)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)  # noqa: S603
    with process:
        said: list[str] = []
        for line in process.stdout or ():
            said.append(line)
            if "Ctrl-C" in line:
                break
        try:
            yield next(line for line in said if "ServiceNow at" in line).split(" at ")[1].split(",")[0], said
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")


def incidents(url: str) -> list[dict[str, str]]:
    answer = requests.get(f"{url}/api/now/table/incident", auth=("itsm.sync", "sandbox"), timeout=10)
    return answer.json()["result"]


def test_it_serves_the_demos_tickets_at_the_address_that_it_says():
    with sandbox() as (url, _said):
        assert not url.endswith(":0")
        assert len(incidents(url)) == 8


@pytest.mark.parametrize(("name", "text"), [("a.csv", CSV), ("a.json", JSON)])
def test_it_serves_an_export(tmp_path: Path, name: str, text: str):
    file = tmp_path / name
    file.write_text(text, encoding="utf-8")
    with sandbox("--load", file) as (url, said):
        assert said[0] == f"1 incidents loaded from {file}\n"
        (incident,) = incidents(url)
    assert (incident["number"], incident["short_description"]) == ("INC0004711", "Printer is down")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.json", b'{"records": [', "is no export of ServiceNow incidents"),
        ("a.json", b"[1, 2]", "is no export of ServiceNow incidents"),
        ("a.json", b"[]", "there are no incidents in"),
        ("a.csv", b"", "there are no incidents in"),
        ("a.csv", b"\x00\x01\x02", "there are no incidents in"),
    ],
)
def test_a_file_that_is_no_export_is_one_clear_line(run: Run, tmp_path: Path, name: str, content: bytes, says: str):
    file = tmp_path / name
    file.write_bytes(content)
    result = run("sandbox", "--load", file)
    assert result.exit_code == 2
    (line,) = [line for line in result.output.splitlines() if line.startswith("Error:")]
    assert says in line


def test_a_port_in_use_is_one_clear_line():
    with sandbox() as (url, _said):
        command = [sys.executable, "sync.py", "sandbox", "--port", url.rpartition(":")[2]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=20, check=False)  # noqa: S603
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].endswith("cannot be used: Address already in use")
