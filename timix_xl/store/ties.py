"""What the papers of a period come to, to tie the roll-forward to, and what is on no entry."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, case, exists, func, select, type_coerce

from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import ZERO, from_minor
from timix_xl.domain.wip import Work
from timix_xl.store import tables as t

Place: TypeAlias = tuple[str, str]
"""Customer and currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """One customer's papers of a period, net; credited is below zero, what it returned above.

    `released` is of the credit notes that correct no invoice: they bill, as negative pro formas.
    `left_out` is what invoices had held or written off of what notes returned, less what they had
    raised.
    """

    invoiced: Decimal = ZERO
    released: Decimal = ZERO
    credited: Decimal = ZERO
    returned: Decimal = ZERO
    left_out: Decimal = ZERO
    rounding: Decimal = ZERO
    goodwill: Decimal = ZERO


def papers(connection: Connection, first: dt.date, last: dt.date) -> dict[Place, Papers]:
    """Add up the invoices and credit notes that are dated in a period; voided ones stay in."""
    found: dict[Place, Papers] = defaultdict(Papers)
    head = t.documents.c
    corrects = head.corrects.is_not(None).label("corrects")
    subtotals = _in_period(head.kind, func.sum(head.subtotal), first, last)
    for row in connection.execute(subtotals.add_columns(corrects).group_by(corrects)):
        name = _NAMES[row.kind] if row.kind is DocumentKind.INVOICE or row.corrects else "released"
        _put(found, row, **{name: from_minor(row.amount, row.currency)})
    for row in connection.execute(_taken_back(first, last)):
        exact, amount, left_out = (
            from_minor(each, row.currency) for each in (row.exact, row.amount, row.left_out)
        )
        rounding = exact - amount - left_out
        _put(found, row, returned=-exact, left_out=left_out, rounding=rounding)
    for row in connection.execute(_goodwill(first, last)):
        _put(found, row, goodwill=-from_minor(row.amount, row.currency))
    return dict(found)


_NAMES = {DocumentKind.INVOICE: "invoiced", DocumentKind.CREDIT_NOTE: "credited"}


def added(connection: Connection, first: dt.date, last: dt.date) -> dict[Place, Work]:
    """Add up the lines without an entry on the papers of a period that bill: made by hand."""
    line, share, head = t.document_lines.c, t.document_entries.c, t.documents.c
    has_entries = exists().where(share.document == line.document, share.line == line.line)
    hours = case((line.kind == Kind.TIME, line.quantity), else_=0)
    query = (
        _in_period(head.kind, func.sum(line.amount), first, last)
        .add_columns(type_coerce(func.sum(hours), t.QUANTITY).label("hours"))
        .join(t.document_lines, line.document == head.id)
        .where(head.corrects.is_(None), ~has_entries)
    )
    found: dict[Place, Work] = defaultdict(Work)
    for row in connection.execute(query):
        found[row.customer, row.currency] += Work(row.hours, from_minor(row.amount, row.currency))
    return dict(found)


def _put(found: dict[Place, Papers], row: Any, **amounts: Decimal) -> None:
    found[row.customer, row.currency] = replace(found[row.customer, row.currency], **amounts)


def _in_period(kind: Any, amount: Any, first: dt.date, last: dt.date) -> Select[Any]:
    head = t.documents.c
    return (
        select(head.customer, head.currency, kind, amount.label("amount"))
        .where(head.kind.in_(list(_NAMES)), head.status != Status.DRAFT)
        .where(head.issue_date.between(first, last))
        .group_by(head.customer, head.currency, kind)
    )


def _taken_back(first: dt.date, last: dt.date) -> Select[Any]:
    share, head = t.document_entries.c, t.documents.c
    names = ("held", "written_off", "raised")
    held, written_off, raised = (func.coalesce(func.sum(share[name]), 0) for name in names)
    return (
        _in_period(head.kind, func.sum(share.amount), first, last)
        .add_columns(func.sum(share.exact_amount).label("exact"))
        .add_columns((held + written_off - raised).label("left_out"))
        .join(t.document_entries, share.document == head.id)
        .where(head.kind == DocumentKind.CREDIT_NOTE, head.corrects.is_not(None))
    )


def _goodwill(first: dt.date, last: dt.date) -> Select[Any]:
    """Add up the lines of credit notes that take no entry back."""
    line, share, head = t.document_lines.c, t.document_entries.c, t.documents.c
    takes = exists().where(share.document == line.document, share.line == line.line)
    return (
        _in_period(head.kind, func.sum(line.amount), first, last)
        .join(t.document_lines, line.document == head.id)
        .where(head.kind == DocumentKind.CREDIT_NOTE, head.corrects.is_not(None), ~takes)
    )
