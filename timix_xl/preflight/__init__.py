"""What a workbook file must be before a program reads it: checked on its bytes.

Only what says which part is what, and what stands before the rows of a sheet, is parsed.

Programs read a zip, or a tag, that is made to be read in two ways differently: what spreadsheet
programs never write is refused, and what is left every reader reads alike.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import PurePosixPath

from timix_xl.preflight.relations import is_needed, roles_of
from timix_xl.preflight.sheets import cells_in
from timix_xl.preflight.unfit import Unfit, Wrong

__all__ = ["Unfit", "Wrong", "check"]

LARGEST_CONTENT = 400 << 20
LARGEST_RATIO = 200
LARGEST_LISTS = 64 << 20
"""What says which part is what: it is parsed before the rest is looked at."""
LARGEST_TAG = 1 << 20
"""Some XML readers need a time that grows with the square of this."""
MOST_PARTS = 5_000
MOST_STYLES = 64_000
MOST_IN_RANGES = 1_000_000
"""Cells that are merged, or under one link: readers make each of them."""

MOST_CELLS = 3_000_000
"""In all sheets: 200,000 rows of 15 columns. A reader that keeps them needs about 1 GB."""

_ENTRY = b"PK\x01\x02"
_END = b"PK\x05\x06"
_END_LENGTH = 22
_MANY = 0xFFFF  # then the count stands elsewhere
_ELSEWHERE = 0xFFFF_FFFF
_HEADER = struct.Struct("<4s5H3I2H")
_FIELD = struct.Struct("<2H")
_UNICODE_NAME = 0x7075
_HEADER_BEGINS = b"PK\x03\x04"
_PASSWORD, _SIZES_FOLLOW, _UTF_8 = 0x1, 0x8, 0x800
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OPEN_DOCUMENT = b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet"
_BINARY_WORKBOOK = "xl/workbook.bin"
_NEEDED = {"[content_types].xml", "xl/workbook.xml"}
_UNSAFE_NAME = re.compile(r"^/|//|[\\:\0-\x1f\x7f]|(^|/)\.\.?(/|$)|^$")
_SMALL_PART = 4 << 20

_HEAD = 512
_XML = (".xml", ".rels", ".vml")
_BEFORE_XML = b"\xef\xbb\xbf\xfe\xff\0 \t\r\n"  # marks of an encoding, and blanks
_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_OTHER_ENCODING = re.compile(
    rb"""\s*<\?xml\s[^<>]*?encoding\s*=\s*['"](?!(?:utf-8|us-ascii)['"])""", re.IGNORECASE
)
_LONG_TAG = re.compile(rb"<[^<>]{%d}" % LARGEST_TAG)
_LONG_ENDS = ((b"<!--", b"-->"), (b"<?", b"?>"))


class _Tags:
    """Tags of some names; a prefix before the name is looked for where there may be one.

    No pattern goes on beyond the next "<": that bounds the time which a hostile part can take.
    """

    def __init__(self, names: str, rest: str) -> None:
        self._prefixed = [f":{name}".encode() for name in names.split("|")]
        self._plain = re.compile(f"<(?:{names}){rest}".encode())
        self._any = re.compile(rf"<(?:[^\s<>/:]++:)?(?:{names}){rest}".encode())

    def of(self, content: bytes) -> re.Pattern[bytes]:
        """Return the pattern that finds them all in a part."""
        return self._any if any(name in content for name in self._prefixed) else self._plain


