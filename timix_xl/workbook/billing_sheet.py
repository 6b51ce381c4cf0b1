"""The Billing sheet: customers, inputs, the last result, and where the entries were loaded."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import xlwings as xw

from timix_xl.billing.load import Review
from timix_xl.billing.survey import CustomerRow
from timix_xl.domain.money import minor_digits
from timix_xl.errors import FileUnreadable
from timix_xl.workbook import layout
from timix_xl.workbook.cells import day_in, named, number_in, put, text_in
from timix_xl.workbook.kinds import money_format
from timix_xl.workbook.pro_forma_layout import PRO_FORMA_SHEET
from timix_xl.workbook.projects_layout import PROJECTS_SHEET
from timix_xl.workbook.refusals import (
    CellEmpty,
    ForeignSettings,
    ImportCellMissing,
    NotABillingWorkbook,
    WorkbookNewer,
    WorkbookOlder,
)
from timix_xl.workbook.tables import set_column_format, write_rows
from timix_xl.workbook.words import DUE_NO, DUE_YES

STATUS = "timix_status"
FOREIGN_SHEET = "xlwings.conf"
"""Where xlwings' own add-in looks for the interpreter to run and the folders to load from."""

_AROUND_PATHS = " \u00a0\"'\u201c\u201d\u201e\u2018\u2019\u201a\u200e\u200f\u202a\u202c"
"""Blanks, quotes, and the marks of writing direction that Windows copies along with a path."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Where the entries of the workbook were loaded from."""

    customer: str
    billing_date: dt.date | None
    store_id: str
    request: str
    count: int


def check(book: xw.Book) -> None:
    """Refuse a workbook of a newer version, or one that would steer xlwings itself.

    One without the cell that says what was done is refused too: it would be done unsaid.
    """
    for sheet in book.sheets:
        if sheet.name.strip().lower() == FOREIGN_SHEET:
            raise ForeignSettings(book=book.name, sheet=sheet.name)
    version = number_in(book, "timix_workbook_version") or 0
    if version > layout.WORKBOOK_VERSION:
        raise WorkbookNewer(where="Billing")
    named(book, STATUS)


def check_for_projects(book: xw.Book) -> None:
    """Refuse a workbook that was made before it had sheets for projects and pro formas."""
    sheets = [sheet.name for sheet in book.sheets]
    version = number_in(book, "timix_workbook_version") or 0
    for name in (PROJECTS_SHEET, PRO_FORMA_SHEET):
        if name not in sheets and version < layout.WORKBOOK_VERSION:
            raise WorkbookOlder(where="Billing", sheet=name)


def check_for_import(book: xw.Book) -> None:
    """Refuse a workbook that was made before it had a cell for the file to import.

    A name that stands for no cell, or for one of another workbook, is none.
    """
    missing = ImportCellMissing(where=layout.BILLING_SHEET, name=layout.IMPORT_FILE)
    try:
        cell = named(book, layout.IMPORT_FILE)
    except NotABillingWorkbook as error:
        raise missing from error
    if cell.sheet.book.name != book.name:
        raise missing


def import_file(book: xw.Book) -> str:
    """Read the path of the file to import, without what Explorer puts around it when it is copied.

    Raises CellEmpty, FileUnreadable (a web address).
    """
    given = text_in(book, layout.IMPORT_FILE).strip(_AROUND_PATHS)
    if not given:
        place = f"{layout.BILLING_SHEET}!{layout.named_cell(layout.IMPORT_FILE).cell}"
        raise CellEmpty(where=place, what="Import file", example="hours.csv")
    if "://" in given:
        instead = "Download it first, then give the file."
        raise FileUnreadable(file=given, why="it is an address, not a path", instead=instead)
    return given


def clear_import_file(book: xw.Book) -> None:
    """Empty the cell of the file that has been imported."""
    put(book, layout.IMPORT_FILE, None)


def billing_date(book: xw.Book) -> dt.date | None:
    """Read the billing date that a person has chosen, if any; raises CellRefused."""
    return day_in(book, "timix_billing_date")


def wanted(book: xw.Book) -> tuple[str, dt.date]:
    """Read the customer and the billing date that a person has chosen; raises CellEmpty, CellRefused."""
    customer, day = text_in(book, "timix_customer"), day_in(book, "timix_billing_date")
    if not customer:
        raise CellEmpty(where="Billing!B4", what="Customer", example="ACME")
    if day is None:
        raise CellEmpty(where="Billing!B5", what="Billing date", example="2026-01-31")
    return customer, day


def loaded(book: xw.Book) -> Loaded:
    """Read where the entries were loaded from."""
    return Loaded(
        customer=text_in(book, "timix_loaded_customer"),
        billing_date=day_in(book, "timix_loaded_billing_date"),
        store_id=text_in(book, "timix_store_id"),
        request=text_in(book, "timix_request"),
        count=int(number_in(book, "timix_loaded_count") or 0),
    )


def want(book: xw.Book, customer: str, billing_date: dt.date) -> None:
    """Choose a customer and a billing date."""
    put(book, "timix_customer", customer)
    put(book, "timix_billing_date", billing_date)


def note_load(book: xw.Book, review: Review, *, at: str, request: str) -> None:
    """Write where the entries come from, and the digits of their currency."""
    put(book, "timix_loaded_customer", review.customer.code)
    put(book, "timix_loaded_billing_date", review.billing_date)
    put(book, "timix_loaded_at", at)
    put(book, "timix_store_id", review.store_id)
    put(book, "timix_request", request)
    put(book, layout.LAST_ISSUE, None)
    put(book, "timix_loaded_count", len(review.rows))
    digits = minor_digits(review.currency)
    put(book, layout.CURRENCY_DIGITS, digits)
    for cell in layout.MONEY_CELLS:
        named(book, cell.name).number_format = money_format(digits)


def note_issue(book: xw.Book, words: str) -> None:
    """Remember that what is loaded now is what an issue has left."""
    put(book, layout.LAST_ISSUE, words)


def last_issue(book: xw.Book) -> str:
    """Read what was issued from this workbook since its last load, if anything."""
    return text_in(book, layout.LAST_ISSUE)


def say(book: xw.Book, text: str) -> None:
    """Write the last result."""
    put(book, STATUS, text)


def show_customers(book: xw.Book, rows: Sequence[CustomerRow]) -> None:
    """Write every customer with what is unbilled."""
    write_rows(
        book,
        layout.CUSTOMERS,
        [
            {
                "Customer": row.code,
                "Name": row.name,
                "Unbilled hours": float(row.hours),
                "Unbilled amount": float(row.amount),
                "Currency": row.currency,
                "Oldest": row.oldest,
                "Next billing date": row.next_billing_date,
                "Due": DUE_YES if row.due else DUE_NO,
                "Open frame orders": row.open_orders,
            }
            for row in rows
        ],
        key="Customer",
    )
    set_column_format(book, layout.CUSTOMERS, ["Unbilled amount"], money_format(_digits(rows)))


def _digits(rows: Sequence[CustomerRow]) -> int:
    """Return the digits that show every currency of the list whole."""
    return max((minor_digits(row.currency) for row in rows), default=2)


def said(book: xw.Book) -> str:
    """Read the last result."""
    return text_in(book, STATUS)
