"""Ranges of cells."""

from collections.abc import Callable
from typing import Any

from timix_xl.hosts import storable
from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area, quoted
from timix_xl.hosts.calc import arrays, dimensions, formats, hyperlinks, values
from timix_xl.hosts.calc.addresses import CONTENT, area_of, cells_of, has_content
from timix_xl.hosts.calc.border import bordered, outside
from timix_xl.hosts.calc.formula_cells import read_formulas
from timix_xl.hosts.calc.number_formats import GENERAL, keys_in, number_formats
from timix_xl.hosts.calc.quiet import Quiet
from timix_xl.hosts.calc.validations import DataValidation
from timix_xl.hosts.ends import end_of, is_upright
from timix_xl.hosts.filling import filled
from timix_xl.hosts.rectangles import Rectangle

# com.sun.star.sheet.CellFlags
_NOTES, _FORMATS = 8, 32 | 64 | 256


def _changing(setter: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    """Look whether the sheet may be changed, then change it."""

    def checked(cells: Any, value: Any) -> None:
        cells.sheet.check_changeable()
        setter(cells, value)

    return checked


@bordered
class Range(Rectangle):
    """A rectangle of cells of one sheet."""

    def __init__(self, sheet: Any, area: Area) -> None:
        self.sheet = sheet
        self.area = area
        self.connection = sheet.connection
        self._xl: Any = None

    @property
    def xl(self) -> Any:
        """Give LibreOffice's own object."""
        if self._xl is None:
            self._xl = cells_of(self.sheet, self.area)
        return self._xl

    @property
    def api(self) -> Any:
        """Give LibreOffice's own object."""
        return self.xl

    @property
    def book(self) -> Any:
        """Give the book."""
        return self.sheet.book

    font = property(lambda self: formats.Font(self))
    data_validation = property(lambda self: DataValidation(self))

    @property
    def raw_value(self) -> list[list[values.Stored]]:
        """Give the values, row by row."""
        return values.read(self)

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        values.write(self, value)

    @property
    def formula(self) -> Any:
        """Give formulas as text, and plain values as Excel would show them in the formula bar."""
        found = read_formulas(self)
        rows = values.in_bar(self) if found is None else self._with_formulas(found)
        return rows[0][0] if self.area.is_one_cell else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        from_one = isinstance(value, str) and value.startswith("=") and not self.area.is_one_cell
        values.write(self, filled(value, self.area) if from_one else value)

    formula2 = formula

    def _with_formulas(self, found: list[list[str | None]]) -> tuple[tuple[str, ...], ...]:
        shown = values.in_bar(self) if any(None in row for row in found) else found
        return tuple(
            tuple(
                str(plain) if formula is None else formula
                for formula, plain in zip(formulas, row, strict=True)
            )
            for formulas, row in zip(found, shown, strict=True)
        )

    number_format = property(formats.number_format, _changing(formats.set_number_format))
    color = property(formats.fill_color, _changing(formats.set_fill_color))
    wrap_text = property(formats.wraps_text, _changing(formats.set_wrap_text))
    horizontal_alignment = property(formats.horizontal, _changing(formats.set_horizontal))
    vertical_alignment = property(formats.vertical, _changing(formats.set_vertical))
    row_height = property(dimensions.row_height, _changing(dimensions.set_row_height))
    column_width = property(dimensions.column_width, _changing(dimensions.set_column_width))
    row_hidden = property(dimensions.rows_hidden, _changing(dimensions.set_rows_hidden))
    column_hidden = property(dimensions.columns_hidden, _changing(dimensions.set_columns_hidden))

    def autofit(self, axis: str | None = None) -> None:
        """Fit column widths to what is written, and row heights to wrapped texts."""
        self.sheet.check_changeable()
        dimensions.autofit(self, axis)

    @outside
    def known_place(self) -> str:
        """Name the cells, as in a message, without asking LibreOffice."""
        return f"{quoted(self.sheet.known_place())}!{self.area.ref}"

    def place_of(self, row: int, column: int) -> str:
        """Name a cell of the sheet, as in a message."""
        return storable.place_of(self.sheet.name, row, column)

    def end(self, direction: str) -> "Range":
        """Go where Ctrl and an arrow key would go."""
        if is_upright(direction):
            line = Area(1, self.column, LAST_ROW, self.column)
        else:
            line = Area(self.row, 1, self.row, LAST_COLUMN)
        found = cells_of(self.sheet, line).queryContentCells(CONTENT).RangeAddresses
        filled_cells = {
            (row, column)
            for area in map(area_of, found)
            for row in range(area.top, area.bottom + 1)
            for column in range(area.left, area.right + 1)
        }
        row, column = end_of(
            self.area,
            direction,
            lambda row, column: (row, column) in filled_cells,
            max((row for row, _ in filled_cells), default=1),
            max((column for _, column in filled_cells), default=1),
        )
        return Range(self.sheet, Area(row, column, row, column))

    def clear_contents(self) -> None:
        """Empty the cells; links go with the text, formats and dropdowns stay."""
        self.sheet.check_changeable()
        if not has_content(self.xl, self.area):
            return
        with Quiet(self.book, len(self)):
            self.xl.clearContents(CONTENT)
            arrays.check_cleared(self)
            self._forget_truths()

    def clear_formats(self) -> None:
        """Take all formats away."""
        self.sheet.check_changeable()
        formats.clear(self)

    def clear(self) -> None:
        """Empty the cells and take away formats, links, notes and dropdowns."""
        self.sheet.check_changeable()
        with Quiet(self.book, len(self)):
            self.xl.clearContents(CONTENT | _NOTES | _FORMATS)
            arrays.check_cleared(self)

    @property
    def hyperlink(self) -> str:
        """Give where the link of the cell goes."""
        return hyperlinks.target_of(self)

    def add_hyperlink(self, address: str, text_to_display: str = "", screen_tip: str = "") -> None:
        """Make the cell a link; an address `#Sheet!A1` goes to a place in this workbook."""
        del screen_tip
        self.sheet.check_changeable()
        hyperlinks.add(self, address, text_to_display)

    def _forget_truths(self) -> None:
        """Take the format of TRUE and FALSE away, or the next number would be one of them."""
        known = number_formats(self.book)
        for area, key in keys_in(self.xl, self.area):
            if known.is_logical(key):
                cells_of(self.sheet, area).NumberFormat = GENERAL
