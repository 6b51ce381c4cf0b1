"""Pro formas: a draft in negotiation with the customer, its states and what it bills."""

import datetime as dt
from dataclasses import dataclass, replace
from enum import StrEnum

from timix_xl.domain.invoices import Document, DocumentKind, Line, LineStatus


class ProFormaState(StrEnum):
    """Where a pro forma stands."""

    ON_HOLD = "on_hold"
    """It may be edited."""
    OPEN = "open"
    """It is with the customer."""
    CLOSED = "closed"
    """It has been released into an invoice."""


TRANSITIONS: dict[ProFormaState, frozenset[ProFormaState]] = {
    ProFormaState.ON_HOLD: frozenset({ProFormaState.OPEN}),
    ProFormaState.OPEN: frozenset({ProFormaState.ON_HOLD, ProFormaState.CLOSED}),
    ProFormaState.CLOSED: frozenset({ProFormaState.ON_HOLD}),
}
"""Closed goes back On Hold only when its invoice is voided, or the draft of it deleted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProForma:
    """A pro forma as it stands; `version` counts its changes.

    Its document is never issued itself: a release makes an invoice of it, `released_to`, which is
    named by its number, or as a draft. `put_back` says that an invoice made of it was taken back.
    """

    document_id: int
    number: str
    revision: int
    state: ProFormaState
    version: int
    put_back: bool
    project: str
    customer: str
    currency: str
    billing_date: dt.date
    run: int | None
    released_to: str | None
    document: Document


def as_pro_forma(document: Document) -> Document:
    """Turn what an engine run would invoice into a pro forma: what was billed is remembered."""
    claiming = {billed.line for billed in document.billed}
    return replace(
        document,
        kind=DocumentKind.PRO_FORMA,
        draw_down=None,
        lines=tuple(
            _as_billed(line) if line.line in claiming else replace(line, status=LineStatus.BILL)
            for line in document.lines
        ),
    )


def _as_billed(line: Line) -> Line:
    """Note on a line what the rule made of its entries; nothing is held back yet."""
    if line.billed_amount is not None:
        return line
    return replace(
        line, billed_quantity=line.quantity, billed_amount=line.amount, status=LineStatus.BILL
    )
