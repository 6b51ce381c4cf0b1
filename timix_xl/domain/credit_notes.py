"""Credit notes: what is left of an invoice, and the document that takes some of it back."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from typing import TypeAlias

from timix_xl.domain.entries import Kind
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import (
    Becomes,
    BilledEntry,
    Document,
    DocumentKind,
    DrawDown,
    Line,
    TaxLine,
)
from timix_xl.domain.money import RATE_PLACES, ZERO, allocate, quantized, rounded, total
from timix_xl.domain.periods import ServicePeriod, service_period

TaxKey: TypeAlias = tuple[str, Decimal]
"""A tax code with its percent."""
Lines: TypeAlias = tuple[tuple[Line, ...], tuple[BilledEntry, ...]]
"""Lines of a note, and the entries on them."""


@dataclass(frozen=True, slots=True)
class Left:
    """What earlier credit notes left of an invoice; money in its currency.

    `amounts` is net money by line; `entries` are those that no note took, as billed; `bases` and
    `taxes` are what notes credited so far, below zero.
    """

    invoice: Document
    amounts: Mapping[int, Decimal]
    entries: Mapping[str, BilledEntry]
    bases: Mapping[TaxKey, Decimal]
    taxes: Mapping[TaxKey, Decimal]
    total: Decimal

    @property
    def bare_lines(self) -> frozenset[int]:
        """The lines without an entry of which something is left."""
        lines = self.invoice.lines
        return frozenset(one.line for one in lines if not one.entries and self.amounts[one.line])


def left_of(invoice: Document, notes: Sequence[Document]) -> Left:
    """Work out what is left of an invoice after the notes that correct it."""
    amounts = {line.line: line.amount for line in invoice.lines}
    bases: dict[TaxKey, Decimal] = {}
    taxes: dict[TaxKey, Decimal] = {}
    for line in chain.from_iterable(note.lines for note in notes):
        assert line.of_line is not None, "a line of a note names its line of the invoice"
        amounts[line.of_line] += line.amount
    for tax in chain.from_iterable(note.tax for note in notes):
        key = (tax.code, tax.percent)
        bases[key] = bases.get(key, ZERO) + tax.base
        taxes[key] = taxes.get(key, ZERO) + tax.amount
    gone = {billed.entry for note in notes for billed in note.billed}
    return Left(
        invoice=invoice,
        amounts=amounts,
        entries={one.entry: one for one in invoice.billed if one.entry not in gone},
        bases=bases,
        taxes=taxes,
        total=invoice.total + total(note.total for note in notes),
    )


def credited_lines(left: Left, entries: Mapping[str, Becomes], bare: Collection[int]) -> Lines:
    """Take entries back, and whole lines that have none.

    One line for each line of the invoice that is touched. The entries that are left on a line
    share what is left of it, so that the last ones take exactly the rest.
    """
    lines: list[Line] = []
    billed: list[BilledEntry] = []
    by_line: dict[int, list[BilledEntry]] = {}
    for one in left.entries.values():
        by_line.setdefault(one.line, []).append(one)
    for line in left.invoice.lines:
        on_line = by_line.get(line.line, [])
        taken = [one for one in on_line if one.entry in entries]
        if not taken and line.line not in bare:
            continue
        at, amount, quantity = len(lines) + 1, left.amounts[line.line], line.quantity
        if taken:
            shares = _shares(amount, on_line, left.invoice.currency)
            billed += (_taken(one, at, shares[one.entry], entries[one.entry]) for one in taken)
            amount = total(shares[one.entry] for one in taken)
            quantity = total(one.quantity for one in taken)
        lines.append(_negative(left.invoice, line, at, quantity, amount, taken))
    return _shown(lines), tuple(billed)


def _shown(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Print every line of a note that would have none otherwise: it is about what is not billed."""
    if any(line.printed for line in lines):
        return tuple(lines)
    return tuple(replace(line, printed=True) for line in lines)


def _shares(amount: Decimal, entries: Sequence[BilledEntry], currency: str) -> dict[str, Decimal]:
    """Give each entry what it had on the invoice, less its share of goodwill, by size."""
    goodwill = total(one.amount for one in entries) - amount
    size = total(abs(one.amount) for one in entries)
    exact = {
        one.entry: one.amount - (goodwill * abs(one.amount) / size if goodwill else ZERO)
        for one in entries
    }
    return allocate(amount, exact, currency)


def _taken(one: BilledEntry, line: int, share: Decimal, becomes: Becomes) -> BilledEntry:
    own = one.own_quantity
    return replace(
        one,
        line=line,
        quantity=-one.quantity,
        own_quantity=None if own is None else -own,
        amount=-share,
        exact_amount=-one.exact_amount,
        held=-one.held,
        written_off=-one.written_off,
        raised=-one.raised,
        becomes=becomes,
    )


def _negative(
    invoice: Document,
    line: Line,
    at: int,
    quantity: Decimal,
    amount: Decimal,
    taken: Sequence[BilledEntry],
) -> Line:
    taken_back = replace(
        line,
        line=at,
        quantity=-quantity,
        unit_price=_unit_price(line, quantity, amount, invoice.currency),
        amount=-amount,
        entries=tuple(one.entry for one in taken),
        of_line=line.line,
        held=-total(one.held for one in taken),
        written_off=-total(one.written_off for one in taken),
    )
    if line.billed_amount is None or not taken:
        return replace(taken_back, billed_quantity=None, billed_amount=None)
    return replace(
        taken_back,
        billed_quantity=-total(_own_quantity(one) for one in taken),
        billed_amount=-total(_billed_amount(one) for one in taken),
    )


