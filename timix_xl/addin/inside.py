"""Read the version and the signature out of an add-in's file, without a spreadsheet program."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

KEY = "VERSION"
_VBA = "xl/vbaProject.bin"
_SHARED = "xl/sharedStrings.xml"
_SHEET = re.compile(r"xl/worksheets/\w+\.xml")
_SIGNATURE = re.compile(r"xl/vbaProjectSignature\w*\.bin")
_MOST = 10_000_000
"""Bytes of the largest sheet that is read: a strange file may be anything."""
_STRANGE = (
    *(zipfile.BadZipFile, zlib.error, ParseError, DefusedXmlException),
    *(OSError, RuntimeError),  # of zipfile, for unknown compressions and passwords
)


def version_inside(content: bytes) -> str | None:
    """Return the version that stands beside VERSION on a sheet; None where there is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _version(package) if _VBA in package.namelist() else None
    except _STRANGE:
        return None


def is_signed(content: bytes) -> bool:
    """Whether the package holds a signature of its VBA; whose and whether it is sound, Excel says."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return any(_SIGNATURE.fullmatch(name) for name in package.namelist())
    except _STRANGE:
        return False


def _version(package: zipfile.ZipFile) -> str | None:
    shared = [part for part in package.namelist() if part == _SHARED]
    known = ["".join(_texts(one)) for part in shared for one in _read(package, part)]
    for part in package.namelist():
        if _SHEET.fullmatch(part):
            texts = list(_cells(_read(package, part), known))
            if KEY in texts[:-1]:
                return texts[texts.index(KEY) + 1]
    return None


def _read(package: zipfile.ZipFile, part: str) -> Element:
    if package.getinfo(part).file_size > _MOST:
        raise zipfile.BadZipFile
    root: Element = fromstring(package.read(part))
    return root


def _cells(sheet: Element, known: list[str]) -> Iterator[str]:
    """Return the texts of a sheet's cells in their order, also as an Excel that signs puts them."""
    for cell in sheet.iter():
        if cell.tag.endswith("}c"):
            number = "".join(one.text or "" for one in cell if one.tag.endswith("}v"))
            shared = cell.get("t") == "s" and number.isdigit() and int(number) < len(known)
            yield known[int(number)] if shared else "".join(_texts(cell))


def _texts(below: Element) -> Iterator[str]:
    return (one.text or "" for one in below.iter() if one.tag.endswith("}t"))
