"""A software company's work of ten years: 12,089 entries of 20 customers, against an oracle."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance.conftest import Desk
from tests.macros.driver import named, put, rows_of
from tests.ooxml.check import problems_in

SOURCE = Path(__file__).parents[3] / "shared" / "data" / "sip" / "make_entries.py"
pytestmark = pytest.mark.skipif(
    not SOURCE.is_file(), reason=f"the data set is not beside this checkout: {SOURCE}"
)
CUSTOMER = "PC2"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A desk whose store has all of it."""
    made = Desk(tmp_path_factory.mktemp("sip"), "2026-02-02")
    subprocess.run([sys.executable, SOURCE, made.folder], check=True, capture_output=True)
    made.run("init")
    made.run("import", made.path("sip-books.json"), made.path("sip-entries.csv"))
    return made


@pytest.fixture(scope="module")
def expected(desk: Desk) -> dict[str, dict[str, str]]:
    """What the oracle says of each customer."""
    told = json.loads(Path(desk.path("sip-expected.json")).read_text("utf-8"))
    return dict(told["by_customer"])


@pytest.fixture(scope="module")
def issued(desk: Desk) -> dict[str, Any]:
    """PC2 through the workbook: every tenth row deferred, every hundredth written off, by task."""
    file = desk.path("pc2.xlsx")
    desk.run("review", CUSTOMER, "--billing-date", "2026-01-31", "-o", file)
    book = openpyxl.load_workbook(file)
    for at, row in enumerate(rows_of(book, "tblEntries")):
        if at % 10 == 0:
            row["Decision"].value = "Defer" if at % 100 else "Write off"
            row["Reason"].value = "as agreed"
    put(book, "timix_group_by", "task")
    book.save(file)
    shown = desk.run("preview", file)
    done = desk.run("issue", file)
    return {"file": file, "preview": shown, "issue": done}


def test_every_customer_loads_with_the_hours_and_the_amount_of_the_oracle(
    desk: Desk, expected: dict[str, dict[str, str]]
) -> None:
    found = {
        one["customer"]: {
            "approved_entries": len(one["entries"]),
            "hours": Decimal(one["hours"]),
            "amount_by_entry": Decimal(one["amount"]),
        }
        for one in desk.run("unbilled", "--billing-date", "2026-01-31")
    }
    told = {
        customer: {
            "approved_entries": facts["approved_entries"],
            "hours": Decimal(facts["hours"]),
            "amount_by_entry": Decimal(facts["amount_by_entry"]),
        }
        for customer, facts in expected.items()
    }
    for facts in told.values():
        facts["approved_entries"] = int(facts["approved_entries"])
    assert (len(found), found) == (20, told)


def test_thousands_of_entries_go_through_the_workbook(
    issued: dict[str, Any], expected: dict[str, dict[str, str]]
) -> None:
    run = issued["issue"]
    counts = [run[name]["entries"] for name in ("billed", "deferred", "written_off")]
    whole = int(expected[CUSTOMER]["approved_entries"])
    assert (sum(counts), counts[2]) == (whole, -(-whole // 100))


def test_the_run_reconciles_with_the_oracle(
    issued: dict[str, Any], expected: dict[str, dict[str, str]]
) -> None:
    run = issued["issue"]
    settled = sum(Decimal(run[name]["amount"]) for name in ("billed", "deferred", "written_off"))
    assert settled == Decimal(expected[CUSTOMER]["amount_by_entry"]) + Decimal(run["rounding"])
    hours = sum(Decimal(run[name]["hours"]) for name in ("billed", "deferred", "written_off"))
    assert hours == Decimal(expected[CUSTOMER]["hours"])


def test_what_was_previewed_is_what_was_issued(issued: dict[str, Any]) -> None:
    (shown,), (made,) = issued["preview"]["documents"], issued["issue"]["documents"]
    assert (made["lines"], made["total"]) == (shown["lines"], shown["total"])


def test_a_line_stands_for_one_task_at_one_price(issued: dict[str, Any]) -> None:
    (made,) = issued["issue"]["documents"]
    keys = [(line["task"], line["unit_price"]) for line in made["lines"]]
    assert len(set(keys)) == len(keys) < 40


def test_the_workbook_keeps_what_was_deferred(issued: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(issued["file"], data_only=True)
    assert len(rows_of(book, "tblEntries")) == issued["issue"]["deferred"]["entries"]
    amount = named(book, "timix_loaded_amount").value
    assert Decimal(str(amount)) == Decimal(issued["issue"]["deferred"]["amount"])


def test_the_store_holds(desk: Desk, issued: dict[str, Any]) -> None:
    assert desk.run("verify")["ok"] is True


def test_excel_opens_the_workbook_without_a_question(issued: dict[str, Any]) -> None:
    assert problems_in(issued["file"]) == []
