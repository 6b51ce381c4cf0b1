"""Correct: credit everything that is left of an invoice, and draft it anew, in one transaction."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from sqlalchemy import Connection

from timix_xl.billing import once
from timix_xl.billing.credit import credit_rest
from timix_xl.billing.find import found, printed
from timix_xl.billing.issue import committed
from timix_xl.billing.load import loaded
from timix_xl.billing.plan import NO_FRAME_ORDER, Plan, RunOptions
from timix_xl.billing.preview import planned
from timix_xl.billing.put_back import source_of
from timix_xl.domain import faults
from timix_xl.domain.grouping import GroupBy, grouping_of
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.errors import Fault, MadeFromProForma, refuse_run
from timix_xl.store.chained import Actor
from timix_xl.store.database import Store


@dataclass(frozen=True, slots=True)
class Corrected:
    """What a correction made: the credit note, and the drafts that replace the invoice."""

    note: Document
    drafts: tuple[str, ...]
    warnings: tuple[Fault, ...]


def correct(
    store: Store,
    number: str,
    reason: str,
    options: RunOptions,
    *,
    actor: Actor,
    group_by: GroupBy | None = None,
    request: str | None = None,
) -> Corrected:
    """Credit what is left of an invoice, and save a draft of the same entries, priced again.

    The draft draws on the invoice's frame order and bears its PO number, unless the options name
    an order; it keeps the invoice's terms, buyer reference, service period, notes and grouping,
    and is dated as the note at the earliest, unless they are given. Raises what `credit` raises,
    MadeFromProForma, and RunRefused or RunStale with every fault that stops the draft: then
    nothing is credited either.
    """
    chosen = [getattr(options, field.name) for field in fields(options)]
    asked = once.fingerprint(["correct", number, reason.strip(), group_by, *chosen])
    with store.writing() as connection:
        if first := once.done_before(connection, request, asked):
            return _result(connection, first)
        _refuse_pro_forma(connection, number)
        note = credit_rest(connection, number, Becomes.BILL, reason, actor)
        invoice = printed(connection, number)
        made = _planned(connection, invoice, note, _kept(options, invoice, group_by))
        refuse_run(f"Correcting {number}", made.faults)
        result = committed(connection, made, actor, as_drafts=True)
        whole = {**result, "note": note.number}
        once.remember(connection, request, "correct", asked, whole)
        return _result(connection, whole)


def _refuse_pro_forma(connection: Connection, number: str) -> None:
    """Refuse what was made from a pro forma: its lines were agreed there, not by the wizard."""
    source = source_of(connection, found(connection, number).id)
    if source:
        raise MadeFromProForma(number=number, pro_forma=source.number)


def _result(connection: Connection, result: Mapping[str, Any]) -> Corrected:
    return Corrected(
        note=printed(connection, result["note"]),
        drafts=tuple(result["numbers"]),
        warnings=tuple(Fault(**one) for one in result["warnings"]),
    )


def _kept(options: RunOptions, invoice: Document, group_by: GroupBy | None) -> RunOptions:
    """Keep what stood on the invoice and the store does not know, unless it is given anew."""
    draw, period = invoice.draw_down, invoice.period
    same_order, terms = options.frame_order is None, options.payment_terms_days
    reference = options.buyer_reference
    order = draw.frame_order if draw else NO_FRAME_ORDER
    return replace(
        options,
        frame_order=order if same_order else options.frame_order,
        po_number=invoice.po_number if same_order and not options.po_number else options.po_number,
        period_from=options.period_from or (period.first if period else None),
        period_to=options.period_to or (period.last if period else None),
        payment_terms_days=invoice.payment_terms_days if terms is None else terms,
        buyer_reference=invoice.buyer.buyer_reference if reference is None else reference,
        notes=options.notes or invoice.notes,
        group_by=group_by or grouping_of(invoice),
    )


def _planned(
    connection: Connection, invoice: Document, note: Document, options: RunOptions
) -> Plan:
    """Plan the same entries again; refuses it where one of them cannot be billed any more."""
    wanted = frozenset(one.entry for one in note.billed)
    customer, day = invoice.customer, invoice.billing_date
    refuse_run(f"Correcting {invoice.number}", _missing(connection, customer, day, wanted))
    made = planned(connection, customer, day, options, None, only=wanted, as_drafts=True)
    if options.issue_date is None and made.issue_date < note.issue_date:
        # Before the note the entries still stand on the old invoice, and on its frame order.
        options = replace(options, issue_date=note.issue_date)
        made = planned(connection, customer, day, options, None, only=wanted, as_drafts=True)
    replacing = f"Replaces {invoice.number}"
    return replace(
        made, documents=tuple(replace(one, description=replacing) for one in made.documents)
    )


def _missing(
    connection: Connection, customer: str, day: dt.date, wanted: frozenset[str]
) -> list[Fault]:
    review = loaded(connection, customer, day)
    there = {row.entry.id for row in review.rows}
    why = {left.entry.id: left.wording for left in review.left_out}
    return [
        faults.NOT_BILLED_AGAIN.at(entry=one, why=why.get(one, "it is not open"))
        for one in sorted(wanted - there)
    ]
