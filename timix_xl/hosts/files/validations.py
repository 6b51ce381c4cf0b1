"""Dropdowns in cells."""

from collections.abc import Callable
from typing import Any

from openpyxl.worksheet.cell_range import CellRange, MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation as Rule
from xlwings import base_classes

from timix_xl.hosts.areas import Area, parse_area, quoted
from timix_xl.hosts.files.names import Name


class DataValidation(base_classes.DataValidation):
    """What may be chosen or typed in the cells of a range."""

    def __init__(self, cells_range: Any) -> None:
        self._sheet = cells_range.sheet
        self._area: Area = cells_range.area

    api = property(lambda self: self)

    @property
    def type(self) -> str:
        """Give the kind of rule: "none", "list", ... of the first cell."""
        rule = self._rule()
        return "none" if rule is None else (rule.type or "none")

    @property
    def source(self) -> str | None:
        """Give what a list is taken from, as it is written in the file."""
        rule = self._rule()
        return rule.formula1 if rule is not None and rule.type == "list" else None

    def set_list(
        self, source: Any, in_cell_dropdown: bool
    ) -> None:  # xlwings passes it by position
        """Offer a list; what was said about prompts and errors stays."""
        before = self._rule()
        self.delete()
        rule = Rule(type="list", allow_blank=True, showErrorMessage=True, showInputMessage=True)
        if before is not None:
            _keep_messages(before, rule)
        rule.formula1 = _formula(source)
        # In the file the flag is named after its opposite.
        rule.hide_drop_down = not in_cell_dropdown
        self._worksheet.data_validations.dataValidation.append(rule)
        rule.sqref = MultiCellRange([CellRange(self._area.ref)])

    def delete(self) -> None:
        """Let everything be typed again."""
        self._take_off(lambda _: True)

    def delete_ending_here(self) -> None:
        """Let everything be typed again, but for rules that run on below these cells."""
        self._take_off(lambda area: area.bottom <= self._area.bottom)

    def _take_off(self, goes: Callable[[Area], bool]) -> None:
        rules = self._worksheet.data_validations.dataValidation
        for rule in list(rules):
            left = [
                piece
                for area in areas_of(rule.sqref)
                for piece in (area.without(self._area) if goes(area) else (area,))
            ]
            rule.sqref = MultiCellRange([CellRange(area.ref) for area in left])
            if not left:
                rules.remove(rule)

    @property
    def _worksheet(self) -> Any:
        return self._sheet.worksheet

    def _rule(self) -> Any:
        for rule in self._worksheet.data_validations.dataValidation:
            if any(area.has(self._area.top, self._area.left) for area in areas_of(rule.sqref)):
                return rule
        return None


def areas_of(sqref: Any) -> list[Area]:
    """Read a list of areas as files write them."""
    found = (parse_area(str(part)) for part in str(sqref).split())
    return [area for area in found if area is not None]


def _formula(source: Any) -> str:
    if isinstance(source, Name):
        return source.name
    if isinstance(source, list):
        choices = ",".join(source).replace('"', '""')
        return f'"{choices}"'
    return f"{quoted(source.sheet.name)}!{source.address}"


def _keep_messages(before: Any, rule: Any) -> None:
    for name in ("error", "errorTitle", "errorStyle", "prompt", "promptTitle", "allow_blank"):
        setattr(rule, name, getattr(before, name))
