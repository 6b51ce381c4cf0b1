"""Packs the template into a file: every part in one form, order and date."""

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_ROOT_RELS

XML_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def packed(book: Workbook) -> bytes:
    """Return the book as openpyxl writes it (its own save would stamp the clock)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        ExcelWriter(book, archive).write_data()
    return stream.getvalue()


def canonical(content: bytes) -> bytes:
    """Return the file with every part in one canonical form, order and date.

    lxml, where it is installed, writes the same parts with other bytes; and compression differs
    between builds of zlib, so the parts are stored as they are.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in sorted_parts(content):
            archive.writestr(zipfile.ZipInfo(name), XML_HEAD + canonical_part(part))
    return stream.getvalue()


def sorted_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the parts by name, behind the two that a reader wants first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        leading = [ARC_CONTENT_TYPES, ARC_ROOT_RELS]
        for name in (*leading, *sorted(set(archive.namelist()) - set(leading))):
            yield name, archive.read(name)


def canonical_part(part: bytes) -> bytes:
    """Return a part in canonical XML, each formula with the value it has in an empty workbook."""
    return with_our_name(with_cached_values(canonicalize(part.decode()))).encode()


def with_our_name(text: str) -> str:
    """Name ourselves as the program: openpyxl names its patch version, which may differ."""
    return re.sub("<Application>[^<]*<", "<Application>timix-xl<", text)


def with_cached_values(text: str) -> str:
    """Give formulas their results, so that a previewer shows zeros and not blanks."""
    return re.sub(r'<c r="(\w+)" s="(\d+)"><f>([^<]*)</f><v></v></c>', with_cached_value, text)


def with_cached_value(cell: re.Match[str]) -> str:
    """Return a formula cell with the empty text or the zero that it shows in an empty workbook."""
    place, style, formula = cell.groups()
    shows_text = re.match(r'IF\([^,]+="","",', formula)
    kind, value = (' t="str"', "") if shows_text else ("", "0")
    return f'<c r="{place}" s="{style}"{kind}><f>{formula}</f><v>{value}</v></c>'
