"""Reads a workspace's texts from its folder, and the default pack's from the package."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import rules
from connectors.base import Unusable

LARGEST: Final = 1_000_000
"""Bytes of a file. A file of rules has some thousand."""

MOST: Final = 500
"""Files of a workspace."""

PATTERNS: Final = ("*.yaml", "*.yml", "rules/*.yaml", "rules/*.yml", "templates/*/*.md.j2")


def read_workspace(folder: Path) -> dict[str, str]:
    """Return file name → text of a workspace: its YAML files, those under `rules/`, and its templates.

    Names are relative to the folder, with slashes. Raises `Unusable` when the folder or a file cannot be read.
    """
    if not folder.is_dir():
        raise Unusable(f"{folder} is no folder: name the workspace's folder")
    return {path.relative_to(folder).as_posix(): _text(path) for path in _bounded(folder)}


def read_baseline() -> dict[str, str]:
    """Return file name → text of the default pack."""
    folder = Path(rules.__file__).parent / "baseline"
    return {path.name: _text(path) for path in sorted(folder.glob("*.yaml"))}


def _bounded(folder: Path) -> Iterator[Path]:
    found = [path for pattern in PATTERNS for path in sorted(folder.glob(pattern)) if path.is_file()]
    if len(found) > MOST:
        raise Unusable(f"{folder} has {len(found)} files, and a workspace has at most {MOST}: is it the right folder?")
    yield from found


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise Unusable(f"{path} is larger than {LARGEST:,} bytes: split it into several files")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unusable(f"{path}:{line} is not UTF-8: save the file in that encoding") from error
