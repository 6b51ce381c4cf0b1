"""Steps of the register that are asked about: what each would do, as far as can be seen before."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from timix_xl.billing.draft import draft_as_issued, is_as_shown
from timix_xl.billing.put_back import source_of
from timix_xl.billing.register import Standing
from timix_xl.billing.write_off import all_outstanding
from timix_xl.domain.invoices import Document, DocumentKind, Status
from timix_xl.domain.money import rounded
from timix_xl.macros.desk import Desk
from timix_xl.workbook.invoices_sheet import ActionBallot
from timix_xl.workbook.words import ActionWord


@dataclass(frozen=True, slots=True)
class Effect:
    """What an action does, in words for one document and for several; {again}: to its entries."""

    action: ActionWord
    one: str
    many: str


ISSUED = Effect(
    ActionWord.ISSUE,
    "it becomes an invoice with a number, for good.",
    "they become invoices with numbers, for good, dated {dated} or later.",
)
NOTE_ISSUED = Effect(
    ActionWord.ISSUE,
    "it becomes a credit note with a number, for good.",
    "they become credit notes with numbers, for good, dated {dated} or later.",
)
VOID_UNSENT = Effect(
    ActionWord.VOID,
    "never sent: its number stays, {again}.",
    "never sent: their numbers stay, {again}.",
)
VOID_SENT = Effect(
    ActionWord.VOID,
    "it was sent: a credit note is issued, {again}.",
    "they were sent: a credit note is issued for each, {again}.",
)
VOID_REST = Effect(
    ActionWord.VOID,
    "a part is credited: a credit note is issued for the rest, {again}.",
    "a part of each is credited: a credit note is issued for each rest, {again}.",
)
CREDITED = Effect(
    ActionWord.CREDIT_AND_BILL_AGAIN,
    "a credit note is issued; its entries can be billed again.",
    "a credit note is issued for each; their entries can be billed again.",
)
CREDITED_AND_GIVEN_UP = Effect(
    ActionWord.CREDIT_AND_WRITE_OFF,
    "a credit note is issued; the work is given up.",
    "a credit note is issued for each; the work is given up.",
)
WRITTEN_OFF = Effect(
    ActionWord.WRITE_OFF,
    "you stop waiting for this money; timix-xl invoice reinstate takes it back.",
    "you stop waiting for this money; timix-xl invoice reinstate takes it back.",
)
DELETED = Effect(ActionWord.DELETE, "{again}.", "{again}.")
EFFECTS = (
    ISSUED,
    NOTE_ISSUED,
    VOID_UNSENT,
    VOID_SENT,
    VOID_REST,
    CREDITED,
    CREDITED_AND_GIVEN_UP,
    WRITTEN_OFF,
    DELETED,
)
"""In the order they are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that is asked about, and what it is about; an issue has its document."""

    there: Standing
    effect: Effect
    amount: Decimal
    from_pro_forma: bool = False
    """Its entries go back to the pro forma that it was made from."""
    document: Document | None = None

    @property
    def number(self) -> str:
        """Name what the step is about."""
        return self.there.number or ""

    @property
    def customer(self) -> str:
        """Return whose document it is."""
        return self.there.customer

    @property
    def currency(self) -> str:
        """Return the currency of the amount."""
        return self.there.currency

    @property
    def dated(self) -> dt.date | None:
        """Return the date that an issue prints."""
        return self.document.issue_date if self.document else None

    @property
    def due(self) -> dt.date | None:
        """Return when an issue falls due."""
        return self.document.due_date if self.document else None


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What a person agreed to about one ballot; without a step it was refused when it was asked."""

    desk: Desk
    ballot: ActionBallot
    step: Step | None
    may_be_later: bool = False
    """Others are issued before it, and the question says so."""

    def stands(self, now: Standing) -> bool:
        """Whether a document stands as it did; what was refused then must be refused still."""
        if self.step is None:
            return step_of(self.desk, self.ballot, now) is None
        return now == self.step.there

    def takes(self, now: Standing, amount: Decimal) -> bool:
        """Whether a document stands as it did, and this is the amount."""
        return self.stands(now) and (self.step is None or amount == self.step.amount)

    def prints(self, now: Document) -> bool:
        """Whether this is the document that was shown; nothing was shown of what was refused."""
        shown = self.step.document if self.step else None
        return shown is not None and is_as_shown(shown, now, may_be_later=self.may_be_later)


