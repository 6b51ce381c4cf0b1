"""Worksheet functions: what finance can type into any cell.

They give the numbers of the sheets: sums, rates and states come from the use cases that fill
these. A cell, a row, a column or a table in gives the same shape out. A name that nobody knows is
#N/A, an argument that cannot be read #VALUE!, a blank cell a blank text; a store that cannot be
read stops the whole call.

What is read is kept until somebody changes the store, or a new day begins. Until then a call asks
SQLite for the number of its last change and queries nothing. After that it reads all keys at once,
whatever the size of its arrays: frame orders by one SELECT, documents and what is owed by one;
rates by about 20 of the master data, unbilled work, WIP and checks, which have to be priced, by
about 30, both from a copy in memory. Whoever writes waits for these queries or the making of the
copy, and for no answer. The first call of a process opens the store besides.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, TypeVar

from timix_xl.billing import bill_rate, look_up
from timix_xl.billing.load import ReviewRow
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import draft_name, draft_place
from timix_xl.domain.wip import WipEntry, Work
from timix_xl.store import reading
from timix_xl.store.kept import Look
from timix_xl.udf.arguments import Unanswered, code, day, key, optional_day, quantity
from timix_xl.udf.declaring import Declared, worksheet_function, worksheet_table
from timix_xl.workbook.entries_sheet import WORDS

T = TypeVar("T")

_CUSTOMER = "The customer's code."
_ORDER = key("The frame order's number.")
_NUMBER = key("The number of an invoice or credit note, or DRAFT-n for a draft.")
_AS_OF = optional_day(
    "Leave it out for what can be billed today. With a day: all unbilled work as of its end."
)


@worksheet_function(customer=key(_CUSTOMER), as_of=_AS_OF)
def TIMIX_UNBILLED_HOURS(look: Look, customer: str, as_of: dt.date | None = None) -> float:
    """Billable hours of a customer that are not billed yet, today or as of the end of a day."""
    return float(_unbilled(look, customer, as_of).hours)


@worksheet_function(customer=key(_CUSTOMER), as_of=_AS_OF)
def TIMIX_UNBILLED_AMOUNT(look: Look, customer: str, as_of: dt.date | None = None) -> float:
    """Unbilled work of a customer in its currency, today or as of the end of a day."""
    return float(_unbilled(look, customer, as_of).amount)


@worksheet_function(order=_ORDER)
def TIMIX_PO_TOTAL(look: Look, order: str) -> float:
    """Hours or money that a frame order (blanket purchase order) was agreed over."""
    return float(_order(look, order).total)


@worksheet_function(order=_ORDER)
def TIMIX_PO_BILLED(look: Look, order: str) -> float:
    """Hours or money of a frame order that are used so far, those before the start included."""
    return float(_order(look, order).billed)


@worksheet_function(order=_ORDER)
def TIMIX_PO_REMAINING(look: Look, order: str) -> float:
    """Hours or money that are left of a frame order; below zero where it may be overrun."""
    return float(_order(look, order).remaining)


@worksheet_function(order=_ORDER)
def TIMIX_PO_UTILIZATION(look: Look, order: str) -> float:
    """Billed share of a frame order: 0.5 is half of it. Format the cell as a percentage."""
    return float(_order(look, order).percent / 100)


@worksheet_function(
    project=key("The project's code."),
    task=code("The task's code; blank for a project without tasks."),
    person=code("The person's code, if any."),
    on_date=day("The day on which the hour is worked."),
)
def TIMIX_BILL_RATE(look: Look, project: str, task: str, person: str, on_date: dt.date) -> float:
    """Price of an hour of a person on a task on a day; #N/A where a fee or nothing is billed.

    It is in the customer's currency.
    """
    rate = bill_rate.bill_rate(look.apart(bill_rate.rate_card), project, task, person, on_date)
    return float(_known(rate))


@worksheet_function(number=_NUMBER)
def TIMIX_INVOICE_TOTAL(look: Look, number: str) -> float:
    """Total of an invoice with its tax; below zero for a credit note."""
    return float(_document(look, number).total)


@worksheet_function(number=_NUMBER)
def TIMIX_INVOICE_STATUS(look: Look, number: str) -> str:
    """Status of an invoice today: Draft, Issued, Sent, Overdue, Part-paid, Paid, Credited, Void."""
    return _document(look, number).state.replace("_", "-").capitalize()


@worksheet_function(customer=key(_CUSTOMER))
def TIMIX_OUTSTANDING(look: Look, customer: str) -> float:
    """Money that a customer owes on all invoices; below zero is owed to the customer."""
    return float(_there(look.made(look_up.register).outstanding, customer))


@worksheet_function(project=key("The project's code."))
def TIMIX_WIP(look: Look, project: str) -> float:
    """Work in progress of a project at bill price: approved, billable, not on an issued invoice."""
    return float(_there(look.apart(look_up.wip_by_project), project))


@worksheet_function(
    entry=key("The entry's id."),
    decision=code("Bill, Defer or Write off; blank for undecided."),
    bill_qty=quantity("What of the quantity is to be billed; blank for all."),
)
def TIMIX_CHECK(look: Look, entry: str, decision: str, bill_qty: str = "") -> str:
    """Check a decision for an unbilled entry: an empty text when it is fine, else what is wrong.

    The reason that a write-off needs is not asked for here.
    """
    found = _known(look_up.decision_check(look, entry, decision, bill_qty))
    return "  ".join(f"{fault.message} {fault.hint}".strip() for fault in found)


_ENTRIES = (
    *("Date", "Project", "Task", "Person", "Description", "Kind", "Qty", "Unit", "Rate"),
    *("Hours", "Amount", "Currency", "Decision", "Entry"),
)


@worksheet_table(customer=key(_CUSTOMER), as_of=_AS_OF)
def TIMIX_ENTRIES(look: Look, customer: str, as_of: dt.date | None = None) -> list[list[Any]]:
    """Table of the unbilled entries of a customer, today or as of the end of a day.

    Kind, Qty, Unit, Rate and Decision are told for today only.
    """
    if as_of is None:
        rows = [
            _reviewed(row) for row in _there(look.apart(look_up.reviews, look.today), customer).rows
        ]
    else:
        entries = _known(look_up.unbilled_entries_on(look, customer, as_of))
        rows = [_worked(one) for one in entries]
    return [list(_ENTRIES), *rows]


def _reviewed(row: ReviewRow) -> list[Any]:
    entry, priced = row.entry, row.priced
    return [
        *(_date(entry.date), entry.project, entry.task, entry.person or "", entry.description),
        *(entry.kind.value, float(priced.quantity), entry.unit, float(priced.rate)),
        *(float(priced.hours), float(priced.amount), entry.currency),
        *(WORDS[row.decision] or "", entry.id),
    ]


def _worked(one: WipEntry) -> list[Any]:
    return [
        *(_date(one.date), one.project, one.task, one.person or "", one.description),
        *("", "", "", ""),
        *(float(one.hours), float(one.amount), one.currency, "", one.entry),
    ]


_ORDERS = (
    *("Frame order", "Customer", "Title", "Valid from", "Valid to", "Unit"),
    *("Total", "Billed", "Remaining", "Utilization", "State"),
)


@worksheet_table(customer=code("The customer's code; leave it out for all customers."))
def TIMIX_FRAME_ORDERS(look: Look, customer: str = "") -> list[list[Any]]:
    """Table of the frame orders of a customer, or of all, with what is left of each."""
    orders = look.at(look_up.frame_orders).values()
    own = [one for one in orders if customer in {"", one.customer}]
    if not own and customer and customer not in look.at(reading.customer_codes):
        raise Unanswered
    return [list(_ORDERS), *(_row(one, look.today) for one in own)]


def _row(order: FrameOrder, today: dt.date) -> list[Any]:
    figures = (order.total, order.billed, order.remaining, order.percent / 100)
    return [
        *(order.number, order.customer, order.title),
        *(_date(order.valid_from), _date(order.valid_to), order.unit),
        *map(float, figures),
        order.state_on(today).value.replace("_", " "),
    ]


def _unbilled(look: Look, customer: str, as_of: dt.date | None) -> Work:
    if as_of is None:
        return _there(look.made(look_up.unbilled_today), customer)
    return _known(look_up.unbilled_on(look, customer, as_of))


def _order(look: Look, number: str) -> FrameOrder:
    return _there(look.at(look_up.frame_orders), number)


def _document(look: Look, number: str) -> look_up.Stand:
    place = draft_place(number)
    name = draft_name(place) if place else number
    return _there(look.made(look_up.register).stands, name)


def _there(found: Mapping[str, T], name: str) -> T:
    """Return what has this name; raises Unanswered."""
    return _known(found.get(name))


def _known(found: T | None) -> T:
    if found is None:
        raise Unanswered
    return found


def _date(day: dt.date | None) -> dt.datetime | str:
    """Turn a day into what Excel takes for one."""
    return dt.datetime.combine(day, dt.time.min) if day else ""


FUNCTIONS: tuple[Declared, ...] = tuple(
    function.declared
    for function in (
        *(TIMIX_UNBILLED_HOURS, TIMIX_UNBILLED_AMOUNT),
        *(TIMIX_PO_TOTAL, TIMIX_PO_BILLED, TIMIX_PO_REMAINING, TIMIX_PO_UTILIZATION),
        *(TIMIX_BILL_RATE, TIMIX_INVOICE_TOTAL, TIMIX_INVOICE_STATUS, TIMIX_OUTSTANDING),
        *(TIMIX_WIP, TIMIX_CHECK, TIMIX_ENTRIES, TIMIX_FRAME_ORDERS),
    )
)
"""Every function of this module, in the order of the documentation."""
