"""The xlwings engine "timix-calc": registration, and the ways in."""

from pathlib import Path

import xlwings as xw

from timix_xl.hosts.calc.app import Apps
from timix_xl.hosts.cell_values import clean_value_data, prepare_xl_data_element

NAME = "timix-calc"


class CalcEngine:
    """What xlwings asks of an engine: its name, its apps, and how values are cleaned."""

    name = NAME
    type = "desktop"
    prepare_xl_data_element = staticmethod(prepare_xl_data_element)
    clean_value_data = staticmethod(clean_value_data)

    def __init__(self) -> None:
        self.apps = Apps(self)


def engine() -> xw.Engine:
    """Register the engine with xlwings, once, and give it; another that is active stays so."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=CalcEngine()))
    registered = xw.engines[NAME]
    if xw.engines.active is None:
        registered.activate()
    return registered


def start(*, seconds: float = 60) -> xw.App:
    """Start a LibreOffice of our own without a window; `quit()` ends it."""
    return xw.App(impl=engine().impl.apps.start(seconds=seconds))


def attach(pipe: str, *, secret: str = "", seconds: float = 20) -> xw.App:
    """Reach a LibreOffice with a window that waits on a pipe; `quit()` only lets go of it.

    One that waits for a press lets in who knows its secret.
    """
    return xw.App(impl=engine().impl.apps.attach(pipe, secret=secret, seconds=seconds))


def open_book(path: str | Path, app: xw.App | None = None) -> xw.Book:
    """Open a workbook; without an app in one of our own, which its last book ends by closing."""
    if app is not None:
        return xw.Book(impl=app.impl.books.open(str(path)))
    own = start()
    own.impl.ends_with_last_book = True
    try:
        return xw.Book(impl=own.impl.books.open(str(path)))
    except BaseException:
        own.quit()
        raise


def document(app: xw.App, uid: str) -> xw.Book:
    """Give the open workbook of this RuntimeUID, where a button was pressed; or WorkbookGone.

    What the app says and shows from then on is said and shown in its window.
    """
    book = app.impl.books.of_uid(uid)
    app.impl.note_pressed(book)
    return xw.Book(impl=book)
