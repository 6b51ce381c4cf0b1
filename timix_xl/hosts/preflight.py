"""What a file must be before a program sees it: checked on its bytes, without parsing."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from timix_xl.errors import FileNotThere
from timix_xl.hosts.refusals import (
    NotAWorkbook,
    NotReadable,
    WorkbookDamaged,
    WorkbookLocked,
    WorkbookTooBig,
    WorkbookUnsafe,
)

LARGEST_FILE = 50 << 20
LARGEST_CONTENT = 400 << 20
LARGEST_RATIO = 200
MOST_PARTS = 5_000
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
MOST_STYLES = 64_000

_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL_PART = 4 << 20
_HEAD = 512
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(rb"""encoding\s*=\s*['"](?!utf-8|us-ascii)""", re.IGNORECASE)
_ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\sr="(\d{1,9})"')
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\sr="([A-Z]{1,3})\d')
_UNSAFE_NAME = re.compile(r"^/|\\|:|\0|(^|/)\.\.(/|$)")


def read(path: Path) -> bytes:
    """Read a workbook file that a program may be given, or refuse it."""
    content = _content(path)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check(archive, path)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise WorkbookDamaged(where=str(path), path=path.name, why="its zip is broken") from error
    return content


def check(archive: zipfile.ZipFile, path: Path) -> None:
    """Refuse an archive that is no workbook, or that holds what no spreadsheet program writes."""
    parts = archive.infolist()
    _check_names([part.filename for part in parts], path)
    _check_sizes(parts, path)
    for part in parts:
        if part.filename.lower().endswith((".xml", ".rels", ".vml")):
            _check_xml(part.filename, archive.read(part), path)


def _content(path: Path) -> bytes:
    if not path.is_file():
        raise FileNotThere(where=str(path), path=path)
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise _too_big(path, f"{size >> 20} MB", f"{LARGEST_FILE >> 20} MB")
        content = path.read_bytes()
    except OSError as error:
        why = (error.strerror or "no reason given").lower()
        raise NotReadable(where=str(path), path=path.name, why=why, folder=path.parent) from error
    if content.startswith(_OLD_FORMAT):
        raise WorkbookLocked(where=str(path), path=path.name)
    if not content.startswith(b"PK"):
        raise NotAWorkbook(where=str(path), path=path.name)
    return content


def _check_names(names: list[str], path: Path) -> None:
    if len({name.lower() for name in names}) != len(names):
        raise _unsafe(path, "two of its parts have the same name")
    for name in names:
        if _UNSAFE_NAME.search(name):
            raise _unsafe(path, f"one of its parts is named {name!r}")
    if not {"[content_types].xml", "xl/workbook.xml"} <= {name.lower() for name in names}:
        raise NotAWorkbook(where=str(path), path=path.name)


def _check_sizes(parts: list[zipfile.ZipInfo], path: Path) -> None:
    if len(parts) > MOST_PARTS:
        raise _too_big(path, f"{len(parts):,} parts", f"{MOST_PARTS:,}")
    total = sum(part.file_size for part in parts)
    if total > LARGEST_CONTENT:
        raise _too_big(path, f"{total >> 20} MB unpacked", f"{LARGEST_CONTENT >> 20} MB")
    for part in parts:
        if part.flag_bits & 1:
            raise WorkbookLocked(where=str(path), path=path.name)
        packed = max(1, part.compress_size)
        if part.file_size > _SMALL_PART and part.file_size > LARGEST_RATIO * packed:
            raise _unsafe(
                path, f"{part.filename} unpacks to {part.file_size // packed} times its size"
            )


def _check_xml(name: str, data: bytes, path: Path) -> None:
    head = data[:_HEAD]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in head or _OTHER_ENCODING.search(head):
        raise _unsafe(path, f"{name} is not written in UTF-8")
    if _DTD.search(data):
        raise _unsafe(path, f"{name} declares a document type")
    if name == "xl/styles.xml" and data.count(b"<xf ") > MOST_STYLES:
        raise _too_big(path, "too many cell styles", f"{MOST_STYLES:,}")
    if name.startswith("xl/worksheets/"):
        rows, columns = max(_rows(data), default=0), max(_columns(data), default=0)
        if rows > MOST_ROWS or columns > MOST_COLUMNS:
            limit = f"{MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns"
            raise _too_big(path, f"a sheet has {rows:,} rows and {columns:,} columns", limit)


def _rows(data: bytes) -> Iterator[int]:
    return (int(number) for number in _ROW.findall(data))


def _columns(data: bytes) -> Iterator[int]:
    for letters in set(_CELL.findall(data)):
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        yield number


def _unsafe(path: Path, why: str) -> WorkbookUnsafe:
    return WorkbookUnsafe(where=str(path), path=path.name, why=why)


def _too_big(path: Path, size: str, limit: str) -> WorkbookTooBig:
    return WorkbookTooBig(where=str(path), path=path.name, size=size, limit=limit)
