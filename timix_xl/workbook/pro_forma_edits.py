"""What a person has typed into the Pro forma sheet, cell by cell against the pro forma."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from timix_xl.domain import faults
from timix_xl.domain.faults import FaultKind
from timix_xl.domain.invoices import Line, LineStatus
from timix_xl.domain.manual_lines import NEW_LINE, NewLine
from timix_xl.domain.money import (
    QUANTITY_PLACES,
    RATE_PLACES,
    minor_digits,
    plain,
    rounded,
)
from timix_xl.domain.pro_forma_lines import LineEdit
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import Fault, some_of
from timix_xl.workbook.cells import Cell, number_of, text_of, written
from timix_xl.workbook.pro_forma_layout import LINE_NUMBERS, PRO_FORMA, WAS
from timix_xl.workbook.pro_forma_layout import PRO_FORMA_SHEET as SHEET
from timix_xl.workbook.pro_forma_sheet import facts_of, inputs_of
from timix_xl.workbook.tables import TableRow
from timix_xl.workbook.words import LineStatusWord

_NUMBER = re.compile(r"-?\d{1,12}(\.\d+)?", re.ASCII)
_EXAMPLES = {
    "Task": "DESIGN", "Description": "Travel, as agreed",
    "Qty to invoice": "7.5", "Unit price": "95.50", "Amount to invoice": "712.50",
}  # fmt: skip
_NUMBER_FACTS = ("Billed qty", "Billed amount")
# Which cell a fault is about, by what its words name or by its code.
_COLUMNS = {
    "quantity": "Qty to invoice", "unit price": "Unit price", "amount": "Amount to invoice",
    "task": "Task", "item": "Item",
    faults.NOTHING_TO_HOLD.code: "Status", faults.STATUS_AT_ODDS.code: "Status",
    faults.LINE_WITHOUT_WORDS.code: "Description", faults.LINE_BEFORE_TAX_RATE.code: "Task",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetEdits:
    """What the sheet says: edits, lines added, and what cannot be read; with their rows."""

    edits: tuple[LineEdit, ...]
    added: tuple[NewLine, ...]
    faults: tuple[Fault, ...]
    rows: Mapping[str, int]
    """The row of each place that a fault of an edit may name."""
    typed: Mapping[str, str]
    """The first column that is typed there."""

    def placed(self, found: Sequence[Fault]) -> tuple[Fault, ...]:
        """Turn lines into cells of the sheet."""
        return tuple(self._placed(fault) for fault in found)

    def _placed(self, fault: Fault) -> Fault:
        if fault.where not in self.rows:
            return fault
        title = _COLUMNS.get(fault.column or "") or _COLUMNS.get(fault.code)
        title = title or self.typed.get(fault.where, "Line")
        return replace(fault, where=_cell(self.rows[fault.where], title), column=None)


def read_edits(read: Sequence[TableRow], one: ProForma) -> SheetEdits:
    """Compare the rows of the sheet with the pro forma that they were loaded from."""
    lines = {str(line.line): line for line in one.document.lines}
    reader = _Reader(minor_digits(one.currency), one.currency, [], {}, {})
    edits: list[LineEdit] = []
    added: list[NewLine] = []
    seen: set[str] = set()
    for row in read:
        name = row.text("Line")
        if not name:
            added += reader.new_line(row, len(added) + 1)
        elif name not in lines:
            reader.fault(faults.NO_SUCH_LINE, row, "Line")
        elif name in seen:
            reader.fault(faults.LINE_IN_TWO_ROWS, row, "Line", line=name)
        else:
            edits += reader.edit(row, lines[name])
        seen.add(name)
    missing = [f"line {name}" for name in lines if name not in seen]
    if missing:
        reader.found.append(faults.LINES_MISSING.at(SHEET, lines=some_of(missing)))
    return SheetEdits(tuple(edits), tuple(added), tuple(reader.found), reader.rows, reader.typed)


def changed_since(read: Sequence[TableRow], now: ProForma) -> tuple[Fault, ...]:
    """Say of each row what somebody else has made of its line since it was loaded."""
    lines = {str(line.line): line for line in now.document.lines}
    found = []
    for row in read:
        if name := row.text("Line"):
            changes = "; ".join(_changes(row, lines.get(name)))
            if changes:
                place = _cell(row.number, "Line")
                found.append(faults.LINE_CHANGED_SINCE.at(place, line=name, changes=changes))
    return tuple(found)


def _changes(row: TableRow, line: Line | None) -> Iterator[str]:
    if line is None or row.text("Entries") != text_of(facts_of(line)["Entries"]).strip():
        yield "it is another line now, or there is none"
        return
    for title, there in inputs_of(line).items():
        was = row.cells[WAS[title]]
        if not _alike(was, there):
            yield f"{title} is {_shown(there)}, was {_shown(was)}"


def _alike(one: Cell, other: Cell) -> bool:
    numbers = [number_of(value, RATE_PLACES) for value in (one, other)]
    if None not in numbers:
        return numbers[0] == numbers[1]
    return text_of(written(one)).strip() == text_of(written(other)).strip()


def _shown(value: Cell) -> str:
    number = number_of(value, RATE_PLACES)
    return (text_of(value).strip() or "nothing") if number is None else plain(number)


def _cell(row: int, title: str) -> str:
    return f"{SHEET}!{PRO_FORMA.letter(title)}{row}"


@dataclass(slots=True)
class _Reader:
    """Reads rows, and collects what cannot be read."""

    digits: int
    currency: str
    found: list[Fault]
    rows: dict[str, int]
    typed: dict[str, str]

    def fault(self, kind: FaultKind, row: TableRow, title: str, **facts: str) -> None:
        """Note what is wrong with a cell; its words may name the column."""
        words = {"title": title, **facts}
        self.found.append(kind.at(_cell(row.number, title), **words))

    def edit(self, row: TableRow, line: Line) -> list[LineEdit]:
        """Return the edit of a line, if anything of it is typed."""
        before = len(self.found)
        self._check_facts(row, str(line.line), facts_of(line))
        status = self._status(row, inputs_of(line)["Status"])
        if status is LineStatusWord.DELETE_LINE:
            self._note(f"line {line.line}", row, "Status")
            return [LineEdit(line=line.line, delete=True)]
        numbers = self._typed_numbers(row, line)
        if len(self.found) > before or (not numbers and status is None):
            return []
        self._note(f"line {line.line}", row, next(iter(numbers), "Status"))
        return [
            LineEdit(
                line=line.line,
                quantity=numbers.get("Qty to invoice"),
                unit_price=numbers.get("Unit price"),
                amount=numbers.get("Amount to invoice"),
                status=LineStatus[status.name] if status else None,
            )
        ]

    def new_line(self, row: TableRow, at: int) -> list[NewLine]:
        """Return the line that a row without a number adds; one to be deleted adds none."""
        before = len(self.found)
        status = self._status(row, LineStatusWord.BILL.value)
        if status is LineStatusWord.DELETE_LINE:
            return []
        if status is not None:
            self.fault(faults.NOTHING_TO_HOLD, row, "Status")
        self._check_facts(row, "that is new", dict.fromkeys((*_NUMBER_FACTS, "Entries")))
        numbers = self._numbers(row)
        for title in ("Task", "Description"):
            if not row.text(title):
                self._empty(row, title)
        quantity, price = numbers.get("Qty to invoice"), numbers.get("Unit price")
        amount = numbers.get("Amount to invoice")
        if amount is None and quantity is not None and price is not None:
            amount = rounded(quantity * price, self.currency)
        if len(self.found) > before:
            return []
        if quantity is None or amount is None:
            self._empty(row, "Qty to invoice" if quantity is None else "Amount to invoice")
            return []
        self._note(f"{NEW_LINE} {at}", row, "Amount to invoice")
        return [
            NewLine(
                task=row.text("Task"),
                item=row.text("Item") or None,
                description=row.text("Description"),
                quantity=quantity,
                amount=amount,
            )
        ]

    def _note(self, place: str, row: TableRow, title: str) -> None:
        self.rows[place], self.typed[place] = row.number, title

    def _empty(self, row: TableRow, title: str) -> None:
        self.fault(faults.LINE_CELL_EMPTY, row, title, example=_EXAMPLES[title])

    def _check_facts(self, row: TableRow, line: str, there: Mapping[str, Cell]) -> None:
        """Find what was typed over."""
        for title, fact in there.items():
            if not _alike(row.cells[title], fact):
                facts = {"given": _shown(row.cells[title]), "there": _shown(fact)}
                self.fault(faults.LINE_TYPED_OVER, row, title, line=line, **facts)

    def _status(self, row: TableRow, there: Cell) -> LineStatusWord | None:
        """Return the status that is typed, if another one than is there."""
        if self._is_formula(row, "Status"):
            return None
        given = " ".join(row.text("Status").lower().split())
        if given in {"", text_of(there).lower()}:
            return None
        word = next((one for one in LineStatusWord if one.value.lower() == given), None)
        if word is None:
            words = ", ".join(LineStatusWord.words())
            given = row.text("Status")
            self.fault(faults.UNKNOWN_LINE_STATUS, row, "Status", given=given, words=words)
        return word

    def _is_formula(self, row: TableRow, title: str) -> bool:
        is_formula = row.formulas[title].startswith("=")
        if is_formula:
            self.fault(faults.LINE_CELL_IS_FORMULA, row, title)
        return is_formula

    def _typed_numbers(self, row: TableRow, line: Line) -> dict[str, Decimal]:
        """Return the numbers that are not what is there; a blank one follows from the others."""
        there, given = inputs_of(line), self._numbers(row)
        typed = {
            title: number
            for title, number in given.items()
            if number != number_of(there[title], self._places(title))
        }
        blank = [
            title
            for title in LINE_NUMBERS
            if not row.text(title) and there[title] is not None and not row.formulas[title]
        ]
        if blank and not typed:
            self._empty(row, blank[0])
        return typed

    def _numbers(self, row: TableRow) -> dict[str, Decimal]:
        """Read the cells that hold numbers, as numbers or as text."""
        read = {}
        for title in LINE_NUMBERS:
            value = row.cells[title]
            if self._is_formula(row, title) or not text_of(value).strip():
                continue
            number = number_of(value, self._places(title))
            if number is None and _NUMBER.fullmatch(row.text(title)) and isinstance(value, str):
                number = Decimal(row.text(title))
            if number is None:
                facts = {"given": row.text(title), "example": _EXAMPLES[title]}
                self.fault(faults.LINE_CELL_NO_NUMBER, row, title, **facts)
            else:
                read[title] = number
        return read

    def _places(self, title: str) -> int:
        places = {"Qty to invoice": QUANTITY_PLACES, "Unit price": RATE_PLACES}
        return places.get(title, self.digits)
