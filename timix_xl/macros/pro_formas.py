"""Pro formas: loading, saving, opening, holding and releasing one."""

import operator
from contextlib import suppress
from functools import partial

import xlwings as xw

from timix_xl.billing.load import identity
from timix_xl.billing.plan import NO_FRAME_ORDER
from timix_xl.billing.pro_forma import Opened, as_read, hold, open_, pro_forma
from timix_xl.billing.pro_forma_edit import edit, edited_before
from timix_xl.billing.release import Proposal, Released, proposal, release
from timix_xl.domain import faults
from timix_xl.domain.invoices import draft_place
from timix_xl.domain.money import total, worded
from timix_xl.domain.pro_formas import ProForma
from timix_xl.errors import (
    ProFormaMovedOn,
    RunRefused,
    TimixError,
    counted,
    refuse_run,
)
from timix_xl.macros import questions
from timix_xl.macros.desk import Desk
from timix_xl.macros.following import BOTH_BUTTONS, PRO_FORMA_BUTTON, following
from timix_xl.macros.guard import macro
from timix_xl.macros.naming import request_of
from timix_xl.macros.projects import show_pro_forma, show_projects
from timix_xl.macros.register import check_register, show_register
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    invoices_sheet,
    pro_forma_sheet,
    projects_sheet,
)
from timix_xl.workbook.layout import CHECKS
from timix_xl.workbook.pro_forma_edits import SheetEdits, changed_since, read_edits
from timix_xl.workbook.pro_forma_layout import PRO_FORMA, PRO_FORMA_SHEET
from timix_xl.workbook.pro_forma_sheet import LoadedProForma
from timix_xl.workbook.projects_layout import PROJECTS
from timix_xl.workbook.refusals import LineEditsUnsaved
from timix_xl.workbook.tables import check_whole
from timix_xl.workbook.words import NO_FRAME_ORDER as NO_FRAME_ORDER_WORDS

NOT_RELEASED = "Nothing was released."


@macro
def refresh_pro_forma(book: xw.Book, desk: Desk) -> ProForma | None:
    """Load the chosen pro forma, or the only one there is; and the figures of every project."""
    billing_sheet.check_for_projects(book)
    number, before = pro_forma_sheet.chosen(book), pro_forma_sheet.loaded(book)
    typed = pro_forma_sheet.unsaved(pro_forma_sheet.rows(book))
    if typed and before and number != before.number:
        step = f"loading {number or 'another pro forma'} loses them"
        raise _unsaved(before.number, typed, step)
    pending = show_projects(book, desk)
    checks_sheet.show(book, ())
    if not number and len(pending) == 1:
        number = pending[0].number
    if not number:
        pro_forma_sheet.clear(book)
        several = f"Choose one of {counted(len(pending), 'pro forma')} on the sheet Pro forma."
        billing_sheet.say(book, several if pending else "There is no pro forma to show.")
        return None
    one = show_pro_forma(book, desk, number)
    dropped = f" What was typed into {counted(typed, 'row')} is not kept." if typed else ""
    billing_sheet.say(book, f"Loaded {_pro_forma_words(one)}.{dropped}")
    return one


def _unsaved(number: str, typed: int, step: str) -> LineEditsUnsaved:
    count = counted(typed, "edited row")
    return LineEditsUnsaved(where=PRO_FORMA_SHEET, count=count, number=number, step=step)


def _pro_forma_words(one: ProForma) -> str:
    revision = f", revision {one.revision}" if one.revision > 1 else ""
    amount = worded(one.document.subtotal, one.currency)
    count = counted(len(one.document.lines), "line")
    state = projects_sheet.state_word(one.state)
    return f"{one.number}{revision} of {one.project}, {state}: {count}, {amount} to invoice"


@macro
def save_pro_forma(book: xw.Book, desk: Desk) -> ProForma:
    """Save what is typed into the lines, all of it or nothing, and show the pro forma anew."""
    there = _at_hand(book, desk)
    read = pro_forma_sheet.rows(book)
    request = request_of(there.request, "save", *pro_forma_sheet.said(read))
    if saved := edited_before(desk.store, request):
        _show_after(book, desk, there.number, f"Saved {there.number}")
        checks_sheet.show(book, ())
        billing_sheet.say(book, f"Saved {_pro_forma_words(saved)}.")
        return saved
    try:
        one = as_read(desk.store, there.number, there.version)
    except ProFormaMovedOn as stopped:
        stopped.faults = changed_since(read, pro_forma(desk.store, there.number))
        pro_forma_sheet.mark(book, read, stopped.faults)
        raise
    typed = read_edits(read, one)
    try:
        refuse_run(f"Saving {there.number}", typed.faults)
        saved = _save(desk, there, typed, request) if typed.edits or typed.added else one
    except RunRefused as stopped:
        stopped.faults = typed.placed(stopped.faults)
        pro_forma_sheet.mark(book, read, stopped.faults)
        raise
    _show_after(book, desk, there.number, f"Saved {there.number}")
    checks_sheet.show(book, ())
    billing_sheet.say(book, _saved_words(typed, saved))
    return saved


