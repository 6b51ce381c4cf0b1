"""Read an export: a grid of a known shape becomes lines, and faults where it does not read well."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TypeVar

from timix_xl.domain.money import plain
from timix_xl.importing import faults
from timix_xl.importing.cells import Unusable, is_absent, truth
from timix_xl.importing.faults import CellRefused, RowFault, Trouble, trouble
from timix_xl.importing.grids import Grid, GridRow, cut_off
from timix_xl.importing.timesheets import dates, durations
from timix_xl.importing.timesheets.dates import DateOrder
from timix_xl.importing.timesheets.durations import Mark
from timix_xl.importing.timesheets.lines import Line, identity, one_line
from timix_xl.importing.timesheets.shapes import (
    Fact,
    Shape,
    currency_of_header,
    fingerprint,
    plain_header,
)

_T = TypeVar("_T")
_NUMBERS = (Fact.HOURS, Fact.ROUNDED, Fact.RATE, Fact.AMOUNT)
_TOTALS = {
    *("total", "totals", "grand total", "subtotal", "sum"),
    *("summe", "gesamt", "gesamtsumme", "zwischensumme"),
}
_CODE_LAST = re.compile(r".* - ([A-Za-z]{3})")
_ROUNDING = Decimal("0.02")
"""How far a decimal duration may be from that of a clock without seconds."""
_TRUTHS = {"ja": True, "nein": False}


@dataclass(frozen=True, slots=True)
class Export:
    """The lines of an export, and under which headers its facts stand."""

    file: str
    source: str
    fingerprint: str
    headers: Mapping[Fact, str]
    lines: tuple[Line, ...]
    mark: Mark | None
    refused: tuple[RowFault, ...] = ()


def read_export(grid: Grid, shape: Shape, order: DateOrder | None) -> Export:
    """Read every line; raises DateOrderUnclear."""
    found = _Columns(shape, grid.header)
    rows = [
        row for row in grid.rows if tuple(row.cells) != grid.header
    ]  # files put one below other
    reading = _Reading(
        found,
        dates.order_among(grid.file, found.texts(rows, Fact.DATE, Fact.END_DATE), order),
        durations.mark_among(found.texts(rows, *_NUMBERS)),
    )
    lines, refused = [], list(grid.refused)
    for row in rows:
        line, troubles = reading.read(grid, row)
        if line is None:
            refused += [one.at(grid.file, row.place) for one in troubles]
        else:
            lines.append(line)
    return Export(
        file=grid.file,
        source=shape.source,
        fingerprint=fingerprint(shape, grid.header),
        headers=found.headers,
        lines=tuple(replace(line, identity=identity(shape.source, line)) for line in lines),
        mark=reading.mark,
        refused=tuple(refused),
    )


class _Columns:
    """Where the facts of a shape stand in a header; the first of equal names holds."""

    def __init__(self, shape: Shape, header: Sequence[str]) -> None:
        names = [plain_header(name) for name in header]
        self.at: dict[Fact, tuple[int, ...]] = {}
        self.headers: dict[Fact, str] = {}
        for fact, choices in shape.columns.items():
            if places := tuple(names.index(name) for name in choices if name in names):
                self.at[fact] = places
                self.headers[fact] = header[places[0]].strip()
        self.currency = currency_of_header(self.headers.get(Fact.AMOUNT, ""))

    def cell(self, row: GridRow, fact: Fact) -> str | Unusable:
        """Return a fact's first cell that is not empty."""
        for at in self.at.get(fact, ()):
            cell = row.cells[at] if at < len(row.cells) else None
            if cell is not None and not is_absent(cell):
                return cell
        return ""

    def is_total(self, row: GridRow) -> bool:
        """Whether a row has a word for a total in the place of a first name, and no date."""
        first = next((cell for cell in row.cells if not is_absent(cell)), "")
        word = first.strip(" :.").casefold() if isinstance(first, str) else ""
        day = self.cell(row, Fact.DATE)
        return word in _TOTALS and (day in ("", first))

    def texts(self, rows: Sequence[GridRow], *facts: Fact) -> Iterator[str]:
        """Yield the texts that stand under some facts."""
        for fact in facts:
            if fact in self.at:
                for row in rows:
                    cell = self.cell(row, fact)
                    if isinstance(cell, str):
                        yield cell


