"""A whole month on files: import, review, decide in cells, preview, issue, PDF, verify.

The tests of this module share one store, and stand in the order of the work.
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pypdf
import pytest

from tests.acceptance import extract
from tests.acceptance.conftest import Desk
from tests.macros.driver import named, put, rows_of


@pytest.fixture(scope="module")
def review(month: Desk) -> dict[str, Any]:
    """The review of customer 001, loaded into a workbook."""
    return dict(
        month.run("review", "001", "--billing-date", "2026-01-31", "-o", month.path("m.xlsx"))
    )


@pytest.fixture(scope="module")
def preview(month: Desk, review: dict[str, Any]) -> dict[str, Any]:
    """The preview after decisions were typed into the cells by another program."""
    decide_in_cells(review["file"])
    return dict(month.run("preview", review["file"]))


def decide_in_cells(path: str) -> None:
    """Type the decisions of the extract, as another program does."""
    book = openpyxl.load_workbook(path)
    for row in rows_of(book, "tblEntries"):
        word = extract.decision(next(o for o in extract.work() if o.id == row["Entry"].value))
        row["Decision"].value = None if word == "Bill" else word
        row["Reason"].value = "agreed" if word == "Write off" else None
    put(book, "timix_group_by", "task")
    book.save(path)


@pytest.fixture(scope="module")
def issued(month: Desk, review: dict[str, Any], preview: dict[str, Any]) -> dict[str, Any]:
    """The issue of the workbook."""
    return dict(month.run("issue", review["file"]))


def test_every_entry_is_loaded_with_its_hours_and_amount(review: dict[str, Any]) -> None:
    whole = list(extract.work())
    assert (len(review["entries"]), review["left_out"]) == (40, [])
    assert Decimal(review["hours"]) == extract.hours(whole) == Decimal("37.2663")
    assert Decimal(review["amount"]) == extract.amount(whole) == Decimal("3666.10")


def test_rounding_from_grouping_is_not_zero(preview: dict[str, Any]) -> None:
    assert Decimal(preview["rounding"]) == extract.ROUNDING == Decimal("-0.04")


def test_the_preview_has_the_lines_that_were_worked_out_apart(preview: dict[str, Any]) -> None:
    (document,) = preview["documents"]
    found = sorted(Decimal(line["amount"]) for line in document["lines"])
    assert found == sorted(extract.lines().values())


def test_the_preview_has_the_totals_of_the_docstring(preview: dict[str, Any]) -> None:
    (document,) = preview["documents"]
    figures = [document["hours"], document["subtotal"], document["tax"][0]["amount"]]
    assert [*figures, document["total"]] == ["35.8497", "3530.70", "670.83", "4201.53"]


def test_deferred_and_written_off_are_counted_apart(preview: dict[str, Any]) -> None:
    figures = {
        name: (preview[name]["hours"], preview[name]["amount"])
        for name in ("deferred", "written_off")
    }
    assert figures == {"deferred": ("1.0833", "103.51"), "written_off": ("0.3333", "31.85")}


def test_the_preview_reconciles(preview: dict[str, Any]) -> None:
    assert preview["reconciles"] is True
    loaded, billed, deferred, written_off = (
        Decimal(preview[name]["amount"]) for name in ("loaded", "billed", "deferred", "written_off")
    )
    assert loaded + Decimal(preview["rounding"]) == billed + deferred + written_off


def test_the_issue_is_what_the_preview_was(issued: dict[str, Any], preview: dict[str, Any]) -> None:
    (made,), (shown,) = issued["documents"], preview["documents"]
    assert made["number"] == "INV-2026-00001"
    for name in ("lines", "hours", "subtotal", "tax", "total"):
        assert made[name] == shown[name], name


def test_the_workbook_shows_what_is_left(issued: dict[str, Any], review: dict[str, Any]) -> None:
    book = openpyxl.load_workbook(review["file"], data_only=True)
    left = [row["Entry"].value for row in rows_of(book, "tblEntries")]
    assert left == [one.id for one in extract.of("Defer")]
    assert named(book, "timix_loaded_amount").value == 103.51


def test_the_pdf_prints_the_total(month: Desk, issued: dict[str, Any]) -> None:
    file = month.run("invoice", "pdf", "INV-2026-00001", "-o", str(month.folder))["file"]
    text = "\n".join(page.extract_text() for page in pypdf.PdfReader(Path(file)).pages)
    assert "4,201.53" in text
    assert "E39" in text


def test_a_second_import_takes_nothing_twice(month: Desk, issued: dict[str, Any]) -> None:
    report = month.run("import", month.path("entries.csv"))
    assert (report["taken"], report["known"]) == (0, 40)


def test_the_store_holds(month: Desk, issued: dict[str, Any]) -> None:
    assert month.run("verify")["ok"] is True
