"""The Invoices sheet: the register, and the ballots of what to do with each document."""

import datetime as dt
import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import xlwings as xw

from timix_xl.billing.register import Standing
from timix_xl.domain.invoices import PaidState, Status
from timix_xl.domain.money import minor_digits
from timix_xl.workbook import layout
from timix_xl.workbook.cells import Cell, day_of, number_of, put, refused, text_in, text_of
from timix_xl.workbook.kinds import money_format
from timix_xl.workbook.refusals import CHOOSE, WRITE, CellRefused, RegisterTypedOver
from timix_xl.workbook.tables import TableRow, read_rows, set_column_format, write_rows
from timix_xl.workbook.words import ActionWord, StatusWord

_MONEY = (
    "Subtotal", "Tax", "Total",
    "Paid", "Credited", "Refunded", "Written off", "Outstanding", "Action amount",
)  # fmt: skip
ACTION_TITLES = ("Action", "Action amount", "Action date", "Action note")


@dataclass(frozen=True, slots=True)
class ActionBallot:
    """What a person wants done with a document, and where the row stands."""

    number: str
    action: ActionWord
    place: str
    amount: Decimal | None
    date: dt.date | None
    note: str


def filters(book: xw.Book, customers: Collection[str]) -> tuple[str | None, str | None]:
    """Read the customer and the status that the register is filtered by; raises CellRefused."""
    customer = text_in(book, "timix_filter_customer")
    if customer and customer not in customers:
        raise refused(
            book,
            "timix_filter_customer",
            customer,
            expected="a customer",
            example=min(customers, default="ACME"),
            how=CHOOSE,
        )
    status = text_in(book, "timix_filter_status")
    word = status.lower().replace("-", "_")
    known = StatusWord.words()
    if status and status.lower() not in {one.lower() for one in known}:
        raise refused(
            book,
            "timix_filter_status",
            status,
            expected=f"one of {', '.join(known)}",
            example="Overdue",
            how=CHOOSE,
        )
    return customer or None, word or None


def show(
    book: xw.Book, standings: Sequence[Standing], kept: Mapping[str, TableRow] | None = None
) -> None:
    """Write the register; `kept` holds rows whose ballots stay as they are."""
    ballots = kept or {}
    write_rows(
        book,
        layout.INVOICES,
        [_cells(one, ballots.get(one.number or "")) for one in standings],
        key="Number",
    )
    put(book, layout.REGISTER_REQUEST, uuid.uuid4().hex)
    digits = max((minor_digits(one.currency) for one in standings), default=2)
    set_column_format(book, layout.INVOICES, _MONEY, money_format(digits))


def _cells(one: Standing, kept: TableRow | None) -> dict[str, Cell]:
    facts: dict[str, Cell] = {
        "Number": one.number,
        "Kind": one.kind.value.replace("_", " ").capitalize(),
        "Customer": one.customer,
        "Issued": one.issue_date,
        "Due": one.due_date,
        "Hours": float(one.hours),
        "Subtotal": float(one.subtotal),
        "Tax": float(one.tax),
        "Total": float(one.total),
        "Paid": float(one.paid),
        "Credited": float(one.credited),
        "Refunded": float(one.refunded),
        "Written off": float(one.written_off),
        "Outstanding": float(one.outstanding),
        "Currency": one.currency,
        "Status": status_word(one),
        "Overdue days": one.overdue_days or None,
        "Corrects": one.corrects,
    }
    return facts | {title: kept.cells[title] if kept else None for title in ACTION_TITLES}


def status_word(one: Standing) -> str:
    """Return the word of the register: void, draft, paid, part-paid, overdue, sent or issued."""
    if one.status in {Status.VOID, Status.DRAFT} or one.paid_state in {None, PaidState.OPEN}:
        return one.status.value.capitalize()
    assert one.paid_state is not None
    return one.paid_state.value.replace("_", "-").capitalize()


def ballot_rows(book: xw.Book) -> list[TableRow]:
    """Read the rows with an action."""
    return [row for row in read_rows(book, layout.INVOICES) if row.text("Action")]


def ballot(row: TableRow) -> ActionBallot:
    """Read one row's ballot; raises CellRefused with its cell."""
    return ActionBallot(
        number=row.text("Number"),
        action=_action(row),
        place=where(row, "Action amount"),
        amount=_amount(row),
        date=_date(row),
        note=row.text("Action note"),
    )


def check_row(row: TableRow, there: Standing | None) -> None:
    """Refuse a row that is not the store's: numbers that were sorted apart from their rows."""
    if there is None:
        return
    digits = minor_digits(there.currency)
    for column, read, expected in (
        ("Customer", row.text("Customer"), there.customer),
        ("Issued", day_of(row.cells["Issued"]), there.issue_date),
        ("Total", number_of(row.cells["Total"], digits), there.total),
    ):
        if read != expected:
            raise RegisterTypedOver(
                where=where(row, column),
                column=column,
                number=there.number,
                given=text_of(row.cells[column]) or "nothing",
                there=expected,
            )


def request(book: xw.Book) -> str:
    """Read which register this is: each refresh makes another."""
    return text_in(book, layout.REGISTER_REQUEST)


def _action(row: TableRow) -> ActionWord:
    given = " ".join(row.text("Action").split()).lower()
    for word in ActionWord:
        if word.value.lower() == given:
            return word
    words = ", ".join(ActionWord.words())
    raise _refused(row, "Action", f"one of {words}", "Send", how=CHOOSE)


def _amount(row: TableRow) -> Decimal | None:
    value = row.cells["Action amount"]
    if value in (None, ""):
        return None
    number = number_of(value, 4)
    if number is None:
        raise _refused(row, "Action amount", "an amount", "120.50")
    return number


def _date(row: TableRow) -> dt.date | None:
    value = row.cells["Action date"]
    if value in (None, ""):
        return None
    day = day_of(value)
    if day is None:
        raise _refused(row, "Action date", "a date", "2026-01-31")
    return day


def _refused(
    row: TableRow, title: str, expected: str, example: str, how: str = WRITE
) -> CellRefused:
    return CellRefused(
        where=where(row, title),
        what=title,
        given=text_of(row.cells[title]),
        expected=expected,
        how=how,
        example=example,
    )


def where(row: TableRow, title: str = "Action") -> str:
    """Name the cell of a row."""
    return f"{layout.INVOICES_SHEET}!{layout.INVOICES.letter(title)}{row.number}"


def numbers(book: xw.Book) -> list[str]:
    """Return the numbers that the sheet lists."""
    return [row.text("Number") for row in read_rows(book, layout.INVOICES)]