def _save(desk: Desk, there: LoadedProForma, typed: SheetEdits, request: str) -> ProForma:
    return edit(
        desk.store,
        there.number,
        typed.edits,
        added=typed.added,
        version=there.version,
        actor=desk.actor,
        request=request,
    )


def _saved_words(typed: SheetEdits, saved: ProForma) -> str:
    deleted = sum(one.delete for one in typed.edits)
    edited = counted(len(typed.edits) - deleted, "line")
    if not typed.edits and not typed.added:
        return f"Nothing was changed in {saved.number}."
    done = f"{edited} edited, {len(typed.added)} added, {deleted} deleted"
    held = total(line.held for line in saved.document.lines)
    left = f", {worded(held, saved.currency)} held" if held else ""
    return f"Saved {_pro_forma_words(saved)}{left} ({done})."


def _show_after(book: xw.Book, desk: Desk, number: str, done: str) -> ProForma:
    """Show a pro forma after a step of it, and what that makes of the projects."""
    with following(book, done, button=PRO_FORMA_BUTTON):
        show_projects(book, desk)
        return show_pro_forma(book, desk, number)


def _at_hand(book: xw.Book, desk: Desk) -> LoadedProForma:
    """Return which pro forma the sheet holds; refuses that of another store."""
    billing_sheet.check_for_projects(book)
    check_whole(book, (PROJECTS, PRO_FORMA, CHECKS))
    there = pro_forma_sheet.current(book)
    if there.store_id != identity(desk.store):
        refuse_run(f"Using {there.number}", [faults.OTHER_STORE.at(PRO_FORMA_SHEET)])
    return there


def _settled(book: xw.Book, desk: Desk, step: str) -> LoadedProForma:
    """Return which pro forma the sheet holds; refuses edits that would be passed over."""
    there = _at_hand(book, desk)
    typed = pro_forma_sheet.unsaved(pro_forma_sheet.rows(book))
    if typed:
        raise _unsaved(there.number, typed, f"it cannot be {step} without them")
    return there


@macro
def open_pro_forma(book: xw.Book, desk: Desk) -> Opened:
    """Open the pro forma on hold: it goes to the customer, and is not edited any more."""
    there = _settled(book, desk, "opened")
    request = request_of(there.request, "open")
    done = open_(desk.store, there.number, actor=desk.actor, version=there.version, request=request)
    _show_after(book, desk, there.number, f"Opened {there.number}")
    checks_sheet.show(book, done.warnings)
    billing_sheet.say(book, f"Opened {there.number}: it can be released now.")
    return done


@macro
def hold_pro_forma(book: xw.Book, desk: Desk) -> ProForma:
    """Put the open pro forma back on hold, where it may be edited."""
    there = _settled(book, desk, "put on hold")
    request = request_of(there.request, "hold")
    held = hold(desk.store, there.number, actor=desk.actor, version=there.version, request=request)
    _show_after(book, desk, there.number, f"Put {there.number} on hold")
    checks_sheet.show(book, ())
    billing_sheet.say(book, f"Put {there.number} on hold: it can be edited.")
    return held


@macro
def release_pro_forma(book: xw.Book, desk: Desk) -> Released | None:
    """Make a draft invoice of the open pro forma; a revision is issued at once, if confirmed."""
    there = _settled(book, desk, "released")
    check_register(book, desk)
    order = pro_forma_sheet.frame_order(book)
    if order and order.lower() == NO_FRAME_ORDER_WORDS.lower():
        order = NO_FRAME_ORDER
    agreed = None
    if desk.ask and _is_revision(desk, there):
        seen = _proposed(desk, there, order)
        if seen and not desk.ask(questions.of_release(there.number, seen)):
            billing_sheet.say(book, NOT_RELEASED)
            return None
        agreed = partial(operator.eq, seen)
    done = release(
        desk.store,
        there.number,
        frame_order=order,
        version=there.version,
        actor=desk.actor,
        request=request_of(there.request, "release", order),
        agreed=agreed,
    )
    _show_released(book, desk, there, done, order)
    return done


def _is_revision(desk: Desk, there: LoadedProForma) -> bool:
    return pro_forma(desk.store, there.number).revision > 1


def _proposed(desk: Desk, there: LoadedProForma, order: str | None) -> Proposal | None:
    """Return what is to be confirmed; none where a release refuses, or was carried out before."""
    with suppress(TimixError):
        return proposal(
            desk.store,
            there.number,
            frame_order=order,
            version=there.version,
            actor=desk.actor,
        )
    return None


def _show_released(
    book: xw.Book, desk: Desk, there: LoadedProForma, done: Released, order: str | None
) -> None:
    kept = {row.text("Number"): row for row in invoices_sheet.ballot_rows(book)}
    says = f"Released {there.number} into {done.document or 'a draft that was deleted since'}"
    says += f", drawing on {order}" if order else ""
    with following(book, says, button=BOTH_BUTTONS):
        show_projects(book, desk)
        show_pro_forma(book, desk, there.number)
        show_register(book, desk, kept)
        checks_sheet.show(book, done.warnings)
    is_draft = draft_place(done.document) is not None
    note = f", issued with {done.note}, which credits the invoice before" if done.note else ""
    todo = ": issue it on the sheet Invoices" if is_draft else note
    billing_sheet.say(book, f"{says}{todo}.")
