"""Open a file: what kind it is, its text, and its rows with their places."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from timix_xl.errors import BadArgument, FileNotThere, FileUnreadable
from timix_xl.importing import faults
from timix_xl.importing.books_file import books_rows
from timix_xl.importing.entries_file import entries_rows, looks_like_entries
from timix_xl.importing.faults import RowFault, trouble
from timix_xl.importing.refusals import FileTooBig, FormatNotUnderstood
from timix_xl.importing.rows import Placed

LIMIT_MEGABYTES = 64
BOOKS, ENTRIES = "books", "entries"
FORMATS = (BOOKS, ENTRIES)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_FOREIGN = {
    b"PK": "a workbook or another zip file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook, or one with a password",
    b"SQLite format 3": "a database",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's rows by key of the books file, with what was wrong with the file around them."""

    path: Path
    sha256: str
    rows: Mapping[str, Sequence[Placed]]
    refused: tuple[RowFault, ...] = ()
    warnings: tuple[RowFault, ...] = ()


def read_source(path: Path, file_format: str | None) -> Source:
    """Read a file's rows; raises FileNotThere, FileUnreadable, FormatNotUnderstood, FileTooBig."""
    if file_format is not None and file_format not in FORMATS:
        raise BadArgument(
            argument="--format",
            value=file_format,
            expected="a format that this version reads",
            example=" or ".join(FORMATS),
        )
    content = _content(path)
    text, is_windows = _text(path, content)
    kind = file_format or _sniffed(path, text)
    read: Callable[[str, str], tuple[Mapping[str, Sequence[Placed]], list[RowFault]]]
    read = books_rows if kind == BOOKS else entries_rows
    if is_windows and kind == BOOKS:
        raise _unreadable(path, "it is not UTF-8 text", "Save it as UTF-8")
    rows, refused = read(str(path), text)
    warning = trouble(faults.READ_AS_WINDOWS, "").at(str(path), 1)
    return Source(
        path=path,
        sha256=hashlib.sha256(content).hexdigest(),
        rows=rows,
        refused=tuple(refused),
        warnings=(warning,) if is_windows else (),
    )


def _content(path: Path) -> bytes:
    if not path.exists():
        raise FileNotThere(path=path)
    try:
        megabytes = path.stat().st_size / 2**20
        if megabytes > LIMIT_MEGABYTES:
            raise FileTooBig(file=path, size=round(megabytes), limit=LIMIT_MEGABYTES)
        content = path.read_bytes()
    except OSError as error:
        why = error.strerror or "the computer does not say why"
        raise _unreadable(path, why, "Check the name, and whether you may read it") from error
    if not content.strip():
        raise _unreadable(path, "it is empty", "Name another file")
    return content


def _text(path: Path, content: bytes) -> tuple[str, bool]:
    """Return the text, and whether it had to be read as Windows-1252."""
    for signature, what in _FOREIGN.items():
        if content.startswith(signature):
            raise FormatNotUnderstood(file=path, what=what)
    if content.startswith(_UTF_16):
        raise _unreadable(path, "it is UTF-16 text", "Save it as UTF-8 (Excel: CSV UTF-8)")
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), False
    try:
        return content.decode("cp1252"), True
    except UnicodeDecodeError as error:
        raise _unreadable(path, "it is not a text file", "Save it as UTF-8") from error


def _sniffed(path: Path, text: str) -> str:
    if text.lstrip().startswith(("{", "[")):
        return BOOKS
    if looks_like_entries(text):
        return ENTRIES
    raise FormatNotUnderstood(file=path, what="neither a books file nor an entries CSV")


def _unreadable(path: Path, why: str, instead: str) -> FileUnreadable:
    return FileUnreadable(file=path, why=why, instead=f"{instead}.")
