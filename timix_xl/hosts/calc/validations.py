"""Dropdowns in cells."""

import re
from typing import Any

from xlwings import base_classes

from timix_xl.hosts.calc.addresses import spelled
from timix_xl.hosts.calc.border import bordered
from timix_xl.hosts.calc.formulas import to_excel
from timix_xl.hosts.calc.names import Name

_KINDS = {
    "ANY": "none",
    "LIST": "list",
    "WHOLE": "whole_number",
    "DECIMAL": "decimal",
    "DATE": "date",
    "TIME": "time",
    "TEXT_LEN": "text_length",
    "CUSTOM": "custom",
}
_HIDDEN, _SHOWN = 0, 1
_TEXT = r'"(?:[^"]|"")*"'
_TEXTS = re.compile(rf"{_TEXT}(?:;{_TEXT})*")


@bordered
class DataValidation(base_classes.DataValidation):
    """What may be chosen or typed in the cells of a range; of the first cell when it is read."""

    def __init__(self, cells_range: Any) -> None:
        self._range = cells_range
        self.connection = cells_range.connection

    @property
    def api(self) -> Any:
        """Give LibreOffice's own object."""
        return self._range.xl.Validation

    @property
    def type(self) -> str:
        """Give the kind of rule: "none", "list", ... of the first cell."""
        return _KINDS.get(self._rule().Type.value, "unknown")

    @property
    def source(self) -> str | None:
        """Give what a list is taken from, as Excel spells it in a file."""
        rule = self._rule()
        return _as_excel(rule.getFormula1()) if rule.Type.value == "LIST" else None

    def set_list(
        self, source: Any, in_cell_dropdown: bool
    ) -> None:  # xlwings passes it by position
        """Offer a list; what was said about prompts and errors stays."""
        self._range.sheet.check_changeable()
        rule, enum = self._rule(), self.connection.uno.Enum
        if rule.Type.value == "ANY":
            rule.ShowErrorMessage = True
            rule.ShowInputMessage = True
        rule.Type = enum("com.sun.star.sheet.ValidationType", "LIST")
        rule.setOperator(enum("com.sun.star.sheet.ConditionOperator", "EQUAL"))
        rule.ShowList = _SHOWN if in_cell_dropdown else _HIDDEN
        rule.setFormula1(_as_calc(source))
        rule.setFormula2("")
        self._range.xl.Validation = rule

    def delete(self) -> None:
        """Let everything be typed again."""
        self._range.sheet.check_changeable()
        self._range.xl.setPropertyToDefault("Validation")

    def _rule(self) -> Any:
        return self._range.xl.getCellByPosition(0, 0).Validation


def _as_excel(formula: str) -> str:
    if not _TEXTS.fullmatch(formula):
        return to_excel(formula)
    texts = [text[1:-1] for text in re.findall(_TEXT, formula)]
    return '"' + ",".join(texts) + '"'


def _as_calc(source: Any) -> str:
    if isinstance(source, Name):
        return str(source.xl.Name)
    if isinstance(source, list):
        return ";".join('"' + text.strip().replace('"', '""') + '"' for text in source)
    return spelled(source.sheet.name, source.address)
