"""The Frame orders sheet: utilization, what this run draws, and which order is chosen."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby

import xlwings as xw

from timix_xl.billing.load import Review
from timix_xl.billing.plan import NO_FRAME_ORDER
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.money import ZERO, minor_digits
from timix_xl.workbook import layout, words
from timix_xl.workbook.cells import Cell, put, put_texts, text_in
from timix_xl.workbook.kinds import Kind, money_format
from timix_xl.workbook.tables import write_rows

_FIGURES = ("Total", "Billed", "Remaining", "This invoice", "Remaining after")


def chosen(book: xw.Book) -> str | None:
    """Read the chosen frame order: a number, NO_FRAME_ORDER, or None if the cell is empty."""
    text = text_in(book, "timix_frame_order")
    if not text:
        return None
    return NO_FRAME_ORDER if text.lower() == words.NO_FRAME_ORDER.lower() else text


def offer(book: xw.Book, review: Review, *, same_customer: bool) -> None:
    """Write the dropdown's choices; keep a choice that still holds, preselect an only one."""
    numbers = [order.number for order in review.open_orders]
    first, last = layout.FRAME_ORDER_CHOICES_FIRST_CELL, layout.FRAME_ORDER_CHOICES_LAST_CELL
    area = book.sheets[layout.FRAME_ORDERS_SHEET].range(f"{first}:{last}")
    # With nothing else on offer, "No frame order" was nobody's choice.
    had_a_choice = sum(value is not None for value in area.options(ndim=1).value) > 1
    choices = [*numbers, words.NO_FRAME_ORDER][-area.shape[0] :]
    put_texts(area, [*choices, *[None] * (area.shape[0] - len(choices))])
    keeps = same_customer and had_a_choice and text_in(book, "timix_frame_order") in choices
    if not keeps:
        several = len(numbers) > 1
        put(book, "timix_frame_order", None if several else choices[0])


def show(
    book: xw.Book,
    orders: Sequence[FrameOrder],
    *,
    today: dt.date,
    drawn: dict[str, Decimal] | None = None,
) -> None:
    """Write the frame orders, with what this run draws from them."""
    draws = drawn or {}
    rows = [_cells(order, draws.get(order.number, ZERO), today) for order in orders]
    write_rows(book, layout.FRAME_ORDERS, rows, key="Frame order")
    _show_chart(book, len(rows))
    _format(book, orders)


def _cells(order: FrameOrder, draw: Decimal, today: dt.date) -> dict[str, Cell]:
    return {
        "Frame order": order.number,
        "Title": order.title or None,
        "Valid from": order.valid_from,
        "Valid to": order.valid_to,
        "Unit": order.unit,
        "Total": float(order.total),
        "Billed": float(order.billed),
        "Remaining": float(order.remaining),
        "Utilization": float(order.percent / 100),
        "This invoice": float(draw),
        "Remaining after": float(order.remaining - draw),
        "State": order.state_on(today).value.replace("_", " "),
    }


def _format(book: xw.Book, orders: Sequence[FrameOrder]) -> None:
    """Show hours as quantities and money with its currency's digits, run by run of a unit."""
    sheet, row = book.sheets[layout.FRAME_ORDERS_SHEET], layout.FRAME_ORDERS.first_data_row
    for number_format, same in groupby(orders, _number_format):
        end = row + sum(1 for _ in same) - 1
        for title in _FIGURES:
            letter = layout.FRAME_ORDERS.letter(title)
            sheet.range(f"{letter}{row}:{letter}{end}").number_format = number_format
        row = end + 1


def _number_format(order: FrameOrder) -> str:
    if order.in_hours:
        return Kind.QUANTITY.number_format
    return money_format(minor_digits(order.unit))


def _show_chart(book: xw.Book, count: int) -> None:
    """Write the shares that the chart shows, beside the frame orders."""
    first = layout.FRAME_ORDERS.first_data_row
    titles = layout.CHART_SHARES.titles
    write_rows(
        book,
        layout.CHART_SHARES,
        [dict(zip(titles, layout.chart_formulas(first + at), strict=True)) for at in range(count)],
    )
