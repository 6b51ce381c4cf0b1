"""A workbook's formulas and what they give, each worked out once, when it is asked for."""

from typing import Any

from openpyxl.worksheet.formula import ArrayFormula, DataTableFormula

from timix_xl.hosts.areas import LAST_COLUMN, LAST_ROW, Area
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files import cells
from timix_xl.hosts.files.filters import area_of, is_filtering
from timix_xl.hosts.files.formulas.evaluation import Evaluation, Rows
from timix_xl.hosts.files.formulas.nodes import Node
from timix_xl.hosts.files.formulas.parsing import parse
from timix_xl.hosts.files.formulas.references import Place, Reference, tables_of
from timix_xl.hosts.files.formulas.values import (
    WRONG_NAME,
    WRONG_REFERENCE,
    Failed,
    NotCalculatedError,
    Scalar,
)
from timix_xl.hosts.files.results import Results


class _PendingError(Exception):
    """Values that have to be worked out first."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__(places)
        self.places = places


class Calculation:
    """The results of a workbook as it is; after a change a new one is made."""

    def __init__(self, workbook: Any, kept: Results) -> None:
        self.tables = tables_of(workbook)
        self._workbook = workbook
        self._kept = kept
        self._sheets = {sheet.title: sheet for sheet in workbook.worksheets}
        self._titles = {title.casefold(): title for title in self._sheets}
        self._done: dict[Place, Scalar] = {}
        self._rows: dict[Reference, Rows] = {}
        self._ends: dict[str, tuple[int, int]] = {}
        self._hidden: dict[str, tuple[set[int], set[int]]] = {}

    def result(self, cell: Any) -> Scalar:
        """Give what the formula of a cell gives; None if that is not known."""
        place = Place(cell.parent.title, cell.row, cell.column)
        if place not in self._done:
            self._work_out(place)
        return self._done[place]

    def shown(self, cell: Any) -> cells.Stored:
        """Give the result as the cell shows it: a number in a date format is a date."""
        value = self.result(cell)
        return cells.shown(cell, value) if type(value) is float else value

    def value(self, sheet: str, row: int, column: int) -> Scalar:
        """Give the value of a cell to a formula."""
        cell = self._sheets[sheet]._cells.get((row, column))
        if cell is None:
            return None
        if not cells.is_formula(cell):
            return _plain(cell)
        place = Place(sheet, row, column)
        if place not in self._done:
            raise _PendingError([place])
        return self._done[place]

    def rows(self, reference: Reference) -> Rows:
        """Give the values of cells, row by row; of whole columns the part that is used."""
        known = self._rows.get(reference)
        if known is None:
            known = self._rows[reference] = self._read(reference)
        return known

    def settled(self, reference: Reference) -> Rows:
        """Give the values of cells, with all formulas among them worked out."""
        while True:
            try:
                return self.rows(reference)
            except _PendingError as pending:
                for place in pending.places:
                    self._work_out(place)

    def sheet_title(self, name: str) -> str:
        """Spell a sheet's name as the workbook does."""
        title = self._titles.get(name.casefold())
        if title is None:
            if "[" in name or ":" in name:
                raise NotCalculatedError(name)
            raise Failed(WRONG_REFERENCE)
        return title

    def meaning(self, name: str, sheet: str) -> Node:
        """Give what a defined name stands for, one of the sheet before one of the workbook."""
        own = self._sheets[self.sheet_title(sheet)].defined_names
        for names in (own, self._workbook.defined_names):
            for defined in names.values():
                if defined.name.casefold() == name.casefold():
                    return parse(str(defined.attr_text))
        raise Failed(WRONG_NAME)

    def is_left_out(self, sheet: str, row: int, *, by_hand: bool) -> bool:
        """Tell whether a row is hidden by a filter, or by hand too."""
        if sheet not in self._hidden:
            self._hidden[sheet] = _hidden_rows(self._sheets[sheet])
        hidden, filtered = self._hidden[sheet]
        return row in (hidden if by_hand else filtered)

    def is_subtotal(self, sheet: str, row: int, column: int) -> bool:
        """Tell whether a cell is itself a subtotal."""
        cell = self._sheets[sheet]._cells.get((row, column))
        return (
            cell is not None
            and cells.is_formula(cell)
            and "SUBTOTAL(" in cells.formula_text(cell).upper()
        )

    def _read(self, reference: Reference) -> Rows:
        sheet = self._sheets[reference.sheet]
        area, stored = self._used(reference), sheet._cells
        pending: list[Place] = []
        rows: Rows = []
        for row in range(area.top, area.bottom + 1):
            line: list[Scalar] = []
            for column in range(area.left, area.right + 1):
                cell = stored.get((row, column))
                if cell is None:
                    line.append(None)
                elif not cells.is_formula(cell):
                    line.append(_plain(cell))
                else:
                    place = Place(reference.sheet, row, column)
                    line.append(self._done.get(place))
                    if place not in self._done:
                        pending.append(place)
            rows.append(line)
        if pending:
            raise _PendingError(pending)
        return rows

    def _used(self, reference: Reference) -> Area:
        """Cut whole columns and rows to what is used; other areas keep their shape."""
        area = reference.area
        if area.rows < LAST_ROW and area.columns < LAST_COLUMN:
            return area
        if reference.sheet not in self._ends:
            sheet = self._sheets[reference.sheet]
            self._ends[reference.sheet] = (sheet.max_row, sheet.max_column)
        last_row, last_column = self._ends[reference.sheet]
        bottom = max(area.top, last_row) if area.rows == LAST_ROW else area.bottom
        right = max(area.left, last_column) if area.columns == LAST_COLUMN else area.right
        return Area(area.top, area.left, bottom, right)

    def _work_out(self, wanted: Place) -> None:
        """Work out a formula and what it needs, with a stack of our own: chains may be long."""
        waiting = [wanted]
        begun: dict[Place, None] = {}
        while waiting:
            place = waiting[-1]
            if place in self._done:
                waiting.pop()
                begun.pop(place, None)
                continue
            begun[place] = None
            try:
                self._done[place] = self._evaluated(place)
            except _PendingError as pending:
                if circle := begun.keys() & pending.places:
                    self._keep_circle(list(begun), circle)
                else:
                    waiting.extend(pending.places)

    def _keep_circle(self, begun: list[Place], circle: set[Place]) -> None:
        """Leave formulas that wait for each other as they were."""
        first = min(begun.index(place) for place in circle)
        for place in begun[first:]:
            self._done[place] = self._from_file(place)

    def _evaluated(self, place: Place) -> Scalar:
        formula = self._sheets[place.sheet]._cells[place.row, place.column]._value
        if isinstance(formula, ArrayFormula | DataTableFormula):
            return self._from_file(place)
        try:
            value = Evaluation(self, place).scalar(parse(formula))
        except Failed as failure:
            return failure.error
        except (NotCalculatedError, RecursionError):
            return self._from_file(place)
        return 0.0 if value is None else value

    def _from_file(self, place: Place) -> Scalar:
        return self._kept.get(place.sheet, {}).get((place.row, place.column))


def _plain(cell: Any) -> Scalar:
    value, kind = cell._value, cell.data_type
    if kind == "n" and value is not None:
        return float(value)
    if kind == "s" and type(value) is str:
        return value
    found: Any = cells.stored(cell, as_serial=True)
    return CellError(found) if isinstance(found, CellError) else found


def _hidden_rows(sheet: Any) -> tuple[set[int], set[int]]:
    hidden = {number for number, row in sheet.row_dimensions.items() if row.hidden}
    filters = [sheet.auto_filter, *(table.autoFilter for table in sheet.tables.values())]
    areas = [area_of(found) for found in filters if is_filtering(found)]
    filtered = {row for row in hidden for area in areas if area and area.top < row <= area.bottom}
    return hidden, filtered
