"""What an issued document held back, as entries."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import D, an_entry, day
from timix_xl.domain.credit_notes import without_entries
from timix_xl.domain.customers import Company
from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.invoices import (
    BilledEntry,
    Buyer,
    Document,
    DocumentKind,
    Line,
    LineStatus,
    TaxLine,
)
from timix_xl.domain.money import ZERO, allocate, total
from timix_xl.domain.remainders import remainder_id, remainders, reversal
from timix_xl.domain.tax import TaxCategory

ISSUED = day("2026-02-01")


def a_line(**facts: object) -> Line:
    values: dict[str, object] = {
        "line": 1,
        "project": "P",
        "task": "T",
        "description": "Work",
        "quantity": D(2),
        "unit": "h",
        "unit_price": D(60),
        "amount": D(120),
        "tax_code": "S19",
        "tax_percent": D(19),
        "kind": Kind.TIME,
        "billed_quantity": D(2),
        "billed_amount": D(200),
        "status": LineStatus.HOLD_REMAINDER,
        "held": D(80),
    }
    return Line(**(values | facts))  # type: ignore[arg-type]  # the facts are the line's own


def billed(entry: Entry, **facts: object) -> BilledEntry:
    values: dict[str, object] = {
        "entry": entry.id,
        "line": 1,
        "date": entry.date,
        "project": "P",
        "task": "T",
        "kind": entry.kind,
        "quantity": D(1),
        "unit": "h",
        "rate": D(100),
        "amount": D(60),
        "exact_amount": D(100),
        "held": D(40),
    }
    return BilledEntry(**(values | facts))  # type: ignore[arg-type]  # its own facts


def a_document(lines: list[Line], shares: list[BilledEntry]) -> Document:
    base = total(line.amount for line in lines)
    tax = TaxLine(
        code="S19",
        category=TaxCategory.STANDARD,
        percent=D(19),
        base=base,
        amount=(base * 19 / 100).quantize(D("0.01")),
    )
    return Document(
        kind=DocumentKind.INVOICE,
        number="INV-1",
        customer="ACME",
        currency="EUR",
        billing_date=day("2026-01-31"),
        issue_date=ISSUED,
        due_date=ISSUED,
        payment_terms_days=0,
        seller=Company(name="Us", country="DE", currency="EUR"),
        buyer=Buyer(code="ACME", name="Acme"),
        lines=tuple(lines),
        tax=(tax,),
        billed=tuple(shares),
    )


def made(*entries: Entry, **facts: object) -> Entry:
    document = a_document([a_line(**facts)], [billed(one) for one in entries])
    (remainder,) = remainders(document, {one.id: one for one in entries}, "ann")
    return remainder.entry


def test_a_remainder_is_named_by_its_line() -> None:
    assert made(an_entry("E1")).id == remainder_id("INV-1", 1) == "R:INV-1:1"


def test_a_remainder_has_no_quantity_and_the_held_amount() -> None:
    one = made(an_entry("E1"))
    assert (one.quantity, one.billable_quantity, one.face_amount) == (0, 0, 80)


@pytest.mark.parametrize(("second", "person"), [("ann", "ann"), ("ben", None)])
def test_the_person_is_kept_if_the_entries_share_one(second: str, person: str | None) -> None:
    assert made(an_entry("E1"), an_entry("E2", person=second)).person == person


def test_a_remainder_is_covered_by_the_last_day_of_its_entries() -> None:
    entries = an_entry("E1"), an_entry("E2", date=day("2026-01-09"))
    assert made(*entries).covered_on == day("2026-01-09")


def test_a_remainder_of_a_remainder_is_covered_by_the_first_work() -> None:
    before = made(an_entry("E1"))
    assert made(before).covered_on == an_entry("E1").date


def test_a_line_that_holds_nothing_leaves_no_remainder() -> None:
    entry = an_entry("E1")
    line = a_line(held=ZERO, amount=D(200))
    assert remainders(a_document([line], [billed(entry)]), {"E1": entry}, "ann") == []


def test_a_reversal_is_the_opposite_and_is_not_billable() -> None:
    one = reversal(made(an_entry("E1")), a_document([a_line()], []))
    assert (one.id, one.kind, one.face_amount) == ("R:INV-1:1:x", Kind.REVERSAL, -80)
    assert (one.billable, one.wip_from, one.covered_on) == (False, None, None)


SHARES = st.lists(st.decimals("0.01", 999, places=2), min_size=1, max_size=6)


@given(SHARES, st.decimals(0, 100, places=0), st.data())
def test_a_line_without_some_entries_keeps_the_shares_of_the_others(
    worths: list[Decimal], percent: Decimal, data: st.DataObject
) -> None:
    worth = {f"E{at}": amount for at, amount in enumerate(worths)}
    whole = total(worth.values())
    printed = (whole * percent / 100).quantize(D("0.01"))
    shares = allocate(printed, {one: worth[one] * percent / 100 for one in worth}, "EUR")
    rows = [
        billed(an_entry(one), amount=shares[one], exact_amount=worth[one], held=worth[one] - share)
        for one, share in shares.items()
    ]
    line = a_line(amount=printed, billed_amount=whole, held=whole - printed)
    lost = data.draw(st.sets(st.sampled_from(sorted(worth))))

    after = without_entries(a_document([line], rows), lost)

    kept = [one for one in worth if one not in lost]
    assert total(one.amount for one in after.lines) == total(shares[one] for one in kept)
    assert total(one.billed_amount or ZERO for one in after.lines) == total(
        worth[one] for one in kept
    )
    assert len(after.lines) == bool(kept)


def test_tax_follows_the_lines_that_are_left() -> None:
    entries = [an_entry("E1"), an_entry("E2")]
    lines = [a_line(line=1), a_line(line=2, amount=D(50))]
    document = a_document(lines, [billed(one, line=at) for at, one in enumerate(entries, 1)])

    (tax,) = without_entries(document, {"E1"}).tax

    assert (tax.base, tax.amount) == (D(50), D("9.50"))


def test_a_line_by_hand_stays() -> None:
    bare = a_line(line=2, entries=(), billed_amount=None, status=LineStatus.BILL, held=ZERO)
    document = a_document([a_line(), bare], [billed(an_entry("E1"))])

    assert without_entries(document, {"E1"}).lines == (bare,)


def test_the_service_period_follows_the_entries() -> None:
    entries = [an_entry("E1", date=dt.date(2026, 1, at)) for at in (5,)]
    entries.append(an_entry("E2", date=day("2026-01-20")))
    lines = [a_line(line=1), a_line(line=2)]
    document = a_document(lines, [billed(one, line=at) for at, one in enumerate(entries, 1)])

    period = without_entries(document, {"E1"}).period

    assert period is not None
    assert (period.first, period.last) == (day("2026-01-20"), day("2026-01-20"))
