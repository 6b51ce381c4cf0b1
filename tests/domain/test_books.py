"""Books: what a task inherits, and the tax and price tables by date."""

from decimal import Decimal as D

import pytest

from tests.builders import a_customer, a_tax_code, day, some_books
from timix_xl.domain.customers import Location
from timix_xl.domain.entries import BillingType
from timix_xl.domain.items import Item, Price
from timix_xl.domain.projects import Project, Task


def test_without_any_billing_type_work_is_billed_by_the_entry() -> None:
    assert some_books().facts("P", "T").billing_type is BillingType.TM


def test_the_customers_billing_type_holds_where_nothing_nearer_says_otherwise() -> None:
    books = some_books(customer=a_customer(billing_type=BillingType.OVERHEAD))
    assert books.facts("P", "T").billing_type is BillingType.OVERHEAD


def test_a_chain_of_tasks_runs_from_the_subtask_upwards() -> None:
    tasks = (
        Task(project="P", code="T", parent="MID"),
        Task(project="P", code="MID", parent="TOP"),
        Task(project="P", code="TOP"),
    )
    assert some_books(tasks=tasks).facts("P", "T").chain == ("T", "MID", "TOP")


def test_tasks_that_are_each_others_parent_end_the_chain() -> None:
    tasks = (Task(project="P", code="T", parent="U"), Task(project="P", code="U", parent="T"))
    assert some_books(tasks=tasks).facts("P", "T").chain == ("T", "U")


def test_a_parent_of_another_project_is_no_parent() -> None:
    tasks = (Task(project="P", code="T", parent="X"), Task(project="Q", code="X"))
    assert some_books(tasks=tasks).facts("P", "T").chain == ("T",)


def test_a_location_that_the_customer_does_not_have_is_none() -> None:
    customer = a_customer(locations=(Location(code="NORTH"),))
    tasks = (Task(project="P", code="T", location="SOUTH"),)
    assert some_books(customer=customer, tasks=tasks).facts("P", "T").location is None


def test_the_projects_billing_type_beats_the_customers() -> None:
    books = some_books(
        customer=a_customer(billing_type=BillingType.OVERHEAD),
        projects=(Project(code="P", customer="ACME", billing_type=BillingType.FIXED),),
    )
    assert books.facts("P", "T").billing_type is BillingType.FIXED


@pytest.mark.parametrize(
    ("on", "percent"),
    [("2006-12-31", "16"), ("2007-01-01", "19"), ("2020-07-01", "16"), ("2021-01-01", "19")],
)
def test_the_latest_tax_rate_that_has_begun_holds(on: str, percent: str) -> None:
    rates = [("19", "2007-01-01"), ("16", None), ("19", "2021-01-01"), ("16", "2020-07-01")]
    assert a_tax_code("S", *rates).percent_on(day(on)) == D(percent)


def test_before_its_first_rate_a_tax_code_has_none() -> None:
    assert a_tax_code("S", ("19", "2007-01-01")).percent_on(day("2006-12-31")) is None


def test_a_price_list_may_be_given_in_any_order() -> None:
    prices = (Price(price=D(2), since=day("2026-02-01")), Price(price=D(1)))
    assert Item(code="CAM", prices=prices).price_on(day("2026-01-31")) == D(1)
