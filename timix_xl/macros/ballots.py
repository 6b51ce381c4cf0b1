"""What the ballots of the Invoices sheet ask for, each carried out by its use case."""

import functools
from collections.abc import Callable, Sequence

import xlwings as xw

from timix_xl.billing.credit import credit, stays_written_off
from timix_xl.billing.draft import delete_draft, issue_draft
from timix_xl.billing.pay import pay
from timix_xl.billing.refund import refund
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.write_off import write_off_receivable
from timix_xl.documents.export import export_pdf as write_pdf
from timix_xl.domain.invoices import Becomes
from timix_xl.errors import Fault
from timix_xl.macros.desk import Desk
from timix_xl.macros.naming import request_of
from timix_xl.macros.steps import Confirmed
from timix_xl.workbook import invoices_sheet
from timix_xl.workbook.invoices_sheet import ActionBallot
from timix_xl.workbook.refusals import CellEmpty, CreditTakesAll
from timix_xl.workbook.words import ActionWord


def carry_out(
    desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None = None
) -> Sequence[Fault] | None:
    """Carry out one ballot; returns what a person should know all the same.

    Raises NotAsConfirmed where the store does not stand any more as a person confirmed it.
    """
    return ACTIONS[ballot.action](desk, book, ballot, confirmed)


def _send(desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None) -> None:
    send(desk.store, ballot.number, actor=desk.actor)


def _move(
    book_money: Callable[..., None],
    desk: Desk,
    book: xw.Book,
    ballot: ActionBallot,
    confirmed: Confirmed | None,
) -> None:
    if ballot.amount is None:
        raise CellEmpty(where=ballot.place, what="Action amount", example="120.50")
    book_money(
        desk.store,
        ballot.number,
        ballot.amount,
        ballot.date,
        actor=desk.actor,
        reference=ballot.note,
        request=_request(book, ballot),
    )


def _write_off(
    desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None
) -> None:
    write_off_receivable(
        desk.store,
        ballot.number,
        ballot.note,
        amount=ballot.amount,
        date=ballot.date,
        actor=desk.actor,
        request=_request(book, ballot),
        agreed=confirmed.takes if confirmed else None,
    )


def _request(book: xw.Book, ballot: ActionBallot) -> str:
    """Name an action by its register: one that was not refreshed since is carried out once."""
    asked = (ballot.number, ballot.action, ballot.amount, ballot.date, ballot.note)
    return request_of(invoices_sheet.request(book), *asked)


def _void(desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None) -> None:
    void(
        desk.store,
        ballot.number,
        ballot.note,
        actor=desk.actor,
        request=_request(book, ballot),
        agreed=confirmed.stands if confirmed else None,
    )


def _credit(
    becomes: Becomes,
    desk: Desk,
    book: xw.Book,
    ballot: ActionBallot,
    confirmed: Confirmed | None,
) -> Sequence[Fault]:
    if ballot.amount is not None:
        raise CreditTakesAll(where=ballot.place, number=ballot.number)
    note = credit(
        desk.store,
        ballot.number,
        becomes=becomes,
        reason=ballot.note,
        actor=desk.actor,
        request=_request(book, ballot),
        agreed=confirmed.stands if confirmed else None,
    )
    return stays_written_off(note, becomes)


def _issue_draft(
    desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None
) -> Sequence[Fault]:
    made = issue_draft(
        desk.store,
        ballot.number,
        actor=desk.actor,
        issue_date=ballot.date,
        request=_request(book, ballot),
        agreed=confirmed.prints if confirmed else None,
    )
    return made.warnings


def _delete_draft(
    desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None
) -> None:
    delete_draft(
        desk.store,
        ballot.number,
        actor=desk.actor,
        request=_request(book, ballot),
        agreed=confirmed.stands if confirmed else None,
    )


def _pdf(desk: Desk, book: xw.Book, ballot: ActionBallot, confirmed: Confirmed | None) -> None:
    write_pdf(desk.store, ballot.number, desk.folder_for(book))


Action = Callable[[Desk, xw.Book, ActionBallot, Confirmed | None], Sequence[Fault] | None]
ACTIONS: dict[ActionWord, Action] = {
    ActionWord.SEND: _send,
    ActionWord.PAY: functools.partial(_move, pay),
    ActionWord.VOID: _void,
    ActionWord.REFUND: functools.partial(_move, refund),
    ActionWord.WRITE_OFF: _write_off,
    ActionWord.CREDIT_AND_BILL_AGAIN: functools.partial(_credit, Becomes.BILL),
    ActionWord.CREDIT_AND_WRITE_OFF: functools.partial(_credit, Becomes.WRITE_OFF),
    ActionWord.PDF: _pdf,
    ActionWord.ISSUE: _issue_draft,
    ActionWord.DELETE: _delete_draft,
}
