"""Filters of tables and sheets: what is set, and taking it off."""

from typing import Any

from xlwings import base_classes

from timix_xl.hosts.areas import Area, parse_area


class AutoFilter(base_classes.AutoFilter):
    """The filter of a table, or the one of a sheet."""

    def __init__(self, sheet: Any, filtering: Any, columns: int) -> None:
        self._sheet = sheet
        self._filtering = filtering
        self._columns = columns

    @classmethod
    def of_sheet(cls, sheet: Any) -> "AutoFilter":
        """Give the filter that stands on the sheet itself."""
        filtering = sheet.worksheet.auto_filter
        area = area_of(filtering)
        return cls(sheet, filtering, area.columns if area else 0)

    @property
    def criteria(self) -> list[dict[str, Any]]:
        """Tell for each column whether it is filtered; how is not told."""
        filtered = {column.colId for column in self._filtering.filterColumn if _hides(column)}
        return [
            base_classes.empty_autofilter_criteria(
                number + 1, "unknown" if number in filtered else "none"
            )
            for number in range(self._columns)
        ]

    def clear(self, field: int | None = None) -> None:
        """Take off the criteria of one column or of all, and show all rows again."""
        if self._filtering is None:
            return
        kept = [
            c for c in self._filtering.filterColumn if field is not None and c.colId + 1 != field
        ]
        self._filtering.filterColumn = kept
        if not kept:
            self._show_rows()

    def _show_rows(self) -> None:
        area = area_of(self._filtering)
        if area is not None:
            show_rows(self._sheet.worksheet, area.top, area.bottom)
            self._sheet.book.changed()


def area_of(filtering: Any) -> Area | None:
    """Give the cells that a filter stands on."""
    return parse_area(filtering.ref) if filtering is not None and filtering.ref else None


def is_filtering(filtering: Any) -> bool:
    """Tell whether a filter has criteria."""
    return filtering is not None and any(map(_hides, filtering.filterColumn))


def show_rows(worksheet: Any, first: int, last: int) -> None:
    """Show all rows from first to last."""
    for number, row in worksheet.row_dimensions.items():
        if first <= number <= last:
            row.hidden = False


def _hides(column: Any) -> bool:
    """Tell criteria from an entry that only hides a column's button."""
    kinds = (column.filters, column.customFilters, column.dynamicFilter, column.colorFilter)
    return any(kind is not None for kind in (*kinds, column.iconFilter, column.top10))
