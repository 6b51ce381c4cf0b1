"""A worksheet as XML, with what its formulas give, written fast."""

import datetime as dt
import io
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.comments.comment_sheet import CommentRecord
from openpyxl.packaging.relationship import Relationship
from openpyxl.utils.datetime import to_excel
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.related import Related
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import tostring

from timix_xl.hosts.areas import column_name
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files import texts
from timix_xl.hosts.files.cells import formula_text, is_formula
from timix_xl.hosts.files.formulas.calculation import Calculation

_DRAWING_LINK = "drawing"
_EMPTY_DATA = re.compile(rb"<sheetData\s*/>|<sheetData>\s*</sheetData>")


class SheetWriter(WorksheetWriter):
    """openpyxl's writer, but for the cells, and for the drawing, which is carried over."""

    # openpyxl's stubs do not know all of its own writer.
    ws: Any
    xf: Any
    _rels: Any

    def __init__(
        self,
        worksheet: Any,
        calculation: Calculation,
        strings: "Strings",
        *,
        has_drawing: bool,
    ) -> None:
        self._strings = strings
        self._buffer = io.BytesIO()
        self._calculation = calculation
        self._has_drawing = has_drawing
        self.drawing_link: Relationship | None = None
        super().__init__(worksheet, self._buffer)

    def xml(self) -> bytes:
        """Give the whole sheet."""
        self.write()
        found = _EMPTY_DATA.search(self._buffer.getvalue())
        if found is None:
            message = "openpyxl wrote a sheet without sheetData"
            raise AssertionError(message)
        start, end = found.span()
        whole = self._buffer.getvalue()
        return b"%b<sheetData>%b</sheetData>%b" % (whole[:start], self._cells, whole[end:])

    def write_rows(self) -> None:
        """Leave a gap for the cells; collect links and notes on the way."""
        self._cells = "".join(self._row_xml(*row) for row in self._all_rows()).encode()
        stream = self.xf.send(True)  # True asks openpyxl for the stream itself
        with stream.element("sheetData"):
            pass
        self.xf.send(None)

    def write_drawings(self) -> None:
        """Link the drawing that the file had."""
        if self._has_drawing:
            self.drawing_link = Relationship(type=_DRAWING_LINK, Target="")  # type: ignore[call-overload]  # as openpyxl calls it
            self._rels.append(self.drawing_link)
            related = Related()
            related.id = self.drawing_link.id
            self.xf.send(related.to_tree("drawing"))

    def _all_rows(self) -> list[tuple[int, list[Any]]]:
        rows: dict[int, list[Any]] = defaultdict(list)
        for (number, _), cell in sorted(self.ws._cells.items()):
            rows[number].append(cell)
        for number in self.ws.row_dimensions:
            rows.setdefault(number, [])
        return sorted(rows.items())

    def _row_xml(self, number: int, row: list[Any]) -> str:
        looks = self.ws.row_dimensions.get(number) or {}
        attributes = "".join(
            f" {key}={quoteattr(str(value))}" for key, value in dict(looks).items()
        )
        inner = "".join(self._cells_xml(row))
        return f'<row r="{number}"{attributes}>{inner}</row>'

    def _cells_xml(self, row: list[Any]) -> Iterator[str]:
        for cell in row:
            if cell._comment is not None:
                self.ws._comments.append(CommentRecord.from_cell(cell))
            if cell.hyperlink is not None:
                self.ws._hyperlinks.append(cell.hyperlink)
            if cell._value is not None or cell.has_style or cell._comment is not None:
                yield self._cell_xml(cell)

    def _cell_xml(self, cell: Any) -> str:
        style = f' s="{cell.style_id}"' if cell.has_style else ""
        head = f'<c r="{column_name(cell.column)}{cell.row}"{style}'
        if cell._value is None:
            return f"{head}/>"
        if is_formula(cell):
            return f"{head}{_result_xml(cell, self._calculation.result(cell))}"
        if cell.data_type == "s":
            return f'{head} t="s"><v>{self._strings.index(cell._value)}</v></c>'
        return f"{head}{_value_xml(cell)}"


class Strings:
    """The texts of all sheets, each kept once."""

    path = "/xl/sharedStrings.xml"
    mime_type = SHARED_STRINGS

    def __init__(self) -> None:
        self._found: dict[str, int] = {}
        self._count = 0

    def index(self, text: Any) -> int:
        """Give the number of a text."""
        self._count += 1
        inner = texts.as_element(text) if type(text) is str else _rich_xml(text)
        return self._found.setdefault(inner, len(self._found))

    def xml(self) -> bytes:
        """Give the part that holds them."""
        inner = "".join(f"<si>{text}</si>" for text in self._found)
        head = (
            f'<sst xmlns="{SHEET_MAIN_NS}" count="{self._count}" uniqueCount="{len(self._found)}">'
        )
        return (
            f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n{head}{inner}</sst>'.encode()
        )


def _value_xml(cell: Any) -> str:
    value, kind = cell._value, cell.data_type
    if kind == "n":
        return f"><v>{number_text(value)}</v></c>"
    if kind == "b":
        return f' t="b"><v>{int(value)}</v></c>'
    if kind == "d":
        return f"><v>{number_text(_serial(value, cell.parent.parent.epoch))}</v></c>"
    return f' t="e"><v>{texts.as_xml(str(value))}</v></c>'


def number_text(number: float) -> str:
    """Spell a number so that it reads back as the same double."""
    as_float = float(number)
    return str(int(as_float)) if as_float.is_integer() and abs(as_float) < 1e15 else repr(as_float)


def _serial(value: dt.datetime, epoch: dt.datetime) -> float:
    return float(to_excel(value, epoch))


def _result_xml(cell: Any, result: object) -> str:
    formula = _formula_xml(cell)
    if result is None:
        return f">{formula}</c>"
    if isinstance(result, CellError):
        return f' t="e">{formula}<v>{result}</v></c>'
    if isinstance(result, bool):
        return f' t="b">{formula}<v>{int(result)}</v></c>'
    if isinstance(result, str):
        return f' t="str">{formula}<v>{texts.as_xml(result)}</v></c>'
    return f">{formula}<v>{number_text(result)}</v></c>"  # type: ignore[arg-type]  # a number is left


def _formula_xml(cell: Any) -> str:
    special = cell._value if not isinstance(cell._value, str) else {}
    attributes = "".join(f" {key}={quoteattr(str(value))}" for key, value in dict(special).items())
    text = texts.as_xml(formula_text(cell).removeprefix("="))
    return f"<f{attributes}>{text}</f>"


def _rich_xml(rich: CellRichText) -> str:
    parts = [
        TextBlock(part.font, texts.encoded(part.text))
        if isinstance(part, TextBlock)
        else texts.encoded(part)
        for part in rich
    ]
    runs: Any = CellRichText(parts).to_tree()
    # Bytes, whichever library openpyxl takes it from.
    spelled: Any = tostring
    return "".join(spelled(run).decode() for run in runs)
