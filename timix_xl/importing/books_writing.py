"""Write a books file: JSON or a workbook, whole or not at all, and never over another file."""

import datetime as dt
import json
import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timix_xl.errors import BadArgument
from timix_xl.files import replace_file
from timix_xl.importing.books_drawing import as_workbook
from timix_xl.importing.books_export import Books, books_of
from timix_xl.importing.books_json import as_json
from timix_xl.importing.books_left_behind import LeftBehind
from timix_xl.importing.books_sheets import BY_NAME, COVER
from timix_xl.importing.refusals import BooksNotWritten, NotABooksFile
from timix_xl.importing.sections import KEYS
from timix_xl.store.database import Store

_FORMATS: Mapping[str, Callable[[Books], bytes]] = {".json": as_json, ".xlsx": as_workbook}
_WORKBOOK = "xl/workbook.xml"
_SHEET = re.compile(r'<sheet\b[^>]*\bname="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the file, the logo beside it if there is one, the rows of each key.

    `left_behind` counts what a books file does not carry over.
    """

    path: Path
    logo: Path | None
    counts: Mapping[str, int]
    left_behind: LeftBehind


def export_books(store: Store, path: Path, *, today: dt.date) -> Exported:
    """Write a store as a books file; raises BadArgument, NotABooksFile, BooksNotWritten."""
    write = _FORMATS.get(path.suffix.lower())
    if write is None:
        raise BadArgument(
            argument="FILE", value=str(path), expected="a .json or .xlsx file", example="books.xlsx"
        )
    if not path.parent.is_dir():
        raise BooksNotWritten(path=path, why=f"there is no folder {path.parent}")
    _keep_others(path)
    books = books_of(store, today=today)
    logo = path.parent / books.logo.name if books.logo else None
    if logo and books.logo:
        _write(logo, books.logo.content)
    _write(path, write(books))
    counts = {name: len(rows) for name, rows in books.rows.items()}
    return Exported(path, logo, counts, books.left_behind)


def _keep_others(path: Path) -> None:
    """Refuse to write over a file that is not books."""
    try:
        if path.exists() and not _is_books(path):
            raise NotABooksFile(path=path)
    except OSError as error:
        raise BooksNotWritten(path=path, why=error.strerror or "it cannot be read") from error


def _is_books(path: Path) -> bool:
    content = path.read_bytes()
    if not content.strip():
        return True
    names: set[str] = set()
    if content.startswith(b"PK"):
        with suppress(zipfile.BadZipFile, KeyError, ValueError), zipfile.ZipFile(path) as archive:
            names = set(_SHEET.findall(archive.read(_WORKBOOK).decode()))
        return bool(names) and names <= {COVER, *BY_NAME}
    with suppress(ValueError, RecursionError):
        whole = json.loads(content)
        names = set(whole) if isinstance(whole, dict) else names
    return bool(names) and names <= {*KEYS}


def _write(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BooksNotWritten(path=path, why=why) from error
