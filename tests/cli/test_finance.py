"""The commands of finance: pack, finance, open."""

import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from tests.cli.terminal import Desk, run

LATER = "2026-03-05"


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return folder


# The month-end pack.


def test_pack_writes_a_pdf_named_for_the_month_into_this_folder(after: Desk) -> None:
    said = after("pack", "2026-01", today=LATER)
    assert said.code == 0, said
    assert said.out.startswith("Wrote month-end-2026-01.pdf: 2026-01, provisional")
    assert (
        "Month-end pack January 2026" in PdfReader("month-end-2026-01.pdf").pages[0].extract_text()
    )


def test_pack_takes_another_place(after: Desk, tmp_path: Path) -> None:
    place = tmp_path / "closing" / "january.pdf"
    place.parent.mkdir()
    assert after.json("pack", "2026-01", "-o", str(place), today=LATER)["file"] == str(place)
    assert place.is_file()


def test_one_figure_ties_and_several_tie(after: Desk, tmp_path: Path) -> None:
    assert "11 figures tie to the register" in after("pack", "2026-01", today=LATER).out
    empty = Desk(tmp_path / "empty.db")
    assert empty("init").code == 0
    assert "1 figure ties to the register" in empty("pack", "2026-01", today=LATER).out


def test_pack_answers_with_the_sums_and_what_ties(after: Desk) -> None:
    told = after.json("pack", "2026-01", today=LATER)
    euros, pounds = told["sums"]
    assert (euros["currency"], euros["net"], euros["outstanding"]) == (
        "EUR",
        "35344.67",
        "49560.49",
    )
    assert (pounds["currency"], pounds["gross"]) == ("GBP", "8248.26")
    assert {tie["holds"] for tie in told["ties"]} == {True}
    assert all(tie["one"] == tie["other"] for tie in told["ties"])
    assert told["closed"] is False


def test_pack_of_a_closed_month_says_closed(after: Desk) -> None:
    assert after("close", "2026-01", today=LATER).code == 0
    assert "2026-01, closed" in after("pack", "2026-01", today=LATER).out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("pack", "2026-13"), (2, "ARG-01")),
        (("pack", "2026-07"), (2, "ARG-01")),
        (("pack", "2026-01", "-o", "january.xlsx"), (2, "ARG-01")),
        (("pack", "2026-01", "-o", "/dev/null/january.pdf"), (8, "PDF-10")),
        (("pack", "2026-01", "-o", "no/such/january.pdf"), (8, "PDF-10")),
    ],
)
def test_pack_refuses(words: tuple[str, ...], code: tuple[int, str], after: Desk) -> None:
    assert after.error(*words, today=LATER) == code
    assert list(Path().iterdir()) == []


# The finance workbook.


def test_finance_writes_a_workbook_named_for_the_day(after: Desk) -> None:
    told = after.json("finance", today=LATER)
    assert Path(told["file"]).name == "finance-2026-03-05.xlsx"
    assert (told["as_of"], told["customers"], told["frame_orders"]) == (LATER, 5, 3)
    assert openpyxl.load_workbook(told["file"])["Ageing"]["A27"].value == "ALPEN"


def test_finance_shows_an_earlier_day_as_it_stood(after: Desk) -> None:
    told = after.json("finance", "--as-of", "2026-01-31", today=LATER)
    sheet = openpyxl.load_workbook(told["file"])["Receivables"]
    numbers = [row[0] for row in sheet.iter_rows(min_row=7, values_only=True)]
    assert "INV-2026-00013" in numbers
    assert "INV-2026-00014" not in numbers
    assert told["month"] == "2026-01"


def test_finance_ties_to_the_register(after: Desk) -> None:
    told = after.json("finance", today=LATER)
    table = openpyxl.load_workbook(told["file"])["Ageing"].iter_rows(min_row=27, values_only=True)
    sheet = {row[0]: round(row[9], 2) for row in table}
    register: dict[str, float] = {}
    for one in after.json("invoices", today=LATER):
        owed = float(one["outstanding"])
        register[one["customer"]] = round(register.get(one["customer"], 0) + owed, 2)
    assert sheet == {customer: owed for customer, owed in register.items() if owed}


def test_finance_brings_a_workbook_up_to_date(after: Desk) -> None:
    first = after.json("finance", "-o", "balances.xlsx", "--as-of", "2026-01-31", today=LATER)
    again = after.json("finance", "-o", "balances.xlsx", today=LATER)
    assert first["file"] == again["file"]
    assert openpyxl.load_workbook("balances.xlsx")["Ageing"]["B4"].value.month == 3


