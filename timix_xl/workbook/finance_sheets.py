"""The finance workbook: six tables of what stands on a day, for readers."""

from collections.abc import Sequence
from contextlib import suppress
from itertools import groupby

import xlwings as xw

from timix_xl.billing.ageing import Aged
from timix_xl.billing.finance import Finance
from timix_xl.billing.register import Standing
from timix_xl.billing.wip import AgedWip
from timix_xl.domain.ages import RECEIVABLE_AGES, age_of
from timix_xl.domain.burn import Burn, MonthOfDraws
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.money import minor_digits
from timix_xl.domain.wip import Flow, RollForward
from timix_xl.workbook import finance_layout as layout
from timix_xl.workbook.cells import Cell, put, text_in
from timix_xl.workbook.invoices_sheet import status_word
from timix_xl.workbook.kinds import Kind, money_format
from timix_xl.workbook.refusals import (
    ColumnMissing,
    FinanceOfAnotherStore,
    NotABillingWorkbook,
    NotAFinanceWorkbook,
)
from timix_xl.workbook.shapes import TableLayout
from timix_xl.workbook.tables import check_whole, set_column_format, write_rows


def check(book: xw.Book) -> None:
    """Make sure that every table and named cell is there; raises NotAFinanceWorkbook."""
    for cell in layout.NAMED_CELLS:
        if cell.name not in book.names:
            raise NotAFinanceWorkbook(book=book.name, what=f"cell named {cell.name}")
    for table in layout.TABLES:
        missing = f"whole table {table.name} on sheet {table.sheet}"
        whole = False
        with suppress(NotABillingWorkbook, ColumnMissing):
            check_whole(book, [table])
            whole = True
        if not whole:
            raise NotAFinanceWorkbook(book=book.name, what=missing)


def show(book: xw.Book, finance: Finance) -> None:
    """Write all tables, and of which day and which store they are.

    Raises NotAFinanceWorkbook, FinanceOfAnotherStore.
    """
    check(book)
    if text_in(book, layout.STORE) not in ("", finance.store_id):
        company = text_in(book, layout.COMPANY) or "without a company"
        raise FinanceOfAnotherStore(book=book.name, company=company)
    for name, value in (
        (layout.AS_OF, finance.as_of),
        (layout.COMPANY, finance.company or None),
        (layout.STORE, finance.store_id),
        (layout.MONTH, finance.month),
    ):
        put(book, name, value)
    _show_receivables(book, finance)
    _show_wip(book, finance)
    _show_orders(book, finance)
    _show_roll_forward(book, finance)


# Receivables.


def _show_receivables(book: xw.Book, finance: Finance) -> None:
    aged = sorted(finance.receivables, key=lambda one: (one.currency, one.customer))
    write_rows(book, layout.AGEING, [_aged(one) for one in aged], key="Customer")
    _format(
        book,
        layout.AGEING,
        (*layout.AGES, layout.OWED, "Total"),
        [_money(one.currency) for one in aged],
    )
    open_ones = [(one, each) for one in aged for each in one.documents]
    rows = [_receivable(one, each, finance) for one, each in open_ones]
    write_rows(book, layout.RECEIVABLES, rows, key="Number")
    titles = ("Total", "Paid", "Credited", "Refunded", "Written off", "Outstanding")
    _format(book, layout.RECEIVABLES, titles, [_money(each.currency) for _, each in open_ones])


def _aged(one: Aged) -> dict[str, Cell]:
    buckets = zip(layout.AGES, map(float, one.buckets), strict=True)
    return {
        "Customer": one.customer,
        "Name": one.name or None,
        "Currency": one.currency,
        **dict(buckets),
        layout.OWED: float(one.credit),
        "Total": float(one.total),
    }


def _receivable(one: Aged, each: Standing, finance: Finance) -> dict[str, Cell]:
    days = (finance.as_of - each.due_date).days
    is_owed = each.outstanding > 0
    return {
        "Number": each.number,
        "Kind": each.kind.value.replace("_", " ").capitalize(),
        "Customer": one.customer,
        "Name": one.name or None,
        "Currency": each.currency,
        "Issued": each.issue_date,
        "Due": each.due_date,
        "Total": float(each.total),
        "Paid": float(each.paid),
        "Credited": float(each.credited),
        "Refunded": float(each.refunded),
        "Written off": float(each.written_off),
        "Outstanding": float(each.outstanding),
        "Days overdue": days if days > 0 and is_owed else None,
        "Age": age_of(days, RECEIVABLE_AGES).name if is_owed else layout.OWED,
        "Status": status_word(each),
    }


