"""What a person reads of a period: roll-forward, WIP, ageing, burn, unbilled work as of a day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from rich.console import Console
from rich.table import Table

from timix_xl.billing.ageing import Aged
from timix_xl.billing.roll_forward import MonthRolled, Tie
from timix_xl.billing.wip import AgedWip
from timix_xl.cli.printing import add, hours, in_unit, lay, money, of, say, show, table
from timix_xl.domain.ages import RECEIVABLE_AGES, WIP_AGES
from timix_xl.domain.burn import Burn
from timix_xl.domain.money import quantized, total, worded
from timix_xl.domain.periods import month_of
from timix_xl.domain.wip import OUT, Flow, WipEntry, Work

MONTH_DAYS = 30
"""The pace is told for so many days: per day it is a small number."""
HOURS_SHOWN = 2
_ALWAYS = {Flow.OPENING, Flow.APPROVED, Flow.BILLED, Flow.CLOSING}


class _InCurrency(Protocol):
    @property
    def currency(self) -> str: ...


T = TypeVar("T", bound=_InCurrency)


def _by_currency(ones: Iterable[T]) -> list[tuple[str, list[T]]]:
    grouped: dict[str, list[T]] = {}
    for one in ones:
        grouped.setdefault(one.currency, []).append(one)
    return sorted(grouped.items())


def show_roll_forward(console: Console, rolled: MonthRolled) -> None:
    """Show a month's roll-forward by customer, in hours and money, and how it ties."""
    if not rolled.lines:
        say(console, f"No work in {rolled.month}.")
        return
    lay(console, _roll_forward_table(rolled))
    show(console, [line for _, ties in _by_currency(rolled.ties) for line in _tied(rolled, ties)])


def _roll_forward_table(rolled: MonthRolled) -> Table:
    """Lay out a row of hours and one of money for each customer; empty columns are left out."""
    used = {flow for line in rolled.lines for flow in line.flows}
    shown = [flow for flow in Flow if flow in used | _ALWAYS]
    heads = [_heading(flow) for flow in shown]
    made = table(f"WIP roll-forward {rolled.month}", "Customer", "In", *heads, numbers=heads)
    for line in rolled.lines:
        _add_line(made, line.customer, line.currency, [line[flow] for flow in shown])
    for currency, lines in _by_currency(rolled.lines):
        if len(lines) > 1:
            sums = [_sum(line[flow] for line in lines) for flow in shown]
            _add_line(made, f"All in {currency}", currency, sums)
    return made


def _heading(flow: Flow) -> str:
    words = flow.value.replace("_", " ")
    return f"-{words}" if flow in OUT else words.capitalize()


def _sum(works: Iterable[Work]) -> Work:
    return sum(works, Work())


def _add_line(made: Table, name: str, currency: str, works: Sequence[Work]) -> None:
    add(made, name, "h", *(hours(work.hours) for work in works))
    add(made, "", currency, *(money(work.amount, currency) for work in works))


def _tied(rolled: MonthRolled, ties: Sequence[Tie]) -> Iterator[str]:
    """Word how billed and returned tie to the register, in one currency."""
    currency = ties[0].currency

    def summed(name: str) -> str:
        return worded(total(getattr(tie, name) for tie in ties), currency)

    released = any(tie.released for tie in ties)
    notes = f", and {summed('released')} on credit notes that correct none" if released else ""
    yield (
        f"Billed {summed('billed')} = net of the invoices of {rolled.month} in the register,"
        f" {summed('invoiced')}{notes}."
    )
    if any(tie.credited for tie in ties):
        left_out = any(tie.left_out for tie in ties)
        more = f", left out of its invoices {summed('left_out')}," if left_out else ","
        yield (
            f"Credit notes {summed('credited')} net = work returned {summed('returned')}{more}"
            f" rounding {summed('rounding')}, goodwill {summed('goodwill')}."
        )


def show_wip(console: Console, customers: Sequence[AgedWip], day: dt.date) -> None:
    """Show WIP by customer and age."""
    ages = [age.name for age in WIP_AGES]
    numbers = ("Hours", "Amount", *ages)
    names = ("Customer", "Name", "Hours", "Amount", "Currency", *ages, "Oldest")
    made = table(f"WIP at the end of {day}", *names, numbers=numbers)
    for one in customers:
        buckets = [money(work.amount, one.currency) for work in one.buckets]
        sums = (hours(one.hours), money(one.amount, one.currency), one.currency)
        add(made, one.customer, one.name, *sums, *buckets, one.oldest)
    lay(console, made)
    for currency, some in _by_currency(customers):
        all_hours, amount = total(one.hours for one in some), total(one.amount for one in some)
        say(console, f"WIP: {hours(all_hours)} h, {worded(amount, currency)}")


