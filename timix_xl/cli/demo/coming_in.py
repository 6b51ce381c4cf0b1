"""The first steps of the demo: the month comes in, and each customer gets a workbook."""

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from rich.table import Table

from timix_xl import macros
from timix_xl.billing.load import Review, load_all
from timix_xl.billing.survey import survey
from timix_xl.cli import printing, reports
from timix_xl.cli.demo import script
from timix_xl.cli.demo.month import Chapter, Month, Part, given, workbook_name
from timix_xl.domain.entries import ApprovalStatus
from timix_xl.domain.money import ZERO, plain, plain_money
from timix_xl.importing.take_in import take_in
from timix_xl.settings import bundled
from timix_xl.workbook import billing_sheet
from timix_xl.workbook.cells import put


def take_in_the_month(month: Month) -> Chapter:
    """Import the books file and the entries."""
    sources = [bundled("demo/books.json"), bundled("demo/entries.csv")]
    report = take_in(month.store, sources, actor=script.MONDAY)
    made = printing.table("", "Entries that are", "Number", "Hours", numbers=("Number", "Hours"))
    for status, (count, hours) in _by_status(load_all(month.store, script.BILLING_DATE)).items():
        printing.add(made, status, count, printing.hours(hours))
    text = f"{report.taken} rows taken from {' and '.join(one.name for one in sources)}."
    facts = {"taken": report.taken, "known": report.known, "changed": report.changed}
    return Chapter("The month comes in", [text, made], {"import": facts})


def _by_status(reviews: Iterable[Review]) -> dict[str, tuple[int, Decimal]]:
    found = {status.value: (0, ZERO) for status in ApprovalStatus}
    for review in reviews:
        entries = [row.entry for row in review.rows] + [one.entry for one in review.left_out]
        for entry in entries:
            count, hours = found[entry.status.value]
            found[entry.status.value] = (count + 1, hours + entry.hours)
    return found


def see_what_can_be_billed(month: Month) -> Chapter:
    """Show the customers, and what was left out and why."""
    rows = survey(month.store, script.BILLING_DATE)
    reviews = load_all(month.store, script.BILLING_DATE)
    parts: list[Part] = [
        reports.customers_table(rows),
        "Left out, each with its reason:",
        _left_out_table(reviews),
    ]
    facts = {
        "unbilled": [
            {
                "customer": one.code,
                "hours": plain(one.hours),
                "amount": plain_money(one.amount, one.currency),
            }
            for one in rows
        ],
        "left_out": sorted({left.reason.code for one in reviews for left in one.left_out}),
    }
    return Chapter(f"What can be billed up to {script.BILLING_DATE}", parts, facts)


def _left_out_table(reviews: Iterable[Review]) -> Table:
    every = [(one.customer.code, left) for one in reviews for left in one.left_out]
    counted = Counter((left.wording, left.reason.code) for _, left in every)
    made = printing.table("", "Why", "Code", "Entries", "Customers", numbers=("Entries",))
    for (why, code), count in sorted(counted.items(), key=lambda each: each[0][1]):
        who = {name for name, left in every if left.wording == why}
        printing.add(made, why, code, count, ", ".join(sorted(who)))
    return made


def write_the_workbooks(month: Month) -> Chapter:
    """Make a billing workbook for each customer with work, and load its review."""
    names = ("Workbook", "Entries", "Hours", "Amount", "Currency", "Left out")
    made = printing.table("", *names, numbers=names[1:4] + names[5:])
    for customer in script.CUSTOMERS:
        month.path(customer).write_bytes(bundled("billing.xlsx").read_bytes())
        with month.workbook(customer, script.MONDAY) as (book, desk):
            billing_sheet.want(book, customer, script.BILLING_DATE)
            put(book, "timix_filter_customer", customer)
            macros.refresh_invoices(book, desk)
            review = given(macros.load_unbilled(book, desk))
        amount = printing.money(review.amount, review.currency)
        sums = (len(review.rows), printing.hours(review.hours), amount, review.currency)
        printing.add(made, workbook_name(customer), *sums, len(review.left_out))
    facts = {"workbooks": [str(month.path(customer)) for customer in script.CUSTOMERS]}
    return Chapter("A billing workbook for each customer", [made], facts)
