"""What a command shows to a person: customers, entries, documents, the register, orders."""

import datetime as dt
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from rich.console import Console
from rich.table import Table

from timix_xl.billing.ballots import saved_as
from timix_xl.billing.ballots import worded as worded_decision
from timix_xl.billing.issue import Issued
from timix_xl.billing.load import Review
from timix_xl.billing.plan import Plan, amount_of, figures
from timix_xl.billing.record import Problem
from timix_xl.billing.register import Standing
from timix_xl.billing.survey import CustomerRow
from timix_xl.billing.verify import Verified
from timix_xl.cli.printing import (
    add,
    fault_lines,
    hours,
    in_unit,
    lay,
    money,
    of,
    quantity,
    rate,
    say,
    show,
    table,
)
from timix_xl.domain.entries import Decision
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Document, DocumentKind
from timix_xl.domain.money import plain, total, worded
from timix_xl.domain.pricing import LeftOut
from timix_xl.store.chained import Note
from timix_xl.store.reading import RunFigures

_OUTCOMES = {
    Decision.BILL: "Billed",
    Decision.DEFER: "Deferred",
    Decision.WRITE_OFF: "Written off",
}


def customers_table(rows: Sequence[CustomerRow]) -> Table:
    """Lay out what can be billed, by customer."""
    numbers = ("Unbilled hours", "Unbilled amount", "Open frame orders")
    names = ("Customer", "Name", *numbers[:2], "Currency", "Oldest", "Next billing date", "Due")
    made = table("", *names, numbers[2], numbers=numbers)
    for row in rows:
        sums = (hours(row.hours), money(row.amount, row.currency), row.currency)
        dates = (row.oldest, row.next_billing_date, "yes" if row.due else "no")
        add(made, row.code, row.name, *sums, *dates, row.open_orders)
    return made


def show_review(console: Console, review: Review) -> None:
    """Show a customer's unbilled entries, and what was left out and why."""
    code, currency = review.customer.code, review.currency
    lay(console, _rows_table(review, f"{code}: unbilled up to {review.billing_date}"))
    say(
        console,
        f"{of(len(review.rows), 'entry')}, {hours(review.hours)} h,"
        f" {money(review.amount, currency)} {currency}",
    )
    if review.left_out:
        say(console, "")
        lay(console, _left_out_table(review.left_out))


def _rows_table(review: Review, title: str) -> Table:
    numbers = ("Qty", "Rate", f"Amount {review.currency}")
    names = ("Entry", "Date", "Project", "Task", "Person", "Description", "Qty", "Unit")
    made = table(title, *names, *numbers[1:], "Decision", "Reason", numbers=numbers)
    for row in review.rows:
        entry = row.entry
        what = (entry.id, entry.date, entry.project, entry.task, entry.person, entry.description)
        price = (rate(row.priced.rate), money(row.priced.amount, review.currency))
        decision = worded_decision(saved_as(row.saved)).lower() if row.decision else ""
        why = row.saved.reason if row.saved else ""
        add(made, *what, quantity(row.priced.quantity), entry.unit, *price, decision, why)
    return made


def _left_out_table(left_out: Sequence[LeftOut]) -> Table:
    names = ("Entry", "Date", "Project", "Task", "Person", "Description", "Qty", "Unit")
    made = table("Left out, and why", *names, "Why", "Code", numbers=("Qty",))
    for one in left_out:
        entry = one.entry
        what = (entry.id, entry.date, entry.project, entry.task, entry.person, entry.description)
        sums = (quantity(entry.billable_quantity), entry.unit)
        add(made, *what, *sums, one.wording, one.reason.code)
    return made


def show_reviews(console: Console, reviews: Sequence[Review]) -> None:
    """Show the sum of what each customer can be billed."""
    numbers = ("Entries", "Hours", "Amount", "Left out")
    made = table("", "Customer", "Name", *numbers[:3], "Currency", "Left out", numbers=numbers)
    for one in reviews:
        sums = (len(one.rows), hours(one.hours), money(one.amount, one.currency), one.currency)
        add(made, one.customer.code, one.customer.name, *sums, len(one.left_out))
    lay(console, made)


def show_plan(console: Console, plan: Plan) -> None:
    """Show what an issue would make, what it defers and writes off, and every fault."""
    for document in plan.documents:
        is_pro_forma = document.kind is DocumentKind.PRO_FORMA
        what = "pro forma of" if is_pro_forma else "to be issued on"
        show_document(console, document, f"Preview, {what} {document.issue_date}")
    outcomes = {outcome: figures(rows) for outcome, rows in plan.outcomes.items()}
    loaded = figures(plan.review.rows)
    lay(console, _outcomes_table(loaded, outcomes, plan.rounding, plan.review.currency))
    show(console, fault_lines(plan.faults))


