"""What the customers answered: a part of an entry is billed, another entry is credited."""

from dataclasses import replace

from rich.table import Table

from timix_xl import macros
from timix_xl.billing.credit import credit
from timix_xl.billing.issue import Issued
from timix_xl.billing.load import Review
from timix_xl.billing.register import Standing
from timix_xl.cli import printing, shapes
from timix_xl.cli.demo import script
from timix_xl.cli.demo.afterwards import carry_out
from timix_xl.cli.demo.month import Chapter, Month, Part, given, type_in
from timix_xl.cli.demo.runs import documents_table, issued_parts
from timix_xl.documents.export import export_pdf
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document
from timix_xl.domain.money import worded


def bill_a_part(month: Month) -> Chapter:
    """Bill a part of one entry as a draft, and issue the draft once the customer agrees."""
    review, done = _save_the_draft(month)
    told = issued_parts(month, done)
    (draft,) = done.numbers
    made = _issue_the_draft(month, draft)
    part, rest = (", ".join(done.figures[one].ids) for one in (Decision.BILL, Decision.DEFER))
    amount = worded(made.total, made.currency)
    agreed = f"{made.customer} agrees, so the draft is issued from the register: {made.number}"
    parts: list[Part] = [
        "What is typed into the cells:",
        _parts_table(review),
        f"{draft} holds {part} and has no number yet; the rest, {rest}, comes back next time:",
        *told,
        f"{agreed} of {made.issue_date}, {amount}, due {made.due_date}.",
    ]
    facts = {"draft": {"name": draft, "number": made.number}, "issued": [made.number]}
    return Chapter(f"{made.customer}: one entry billed in part, as a draft first", parts, facts)


def _save_the_draft(month: Month) -> tuple[Review, Issued]:
    run = script.IN_PART
    with month.workbook(run.customer, script.WEDNESDAY) as (book, desk):
        review = given(macros.load_unbilled(book, desk))
        type_in(book, run)
        return review, given(macros.save_draft(book, desk))


def _issue_the_draft(month: Month, draft: str) -> Standing:
    before = {one.number for one in month.standings()}
    carry_out(month, [replace(script.AGREED, number=draft)], script.FRIDAY)
    (made,) = (one for one in month.standings() if one.number not in before)
    export_pdf(month.store, str(made.number), month.invoices)
    return made


def _parts_table(review: Review) -> Table:
    numbers = ("Qty", "Bill qty")
    names = ("Entry", "Date", "Description", *numbers, "Unit", "Decision", "Rest", "Reason")
    made = printing.table("", *names, numbers=numbers)
    entries = {row.entry.id: row.entry for row in review.rows}
    for vote in script.IN_PART.votes:
        entry = entries[vote.entry]
        sums = (printing.quantity(entry.billable_quantity), vote.bill_quantity, entry.unit)
        words = (vote.decision.value, vote.rest.value, vote.reason)
        printing.add(made, entry.id, entry.date, entry.description, *sums, *words)
    return made


def credit_an_entry(month: Month) -> Chapter:
    """Credit one entry of an invoice that was sent and paid: a credit note stands against it."""
    chosen = script.CREDITED
    note = credit(
        month.store,
        chosen.number,
        entries=[chosen.entry],
        becomes=chosen.becomes,
        reason=chosen.reason,
        actor=script.FRIDAY,
    )
    export_pdf(month.store, note.number, month.invoices)
    standings = {one.number: one for one in month.standings()}
    invoice = standings[chosen.number]
    owed = worded(-invoice.outstanding, invoice.currency)
    then = chosen.becomes.value.replace("_", "-")
    command = f"invoice credit {chosen.number} --entries {chosen.entry} --then {then}"
    command += f' --reason "{chosen.reason}"'
    stands = f"{note.number} stands against {chosen.number}, which was paid in full"
    parts: list[Part] = [
        _credited_table(note),
        documents_table([note]),
        f"{stands}: {owed} is owed to {invoice.customer}.",
        "The sheet credits whole invoices; a single entry is credited on the command line:",
        f"  timix-xl {command}",
    ]
    facts = {"credit_note": shapes.document(note, standings[note.number])}
    return Chapter(f"{invoice.customer}: one entry credited", parts, facts)


def _credited_table(note: Document) -> Table:
    names = ("Entry", "Date", "Description", "Qty", "Unit", f"Amount {note.currency}")
    made = printing.table("Credited", *names, "Then", "Reason", numbers=(names[3], names[5]))
    then = script.CREDITED.becomes.value.replace("_", " ").capitalize()
    for one in note.billed:
        sums = (
            printing.quantity(one.quantity),
            one.unit,
            printing.money(one.amount, note.currency),
        )
        what = (one.entry, one.date, one.description)
        printing.add(made, *what, *sums, then, note.description)
    return made
