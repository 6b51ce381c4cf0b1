"""Draw books as a workbook: a sheet and a table for each key, and a cover that lists them."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableStyleInfo

from timix_xl.importing import books_looks as looks
from timix_xl.importing.books_dropdowns import NO, YES, define_codes, dropdowns
from timix_xl.importing.books_export import Books, Record
from timix_xl.importing.books_flat import flat_rows
from timix_xl.importing.books_notes import HOLDS, note_of
from timix_xl.importing.books_packing import packed
from timix_xl.importing.books_sheets import COVER, SHEETS, BookSheet, Form, SheetColumn
from timix_xl.importing.preflight import MOST_ROWS
from timix_xl.importing.refusals import SheetTooLong

HEADER_ROW = 4
FIRST_ROW = HEADER_ROW + 1
MOST_RECORDS = MOST_ROWS - HEADER_ROW
_FORMULA_LIKE = ("=", "+", "-", "@", "'", "\t", "\n")
_LIKE_ESCAPED = re.compile("_x(?=[0-9A-Fa-f]{4}_)")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_NOTE_WIDTH, _LINE_HEIGHT, _LETTERS_OF_A_LINE = 260, 17, 38
_BUTTON_WIDTH, _WIDTH_OF_A_LETTER, _MARGINS = 5, 1.15, 3
_ROW_HEIGHT, _MOST_LINES = 13, 20
_COVER = BookSheet(
    COVER,
    (SheetColumn("Sheet"), SheetColumn("What it holds"), SheetColumn("Rows", Form.COUNT)),
    COVER,
)
_HOW_TO = (
    "A dark header is a column that must be filled in.",
    "Point at a header to read what it means, and what an empty cell below it stands for.",
    "Codes and ids are text: 001 stays 001.",
    "Take the file in with: timix-xl import FILE.xlsx",
)


def as_workbook(books: Books) -> bytes:
    """Draw books as an .xlsx file that import takes; raises SheetTooLong."""
    rows = {form.name: flat_rows(books, form) for form in SHEETS}
    for name, found in rows.items():
        if len(found) > MOST_RECORDS:
            raise SheetTooLong(sheet=name, count=f"{len(found):,}", most=f"{MOST_RECORDS:,}")
    book = Workbook(write_only=True)
    looks.dress(book)
    _draw_cover(book, {name: len(found) for name, found in rows.items()})
    for form in SHEETS:
        _draw(book, form, rows[form.name])
    define_codes(book)
    return packed(book, "Books")


def _draw(book: Workbook, form: BookSheet, rows: Sequence[Record]) -> None:
    sheet = book.create_sheet(form.name)
    _set_columns(sheet, form, rows)
    _set_up(sheet, "B5")
    for validation in dropdowns(form, FIRST_ROW):
        sheet.data_validations.append(validation)
    _draw_head(sheet, form, HOLDS[form.name])
    sheet.append([_header(sheet, form, column) for column in form.columns])
    plain = [_blank(sheet, column) for column in form.columns]
    quoted = [_blank(sheet, column, is_quoted=True) for column in form.columns]
    for number, row in enumerate(rows or [{}], FIRST_ROW):
        if (lines := _lines_of(form, row)) > 1:
            sheet.row_dimensions[number].height = lines * _ROW_HEIGHT
        values = (_value(row.get(column.name)) for column in form.columns)
        sheet.append(
            [
                None if value is None else _filled((two if _is_risky(value) else one), value)
                for one, two, value in zip(plain, quoted, values, strict=True)
            ]
        )
    sheet.tables.add(_table(form, len(rows)))


def _set_columns(sheet: Any, form: BookSheet, rows: Iterable[Record]) -> None:
    """Give columns their width, and the format that new rows have too."""
    longest: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        for name, value in row.items():
            longest[name] = max(longest[name], *(len(line) for line in str(value).split("\n")))
    for number, column in enumerate(form.columns, 1):
        look, dimension = looks.look_of(column), sheet.column_dimensions[get_column_letter(number)]
        least, most = look.widths
        header = len(column.name) + _BUTTON_WIDTH
        wide = longest[column.name] * _WIDTH_OF_A_LETTER + _MARGINS
        dimension.width = max(header, min(max(wide, least), most))
        dimension.number_format = look.number_format
        dimension.alignment = look.alignment
        dimension.font = looks.text_font()


def _lines_of(form: BookSheet, row: Record) -> int:
    """Count the lines that the longest prose of a row takes."""
    most = looks.LOOKS[Form.PROSE].widths[1]
    prose = [column.name for column in form.columns if column.form is Form.PROSE]
    counts = (
        sum(max(1, ceil(len(line) / most)) for line in str(row[name]).split("\n"))
        for name in prose
        if name in row
    )
    return min(max(counts, default=1), _MOST_LINES)


def _set_up(sheet: Any, freeze: str) -> None:
    """Freeze the header, hide the grid, print in landscape, one page wide."""
    sheet.freeze_panes = freeze
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = looks.BRAND
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    footer = HeaderFooterItem()
    footer.left.text, footer.right.text = "&A", "Page &P of &N"
    sheet.HeaderFooter.oddFooter = footer


def _draw_head(sheet: Any, form: BookSheet, holds: str) -> None:
    """Draw the title band and the line that says what stands here."""
    for number, text, style, height in (
        (1, form.name.replace("_", " ").capitalize(), looks.TITLE, 30),
        (2, holds, looks.HELPER, 20),
    ):
        sheet.row_dimensions[number].height = height
        band = [_styled(sheet, None, style) for _ in form.columns]
        band[0].value = text
        sheet.append(band)
    sheet.row_dimensions[3].height = 8
    sheet.row_dimensions[HEADER_ROW].height = 22
    sheet.append([])


def _header(sheet: Any, form: BookSheet, column: SheetColumn) -> Cell:
    style = looks.HEADER if column.needed else looks.OPTIONAL_HEADER
    cell = _styled(sheet, column.name, style)
    if looks.look_of(column).is_number:
        # Indented, so that the filter's button does not hide its end.
        cell.alignment = Alignment(horizontal="right", vertical="center", indent=2)
    note = note_of(form, column)
    lines = sum(1 + len(line) // _LETTERS_OF_A_LINE for line in note.split("\n"))
    cell.comment = Comment(note, "timix-xl", height=(lines + 1) * _LINE_HEIGHT, width=_NOTE_WIDTH)
    return cell


def _styled(sheet: Any, value: str | None, style: str) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, value)
    cell.style = style
    return cell


def _blank(sheet: Any, column: SheetColumn, *, is_quoted: bool = False) -> Cell:
    """Return a cell that looks like its column; it is filled anew for each row."""
    look = looks.look_of(column)
    cell: Cell = WriteOnlyCell(sheet)
    cell.font, cell.alignment = looks.text_font(), look.alignment
    cell.number_format = look.number_format
    if is_quoted:
        cell.quotePrefix = True
    return cell


def _filled(cell: Cell, value: Any) -> Cell:
    number_format = cell.number_format
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"  # whatever it begins with: nothing becomes a formula
    cell.number_format = number_format  # openpyxl gives dates one of its own
    return cell


def _value(value: Any) -> Any:
    """Return what a cell holds: a text, a number, a date, or nothing."""
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, str):
        return _NOT_IN_XML.sub(_escaped, _LIKE_ESCAPED.sub("_x005F_x", str(value)))
    return value


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0]):04X}_"


def _is_risky(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(_FORMULA_LIKE)


def _table(form: BookSheet, count: int) -> Table:
    """Return the Excel table of a sheet; an empty one keeps one blank row."""
    last = get_column_letter(len(form.columns))
    reference = f"A{HEADER_ROW}:{last}{HEADER_ROW + max(count, 1)}"
    made = Table(displayName=form.table, ref=reference)
    made.tableStyleInfo = TableStyleInfo(name=looks.TABLE_STYLE, showRowStripes=True)
    made.autoFilter = AutoFilter(ref=reference)
    made.tableColumns = [TableColumn(id=at, name=name) for at, name in enumerate(form.names, 1)]
    return made


def _draw_cover(book: Workbook, counts: dict[str, int]) -> None:
    """List the sheets, each with a link, what it holds and its rows."""
    sheet = book.create_sheet(COVER)
    _set_up(sheet, "A5")
    for letter, width in (("A", 20), ("B", 92), ("C", 10)):
        sheet.column_dimensions[letter].width = width
    _draw_head(sheet, _COVER, "Master data and opening data, a sheet for each kind of row.")
    sheet.append([_styled(sheet, name, looks.HEADER) for name in _COVER.names])
    for form in SHEETS:
        holds = _filled(_blank(sheet, _COVER.columns[1]), HOLDS[form.name])
        sheet.append([_link(sheet, form), holds, counts[form.name]])
    sheet.append([])
    for line in _HOW_TO:
        sheet.append([None, _filled(_blank(sheet, _COVER.columns[1]), line)])
    sheet.tables.add(_table(_COVER, len(SHEETS)))


def _link(sheet: Any, form: BookSheet) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, form.name)
    cell.hyperlink = Hyperlink(ref="A1", location=f"'{form.name}'!A1")
    cell.font, cell.alignment = looks.link_font(), looks.LOOKS[Form.TEXT].alignment
    return cell