def step_of(desk: Desk, ballot: ActionBallot, there: Standing | None) -> Step | None:
    """Return what a ballot would do; none where nothing is asked, or what is asked is refused.

    What is left out here must be what its use case refuses: it is carried out without a question.
    """
    make = _MAKERS.get(ballot.action)
    is_ours = there is not None and there.stored is not None
    return make(desk, ballot, there) if make and there and is_ours else None


def is_harmless(ballot: ActionBallot) -> bool:
    """Whether a ballot is carried out without a question."""
    lacks = ballot.action in {ActionWord.PAY, ActionWord.REFUND} and ballot.amount is None
    return ballot.action not in _MAKERS and not lacks


def _void(desk: Desk, ballot: ActionBallot, there: Standing) -> Step | None:
    if not _takes_back(ballot, there) or there.paid != there.refunded:
        return None
    effect = VOID_REST if there.corrected_by else VOID_UNSENT
    effect = VOID_SENT if there.status is Status.SENT else effect
    amount = there.total - there.credited
    from_pro_forma = _is_from_pro_forma(desk, there)
    return Step(there=there, effect=effect, amount=amount, from_pro_forma=from_pro_forma)


def _credit(desk: Desk, ballot: ActionBallot, there: Standing) -> Step | None:
    if not _takes_back(ballot, there) or ballot.amount is not None:
        return None
    again = ballot.action is ActionWord.CREDIT_AND_BILL_AGAIN
    effect = CREDITED if again else CREDITED_AND_GIVEN_UP
    return Step(there=there, effect=effect, amount=there.total - there.credited)


def _takes_back(ballot: ActionBallot, there: Standing) -> bool:
    """Whether an invoice may be taken back at all: it stands, with a reason, as a whole."""
    stands = there.kind is DocumentKind.INVOICE and _is_issued(there)
    return bool(ballot.note.strip()) and stands and not there.written_off


def _is_issued(there: Standing) -> bool:
    return there.status in {Status.ISSUED, Status.SENT}


def _write_off(desk: Desk, ballot: ActionBallot, there: Standing) -> Step | None:
    amount = ballot.amount
    if amount is None:
        amount = all_outstanding(there, ballot.date or desk.actor.today)
    fits = 0 < amount <= there.outstanding and amount == rounded(amount, there.currency)
    if not ballot.note.strip() or not fits or not _is_issued(there):
        return None
    return Step(there=there, effect=WRITTEN_OFF, amount=amount)


def _issue(desk: Desk, ballot: ActionBallot, there: Standing) -> Step | None:
    if there.status is not Status.DRAFT:
        return None
    made, against = draft_as_issued(
        desk.store, ballot.number, actor=desk.actor, issue_date=ballot.date
    )
    if any(fault.is_error for fault in against):
        return None
    effect = NOTE_ISSUED if made.kind is DocumentKind.CREDIT_NOTE else ISSUED
    return Step(there=there, effect=effect, amount=made.total, document=made)


def _delete(desk: Desk, ballot: ActionBallot, there: Standing) -> Step | None:
    if there.status is not Status.DRAFT:
        return None
    from_pro_forma = _is_from_pro_forma(desk, there)
    return Step(there=there, effect=DELETED, amount=there.total, from_pro_forma=from_pro_forma)


def _is_from_pro_forma(desk: Desk, there: Standing) -> bool:
    with desk.store.reading() as connection:
        return bool(there.stored and source_of(connection, there.stored.id))


_MAKERS: dict[ActionWord, Callable[[Desk, ActionBallot, Standing], Step | None]] = {
    ActionWord.ISSUE: _issue,
    ActionWord.VOID: _void,
    ActionWord.CREDIT_AND_BILL_AGAIN: _credit,
    ActionWord.CREDIT_AND_WRITE_OFF: _credit,
    ActionWord.WRITE_OFF: _write_off,
    ActionWord.DELETE: _delete,
}
"""The actions of the register that are asked about."""
