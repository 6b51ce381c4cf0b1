"""Another spreadsheet program calculates our workbooks: the tiles agree to the cent."""

import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.acceptance import extract
from tests.acceptance.conftest import Desk, Recalculate
from tests.macros.driver import Workbook, named, put, rows_of
from timix_xl import macros
from timix_xl.store.database import open_store

pytestmark = pytest.mark.stores("sqlite")
TILES = (
    "bill_count",
    "bill_hours",
    "bill_amount",
    "defer_hours",
    "defer_amount",
    "write_off_hours",
    "write_off_amount",
    "loaded_hours",
    "loaded_amount",
)


@pytest.fixture(scope="module")
def book(month: Desk, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """A workbook of the extract, on a copy of its store as it was before anything was billed."""
    folder = tmp_path_factory.mktemp("calc")
    desk = Desk(folder, "2026-02-02")
    for name in ("books.json", "entries.csv"):
        shutil.copy(month.path(name), folder)
    desk.run("init")
    desk.run("import", desk.path("books.json"), desk.path("entries.csv"))
    made = Workbook(folder / "loaded.xlsx", open_store(desk.path("timix.db")))
    made.load("001")
    return made


def tiles(book: openpyxl.Workbook) -> dict[str, Decimal]:
    """Read the tiles, to the cent and the fourth decimal of an hour."""
    values = {name: named(book, f"timix_{name}").value for name in TILES}
    return {name: round(Decimal(str(value or 0)), 4) for name, value in values.items()}


def figures(word: str) -> tuple[Decimal, Decimal]:
    """Work out what a tile group shows, apart."""
    return extract.hours(extract.of(word)), extract.amount(extract.of(word))


def no_errors(book: openpyxl.Workbook) -> list[str]:
    """Return the cells that show an error."""
    return [
        f"{sheet.title}!{cell.coordinate}"
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]


def test_a_loaded_workbook_is_calculated_alike(book: Workbook, recalculated: Recalculate) -> None:
    theirs = recalculated(book.path)
    assert tiles(theirs) == tiles(book.seen())
    assert tiles(theirs)["loaded_amount"] == extract.amount(list(extract.work()))
    assert no_errors(theirs) == []


@pytest.fixture(scope="module")
def decided(book: Workbook) -> Workbook:
    """The workbook after another program typed decisions into it, not calculated by us since."""
    copy = Workbook(book.path.with_name("decided.xlsx"), book.desk.store)
    shutil.copy(book.path, copy.path)
    with copy.edited() as edited:
        for row in rows_of(edited, "tblEntries"):
            one = next(one for one in extract.work() if one.id == row["Entry"].value)
            row["Decision"].value = extract.decision(one)
            row["Reason"].value = "agreed"
        put(edited, "timix_group_by", "task")
    return copy


def test_changed_decisions_move_their_tiles_too(
    decided: Workbook, recalculated: Recalculate
) -> None:
    theirs = tiles(recalculated(decided.path))
    found = {
        word: (theirs[f"{name}_hours"], theirs[f"{name}_amount"])
        for word, name in (("Bill", "bill"), ("Defer", "defer"), ("Write off", "write_off"))
    }
    assert found == {word: figures(word) for word in ("Bill", "Defer", "Write off")}


@pytest.fixture(scope="module")
def previewed(decided: Workbook) -> tuple[Workbook, Any]:
    """The decided workbook after a preview."""
    copy = Workbook(decided.path.with_name("previewed.xlsx"), decided.desk.store)
    shutil.copy(decided.path, copy.path)
    return copy, copy.run(macros.preview)


def test_tile_and_rounding_are_the_previews_subtotal(
    previewed: tuple[Workbook, Any], recalculated: Recalculate
) -> None:
    book, plan = previewed
    theirs = recalculated(book.path)
    rounding = round(Decimal(str(named(theirs, "timix_rounding").value)), 2)
    assert rounding == extract.ROUNDING
    assert tiles(theirs)["bill_amount"] + rounding == plan.documents[0].subtotal


def test_an_issued_workbook_opens_without_an_error(
    previewed: tuple[Workbook, Any], recalculated: Recalculate
) -> None:
    book, _ = previewed
    copy = Workbook(book.path.with_name("issued.xlsx"), book.desk.store)
    shutil.copy(book.path, copy.path)
    copy.run(macros.issue)
    theirs = recalculated(Path(copy.path))
    assert no_errors(theirs) == []
    assert tiles(theirs) == tiles(copy.seen())
