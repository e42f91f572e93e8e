"""What must never leak: the secrets that tests give the service, and personal texts on the tests' tickets.

Account ids and names of users ("kari") are no personal texts: the store may keep them. A workspace's own files may
name people, and so may what is delivered to the platform; neither is searched.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

PASSWORD: Final = "correct-horse-battery"
"""Every password and token that tests give the service begins like this."""

SECRETS: Final = (PASSWORD, "open sesame", "hunter22", "very secret")
PEOPLE: Final = (
    *("Kari Nordmann", "Kari Nord", "Ida Berg", "Ida Moe", "Vera Clarke", "Nguyễn Văn An", "Nguyễn Văn Khánh"),
    *("kari@harbour.example", "ida@harbour.example", "vera@harbour.example", "an@harbour.example"),
)
TEXTS: Final = (
    "It does not work",
    "Printer is down",
    "A phishing mail!",
    "still broken",
    "It is slow",
    "Cannot pay by card",
)
CANARIES: Final = (*SECRETS, *PEOPLE, *TEXTS)

OWN: Final = frozenset({".yaml", ".yml", ".j2", ".csv", ".json"})
"""Endings of the files that people write: workspaces, and tickets to load into a simulated platform."""


def _written(text: str) -> Iterator[bytes]:
    """Yield a text as files may hold it, without zero bytes: in UTF-8, in UTF-16, in JSON."""
    yield from (text.encode(code).translate(None, b"\0") for code in ("utf-8", "utf-16-le", "utf-16-be"))
    yield json.dumps(text)[1:-1].encode()


WRITTEN: Final = {form: text for text in CANARIES for form in _written(text)}


def leaks_in_text(text: str, canaries: Iterable[str] = CANARIES) -> list[str]:
    """Return the canaries that a text holds."""
    return [canary for canary in canaries if canary in text]


def leaks_in_files(folder: Path) -> list[str]:
    """Return what the files of a folder hold that they must not, each with its file."""
    found = []
    for path in folder.rglob("*"):
        if path.suffix not in OWN and path.is_file() and not path.is_symlink():
            content = path.read_bytes().translate(None, b"\0")  # UTF-16 is mostly these, and so are databases
            found += [f"{path.name} holds {text!r}" for form, text in WRITTEN.items() if form in content]
    return found
