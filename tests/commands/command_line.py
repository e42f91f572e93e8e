"""Runs `itsm-sync …` in this process, and sees to it that no output ever holds the password."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result

from connectors.sandbox.servicenow import World
from sync import main
from tests.canaries import PASSWORD

Run = Callable[..., Result]
Served = Callable[[World], str]


def invoked(*arguments: object, typed: str | None = None) -> Result:
    """Run a command; `typed` is what is typed in answer to its questions."""
    result = CliRunner().invoke(main, list(map(str, arguments)), input=typed)
    assert PASSWORD not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def texts(folder: Path) -> dict[str, str]:
    """Return the texts of a folder's files, by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
