"""What the demo works with: its folder, its store, its workbooks, and hands that type into cells."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, TypeVar

import xlwings as xw
from rich.table import Table

from timix_xl import macros
from timix_xl.billing.issue import Issued
from timix_xl.billing.register import Standing, register, whole
from timix_xl.cli import shapes
from timix_xl.cli.demo import script
from timix_xl.cli.demo.script import Run, Vote
from timix_xl.domain.invoices import Document
from timix_xl.hosts import files
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store
from timix_xl.workbook import entries_sheet, layout
from timix_xl.workbook.cells import put
from timix_xl.workbook.shapes import TableLayout
from timix_xl.workbook.tables import TableRow

Part: TypeAlias = str | Table
T = TypeVar("T")
Step: TypeAlias = "Callable[[Month], Chapter]"


@dataclass(frozen=True, slots=True)
class Chapter:
    """What one step did: to be read, and (`facts`) to be worked with."""

    heading: str
    parts: Sequence[Part]
    facts: shapes.Shape = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Month:
    """What the demo works with."""

    folder: Path
    invoices: Path
    store: Store

    def path(self, customer: str) -> Path:
        """Return where a customer's workbook is."""
        return self.folder / workbook_name(customer)

    @contextmanager
    def workbook(self, customer: str, actor: Actor) -> Iterator[tuple[xw.Book, macros.Desk]]:
        """Open a customer's workbook as somebody, and save it afterwards."""
        with files.open_book(self.path(customer)) as book:
            yield book, macros.Desk(self.store, actor, self.invoices)
            book.save()

    def made(self, done: Issued) -> list[Document]:
        """Read back the documents of a run."""
        return self.documents(done.numbers)

    def documents(self, numbers: Collection[str]) -> list[Document]:
        """Read documents by their numbers."""
        found = [one for one in self.standings() if one.number in numbers]
        return [document for _, document in whole(self.store, found) if document]

    def standings(self) -> list[Standing]:
        """Read the register as of the day of the payments."""
        return register(self.store, today=script.PAYDAY.today)


def workbook_name(customer: str) -> str:
    """Name a customer's workbook."""
    return f"{customer}-{script.BILLING_DATE}.xlsx"


def type_in(book: xw.Book, run: Run) -> None:
    """Type a run's options and decisions into the cells, as a person would."""
    put(book, "timix_group_by", run.group_by.value)
    for name, value in run.options:
        put(book, name, value)
    rows = {row.text("Entry"): row for row in entries_sheet.rows(book)}
    for vote in run.votes:
        row = rows[vote.entry]
        for title, typed in _cells(vote).items():
            cell(book, layout.ENTRIES, row, title).value = typed


def _cells(vote: Vote) -> dict[str, str | float | None]:
    in_part = bool(vote.bill_quantity)
    return {
        "Decision": vote.decision.value,
        "Bill qty": float(vote.bill_quantity) if in_part else None,
        "Rest": vote.rest.value if in_part else None,
        "Reason": vote.reason or None,
    }


def cell(book: xw.Book, table: TableLayout, row: TableRow, title: str) -> xw.Range:
    """Return one cell of a row."""
    return book.sheets[table.sheet].range(f"{table.letter(title)}{row.number}")


def given(result: T | None) -> T:
    """Return what a macro gives: with a desk it raises what stops it."""
    assert result is not None, "a macro with a desk raises what stops it"
    return result
