"""What every desk at work in tests has: a process that is started anew, that may die at any step, and its store."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from requests import PreparedRequest, Response
from requests.adapters import HTTPAdapter

from commands import workspace
from connectors.sandbox import MovableClock
from sync import Desk, Report


class Died(BaseException):
    """The process ends here, in the middle of whatever it does."""


class Death:
    """Ends the process after so many steps: a step is before or after a request or a transaction of the store.

    They may count only from a certain transaction on.
    """

    def __init__(self, steps: int, begins: str = "") -> None:
        self.steps, self.begins = steps, begins

    def step(self) -> None:
        if self.begins:
            return
        self.steps -= 1
        if self.steps == 0:
            raise Died

    def around(self, do: Callable[..., Any], *args: Any, **options: Any) -> Any:
        self.step()
        done = do(*args, **options)
        self.step()
        return done


class MortalAdapter(HTTPAdapter):
    """Sends requests, by another adapter, until it dies."""

    def __init__(self, adapter: HTTPAdapter, death: Death) -> None:
        super().__init__()
        self.adapter, self.death = adapter, death

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        return self.death.around(self.adapter.send, request, *args, **options)  # type: ignore[no-any-return]


class MortalStore:
    """A store that dies before or after one of its transactions."""

    def __init__(self, store: Any, death: Death) -> None:
        self._store, self._death = store, death

    def __getattr__(self, name: str) -> Callable[..., Any]:
        do = getattr(self._store, name)
        if name == self._death.begins:
            self._death.begins = ""
        return lambda *args, **options: self._death.around(do, *args, **options)


class AtWork:
    """A workspace, and a desk that is opened anew whenever its store or rules change."""

    def __init__(self, folder: Path, clock: MovableClock, adapter: HTTPAdapter | None = None) -> None:
        self.folder, self.clock, self.adapter = folder, clock, adapter
        self._stack = ExitStack()
        self._desk: Desk | None = None

    def write_rules(self, text: str) -> None:
        """Write the workspace; the process starts anew with it."""
        self.close()
        (self.folder / "desk.yaml").write_text(text, encoding="utf-8")

    def cycle(self, times: int = 1, apart: float = 60) -> Report:
        """Run cycles some seconds apart and return the last one's report."""
        for _ in range(times):
            self.clock.advance(seconds=apart)
            report = self.desk().cycle()
        return report

    def desk(self) -> Desk:
        """Return the desk, opened."""
        if self._desk is None:
            self._desk = self._stack.enter_context(workspace.opened(Desk, self.folder, self.clock))
            for connector in self._desk.connectors.values():
                connector.session.sleep = lambda seconds: self.clock.advance(seconds=seconds)  # type: ignore[attr-defined]
                if self.adapter is not None:
                    _mount(connector, self.adapter)
        return self._desk

    def close(self) -> None:
        """End the process, as it were."""
        self._stack.close()
        self._stack = ExitStack()
        self._desk = None

    def dies_after(self, steps: int, begins: str = "") -> None:
        """Let the process die after so many steps of the next cycle, or from a certain transaction of the store on."""
        desk, death = self.desk(), Death(steps, begins)
        desk.store = MortalStore(desk.store, death)  # type: ignore[assignment]
        for connector in desk.connectors.values():
            session = connector.session  # type: ignore[attr-defined]
            _mount(connector, MortalAdapter(session.get_adapter("http://"), death))

    def lose_the_store(self) -> None:
        """Delete all that the service remembers."""
        self.close()
        for file in self.folder.glob("itsm-sync.db*"):
            file.unlink()


def _mount(connector: Any, adapter: HTTPAdapter) -> None:
    for scheme in ("http://", "https://"):
        connector.session.mount(scheme, adapter)
