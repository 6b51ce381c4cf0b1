"""What billing rules, pro formas and other currencies make of work, functions tell as well."""

import datetime as dt
from random import Random

import pytest

from tests.billing import agency
from tests.billing.engine import billed, rule, ruled
from tests.builders import ANN, D, Shop, day
from tests.functions.conftest import TODAY
from timix_xl import functions as xl
from timix_xl.billing.decide import decidable
from timix_xl.billing.load import load
from timix_xl.billing.project_figures import project_figures
from timix_xl.billing.wip import unbilled_by_customer
from timix_xl.domain.money import total
from timix_xl.errors import TimixError

CUSTOMERS = ["ACME", "NIPPON"]


@pytest.fixture(params=[2, 4, 5])
def office(cells: Shop, request: pytest.FixtureRequest) -> Shop:
    """An agency with random rules; some of its work is on invoices, drafts and pro formas."""
    chance = Random(request.param)
    agency.furnish(cells, chance)
    early, late = day("2026-01-20"), day("2026-02-15")
    for first, upto in ((0, early), (60, late)):
        cells.entries(
            agency.some_work(chance, f"E{first + at:03d}", upto, dt.date.min) for at in range(60)
        )
        if upto == early:
            _bill(cells)
    return cells


def _bill(shop: Shop) -> None:
    """Bill what the random rules let be billed; what they do not stays unbilled."""
    for project in "PQ":
        try:
            billed(shop, project, actor=ANN)
        except TimixError:
            continue
    for customer in CUSTOMERS:
        try:
            shop.issue(customer)
        except TimixError:
            continue


def test_unbilled_work_by_rule_is_what_a_load_shows(office: Shop) -> None:
    reviews = [load(office.store, one, TODAY) for one in CUSTOMERS]

    assert xl.TIMIX_UNBILLED_HOURS(CUSTOMERS) == [float(one.hours) for one in reviews]
    assert xl.TIMIX_UNBILLED_AMOUNT(CUSTOMERS) == [float(one.amount) for one in reviews]
    assert any(one.rows for one in reviews)


def test_unbilled_work_by_rule_as_of_a_day_is_the_wip_of_that_day(office: Shop) -> None:
    found = unbilled_by_customer(office.store, day("2026-01-31"))
    amounts = {customer: total(one.amount for one in rows) for customer, _, rows in found}

    assert xl.TIMIX_UNBILLED_AMOUNT(CUSTOMERS, day("2026-01-31")) == [
        float(amounts[one]) for one in CUSTOMERS
    ]


def test_wip_counts_what_is_on_drafts_and_pro_formas(office: Shop) -> None:
    projects = project_figures(office.store)

    assert xl.TIMIX_WIP([one.project for one in projects]) == [
        float(one.figures.wip) for one in projects
    ]
    assert any(one.figures.wip for one in projects)


def test_what_only_the_engine_bills_can_be_decided(office: Shop) -> None:
    rows = [row for one in CUSTOMERS for row in decidable(office.store, one).rows]

    assert set(xl.TIMIX_CHECK([row.entry.id for row in rows], "Defer")) == {""}


def test_what_cannot_be_decided_is_not_fine(office: Shop) -> None:
    left_out = [one for each in CUSTOMERS for one in decidable(office.store, each).left_out]

    found = xl.TIMIX_CHECK([one.entry.id for one in left_out], "Bill")

    assert found
    assert [one for one in found if "is no longer open to bill" not in one] == []


@pytest.fixture
def by_rule(cells: Shop) -> Shop:
    """Project P bills labor by the rates of table STD: Ann 140, everybody else 90 until March."""
    ruled(cells, {"amount": "=[Entry.BillableQty]*@Rate", "rate_type": "HOUR"})
    cells.change("projects", {"code": "P"}, rate_table="STD")
    cells.add("rate_tables", code="STD", rate_type="HOUR")
    for seq, factors in ((1, "employee"), (2, "account_group")):
        cells.add("rate_sequences", rate_table="STD", rate_type="HOUR", seq=seq, factors=factors)
    rates = (
        {"seq": 1, "employee": "ann", "rate": D(140)},
        {"seq": 2, "account_group": "LABOR", "rate": D(90), "until": day("2026-03-31")},
    )
    for rate in rates:
        cells.add("table_rates", rate_table="STD", rate_type="HOUR", **rate)
    return cells


@pytest.mark.parametrize(
    ("person", "on_date", "rate"),
    [
        ("ann", "2026-01-05", 140.0),
        ("ben", "2026-01-05", 90.0),
        (None, "2026-01-05", 90.0),
        ("ben", "2026-04-01", "#N/A"),
    ],
)
def test_the_rate_of_a_task_with_a_rule_is_that_of_its_rate_table(
    by_rule: Shop, person: str | None, on_date: str, rate: float | str
) -> None:
    assert xl.TIMIX_BILL_RATE("P", "T", person, on_date) == rate


def test_a_rule_without_a_step_for_labor_has_no_rate(cells: Shop) -> None:
    rule(cells, "M", {"account_group": "MATERIAL"})
    cells.change("tasks", {"project": "P", "code": "T"}, billing_rule="M")

    assert xl.TIMIX_BILL_RATE("P", "T", "ann", "2026-01-05") == "#N/A"


def test_the_rate_by_rule_is_the_rate_of_the_entries_of_a_load(by_rule: Shop) -> None:
    by_rule.time("E1", hours="7.3333")
    (row,) = load(by_rule.store, "ACME", TODAY).rows

    assert xl.TIMIX_BILL_RATE("P", "T", "ann", row.entry.date) == float(row.priced.rate)
