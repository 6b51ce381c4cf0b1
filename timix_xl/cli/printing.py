"""What a person reads on the terminal: tables and sentences."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from timix_xl.billing.issue import Issued
from timix_xl.billing.load import Review
from timix_xl.billing.plan import Plan, amount_of, figures
from timix_xl.billing.register import Standing
from timix_xl.billing.verify import Verified
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import minor_digits, plain, total
from timix_xl.errors import Fault
from timix_xl.store.reading import RunFigures

_OUTCOMES = {
    Decision.BILL: "Billed",
    Decision.DEFER: "Deferred",
    Decision.WRITE_OFF: "Written off",
}


def table(title: str, *columns: str, numbers: Iterable[str] = ()) -> Table:
    """Make a table; the columns of numbers are right-aligned."""
    made = Table(title=title or None, title_justify="left", title_style="bold", box=None)
    right = set(numbers)
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", header_style="bold")
    return made


def add(made: Table, *cells: object) -> None:
    """Add a row of plain values; nothing in them is markup."""
    made.add_row(*(escape("" if cell is None else str(cell)) for cell in cells))


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with thousands separators."""
    return f"{amount:,.{minor_digits(currency)}f}"


def hours(number: Decimal) -> str:
    """Write hours with two decimals, or as many as they have."""
    places = max(2, -int(number.normalize().as_tuple().exponent))
    return f"{number:,.{places}f}"


def show_faults(console: Console, faults: Sequence[Fault]) -> None:
    """List faults, those that stop a run first."""
    for fault in sorted(faults, key=lambda one: not one.is_error):
        mark, style = ("! ", "bold red") if fault.is_error else ("- ", "yellow")
        console.print(f"{mark}{fault}", style=style, markup=False)


def show_customers(console: Console, rows: Sequence[Sequence[object]]) -> None:
    """Show what can be billed, by customer."""
    names = ("Customer", "Name", "Unbilled hours", "Unbilled amount", "Currency")
    more = ("Oldest", "Next billing date", "Due", "Open frame orders")
    made = table("", *names, *more, numbers=("Unbilled hours", "Unbilled amount"))
    for row in rows:
        add(made, *row)
    console.print(made)


def show_review(console: Console, review: Review) -> None:
    """Show a customer's unbilled entries, and what was left out and why."""
    code, currency = review.customer.code, review.currency
    names = ("Entry", "Date", "Project", "Task", "Person", "Qty", "Unit", "Rate", "Amount")
    title = f"{code}: unbilled up to {review.billing_date}"
    made = table(title, *names, "Decision", numbers=("Qty", "Rate", "Amount"))
    for row in review.rows:
        entry = row.entry
        where = (entry.id, entry.date, entry.project, entry.task, entry.person)
        price = (plain(row.priced.rate), money(row.priced.amount, currency))
        decision = row.decision.value.replace("_", " ") if row.decision else ""
        add(made, *where, plain(entry.billable_quantity), entry.unit, *price, decision)
    console.print(made)
    console.print(
        f"{len(review.rows)} entries, {hours(review.hours)} h,"
        f" {money(review.amount, currency)} {currency}"
    )
    if review.left_out:
        left = table("Left out, and why", "Entry", "Date", "Hours", "Why", numbers=("Hours",))
        for one in review.left_out:
            why = f"{one.wording} [{one.reason.code}]"
            add(left, one.entry.id, one.entry.date, hours(one.entry.hours), why)
        console.print(left)


def show_reviews(console: Console, reviews: Sequence[Review]) -> None:
    """Show the sum of what each customer can be billed."""
    names = ("Customer", "Entries", "Hours", "Amount", "Currency", "Left out")
    made = table("", *names, numbers=("Entries", "Hours", "Amount", "Left out"))
    for one in reviews:
        sums = (len(one.rows), hours(one.hours), money(one.amount, one.currency), one.currency)
        add(made, one.customer.code, *sums, len(one.left_out))
    console.print(made)


def show_plan(console: Console, plan: Plan) -> None:
    """Show what an issue would make."""
    for document in plan.documents:
        show_document(console, document, f"Preview, to be issued on {document.issue_date}")
    outcomes = {outcome: figures(rows) for outcome, rows in plan.outcomes.items()}
    _show_outcomes(console, outcomes, plan.rounding, plan.review.currency)
    show_faults(console, plan.faults)


def show_issued(console: Console, done: Issued, documents: Sequence[Document]) -> None:
    """Show what a run did."""
    for document in documents:
        text = f"{money(document.total, document.currency)} {document.currency}"
        console.print(
            f"Issued {document.number}: {text} for {document.customer},"
            f" {hours(document.hours)} h, due {document.due_date}",
            style="bold green",
            markup=False,
        )
        if draw := document.draw_down:
            before, after = amount_of(draw.before, draw.unit), amount_of(draw.after, draw.unit)
            console.print(f"  Frame order {draw.frame_order}: {before} left before, {after} now")
    if not documents:
        console.print("Committed without an invoice: nothing was set to Bill.")
    _show_outcomes(console, done.figures, done.rounding, done.currency)
    show_faults(console, done.warnings)


