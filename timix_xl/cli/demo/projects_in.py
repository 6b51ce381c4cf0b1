"""The demo's customer whose projects are billed by rules: it comes in, its rules are shown."""

from rich.table import Table

from timix_xl.cli import printing
from timix_xl.cli.demo import project_script as script
from timix_xl.cli.demo.month import Chapter, Month, Part
from timix_xl.domain.billing_rules import BillingRule, Step
from timix_xl.domain.books import Books
from timix_xl.domain.periods import next_billing_date
from timix_xl.domain.projects import Project
from timix_xl.domain.rate_tables import RateTable
from timix_xl.importing.take_in import take_in
from timix_xl.settings import bundled
from timix_xl.store import reading


def take_in_the_projects(month: Month) -> Chapter:
    """Import a customer whose projects are billed by rules, and show the rules."""
    sources = [bundled(name) for name in script.SOURCES]
    report = take_in(month.store, sources, actor=script.MONDAY)
    with month.store.reading() as connection:
        books = reading.books(connection, script.CUSTOMER)
    taken = f"{report.taken} rows taken from {' and '.join(one.name for one in sources)}."
    parts: list[Part] = [
        taken,
        _projects_table(books),
        *(_steps_table(rule) for rule in books.billing_rules.values()),
        *(_rates_table(table) for table in books.rate_tables.values()),
    ]
    facts = {"projects": [one.code for one in _own(books)]}
    return Chapter(f"{script.CUSTOMER}: projects that are billed by rules", parts, facts)


def _own(books: Books) -> list[Project]:
    found = [one for one in books.projects.values() if one.customer == script.CUSTOMER]
    return sorted(found, key=lambda one: one.code)


def _projects_table(books: Books) -> Table:
    names = ("Project", "Name", "Billed by", "Billed", "Billed up to", "Next billing date")
    made = printing.table("", *names, "Makes")
    for one in _own(books):
        day = next_billing_date(one.billing_period, one.start_date, one.last_billing_date)
        period = one.billing_period.value.replace("_", " ")
        makes = "pro formas" if one.pro_forma else "invoices"
        rule = f"rule {one.billing_rule}, rates {one.rate_table}"
        printing.add(made, one.code, one.name, rule, period, one.last_billing_date, day, makes)
    return made


def _steps_table(rule: BillingRule) -> Table:
    names = ("Step", "Account group", "Description", "Amount", "One line for each", "Invoice")
    made = printing.table(f"Billing rule {rule.code}: {rule.name}", *names, numbers=("Step",))
    for one in rule.steps:
        what = (one.step, one.account_group, one.description, one.amount)
        printing.add(made, *what, _shared(one), one.invoice_group or "main")
    return made


def _shared(step: Step) -> str:
    return ", ".join(sorted(step.aggregate_by)) or "entry"


def _rates_table(table: RateTable) -> Table:
    names = ("Sequence", "Project", "Task", "Employee", "From", "To", "Rate")
    title = f"Rate table {table.code}, rate type {table.rate_type}: the first sequence that matches"
    made = printing.table(title, *names, numbers=("Sequence", "Rate"))
    for one in table.rates:
        where = (one.project, one.task, one.employee, one.since, one.until)
        printing.add(made, one.seq, *where, printing.rate(one.rate))
    return made
