"""A clock in a file, so that the service and the platforms, which are different processes, have the same time."""

from __future__ import annotations

import mmap
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)


class SharedClock:
    """It stands still until one of the processes moves it on: the service by waiting, the others by a request."""

    def __init__(self, path: Path, start: datetime | None = None) -> None:
        if start is not None:
            path.write_bytes(struct.pack("q", (start - EPOCH) // MICROSECOND))
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8)

    def __call__(self) -> datetime:
        return EPOCH + struct.unpack("q", self._memory[:])[0] * MICROSECOND

    def advance(self, *, seconds: float) -> None:
        """Move on."""
        later = self() - EPOCH + timedelta(seconds=seconds)
        self._memory[:] = struct.pack("q", later // MICROSECOND)
