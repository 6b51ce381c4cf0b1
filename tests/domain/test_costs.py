"""What an entry cost: the amount, else the unit cost, else the person's cost rate."""

from decimal import Decimal as D

import pytest

from tests.builders import an_entry
from timix_xl.domain.costs import cost_amount
from timix_xl.domain.entries import Kind
from timix_xl.domain.items import Person

ANN = Person(code="ann", name="Ann", cost_rate=D("45.55"))


def cost(*, person: Person | None = ANN, **facts) -> D | None:
    return cost_amount(an_entry(**facts), person, "EUR")


def test_the_cost_amount_comes_first() -> None:
    assert cost(quantity=D(2), cost_amount=D("80.10"), unit_cost=D("40.05")) == D("80.10")


def test_a_cost_amount_of_zero_is_one() -> None:
    assert cost(cost_amount=D(0)) == 0


def test_the_unit_cost_comes_second_and_is_rounded_once() -> None:
    assert cost(quantity=D("1.5"), unit_cost=D("33.33")) == D("50.00")


def test_a_unit_cost_of_zero_is_one() -> None:
    assert cost(unit_cost=D(0)) == 0


def test_hours_worked_at_the_persons_cost_rate_come_last() -> None:
    assert cost(quantity=D("1.5"), billable_quantity=D(1)) == D("68.33")


def test_material_is_not_made_by_the_hour() -> None:
    assert cost(kind=Kind.MATERIAL, unit="pcs") is None


@pytest.mark.parametrize("person", [None, Person(code="bob", name="Bob")])
def test_nobody_said_is_no_cost(person: Person | None) -> None:
    assert cost(person=person) is None


def test_a_cost_is_in_the_companys_currency_whatever_the_entry_is_billed_in() -> None:
    assert cost(currency="CHF", unit_cost=D("5.005")) == D("5.01")


def test_a_cost_is_rounded_to_the_currencys_minor_unit() -> None:
    assert cost_amount(an_entry(currency="JPY", unit_cost=D("33.5")), None, "JPY") == 34


@pytest.mark.parametrize("kind", [Kind.REMAINDER, Kind.REVERSAL])
def test_a_remainder_costs_nothing(kind: Kind) -> None:
    assert cost(kind=kind, quantity=D(0), face_amount=D(100), person=None) == 0


def test_work_that_is_taken_back_costs_less() -> None:
    assert cost(quantity=D(-1)) == D("-45.55")