def show_wip_entries(console: Console, entries: Sequence[WipEntry], day: dt.date) -> None:
    """Show one customer's WIP by entry."""
    names = ("Entry", "Date", "Days", "Project", "Task", "Person", "Description", "Hours", "Amount")
    made = table(f"WIP by entry at the end of {day}", *names, "On", numbers=("Days", *names[-2:]))
    for one in entries:
        what = (one.entry, one.date, (day - one.date).days, one.project, one.task, one.person)
        sums = (hours(one.hours), money(one.amount, one.currency))
        add(made, *what, one.description, *sums, one.on)
    lay(console, made)
    for currency, some in _by_currency(entries):
        all_hours, amount = total(one.hours for one in some), total(one.amount for one in some)
        count = of(len(some), "entry")
        say(console, f"{count}, {hours(all_hours)} h, {worded(amount, currency)}")


def show_unbilled(
    console: Console, found: Sequence[tuple[str, str, tuple[WipEntry, ...]]], day: dt.date
) -> None:
    """Show the sum of what each customer had unbilled."""
    numbers = ("Entries", "Hours", "Amount")
    made = table(f"Unbilled at the end of {day}", "Customer", *numbers, "Currency", numbers=numbers)
    for code, currency, entries in found:
        amount = money(total(one.amount for one in entries), currency)
        add(made, code, len(entries), hours(total(one.hours for one in entries)), amount, currency)
    lay(console, made)


def show_ageing(console: Console, customers: Sequence[Aged], day: dt.date) -> None:
    """Show what customers owe by age; what is owed to them stands in a column of its own."""
    ages = [age.name for age in RECEIVABLE_AGES]
    numbers = (*ages, "Credit", "Total")
    made = table(
        f"Receivables at the end of {day}, by days past due",
        *("Customer", "Name", "Currency", *numbers),
        numbers=numbers,
    )
    for one in customers:
        _add_aged(made, one.customer, one.name, [one])
    for currency, some in _by_currency(customers):
        if len(some) > 1:
            _add_aged(made, f"All in {currency}", "", some)
    lay(console, made)
    for currency, some in _by_currency(customers):
        say(console, f"Outstanding: {worded(total(one.total for one in some), currency)}")


def _add_aged(made: Table, code: str, name: str, some: Sequence[Aged]) -> None:
    currency = some[0].currency
    columns = zip(*(one.buckets for one in some), strict=True)
    sums = [
        *map(total, columns),
        total(one.credit for one in some),
        total(one.total for one in some),
    ]
    add(made, code, name, currency, *(money(each, currency) for each in sums))


def show_documents(console: Console, customers: Sequence[Aged], day: dt.date) -> None:
    """Show the documents behind what customers owe; days are below zero until they are due."""
    numbers = ("Days past due", "Total", "Outstanding")
    names = ("Number", "Customer", "Issued", "Due", *numbers, "Currency")
    made = table("", *names, numbers=numbers)
    for one in (each for customer in customers for each in customer.documents):
        sums = (money(one.total, one.currency), money(one.outstanding, one.currency))
        dates = (one.issue_date, one.due_date, (day - one.due_date).days)
        add(made, one.number, one.customer, *dates, *sums, one.currency)
    lay(console, made)


def show_burn(console: Console, orders: Sequence[Burn], day: dt.date) -> None:
    """Show the pace of frame orders, and when they run out at it."""
    numbers = ("Total", "Remaining", "Per 30 days")
    names = ("Frame order", "Customer", "Unit", *numbers, "Valid to", "Runs out")
    made = table(f"Frame orders at the end of {day}", *names, numbers=numbers)
    for one in orders:
        order = one.order
        sums = [in_unit(each, order.unit) for each in (order.total, order.remaining)]
        pace = in_unit(_in_a_month(one), order.unit)
        add(made, order.number, order.customer, order.unit, *sums, pace, order.valid_to, _end(one))
    lay(console, made)


def _in_a_month(one: Burn) -> Decimal:
    return quantized(one.per_day * MONTH_DAYS, HOURS_SHOWN)


def _end(one: Burn) -> str:
    if one.order.remaining <= 0:
        return "nothing is left"
    if one.runs_out is None:
        return "not drawn on lately"
    return "lasts beyond its validity" if one.lasts else one.runs_out.isoformat()


def show_months(console: Console, orders: Sequence[Burn]) -> None:
    """Show what was drawn by month, and what was left after it."""
    numbers = ("Drawn", "Remaining")
    made = table("Draws by month", "Frame order", "Month", "Unit", *numbers, numbers=numbers)
    for one in orders:
        for month in one.months:
            unit = one.order.unit
            sums = (in_unit(month.drawn, unit), in_unit(month.remaining, unit))
            add(made, one.order.number, month_of(month.first), unit, *sums)
    if made.row_count:
        lay(console, made)
