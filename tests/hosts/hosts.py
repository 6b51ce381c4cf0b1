"""The hosts that the contract is run on: each opens workbooks with the program that it is."""

import importlib.util
import os
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest
import xlwings as xw

from timix_xl.errors import HostError
from timix_xl.hosts import calc, files
from timix_xl.hosts.calc.finding import find_office


class Host(Protocol):
    """A program that opens workbooks, or what stands in for one."""

    name: str

    def lacks(self) -> str:
        """Say what the machine lacks for it; nothing if it can be started."""

    def open(self, path: Path) -> xw.Book:
        """Open a workbook."""

    def tidy(self) -> None:
        """Close what a test has left open; the program stays."""

    def end(self) -> None:
        """End the program."""


class Files:
    """Workbooks on disk, without any program."""

    name = "files"

    def lacks(self) -> str:
        return ""

    def open(self, path: Path) -> xw.Book:
        files.start().activate()
        return files.open_book(path)

    def tidy(self) -> None:
        for app in list(files.start().apps):
            app.quit()

    def end(self) -> None:
        self.tidy()


class _Program:
    """A program that is started once, for all tests of a worker."""

    def __init__(self) -> None:
        self._app: xw.App | None = None

    def tidy(self) -> None:
        if self._app is None:
            return
        try:
            for book in list(self._app.books):
                book.close()
            self._app.calculation, self._app.status_bar = "automatic", False
        except HostError:
            # A test has ended it, or made it silent: the next one starts another.
            self.end()

    def end(self) -> None:
        app, self._app = self._app, None
        if app is not None:
            app.kill()


class Calc(_Program):
    """A LibreOffice of the tests' own, without a window."""

    name = "calc"

    def lacks(self) -> str:
        return _no_office()

    def open(self, path: Path) -> xw.Book:
        if self._app is None:
            self._app = calc.start()
        # xlwings looks for the active app in one engine at a time; the tests change between two.
        self._app.engine.activate()
        return calc.open_book(path, self._app)


@cache
def _no_office() -> str:
    """Say why LibreOffice cannot be used, if so; looked for once."""
    try:
        find_office()
    except HostError as refusal:
        return str(refusal)
    return ""


class Excel(_Program):
    """Microsoft Excel, for whoever has it: `pytest --host excel`."""

    name = "excel"

    def lacks(self) -> str:
        library = "win32com" if os.name == "nt" else "appscript"
        return "" if importlib.util.find_spec(library) else f"{library} is not installed"

    def open(self, path: Path) -> xw.Book:
        if self._app is None:
            xw.engines["excel"].activate()
            self._app = xw.App(visible=False, add_book=False)
            self._app.display_alerts = False
        self._app.engine.activate()
        return self._app.books.open(path)


HOSTS: dict[str, type[Host]] = {"files": Files, "calc": Calc, "excel": Excel}
BY_DEFAULT = ("files", "calc")


def chosen(config: pytest.Config) -> list[str]:
    """Return the hosts to run on: those of `--host`, else those that any machine may have."""
    return list(dict.fromkeys(config.getoption("--host") or BY_DEFAULT))


def fail_or_skip(host: Host, *, is_asked_for: bool) -> None:
    """Leave a test out where the host is not there; CI and who asks for it have to have it."""
    reason = host.lacks()
    if not reason:
        return
    if is_asked_for or os.environ.get("CI") == "true":
        pytest.fail(f"{host.name} is not there: {reason}")
    pytest.skip(reason)
