"""The demo's projects at the end: what they cost and brought, and the workbook up to date."""

from collections.abc import Sequence

from rich.table import Table

from timix_xl import macros
from timix_xl.billing.project_figures import project_figures
from timix_xl.cli import printing
from timix_xl.cli.demo import project_script as script
from timix_xl.cli.demo.month import Chapter, Month, Part
from timix_xl.domain.project_figures import Figures, ProjectFigures, summed

HEADS = ("Cost", "Invoiced", "Draft", "WIP", "Limit", "Margin")


def see_the_projects(month: Month) -> Chapter:
    """Show what the projects cost and brought, and bring the workbook up to date."""
    with month.workbook(script.CUSTOMER, script.MARCH) as (book, desk):
        macros.refresh_customers(book, desk)
        macros.refresh_invoices(book, desk)
        macros.refresh_pro_forma(book, desk)
    found = project_figures(month.store, customer=script.CUSTOMER)
    chosen = next(one for one in found if one.project == script.NEGOTIATED)
    parts: list[Part] = [
        _projects_table(found),
        "Draft: on drafts and open pro formas; WIP, at bill price, counts that too.",
        _parts_table(chosen),
    ]
    return Chapter(f"What the projects brought, on {script.MARCH.today}", parts)


def _projects_table(found: Sequence[ProjectFigures]) -> Table:
    made = printing.table("", "Project", *HEADS, "Currency", "Next billing", numbers=HEADS)
    for one in found:
        sums = _sums(one.figures, one.currency)
        printing.add(made, one.project, *sums, one.currency, one.next_billing_date)
    currency = found[0].currency
    whole = summed(one.figures for one in found)
    printing.add(made, "All", *_sums(whole, currency), currency, "")
    return made


def _parts_table(one: ProjectFigures) -> Table:
    title = f"{one.project} by task and account group"
    made = printing.table(title, "Task", "Account group", *HEADS, numbers=HEADS)
    for part in one.by:
        sums = _sums(part.figures, one.currency)
        printing.add(made, part.task, part.account_group or "by hand", *sums)
    return made


def _sums(figures: Figures, currency: str) -> list[str]:
    sums = (figures.cost, figures.invoiced, figures.draft, figures.wip, figures.limit)
    return [
        "" if amount is None else printing.money(amount, currency)
        for amount in (*sums, figures.margin)
    ]
