"""The register: refreshing it, running its actions, and its PDFs."""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import xlwings as xw

from timix_xl.billing.load import customer_codes
from timix_xl.billing.register import Standing, register
from timix_xl.documents.export import export_pdf as write_pdf
from timix_xl.errors import Fault, TimixError, counted, some_of
from timix_xl.macros import questions
from timix_xl.macros.ballots import carry_out
from timix_xl.macros.desk import Desk
from timix_xl.macros.following import INVOICES_BUTTON, following
from timix_xl.macros.guard import macro
from timix_xl.macros.steps import Confirmed, Step, is_harmless, step_of
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    invoices_sheet,
)
from timix_xl.workbook.invoices_sheet import ActionBallot
from timix_xl.workbook.layout import CHECKS, INVOICES, INVOICES_SHEET
from timix_xl.workbook.refusals import ActionRefused, NoActionDone
from timix_xl.workbook.tables import TableRow, check_whole

NO_ACTION = f"No row of the sheet {INVOICES_SHEET} has an action."
NO_PDF = f"No PDF was written: the sheet {INVOICES_SHEET} lists no issued invoice."


@macro
def refresh_invoices(book: xw.Book, desk: Desk) -> None:
    """Show the register by the filters of the sheet; ballots that are not run yet stay."""
    kept = {row.text("Number"): row for row in invoices_sheet.ballot_rows(book)}
    listed = show_register(book, desk, kept)
    billing_sheet.say(book, f"{counted(listed, 'invoice')} listed.")


def show_register(book: xw.Book, desk: Desk, kept: dict[str, TableRow] | None = None) -> int:
    """Write the register by the filters of the sheet; returns how many documents it lists.

    `kept` holds rows whose ballots stay.
    """
    customer, status = invoices_sheet.filters(book, customer_codes(desk.store))
    standings = register(desk.store, today=desk.actor.today, customer=customer, status=status)
    invoices_sheet.show(book, standings, kept)
    return len(standings)


def check_register(book: xw.Book, desk: Desk) -> None:
    """Check what would stop the register from following a step, before it; raises what that does."""
    check_whole(book, (INVOICES, CHECKS))
    invoices_sheet.filters(book, customer_codes(desk.store))


@macro
def run_actions(book: xw.Book, desk: Desk) -> None:
    """Carry out the ballots of the Invoices sheet, each by itself; what fails stays, with why.

    Raises DoneButNotShown when something was carried out, but the sheets cannot show it.
    """
    check_register(book, desk)
    rows = invoices_sheet.ballot_rows(book)
    listed = {one.number: one for one in register(desk.store, today=desk.actor.today)}
    confirmed = _confirmed(book, desk, rows, listed)
    if confirmed is None:
        return
    found: list[Fault] = []
    failed: dict[str, TableRow] = {}
    done: list[str] = []
    for row in rows:
        try:
            ballot = _checked(row, listed)
            warnings = carry_out(desk, book, ballot, confirmed.get(row.number))
            done.append(f"{ballot.action.value} {ballot.number}")
            found += [_at_row(one, row) for one in warnings or ()]
        except TimixError as stopped:
            place = stopped.where or invoices_sheet.where(row)
            found.append(Fault(stopped.code, place, stopped.message, stopped.hint))
            found += [_at_row(one, row) for one in stopped.faults]
            failed[row.text("Number")] = row
    words = f"Carried out: {some_of(done)}" if done else ""
    with following(book, words, button=INVOICES_BUTTON, faults=found):
        show_register(book, desk, failed)
        checks_sheet.show(book, found)
    if failed and len(failed) == len(rows):
        none = "No action" if len(rows) == 1 else f"None of the {len(rows)} actions"
        raise NoActionDone(faults=found, none=none)
    if failed:
        raise ActionRefused(faults=found, count=len(failed), all=counted(len(rows), "action"))
    billing_sheet.say(book, f"{counted(len(rows), 'action')} carried out." if rows else NO_ACTION)


def _confirmed(
    book: xw.Book,
    desk: Desk,
    rows: Sequence[TableRow],
    listed: Mapping[str | None, Standing],
) -> dict[int, Confirmed] | None:
    """Ask about the steps that cannot be undone; returns what is agreed to, or None for a no."""
    if desk.ask is None:
        return {}
    seen = _looked_at(desk, rows, listed)
    steps = tuple(seen.steps.values())
    if steps and not desk.ask(questions.of_actions(steps, seen.harmless)):
        verb = "waits" if len(rows) == 1 else "wait"
        billing_sheet.say(book, f"Nothing was done; {counted(len(rows), 'action')} still {verb}.")
        return None
    alike = Counter(one.effect for one in steps)
    return {
        number: Confirmed(desk, ballot, step, may_be_later=bool(step and alike[step.effect] > 1))
        for number, ballot in seen.ballots.items()
        for step in [seen.steps.get(number)]
    }


@dataclass(frozen=True, slots=True)
class _Looked:
    """The ballots, the steps of those that are asked about, by row, and how many are harmless."""

    ballots: dict[int, ActionBallot]
    steps: dict[int, Step]
    harmless: int


def _looked_at(
    desk: Desk, rows: Sequence[TableRow], listed: Mapping[str | None, Standing]
) -> _Looked:
    ballots: dict[int, ActionBallot] = {}
    steps: dict[int, Step] = {}
    for row in rows:
        # What cannot be read is not carried out either: its row says so then.
        with suppress(TimixError):
            ballot = ballots[row.number] = _checked(row, listed)
            if step := step_of(desk, ballot, listed.get(ballot.number)):
                steps[row.number] = step
    return _Looked(ballots, steps, sum(is_harmless(one) for one in ballots.values()))


def _checked(row: TableRow, listed: Mapping[str | None, Standing]) -> ActionBallot:
    """Read a ballot whose row is the store's."""
    invoices_sheet.check_row(row, listed.get(row.text("Number")))
    return invoices_sheet.ballot(row)


def _at_row(fault: Fault, row: TableRow) -> Fault:
    return replace(fault, where=invoices_sheet.where(row), entry=None, column=None)


@macro
def export_pdf(book: xw.Book, desk: Desk) -> list[Path]:
    """Write the PDF of every invoice that the sheet lists, beside the workbook.

    Drafts have none yet, and those of the system before have none here.
    """
    listed = set(invoices_sheet.numbers(book))
    standings = register(desk.store, today=desk.actor.today)
    numbers = [
        one.number
        for one in standings
        if one.number in listed and one.number and one.stored and one.stored.seal
    ]
    written = [write_pdf(desk.store, number, desk.folder_for(book)) for number in numbers]
    checks_sheet.show(book, [fault for one in written for fault in one.warnings])
    folder = desk.folder_for(book)
    say = f"{counted(len(written), 'PDF')} written to {folder}." if written else NO_PDF
    billing_sheet.say(book, say)
    return [one.path for one in written]
