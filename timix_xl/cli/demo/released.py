"""The demo's pro formas released, and the next month, in which what was held comes back."""

from timix_xl import macros
from timix_xl.billing.bill import bill
from timix_xl.billing.pro_forma import open_, pro_forma
from timix_xl.billing.release import release
from timix_xl.cli.demo import project_script as script
from timix_xl.cli.demo.afterwards import carry_out
from timix_xl.cli.demo.month import Chapter, Month, Part, given
from timix_xl.cli.demo.negotiation import type_lines
from timix_xl.cli.demo.project_runs import lines_table, made_by, runs_table
from timix_xl.cli.demo.script import Action
from timix_xl.documents.export import export_pdf
from timix_xl.domain.entries import Kind
from timix_xl.domain.money import worded
from timix_xl.domain.remainders import remainder_id, reversal_id
from timix_xl.workbook import pro_forma_sheet
from timix_xl.workbook.words import ActionWord


def release_them(month: Month) -> Chapter:
    """Release the pro formas: one in the workbook, one on the command line."""
    with month.workbook(script.CUSTOMER, script.TUESDAY) as (book, desk):
        draft = given(macros.release_pro_forma(book, desk)).document
    first = _issue(month, draft)
    open_(month.store, script.SUBCONTRACTED, actor=script.TUESDAY)
    done = release(month.store, script.SUBCONTRACTED, issue=True, actor=script.TUESDAY)
    made = [first, done.document]
    for number in made:
        export_pdf(month.store, number, month.invoices)
    documents = {one.number: one for one in month.documents(made)}
    parts: list[Part] = [
        f"{script.MAIN} becomes {draft} in the workbook, and {first} once it is issued there.",
        f"{script.SUBCONTRACTED}, accepted as it is, becomes {done.document} on the command line:",
        f"  timix-xl pro-forma open {script.SUBCONTRACTED}",
        f"  timix-xl pro-forma release {script.SUBCONTRACTED} --issue",
        lines_table(documents[first], f"The lines of {first}"),
        _kept_for_later(month, first),
    ]
    return Chapter("Released: pro formas become invoices", parts, {"issued": made})


def _issue(month: Month, draft: str) -> str:
    """Issue a draft by ballot; returns its number."""
    before = {one.number for one in month.standings()}
    carry_out(month, [Action(script.CUSTOMER, draft, ActionWord.ISSUE)], script.TUESDAY)
    (number,) = (str(one.number) for one in month.standings() if one.number not in before)
    return number


def _kept_for_later(month: Month, invoice: str) -> str:
    one = pro_forma(month.store, script.MAIN)
    (line,) = (line for line in one.document.lines if line.held)
    name = remainder_id(invoice, line.line)
    return f"What was held is an entry of its own now: {name}, {worded(line.held, one.currency)}."


def bill_what_was_held(month: Month) -> Chapter:
    """Bill the next month: what was held comes back at face value."""
    runs = bill(month.store, script.NEGOTIATED, actor=script.MARCH)
    made = made_by(month, runs)
    _leave_one_on_hold(month)
    open_(month.store, script.NEXT_MAIN, actor=script.MARCH)
    done = release(month.store, script.NEXT_MAIN, issue=True, actor=script.MARCH)
    for number in (script.NEXT_MAIN, done.document):
        export_pdf(month.store, number, month.invoices)
    (invoice,) = month.documents([done.document])
    (back,) = (line for line in invoice.lines if line.kind is Kind.REMAINDER)
    (remainder,) = back.entries
    amount = worded(back.amount, invoice.currency)
    parts: list[Part] = [
        runs_table(runs, made),
        lines_table(invoice, f"{script.NEXT_MAIN} is accepted as it is: {invoice.number}"),
        f"{remainder} is billed at its face value, {amount}, through no formula;",
        f"{reversal_id(remainder)} of {worded(-back.amount, invoice.currency)} stands against it.",
        f"{script.LEFT_ON_HOLD} is left on hold with a line lowered: open the workbook to go on.",
    ]
    facts = {"issued": [done.document], "remainder": remainder, "left_on_hold": script.LEFT_ON_HOLD}
    return Chapter("A month later: what was held comes back", parts, facts)


def _leave_one_on_hold(month: Month) -> None:
    with month.workbook(script.CUSTOMER, script.MARCH) as (book, desk):
        pro_forma_sheet.choose(book, script.LEFT_ON_HOLD)
        given(macros.refresh_pro_forma(book, desk))
        type_lines(book, script.TYPED_LATER)
        given(macros.save_pro_forma(book, desk))
