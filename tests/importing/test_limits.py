"""Limits: their amounts, and what is invoiced already."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANN, Shop
from timix_xl.importing import faults
from timix_xl.importing.books_writing import export_books
from timix_xl.importing.take_in import ImportReport, take_in

BOOKS = """{"settings": {"over_limit": "%s"},
 "limits": [{"project": "P", %s "amount": "%s"}]}"""


def limited(
    shop: Shop, folder: Path, amount: str, *, policy: str = "validate", scope: str = ""
) -> ImportReport:
    """Take in a limit of project P."""
    file = folder / "limits.json"
    file.write_text(BOOKS % (policy, scope, amount), "utf-8")
    return take_in(shop.store, [file], actor=ANN)


@pytest.fixture
def billed(shop: Shop) -> Shop:
    """An hour at 100 is invoiced, and a draft has another one."""
    shop.time("E1")
    shop.issue()
    shop.time("E2")
    return shop


@pytest.mark.usefixtures("books")
def test_a_limit_is_known_by_what_it_covers(take: Any, rows: Any) -> None:
    higher = {"project": "P1", "amount": "26000"}
    report = take({"limits": [higher, {"project": "P1", "task": "walls", "amount": "1"}]})
    assert (report.changed, report.taken) == (1, 1)
    found = {(row["task"], row["account_group"]): row["amount"] for row in rows("limits")}
    assert found == {(None, None): 2600000, ("build", "LABOR"): 900050, ("walls", None): 100}
    assert "limit P1" in [row["object"] for row in rows("audit_log")]


@pytest.mark.usefixtures("books")
def test_a_limit_is_in_the_customers_currency(take: Any, rows: Any) -> None:
    take(
        {
            "projects": [{"code": "Y1", "customer": "YEN"}],
            "limits": [{"project": "Y1", "amount": "500000"}],
        }
    )
    assert 500_000 in [row["amount"] for row in rows("limits")]


@pytest.mark.usefixtures("books")
def test_the_currency_of_a_limit_stays(take: Any) -> None:
    new = {"code": "N", "name": "New", "currency": "EUR", "tax_code": "S19"}
    take(
        {
            "customers": [new],
            "projects": [{"code": "Q", "customer": "N"}],
            "limits": [{"project": "Q", "amount": "10"}],
        }
    )
    assert [one.code for one in take({"customers": [new | {"currency": "JPY"}]}).refused] == [
        faults.CANNOT_CHANGE.code
    ]
    assert [one.code for one in take({"projects": [{"code": "Q", "customer": "YEN"}]}).refused] == [
        faults.CANNOT_CHANGE.code
    ]


def test_a_limit_below_what_is_invoiced_is_refused(billed: Shop, tmp_path: Path) -> None:
    (fault,) = limited(billed, tmp_path, "99.99").refused
    assert (fault.row, fault.column, fault.code) == ("limits[0]", "amount", "LIMIT-10")
    assert fault.message == (
        "100.00 EUR are invoiced for project P already, which is more than the limit of 99.99 EUR."
    )


def test_a_limit_of_what_is_invoiced_is_taken(billed: Shop, tmp_path: Path) -> None:
    assert limited(billed, tmp_path, "100").refused == ()


def test_only_what_a_limit_covers_counts(billed: Shop, tmp_path: Path) -> None:
    assert limited(billed, tmp_path, "1", scope='"account_group": "MATERIAL",').refused == ()
    assert limited(billed, tmp_path, "1", scope='"task": "T",').refused != ()


def test_an_ignored_limit_is_taken_with_a_warning(billed: Shop, tmp_path: Path) -> None:
    report = limited(billed, tmp_path, "50", policy="ignore")
    assert [(one.column, one.code) for one in report.warnings] == [("amount", "LIMIT-11")]
    assert report.written


def test_a_limit_that_was_passed_since_is_known(shop: Shop, tmp_path: Path) -> None:
    limited(shop, tmp_path, "50", policy="ignore")
    shop.time("E1")
    shop.issue()
    assert limited(shop, tmp_path, "50").refused == ()


def test_the_export_says_of_which_limits_something_is_invoiced(
    billed: Shop, tmp_path: Path
) -> None:
    limited(billed, tmp_path, "100")
    done = export_books(billed.store, tmp_path / "books.json", today=ANN.today)
    assert (done.left_behind.limits, done.counts["limits"]) == (1, 1)
