"""The Left out sheet: open entries that a load does not take, and why."""

import xlwings as xw

from timix_xl.billing.load import Review
from timix_xl.domain.money import minor_digits
from timix_xl.workbook import layout
from timix_xl.workbook.kinds import money_format
from timix_xl.workbook.tables import set_column_format, write_rows


def show(book: xw.Book, review: Review) -> None:
    """Write what was left out, each with one reason."""
    write_rows(
        book,
        layout.LEFT_OUT,
        [
            {
                "Date": one.entry.date,
                "Project": one.entry.project,
                "Task": one.entry.task,
                "Person": one.entry.person,
                "Qty": float(one.entry.billable_quantity),
                "Amount": None if one.amount is None else float(one.amount),
                "Why": f"{one.wording} [{one.reason.code}]",
                "Entry": one.entry.id,
            }
            for one in review.left_out
        ],
        key="Entry",
    )
    money = money_format(minor_digits(review.currency))
    set_column_format(book, layout.LEFT_OUT, ["Amount"], money)
