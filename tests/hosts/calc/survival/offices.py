"""LibreOffices to be ended, stopped and watched, and the moments at which that happens."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from timix_xl.hosts.calc.connection import Connection

Fate = Callable[[xw.App], None]


def killed(app: xw.App) -> None:
    """End a LibreOffice as a crash does."""
    _signal(app, signal.SIGKILL)


def told_to_end(app: xw.App) -> None:
    """End it as the system does when it shuts down."""
    _signal(app, signal.SIGTERM)
    _process(app).wait(10)


def closed(app: xw.App) -> None:
    """End it as a person does who closes the program and saves nothing."""
    app.impl.connection.desktop.terminate()


def stopped(app: xw.App) -> None:
    """Let it hang: it is there and answers nothing."""
    _signal(app, signal.SIGSTOP)


def going_on(app: xw.App) -> None:
    """Let it go on."""
    _signal(app, signal.SIGCONT)


def _signal(app: xw.App, number: signal.Signals) -> None:
    os.killpg(_process(app).pid, number)


def _process(app: xw.App) -> Any:
    return app.impl._started.process


class Calls:
    """Counts the calls that the macros make; at one of them, something happens."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self.at: int | None = None
        self.happens: Callable[[], None] = lambda: None
        enter = Connection.enter

        def counted(connection: Connection, seconds: float | None) -> None:
            enter(connection, seconds)
            self.count += 1
            if self.count == self.at:
                self.happens()

        patch.setattr(Connection, "enter", counted)

    def then(self, at: int, happens: Callable[[], None]) -> None:
        """Have something happen at a call, counted from now."""
        self.count, self.at, self.happens = 0, at, happens


def lock_of(path: Path) -> Path:
    """Name the file by which LibreOffice tells others that it holds a file open."""
    return path.with_name(f".~lock.{path.name}#")
