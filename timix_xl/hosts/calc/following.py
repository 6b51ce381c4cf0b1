"""What refers to the rows of a table goes with them when their number changes."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from timix_xl.hosts.areas import Area, parse_area, split_sheet
from timix_xl.hosts.calc import held
from timix_xl.hosts.calc.addresses import addresses_of, area_of, place_of, spelled
from timix_xl.hosts.calc.formulas import to_excel

Shift = Callable[[Area], Area]
_IMPORTED_PRINT_AREA = "_xlnm.Print_Area"


def follow(sheet: Any, first_row: int, before: Area, after: Area) -> None:
    """Move the last row of what ran over all rows of the table.

    Dropdowns and conditional formats belong to the cells, and have gone with them.
    """

    def shifted(area: Area) -> Area:
        if area.top > first_row or area.bottom != before.bottom or not area.meets_columns(before):
            return area
        return replace(area, bottom=after.bottom)

    if before.bottom == after.bottom:
        return
    _follow_print_areas(sheet, shifted)
    place = place_of(sheet)
    for chart in _charts(sheet.book):
        if any(_moves(address, place, shifted) for address in chart.Ranges):
            _follow_chart(chart.EmbeddedObject, sheet.name, shifted)


def join_formats(sheet: Any) -> None:
    """Put the areas of conditional formats together; emptying rows leaves them in pieces."""
    for one in sheet.xl.ConditionalFormats.getConditionalFormats():
        areas = [area_of(address) for address in one.Range.RangeAddresses]
        whole = joined(areas)
        if len(whole) < len(areas):
            cells = sheet.book.doc.createInstance("com.sun.star.sheet.SheetCellRanges")
            cells.addRangeAddresses(tuple(addresses_of(sheet, whole)), False)
            one.Range = cells


def joined(areas: Iterable[Area]) -> list[Area]:
    """Cover the same cells with as few areas as neighbouring columns allow.

    >>> [area.ref for area in joined([Area(1, 1, 4, 2), Area(5, 1, 9, 1), Area(5, 2, 9, 2)])]
    ['A1:B9']
    """
    columns: dict[int, list[tuple[int, int]]] = {}
    for area in areas:
        for column in range(area.left, area.right + 1):
            columns.setdefault(column, []).append((area.top, area.bottom))
    found: list[Area] = []
    for column in sorted(columns):
        for top, bottom in _runs(columns[column]):
            left = Area(top, column - 1, bottom, column - 1)
            _add(found, left, Area(top, column, bottom, column))
    return found


def _add(found: list[Area], left: Area, area: Area) -> None:
    for number, one in enumerate(found):
        if (one.top, one.bottom, one.right) == (left.top, left.bottom, left.right):
            found[number] = replace(one, right=area.right)
            return
    found.append(area)


def _runs(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for top, bottom in sorted(spans):
        if runs and top <= runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], max(bottom, runs[-1][1]))
        else:
            runs.append((top, bottom))
    return runs


def _follow_print_areas(sheet: Any, shifted: Shift) -> None:
    before = [area_of(address) for address in sheet.xl.getPrintAreas()]
    after = [shifted(area) for area in before]
    if after == before:
        return
    sheet.xl.setPrintAreas(tuple(addresses_of(sheet, after)))
    # The name that a file has for it stays as it was read, and would be saved a second time.
    names = sheet.xl.NamedRanges
    if names.hasByName(_IMPORTED_PRINT_AREA):
        names.removeByName(_IMPORTED_PRINT_AREA)


def _charts(book: Any) -> Iterator[Any]:
    for charts in held.charts_of(book):
        for name in charts.ElementNames:
            yield charts.getByName(name)


def _moves(address: Any, place: int, shifted: Shift) -> bool:
    return address.Sheet == place and shifted(area_of(address)) != area_of(address)


def _follow_chart(chart: Any, sheet: str, shifted: Shift) -> None:
    provider = chart.getDataProvider()
    for sequence in chart.getDataSequences():
        for found, put in (
            (sequence.getValues(), sequence.setValues),
            (sequence.getLabel(), sequence.setLabel),
        ):
            before = found.getSourceRangeRepresentation() if found is not None else ""
            after = moved_reference(before, sheet, shifted)
            if after != before:
                moved = provider.createDataSequenceByRangeRepresentation(after)
                moved.Role = found.Role
                put(moved)


def moved_reference(text: str, sheet: str, shifted: Shift) -> str:
    """Move one reference as it stands in a chart, such as `$Entries.$J$10:$J$14`."""
    named, address = split_sheet(to_excel(text))
    area = parse_area(address)
    if named is None or area is None or named.casefold() != sheet.casefold():
        return text
    after = shifted(area)
    return text if after == area else spelled(named, after.address())
