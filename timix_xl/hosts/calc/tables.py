"""Tables of a sheet: what LibreOffice calls database ranges.

They have no style: one that is set is kept with the table while the book is open, and not saved.
"""

from collections.abc import Iterator
from typing import Any

from xlwings import base_classes

from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc import held, resizing
from timix_xl.hosts.calc.addresses import area_of, has_content, place_of
from timix_xl.hosts.calc.border import bordered
from timix_xl.hosts.calc.filters import AutoFilter, show_rows


@bordered
class Table(base_classes.Table):
    """One table."""

    def __init__(self, sheet: Any, xl: Any) -> None:
        self._sheet = sheet
        self.xl = xl
        self.connection = sheet.connection

    @property
    def api(self) -> Any:
        """Give LibreOffice's own object."""
        return self.xl

    @property
    def parent(self) -> Any:
        """Give the sheet."""
        return self._sheet

    @property
    def sheet(self) -> Any:
        """Give the sheet."""
        return self._sheet

    @property  # type: ignore[misc]  # read only here
    def name(self) -> str:
        """Give the name that formulas know the table by."""
        return str(self.xl.Name)

    @property  # type: ignore[misc]  # read only here
    def display_name(self) -> str:
        """Give the name that formulas know the table by."""
        return self.name

    @property  # type: ignore[misc]  # read only here
    def show_headers(self) -> bool:
        """Tell whether there is a header row."""
        return bool(self.xl.ContainsHeader)

    @property
    def range(self) -> Any:
        """Give all cells: header, rows, totals."""
        return self._sheet.area(self.area)

    @property
    def area(self) -> Area:
        """Give the area of all cells."""
        return area_of(self.xl.DataArea)

    @property
    def header_row_range(self) -> Any:
        """Give the header row."""
        if not self.show_headers:
            return None
        area = self.area
        return self._sheet.area(Area(area.top, area.left, area.top, area.right))

    @property
    def data_body_range(self) -> Any:
        """Give the rows; None if there is none, not even the blank one of an empty table."""
        body = self._body()
        return None if body is None or self._is_blank(body) else self._sheet.area(body)

    @property
    def insert_row_range(self) -> Any:
        """Give the blank row of a table that has no rows."""
        body = self._body()
        return self._sheet.area(body) if body is not None and self._is_blank(body) else None

    @property
    def totals_row_range(self) -> Any:
        """Give the totals row."""
        if not self.show_totals:
            return None
        area = self.area
        return self._sheet.area(Area(area.bottom, area.left, area.bottom, area.right))

    @property
    def show_totals(self) -> bool:
        """Tell whether there is a totals row."""
        return bool(self.xl.TotalsRow)

    @show_totals.setter
    def show_totals(self, value: bool) -> None:
        if value:
            raise NotImplementedError
        if (totals := self.totals_row_range) is None:
            return
        self._sheet.check_changeable()
        totals.clear()
        area = self.area
        self.xl.TotalsRow = False
        resizing.put_area(self, Area(area.top, area.left, area.bottom - 1, area.right))

    @property
    def autofilter(self) -> AutoFilter:
        """Give the filter."""
        return AutoFilter(self._sheet, self.xl, self.area)

    @property
    def show_autofilter(self) -> bool:
        """Tell whether the headers have filter buttons."""
        return bool(self.xl.AutoFilter)

    @show_autofilter.setter
    def show_autofilter(self, value: bool) -> None:
        if value == self.show_autofilter:
            return
        self._sheet.check_changeable()
        if not value:
            self.xl.getFilterDescriptor().setFilterFields3(())
            area = self.area
            show_rows(self._sheet, area.top, area.bottom)
        self.xl.AutoFilter = value

    @property
    def table_style(self) -> str | None:
        """Give the style that was set while the book is open; LibreOffice reads none from files."""
        return held.style_of(self._sheet.book, self.name)

    @table_style.setter
    def table_style(self, name: str) -> None:
        held.keep_style(self._sheet.book, self.name, name)

    def resize(self, cells_range: Any) -> None:
        """Give the table another size; what belongs to its rows follows (see `resizing`)."""
        resizing.resize(self, cells_range.impl.area)

    def _body(self) -> Area | None:
        area = self.area
        top = area.top + self.show_headers
        bottom = area.bottom - self.show_totals
        return Area(top, area.left, bottom, area.right) if top <= bottom else None

    def _is_blank(self, body: Area) -> bool:
        """Tell the one blank row of an empty table; LibreOffice has no other sign of it."""
        if body.rows > 1:
            return False
        return not has_content(self._sheet.area(body).xl, body)


@bordered
class Tables(base_classes.Collection):
    """All tables of a sheet."""

    api: Any = None
    parent: Any = None

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.parent = sheet
        self.connection = sheet.connection

    def __call__(self, key: int | str) -> Table:
        """Give one, by name or by number."""
        if isinstance(key, int):
            return list(self)[key - 1]
        for table in self:
            if table.name.casefold() == key.casefold():
                return table
        raise KeyError(key)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Table]:
        book, place = self._sheet.book, place_of(self._sheet)
        every = (held.table(book, name) for name in held.table_names(book))
        return iter([Table(self._sheet, one) for one in every if one.DataArea.Sheet == place])

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
        self._sheet.check_changeable()
        book = self._sheet.book
        named = name or f"Table{len(held.table_names(book)) + 1}"
        xl = held.add_table(book, named, source.impl.xl.RangeAddress)
        xl.ContainsHeader = True
        xl.AutoFilter = True
        table = Table(self._sheet, xl)
        resizing.name_columns(table)
        if table_style_name is not None:
            table.table_style = table_style_name
        return table