def show_issued(console: Console, done: Issued, documents: Sequence[Document]) -> None:
    """Show what a run did."""
    verb, now = ("Saved", "after its issue") if done.are_drafts else ("Issued", "now")
    for document in documents:
        text = f"{money(document.total, document.currency)} {document.currency}"
        place = f" ({document.buyer.location})" if document.buyer.location else ""
        say(
            console,
            f"{verb} {document.number}: {text} for {document.customer}{place},"
            f" {hours(document.hours)} h, due {document.due_date}",
            "bold green",
        )
        if draw := document.draw_down:
            before, after = amount_of(draw.before, draw.unit), amount_of(draw.after, draw.unit)
            say(console, f"  Frame order {draw.frame_order}: {before} left before, {after} {now}")
    if not documents:
        say(console, "Committed without an invoice: nothing was set to Bill.")
    lay(console, _outcomes_table(done.loaded, done.figures, done.rounding, done.currency))
    show(console, fault_lines(done.warnings))


def _outcomes_table(
    loaded: RunFigures,
    outcomes: Mapping[Decision, RunFigures],
    rounding: Decimal,
    currency: str,
) -> Table:
    numbers = ("Entries", "Hours", f"Amount {currency}")
    made = table("", "", *numbers, numbers=numbers)
    amount = money(loaded.amount, currency)
    add(made, "Loaded", len(loaded.ids), hours(loaded.hours), amount)
    add(made, "Rounding", "", "", money(rounding, currency))
    left = total(one.amount for outcome, one in outcomes.items() if outcome is not Decision.BILL)
    for outcome, one in outcomes.items():
        billed = loaded.amount + rounding - left
        amount = money(billed if outcome is Decision.BILL else one.amount, currency)
        add(made, _OUTCOMES[outcome], len(one.ids), hours(one.hours), amount)
    return made


def show_document(console: Console, document: Document, title: str) -> None:
    """Show a document with its lines, its tax and its total."""
    place = f", {document.buyer.location}" if document.buyer.location else ""
    heading = f"{title}: {document.buyer.name} ({document.customer}){place}"
    lay(console, _lines_table(document, heading))
    if settled := [entry for line in document.lines if not line.printed for entry in line.entries]:
        say(console, f"Not printed, and settled with it: {', '.join(settled)}")
    if document.corrects:
        day = document.corrects_date
        say(console, f"Corrects {document.corrects} of {day}: {document.description}")
    elif document.description:
        say(console, document.description)
    say(console, _paper(document))
    for tax in document.tax:
        if tax.note:
            say(console, f"{tax.code}: {tax.note}")
    if draw := document.draw_down:
        before, after = amount_of(draw.before, draw.unit), amount_of(draw.after, draw.unit)
        moved = amount_of(abs(draw.drawn), draw.unit)
        moved += " drawn" if draw.drawn >= 0 else " given back"
        say(console, f"Frame order {draw.frame_order}: {before} left, {moved}, {after} now")
    say(console, "")


def _paper(document: Document) -> str:
    """Tell what else stands on the paper."""
    period = document.period
    facts = {
        "Dated": document.issue_date,
        "due": document.due_date,
        "service period": f"{period.first} to {period.last}" if period else "",
        "PO number": document.po_number,
        "buyer reference": document.buyer.buyer_reference,
        "notes": document.notes,
    }
    return "; ".join(f"{name} {fact}" for name, fact in facts.items() if fact) + "."


def _lines_table(document: Document, heading: str) -> Table:
    currency = document.currency
    numbers = ("Line", "Qty", "Unit price", f"Amount {currency}", "Tax %")
    names = ("Line", "Project", "Description", "Qty", "Unit")
    made = table(heading, *names, *numbers[2:], "Entry ids", numbers=numbers)
    for line in document.printed_lines:
        # A line without a quantity is an amount, or information: it has no price.
        number = (quantity(line.quantity), line.unit, rate(line.unit_price))
        sums = (money(line.amount, currency), plain(line.tax_percent))
        what = (line.line, line.project, line.description)
        shown = number if line.quantity else ("", "", "")
        add(made, *what, *shown, *sums, ", ".join(line.entries))
    made.add_section()
    _add_sum(made, "Subtotal", money(document.subtotal, currency))
    for tax in document.tax:
        text = f"Tax {tax.code} on {money(tax.base, currency)}"
        _add_sum(made, text, money(tax.amount, currency), plain(tax.percent))
    _add_sum(made, "Total", money(document.total, currency))
    return made


def _add_sum(made: Table, text: str, amount: str, percent: str = "") -> None:
    add(made, "", "", text, "", "", "", amount, percent, "")


def show_register(console: Console, standings: Sequence[Standing]) -> None:
    """Show the register, with the outstanding sum by currency."""
    show(console, [register_table(standings), *owed(standings)])


