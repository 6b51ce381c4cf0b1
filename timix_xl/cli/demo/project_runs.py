"""The steps of the demo that bill projects by their rules: one that is behind, then all due."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.table import Table

from timix_xl.billing.bill import ProjectRun, all_due, bill, bill_all, preview_all
from timix_xl.billing.due import Filters
from timix_xl.billing.pro_forma import pro_formas
from timix_xl.cli import printing
from timix_xl.cli.demo import project_script as script
from timix_xl.cli.demo.month import Chapter, Month, Part
from timix_xl.documents.export import export_pdf
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import total
from timix_xl.importing.take_in import take_in
from timix_xl.settings import bundled


def catch_up(month: Month) -> Chapter:
    """Bill a project that is several periods behind: an invoice for each."""
    runs = bill(month.store, script.BEHIND, issue=True, actor=script.MONDAY)
    made = made_by(month, runs)
    for one in made.values():
        export_pdf(month.store, str(one.number), month.invoices)
    last = list(made.values())[-1]
    parts: list[Part] = [
        "One command bills every billing date that has come, oldest first:",
        f"  timix-xl bill {script.BEHIND} --issue",
        runs_table(runs, made),
        lines_table(last, f"The lines of {last.number}"),
        "Hours of one person at one rate share a line; two rates never do.",
        f"January is closed, so all of them are dated {last.issue_date}, like the last invoice.",
    ]
    facts = {"issued": list(made)}
    return Chapter(f"{script.BEHIND}: {len(runs)} months behind", parts, facts)


def bill_what_is_due(month: Month) -> Chapter:
    """Look at a mass run first, settle what stops it, then bill everything that is due."""
    due = all_due(month.store, Filters(customer=script.CUSTOMER), script.UP_TO, issue=True)
    today = script.MONDAY.today
    looked_at = list(preview_all(month.store, due, issue=True, today=today))
    take_in(month.store, [bundled(script.RATES)], actor=script.MONDAY)
    runs = list(bill_all(month.store, due, issue=True, actor=script.MONDAY))
    made = made_by(month, runs)
    issued = [number for number in made if number in script.INVOICES]
    for number in (*issued, script.SUBCONTRACTED):
        export_pdf(month.store, number, month.invoices)
    command = f"bill --all --customer {script.CUSTOMER} --date {script.UP_TO} --issue"
    parts: list[Part] = [
        "Looked at first; nothing is written:",
        f"  timix-xl {command} --dry-run",
        _preview_table(looked_at),
        *_faults(looked_at),
        "Nothing is billed at 0 because a rate is missing: step 10 says so (no_rate error).",
        "The rate that was agreed is imported, and everything is billed:",
        f"  timix-xl import {Path(script.RATES).name}",
        f"  timix-xl {command}",
        runs_table(runs, made),
        "Pro formas have numbers of their own and are no invoices: they may change until released.",
    ]
    facts = {"failed_first": _failed(looked_at), "failed": _failed(runs), "issued": issued}
    return Chapter("Everything that is due: looked at, then billed", parts, facts)


def _failed(runs: Iterable[ProjectRun]) -> list[str]:
    return [one.project for one in runs if one.outcome.value == "failed"]


def _preview_table(runs: Sequence[ProjectRun]) -> Table:
    names = ("Project", "Up to", "Outcome", "Documents", "Hours", "Net", "Currency")
    made = printing.table("", *names, numbers=names[3:6])
    for one in runs:
        documents = one.plan.documents if one.plan else ()
        outcome = "would fail" if one.outcome.value == "failed" else "would be done"
        printing.add(made, one.project, one.billing_date, outcome, *_sums(documents, one.currency))
    return made


def _sums(documents: Sequence[Document], currency: str) -> tuple[object, ...]:
    worked = printing.hours(total(one.hours for one in documents))
    net = printing.money(total(one.subtotal for one in documents), currency)
    return (len(documents), worked, net, currency)


def _faults(runs: Iterable[ProjectRun]) -> list[str]:
    found = [fault for one in runs if one.plan for fault in one.plan.faults]
    return printing.fault_lines(found)


def made_by(month: Month, runs: Iterable[ProjectRun]) -> dict[str, Document]:
    """Read back what runs made, by number, in their order."""
    issued = [one.issued for one in runs if one.issued]
    found = {str(one.number): one for run in issued for one in month.made(run)}
    found |= {one.number: one.document for one in pro_formas(month.store)}
    return {number: found[number] for run in issued for number in run.numbers}


def runs_table(runs: Iterable[ProjectRun], made: dict[str, Document]) -> Table:
    """Lay out what runs made."""
    names = ("Project", "Up to", "Number", "Dated", "Lines", "Hours", "Net", "Total", "Currency")
    table = printing.table("", *names, "Due", numbers=names[4:8])
    for one in runs:
        for number in one.issued.numbers if one.issued else ():
            document = made[number]
            sums = (document.subtotal, document.total)
            money = [printing.money(amount, document.currency) for amount in sums]
            what = (len(document.printed_lines), printing.hours(document.hours), *money)
            head = (one.project, one.billing_date, number, document.issue_date)
            printing.add(table, *head, *what, document.currency, document.due_date)
    return table


def lines_table(document: Document, title: str) -> Table:
    """Lay out the lines of a document as they are printed."""
    numbers = ("Line", "Step", "Qty", "Unit price", f"Amount {document.currency}")
    names = ("Line", "Step", "Description", "Qty", "Unit", *numbers[3:], "Entry ids")
    made = printing.table(title, *names, numbers=numbers)
    for one in document.printed_lines:
        price = printing.rate(one.unit_price)
        sums = (printing.quantity(one.quantity), one.unit, price) if one.quantity else ("", "", "")
        amount = printing.money(one.amount, document.currency)
        head = (one.line, one.step, one.description)
        printing.add(made, *head, *sums, amount, ", ".join(one.entries))
    net = printing.money(document.subtotal, document.currency)
    printing.add(made, "", "", "Net", "", "", "", net, "")
    return made
