"""A workbook as the bytes of an .xlsx: the same content gives the same bytes."""

import io
import zipfile
from typing import Any

from openpyxl.packaging.manifest import Override
from openpyxl.packaging.relationship import Relationship
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_WORKBOOK_RELS, REL_NS

from timix_xl.hosts.areas import Area
from timix_xl.hosts.files import headers
from timix_xl.hosts.files.carried import Drawing
from timix_xl.hosts.files.chartcaches import refreshed
from timix_xl.hosts.files.formulas.references import Reference
from timix_xl.hosts.files.formulas.values import Scalar
from timix_xl.hosts.files.sheetxml import SheetWriter, Strings

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_MODE = 0o600 << 16


def package(book: Any) -> bytes:
    """Write the workbook, its formulas with their results, its drawings as they came."""
    workbook = book.workbook
    for sheet in workbook.worksheets:
        for definition in sheet.tables.values():
            headers.follow_cells(sheet, definition)
    # What we calculate is for viewers; Excel calculates all again, by its own rules.
    workbook.calculation.fullCalcOnLoad = True
    buffer = io.BytesIO()
    with _Archive(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        _Writer(workbook, archive, book).write_data()
    return buffer.getvalue()


class _Archive(zipfile.ZipFile):
    """A zip whose parts are all of the same date."""

    def writestr(
        self,
        name: Any,
        data: Any,
        compress_type: int | None = None,
        compresslevel: int | None = None,
    ) -> None:
        part = zipfile.ZipInfo(str(name), _EARLIEST)
        part.compress_type = zipfile.ZIP_DEFLATED
        part.external_attr = _MODE
        if name == ARC_WORKBOOK_RELS:
            data = _with_strings(data)
        super().writestr(part, data, compress_type, compresslevel)


def _with_strings(links: bytes | str) -> str:
    """Link the shared strings, which openpyxl's own writer does without."""
    text = links if isinstance(links, str) else links.decode()
    kind = f"{REL_NS}/sharedStrings"
    link = f'<Relationship Type="{kind}" Target="{Strings.path}" Id="rIdStrings"/>'
    return text.replace("</Relationships>", f"{link}</Relationships>")


class _Writer(ExcelWriter):
    """openpyxl's writer with our sheets, and drawings carried over."""

    # openpyxl's stubs do not know its archive.
    _archive: Any

    def __init__(self, workbook: Any, archive: zipfile.ZipFile, book: Any) -> None:
        super().__init__(workbook, archive)
        self._book = book
        self._strings = Strings()

    def write_worksheet(self, ws: Any) -> None:
        drawing = self._book.loaded.drawings.get(ws.title)
        has_drawing = drawing is not None
        calculation = self._book.calculation
        writer = SheetWriter(ws, calculation, self._strings, has_drawing=has_drawing)
        self._archive.writestr(ws.path[1:], writer.xml())
        ws._rels = writer._rels
        # openpyxl looks at it to write a drawing of its own.
        ws._drawing = None
        self.manifest.append(ws)
        if drawing is not None and writer.drawing_link is not None:
            self._carry(drawing, writer.drawing_link)

    def _write_external_links(self) -> None:
        # The first step after the sheets: all texts are known.
        super()._write_external_links()  # type: ignore[misc]  # not in the stubs
        self._archive.writestr(self._strings.path[1:], self._strings.xml())
        self.manifest.append(self._strings)

    def _carry(self, drawing: Drawing, link: Relationship) -> None:
        link.Target = f"/{drawing.path}"
        present = set(self._archive.namelist())
        for name, data in drawing.parts.items():
            if name not in present:
                is_chart = name in drawing.chart_parts
                self._archive.writestr(name, refreshed(data, self._look) if is_chart else data)
                if name in drawing.types and not name.endswith(".rels"):
                    self.manifest.Override.append(Override(f"/{name}", drawing.types[name]))

    def _look(self, sheet: str, area: Area) -> list[Scalar] | None:
        """Give the values that a chart shows."""
        calculation = self._book.calculation
        for worksheet in self.workbook.worksheets:
            if worksheet.title.casefold() == sheet.casefold():
                reference = Reference(worksheet.title, area)
                return [item for row in calculation.settled(reference) for item in row]
        return None
