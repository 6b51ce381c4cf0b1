"""What the papers of a period come to, to tie the roll-forward to."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select, exists, func, select

from timix_xl.domain.invoices import DocumentKind, Status
from timix_xl.domain.money import ZERO, from_minor
from timix_xl.store import tables as t

Place: TypeAlias = tuple[str, str]
"""Customer and currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """One customer's papers of a period, net; credited is below zero, what it returned above."""

    invoiced: Decimal = ZERO
    credited: Decimal = ZERO
    returned: Decimal = ZERO
    rounding: Decimal = ZERO
    goodwill: Decimal = ZERO


def papers(connection: Connection, first: dt.date, last: dt.date) -> dict[Place, Papers]:
    """Add up the invoices and credit notes that are dated in a period; voided ones stay in."""
    found: dict[Place, Papers] = defaultdict(Papers)
    head = t.documents.c
    for row in connection.execute(_in_period(head.kind, func.sum(head.subtotal), first, last)):
        name = _NAMES[row.kind]
        _put(found, row, **{name: from_minor(row.amount, row.currency)})
    for row in connection.execute(_taken_back(first, last)):
        exact, amount = (from_minor(each, row.currency) for each in (row.exact, row.amount))
        _put(found, row, returned=-exact, rounding=exact - amount)
    for row in connection.execute(_goodwill(first, last)):
        _put(found, row, goodwill=-from_minor(row.amount, row.currency))
    return dict(found)


_NAMES = {DocumentKind.INVOICE: "invoiced", DocumentKind.CREDIT_NOTE: "credited"}


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
    share, kind = t.document_entries.c, t.documents.c.kind
    return (
        _in_period(kind, func.sum(share.amount), first, last)
        .add_columns(func.sum(share.exact_amount).label("exact"))
        .join(t.document_entries, share.document == t.documents.c.id)
        .where(kind == DocumentKind.CREDIT_NOTE)
    )


def _goodwill(first: dt.date, last: dt.date) -> Select[Any]:
    """Add up the lines of credit notes that take no entry back."""
    line, share, kind = t.document_lines.c, t.document_entries.c, t.documents.c.kind
    takes = exists().where(share.document == line.document, share.line == line.line)
    return (
        _in_period(kind, func.sum(line.amount), first, last)
        .join(t.document_lines, line.document == t.documents.c.id)
        .where(kind == DocumentKind.CREDIT_NOTE, ~takes)
    )
