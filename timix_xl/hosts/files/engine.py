"""The xlwings engine "timix-files": registration, and the way in."""

from pathlib import Path

import xlwings as xw

from timix_xl.hosts.cell_values import clean_value_data, prepare_xl_data_element
from timix_xl.hosts.files.app import Apps

NAME = "timix-files"


class FilesEngine:
    """What xlwings asks of an engine: its name, its apps, and how values are cleaned."""

    name = NAME
    type = "desktop"

    prepare_xl_data_element = staticmethod(prepare_xl_data_element)
    clean_value_data = staticmethod(clean_value_data)

    def __init__(self) -> None:
        self.apps = Apps(self)


def start() -> xw.Engine:
    """Register the engine with xlwings, once, and give it."""
    if NAME not in xw.engines.engines_by_name:
        xw.engines.add(xw.Engine(impl=FilesEngine()))
    engine = xw.engines[NAME]
    if xw.engines.active is None:
        engine.activate()
    return engine


def open_book(path: str | Path) -> xw.Book:
    """Open a workbook on disk; `with` closes it, `save()` writes it."""
    app = start().apps.add(add_book=False, visible=False)
    try:
        return xw.Book(impl=app.books.impl.open(str(path)))
    except BaseException:
        app.quit()
        raise
