"""One active process per store: a lock that the kernel gives back however the process ends."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Self

from connectors.base import ConnectorError, Unusable


class StoreInUse(ConnectorError):
    """Another process works with this store."""


class Lock:
    """The lock of the store at `path`, which is a file beside it: "itsm-sync.db.lock".

    The file stays when the lock is given back: a process that waits for it has it open already, and a new file
    beside that one could be locked a second time. It holds the owner's process id, for the message only.
    """

    def __init__(self, path: Path) -> None:
        self._store = path
        self._file: int | None = None

    def acquire(self, *, wait: bool) -> Self:
        """Take the lock, waiting for as long as it takes if asked to.

        Raises `StoreInUse`, and `Unusable` where no file can be made there, with a line for the admin.
        """
        try:
            file = os.open(self._store.with_name(self._store.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unusable(f"the store {self._store} cannot be locked: {error.strerror}") from None
        try:
            self._take(file, wait)
        except BaseException:
            os.close(file)
            raise
        self._file = file
        return self

    def release(self) -> None:
        """Give the lock back."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def _take(self, file: int, wait: bool) -> None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            owner = os.pread(file, 20, 0).decode(errors="replace") or "another one"
            raise StoreInUse(f"the store {self._store} is in use by process {owner}: end it, or wait for it") from None
        os.ftruncate(file, 0)
        os.pwrite(file, str(os.getpid()).encode(), 0)
