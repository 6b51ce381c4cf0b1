"""Filters of tables: what is set, and taking it off."""

from typing import Any

from xlwings import base_classes

from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc.border import bordered


@bordered
class AutoFilter(base_classes.AutoFilter):
    """The filter of a table; a sheet without one has an empty filter."""

    def __init__(self, sheet: Any, xl: Any, area: Area | None) -> None:
        self._sheet = sheet
        self._area = area
        self.xl = xl
        self._descriptor: Any = None
        self.connection = sheet.connection

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """Tell for each column whether it is filtered; how is not told."""
        filtered = {field.Field for field in self._fields()}
        columns = self._area.columns if self._area else 0
        return [
            base_classes.empty_autofilter_criteria(
                number + 1, "unknown" if number in filtered else "none"
            )
            for number in range(columns)
        ]

    def clear(self, field: int | None = None) -> None:
        """Take off the criteria of one column or of all, and show all rows again."""
        if self._area is None:
            return
        fields = self._fields()
        if not fields:
            return
        self._sheet.check_changeable()
        kept = [one for one in fields if field is not None and one.Field + 1 != field]
        if len(kept) != len(fields):
            self._described().setFilterFields3(tuple(kept))
        if not kept:
            show_rows(self._sheet, self._area.top, self._area.bottom)

    def _fields(self) -> tuple[Any, ...]:
        if self.xl is None:
            return ()
        return tuple(self._described().getFilterFields3())

    def _described(self) -> Any:
        if self._descriptor is None:
            self._descriptor = self.xl.getFilterDescriptor()
        return self._descriptor


def show_rows(sheet: Any, first: int, last: int) -> None:
    """Show all rows from first to last."""
    sheet.xl.getCellRangeByPosition(0, first - 1, 0, last - 1).Rows.IsVisible = True
