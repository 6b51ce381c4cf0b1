"""Ask the add-in for its version, through Excel; what we opened is closed again."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from timix_xl.addin.machine import Machine
from timix_xl.addin.refusals import AddinSilent, ExcelNotReached
from timix_xl.errors import HostError

_BUSY = (-2147418111, -2147417846, "Excel application is not responding")
"""How an error of COM begins, or xlwings' own, when Excel has no time: a message, a cell, work."""


def ping(machine: Machine, addin: Path) -> str:
    """Return the version that the add-in answers; raises ExcelNotReached, AddinSilent."""
    with _excel(machine) as app, _opened(machine, app, addin):
        try:
            answer = app.macro(f"'{addin.name}'!TimixPing")()
        except machine.troubles as error:
            raise _told(error, "its macros do not run") from error
    if not answer:
        raise AddinSilent(why="its answer is empty")
    return str(answer)


@contextmanager
def _excel(machine: Machine) -> Iterator[Any]:
    """Give the Excel that is running, or one of our own for as long as we need it."""
    try:
        running = machine.running_excel()
        app = running or machine.start_excel()
    except machine.troubles as error:
        raise ExcelNotReached(why=_words(error)) from error
    try:
        yield app
    finally:
        if not running:
            _quit(machine, app)


@contextmanager
def _opened(machine: Machine, app: Any, addin: Path) -> Iterator[None]:
    """Have the add-in open: an Excel that a program starts does not load its start-up folder."""
    if _is_open(machine, app, addin.name):
        yield
        return
    try:
        book = app.books.open(str(addin))
    except machine.troubles as error:
        raise _told(error, "Excel does not open it") from error
    try:
        yield
    finally:
        with suppress(*machine.troubles):
            book.close()


def _is_open(machine: Machine, app: Any, name: str) -> bool:
    # An add-in is not among the workbooks that Excel lists; it is there by its name.
    with suppress(KeyError, *machine.troubles):
        return app.books[name] is not None
    return False


def _quit(machine: Machine, app: Any) -> None:
    try:
        app.quit()
    except machine.troubles:
        with suppress(*machine.troubles):
            app.kill()  # an Excel that nobody sees must not stay behind


def _told(error: Exception, what: str) -> HostError:
    words = _words(error)
    return ExcelNotReached(why=words) if _is_busy(error) else AddinSilent(why=f"{what} ({words})")


def _is_busy(error: Exception) -> bool:
    return bool(error.args) and error.args[0] in _BUSY


def _words(error: Exception) -> str:
    """Return the first line of what Excel said."""
    told = getattr(error, "errormessage", None)  # of appscript, whose own text goes on and on
    said = str(told or _words_of_com(error.args) or error).strip() or type(error).__name__
    return said.splitlines()[0].rstrip(".")


def _words_of_com(parts: tuple[Any, ...]) -> str | None:
    """Return the words in (number, text, None or (code, program, words, help file, …), place)."""
    match parts:
        case (_, _, (_, _, str(words), *_), *_) if words.strip():
            return words
        case (_, str(words), *_):
            return words
    return None
