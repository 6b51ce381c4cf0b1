"""What every rectangle of cells knows of itself, whichever program holds the cells."""

from typing import Any

from xlwings import base_classes

from timix_xl.hosts.areas import Area, quoted


class Rectangle(base_classes.Range):
    """A rectangle of cells of one sheet: where it is and how it is called.

    A host adds the sheet, with `area` that gives other cells, and what is in the cells.
    """

    sheet: Any = None
    area: Area
    options: Any = None
    has_array = False
    # A host takes and gives blocks of any size: xlwings need not read or write in portions.
    max_cells_per_read = None
    max_cells_per_write = None

    row = property(lambda self: self.area.top)
    column = property(lambda self: self.area.left)
    shape = property(lambda self: (self.area.rows, self.area.columns))
    coords = property(lambda self: (self.sheet.name, self.row, self.column, *self.shape))

    def __len__(self) -> int:
        return self.area.rows * self.area.columns

    def __call__(self, row: int, column: int | None = None) -> Any:
        """Give one cell, by row and column or counted through, from 1."""
        if column is None:
            down, right = divmod(row - 1, self.area.columns)
        else:
            down, right = row - 1, column - 1
        top, left = self.area.top + down, self.area.left + right
        if top < 1 or left < 1:
            message = f"There is no cell in row {top}, column {left}."
            raise IndexError(message)
        return self.sheet.area(Area(top, left, top, left))

    @property
    def address(self) -> str:
        """Give the address with dollar signs."""
        return self.area.address()

    def get_address(
        self, row_absolute: bool, col_absolute: bool, external: bool
    ) -> str:  # xlwings passes them by position
        """Give the address in the spelling asked for."""
        text = self.area.address(row_absolute=row_absolute, column_absolute=col_absolute)
        return f"[{self.sheet.book.name}]{self.sheet.name}!{text}" if external else text

    @property
    def name(self) -> Any:
        """Give the defined name that stands for exactly these cells."""
        wanted = f"={quoted(self.sheet.name)}!{self.address}"
        found = (name for name in self.sheet.book.names if name.refers_to == wanted)
        return next(found, None)

    @name.setter
    def name(self, name: str) -> None:
        self.sheet.book.names.add(name, f"={quoted(self.sheet.name)}!{self.address}")

    @property
    def table(self) -> Any:
        """Give the table that the first cell is in."""
        for table in self.sheet.tables:
            if table.range.area.has(self.area.top, self.area.left):
                return table
        return None
