"""Open a file: what kind it is, its text, and its rows with their places."""

import codecs
import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from timix_xl.errors import BadArgument, FileNotThere, FileUnreadable
from timix_xl.importing import faults
from timix_xl.importing.books_file import books_rows
from timix_xl.importing.books_workbook import books_rows_of, looks_like_books
from timix_xl.importing.entries_file import entries_rows, looks_like_entries
from timix_xl.importing.faults import RowFault, shown, trouble
from timix_xl.importing.grids import Grid, grid_of_sheet, grid_of_text
from timix_xl.importing.refusals import FileTooBig, FormatNotUnderstood, NotThatFormat
from timix_xl.importing.rows import Placed
from timix_xl.importing.timesheets.dates import DateOrder
from timix_xl.importing.timesheets.export import Export, read_export
from timix_xl.importing.timesheets.formats import SOURCES, missing_columns, shape_of
from timix_xl.importing.workbooks import Sheet, opened

LIMIT_MEGABYTES = 64
BOOKS, ENTRIES = "books", "entries"
FORMATS = (*SOURCES, ENTRIES, BOOKS)
_NAMES_SHOWN = 12
_ZIP = b"PK"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_NUL_IN_FIRST = 2  # of the bytes of a UTF-16 text without a mark
_WORKBOOK = "xl/workbook.xml"
_OURS = b'"timix_workbook_version"'
"""What only the billing workbook defines, whatever became of its sheets."""
_LINKS = re.compile(rb"<(?:[^\s<>/:]+:)?externalReference[\s/>]")
_WEB = ("http:", "https:")
_FOREIGN = {
    b"%PDF": "a PDF",
    b"<": "an XML or HTML file",
    b"{\\rtf": "an RTF document",
    b"\x1f\x8b": "a packed archive",
    b"7z\xbc\xaf": "a packed archive",
    b"Rar!": "a packed archive",
    b"SQLite format 3": "a database",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file's rows by key of the books file, with what was wrong with the file around them.

    The lines of an `export` become rows once a mapping says what their names are. `is_books` says
    that it is a books file, not one of entries alone.
    """

    path: Path
    sha256: str
    rows: Mapping[str, Sequence[Placed]]
    refused: tuple[RowFault, ...] = ()
    warnings: tuple[RowFault, ...] = ()
    export: Export | None = None
    is_books: bool = False


def read_source(path: Path, file_format: str | None, date_order: DateOrder | None = None) -> Source:
    """Read a file's rows.

    Raises FileNotThere, FileUnreadable, FormatNotUnderstood, NotThatFormat, FileTooBig,
    WorkbookNotTaken, SheetTooBig, DateOrderUnclear.
    """
    if file_format is not None and file_format not in FORMATS:
        raise BadArgument(
            argument="--format",
            value=file_format,
            expected="a format that we read",
            example=" or ".join(FORMATS),
        )
    content = _content(path)
    if content.startswith(_ZIP):
        sheets = opened(path, content)
        warnings = tuple(_links_among(path, content))
        read = _read_workbook(path, sheets, file_format, date_order)
        read = replace(read, warnings=(*read.warnings, *warnings))
    else:
        read = _read_text(path, content, file_format, date_order)
    return replace(read, sha256=hashlib.sha256(content).hexdigest())


def check_bearable(path: Path) -> None:
    """Refuse a file with a name that is no text, or beyond what is read.

    Raises OSError too.
    """
    name = str(path).encode(errors="replace").decode()
    if name != str(path):
        why = "its name has a character that is not text"
        raise _unreadable(name, why, "Give the file another name")
    megabytes = path.stat().st_size / 2**20
    if megabytes > LIMIT_MEGABYTES:
        raise FileTooBig(file=path, size=round(megabytes), limit=LIMIT_MEGABYTES)


def _read_text(
    path: Path, content: bytes, file_format: str | None, order: DateOrder | None
) -> Source:
    text, is_windows = _text(path, content)
    is_books = file_format == BOOKS or (not file_format and text.lstrip().startswith(("{", "[")))
    if is_books and is_windows:
        raise _unreadable(path, "it is not UTF-8 text", "Save it as UTF-8")
    if is_books:
        return replace(_source(path, *books_rows(str(path), text)), is_books=True)
    source = _read_grid(path, grid_of_text(str(path), text), file_format, order)
    warning = trouble(faults.READ_AS_WINDOWS, "").at(str(path), 1)
    return replace(source, warnings=(warning,)) if is_windows else source


def _read_workbook(
    path: Path, sheets: Sequence[Sheet], file_format: str | None, order: DateOrder | None
) -> Source:
    if file_format == BOOKS or (not file_format and looks_like_books(sheets)):
        source = _source(path, *books_rows_of(sheets, str(path)))
        return replace(source, is_books=True, warnings=_hidden_among(path, sheets))
    grids = {sheet.name: grid_of_sheet(str(path), sheet) for sheet in sheets if sheet.rows}
    if file_format is None:
        grids = {name: grid for name, grid in grids.items() if _is_known(grid)}
    if not grids:
        what = "a workbook without a sheet that we know: neither books, entries nor an export"
        raise FormatNotUnderstood(file=path, what=what)
    if len(grids) > 1:
        why = f"more than one of its sheets could be meant: {', '.join(grids)}"
        raise _unreadable(path, why, "Save the sheet that is to be imported in a file of its own")
    name, grid = next(iter(grids.items()))
    hidden = _hidden_among(path, [sheet for sheet in sheets if sheet.name == name])
    return replace(_read_grid(path, grid, file_format, order), warnings=hidden)


def _hidden_among(path: Path, sheets: Sequence[Sheet]) -> tuple[RowFault, ...]:
    """Tell of rows that a person does not see: they are read like all others."""
    found = []
    for sheet in sheets:
        if count := sum(row.is_hidden for row in sheet.rows):
            rows = "1 row is" if count == 1 else f"{count:,} rows are"
            found.append(trouble(faults.ROWS_HIDDEN, "", rows=rows).at(str(path), sheet.name))
    return tuple(found)


def _read_grid(path: Path, grid: Grid, file_format: str | None, order: DateOrder | None) -> Source:
    if file_format == ENTRIES or (not file_format and looks_like_entries(grid.header)):
        return _source(path, *entries_rows(grid))
    shape = shape_of(grid.header, file_format)
    if shape is not None:
        export = read_export(grid, shape, order)
        return Source(path=path, sha256="", rows={}, refused=export.refused, export=export)
    if file_format is not None:
        columns = ", ".join(missing_columns(grid.header, file_format))
        raise NotThatFormat(file=path, format=file_format, columns=columns)
    raise FormatNotUnderstood(file=path, what=f"no file that we know: {_begins(grid)}")


def _begins(grid: Grid) -> str:
    names = [shown(name.strip()) for name in grid.header if name.strip()]
    more = " and more" if names[_NAMES_SHOWN:] else ""
    return f"its columns are {', '.join(names[:_NAMES_SHOWN])}{more}"


def _is_known(grid: Grid) -> bool:
    return looks_like_entries(grid.header) or shape_of(grid.header) is not None


def _source(
    path: Path, rows: Mapping[str, Sequence[Placed]], refused: Sequence[RowFault]
) -> Source:
    return Source(path=path, sha256="", rows=rows, refused=tuple(refused))


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise _unreadable(path, "it is a folder", "Give a file in it")
        if not path.is_file():
            raise _not_there(path)
        check_bearable(path)
        with path.open("rb") as file:
            content = file.read((LIMIT_MEGABYTES << 20) + 1)  # it may be growing
    except OSError as error:
        why = error.strerror or "the computer does not say why"
        raise _unreadable(path, why, "Check the name, and whether you may read it") from error
    if not content.strip():
        raise _unreadable(path, "it is empty", "Name another file")
    return content


def _not_there(path: Path) -> FileNotThere | FileUnreadable:
    """Word that there is no such file; of an address, that it is none."""
    parts = path.parts
    at = next((at for at, part in enumerate(parts) if part.lower() in _WEB), None)
    if at is None:
        return FileNotThere(path=path)
    address = f"{parts[at]}//{'/'.join(parts[at + 1 :])}"
    return _unreadable(address, "it is a web address", "Download it first, then give the file")


def _links_among(path: Path, content: bytes) -> Iterator[RowFault]:
    """Tell of links to other workbooks; refuse the billing workbook, which looks like books."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = next(name for name in archive.namelist() if name.lower() == _WORKBOOK)
        book = archive.read(part)
    if _OURS in book:
        what = "a billing workbook: it is filled from the store, and not imported"
        raise FormatNotUnderstood(file=path, what=what)
    if _LINKS.search(book):
        yield trouble(faults.LINKS_NOT_FOLLOWED, "").at(str(path), "")


def _text(path: Path, content: bytes) -> tuple[str, bool]:
    """Return the text, and whether it had to be read as Windows-1252."""
    begins = content.removeprefix(codecs.BOM_UTF8).lstrip()
    for signature, what in _FOREIGN.items():
        if begins.startswith(signature):
            raise FormatNotUnderstood(file=path, what=what)
    if content.startswith(_OLD_WORKBOOK):
        why = "it is an old Excel workbook (.xls), or one with a password"
        raise _unreadable(path, why, "Save it as .xlsx without a password")
    if content.startswith(_UTF_16) or b"\0" in content[:_NUL_IN_FIRST]:
        raise _unreadable(path, "it is UTF-16 text", "Save it as UTF-8 (Excel: CSV UTF-8)")
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), False
    try:
        return content.decode("cp1252"), True
    except UnicodeDecodeError as error:
        instead = "Give a .csv, .xlsx or .json file (a text in UTF-8)"
        raise _unreadable(path, "it is not a text file", instead) from error


def _unreadable(path: Path | str, why: str, instead: str) -> FileUnreadable:
    return FileUnreadable(file=path, why=why, instead=f"{instead}.")
