"""Buttons of the workbook from the command line, and files that are open elsewhere."""

from contextlib import closing
from pathlib import Path

import openpyxl
import pytest

from tests.builders import plain, unguard
from tests.cli.terminal import Desk

pytestmark = pytest.mark.stores("sqlite", "postgresql")
JANUARY = ("--billing-date", "2026-01-31")


@pytest.fixture
def hanse(desk: Desk) -> Path:
    path = desk.folder / "HANSE.xlsx"
    assert desk("review", "HANSE", *JANUARY, "-o", str(path)).code == 0
    return path


def test_what_fits_an_order_is_set_to_bill_from_the_command_line(desk: Desk, hanse: Path) -> None:
    said = desk("run", "fit-to-frame-order", str(hanse))

    assert said.code == 0
    assert "fit frame order 4500017731; " in said.out
    assert desk.json("preview", str(hanse))["faults"] == []


def test_actions_of_the_register_are_carried_out_from_the_command_line(
    desk: Desk, hanse: Path
) -> None:
    desk("run", "fit_to_frame_order", str(hanse))
    desk("issue", str(hanse))
    book = openpyxl.load_workbook(hanse)
    sheet = book["Invoices"]
    (head,) = (cell for row in sheet for cell in row if cell.value == "Action")
    (issued,) = (cell for row in sheet for cell in row if cell.value == "INV-2026-00008")
    sheet.cell(issued.row, head.column).value = "Send"
    book.save(hanse)

    assert desk("run", "run_actions", str(hanse)).code == 0
    assert [one["status"] for one in desk.json("invoices")][2:] == ["sent", "issued", "issued"]


def test_a_button_that_there_is_not_is_refused(desk: Desk, hanse: Path) -> None:
    assert desk.error("run", "press_me", str(hanse)) == (2, "ARG-02")


@pytest.mark.parametrize("command", ["issue", "preview", "decide"])
def test_a_workbook_that_is_open_elsewhere_stops_a_command_before_it_starts(
    desk: Desk, hanse: Path, command: str
) -> None:
    hanse.with_name(f"~${hanse.name}").touch()

    assert desk.error(command, str(hanse)) == (6, "HOST-06")
    assert [one["number"] for one in desk.json("invoices")] == ["R25-0231", "R25-0244"]


def test_a_run_that_draws_on_no_order_says_which_there_is(desk: Desk) -> None:
    said = desk("preview", "HANSE", *JANUARY)

    assert "No frame order is drawn on; HANSE has 4500017731 (148.5 h left)" in said.out


def test_no_frame_order_may_be_said_in_the_words_of_the_sheet(desk: Desk) -> None:
    said = desk.json("preview", "HANSE", *JANUARY, "--frame-order", "no frame order")

    assert said["faults"] == []


def test_what_was_paid_too_much_stands_apart_from_what_is_outstanding(desk: Desk) -> None:
    desk("issue", "THAMES", *JANUARY)
    said = desk("invoice", "pay", "INV-2026-00008", "--amount", "9000", "--date", "2026-02-02")

    assert "Owed to customers: " in said.out
    assert "Outstanding: 10,591.00 EUR" in desk("invoices").out


def test_a_store_that_does_not_hold_is_a_conflict_from_the_workbook_too(
    desk: Desk, hanse: Path
) -> None:
    assert desk("run", "verify-store", str(hanse)).code == 0
    with closing(plain(str(desk.store))) as owner:
        unguard(owner)

    assert desk("run", "verify-store", str(hanse)).code == 5


def test_a_void_with_a_request_id_is_done_once(desk: Desk) -> None:
    desk("issue", "THAMES", *JANUARY)
    void = ("invoice", "void", "INV-2026-00008", "--reason", "twice", "--request", "v1")

    assert [desk(*void).code, desk(*void).code] == [0, 0]
