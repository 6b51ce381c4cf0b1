"""The sheets of a book."""

from collections.abc import Iterator
from typing import Any

from openpyxl.worksheet.worksheet import Worksheet
from xlwings import base_classes

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area
from timix_xl.hosts.asked import asked_of
from timix_xl.hosts.files.drawings import Charts, Pictures
from timix_xl.hosts.files.names import Names
from timix_xl.hosts.files.ranges import Range
from timix_xl.hosts.files.tables import Tables


class Sheet(base_classes.Sheet):
    """One worksheet."""

    def __init__(self, book: Any, worksheet: Worksheet) -> None:
        self._book = book
        self.worksheet = worksheet

    api = property(lambda self: self.worksheet)
    book = property(lambda self: self._book)
    index = property(lambda self: self._book.workbook.worksheets.index(self.worksheet) + 1)
    names = property(lambda self: Names(self._book, self.worksheet))
    tables = property(lambda self: Tables(self))
    charts = property(lambda self: Charts(self))
    pictures = property(lambda self: Pictures(self))

    @property  # type: ignore[misc]  # read only here
    def name(self) -> str:
        """Give the name on the tab."""
        return str(self.worksheet.title)

    @property
    def visible(self) -> bool:
        """Tell whether the tab is shown."""
        return self.worksheet.sheet_state == "visible"

    @visible.setter
    def visible(self, value: bool) -> None:
        self.worksheet.sheet_state = "visible" if value else "hidden"

    @property
    def cells(self) -> Range:
        """Give all cells."""
        return self.area(Area(1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def used_range(self) -> Range:
        """Give the smallest range with everything that is written or formatted."""
        sheet = self.worksheet
        return self.area(Area(sheet.min_row, sheet.min_column, sheet.max_row, sheet.max_column))

    def area(self, area: Area) -> Range:
        """Give the cells of an area."""
        return Range(self, area)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        """Give cells by address, name, (row, column), or two of these as corners."""
        first = asked_of(self, arg1)
        if arg2 is None:
            return first
        second = asked_of(self, arg2)
        one, other = first.area, second.area
        spanned = Area(
            min(one.top, other.top),
            min(one.left, other.left),
            max(one.bottom, other.bottom),
            max(one.right, other.right),
        )
        return self.area(spanned)

    def activate(self) -> None:
        """Make this the sheet that the file opens on."""
        workbook = self._book.workbook
        workbook.active = self.worksheet
        for other in workbook.worksheets:
            # A second selected tab would make Excel edit both sheets at once.
            other.sheet_view.tabSelected = other is self.worksheet

    select = activate

    def autofit(self, axis: str | None = None) -> None:
        """Fit column widths to what is written."""
        self.used_range.autofit(axis)

    def clear_contents(self) -> None:
        """Empty all cells."""
        self.used_range.clear_contents()


class Sheets(base_classes.Sheets):
    """All worksheets of a book, in order."""

    api: Any = None

    def __init__(self, book: Any) -> None:
        self._book = book

    @property
    def active(self) -> Sheet:
        """Give the sheet that the file opens on."""
        active = self._book.workbook.active
        return Sheet(self._book, active) if isinstance(active, Worksheet) else self(1)

    def __call__(self, key: int | str) -> Sheet:
        """Give one, by name or by number."""
        if isinstance(key, int):
            return Sheet(self._book, self._book.workbook.worksheets[key - 1])
        for sheet in self:
            if sheet.name.casefold() == key.casefold():
                return sheet
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._book.workbook.worksheets)

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self._book, sheet) for sheet in list(self._book.workbook.worksheets))

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        """Add a sheet before or after another, else at the front of the active one."""
        if before is not None:
            position = before.index - 1
        else:
            position = after.index if after is not None else self.active.index - 1
        sheet = Sheet(self._book, self._book.workbook.create_sheet(name, position))
        sheet.activate()
        return sheet
