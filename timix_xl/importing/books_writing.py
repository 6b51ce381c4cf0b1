"""Write a books file: JSON or a workbook, whole or not at all, and never over another file."""

import datetime as dt
import json
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex

from timix_xl.errors import BadArgument
from timix_xl.importing.books_drawing import as_workbook
from timix_xl.importing.books_export import Books, books_of
from timix_xl.importing.books_json import as_json
from timix_xl.importing.books_sheets import BY_NAME, COVER
from timix_xl.importing.refusals import BooksNotWritten, NotABooksFile
from timix_xl.importing.sections import KEYS, LATER
from timix_xl.store.database import Store

_FORMATS: Mapping[str, Callable[[Books], bytes]] = {".json": as_json, ".xlsx": as_workbook}
_WORKBOOK = "xl/workbook.xml"
_SHEET = re.compile(r'<sheet\b[^>]*\bname="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the file, the logo beside it if there is one, the rows of each key."""

    path: Path
    logo: Path | None
    counts: Mapping[str, int]


def export_books(store: Store, path: Path, *, today: dt.date) -> Exported:
    """Write a store as a books file; raises BadArgument, NotABooksFile, BooksNotWritten."""
    write = _FORMATS.get(path.suffix.lower())
    if write is None:
        raise BadArgument(
            argument="FILE", value=str(path), expected="a .json or .xlsx file", example="books.xlsx"
        )
    _keep_others(path)
    books = books_of(store, today=today)
    logo = path.parent / books.logo.name if books.logo else None
    if logo and books.logo:
        _write(logo, books.logo.content)
    _write(path, write(books))
    return Exported(path, logo, {name: len(rows) for name, rows in books.rows.items()})


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
        return bool(names) and names <= {COVER, *BY_NAME, *LATER}
    with suppress(ValueError, RecursionError):
        whole = json.loads(content)
        names = set(whole) if isinstance(whole, dict) else names
    return bool(names) and names <= {*KEYS, *LATER}


def _write(path: Path, content: bytes) -> None:
    """Write beside the file and put it in its place, so that nobody finds half of it."""
    beside = path.with_name(f".{token_hex(8)}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise BooksNotWritten(path=path, why=why) from error
    finally:
        with suppress(OSError):  # after a replacement it is gone
            beside.unlink()
