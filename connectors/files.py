"""Reads a workspace's texts from its folder, and the default pack's from the package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import rules
from connectors.base import Unusable
from rules.tree import LONGEST

MOST: Final = 500
"""Files of a workspace."""

LARGEST: Final = 20_000_000
"""Bytes of all its files together. One of 500 rules has 50,000."""

PATTERNS: Final = ("*.yaml", "*.yml", "rules/*.yaml", "rules/*.yml", "templates/*/*.md.j2")
TESTS: Final = ("tests/**/*.yaml", "tests/**/*.yml")


def read_workspace(folder: Path) -> dict[str, str]:
    """Return file name → text of a workspace: its YAML files, those under `rules/`, and its templates.

    Names are relative to the folder, with slashes. Raises `Unusable` when the folder or a file cannot be read.
    """
    if not folder.is_dir():
        raise Unusable(f"{folder} is no folder: name the workspace's folder")
    return {path.relative_to(folder).as_posix(): _text(path) for path in _bounded(folder, PATTERNS)}


def read_tests(folder: Path) -> dict[str, str]:
    """Return file name → text of a workspace's tests of its rules. Raises `Unusable` when one cannot be read."""
    return {path.relative_to(folder).as_posix(): _text(path) for path in _bounded(folder, TESTS)}


def read_baseline() -> dict[str, str]:
    """Return file name → text of the default pack."""
    folder = Path(rules.__file__).parent / "baseline"
    return {path.name: _text(path) for path in sorted(folder.glob("*.yaml"))}


def _bounded(folder: Path, patterns: Sequence[str]) -> list[Path]:
    found = [path for pattern in patterns for path in sorted(folder.glob(pattern)) if path.is_file()]
    if len(found) > MOST:
        raise Unusable(f"{folder} has {len(found)} files, and a workspace has at most {MOST}: is it the right folder?")
    if sum(path.stat().st_size for path in found) > LARGEST:
        raise Unusable(f"the files of {folder} are larger than {LARGEST:,} bytes together: is it the right folder?")
    for path in found:
        if not (name := path.relative_to(folder).as_posix()).isprintable():
            raise Unusable(f"the name of the file {name!a} has a character that cannot be shown: rename the file")
    return found


def _text(path: Path) -> str:
    """Return the text, one character longer than allowed where it is longer; what is not UTF-8 becomes "\ufffd"."""
    try:
        with path.open("rb") as file:
            return file.read(4 * LONGEST + 4).decode("utf-8-sig", "replace")[: LONGEST + 1]
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error
