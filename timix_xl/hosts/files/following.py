"""What refers to the rows of a table goes with them when their number changes."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.worksheet.cell_range import CellRange, MultiCellRange

from timix_xl.hosts.areas import Area, parse_area, split_sheet
from timix_xl.hosts.files.validations import areas_of

Shift = Callable[[Area], Area]


def follow(sheet: Any, first_row: int, before: Area, after: Area) -> None:
    """Move the last row of what ran over all rows of the table."""

    def shifted(area: Area) -> Area:
        if area.top > first_row or area.bottom != before.bottom or not area.meets_columns(before):
            return area
        return replace(area, bottom=after.bottom)

    if before.bottom == after.bottom:
        return
    worksheet = sheet.worksheet
    _follow_validations(worksheet, shifted)
    _follow_formats(worksheet, shifted)
    _follow_print_area(worksheet, shifted)
    for drawing in sheet.book.loaded.drawings.values():
        drawing.follow(sheet.name, shifted)


def _follow_validations(worksheet: Any, shifted: Shift) -> None:
    """Move dropdowns and rules; a cell has one of them, as in Excel: the first that is listed."""
    taken: list[Area] = []
    rules = worksheet.data_validations.dataValidation
    for rule in list(rules):
        areas = _apart([shifted(area) for area in areas_of(rule.sqref)], taken)
        rule.sqref = MultiCellRange([CellRange(area.ref) for area in areas])
        if not areas:
            rules.remove(rule)


def _apart(areas: list[Area], taken: list[Area]) -> list[Area]:
    """Cut what is taken out of areas, and take what is left."""
    left: list[Area] = []
    for area in areas:
        pieces = [area]
        for other in taken:
            pieces = [piece for one in pieces for piece in one.without(other)]
        left += pieces
        taken += pieces
    return left


def _follow_formats(worksheet: Any, shifted: Shift) -> None:
    # The ranges are the keys of the collection, so it is built anew.
    before = worksheet.conditional_formatting
    after = ConditionalFormattingList()
    after.max_priority = before.max_priority
    for formatting in before:
        rules = list(formatting.rules)
        formatting.sqref = _moved(formatting.sqref, shifted)
        for rule in rules:
            after.add(formatting, rule)
    worksheet.conditional_formatting = after


def _follow_print_area(worksheet: Any, shifted: Shift) -> None:
    if not worksheet.print_area:
        return
    parts = worksheet.print_area.split(",")
    areas = [parse_area(split_sheet(part)[1]) for part in parts]
    if all(areas):
        worksheet.print_area = ",".join(shifted(area).ref for area in areas if area)


def moved_reference(text: str, sheet: str, shifted: Shift) -> str:
    """Move one reference as it stands in a chart, such as `Entries!$J$10:$J$14`."""
    named, address = split_sheet(text)
    area = parse_area(address)
    if named is None or area is None or named.casefold() != sheet.casefold():
        return text
    after = shifted(area)
    return text if after == area else f"{text.rpartition('!')[0]}!{after.address()}"


def _moved(sqref: Any, shifted: Shift) -> MultiCellRange:
    return MultiCellRange([CellRange(shifted(area).ref) for area in areas_of(sqref)])
