"""How many statements a call takes: as many for ten thousand keys as for one."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from tests.builders import D, Shop, copy_of
from timix_xl import functions as xl
from timix_xl.udf.declaring import STORE

pytestmark = pytest.mark.stores("sqlite")  # what is said to it is traced
COUNTS = (1, 100, 10_000)
NAMES = map(str, itertools.count())
"""Each is another one: SQLite does not write what is there already."""
LAST_DAY = dt.date(2026, 1, 31)


def customers(count: int) -> list[list[str]]:
    return _some("C", count)


def orders(count: int) -> list[list[str]]:
    return _some("FO", count)


def projects(count: int) -> list[list[str]]:
    return _some("P-C", count)


def documents(count: int) -> list[list[str]]:
    return [[f"INV-2026-{1 + at % 3:05d}"] for at in range(count)]


def entries(count: int) -> list[list[str]]:
    return _some("E", count)


def _some(kind: str, count: int) -> list[list[str]]:
    return [[f"{kind}{at % 150}"] for at in range(count)]


ONE_SELECT: dict[str, Callable[[int], Any]] = {
    "TIMIX_PO_TOTAL": lambda count: xl.TIMIX_PO_TOTAL(orders(count)),
    "TIMIX_PO_BILLED": lambda count: xl.TIMIX_PO_BILLED(orders(count)),
    "TIMIX_PO_REMAINING": lambda count: xl.TIMIX_PO_REMAINING(orders(count)),
    "TIMIX_PO_UTILIZATION": lambda count: xl.TIMIX_PO_UTILIZATION(orders(count)),
    "TIMIX_INVOICE_TOTAL": lambda count: xl.TIMIX_INVOICE_TOTAL(documents(count)),
    "TIMIX_INVOICE_STATUS": lambda count: xl.TIMIX_INVOICE_STATUS(documents(count)),
    "TIMIX_OUTSTANDING": lambda count: xl.TIMIX_OUTSTANDING(customers(count)),
    "TIMIX_FRAME_ORDERS": lambda _: xl.TIMIX_FRAME_ORDERS("C1"),
}
"""What reads one thing."""
PRICED: dict[str, Callable[[int], Any]] = {
    "TIMIX_UNBILLED_HOURS": lambda count: xl.TIMIX_UNBILLED_HOURS(customers(count)),
    "TIMIX_UNBILLED_HOURS as of": lambda count: xl.TIMIX_UNBILLED_HOURS(
        customers(count), [[LAST_DAY - dt.timedelta(days=at % 40)] for at in range(count)]
    ),
    "TIMIX_UNBILLED_AMOUNT": lambda count: xl.TIMIX_UNBILLED_AMOUNT(customers(count)),
    "TIMIX_BILL_RATE": lambda count: xl.TIMIX_BILL_RATE(projects(count), "T", "ann", LAST_DAY),
    "TIMIX_WIP": lambda count: xl.TIMIX_WIP(projects(count)),
    "TIMIX_CHECK": lambda count: xl.TIMIX_CHECK(entries(count), "Bill"),
    "TIMIX_ENTRIES": lambda _: xl.TIMIX_ENTRIES("C1"),
}
"""What has to be priced, or traced through its history."""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory, template: Any) -> Shop:
    """150 customers with a project and a frame order each, 150 entries, three invoices."""
    made = copy_of(template, tmp_path_factory.mktemp("many"))
    facts = {"currency": "EUR", "tax_code": "S19", "bill_rate": D(100), "name": "Some"}
    made.add("customers", *({"code": f"C{at}", **facts} for at in range(150)))
    for at in range(150):
        made.project(f"P-C{at}", customer=f"C{at}")
    made.entries({"id": f"E{at}", "project": f"P-C{at}", "hours": "2.5"} for at in range(150))
    order = {"unit": "h", "total": 1_000_000, "overrun": "block", "state": "open"}
    made.add(
        "frame_orders",
        *({"number": f"FO{at}", "customer": f"C{at}", **order} for at in range(150)),
    )
    for at in range(3):
        made.issue(f"C{at}", frame_order=f"FO{at}")
    return made


@pytest.fixture
def reading(many: Shop, monkeypatch: pytest.MonkeyPatch, statements: list[str]) -> list[str]:
    """The statements of calls on that store."""
    monkeypatch.setenv("TIMIX_STORE", many.path)
    return statements


def selects(statements: list[str]) -> list[str]:
    return [one for one in statements if one.startswith("SELECT")]


def after_a_change(many: Shop, call: Callable[[int], Any], count: int, said: list[str]) -> int:
    """Count the queries of a call when somebody has just changed the store."""
    call(1)
    many.change("customers", {"code": "C9"}, name=next(NAMES))
    said.clear()
    call(count)
    return len(selects(said))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("name", ONE_SELECT)
def test_what_is_read_anew_is_one_select_whatever_the_number_of_keys(
    many: Shop, reading: list[str], name: str, count: int
) -> None:
    assert after_a_change(many, ONE_SELECT[name], count, reading) == 1


@pytest.mark.parametrize("name", ONE_SELECT)
def test_the_first_call_of_a_process_is_that_select_and_the_look_at_the_version(
    reading: list[str], name: str
) -> None:
    STORE.close()
    ONE_SELECT[name](10_000)

    queries = selects(reading)
    assert ["alembic_version" in one for one in queries] == [True, False]


@pytest.mark.parametrize("name", PRICED)
def test_what_is_priced_anew_takes_as_many_selects_for_ten_thousand_keys_as_for_one(
    many: Shop, reading: list[str], name: str
) -> None:
    counted = [after_a_change(many, PRICED[name], count, reading) for count in COUNTS]

    assert len(set(counted)) == 1
    assert 1 < counted[0] <= 40


@pytest.mark.parametrize("name", ONE_SELECT | PRICED)
def test_what_is_kept_takes_no_query_at_all(reading: list[str], name: str) -> None:
    call = (ONE_SELECT | PRICED)[name]
    call(100)
    reading.clear()
    call(100)

    assert reading == ["BEGIN", "PRAGMA data_version", "COMMIT"]


def test_functions_of_one_look_up_share_it(reading: list[str]) -> None:
    xl.TIMIX_PO_TOTAL("FO1")
    reading.clear()
    xl.TIMIX_PO_REMAINING("FO2")
    xl.TIMIX_PO_UTILIZATION("FO3")

    assert selects(reading) == []


def test_ten_thousand_different_names_are_one_select(many: Shop, reading: list[str]) -> None:
    keys = [[f"FO{at}"] for at in range(10_000)]

    found = after_a_change(many, lambda _: xl.TIMIX_PO_REMAINING(keys), 10_000, reading)

    assert found == 1