def _show_outcomes(
    console: Console,
    outcomes: Mapping[Decision, RunFigures],
    rounding: Decimal,
    currency: str,
) -> None:
    made = table("", "", "Entries", "Hours", f"Amount {currency}", numbers=("Entries", "Hours"))
    made.columns[3].justify = "right"
    loaded = total(one.amount for one in outcomes.values())
    count = sum(len(one.ids) for one in outcomes.values())
    add(
        made,
        "Loaded",
        count,
        hours(total(one.hours for one in outcomes.values())),
        money(loaded, currency),
    )
    add(made, "Rounding", "", "", money(rounding, currency))
    for outcome, one in outcomes.items():
        extra = rounding if outcome is Decision.BILL else Decimal(0)
        amount = money(one.amount + extra, currency)
        add(made, _OUTCOMES[outcome], len(one.ids), hours(one.hours), amount)
    console.print(made)


def show_document(console: Console, document: Document, title: str) -> None:
    """Show a document with its lines, its tax and its total."""
    currency = document.currency
    numbers = ("Qty", "Unit price", "Amount", "Tax %")
    names = ("Line", "Description", "Qty", "Unit", "Unit price", "Amount", "Tax %")
    heading = f"{title}: {document.buyer.name} ({document.customer})"
    made = table(heading, *names, numbers=numbers)
    for line in document.lines:
        price = (plain(line.unit_price), money(line.amount, currency), plain(line.tax_percent))
        add(made, line.line, line.description, plain(line.quantity), line.unit, *price)
    console.print(made)
    sums = table("", "", currency, numbers=(currency,))
    add(sums, "Subtotal", money(document.subtotal, currency))
    for tax in document.tax:
        label = f"Tax {tax.code} {plain(tax.percent)} % on {money(tax.base, currency)}"
        add(sums, label, money(tax.amount, currency))
    add(sums, "Total", money(document.total, currency))
    console.print(sums)
    if draw := document.draw_down:
        before, drawn = amount_of(draw.before, draw.unit), amount_of(draw.drawn, draw.unit)
        after = amount_of(draw.after, draw.unit)
        console.print(f"Frame order {draw.frame_order}: {before} - {drawn} = {after}")


def show_register(console: Console, standings: Sequence[Standing]) -> None:
    """Show the register, with the outstanding sum by currency."""
    names = ("Number", "Customer", "Issued", "Due", "Total", "Paid", "Outstanding", "Currency")
    made = table("", *names, "Status", "Overdue", numbers=("Total", "Paid", "Outstanding"))
    owed: dict[str, Decimal] = {}
    for one in standings:
        owed[one.currency] = owed.get(one.currency, Decimal(0)) + one.outstanding
        sums = [money(each, one.currency) for each in (one.total, one.paid, one.outstanding)]
        overdue = f"{one.overdue_days} days" if one.overdue_days else ""
        state = one.state.replace("_", " ")
        dates = (one.number, one.customer, one.issue_date, one.due_date)
        add(made, *dates, *sums, one.currency, state, overdue)
    console.print(made)
    for currency, amount in sorted(owed.items()):
        console.print(f"Outstanding: {money(amount, currency)} {currency}")


def show_orders(console: Console, orders: Sequence[FrameOrder], today: dt.date) -> None:
    """Show the utilization of frame orders."""
    names = ("Frame order", "Customer", "Title", "Valid from", "Valid to", "Unit", "Total")
    numbers = ("Total", "Billed", "Remaining", "Used %")
    made = table("", *names, "Billed", "Remaining", "Used %", "State", numbers=numbers)
    for one in orders:
        sums = [
            hours(each) if one.in_hours else money(each, one.unit)
            for each in (one.total, one.billed, one.remaining)
        ]
        who = (one.number, one.customer, one.title, one.valid_from, one.valid_to, one.unit)
        state = one.state_on(today).value.replace("_", " ")
        add(made, *who, *sums, f"{one.percent:.2f}", state)
    console.print(made)


def show_verified(console: Console, found: Verified) -> None:
    """Show what verify checked and found."""
    for problem in found.problems:
        text = f"! {problem.where}: {problem.message} [{problem.code}]"
        console.print(text, style="bold red", markup=False)
    counted = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in found.checked.items()
    )
    console.print(f"Checked {counted}.")
    if found.ok:
        console.print("Everything holds.", style="bold green")
    else:
        text = (
            f"{len(found.problems)} problems. Issue nothing more; restore a backup or ask for help."
        )
        console.print(text, style="bold red")
