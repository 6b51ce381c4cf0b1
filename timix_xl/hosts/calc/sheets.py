"""The sheets of a book."""

from collections.abc import Iterator
from typing import Any

from xlwings import base_classes

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area
from timix_xl.hosts.asked import asked_of
from timix_xl.hosts.calc import held
from timix_xl.hosts.calc.addresses import area_of, place_of
from timix_xl.hosts.calc.border import bordered, outside
from timix_xl.hosts.calc.briefly import Briefly
from timix_xl.hosts.calc.drawings import Charts, Pictures
from timix_xl.hosts.calc.names import Names
from timix_xl.hosts.calc.ranges import Range
from timix_xl.hosts.calc.tables import Tables
from timix_xl.hosts.refusals import SheetGone, SheetProtected


@bordered
class Sheet(base_classes.Sheet):
    """One sheet; LibreOffice's own object is fetched when it is first needed."""

    def __init__(self, book: Any, xl: Any = None, *, name: str | None = None) -> None:
        self._book = book
        self._xl = xl
        self._known_name = str(xl.Name) if name is None else name
        self._name = Briefly(lambda: str(self._xl.Name))
        self.connection = book.connection

    @property
    def xl(self) -> Any:
        """Give LibreOffice's own object.

        That of a sheet that is deleted stands for its neighbour from then on: its name tells.
        """
        if self._xl is None:
            self._xl = held.sheet(self._book, self._known_name)
            self._name.know(self._known_name)
        elif self._name() != self._known_name:
            raise SheetGone(sheet=self._known_name)
        return self._xl

    @property
    def api(self) -> Any:
        """Give LibreOffice's own object."""
        return self.xl

    @property
    def book(self) -> Any:
        """Give the book."""
        return self._book

    @property  # type: ignore[misc]  # read only here
    def name(self) -> str:
        """Give the name on the tab."""
        if self._xl is not None and self._name() != self._known_name:
            raise SheetGone(sheet=self._known_name)
        return self._known_name

    @outside
    def known_place(self) -> str:
        """Name the sheet, as in a message, without asking LibreOffice."""
        return self._known_name

    def check_changeable(self) -> None:
        """Refuse to change a sheet that is another one by now, or that is protected."""
        self._name.forget()
        if self.xl.isProtected():
            raise SheetProtected(sheet=self._known_name)

    @property
    def index(self) -> int:
        """Give the place among the sheets, from 1."""
        return place_of(self) + 1

    @property
    def names(self) -> Names:
        """Give the names that are the sheet's own."""
        return Names(self._book, self)

    @property
    def tables(self) -> Tables:
        """Give the tables."""
        return Tables(self)

    @property
    def charts(self) -> Charts:
        """Give the charts."""
        return Charts(self)

    @property
    def pictures(self) -> Pictures:
        """Give the pictures."""
        return Pictures(self)

    @property
    def visible(self) -> bool:
        """Tell whether the tab is shown."""
        return bool(self.xl.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.xl.IsVisible = bool(value)

    @property
    def cells(self) -> Range:
        """Give all cells."""
        return self.area(Area(1, 1, LAST_ROW, LAST_COLUMN))

    @property
    def used_range(self) -> Range:
        """Give the smallest range with everything that is written or visibly formatted."""
        cursor = self.xl.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.area(area_of(cursor.RangeAddress))

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
        """Show this sheet."""
        self._book.doc.CurrentController.setActiveSheet(self.xl)

    select = activate

    def autofit(self, axis: str | None = None) -> None:
        """Fit column widths to what is written."""
        self.used_range.autofit(axis)

    def clear_contents(self) -> None:
        """Empty all cells."""
        self.used_range.clear_contents()


@bordered
class Sheets(base_classes.Sheets):
    """All sheets of a book, in order."""

    api: Any = None

    def __init__(self, book: Any) -> None:
        self._book = book
        self.connection = book.connection

    @property
    def active(self) -> Sheet:
        """Give the sheet that is shown."""
        return Sheet(self._book, self._book.doc.CurrentController.ActiveSheet)

    def __call__(self, key: int | str) -> Sheet:
        """Give one, by name or by number."""
        if isinstance(key, int):
            return Sheet(self._book, name=self._names()[key - 1])
        for name in self._names():
            if name.casefold() == key.casefold():
                return Sheet(self._book, name=name)
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._names())

    def __iter__(self) -> Iterator[Sheet]:
        return iter([Sheet(self._book, name=name) for name in self._names()])

    def __contains__(self, key: str) -> bool:
        return any(name.casefold() == key.casefold() for name in self._names())

    def add(self, before: Any = None, after: Any = None, name: str | None = None) -> Sheet:
        """Add a sheet before or after another, else at the front of the active one."""
        if before is not None:
            position = before.index - 1
        else:
            position = after.index if after is not None else self.active.index - 1
        named = name or self._free_name()
        held.sheets_of(self._book).insertNewByName(named, position)
        sheet = self(named)
        sheet.activate()
        return sheet

    def _names(self) -> tuple[str, ...]:
        return tuple(held.sheets_of(self._book).ElementNames)

    def _free_name(self) -> str:
        number = len(self) + 1
        while f"Sheet{number}" in self:
            number += 1
        return f"Sheet{number}"