def register_table(standings: Sequence[Standing]) -> Table:
    """Lay out documents with what has become of them."""
    # What happens seldom has its columns only where it happened.
    seldom = [
        (title, name)
        for title, name in _SELDOM.items()
        if any(getattr(one, name) for one in standings)
    ]
    numbers = ("Total", "Paid", *(title for title, _ in seldom), "Outstanding")
    names = ("Number", "Customer", "Issued", "Due", *numbers, "Currency", "Status", "Overdue")
    corrects = ("Corrects",) if any(one.corrects for one in standings) else ()
    made = table("", *names, *corrects, numbers=(*numbers, "Overdue"))
    for one in standings:
        amounts = (one.total, one.paid, *(getattr(one, name) for _, name in seldom))
        sums = [money(each, one.currency) for each in (*amounts, one.outstanding)]
        overdue = of(one.overdue_days, "day") if one.overdue_days else ""
        state = one.state.replace("_", " ")
        dates = (one.number, one.customer, one.issue_date, one.due_date)
        pointer = (one.corrects,) if corrects else ()
        add(made, *dates, *sums, one.currency, state, overdue, *pointer)
    return made


_SELDOM = {"Refunded": "refunded", "Credited": "credited", "Written off": "written_off"}


def owed(standings: Sequence[Standing]) -> list[str]:
    """Word what is outstanding, by currency; what is owed to customers stands apart."""
    currencies = sorted({one.currency for one in standings})
    lines = []
    for currency in currencies:
        amounts = [one.outstanding for one in standings if one.currency == currency]
        lines.append(
            f"Outstanding: {worded(total(each for each in amounts if each > 0), currency)}"
        )
        if back := total(-each for each in amounts if each < 0):
            lines.append(f"Owed to customers: {worded(back, currency)}")
    return lines


def orders_table(orders: Sequence[FrameOrder], day: dt.date) -> Table:
    """Lay out the utilization of frame orders."""
    numbers = ("Total", "Billed", "Remaining", "Used %")
    names = ("Frame order", "Customer", "Title", "Valid from", "Valid to", "Unit")
    made = table("", *names, *numbers, "State", numbers=numbers)
    for one in orders:
        sums = [in_unit(each, one.unit) for each in (one.total, one.billed, one.remaining)]
        who = (one.number, one.customer, one.title, one.valid_from, one.valid_to, one.unit)
        state = one.state_on(day).value.replace("_", " ")
        add(made, *who, *sums, f"{one.percent:.2f}", state)
    return made


def log_table(notes: Sequence[Note]) -> Table:
    """Lay out the audit log."""
    made = table("", "When", "Who", "What", "On", "Before", "After")
    for note in notes:
        before, after = (_in_words(text) for text in (note.before, note.after))
        add(made, note.at.replace("T", " "), note.by, note.action, note.object, before, after)
    return made


def _in_words(text: str) -> str:
    """Write the JSON of the log without its brackets and quotes."""
    value = json.loads(text) if text else ""
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_joined(each)}" for name, each in value.items())
    return "" if value is None else str(value)


def _joined(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


_CHECKED = {
    "document_lines": "document lines",
    "audit_log": "notes in the audit log",
    "draw_downs": "draw-downs",
    "frame_orders": "frame orders",
}


MOST_OF_A_CODE = 50
"""How many problems of one code a person is shown; scripts get them all."""


def _problem_lines(problems: Sequence[Problem]) -> Iterator[str]:
    """Word the first problems of each code, and count the others."""
    times: Counter[str] = Counter()
    for one in problems:
        times[one.code] += 1
        if times[one.code] <= MOST_OF_A_CODE:
            yield f"! {one.where}: {one.message} [{one.code}]"
    for code, count in times.items():
        if count > MOST_OF_A_CODE:
            yield f"! And {count - MOST_OF_A_CODE:,} more of the same kind (see --json) [{code}]"


OTHER_STORE = "VERIFY-47"
"""The code of a seal that is of another store, which says nothing about this one."""


def _next_step(problems: Sequence[Problem]) -> str:
    if all(one.code == OTHER_STORE for one in problems):
        return "The store itself holds: give a seal of this store, or --store with the one sealed."
    return "Issue nothing more; restore a backup or ask for help."


def verified_lines(found: Verified) -> list[str]:
    """Word what verify checked and found."""
    problems = list(_problem_lines(found.problems))
    counted = [f"{count:,} {_CHECKED.get(name, name)}" for name, count in found.checked.items()]
    if found.ok:
        last = "Everything holds."
    else:
        count = of(len(found.problems), "problem")
        last = f"! {count}. {_next_step(found.problems)}"
    return [*problems, f"Checked {', '.join(counted)}.", last]
