"""A billing workbook in a person's hands: macros on it, and cells edited by another program."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import range_boundaries
from sqlalchemy import select

from tests.builders import ANN, BILLING_DATE, Shop, Template
from timix_xl import macros
from timix_xl.errors import HostError, TimixError
from timix_xl.hosts import files
from timix_xl.settings import bundled
from timix_xl.store import tables
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store


@dataclass(frozen=True)
class Kept:
    """A store and a workbook of it, to be copied."""

    store: Template
    book: Path


class Workbook:
    """A billing workbook on disk, one macro or one edit at a time."""

    def __init__(self, path: Path, store: Store, actor: Actor = ANN) -> None:
        self.path = path
        self._seen: tuple[int, openpyxl.Workbook] | None = None
        self.desk = macros.Desk(store, actor, path.parent)
        if not path.exists():
            path.write_bytes(bundled("billing.xlsx").read_bytes())

    def run(self, macro: Callable[..., Any], **options: Any) -> Any:
        """Press a button: open, run, save; a refusal is saved too, and raised."""
        with files.open_book(self.path) as book:
            try:
                done = macro(book, self.desk, **options)
            except TimixError:
                with suppress(HostError):
                    book.save()
                raise
            book.save()
            return done

    def load(self, customer: str = "ACME", upto: dt.date = BILLING_DATE) -> Any:
        """Choose a customer and a date, and load."""
        with self.edited() as book:
            put(book, "timix_customer", customer)
            put(book, "timix_billing_date", upto)
        return self.run(macros.load_unbilled)

    @contextmanager
    def edited(self) -> Iterator[openpyxl.Workbook]:
        """Open the file in another program, change it, save it."""
        book = openpyxl.load_workbook(self.path)
        yield book
        book.save(self.path)

    def put(self, **cells: Any) -> None:
        """Type into named cells."""
        with self.edited() as book:
            for name, value in cells.items():
                put(book, f"timix_{name}", value)

    def decide(self, reason: str | None = "agreed", **decisions: Any) -> None:
        """Type decisions, by entry."""
        self.type_entries(
            {
                entry: {"Decision": word, "Reason": reason if word else None}
                for entry, word in decisions.items()
            }
        )

    def type_entries(self, cells: Mapping[str, Mapping[str, Any]]) -> None:
        """Type into rows of the entries."""
        self.type("tblEntries", "Entry", cells)

    def type(self, table: str, key: str, cells: Mapping[str, Mapping[str, Any]]) -> None:
        """Type into rows of a table, found by the key's column."""
        with self.edited() as book:
            for row in rows_of(book, table):
                for title, value in cells.get(str(row[key].value), {}).items():
                    row[title].value = value

    def rows(self, table: str = "tblEntries") -> list[dict[str, Any]]:
        """Read a table as it shows; a blank row of an empty table falls out."""
        found = [
            {title: cell.value for title, cell in row.items()}
            for row in rows_of(self.seen(), table)
        ]
        return [row for row in found if any(v for t, v in row.items() if t != "Visible")]

    def row(self, entry: str) -> dict[str, Any]:
        """Read the row of an entry as it shows."""
        return next(row for row in self.rows() if row["Entry"] == entry)

    def number_of(self, entry: str) -> int:
        """Say on which row of its sheet an entry stands."""
        rows = rows_of(self.seen(), "tblEntries")
        return next(row["Entry"].row for row in rows if row["Entry"].value == entry)

    def seen(self) -> openpyxl.Workbook:
        """Read the file as a person sees it: results, not formulas."""
        state = self.path.stat().st_mtime_ns
        if self._seen is None or self._seen[0] != state:
            self._seen = (state, openpyxl.load_workbook(self.path, data_only=True))
        return self._seen[1]

    def column(self, title: str, table: str = "tblEntries") -> list[Any]:
        """Read a column as it shows."""
        return [row[title] for row in self.rows(table)]

    def shown(self, name: str) -> Any:
        """Read a named cell as it shows."""
        return named(self.seen(), f"timix_{name}").value

    def codes(self) -> list[str]:
        """Read the codes of the Checks sheet."""
        return self.column("Code", "tblChecks")


def named(book: openpyxl.Workbook, name: str) -> Any:
    """Return a named cell."""
    sheet, cell = next(iter(book.defined_names[name].destinations))
    return book[sheet][cell]


def put(book: openpyxl.Workbook, name: str, value: Any) -> None:
    """Type into a named cell."""
    named(book, name).value = value


def rows_of(book: openpyxl.Workbook, table: str) -> list[dict[str, Any]]:
    """Return the cells of a table, row by row."""
    sheet, found = next(
        (sheet, sheet.tables[table]) for sheet in book.worksheets if table in sheet.tables
    )
    left, top, right, bottom = range_boundaries(found.ref)
    titles = [sheet.cell(top, column).value for column in range(left, right + 1)]
    return [
        {title: sheet.cell(row, left + at) for at, title in enumerate(titles)}
        for row in range(top + 1, bottom + 1)
    ]


def dump(store: Store) -> dict[str, list[str]]:
    """Read every table of a store."""
    with store.reading() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in tables.metadata.sorted_tables
        }


def a_shop_with_work(shop: Shop) -> Shop:
    """Put into the store: E1 7.5 h, E2 0.3333 h of Ben's, E3 2 h at 100.00; M1 2 x 49.90."""
    shop.add("items", code="CAM", name="Camera", unit="pcs")
    shop.add("item_prices", item="CAM", position=0, price=Decimal("49.90"))
    shop.time("E1", hours="7.5", on="2026-01-05")
    shop.time("E2", hours="0.3333", on="2026-01-06", person="ben")
    shop.time("E3", hours="2", on="2026-01-07")
    shop.material("M1", item="CAM", units="2", on="2026-01-08")
    return shop
