"""What a workbook file must be before openpyxl reads it: checked on its bytes, without parsing."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from timix_xl.errors import FileUnreadable
from timix_xl.importing.refusals import FormatNotUnderstood, SheetTooBig, WorkbookNotTaken

MOST_ROWS = 200_000
MOST_COLUMNS = 256
LARGEST_CONTENT = 400 << 20
LARGEST_RATIO = 200
MOST_PARTS = 5_000
MOST_STYLES = 64_000

_SMALL_PART = 4 << 20
_HEAD = 512
_XML = (".xml", ".rels", ".vml")
_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"  # marks of an encoding, and blanks
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""encoding\s*=\s*['"](?!utf-8|us-ascii)""", re.IGNORECASE)
_ROW = re.compile(rb"""<(?:\w+:)?row\b(?:[^>]*?\sr=['"](\d{1,9})['"])?""")
_CELL = re.compile(rb"""<(?:\w+:)?c\b[^>]*?\sr=['"]([A-Z]{1,3})\d""")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_STYLE = re.compile(rb"<(?:\w+:)?xf[\s>/]")
_UNSAFE_NAME = re.compile(r"^/|\\|:|\0|(^|/)\.\.(/|$)")


def check(path: Path, content: bytes) -> bool:
    """Refuse what is no workbook or holds what no spreadsheet program writes.

    Returns whether there are formulas in it.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_names([part.filename for part in parts], path)
            _check_sizes(parts, path)
            with_formulas = [_check_part(archive, part.filename, path) for part in parts]
            return any(with_formulas)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise damaged(path, "its zip is broken") from error


def damaged(path: Path, why: str) -> FileUnreadable:
    """Word the refusal of a workbook that cannot be read to its end."""
    instead = (
        "Open it in a spreadsheet program and save it under a new name, or take an older copy."
    )
    return FileUnreadable(file=path, why=f"it is damaged ({why})", instead=instead)


def too_big(path: Path, sheet: str, rows: int, columns: int) -> SheetTooBig:
    """Word the refusal of a sheet beyond what is read."""
    return SheetTooBig(
        file=path,
        sheet=sheet,
        rows=f"{rows:,}",
        columns=f"{columns:,}",
        most_rows=f"{MOST_ROWS:,}",
        most_columns=MOST_COLUMNS,
    )


def _check_names(names: Sequence[str], path: Path) -> None:
    if len({name.lower() for name in names}) != len(names):
        raise WorkbookNotTaken(file=path, why="two of its parts have the same name")
    for name in names:
        if _UNSAFE_NAME.search(name):
            raise WorkbookNotTaken(file=path, why=f"one of its parts is named {name!r}")
    if not {"[content_types].xml", "xl/workbook.xml"} <= {name.lower() for name in names}:
        raise FormatNotUnderstood(file=path, what="a zip file, but no .xlsx workbook")


def _check_sizes(parts: Sequence[zipfile.ZipInfo], path: Path) -> None:
    if len(parts) > MOST_PARTS:
        raise WorkbookNotTaken(file=path, why=f"it has more than {MOST_PARTS:,} parts")
    if sum(part.file_size for part in parts) > LARGEST_CONTENT:
        why = f"it unpacks to more than {LARGEST_CONTENT >> 20} MB"
        raise WorkbookNotTaken(file=path, why=why)
    for part in parts:
        if part.flag_bits & 1:
            raise WorkbookNotTaken(file=path, why="it has a password")
        packed = max(1, part.compress_size)
        if part.file_size > _SMALL_PART and part.file_size > LARGEST_RATIO * packed:
            why = f"{part.filename} unpacks to {part.file_size // packed} times its size"
            raise WorkbookNotTaken(file=path, why=why)


def _check_part(archive: zipfile.ZipFile, name: str, path: Path) -> bool:
    """Check a part that can be read as XML, as a sheet: its name and place are its maker's."""
    content = _xml(archive, name)
    head = content[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head or _OTHER_ENCODING.search(head):
        raise WorkbookNotTaken(file=path, why=f"{name} is not written in UTF-8")
    if _DTD.search(content):
        raise WorkbookNotTaken(file=path, why=f"{name} declares a document type")
    if len(_STYLE.findall(content)) > MOST_STYLES:
        raise WorkbookNotTaken(file=path, why=f"it has more than {MOST_STYLES:,} cell styles")
    rows, columns = _rows(content), max(_columns(content), default=0)
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise too_big(path, Path(name).stem, rows, columns)
    return _FORMULA.search(content) is not None


def _xml(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the content of a part of XML; nothing of another one, such as a picture."""
    with archive.open(name) as part:
        head = part.read(_HEAD)
        if name.lower().endswith(_XML) or head.lstrip(_BEFORE_XML)[:1] in (b"<", b""):
            return head + part.read()
    return b""


def _rows(content: bytes) -> int:
    numbers = _ROW.findall(content)
    return max(len(numbers), max((int(number) for number in numbers if number), default=0))


def _columns(content: bytes) -> Iterator[int]:
    for letters in set(_CELL.findall(content)):
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        yield number