_SHEET = b"spreadsheetml/2006/main"
_REFERENCE = b"&#"  # could write the same in another way
_FORMULA = _Tags("f", r"[\s>/]")
_ROW = _Tags("row", r"""(?=[\s>/])(?:[^<>]*?\sr\s*=\s*['"]([0-9]+))?""")
_FILLED_ROW = _Tags(
    "row", r"""(?=[\s>])(?:[^<>]*?\sr\s*=\s*['"]([0-9]+))?+[^<>]*+(?<!/)>\s*+<(?!/)"""
)
_COLUMN = _Tags("c", r"""\s(?:[^<>]*?\s)?r\s*=\s*['"]([A-Za-z]+)""")
_FAR_ROW = _Tags("c", r"""\s(?:[^<>]*?\s)?r\s*=\s*['"][A-Za-z]+([0-9]{6,})""")
_RANGE = _Tags("mergeCell|hyperlink", r"(?=[\s/])([^<]*)")
_TABLE = _Tags("table", r"(?=\s)([^<]*)")
_PLACE = re.compile(rb"""\sref\s*=\s*['"]([^'"]*)""")
_CORNERS = re.compile(rb"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_PLAIN_PLACE = r"""r\s*=\s*(?:"[A-Za-z]{0,3}[0-9]{1,7}"|'[A-Za-z]{0,3}[0-9]{1,7}')"""
_PLAIN_OTHER = r"""(?!r[\s=])[\w:.-]++\s*=\s*(?:"[^"'<>&\x80-\xff]*+"|'[^"'<>&\x80-\xff]*+')"""
_ODD = _Tags("row|c", rf"(?=[\s>/])(?!(?:\s++(?:{_PLAIN_PLACE}|{_PLAIN_OTHER}))*+\s*+/?>)")
_DEFINITIONS = {
    "xf": "cell styles",
    "font": "fonts",
    "fill": "fills",
    "border": "borders",
    "numFmt": "number formats",
    "cellStyle": "named styles",
    "dxf": "formats of rules",
    "definedName": "names",
}
_DEFINED = {name: _Tags(name, r"[\s>/]") for name in _DEFINITIONS}


# Names that are no text, and offsets below 0, are ValueErrors of zipfile.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class _Limits:
    """The most rows and columns of a sheet; whether the cells of tables are read one by one."""

    rows: int
    columns: int
    tables: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What there is in a part: whether formulas; how many cells, and cells in tables."""

    formulas: bool = False
    cells: int = 0
    in_tables: int = 0


def check(content: bytes, *, most_rows: int, most_columns: int, reads_tables: bool) -> bool:
    """Look into a workbook file; returns whether there are formulas in it. Raises Unfit."""
    if _OPEN_DOCUMENT in content[:_HEAD]:
        raise Unfit(Wrong.OTHER_FORMAT, what="an OpenDocument spreadsheet (.ods)")
    if content.count(_ENTRY) > MOST_PARTS:  # before anybody makes a list of them
        raise Unfit(Wrong.TOO_BIG, size=f"more than {MOST_PARTS:,} parts", limit=f"{MOST_PARTS:,}")
    limits = _Limits(most_rows, most_columns, reads_tables)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts, ends = archive.infolist(), archive.start_dir
        _check_names(parts)
        _check_sizes(parts)
        return _check_parts(content, parts, _begins(content, parts, ends), limits)
    except _BROKEN as error:
        raise Unfit(Wrong.DAMAGED, why="its zip is broken") from error


def _check_names(parts: Sequence[zipfile.ZipInfo]) -> None:
    names = [part.orig_filename for part in parts]
    lowered = {name.lower() for name in names}
    if len(lowered) != len(names):
        raise Unfit(Wrong.UNSAFE, why="two of its parts have the same name")
    for name in names:
        if _UNSAFE_NAME.search(name):
            raise Unfit(Wrong.UNSAFE, why=f"one of its parts is named {name!r}")
    if any(
        part.filename != part.orig_filename or _other_name(part.extra, part.orig_filename)
        for part in parts
    ):  # some Pythons, and some programs, would take the other
        raise Unfit(Wrong.UNSAFE, why="one of its parts has two names")
    if _BINARY_WORKBOOK in lowered and not lowered >= _NEEDED:
        raise Unfit(Wrong.OTHER_FORMAT, what="a binary workbook (.xlsb)")
    if not lowered >= _NEEDED:
        raise Unfit(Wrong.NO_WORKBOOK)


def _other_name(extra: bytes, name: str) -> bool:
    """Whether a part has a name in the fields at its side that is another."""
    while len(extra) >= _FIELD.size:
        kind, length = _FIELD.unpack_from(extra)
        told = extra[_FIELD.size : _FIELD.size + length]
        if kind == _UNICODE_NAME and told[5:] != name.encode():
            return True
        extra = extra[_FIELD.size + length :]
    return False


def _check_sizes(parts: Sequence[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    if total > LARGEST_CONTENT:
        size, limit = f"{total >> 20:,} MB unpacked", f"{LARGEST_CONTENT >> 20} MB"
        raise Unfit(Wrong.TOO_BIG, size=size, limit=limit)
    for part in parts:
        if part.flag_bits & _PASSWORD:
            raise Unfit(Wrong.LOCKED)
        if part.compress_type not in _METHODS:
            raise Unfit(Wrong.UNSAFE, why=f"{part.filename} is packed in an unusual way")
        times = part.file_size // max(1, part.compress_size)
        if part.file_size > _SMALL_PART and times > LARGEST_RATIO:
            raise Unfit(Wrong.UNSAFE, why=f"{part.filename} unpacks to {times:,} times its size")
    small = [part for part in parts if part.file_size <= _SMALL_PART]
    unpacked = sum(part.file_size for part in small)
    times = unpacked // max(1, sum(part.compress_size for part in small))
    if unpacked > _SMALL_PART and times > LARGEST_RATIO:
        raise Unfit(Wrong.UNSAFE, why=f"its small parts unpack to {times:,} times their size")


def _begins(content: bytes, parts: Sequence[zipfile.ZipInfo], ends: int) -> list[int]:
    """Return where the bytes of each part begin; the zip has to be in one piece."""
    if content.rfind(_END) != len(content) - _END_LENGTH:
        raise Unfit(Wrong.UNSAFE, why="something stands behind the end of its zip")
    if int.from_bytes(content[-12:-10], "little") not in (len(parts), _MANY):
        raise Unfit(Wrong.UNSAFE, why="it has more or fewer parts than it says")
    begins = {part.header_offset: _begin(content, part) for part in parts}
    after = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < after or (not after and part.header_offset):
            raise Unfit(Wrong.UNSAFE, why="its parts overlap, or something stands before them")
        after = begins[part.header_offset] + part.compress_size
    if after > ends:
        raise Unfit(Wrong.UNSAFE, why="its parts overlap")
    return [begins[part.header_offset] for part in parts]


def _begin(content: bytes, part: zipfile.ZipInfo) -> int:
    """Return where the bytes of a part begin; what stands before them has to agree with the list."""
    at = part.header_offset + _HEADER.size
    begins, _, flags, method, _, _, crc, packed, size, name_length, extra_length = _HEADER.unpack(
        content[part.header_offset : at]
    )
    if begins != _HEADER_BEGINS:
        raise zipfile.BadZipFile
    name = part.orig_filename.encode("utf-8" if part.flag_bits & _UTF_8 else "cp437")
    agrees = content[at : at + name_length] == name and method == part.compress_type
    if not flags & _SIZES_FOLLOW:
        agrees &= crc == part.CRC
        agrees &= packed in (part.compress_size, _ELSEWHERE) and size in (
            part.file_size,
            _ELSEWHERE,
        )
    if flags & _PASSWORD or not agrees:
        raise Unfit(Wrong.UNSAFE, why=f"{part.filename} is described in two ways")
    return int(at + name_length + extra_length)


def _unpacked(content: bytes, part: zipfile.ZipInfo, begin: int) -> bytes:
    """Unpack a part, and never more of it than it says."""
    packed = memoryview(content)[begin : begin + part.compress_size]
    if part.compress_type == zipfile.ZIP_STORED or not packed:
        unpacked, is_whole = bytes(packed), True
    else:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        unpacked = unpacker.decompress(packed, part.file_size + 1)
        is_whole = unpacker.eof and not unpacker.unused_data
    if len(unpacked) != part.file_size or not is_whole:
        raise Unfit(Wrong.UNSAFE, why=f"{part.filename} has another size than it says")
    if zlib.crc32(unpacked) != part.CRC:
        raise zipfile.BadZipFile
    return unpacked


def _check_parts(
    content: bytes, parts: Sequence[zipfile.ZipInfo], begins: Sequence[int], limits: _Limits
) -> bool:
    """Check all parts, first those that say what the others are."""
    if sum(part.file_size for part in parts if is_needed(part.filename)) > LARGEST_LISTS:
        limit = f"{LARGEST_LISTS >> 20} MB"
        raise Unfit(Wrong.TOO_BIG, size=f"lists of its parts of more than {limit}", limit=limit)
    unpack = {
        part.filename: partial(_unpacked, content, part, begin)
        for part, begin in zip(parts, begins, strict=True)
    }
    needed = {name: unpacked() for name, unpacked in unpack.items() if is_needed(name)}
    for name, unpacked in needed.items():
        _check_part(name, unpacked, limits, is_sheet=False)
    roles = roles_of(needed, unpack)
    found = [
        _check_part(name, unpacked(), limits, is_sheet=name.lower() in roles.sheets)
        for name, unpacked in unpack.items()
        if name.lower() not in roles.others
    ]
    _check_sums(found, limits)
    return any(one.formulas for one in found)


def _check_sums(found: Sequence[_Found], limits: _Limits) -> None:
    cells, in_tables = sum(one.cells for one in found), sum(one.in_tables for one in found)
    if cells > MOST_CELLS:
        raise Unfit(Wrong.TOO_BIG, size=f"{cells:,} cells", limit=f"{MOST_CELLS:,}")
    most = min(cells + MOST_IN_RANGES, MOST_CELLS)  # what there is, and blank rows to fill in
    if in_tables > most:
        raise Unfit(Wrong.TOO_BIG, size=f"{in_tables:,} cells in tables", limit=f"{most:,}")


def _check_part(name: str, content: bytes, limits: _Limits, *, is_sheet: bool) -> _Found:
    """Check a part of XML; its name and place are its maker's."""
    head = content[:_HEAD]
    begins = head.lstrip(_BEFORE_XML)[:1]
    may_be_xml = begins == b"<" or (not begins and b"<" in content)
    if not (is_sheet or may_be_xml or name.lower().endswith(_XML)):
        return _Found()  # such as a picture
    if (
        head.startswith((b"\xff\xfe", b"\xfe\xff"))
        or b"\0" in head
        or _OTHER_ENCODING.match(content.removeprefix(b"\xef\xbb\xbf"))
    ):
        raise Unfit(Wrong.UNSAFE, why=f"{name} is not written in UTF-8")
    if b"<!" in content and _DTD.search(content):
        raise Unfit(Wrong.UNSAFE, why=f"{name} declares a document type")
    if _has_long_tag(content) or _has_long_remark(content):
        raise Unfit(Wrong.UNSAFE, why=f"{name} has a tag of more than {LARGEST_TAG >> 20} MB")
    in_tables = 0
    if _SHEET in content or _REFERENCE in content:
        _check_definitions(content)
        _check_size(name, content, limits)
        in_tables = sum(_areas(name, content, _TABLE)) if limits.tables else 0
    cells, in_a_row = cells_in(name, content) if is_sheet else (0, 0)
    if in_a_row > limits.columns:
        raise _sheet_too_big(name, len(_ROW.of(content).findall(content)), in_a_row)
    return _Found(_FORMULA.of(content).search(content) is not None, cells, in_tables)


def _has_long_tag(content: bytes) -> bool:
    """Whether there is one; it would leave a stretch without a "<"."""
    step = LARGEST_TAG // 2
    stretches = range(0, len(content) - step, step)
    has_room = any(content.find(b"<", at, at + step) < 0 for at in stretches)
    return has_room and _LONG_TAG.search(content) is not None


def _has_long_remark(content: bytes) -> bool:
    for begins, ends in _LONG_ENDS:
        at = content.find(begins)
        while at >= 0:
            end = content.find(ends, at)
            if end < 0 or end - at > LARGEST_TAG:
                return len(content) - at > LARGEST_TAG
            at = content.find(begins, end)
    return False


def _check_definitions(content: bytes) -> None:
    for name, words in _DEFINITIONS.items():
        most = content.count(f"<{name}".encode()) + content.count(f":{name}".encode())
        if most > MOST_STYLES:
            count = len(_DEFINED[name].of(content).findall(content))
            if count > MOST_STYLES:
                raise Unfit(Wrong.TOO_BIG, size=f"{count:,} {words}", limit=f"{MOST_STYLES:,}")


def _check_size(name: str, content: bytes, limits: _Limits) -> None:
    rows, columns = _size(content, limits.rows)
    if rows > limits.rows or columns > limits.columns:
        raise _sheet_too_big(name, rows, columns)
    if _ODD.of(content).search(content):
        raise Unfit(Wrong.UNSAFE, why=f"{name} has a cell or row that is not plainly written")
    if sum(_areas(name, content, _RANGE)) > MOST_IN_RANGES:
        size, limit = f"more than {MOST_IN_RANGES:,} merged or linked cells", f"{MOST_IN_RANGES:,}"
        raise Unfit(Wrong.TOO_BIG, size=size, limit=limit)


def _sheet_too_big(name: str, rows: int, columns: int) -> Unfit:
    sheet = PurePosixPath(name).stem
    return Unfit(Wrong.SHEET_TOO_BIG, sheet=sheet, rows=rows, columns=columns)


def _size(content: bytes, most_rows: int) -> tuple[int, int]:
    """Return how many rows and columns there are, up to the last that a cell names.

    Spreadsheet programs write a last row without cells if it has another height.
    """
    rows = _ROW.of(content).findall(content)
    last = _last(rows)
    if last > most_rows:
        filled = _FILLED_ROW.of(content).findall(content)
        last = last if b"" in filled else _last(filled)
    last = max(last, _last(_FAR_ROW.of(content).findall(content)))
    columns = set(_COLUMN.of(content).findall(content))
    return max(len(rows), last), max(map(_column, columns), default=0)


def _last(numbers: Sequence[bytes]) -> int:
    """Return the last of the numbers; one that is not told is the next."""
    return max(map(int, filter(None, numbers)), default=0) + numbers.count(b"")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def _areas(name: str, content: bytes, ranges: _Tags) -> Iterator[int]:
    """Yield how many cells each range has that a reader goes through."""
    for attributes in ranges.of(content).findall(content):
        for place in _PLACE.findall(attributes):
            corners = _CORNERS.fullmatch(place)
            if corners is None:
                raise Unfit(Wrong.UNSAFE, why=f"{name} has a range that is not plainly written")
            left, top, right, bottom = corners.groups()
            if right is not None:
                wide, high = _column(right) - _column(left), int(bottom) - int(top)
                yield (abs(wide) + 1) * (abs(high) + 1)
