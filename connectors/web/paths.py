"""Paths: the one place where a value becomes part of an address."""

from __future__ import annotations

from urllib.parse import quote

from connectors.base import Refused


def step(value: str) -> str:
    """Return a value as one step of a path, whatever it holds. Raises `Refused` where it would be none, or lead up."""
    try:
        quoted = quote(value, safe="")
    except UnicodeEncodeError:
        quoted = ""
    if quoted in ("", ".", ".."):
        raise Refused(f"{value!r} cannot be part of an address")
    return quoted
