"""What the formulas of a file gave when it was saved."""

import re
import zipfile
from collections.abc import Iterator
from typing import Any

from openpyxl.packaging.relationship import get_dependents
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.xml.constants import ARC_WORKBOOK_RELS, SHEET_MAIN_NS
from openpyxl.xml.functions import fromstring, iterparse

from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files import texts

Value = float | str | bool | CellError | None
# By sheet name, then by row and column.
Results = dict[str, dict[tuple[int, int], Value]]

_CELL, _FORMULA, _VALUE, _ROW = (f"{{{SHEET_MAIN_NS}}}{name}" for name in ("c", "f", "v", "row"))
_HAS_FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def results_in(archive: zipfile.ZipFile) -> Results:
    """Read the results of all formulas, sheet by sheet."""
    found: Results = {}
    for name, part in sheet_parts(archive):
        if _HAS_FORMULA.search(archive.read(part)):
            with archive.open(part) as source:
                found[name] = dict(_results_of(source))
    return found


def sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Give each worksheet's name and the part that holds it."""
    links = get_dependents(archive, ARC_WORKBOOK_RELS)
    workbook: Any = fromstring(archive.read("xl/workbook.xml"))
    for sheet in workbook.iter(f"{{{SHEET_MAIN_NS}}}sheet"):
        link = links.get(sheet.get(_RELATION))
        if link.Type.endswith("/worksheet") and link.target in archive.namelist():
            yield sheet.get("name"), link.target


def _results_of(source: Any) -> Iterator[tuple[tuple[int, int], Value]]:
    for _, element in iterparse(source):
        if element.tag == _ROW:
            for cell in element:
                if cell.find(_FORMULA) is not None and cell.get("r"):
                    yield coordinate_to_tuple(cell.get("r")), _value_of(cell)
            element.clear()


def _value_of(cell: Any) -> Value:
    text = cell.findtext(_VALUE)
    kind = cell.get("t", "n")
    if kind == "str":
        return texts.decoded(text or "")
    if not text:
        return None
    if kind == "b":
        return text.strip() == "1"
    return CellError(text) if kind == "e" else float(text)