def test_finance_leaves_another_workbook_alone(after: Desk) -> None:
    openpyxl.Workbook().save("other.xlsx")
    before = Path("other.xlsx").read_bytes()
    assert after.error("finance", "-o", "other.xlsx", today=LATER) == (2, "FIN-02")
    assert Path("other.xlsx").read_bytes() == before


def test_finance_leaves_the_workbook_of_another_store_alone(after: Desk, tmp_path: Path) -> None:
    assert after("finance", "-o", "balances.xlsx", today=LATER).code == 0
    before = Path("balances.xlsx").read_bytes()
    other = Desk(tmp_path / "other.db")
    assert other("init").code == 0
    assert other.error("finance", "-o", "balances.xlsx", today=LATER) == (5, "FIN-03")
    assert Path("balances.xlsx").read_bytes() == before


@pytest.mark.parametrize("words", [("finance",), ("open",)])
def test_balances_of_a_day_that_has_not_come_are_refused(
    words: tuple[str, ...], after: Desk
) -> None:
    assert after.error(*words, "--as-of", "2026-03-06", today=LATER) == (2, "ARG-01")
    assert list(Path().iterdir()) == []


def test_finance_makes_no_folders(after: Desk) -> None:
    assert after.error("finance", "-o", "no/such/balances.xlsx", today=LATER) == (6, "HOST-08")
    assert list(Path().iterdir()) == []


def test_finance_of_an_empty_store_is_an_empty_workbook(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "empty.db")
    assert desk("init").code == 0
    told = desk.json("finance")
    assert (told["customers"], told["frame_orders"]) == (0, 0)
    assert desk("pack", "2026-01").code == 0


def test_finance_wants_the_name_of_a_workbook(after: Desk) -> None:
    assert after.error("finance", "-o", "balances.pdf", today=LATER) == (2, "ARG-01")


# Opening.


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose program for workbooks notes what it was asked to open."""
    if sys.platform != "linux":
        pytest.skip("stands in for Linux' program")
    folder, noted = tmp_path / "bin", tmp_path / "opened.txt"
    folder.mkdir()
    program = folder / "xdg-open"
    program.write_text(f'#!/bin/sh\necho "$1" > "{noted}"\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder))
    return noted


def test_open_opens_a_file(after: Desk, opened: Path) -> None:
    openpyxl.Workbook().save("other.xlsx")
    assert after("open", "other.xlsx").out == "Opened other.xlsx\n"
    assert opened.read_text().strip() == str(Path("other.xlsx").absolute())


def test_open_without_a_file_opens_balances_in_a_folder_of_the_reader(
    after: Desk, opened: Path
) -> None:
    told = after.json("open", "--as-of", "2026-01-31", today=LATER)
    assert opened.read_text().strip() == told["file"]
    assert Path(told["file"]).name == "finance-2026-01-31.xlsx"
    assert Path(told["file"]).parent not in {after.folder, Path.cwd()}
    assert list(Path().iterdir()) == []


@pytest.mark.parametrize("words", ["open", "finance", "pack 2026-01"])
def test_a_reader_changes_no_byte_of_the_store(words: str, after: Desk, opened: Path) -> None:
    before = after.contents()
    beside = {path.name for path in after.folder.iterdir() if path.name.startswith("timix.db")}
    assert after(*words.split(), today=LATER).code == 0
    assert after.contents() == before
    now = {path.name for path in after.folder.iterdir() if path.name.startswith("timix.db")}
    assert now == beside == {"timix.db"}


def test_a_reader_needs_no_right_to_write(after: Desk, opened: Path) -> None:
    after.store.chmod(0o444)
    folder = after.folder / "store"
    folder.mkdir()
    after.store.rename(folder / "timix.db")
    folder.chmod(0o555)
    try:
        assert Desk(folder / "timix.db")("open", today=LATER).code == 0
    finally:
        folder.chmod(0o755)


def test_a_reader_does_not_bring_an_old_store_up_to_date(after: Desk, opened: Path) -> None:
    with closing(sqlite3.connect(after.store)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '0001'")
    before = after.contents()
    assert after.error("open", today=LATER) == (7, "STORE-09")
    assert after.contents() == before


def test_open_on_a_machine_without_a_program_says_where_the_file_is(
    after: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "platform", "linux")
    said = after("open", today=LATER)
    assert said.code == 6
    assert "finance-2026-03-05.xlsx is there and was not opened" in said.err


def test_open_of_a_file_that_is_not_there_is_refused(after: Desk) -> None:
    assert after.error("open", "nothing.xlsx") == (4, "FIND-05")


def test_open_without_a_store_says_so(tmp_path: Path) -> None:
    said = run("--store", str(tmp_path / "none.db"), "open", "--json")
    assert (said.code, said.error["code"]) == (4, "STORE-01")
