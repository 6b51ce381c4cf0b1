"""Workbooks that LibreOffice saved are taken in, and none is shipped as ours."""

import zipfile
from pathlib import Path

import pytest
import xlwings as xw

from tests.acceptance.calc.looking import differences, look
from tests.builders import Shop
from tests.cli.terminal import run
from timix_xl import macros
from timix_xl.hosts import calc
from timix_xl.settings import bundled
from timix_xl.workbook import entries_sheet, layout

ROOT = Path(__file__).parents[4]
SHIPPED = sorted(
    {*(ROOT / "workbooks").rglob("*.xls*"), *bundled("billing.xlsx").parent.rglob("*.xls*")}
)


def type_decision(book: xw.Book, entry: str, **cells: object) -> None:
    """Type into an entry's row, as a person does."""
    row = next(one for one in entries_sheet.rows(book) if one.text("Entry") == entry)
    for title, value in cells.items():
        letter = layout.ENTRIES.letter(title)
        book.sheets["Entries"].range(f"{letter}{row.number}").value = value


def test_closed_and_opened_again_it_shows_the_same_and_issues(
    book: xw.Book, app: xw.App, path: Path, desk: macros.Desk, shop: Shop
) -> None:
    type_decision(book, "E2", Decision="Defer", Reason="agreed")
    macros.preview(book, desk)
    before = look(book)
    book.save()
    book.close()
    again = calc.open_book(path, app)
    assert differences(before, look(again)) == {}
    done = macros.issue(again, desk)
    assert done is not None
    assert [row.text("Entry") for row in entries_sheet.rows(again)] == ["E2"]
    assert shop.problems() == ()


@pytest.fixture
def decided(book: xw.Book, path: Path) -> Path:
    """A file that LibreOffice saved, with a decision in it that the store does not know."""
    type_decision(book, "E2", Decision="Defer", Reason="agreed")
    type_decision(book, "E3", Decision="Write off", Reason="our mistake")
    book.save()
    book.close()
    return path


def test_the_command_line_previews_what_was_decided_in_it(decided: Path, shop: Shop) -> None:
    said = run("--store", shop.path, "--user", "ann", "--today", "2026-02-01", "preview",
               str(decided), "--json")  # fmt: skip
    assert said.code == 0, said
    kept = {name: said.json[name]["entries"] for name in ("billed", "deferred", "written_off")}
    assert kept == {"billed": 2, "deferred": 1, "written_off": 1}


def test_the_command_line_issues_what_was_decided_in_it(decided: Path, shop: Shop) -> None:
    said = run("--store", shop.path, "--user", "ann", "--today", "2026-02-01", "issue",
               str(decided), "--json")  # fmt: skip
    assert said.code == 0, said
    assert [one["number"] for one in said.json["documents"]] == ["INV-2026-00001"]
    assert shop.problems() == ()


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_no_workbook_that_we_ship_was_saved_by_libreoffice(path: Path) -> None:
    with zipfile.ZipFile(path) as parts:
        said = (
            parts.read("docProps/app.xml").decode()
            if "docProps/app.xml" in parts.namelist()
            else ""
        )
    assert "LibreOffice" not in said


def test_there_are_workbooks_that_we_ship() -> None:
    assert len(SHIPPED) >= 2