def _own_quantity(one: BilledEntry) -> Decimal:
    return one.quantity if one.own_quantity is None else one.own_quantity


def _billed_amount(one: BilledEntry) -> Decimal:
    """Return an entry's share of what the rule made of its line."""
    return one.amount + one.held + one.written_off - one.raised


def _unit_price(line: Line, quantity: Decimal, amount: Decimal, currency: str) -> Decimal:
    """Return the invoice's price, or the one that the amount makes; quantity 0 has none."""
    if rounded(quantity * line.unit_price, currency) == amount:
        return line.unit_price
    return quantized(amount / quantity, RATE_PLACES) if quantity else ZERO


def goodwill_line(line: Line, amount: Decimal) -> Line:
    """Take a part of a line's net money back: no hours, and no entry."""
    return replace(
        line,
        line=1,
        description=f"Goodwill: {line.description}",
        quantity=Decimal(-1),
        unit="",
        unit_price=amount,
        amount=-amount,
        kind=Kind.MATERIAL,
        entries=(),
        of_line=line.line,
        billed_quantity=None,
        billed_amount=None,
        status=None,
        held=ZERO,
        written_off=ZERO,
    )


def without_entry(notes: Iterable[Document]) -> Decimal:
    """Add up, net, what credit notes took as money alone: goodwill, and lines without entries."""
    return -total(line.amount for note in notes for line in note.lines if not line.entries)


def credit_note(
    left: Left, taken: Lines, *, reason: str, day: dt.date, order: FrameOrder | None
) -> Document:
    """Make the document, without a number. `order` is the one that the invoice drew on."""
    lines, billed = taken
    invoice = left.invoice
    return replace(
        invoice,
        kind=DocumentKind.CREDIT_NOTE,
        number="",
        issue_date=day,
        due_date=day,
        payment_terms_days=0,
        lines=lines,
        tax=_tax(left, lines),
        billed=billed,
        period=_period(invoice, billed),
        notes="",
        description=reason,
        draw_down=_draw_down(invoice, taken, order),
        corrects=invoice.number,
        corrects_date=invoice.issue_date,
    )


def _period(invoice: Document, billed: Sequence[BilledEntry]) -> ServicePeriod | None:
    """Return the days of what is credited; all of it, or money alone, keeps the invoice's."""
    if not billed or len(billed) == len(invoice.billed):
        return invoice.period
    return service_period(one.date for one in billed)


def _tax(left: Left, lines: Sequence[Line]) -> tuple[TaxLine, ...]:
    """Compute tax on all that was credited so far, less what earlier notes took, by code."""
    bases: dict[TaxKey, Decimal] = {}
    for line in lines:
        key = (line.tax_code, line.tax_percent)
        bases[key] = bases.get(key, ZERO) + line.amount
    taxes = []
    for tax in left.invoice.tax:
        key = (tax.code, tax.percent)
        if key in bases:
            whole = left.bases.get(key, ZERO) + bases[key]
            due = rounded(whole * tax.percent / 100, left.invoice.currency)
            amount = due - left.taxes.get(key, ZERO)
            taxes.append(replace(tax, base=bases[key], amount=amount))
    return tuple(taxes)


def _draw_down(invoice: Document, taken: Lines, order: FrameOrder | None) -> DrawDown | None:
    """Give back the hours of the entries, or the net amount, to the order that was drawn on."""
    drew, (lines, billed) = invoice.draw_down, taken
    if drew is None or order is None:
        return None
    hours = total(one.quantity for one in billed if one.kind is Kind.TIME)
    drawn = hours if order.in_hours else total(line.amount for line in lines)
    left = order.remaining
    return replace(drew, before=left, drawn=drawn, after=left - drawn) if drawn else None


def without_entries(document: Document, lost: Collection[str]) -> Document:
    """Return a document whose lines have lost entries, with the shares that fell on them.

    A line that has lost its last entry goes with it; one that never had any stays.
    """
    billed = tuple(one for one in document.billed if one.entry not in lost)
    touched = {one.line for one in document.billed if one.entry in lost}
    kept: dict[int, list[BilledEntry]] = {line: [] for line in touched}
    for one in billed:
        if one.line in touched:
            kept[one.line].append(one)
    lines = tuple(
        _remaining(line, kept[line.line], document.currency) if line.line in touched else line
        for line in document.lines
        if kept.get(line.line, [line])
    )
    return replace(
        document,
        lines=lines,
        billed=billed,
        tax=tuple(_taxes_again(document, lines)),
        period=service_period(one.date for one in billed) or document.period,
    )


def _remaining(line: Line, entries: Sequence[BilledEntry], currency: str) -> Line:
    quantity = total(one.quantity for one in entries)
    amount = total(one.amount for one in entries)
    was_billed = line.billed_amount is not None
    return replace(
        line,
        quantity=quantity,
        unit_price=_unit_price(line, quantity, amount, currency),
        amount=amount,
        entries=tuple(one.entry for one in entries),
        billed_quantity=total(_own_quantity(one) for one in entries) if was_billed else None,
        billed_amount=total(_billed_amount(one) for one in entries) if was_billed else None,
        held=total(one.held for one in entries),
        written_off=total(one.written_off for one in entries),
    )


def _taxes_again(document: Document, lines: Sequence[Line]) -> Iterator[TaxLine]:
    """Compute tax on fewer lines; the codes and percents are the document's."""
    for tax in document.tax:
        key = (tax.code, tax.percent)
        on = [line.amount for line in lines if (line.tax_code, line.tax_percent) == key]
        if on:
            base = total(on)
            due = rounded(base * tax.percent / 100, document.currency)
            yield replace(tax, base=base, amount=due)
