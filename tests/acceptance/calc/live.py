"""A desk with LibreOffice on it: workbooks stay open from command to command, as a person's do.

The tests of the months know files only. They run a command, look into the file with openpyxl, type
into it with openpyxl, run the next command. Here the file is what LibreOffice saves, and what was
typed into the file since is typed into the open sheet, cell by cell.
"""

import contextlib
import io
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import xlwings as xw

from timix_xl.hosts import calc


@dataclass
class Open:
    """A workbook that is open, and its file as the last command left it."""

    book: xw.Book
    left: bytes = b""
    times: tuple[int, int] = (0, 0)


class LiveDesk:
    """Takes the place of the files host: the same paths, opened in one LibreOffice."""

    def __init__(self, app: xw.App) -> None:
        self.app = app
        self._open: dict[Path, Open] = {}

    @contextlib.contextmanager
    def open_book(self, path: str | Path) -> Iterator[xw.Book]:
        """Give the open workbook of a path; it is not closed afterwards."""
        place = Path(path).resolve()
        there = self._open.get(place)
        if there is None:
            there = self._open[place] = Open(calc.open_book(place, self.app))
        elif (found := place.read_bytes()) != there.left:
            # A file that somebody else has saved is not written over: it was our letter box only.
            place.write_bytes(there.left)
            os.utime(place, ns=there.times)
            _type(there.book, there.left, found)
        there.book.activate()
        try:
            yield there.book
        finally:
            there.left, state = place.read_bytes(), place.stat()
            there.times = state.st_atime_ns, state.st_mtime_ns

    def check_free(self, path: Path) -> None:
        """Find every file free: the one that holds it open is this desk."""

    def clear(self) -> None:
        """Close every workbook, saved or not."""
        for one in self._open.values():
            one.book.close()
        self._open.clear()


def _type(book: xw.Book, before: bytes, after: bytes) -> None:
    """Type into the open sheets what somebody has changed in the file."""
    old, new = _cells(before), _cells(after)
    for sheet, address in sorted(old.keys() | new.keys()):
        value = new.get((sheet, address))
        if value != old.get((sheet, address)):
            book.sheets[sheet].range(address).value = value


def _cells(content: bytes) -> dict[tuple[str, str], Any]:
    """Read what stands in the cells of a file: formulas as formulas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*extension is not supported")
        book = openpyxl.load_workbook(io.BytesIO(content))
    return {
        (sheet.title, cell.coordinate): getattr(cell.value, "text", cell.value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    }
