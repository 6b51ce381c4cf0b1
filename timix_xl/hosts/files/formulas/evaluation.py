"""Nodes to values, from where a formula stands."""

import operator
from collections.abc import Callable, Iterable, Sequence
from itertools import repeat
from typing import Protocol

from timix_xl.hosts.files.formulas import values
from timix_xl.hosts.files.formulas.functions import FUNCTIONS
from timix_xl.hosts.files.formulas.nodes import (
    Call,
    Cells,
    Constant,
    Named,
    Node,
    Pair,
    Sign,
    TableCells,
)
from timix_xl.hosts.files.formulas.references import Place, Reference, TableFacts, cells_of
from timix_xl.hosts.files.formulas.values import Failed, NotCalculatedError, Scalar

Rows = list[list[Scalar]]
Value = Scalar | Reference | Rows

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}


class Source(Protocol):
    """Where values, tables and names are looked up."""

    tables: dict[str, TableFacts]

    def rows(self, reference: Reference) -> Rows:
        """Give the values of cells."""

    def value(self, sheet: str, row: int, column: int) -> Scalar:
        """Give the value of one cell."""

    def sheet_title(self, name: str) -> str:
        """Spell a sheet's name as the workbook does."""

    def meaning(self, name: str, sheet: str) -> Node:
        """Give what a defined name stands for."""

    def is_left_out(self, sheet: str, row: int, *, by_hand: bool) -> bool:
        """Tell whether a row is hidden by a filter, or by hand too."""

    def is_subtotal(self, sheet: str, row: int, column: int) -> bool:
        """Tell whether a cell is itself a subtotal."""


class Evaluation:
    """One formula being evaluated."""

    def __init__(self, source: Source, place: Place) -> None:
        self.source = source
        self.place = place
        self._by_array = False

    def scalar(self, node: Node | None) -> Scalar:
        """Give one value; of several cells the one beside the formula."""
        value = self.value(node)
        if isinstance(value, Reference):
            return self._beside(value)
        if isinstance(value, list):
            raise NotCalculatedError
        return value

    def rows(self, node: Node | None) -> Rows:
        """Give all values, row by row."""
        value = self.value(node)
        if isinstance(value, Reference):
            return self.source.rows(value)
        return value if isinstance(value, list) else [[value]]

    def by_array(self, node: Node | None) -> Rows:
        """Give all values of an expression that is worked out cell by cell."""
        before, self._by_array = self._by_array, True
        try:
            return self.rows(node)
        finally:
            self._by_array = before

    def each(self, how: Callable[..., Scalar], operands: Sequence[Node | None]) -> Value:
        """Work out single values; where whole ranges are asked for, all of them in parallel."""
        if not self._by_array:
            return how(*(self.scalar(operand) for operand in operands))
        ranges: list[Rows] = [self.rows(operand) for operand in operands]
        if (columns := _as_columns(ranges)) is not None:
            return [[value] for value in map(how, *columns)]
        height, width = max(map(len, ranges)), max(len(rows[0]) for rows in ranges)
        return [
            [how(*(_at(rows, row, column) for rows in ranges)) for column in range(width)]
            for row in range(height)
        ]

    def value(self, node: Node | None) -> Value:
        """Give what a node stands for."""
        match node:
            case None:
                return None
            case Constant():
                return node.value
            case Cells():
                sheet = self.source.sheet_title(node.sheet) if node.sheet else self.place.sheet
                return Reference(sheet, node.area)
            case TableCells():
                return cells_of(node, self.source.tables, self.place)
            case Named():
                return self._named(node)
            case Sign():
                return self.each(lambda one: _signed(node.mark, one), (node.operand,))
            case Pair():
                return self.each(_joined(node.mark), (node.left, node.right))
            case Call():
                return self._called(node)

    def _named(self, node: Named) -> Value:
        facts = self.source.tables.get(node.name.casefold())
        if facts is not None and node.sheet is None:
            return Reference(facts.sheet, facts.data)
        return self.value(self.source.meaning(node.name, node.sheet or self.place.sheet))

    def _called(self, node: Call) -> Value:
        function = FUNCTIONS.get(node.function)
        if function is None:
            raise NotCalculatedError(node.function)
        return function(self, node.arguments)

    def _beside(self, reference: Reference) -> Scalar:
        area, place = reference.area, self.place
        if area.is_one_cell:
            return self.source.value(reference.sheet, area.top, area.left)
        if area.columns == 1 and area.top <= place.row <= area.bottom:
            return self.source.value(reference.sheet, place.row, area.left)
        if area.rows == 1 and area.left <= place.column <= area.right:
            return self.source.value(reference.sheet, area.top, place.column)
        raise Failed(values.WRONG_KIND)


def _as_columns(ranges: list[Rows]) -> list[Iterable[Scalar]] | None:
    """Give single columns of one height, and single values repeated: the common case, and fast."""
    height = max(map(len, ranges))
    if height == 1 or any(len(rows[0]) > 1 or len(rows) not in (1, height) for rows in ranges):
        return None
    return [
        repeat(rows[0][0], height) if len(rows) == 1 else (row[0] for row in rows)
        for rows in ranges
    ]


def _at(rows: Rows, row: int, column: int) -> Scalar:
    line = rows[0 if len(rows) == 1 else row] if len(rows) == 1 or row < len(rows) else None
    if line is None or (len(line) > 1 and column >= len(line)):
        raise Failed(values.NOT_AVAILABLE)
    return line[0] if len(line) == 1 else line[column]


def _signed(mark: str, value: Scalar) -> Scalar:
    if mark == "+":
        return value
    amount = values.number(value)
    return -amount if mark == "-" else amount / 100


def _joined(mark: str) -> Callable[[Scalar, Scalar], Scalar]:
    if mark == "&":
        return lambda left, right: values.text(left) + values.text(right)
    if compare := _COMPARISONS.get(mark):
        return lambda left, right: compare(values.ordered(left, right), 0)
    calculate = _ARITHMETIC[mark]
    return lambda left, right: calculate(values.number(left), values.number(right))


def _divided(left: float, right: float) -> float:
    if right == 0:
        raise Failed(values.DIVISION)
    return values.finite(left / right)


def _raised(left: float, right: float) -> float:
    if left == 0 and right <= 0:
        raise Failed(values.WRONG_NUMBER if right == 0 else values.DIVISION)
    try:
        result = left**right
    except OverflowError:
        raise Failed(values.WRONG_NUMBER) from None
    if isinstance(result, complex):
        raise Failed(values.WRONG_NUMBER)
    return values.finite(result)


_ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": values.added,
    "-": lambda left, right: values.added(left, -right),
    "*": lambda left, right: values.finite(left * right),
    "/": _divided,
    "^": _raised,
}
