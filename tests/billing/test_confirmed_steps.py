"""What a person confirmed of the register is what is done: a document that changed is refused."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import pytest

from tests.builders import ANN, BILLING_DATE, BOB, D, Shop, day, on
from tests.macros.driver import dump
from timix_xl.billing.credit import credit
from timix_xl.billing.draft import (
    delete_draft,
    draft_as_issued,
    is_as_shown,
    issue_draft,
    save_draft,
)
from timix_xl.billing.pay import pay, unpay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import Standing, opening_standing, register
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.billing.write_off import all_outstanding, write_off_receivable
from timix_xl.domain.invoices import Becomes, Document
from timix_xl.errors import NotAsConfirmed
from timix_xl.store.documents import OpeningInvoice

ONE, DRAFT = "INV-2026-00001", "DRAFT-1"
LATER = on("2026-02-10")

Do: TypeAlias = Callable[..., Any]
Change: TypeAlias = Callable[[Shop], None]


@dataclass(frozen=True, slots=True)
class StepOf:
    """A step of the register, and the document that it is about."""

    act: Do
    number: str


def _void(shop: Shop, **more: Any) -> None:
    void(shop.store, ONE, "wrong", actor=ANN, **more)


def _credit(shop: Shop, **more: Any) -> Document:
    return credit(shop.store, ONE, becomes=Becomes.BILL, reason="wrong", actor=ANN, **more)


def _write_off(shop: Shop, agreed: Any = None, **more: Any) -> None:
    """Write off all, compared as the register does."""
    both = agreed and (lambda now, _: agreed(now))
    write_off_receivable(shop.store, ONE, "bad debt", date=None, actor=ANN, agreed=both, **more)


def _delete(shop: Shop, **more: Any) -> None:
    delete_draft(shop.store, DRAFT, actor=ANN, **more)


STEPS = {
    "void": StepOf(_void, ONE),
    "credit": StepOf(_credit, ONE),
    "write off": StepOf(_write_off, ONE),
    "delete": StepOf(_delete, DRAFT),
}


def saved(shop: Shop, **options: Any) -> str:
    (name,) = save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(**options), actor=ANN).numbers
    return name


@pytest.fixture
def shelf(shop: Shop) -> Shop:
    """An invoice over 595.00 that is not sent, and a draft over 119.00."""
    shop.time("D1", hours="1")
    saved(shop)
    shop.time("E1", hours="5")
    shop.issue()
    return shop


def standing_of(shop: Shop, number: str) -> Standing:
    (one,) = [each for each in register(shop.store, today=ANN.today) if each.number == number]
    return one


def a_payment(shop: Shop) -> None:
    pay(shop.store, ONE, D(100), day("2026-02-01"), actor=BOB)


def a_payment_and_back(shop: Shop) -> None:
    """Leave the sums as they were."""
    a_payment(shop)
    unpay(shop.store, ONE, D(100), day("2026-02-01"), actor=BOB)


def a_credit(shop: Shop) -> None:
    goodwill = {"reason": "late", "actor": BOB, "entries": ["E2"], "becomes": Becomes.BILL}
    credit(shop.store, ONE, **goodwill)  # type: ignore[arg-type]  # facts of one call


def being_sent(shop: Shop) -> None:
    send(shop.store, ONE, actor=BOB)


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_an_unchanged_document_is_what_was_confirmed(step: StepOf, shelf: Shop) -> None:
    seen, before = standing_of(shelf, step.number), dump(shelf.store)
    step.act(shelf, agreed=lambda now: now == seen)
    assert dump(shelf.store) != before


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_what_is_not_agreed_to_writes_nothing(step: StepOf, shelf: Shop) -> None:
    before = dump(shelf.store)
    with pytest.raises(NotAsConfirmed):
        step.act(shelf, agreed=lambda _: False)
    assert dump(shelf.store) == before


@pytest.mark.parametrize("step", STEPS.values(), ids=STEPS)
def test_a_step_that_was_done_before_is_not_confirmed_again(step: StepOf, shelf: Shop) -> None:
    step.act(shelf, request="R-1")
    before = dump(shelf.store)
    step.act(shelf, request="R-1", agreed=lambda _: False)
    assert dump(shelf.store) == before


INVOICES = {name: step for name, step in STEPS.items() if step.number == ONE}
CHANGES: dict[str, tuple[StepOf, Change]] = {
    "a void of an invoice that was sent meanwhile": (STEPS["void"], being_sent),
    "a credit of an invoice that was paid in part meanwhile": (STEPS["credit"], a_payment),
    "a write-off of an invoice that was paid in part meanwhile": (STEPS["write off"], a_payment),
    "a write-off of an invoice that was sent meanwhile": (STEPS["write off"], being_sent),
    "a credit of an invoice whose payment was taken back": (STEPS["credit"], a_payment_and_back),
}


@pytest.mark.parametrize(("step", "change"), CHANGES.values(), ids=CHANGES)
def test_a_document_that_changed_is_refused(step: StepOf, change: Change, shelf: Shop) -> None:
    seen = standing_of(shelf, step.number)
    change(shelf)
    before = dump(shelf.store)
    with pytest.raises(NotAsConfirmed):
        step.act(shelf, agreed=lambda now: now == seen)
    assert dump(shelf.store) == before


@pytest.mark.parametrize("step", INVOICES.values(), ids=INVOICES)
def test_an_invoice_of_which_a_part_was_credited_is_refused(step: StepOf, shop: Shop) -> None:
    shop.time("E1", hours="5")
    shop.time("E2")
    shop.issue()
    seen = standing_of(shop, ONE)
    a_credit(shop)
    with pytest.raises(NotAsConfirmed):
        step.act(shop, agreed=lambda now: now == seen)


# The amount that is written off.


def write_off(shop: Shop, amount: str | None = None, date: str | None = None) -> list[Any]:
    """Return what a write-off asks about."""
    asked: list[Any] = []
    write_off_receivable(
        shop.store,
        ONE,
        "bad debt",
        amount=None if amount is None else D(amount),
        date=None if date is None else day(date),
        actor=LATER,
        agreed=lambda now, figure: bool(asked.append((now.outstanding, figure)) or True),
    )
    return asked


def test_all_that_is_outstanding_is_asked_about(shelf: Shop) -> None:
    a_payment(shelf)
    assert write_off(shelf) == [(495, 495)]


def test_the_amount_that_is_given_is_asked_about(shelf: Shop) -> None:
    assert write_off(shelf, "12.50") == [(595, D("12.50"))]


def test_a_write_off_in_the_past_takes_the_least_since(shelf: Shop) -> None:
    a_payment(shelf)
    unpay(shelf.store, ONE, D(100), day("2026-02-05"), actor=LATER)
    there = standing_of(shelf, ONE)
    assert (there.outstanding, all_outstanding(there, day("2026-02-02"))) == (595, 495)
    assert write_off(shelf, date="2026-02-02") == [(595, 495)]


def test_nothing_of_an_opening_invoice_can_be_written_off() -> None:
    old = OpeningInvoice(
        number="OLD-1",
        customer="ACME",
        currency="EUR",
        issue_date=day("2025-12-01"),
        due_date=day("2025-12-31"),
        total=D(100),
        paid=D(0),
    )
    assert all_outstanding(opening_standing(old, ANN.today), ANN.today) == 0


# Drafts that are issued.


def seen_of(shop: Shop, name: str = DRAFT, date: dt.date | None = None) -> Document:
    return draft_as_issued(shop.store, name, actor=ANN, issue_date=date)[0]


def agreed_to(seen: Document, **how: Any) -> Callable[[Document], bool]:
    return lambda now: is_as_shown(seen, now, **how)


def test_a_draft_that_is_as_shown_is_issued(shelf: Shop) -> None:
    seen = seen_of(shelf)
    assert issue_draft(shelf.store, DRAFT, actor=ANN, agreed=agreed_to(seen)).number


OF_DRAFTS: dict[str, Change] = {
    "the buyer's name": lambda shop: shop.change("customers", {"code": "ACME"}, name="Other Ltd"),
    "the seller's name": lambda shop: shop.change("company", {"id": 1}, name="Them"),
    "the buyer's city": lambda shop: shop.change("customers", {"code": "ACME"}, city="Rome"),
}


@pytest.mark.parametrize("change", OF_DRAFTS.values(), ids=OF_DRAFTS)
def test_a_draft_that_changed_is_not_issued(change: Change, shop: Shop) -> None:
    shop.time("D1")
    saved(shop)
    seen = seen_of(shop)
    change(shop)
    before = dump(shop.store)
    with pytest.raises(NotAsConfirmed):
        issue_draft(shop.store, DRAFT, actor=ANN, agreed=agreed_to(seen))
    assert dump(shop.store) == before


def test_a_draft_whose_date_moved_on_is_not_issued(shop: Shop) -> None:
    seen = a_draft_that_others_overtook(shop)
    with pytest.raises(NotAsConfirmed):
        issue_draft(shop.store, DRAFT, actor=ANN, agreed=agreed_to(seen))


def test_a_draft_that_may_be_later_is_issued(shop: Shop) -> None:
    seen = a_draft_that_others_overtook(shop)
    agreed = agreed_to(seen, may_be_later=True)
    assert issue_draft(shop.store, DRAFT, actor=ANN, agreed=agreed).number


def a_draft_that_others_overtook(shop: Shop) -> Document:
    shop.time("D1")
    saved(shop)
    seen = seen_of(shop)
    shop.time("E1")
    shop.issue(issue_date=day("2026-02-01"))
    return seen


def test_a_draft_that_may_be_later_is_not_issued_earlier(shelf: Shop) -> None:
    seen = seen_of(shelf, date=day("2026-02-01"))
    assert not is_as_shown(seen, seen_of(shelf), may_be_later=True)


def test_what_another_invoice_draws_is_no_change(shop: Shop) -> None:
    shop.order("FO-1", "100")
    shop.time("D1")
    saved(shop, frame_order="FO-1")
    seen = seen_of(shop)
    shop.time("E1")
    shop.issue(frame_order="FO-1")
    assert seen_of(shop) != seen
    assert issue_draft(shop.store, DRAFT, actor=ANN, agreed=agreed_to(seen)).number


def test_a_draft_that_was_issued_before_is_not_confirmed_again(shelf: Shop) -> None:
    first = issue_draft(shelf.store, DRAFT, actor=ANN, request="R-1")
    again = issue_draft(shelf.store, DRAFT, actor=ANN, request="R-1", agreed=lambda _: False)
    assert again == first