# Work in progress.


def _show_wip(book: xw.Book, finance: Finance) -> None:
    aged = sorted(finance.wip, key=lambda one: (one.currency, one.customer))
    write_rows(book, layout.WIP, [_worked(one) for one in aged], key="Customer")
    _format(book, layout.WIP, (*layout.WORK_AGES, "Total"), [_money(one.currency) for one in aged])


def _worked(one: AgedWip) -> dict[str, Cell]:
    buckets = (float(bucket.amount) for bucket in one.buckets)
    return {
        "Customer": one.customer,
        "Name": one.name or None,
        "Currency": one.currency,
        "Hours": float(one.hours),
        **dict(zip(layout.WORK_AGES, buckets, strict=True)),
        "Total": float(one.amount),
        "Oldest": one.oldest,
    }


# Frame orders.


def _show_orders(book: xw.Book, finance: Finance) -> None:
    burns = finance.orders
    write_rows(book, layout.BURN, [_burn(one, finance) for one in burns], key="Frame order")
    formats = [_in_unit(one.order.unit) for one in burns]
    _format(book, layout.BURN, ("Total", "Billed", "Remaining"), formats)
    months = [(one, month) for one in burns for month in one.months]
    write_rows(book, layout.BURN_MONTHS, [_month(*pair) for pair in months])
    formats = [_in_unit(one.order.unit) for one, _ in months]
    _format(book, layout.BURN_MONTHS, ("Drawn", "Remaining after"), formats)
    set_column_format(book, layout.BURN_MONTHS, ("Month",), layout.MONTH_FORMAT)


def _burn(one: Burn, finance: Finance) -> dict[str, Cell]:
    order = one.order
    return {
        "Frame order": order.number,
        "Customer": order.customer,
        "Title": order.title or None,
        "Unit": order.unit,
        "Total": float(order.total),
        "Billed": float(order.billed),
        "Remaining": float(order.remaining),
        "Utilization": float(order.percent / 100),
        "Per day": float(one.per_day),
        "Runs out": one.runs_out,
        "Valid to": order.valid_to,
        "State": order.state_on(finance.as_of).value.replace("_", " "),
    }


def _month(one: Burn, month: MonthOfDraws) -> dict[str, Cell]:
    whole = one.order.total
    return {
        "Frame order": one.order.number,
        "Month": month.first,
        "Unit": one.order.unit,
        "Drawn": float(month.drawn),
        "Remaining after": float(month.remaining),
        layout.LEFT: float(month.remaining / whole) if whole else None,
    }


# Roll-forward.


def _show_roll_forward(book: xw.Book, finance: Finance) -> None:
    rows = [row for one in finance.rolled for row in _rolled(one, finance)]
    write_rows(book, layout.ROLL_FORWARD, rows)
    _format(book, layout.ROLL_FORWARD, layout.FLOWS, [_in_unit(str(row["Unit"])) for row in rows])


def _rolled(one: RollForward, finance: Finance) -> list[dict[str, Cell]]:
    """Return two rows of a customer: hours, and money."""
    who: dict[str, Cell] = {
        "Customer": one.customer,
        "Name": finance.names.get(one.customer) or None,
    }
    hours = [float(one[flow].hours) for flow in Flow]
    amounts = [float(one[flow].amount) for flow in Flow]
    return [
        who | {"Unit": unit} | dict(zip(layout.FLOWS, figures, strict=True))
        for unit, figures in ((HOURS, hours), (one.currency, amounts))
    ]


# How tables are written.


def _format(
    book: xw.Book, table: TableLayout, titles: Sequence[str], formats: Sequence[str]
) -> None:
    """Show figures with the digits of their unit, run by run of rows of the same format."""
    sheet, row = book.sheets[table.sheet], table.first_data_row
    first, last = table.letter(titles[0]), table.letter(titles[-1])
    for number_format, same in groupby(formats):
        end = row + sum(1 for _ in same) - 1
        sheet.range(f"{first}{row}:{last}{end}").number_format = number_format
        row = end + 1


def _money(currency: str) -> str:
    return money_format(minor_digits(currency))


def _in_unit(unit: str) -> str:
    return Kind.QUANTITY.number_format if unit == HOURS else _money(unit)
