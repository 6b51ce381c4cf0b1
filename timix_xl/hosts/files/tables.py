"""Tables of a sheet."""

from collections.abc import Iterator
from typing import Any

from openpyxl.worksheet.filters import AutoFilter as Filtering
from openpyxl.worksheet.table import Table as Definition
from openpyxl.worksheet.table import TableStyleInfo
from xlwings import base_classes

from timix_xl.hosts.areas import Area, parse_area
from timix_xl.hosts.files import cells, headers
from timix_xl.hosts.files.filters import AutoFilter, show_rows
from timix_xl.hosts.files.resizing import data_area, resize


class Table(base_classes.Table):
    """One table."""

    def __init__(self, sheet: Any, definition: Definition) -> None:
        self._sheet = sheet
        self._definition = definition

    api = property(lambda self: self._definition)
    parent = property(lambda self: self._sheet)
    display_name = property(lambda self: self._definition.displayName)
    show_headers = property(lambda self: self._definition.headerRowCount != 0)

    @property  # type: ignore[misc]  # read only here
    def name(self) -> str:
        """Give the name that formulas know the table by."""
        return str(self._definition.displayName)

    @property
    def range(self) -> Any:
        """Give all cells: header, rows, totals."""
        return self._sheet.area(self._area)

    @property
    def header_row_range(self) -> Any:
        """Give the header row."""
        area = self._area
        if not self.show_headers:
            return None
        return self._sheet.area(Area(area.top, area.left, area.top, area.right))

    @property
    def data_body_range(self) -> Any:
        """Give the rows; None if there is none, not even the blank one of an empty table."""
        body = None if self._definition.insertRow else data_area(self._definition)
        return None if body is None else self._sheet.area(body)

    @property
    def insert_row_range(self) -> Any:
        """Give the blank row of a table that has no rows."""
        body = data_area(self._definition) if self._definition.insertRow else None
        return None if body is None else self._sheet.area(body)

    @property
    def totals_row_range(self) -> Any:
        """Give the totals row."""
        area = self._area
        if not self._definition.totalsRowCount:
            return None
        return self._sheet.area(Area(area.bottom, area.left, area.bottom, area.right))

    @property
    def show_totals(self) -> bool:
        """Tell whether there is a totals row."""
        return bool(self._definition.totalsRowCount)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value:
            raise NotImplementedError
        if (totals := self.totals_row_range) is None:
            return
        totals.clear()
        area = self._area
        self._definition.totalsRowCount = None
        self._definition.totalsRowShown = False
        self._definition.ref = Area(area.top, area.left, area.bottom - 1, area.right).ref
        self._sheet.book.changed()

    @property
    def autofilter(self) -> AutoFilter:
        """Give the filter."""
        return AutoFilter(self._sheet, self._definition.autoFilter, self._area.columns)

    @property
    def show_autofilter(self) -> bool:
        """Tell whether the headers have filter buttons."""
        return self._definition.autoFilter is not None

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        if value and not self.show_autofilter:
            self._definition.autoFilter = Filtering(ref=self._area.ref)
        elif not value and self.show_autofilter:
            self._definition.autoFilter = None
            show_rows(self._sheet.worksheet, self._area.top, self._area.bottom)
            self._sheet.book.changed()

    @property
    def table_style(self) -> str | None:
        """Give the name of the table's style."""
        style = self._definition.tableStyleInfo
        return style.name if style is not None else None

    @table_style.setter
    def table_style(self, name: str) -> None:
        style = self._definition.tableStyleInfo or TableStyleInfo(showRowStripes=True)
        style.name = name
        self._definition.tableStyleInfo = style

    def resize(self, cells_range: Any) -> None:
        """Give the table another size; what belongs to its rows follows (see `resizing`)."""
        resize(self._sheet, self._definition, cells_range.impl.area)

    @property
    def _area(self) -> Area:
        area = parse_area(str(self._definition.ref))
        if area is None:
            message = f"Table {self._definition.displayName} covers no cells."
            raise LookupError(message)
        return area


class Tables(base_classes.Collection):
    """All tables of a sheet."""

    api: Any = None
    parent: Any = None

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.parent = sheet

    def __call__(self, key: int | str) -> Table:
        """Give one, by name or by number."""
        if isinstance(key, int):
            return list(self)[key - 1]
        for table in self:
            if table.name.casefold() == key.casefold():
                return table
        raise KeyError(key)

    def __len__(self) -> int:
        return len(self._sheet.worksheet.tables)

    def __iter__(self) -> Iterator[Table]:
        return (Table(self._sheet, found) for found in list(self._sheet.worksheet.tables.values()))

    def __contains__(self, key: str) -> bool:
        return any(table.name.casefold() == key.casefold() for table in self)

    def add(
        self,
        *,
        source: Any,
        name: str | None = None,
        has_headers: bool = True,
        table_style_name: str | None = None,
        **_unused: object,
    ) -> Table:
        """Make a table of a range that has headers."""
        if not has_headers:
            raise NotImplementedError
        area = source.impl.area
        workbook = self._sheet.book.workbook
        number = 1 + sum(len(sheet.tables) for sheet in workbook.worksheets)
        definition = Definition(displayName=name or f"Table{number}", ref=area.ref)
        definition.tableStyleInfo = TableStyleInfo(name=table_style_name, showRowStripes=True)
        definition.autoFilter = Filtering(ref=area.ref)
        for cell in self._sheet.area(Area(area.top, area.left, area.top, area.right)).every():
            cells.put(cell, str(cell.value or f"Column{cell.column - area.left + 1}"))
        self._sheet.worksheet.add_table(definition)
        headers.follow_cells(self._sheet.worksheet, definition)
        self._sheet.book.changed()
        return Table(self._sheet, definition)
