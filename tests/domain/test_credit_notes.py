"""Credit notes: whatever was credited before, crediting the rest nets everything to zero."""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal as D
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import an_entry, day
from timix_xl.domain.credit_notes import (
    Left,
    Lines,
    credit_note,
    credited_lines,
    goodwill_line,
    left_of,
)
from timix_xl.domain.customers import Company
from timix_xl.domain.entries import Kind
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import (
    Becomes,
    BilledEntry,
    Buyer,
    Document,
    DocumentKind,
    DrawDown,
    Line,
    TaxLine,
)
from timix_xl.domain.money import ZERO, allocate, rounded, total
from timix_xl.domain.tax import TaxCategory

TAXES = {"S19": D(19), "S7": D(7), "Z": ZERO}
UNITS = {"h": "400", "EUR": "99999"}
QUANTITIES = st.decimals("-8", "40", places=4) | st.sampled_from([D("0.3333"), D(1), ZERO])
RATES = st.sampled_from([D(100), D("95.55"), D("33.333333"), D("0.01"), ZERO])
LINES = st.lists(
    st.tuples(
        st.lists(QUANTITIES, min_size=1, max_size=4),
        RATES,
        st.sampled_from(sorted(TAXES)),
        st.sampled_from(Kind),
    ),
    min_size=1,
    max_size=4,
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["entries", "goodwill"]),
        st.integers(0, 2**16 - 1),
        st.integers(1, 20_000),
    ),
    max_size=5,
)


def an_invoice(given: Sequence[tuple[Any, ...]], unit: str) -> Document:
    """Return an invoice with lines over entries, drawn from an order of hours or of money."""
    lines: list[Line] = []
    billed: list[BilledEntry] = []
    for at, (quantities, rate, code, kind) in enumerate(given, 1):
        quantity = total(quantities)
        amount = rounded(quantity * rate, "EUR")
        exact = {f"E{at}-{place}": one * rate for place, one in enumerate(quantities)}
        shares = allocate(amount, exact, "EUR")
        facts = {"project": "P", "task": "T", "kind": kind, "unit": "h"}
        lines.append(
            Line(
                line=at,
                description="Work",
                quantity=quantity,
                unit_price=rate,
                amount=amount,
                tax_code=code,
                tax_percent=TAXES[code],
                entries=tuple(exact),
                **facts,
            )
        )
        billed += (
            BilledEntry(
                entry=entry,
                line=at,
                date=an_entry().date,
                quantity=one,
                rate=rate,
                amount=shares[entry],
                exact_amount=rounded(exact[entry], "EUR"),
                **facts,
            )
            for entry, one in zip(exact, quantities, strict=True)
        )
    bases: dict[str, D] = {}
    for line in lines:
        bases[line.tax_code] = bases.get(line.tax_code, ZERO) + line.amount
    tax = tuple(
        TaxLine(
            code=code,
            category=TaxCategory.STANDARD,
            percent=TAXES[code],
            base=base,
            amount=rounded(base * TAXES[code] / 100, "EUR"),
        )
        for code, base in sorted(bases.items())
    )
    whole = Document(
        kind=DocumentKind.INVOICE,
        number="INV-1",
        customer="ACME",
        currency="EUR",
        billing_date=day("2026-01-31"),
        issue_date=day("2026-01-31"),
        due_date=day("2026-03-02"),
        payment_terms_days=30,
        seller=Company(name="Us", country="DE", currency="EUR"),
        buyer=Buyer(code="ACME", name="Acme Ltd"),
        lines=tuple(lines),
        tax=tax,
        billed=tuple(billed),
    )
    return _drawn(whole, unit)


def _drawn(invoice: Document, unit: str) -> Document:
    drawn = invoice.hours if unit == "h" else invoice.subtotal
    before = D(UNITS[unit])
    draw = DrawDown(frame_order="FO", unit=unit, before=before, drawn=drawn, after=before - drawn)
    return replace(invoice, draw_down=draw)


def order_after(invoice: Document, notes: Sequence[Document]) -> FrameOrder:
    """Return the order as the invoice and its notes leave it."""
    assert invoice.draw_down is not None
    drawn = total(one.draw_down.drawn for one in (invoice, *notes) if one.draw_down)
    unit = invoice.draw_down.unit
    return FrameOrder(number="FO", customer="ACME", unit=unit, total=D(UNITS[unit]), drawn=drawn)


def taken_in(left: Left, step: tuple[str, int, int]) -> Lines | None:
    """Choose what a step credits: some entries, or a part of a line's money."""
    what, bits, cents = step
    if what == "entries":
        chosen = [one for at, one in enumerate(left.entries) if bits >> at & 1]
        return credited_lines(left, dict.fromkeys(chosen, Becomes.BILL), ()) if chosen else None
    line = left.invoice.lines[bits % len(left.invoice.lines)]
    amount = min(D(cents) / 100, left.amounts[line.line])
    return ((goodwill_line(line, amount),), ()) if amount > 0 else None


def credited(invoice: Document, steps: Sequence[tuple[str, int, int]]) -> list[Document]:
    """Credit step by step, and everything that is left at last."""
    notes: list[Document] = []
    for step in (*steps, None):
        left = left_of(invoice, notes)
        rest = dict.fromkeys(left.entries, Becomes.BILL)
        taken = taken_in(left, step) if step else credited_lines(left, rest, left.bare_lines)
        if taken and taken[0]:
            order = order_after(invoice, notes)
            notes.append(credit_note(left, taken, reason="so", day=day("2026-02-01"), order=order))
    return notes


CREDITED = st.builds(
    lambda lines, unit, steps: (an_invoice(lines, unit), steps),
    LINES,
    st.sampled_from(sorted(UNITS)),
    STEPS,
)


@given(CREDITED)
def test_every_line_nets_to_zero(case: Any) -> None:
    invoice, steps = case
    left = left_of(invoice, credited(invoice, steps))
    assert set(left.amounts.values()) == {ZERO}


@given(CREDITED)
def test_tax_by_code_and_the_total_net_to_zero(case: Any) -> None:
    invoice, steps = case
    notes = credited(invoice, steps)
    for tax in invoice.tax:
        taken = [one.amount for note in notes for one in note.tax if one.code == tax.code]
        assert tax.amount + total(taken) == ZERO
    assert left_of(invoice, notes).total == ZERO


@given(CREDITED)
def test_hours_and_the_frame_order_net_to_zero(case: Any) -> None:
    invoice, steps = case
    notes = credited(invoice, steps)
    assert invoice.hours + total(note.hours for note in notes) == ZERO
    assert order_after(invoice, notes).drawn == ZERO


@given(CREDITED)
def test_every_entry_is_taken_once(case: Any) -> None:
    invoice, steps = case
    taken = [one.entry for note in credited(invoice, steps) for one in note.billed]
    assert sorted(taken) == sorted(one.entry for one in invoice.billed)


@given(CREDITED)
def test_a_line_of_a_note_is_the_sum_of_its_entries(case: Any) -> None:
    invoice, steps = case
    for note in credited(invoice, steps):
        for line in note.lines:
            own = [one for one in note.billed if one.line == line.line]
            if own:
                assert line.amount == total(one.amount for one in own)
                assert line.quantity == total(one.quantity for one in own)


@given(CREDITED)
def test_the_printed_price_makes_the_printed_amount(case: Any) -> None:
    invoice, steps = case
    for note in credited(invoice, steps):
        for line in note.lines:
            if line.quantity:
                off = abs(line.quantity * line.unit_price - line.amount)
                assert off * 2 <= D("0.01") + abs(line.quantity) * D("0.000001")
