"""A run as the sheets say it."""

import datetime as dt
from dataclasses import dataclass

import xlwings as xw

from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.plan import RunOptions
from timix_xl.workbook import (
    billing_sheet,
    entries_sheet,
    preview_sheet,
)
from timix_xl.workbook.cells import number_in
from timix_xl.workbook.layout import CURRENCY_DIGITS
from timix_xl.workbook.refusals import (
    CustomerChanged,
    DateChanged,
    NothingLoaded,
)
from timix_xl.workbook.tables import TableRow


@dataclass(frozen=True, slots=True)
class Run:
    """What the sheets ask for: whose entries, up to when, the ballots and the options."""

    customer: str
    billing_date: dt.date
    paper: BallotPaper
    options: RunOptions
    rows: list[TableRow]
    request: str


def read_run(book: xw.Book) -> Run:
    """Read a run off the sheets; refuses a workbook whose customer or date was changed since."""
    loaded = billing_sheet.loaded(book)
    if not loaded.customer or loaded.billing_date is None:
        raise NothingLoaded(where="Billing!B4")
    customer, day = billing_sheet.wanted(book)
    if customer != loaded.customer:
        raise CustomerChanged(where="Billing!B4", given=customer, loaded=loaded.customer)
    if day != loaded.billing_date:
        raise DateChanged(where="Billing!B5", given=day, loaded=loaded.billing_date)
    rows = entries_sheet.rows(book)
    digits = int(number_in(book, CURRENCY_DIGITS) or 0)
    paper = entries_sheet.paper(rows, loaded, digits)
    return Run(customer, day, paper, preview_sheet.options(book), rows, loaded.request)
