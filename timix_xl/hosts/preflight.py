"""Read a workbook file that a program may be given, or refuse it in the words of a host."""

from collections.abc import Callable, Mapping
from pathlib import Path

from timix_xl import preflight
from timix_xl.errors import FileNotThere, HostError
from timix_xl.hosts.refusals import (
    NotAWorkbook,
    NotReadable,
    OtherFormat,
    WorkbookDamaged,
    WorkbookLocked,
    WorkbookTooBig,
    WorkbookUnsafe,
)
from timix_xl.preflight import Unfit, Wrong

LARGEST_FILE = 50 << 20
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path) -> bytes:
    """Read a workbook file, or refuse it."""
    content = _content(path)
    try:
        preflight.check(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS, reads_tables=True)
    except Unfit as unfit:
        raise _WORDS[unfit.wrong](where=str(path), path=path.name, **unfit.facts) from unfit
    return content


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise FileNotThere(where=str(path), path=path)
    try:
        if path.stat().st_size > LARGEST_FILE:
            limit = f"{LARGEST_FILE >> 20} MB"
            size = f"{path.stat().st_size >> 20} MB"
            raise WorkbookTooBig(where=str(path), path=path.name, size=size, limit=limit)
        content = path.read_bytes()
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise NotReadable(where=str(path), path=path.name, why=why, folder=path.parent) from error
    if content.startswith(_OLD_FORMAT):
        raise WorkbookLocked(where=str(path), path=path.name)
    if not content.startswith(b"PK"):
        raise NotAWorkbook(where=str(path), path=path.name)
    return content


def _sheet_too_big(where: str, path: str, sheet: str, rows: int, columns: int) -> WorkbookTooBig:
    size = f"{sheet} has {rows:,} rows and {columns:,} columns"
    limit = f"{MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns"
    return WorkbookTooBig(where=where, path=path, size=size, limit=limit)


_WORDS: Mapping[Wrong, Callable[..., HostError]] = {
    Wrong.OTHER_FORMAT: OtherFormat,
    Wrong.NO_WORKBOOK: NotAWorkbook,
    Wrong.LOCKED: WorkbookLocked,
    Wrong.DAMAGED: WorkbookDamaged,
    Wrong.UNSAFE: WorkbookUnsafe,
    Wrong.TOO_BIG: WorkbookTooBig,
    Wrong.SHEET_TOO_BIG: _sheet_too_big,
}
