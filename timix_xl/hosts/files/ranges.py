"""Ranges of cells."""

from collections.abc import Callable, Iterator
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area
from timix_xl.hosts.ends import end_of
from timix_xl.hosts.files import cells, dimensions, hyperlinks, styles
from timix_xl.hosts.files.filters import AutoFilter
from timix_xl.hosts.files.validations import DataValidation
from timix_xl.hosts.filling import filled
from timix_xl.hosts.rectangles import Rectangle


class Range(Rectangle):
    """A rectangle of cells of one sheet."""

    def __init__(self, sheet: Any, area: Area) -> None:
        self._sheet = sheet
        self.area = area

    sheet = property(lambda self: self._sheet)
    api = property(lambda self: self)
    font = property(lambda self: styles.Font(self))
    data_validation = property(lambda self: DataValidation(self))
    autofilter = property(lambda self: AutoFilter.of_sheet(self._sheet))

    @property
    def raw_value(self) -> list[list[cells.Stored]]:
        """Give the values, row by row."""
        stored, calculated = self._worksheet._cells, self._calculated
        result = []
        for row in self._row_numbers():
            found = (stored.get((row, column)) for column in self._column_numbers())
            result.append([cell and calculated(cell) for cell in found])
        return result

    @raw_value.setter
    def raw_value(self, value: Any) -> None:
        rows = self._as_rows(value)
        self._check(rows)
        self._forget_results()
        for row, values in zip(self._row_numbers(), rows, strict=False):
            for column, item in zip(self._column_numbers(), values, strict=False):
                self._put(row, column, item)
        self.changed()

    @property
    def formula(self) -> Any:
        """Give formulas as text, and plain values as Excel would show them in the formula bar."""
        stored = self._worksheet._cells
        rows = tuple(
            tuple(_in_bar(stored.get((row, column))) for column in self._column_numbers())
            for row in self._row_numbers()
        )
        return rows[0][0] if self.area.is_one_cell else rows

    @formula.setter
    def formula(self, value: Any) -> None:
        from_one = isinstance(value, str) and value.startswith("=") and not self.area.is_one_cell
        self.raw_value = filled(value, self.area) if from_one else value

    formula2 = formula

    @property
    def number_format(self) -> str | None:
        """Give the number format, None if the cells differ."""
        return styles.common(self, lambda cell: str(cell.number_format))

    @number_format.setter
    def number_format(self, code: str) -> None:
        styles.restyle(self, lambda cell: setattr(cell, "number_format", code))

    color = property(styles.fill_color, styles.set_fill_color)
    wrap_text = property(styles.wraps_text, styles.set_wrap_text)
    horizontal_alignment = property(styles.horizontal, styles.set_horizontal)
    vertical_alignment = property(styles.vertical, styles.set_vertical)
    row_height = property(dimensions.row_height, dimensions.set_row_height)
    column_width = property(dimensions.column_width, dimensions.set_column_width)
    row_hidden = property(dimensions.rows_hidden, dimensions.set_rows_hidden)
    column_hidden = property(dimensions.columns_hidden, dimensions.set_columns_hidden)

    def autofit(self, axis: str | None = None) -> None:
        """Fit column widths to what is written; rows fit themselves when they are shown."""
        dimensions.autofit(self, axis)

    def end(self, direction: str) -> "Range":
        """Go where Ctrl and an arrow key would go."""
        sheet = self._worksheet
        filled = {key for key, cell in sheet._cells.items() if cell._value is not None}
        row, column = end_of(
            self.area,
            direction,
            lambda row, column: (row, column) in filled,
            sheet.max_row,
            sheet.max_column,
        )
        return Range(self._sheet, Area(row, column, row, column))

    def clear_contents(self) -> None:
        """Empty the cells; links go with the text, formats and dropdowns stay."""
        self._forget_results()
        for cell in self.existing():
            if not isinstance(cell, MergedCell):
                cells.put(cell, None)
                cell._hyperlink = None
        self.changed()

    def clear_formats(self) -> None:
        """Take all formats away."""
        for cell in self.existing():
            styles.plain(cell)

    def clear(self) -> None:
        """Empty the cells and take away formats, links, notes and dropdowns."""
        self.clear_cells()
        self.data_validation.delete()

    def clear_cells(self) -> None:
        """Empty the cells and take away formats, links and notes."""
        self._forget_results()
        for key in self._existing_keys():
            del self._worksheet._cells[key]
        self.changed()

    @property
    def hyperlink(self) -> str:
        """Give where the link of the cell goes."""
        return hyperlinks.target_of(self)

    def add_hyperlink(self, address: str, text_to_display: str = "", screen_tip: str = "") -> None:
        """Make the cell a link; an address `#Sheet!A1` goes to a place in this workbook."""
        hyperlinks.add(self, address, text_to_display, screen_tip)

    def existing(self) -> list[Any]:
        """Give the cells that have anything, no more."""
        stored = self._worksheet._cells
        return [stored[key] for key in self._existing_keys()]

    def every(self) -> Iterator[Any]:
        """Give all cells, made where there were none; of whole rows and columns the used part."""
        sheet = self._worksheet
        bottom = self.area.bottom if self.area.bottom < LAST_ROW else sheet.max_row
        right = self.area.right if self.area.right < LAST_COLUMN else sheet.max_column
        for row in range(self.area.top, bottom + 1):
            for column in range(self.area.left, right + 1):
                yield sheet._cells.get((row, column)) or self._new(row, column)

    def changed(self) -> None:
        """Note that values are not what they were."""
        self._sheet.book.changed()

    @property
    def _worksheet(self) -> Any:
        return self._sheet.worksheet

    @property
    def _calculated(self) -> Callable[[Any], cells.Stored]:
        book = self._sheet.book

        def value_of(cell: Any) -> cells.Stored:
            return book.calculation.shown(cell) if cells.is_formula(cell) else cells.stored(cell)

        return value_of

    def _row_numbers(self) -> range:
        return range(self.area.top, self.area.bottom + 1)

    def _column_numbers(self) -> range:
        return range(self.area.left, self.area.right + 1)

    def _existing_keys(self) -> list[tuple[int, int]]:
        stored = self._worksheet._cells
        if len(self) > len(stored):
            return [key for key in stored if self.area.has(*key)]
        every = ((row, column) for row in self._row_numbers() for column in self._column_numbers())
        return [key for key in every if key in stored]

    def _as_rows(self, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            return [[value] * self.area.columns] * self.area.rows
        return value if value and isinstance(value[0], list | tuple) else [value]

    def _check(self, rows: Any) -> None:
        for row, values in zip(self._row_numbers(), rows, strict=False):
            for column, item in zip(self._column_numbers(), values, strict=False):
                cells.check(item, self._worksheet, row, column)

    def _forget_results(self) -> None:
        # What the file said about formulas that stood here holds no longer.
        results = self._sheet.book.loaded.results.get(self._sheet.name, {})
        for key in [key for key in results if self.area.has(*key)]:
            del results[key]

    def _put(self, row: int, column: int, value: object) -> None:
        cell = self._worksheet._cells.get((row, column))
        if isinstance(cell, MergedCell) or (cell is None and value in (None, "")):
            return
        cells.put(cell or self._new(row, column), value)

    def _new(self, row: int, column: int) -> Cell:
        cell = Cell(self._worksheet, row=row, column=column)
        self._worksheet._cells[(row, column)] = cell
        return cell


def _in_bar(cell: Any) -> Any:
    if cell is None or cell._value is None:
        return ""
    if cells.is_formula(cell):
        return cells.formula_text(cell)
    value = cells.stored(cell, as_serial=True)
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return value if isinstance(value, str) else f"{value:.15g}"
