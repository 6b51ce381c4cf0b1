"""Lines of pro formas: what an edit makes of a line, and what falls on its entries."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import D, a_customer, a_tax_code, day, some_books
from timix_xl.domain.customers import Company, Location
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import BilledEntry, Buyer, Document, DocumentKind, Line, LineStatus
from timix_xl.domain.items import Item
from timix_xl.domain.manual_lines import NewLine, manual_line, new_line_faults
from timix_xl.domain.money import ZERO, total, unit_price
from timix_xl.domain.pro_forma_lines import (
    LineEdit,
    edit_faults,
    edited,
    lines_of,
    own_quantity,
    with_lines,
)
from timix_xl.domain.pro_formas import TRANSITIONS, ProFormaState, as_pro_forma
from timix_xl.domain.projects import Project, Task

BILL, HOLD = LineStatus.BILL, LineStatus.HOLD_REMAINDER
WRITE_REST, WRITE_OFF = LineStatus.WRITE_OFF_REMAINDER, LineStatus.WRITE_OFF
HALF = D("0.5")


def an_own(entry: str, quantity: str, amount: str, rate: str = "100") -> BilledEntry:
    return BilledEntry(
        entry=entry,
        line=1,
        date=day("2026-01-05"),
        project="P",
        task="T",
        kind=Kind.TIME,
        quantity=D(quantity),
        unit="h",
        rate=D(rate),
        amount=D(amount),
        exact_amount=D(amount),
    )


ONE = (an_own("E1", "1", "100"),)
THREE = (an_own("E1", "1", "100"), an_own("E2", "2", "200"), an_own("E3", "0.5", "50"))


def a_line(billed: tuple[BilledEntry, ...] = ONE, **facts: Any) -> Line:
    quantity, amount = total(b.quantity for b in billed), total(b.amount for b in billed)
    values: dict[str, Any] = {
        "line": 1,
        "project": "P",
        "task": "T",
        "description": "Work",
        "quantity": quantity,
        "unit": "h",
        "unit_price": D(100),
        "amount": amount,
        "tax_code": "S19",
        "tax_percent": D(19),
        "kind": Kind.TIME,
        "entries": tuple(one.entry for one in billed),
        "billed_quantity": quantity,
        "billed_amount": amount,
        "status": BILL,
    }
    return Line(**(values | facts))


BY_HAND = a_line((), entries=(), billed_quantity=None, billed_amount=None, amount=D(100))


def edit(line: Line, billed: tuple[BilledEntry, ...] = ONE, **typed: Any) -> Line:
    return edited(line, billed, LineEdit(line=1, **typed), "EUR")[0]


def shares(billed: tuple[BilledEntry, ...], **typed: Any) -> tuple[BilledEntry, ...]:
    return edited(a_line(billed), billed, LineEdit(line=1, **typed), "EUR")[1]


def codes(line: Line, billed: tuple[BilledEntry, ...] = ONE, **typed: Any) -> list[str]:
    return [one.code for one in edit_faults(line, billed, LineEdit(line=1, **typed), "EUR")]


# Quantity, unit price, amount.


def test_a_typed_quantity_is_multiplied_by_the_unit_price() -> None:
    made = edit(a_line(), quantity=D("0.3333"))
    assert (made.quantity, made.unit_price, made.amount) == (D("0.3333"), D(100), D("33.33"))


def test_a_typed_unit_price_is_multiplied_by_the_quantity() -> None:
    made = edit(a_line(THREE), THREE, unit_price=D("33.335"))
    assert (made.quantity, made.unit_price, made.amount) == (D("3.5"), D("33.335"), D("116.67"))


def test_a_typed_amount_resets_the_unit_price_to_six_decimals() -> None:
    made = edit(a_line(THREE), THREE, amount=D(200))
    assert (made.quantity, made.unit_price, made.amount) == (D("3.5"), D("57.142857"), D(200))


def test_quantity_and_amount_typed_together_make_the_unit_price() -> None:
    made = edit(a_line(), quantity=D(3), amount=D(100))
    assert (made.quantity, made.unit_price, made.amount) == (D(3), D("33.333333"), D(100))


def test_quantity_0_has_no_unit_price() -> None:
    made = edit(a_line(), quantity=ZERO)
    assert (made.quantity, made.unit_price, made.amount) == (ZERO, ZERO, ZERO)


def test_an_amount_without_a_quantity_is_an_amount() -> None:
    made = edit(a_line(), quantity=ZERO, amount=D(80))
    assert (made.quantity, made.unit_price, made.amount) == (ZERO, ZERO, D(80))


def test_a_quantity_typed_after_0_has_the_price_that_was_billed() -> None:
    made = edit(edit(a_line(), quantity=ZERO), quantity=HALF)
    assert (made.unit_price, made.amount) == (D(100), D(50))


def test_the_quantity_and_price_that_were_billed_make_the_amount_that_was_billed() -> None:
    own = (an_own("E1", "3", "10.00", rate="3.333333"),)
    line = a_line(own, unit_price=D("3.333333"))
    lower = edit(line, own, amount=D(5))
    assert edit(lower, own, unit_price=D("3.333333")) == line


def test_a_remainder_has_an_amount_only_and_keeps_it_with_a_quantity() -> None:
    own = (replace(an_own("R:INV-1:1", "0", "90", rate="0"), kind=Kind.REMAINDER),)
    made = edit(a_line(own, kind=Kind.REMAINDER, unit_price=ZERO), own, quantity=D(2))
    assert (made.amount, made.unit_price, made.status) == (D(90), D(45), BILL)


def test_the_unit_price_of_an_edited_line_by_hand_follows_its_amount() -> None:
    made = edit(BY_HAND, (), quantity=D(4), amount=D(90))
    assert (made.unit_price, made.status, made.held) == (D("22.5"), BILL, ZERO)


# The status.


def test_a_lower_amount_holds_the_remainder_by_itself() -> None:
    made = edit(a_line(), amount=D(60))
    assert (made.status, made.held, made.written_off) == (HOLD, D(40), ZERO)


def test_a_lower_quantity_holds_the_remainder_by_itself() -> None:
    made = edit(a_line(), quantity=HALF)
    assert (made.status, made.held) == (HOLD, D(50))


def test_an_amount_back_at_the_billed_one_bills_the_line() -> None:
    made = edit(edit(a_line(), amount=D(60)), amount=D(100))
    assert (made.status, made.held) == (BILL, ZERO)


def test_an_amount_may_be_raised() -> None:
    made = edit(edit(a_line(), amount=D(60)), amount=D(150))
    assert (made.amount, made.status, made.held) == (D(150), BILL, ZERO)


def test_the_remainder_can_be_written_off_by_hand() -> None:
    made = edit(edit(a_line(), amount=D(60)), status=WRITE_REST)
    assert (made.status, made.held, made.written_off) == (WRITE_REST, ZERO, D(40))


def test_a_remainder_that_is_written_off_stays_so_when_the_amount_moves() -> None:
    chosen = edit(a_line(), amount=D(60), status=WRITE_REST)
    made = edit(chosen, amount=D(50))
    assert (made.status, made.written_off) == (WRITE_REST, D(50))


def test_a_line_that_is_written_off_invoices_nothing() -> None:
    made = edit(a_line(), status=WRITE_OFF)
    assert (made.quantity, made.unit_price, made.amount) == (ZERO, ZERO, ZERO)
    assert (made.status, made.written_off, made.held) == (WRITE_OFF, D(100), ZERO)


def test_an_amount_typed_into_a_line_that_was_written_off_holds_the_rest() -> None:
    made = edit(edit(a_line(), status=WRITE_OFF), amount=D(30))
    assert (made.status, made.held, made.written_off) == (HOLD, D(70), ZERO)


def test_a_whole_line_can_be_held() -> None:
    made = edit(a_line(), quantity=ZERO, status=HOLD)
    assert (made.status, made.held) == (HOLD, D(100))


@pytest.mark.parametrize("before", [{"amount": D(60)}, {"status": WRITE_OFF}, {"quantity": ZERO}])
def test_bill_alone_takes_a_line_back_to_what_was_billed(before: dict[str, Any]) -> None:
    assert edit(edit(a_line(), **before), status=BILL) == a_line()


def test_bill_alone_leaves_a_raised_amount_alone() -> None:
    raised = edit(a_line(), amount=D(150))
    assert edit(raised, status=BILL) == raised


def test_a_correction_is_held_and_raised_in_its_own_direction() -> None:
    own = (an_own("E1", "-1", "-100"),)
    line = a_line(own)
    assert edit(line, own, amount=D(-60)).held == D(-40)
    assert edit(line, own, amount=D(-150)).status is BILL


def test_a_line_that_was_billed_at_nothing_can_be_raised() -> None:
    own = (an_own("E1", "1", "0", rate="0"),)
    made, (share,) = edited(a_line(own), own, LineEdit(line=1, amount=D(20)), "EUR")
    assert (made.status, share.raised) == (BILL, D(20))


def test_a_line_that_nobody_would_print_is_printed_once_it_has_an_amount() -> None:
    own = (an_own("E1", "0", "0"),)
    assert edit(a_line(own, printed=False), own, amount=D(20)).printed


# What is refused.


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ({"amount": D(-1)}, "PRO-14"),
        ({"quantity": D(-1)}, "PRO-14"),
        ({"quantity": D(-1), "amount": D(100)}, "PRO-14"),
        ({"amount": D("1.005")}, "PRO-11"),
        ({"quantity": D("0.00001")}, "PRO-11"),
        ({"unit_price": D("0.0000001")}, "PRO-11"),
        ({"amount": D("NaN")}, "PRO-11"),
        ({"amount": D("1e12")}, "PRO-11"),
        ({"quantity": D("1e40")}, "PRO-11"),
        ({"quantity": D("0.0001"), "amount": D("1e9")}, "PRO-12"),
        ({"quantity": D("1e7"), "unit_price": D("1e7")}, "PRO-12"),
        ({"quantity": ZERO, "unit_price": D(5)}, "PRO-12"),
        ({"unit_price": D(5), "amount": D(6)}, "PRO-12"),
        ({"status": WRITE_OFF, "amount": D(6)}, "PRO-12"),
        ({"status": HOLD}, "PRO-15"),
        ({"status": WRITE_REST, "amount": D(100)}, "PRO-15"),
        ({"status": HOLD, "amount": D(120)}, "PRO-15"),
        ({"status": BILL, "amount": D(60)}, "PRO-15"),
        ({"delete": True, "amount": D(60)}, "PRO-10"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused(typed: dict[str, Any], code: str) -> None:
    assert codes(a_line(), **typed) == [code]


@pytest.mark.parametrize("status", [HOLD, WRITE_REST, WRITE_OFF])
def test_a_line_without_an_entry_is_neither_held_nor_written_off(status: LineStatus) -> None:
    assert codes(BY_HAND, (), status=status) == ["PRO-13"]


@pytest.mark.parametrize("amount", [D(-500), D(0), D(500)])
def test_a_line_by_hand_takes_any_amount(amount: Decimal) -> None:
    assert codes(BY_HAND, (), quantity=D(1), amount=amount) == []


def test_a_correction_cannot_become_a_charge() -> None:
    own = (an_own("E1", "-1", "-100"),)
    assert codes(a_line(own), own, amount=D(1)) == ["PRO-14"]


def test_numbers_that_agree_may_be_typed_together() -> None:
    typed = {"quantity": D(3), "unit_price": D("33.333333"), "amount": D(100)}
    assert codes(a_line(), **typed) == []
    assert edit(a_line(), **typed).unit_price == D("33.333333")


def test_a_line_of_nothing_has_nothing_to_write_off() -> None:
    own = (an_own("E1", "0", "0"),)
    assert codes(a_line(own), own, status=WRITE_OFF) == ["PRO-15"]


# The entries' shares.


def test_entries_share_a_typed_amount_in_proportion() -> None:
    made = shares(THREE, amount=D(175))
    assert [one.amount for one in made] == [D(50), D(100), D(25)]
    assert [one.held for one in made] == [D(50), D(100), D(25)]


def test_a_minor_unit_that_is_over_goes_to_the_largest_residual() -> None:
    made = shares(THREE, amount=D("100.00"))
    assert [one.amount for one in made] == [D("28.57"), D("57.14"), D("14.29")]


def test_entries_share_a_typed_quantity_to_four_decimals() -> None:
    made = shares(THREE, quantity=D("1"))
    assert [one.quantity for one in made] == [D("0.2857"), D("0.5714"), D("0.1429")]
    assert [own_quantity(one) for one in made] == [D(1), D(2), HALF]


def test_entries_that_are_worth_nothing_share_equally() -> None:
    own = tuple(an_own(name, "1", "0", rate="0") for name in ("E1", "E2", "E3"))
    made = shares(own, amount=D(10))
    assert [one.amount for one in made] == [D("3.34"), D("3.33"), D("3.33")]
    assert [one.raised for one in made] == [D("3.34"), D("3.33"), D("3.33")]


def test_an_edit_taken_back_leaves_nothing_behind() -> None:
    line, billed = edited(a_line(THREE), THREE, LineEdit(line=1, quantity=D(1)), "EUR")
    assert edited(line, billed, LineEdit(line=1, status=BILL), "EUR") == (a_line(THREE), THREE)


amounts = st.decimals("-999", "999", places=2).map(lambda one: one + ZERO)
quantities = st.decimals("0", "99", places=4).map(lambda one: one + ZERO)
typing = st.fixed_dictionaries(
    {},
    optional={
        "quantity": quantities,
        "unit_price": st.decimals("0", "999", places=6).map(lambda one: one + ZERO),
        "amount": amounts,
        "status": st.sampled_from(LineStatus),
    },
)
entries = st.lists(st.tuples(quantities, amounts), min_size=1, max_size=5)


@given(entries, st.lists(typing, max_size=5))
def test_nothing_is_lost_by_any_edits(
    own: list[tuple[Decimal, Decimal]], edits: list[dict[str, Any]]
) -> None:
    billed = tuple(
        an_own(f"E{at}", str(quantity), str(amount)) for at, (quantity, amount) in enumerate(own)
    )
    worth = a_line(billed)
    line = replace(worth, unit_price=unit_price(worth.amount, worth.quantity))
    whole, was = line.billed_amount or ZERO, {one.entry: one.amount for one in billed}
    for typed in edits:
        one = LineEdit(line=1, **typed)
        if edit_faults(line, billed, one, "EUR"):
            continue
        line, billed = edited(line, billed, one, "EUR")
        raised = line.amount - whole if line.status is BILL else ZERO
        assert line.amount + line.held + line.written_off == whole + raised
        assert line.held * whole >= 0
        assert line.written_off * whole >= 0
        assert line.amount * whole >= 0
        assert not (line.held and line.written_off)
        for name, of_line in (
            ("amount", line.amount),
            ("quantity", line.quantity),
            ("held", line.held),
            ("written_off", line.written_off),
            ("raised", raised),
        ):
            assert total(getattr(one, name) for one in billed) == of_line
        for each in billed:
            kept_back = each.held + each.written_off - each.raised
            assert each.amount + kept_back == was[each.entry]
        off = abs(line.quantity * line.unit_price - line.amount)
        most = D("0.005") + abs(line.quantity) * D("0.0000005")
        assert off <= most or not line.quantity


# Lines of a document.


def a_document(*lines: Line, billed: tuple[BilledEntry, ...] = (), **facts: Any) -> Document:
    values: dict[str, Any] = {
        "kind": DocumentKind.INVOICE,
        "number": "",
        "customer": "ACME",
        "currency": "EUR",
        "billing_date": day("2026-01-31"),
        "issue_date": day("2026-01-31"),
        "due_date": day("2026-03-02"),
        "payment_terms_days": 30,
        "seller": Company(name="Us", country="DE", currency="EUR"),
        "buyer": Buyer(code="ACME", name="Acme Ltd"),
        "lines": lines,
        "tax": (),
        "billed": billed,
    }
    return Document(**(values | facts))


def test_a_pro_forma_remembers_what_was_billed() -> None:
    fresh = a_line(billed_quantity=None, billed_amount=None, status=None)
    made = as_pro_forma(a_document(fresh, billed=ONE))
    assert made.kind is DocumentKind.PRO_FORMA
    assert made.lines == (a_line(),)


def test_lines_are_numbered_anew_and_those_not_printed_come_last() -> None:
    lines = [
        (a_line(THREE[:1], line=1, printed=False), THREE[:1]),
        (a_line(THREE[1:], line=2), THREE[1:]),
    ]
    made = with_lines(a_document(), lines)
    assert [(line.line, line.entries) for line in made.lines] == [(1, ("E2", "E3")), (2, ("E1",))]
    assert [(one.entry, one.line) for one in made.billed] == [("E2", 1), ("E3", 1), ("E1", 2)]
    assert with_lines(made, lines_of(made)) == made


def test_closed_is_left_only_back_to_on_hold() -> None:
    assert TRANSITIONS[ProFormaState.CLOSED] == {ProFormaState.ON_HOLD}


# Lines by hand.

NEW = NewLine(task="T", description="Travel", quantity=D(3), amount=D(100))


def books(**facts: Any) -> Any:
    codes_ = {code: a_tax_code(code, ("19", None)) for code in ("S19", "I", "T", "P", "L")}
    return some_books(tax_codes=codes_, **facts)


def test_a_line_by_hand_has_the_price_that_its_amount_makes() -> None:
    made = manual_line(NEW, a_document(), "P", books())
    assert (made.quantity, made.unit_price, made.amount) == (D(3), D("33.333333"), D(100))
    assert (made.kind, made.unit, made.status) == (Kind.MATERIAL, "pcs", BILL)
    assert (made.billed_quantity, made.billed_amount, made.account_group) == (None, None, None)


@pytest.mark.parametrize(
    ("item", "task", "project", "location", "code"),
    [
        ("I", "T", "P", "L", "I"),
        (None, "T", "P", "L", "T"),
        (None, None, "P", "L", "P"),
        (None, None, None, "L", "L"),
        (None, None, None, None, "S19"),
    ],
)
def test_its_tax_code_is_the_nearest(
    item: str | None, task: str | None, project: str | None, location: str | None, code: str
) -> None:
    found = books(
        customer=a_customer(locations=(Location(code="NORTH", tax_code=location),)),
        items={"CAM": Item(code="CAM", unit="box", tax_code=item, account_group="MATERIAL")},
        projects=(Project(code="P", customer="ACME", tax_code=project),),
        tasks=(Task(project="P", code="T", tax_code=task),),
    )
    made = manual_line(replace(NEW, item="CAM"), a_document(location="NORTH"), "P", found)
    assert (made.tax_code, made.unit, made.account_group) == (code, "box", "MATERIAL")


def test_its_tax_rate_is_that_of_the_billing_date() -> None:
    dated = {"S19": a_tax_code("S19", ("16", None), ("19", "2026-01-31"))}
    early = a_document(billing_date=day("2026-01-30"))
    percents = [
        manual_line(NEW, one, "P", some_books(tax_codes=dated)).tax_percent
        for one in (early, a_document())
    ]
    assert percents == [D(16), D(19)]


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"task": "X"}, "PRO-17"),
        ({"item": "X"}, "PRO-17"),
        ({"description": "  "}, "PRO-19"),
        ({"amount": D("0.001")}, "PRO-11"),
        ({"quantity": D("0.00001")}, "PRO-11"),
        ({"quantity": D("0.0001"), "amount": D("1e9")}, "PRO-12"),
    ],
)
def test_a_line_by_hand_that_does_not_fit_is_refused(facts: dict[str, Any], code: str) -> None:
    found = new_line_faults(replace(NEW, **facts), a_document(), "P", books())
    assert [one.code for one in found] == [code]


def test_a_line_by_hand_before_the_first_tax_rate_is_refused() -> None:
    late = some_books(tax_codes={"S19": a_tax_code("S19", ("19", "2026-02-01"))})
    (fault,) = new_line_faults(NEW, a_document(), "P", late)
    assert (fault.code, dt.date(2026, 1, 31).isoformat() in fault.message) == ("PRO-18", True)


def test_an_amount_typed_without_a_quantity_is_kept_when_one_is_typed() -> None:
    line = edit(edit(a_line(), quantity=D(0), amount=D(50)), quantity=D(10))
    assert (line.quantity, line.unit_price, line.amount) == (D(10), D(5), D(50))