@dataclass(frozen=True, slots=True)
class _Reading:
    """How the cells of one file are read."""

    columns: _Columns
    order: DateOrder | None
    mark: Mark | None

    def read(self, grid: Grid, row: GridRow) -> tuple[Line | None, list[Trouble]]:
        """Read a row; without a line there are troubles."""
        if self.columns.is_total(row):
            return None, [trouble(faults.LOOKS_LIKE_TOTAL, "")]
        if short := cut_off(grid, row):
            return None, [short]
        return self.line(row)

    def line(self, row: GridRow) -> tuple[Line | None, list[Trouble]]:
        """Read the cells of a row."""
        cells = _RowCells(self.columns, row)
        amount = cells.name(Fact.AMOUNT)
        line = Line(
            row=row.place,
            client=cells.name(Fact.CLIENT),
            project=cells.name(Fact.PROJECT),
            project_code=cells.name(Fact.PROJECT_CODE),
            task=cells.name(Fact.TASK),
            person=cells.person(),
            person_code=cells.name(Fact.PERSON_CODE),
            description=cells.read(Fact.DESCRIPTION, str, ""),
            date=cells.read(Fact.DATE, lambda text: dates.day_of(text, self.order), date.min),
            start=cells.read(Fact.START, dates.time_of, None),
            hours=cells.hours(self.mark),
            billable_hours=cells.read(
                Fact.ROUNDED, lambda text: durations.hours_of(text, self.mark), None
            ),
            is_billable=cells.read(Fact.BILLABLE, _truth, otherwise=True),
            rate=cells.name(Fact.RATE),
            amount=amount,
            currency=cells.currency(amount),
            order=cells.name(Fact.ORDER),
            billed_elsewhere=cells.billed_elsewhere(),
            is_approved=cells.read(Fact.APPROVED, _truth, None),
        )
        troubles = [*cells.troubles, *cells.missing()]
        return (None if troubles else line), troubles


class _RowCells:
    """The facts of one row, and the troubles with them."""

    def __init__(self, columns: _Columns, row: GridRow) -> None:
        self.columns = columns
        self.row = row
        self.troubles: list[Trouble] = []

    def read(self, fact: Fact, reader: Callable[[str], _T], otherwise: _T) -> _T:
        """Read a fact, if the row has it."""
        cell = self.columns.cell(self.row, fact)
        if isinstance(cell, Unusable):
            header = self.columns.headers[fact]
            self.troubles.append(trouble(faults.CELL_UNUSABLE, header, what=cell.what))
        elif cell:
            try:
                return reader(cell)
            except CellRefused as refused:
                header = self.columns.headers[fact]
                self.troubles.append(trouble(refused.kind, header, **refused.facts))
        return otherwise

    def name(self, fact: Fact) -> str:
        """Read a text of one line."""
        return self.read(fact, one_line, "")

    def person(self) -> str:
        """Read who worked: one name, or first and last."""
        both = f"{self.name(Fact.FIRST_NAME)} {self.name(Fact.LAST_NAME)}".strip()
        return self.name(Fact.PERSON) or both

    def hours(self, mark: Mark | None) -> Decimal:
        """Read the duration, as exactly as the row has it."""
        clock = self.read(Fact.CLOCK, _clock, None)
        if clock is not None:
            self._compare(clock, mark)
            return clock
        return self.read(Fact.HOURS, lambda text: durations.hours_of(text, mark), Decimal(0))

    def _compare(self, clock: Decimal, mark: Mark | None) -> None:
        """Refuse a second duration that says something else; one that does not read says nothing."""
        cell = self.columns.cell(self.row, Fact.HOURS)
        if not isinstance(cell, str) or not cell:
            return
        with suppress(CellRefused):
            hours = durations.hours_of(cell, mark)
            if abs(hours - clock) > _ROUNDING:
                one, other = (self.columns.headers[fact] for fact in (Fact.CLOCK, Fact.HOURS))
                facts = {"one": self.name(Fact.CLOCK), "other": plain(hours), "column": other}
                self.troubles.append(trouble(faults.DURATIONS_DISAGREE, one, **facts))

    def currency(self, amount: str) -> str:
        """Read the row's currency, perhaps behind its name; a header's holds for an amount."""
        of_header = self.columns.currency if _is_some(amount) else ""
        text = self.name(Fact.CURRENCY)
        found = _CODE_LAST.fullmatch(text)
        return (found[1] if found else text) or of_header

    def billed_elsewhere(self) -> str:
        """Read where it is invoiced already, empty if it is not."""
        invoice = self.name(Fact.INVOICE)
        is_invoiced = self.read(Fact.INVOICED, _truth, otherwise=False)
        return (invoice or "invoiced there") if is_invoiced else ""

    def missing(self) -> Iterator[Trouble]:
        """Find what no entry can do without."""
        headers, cell = self.columns.headers, self.columns.cell
        durations_at = [fact for fact in (Fact.CLOCK, Fact.HOURS) if fact in headers]
        for facts, example in (([Fact.DATE], "2026-01-31"), (durations_at, "7:30")):
            if all(cell(self.row, fact) == "" for fact in facts):
                header = headers[facts[0]]
                yield trouble(faults.MISSING, header, column=header, example=example)


def _is_some(amount: str) -> bool:
    return any(one in "123456789" for one in amount)


def _clock(text: str) -> Decimal:
    hours = durations.hours_of_clock(text)
    if hours is None:
        raise CellRefused(faults.NOT_A_DURATION, value=faults.shown(text), example="07:30:00")
    return hours


def _truth(text: str) -> bool:
    known = _TRUTHS.get(text.strip().casefold())
    return bool(truth(text)) if known is None else known
