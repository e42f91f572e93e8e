"""One active process per store, tried with real processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from connectors.state.lock import Lock, StoreInUse

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from pathlib import Path
from connectors.state.lock import Lock
with Lock(Path(sys.argv[1])).acquire(wait=True):
    print("held", flush=True)
    sys.stdin.readline()
print("released", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Start processes that take the lock, say "held", and give it back at the next line of input."""
    started: list[subprocess.Popen[str]] = []

    def start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", HOLD, str(tmp_path / "itsm-sync.db")]
        pipe = subprocess.PIPE
        started.append(subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True))  # noqa: S603
        return started[-1]

    yield start
    for one in started:
        one.kill()
        one.communicate()


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_is_told_who_works_with_the_store(process, tmp_path: Path) -> None:
    first = process()
    assert said(first) == "held"
    with pytest.raises(StoreInUse, match=rf"itsm-sync\.db is in use by process {first.pid}: "):
        Lock(tmp_path / "itsm-sync.db").acquire(wait=False)


def test_the_kernel_gives_the_lock_back_when_its_owner_is_killed(process, tmp_path: Path) -> None:
    first = process()
    assert said(first) == "held"
    first.kill()
    first.wait()
    with Lock(tmp_path / "itsm-sync.db").acquire(wait=False):
        pass


def test_a_process_that_waits_takes_over_when_the_first_is_killed(process, tmp_path: Path) -> None:
    first = process()
    assert said(first) == "held"
    second = process()
    first.kill()
    assert said(second) == "held"
    with pytest.raises(StoreInUse, match=f"process {second.pid}:"):
        Lock(tmp_path / "itsm-sync.db").acquire(wait=False)


def test_a_lock_that_was_given_back_can_be_taken_while_its_first_owner_lives(process, tmp_path: Path) -> None:
    first = process()
    assert said(first) == "held"
    assert first.stdin is not None
    print(file=first.stdin, flush=True)
    assert said(first) == "released"
    with Lock(tmp_path / "itsm-sync.db").acquire(wait=False), pytest.raises(StoreInUse):
        Lock(tmp_path / "itsm-sync.db").acquire(wait=False)
    assert first.poll() is None


def test_stores_in_one_folder_have_locks_of_their_own(tmp_path: Path) -> None:
    with Lock(tmp_path / "emea.db").acquire(wait=False), Lock(tmp_path / "apac.db").acquire(wait=False):
        assert sorted(file.name for file in tmp_path.iterdir()) == ["apac.db.lock", "emea.db.lock"]


def test_only_its_owner_may_read_the_lock(tmp_path: Path) -> None:
    with Lock(tmp_path / "emea.db").acquire(wait=False):
        assert (tmp_path / "emea.db.lock").stat().st_mode & 0o777 == 0o600
