"""A file read into memory: the workbook, the results its formulas had, and its drawings."""

import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

from timix_xl.hosts import preflight
from timix_xl.hosts.files import secrets, texts
from timix_xl.hosts.files.carried import Drawing, drawings_in
from timix_xl.hosts.files.results import Results, results_in
from timix_xl.hosts.refusals import WorkbookDamaged

_STRING = f"{{{SHEET_MAIN_NS}}}si"
_TEXT = f"{{{SHEET_MAIN_NS}}}t"
_SHEET_LINKS = re.compile(r"xl/worksheets/_rels/.+\.rels")
_DRAWING_LINK = re.compile(rb'<Relationship\b[^>]*/relationships/drawing"[^>]*?/>')
# What openpyxl raises on a part that is not as the standard says depends on the part.
_BROKEN = (
    ArithmeticError,
    AttributeError,
    InvalidFileException,
    LookupError,
    OSError,
    ParseError,
    RecursionError,
    TypeError,
    ValueError,
)
_EXTENSION_WARNING = "extension is not supported and will be removed"


@dataclass(slots=True)
class Loaded:
    """What a file gave; a new book has no source."""

    workbook: Workbook
    source: bytes | None = None
    results: Results = field(default_factory=dict)
    drawings: dict[str, Drawing] = field(default_factory=dict)
    unread: tuple[str, ...] = ()

    @classmethod
    def of_new(cls, workbook: Workbook) -> "Loaded":
        """Give what an empty book starts from."""
        return cls(workbook)


def load(path: Path) -> Loaded:
    """Read a workbook file, or refuse it."""
    content = preflight.read(path)
    try:
        loaded = _loaded(content, keep_vba=path.suffix.lower() == ".xlsm")
    except _BROKEN as error:
        why = "one of its parts cannot be read"
        raise WorkbookDamaged(where=str(path), path=path.name, why=why) from error
    secrets.refuse(loaded.workbook, path)
    return loaded


def _loaded(content: bytes, *, keep_vba: bool) -> Loaded:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        reader = _Reader(_Archive(io.BytesIO(content)), keep_vba=keep_vba)
        reader.read()
    _without_escapes(reader.wb)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return Loaded(
            workbook=reader.wb,
            source=content,
            results=results_in(archive),
            drawings=drawings_in(archive),
            unread=tuple(_unread(caught)),
        )


class _Archive(zipfile.ZipFile):
    """The file without its drawings: openpyxl would keep charts in part and drop the rest."""

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        data = super().read(name, pwd)
        if isinstance(name, str) and _SHEET_LINKS.fullmatch(name):
            return _DRAWING_LINK.sub(b"", data)
        return data


class _Reader(ExcelReader):
    """openpyxl's reader, with text as Excel means it."""

    def __init__(self, archive: zipfile.ZipFile, *, keep_vba: bool) -> None:
        self.archive = archive
        self.valid_files = archive.namelist()
        self.read_only = False
        self.keep_vba = keep_vba
        self.data_only = False
        self.keep_links = True
        self.rich_text = True
        self.shared_strings: list[Any] = []

    def read_strings(self) -> None:
        found = self.package.find(SHARED_STRINGS)
        if found is None:
            return
        with self.archive.open(found.PartName[1:]) as source:
            self.shared_strings = list(_strings(source))


def _strings(source: Any) -> Iterator[Any]:
    for _, node in iterparse(source):
        if node.tag == _STRING:
            plain = len(node) == 1 and node[0].tag == _TEXT
            yield (node[0].text or "") if plain else _simple(CellRichText.from_tree(node))
            node.clear()


def _simple(text: Any) -> Any:
    if len(text) == 0:
        return ""
    return text[0] if len(text) == 1 and isinstance(text[0], str) else text


def _without_escapes(workbook: Any) -> None:
    """Turn `_x000D_` and its like into the characters that they stand for."""
    for sheet in workbook.worksheets:
        for cell in sheet._cells.values():
            if cell.data_type == "s" and cell._value is not None:
                cell._value = _decoded(cell._value)


def _decoded(value: Any) -> Any:
    if isinstance(value, str):
        return texts.decoded(value)
    parts = [
        TextBlock(part.font, texts.decoded(part.text))
        if isinstance(part, TextBlock)
        else texts.decoded(part)
        for part in value
    ]
    return CellRichText(parts)


def _unread(caught: list[warnings.WarningMessage]) -> Iterator[str]:
    # Extensions are looked at in `losses`, which knows the harmless ones.
    for warning in caught:
        text = str(warning.message)
        if _EXTENSION_WARNING not in text and issubclass(warning.category, UserWarning):
            yield text
