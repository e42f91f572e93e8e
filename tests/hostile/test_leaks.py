"""The search that follows every test finds what leaks."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.canaries import CANARIES, PEOPLE, leaks_in_files, leaks_in_text

ROOT = Path(__file__).parents[2]
CLEAN = """
def test_is_clean(tmp_path):
    (tmp_path / "desk.yaml").write_text(PEOPLE[0])
    (tmp_path / "store.db").write_text("kari")
    print("kari")
"""
LEAKING = """
import logging
from connectors.base import Refused
from tests.canaries import PASSWORD, PEOPLE
def test_prints():
    print(f"hello {PEOPLE[0]}")
def test_logs():
    logging.getLogger("x").warning("%s", PASSWORD)
def test_stores(tmp_path):
    (tmp_path / "store.db-wal").write_bytes(b"\\0" + PEOPLE[0].encode("utf-16-le"))
def test_raises_and_catches():
    try:
        raise Refused(f"bad {PASSWORD}")
    except Refused:
        pass
"""


def test_whatever_leaks_fails_the_test_that_did_it(tmp_path):
    (tmp_path / "test_leaking.py").write_text(LEAKING + CLEAN)
    inner = tmp_path / "inner"
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-rA", "--basetemp"]
    ended = subprocess.run(  # noqa: S603  # our own test
        [*command, str(inner), "-c", str(ROOT / "pyproject.toml"), str(tmp_path / "test_leaking.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    shutil.rmtree(inner)
    verdicts = {
        line.split("::")[1].split()[0]: line.split()[0] for line in ended.stdout.splitlines() if "::test_" in line
    }
    assert verdicts["test_is_clean"] == "PASSED", ended.stdout
    assert {verdicts[name] for name in ("test_prints", "test_logs")} == {"FAILED"}
    assert {verdicts[name] for name in ("test_stores", "test_raises_and_catches")} == {"ERROR"}


@pytest.mark.parametrize("canary", CANARIES)
@pytest.mark.parametrize("code", ["utf-8", "utf-16-le", "utf-16-be"])
def test_every_canary_is_found_in_a_file(tmp_path, canary, code):
    file = tmp_path / "some.db"
    file.write_bytes(b"\x00\x01" + canary.encode(code) + b"\xff")
    assert f"some.db holds {canary!r}" in leaks_in_files(tmp_path)
    file.unlink()


def test_a_name_in_a_database_is_found_also_while_only_its_log_of_writes_has_it(tmp_path):
    with sqlite3.connect(tmp_path / "a.db", isolation_level=None) as db:
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (a TEXT)")
        db.execute("INSERT INTO t VALUES (?)", (json.dumps(PEOPLE[-5]),))
        found = leaks_in_files(tmp_path)
    db.close()
    for file in tmp_path.iterdir():
        file.unlink()
    assert any("a.db-wal" in leak for leak in found)


def test_what_holds_nothing_is_clean(tmp_path):
    (tmp_path / "a.db").write_bytes(b"kari ida itsm.sync")
    assert leaks_in_files(tmp_path) == []
    assert leaks_in_text("kari is well") == []
