"""The reconciliation of a document: own + added + raised + rounding = billed + held + written off."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.billing.negotiators import HELD, WRITTEN_OFF, by_pro_forma, opened, run, shown, typed
from tests.builders import ANN, D, Shop, a_step, day, priced, some_books
from timix_xl.billing import settle
from timix_xl.billing.reconcile import document_reconciles, reasons
from timix_xl.billing.release import release
from timix_xl.domain.billing_rules import AggregateBy, Step
from timix_xl.domain.customers import Company
from timix_xl.domain.engine_lines import engine_lines
from timix_xl.domain.invoices import Buyer, Document, DocumentKind, Line, LineStatus
from timix_xl.domain.pro_forma_lines import LineEdit, edit_faults, edited, lines_of, with_lines
from timix_xl.domain.pro_formas import as_pro_forma
from timix_xl.errors import DoesNotReconcile

AMOUNTS = st.integers(0, 50_000).map(lambda cents: D(cents) / 100)
HOURS = st.integers(1, 90_000).map(lambda parts: D(parts) / 10_000)
STATUSES = st.sampled_from([None, HELD, WRITTEN_OFF, LineStatus.WRITE_OFF])


def a_document(*hours: Decimal, rate: str = "95.55", step: Step | None = None) -> Document:
    """Return a pro forma of entries with these hours; a line each, unless a step says otherwise."""
    entries = [
        priced(f"E{at}", rate, quantity=one, exact=one * D(rate), step=step, rule="R")
        for at, one in enumerate(hours)
    ]
    made = engine_lines(entries, some_books(), "EUR")
    return as_pro_forma(
        Document(
            kind=DocumentKind.INVOICE,
            number="INV-1",
            customer="ACME",
            currency="EUR",
            billing_date=day("2026-01-31"),
            issue_date=day("2026-01-31"),
            due_date=day("2026-01-31"),
            payment_terms_days=0,
            seller=Company(name="Us", country="DE", currency="EUR"),
            buyer=Buyer(code="ACME", name="Acme"),
            lines=tuple(one.line for one in made),
            tax=(),
            billed=tuple(each for one in made for each in one.billed),
        )
    )


def with_edit(document: Document, edit: LineEdit) -> Document:
    """Edit a line, if nothing speaks against it."""
    lines = [
        edited(line, billed, edit, "EUR")
        if line.line == edit.line and not edit_faults(line, billed, edit, "EUR")
        else (line, billed)
        for line, billed in lines_of(document)
    ]
    return with_lines(document, lines)


@given(
    st.lists(HOURS, min_size=1, max_size=4),
    st.none() | AMOUNTS,
    st.none() | HOURS,
    STATUSES,
)
def test_whatever_is_typed_reconciles(
    hours: list[Decimal], amount: Decimal | None, quantity: Decimal | None, status: LineStatus
) -> None:
    edit = LineEdit(line=1, amount=amount, quantity=quantity, status=status)

    document_reconciles(with_edit(a_document(*hours), edit))


@given(
    st.lists(HOURS | HOURS.map(lambda one: -one), min_size=2, max_size=5),
    st.none() | AMOUNTS,
    st.none() | HOURS,
    STATUSES,
)
def test_whatever_is_typed_into_a_shared_line_reconciles(
    hours: list[Decimal], amount: Decimal | None, quantity: Decimal | None, status: LineStatus
) -> None:
    document = a_document(*hours, step=a_step(aggregate_by=frozenset({AggregateBy.EMPLOYEE})))
    sign = 1 if document.subtotal >= 0 else -1
    edit = LineEdit(
        line=1,
        amount=None if amount is None else sign * amount,
        quantity=None if quantity is None else sign * quantity,
        status=status,
    )
    assert len(document.lines) == 1
    document_reconciles(with_edit(document, edit))


def _one_line(**facts: object) -> Callable[[Document], Document]:
    def change(document: Document) -> Document:
        (line,) = document.lines
        return replace(document, lines=(replace(line, **facts),))  # type: ignore[arg-type]

    return change


def _one_entry(**facts: object) -> Callable[[Document], Document]:
    def change(document: Document) -> Document:
        (one,) = document.billed
        return replace(document, billed=(replace(one, **facts),))  # type: ignore[arg-type]

    return change


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (_one_line(held=D(20)), "line 1: 95.55 EUR of its entries, 115.55 EUR settled"),
        (_one_line(written_off=D(-1)), "line 1: 95.55 EUR of its entries, 94.55 EUR settled"),
        (_one_line(billed_quantity=D(3)), "line 1: 1 h of its entries, 3 h settled"),
        (_one_line(amount=D(90)), "line 1: 95.55 EUR of its entries, 90.00 EUR settled"),
        (_one_entry(raised=D(5)), "line 1: 95.55 EUR of its entries, 90.55 EUR settled"),
        (_one_entry(exact_amount=D(90)), "line 1: rounding of 5.55 EUR"),
        (_one_entry(amount=D(90)), "line 1: its entries do not share its amount"),
        (_one_entry(own_quantity=D(2)), "line 1: 2 h of its entries, 1 h settled"),
        (_one_entry(quantity=D(2), own_quantity=D(1)), "its entries do not share its quantity"),
        (_one_entry(line=7), "there are entries on line 7, which is not there"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_does_not_reconcile_says_why(change: Callable[[Document], Document], why: str) -> None:
    found = list(reasons(change(a_document(D(1)))))

    assert any(why in one for one in found), found


def test_a_line_by_hand_holds_nothing_back() -> None:
    def held(line: Line) -> Line:
        return replace(line, line=2, held=D(1))

    document = a_document(D(1))
    document = replace(document, lines=(*document.lines, held(document.lines[0])))

    with pytest.raises(DoesNotReconcile, match="line 2: it has no entry, and holds something"):
        document_reconciles(document)


def test_an_invoice_that_does_not_reconcile_is_not_issued(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.time("E1", hours="8")
    number = opened(by_pro_forma(shop), typed(shop, run(by_pro_forma(shop)), amount=D(500)).number)

    def unlike(document: Document) -> None:
        (line,) = document.lines
        document_reconciles(replace(document, lines=(replace(line, held=D(1)),)))

    monkeypatch.setattr(settle, "document_reconciles", unlike)
    with pytest.raises(DoesNotReconcile):
        release(shop.store, number, issue=True, actor=ANN)
    assert shown(shop, number).released_to is None
