"""Sheets of a workbook that is open in LibreOffice."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlwings as xw

from tests.hosts.calc.books import resized, small, template
from timix_xl.hosts import files
from timix_xl.hosts.refusals import CalcRefused, SheetGone, SheetProtected
from timix_xl.settings import bundled


@pytest.fixture
def book(app: xw.App, tmp_path: Path) -> Iterator[xw.Book]:
    """The workbook of the contract."""
    with small(app, tmp_path) as book:
        yield book


def test_a_sheet_that_is_held_is_the_one_it_was_when_others_come_and_go(book: xw.Book) -> None:
    sheet = book.sheets["Other sheet"]
    assert sheet.range("A1").value == 7.0
    book.sheets.add("First", before=book.sheets[0])
    assert (sheet.index, sheet.name, sheet.range("A1").value) == (3, "Other sheet", 7.0)
    book.impl.doc.Sheets.removeByName("First")
    assert (book.sheets["Other sheet"].index, sheet.index) == (2, 2)


def test_a_sheet_that_is_deleted_and_made_again_is_the_new_one(book: xw.Book) -> None:
    assert book.sheets["Other sheet"].range("A1").value == 7.0
    sheets = book.impl.doc.Sheets
    sheets.removeByName("Other sheet")
    sheets.insertNewByName("Other sheet", 0)
    assert book.sheets["Other sheet"].index == 1
    assert book.sheets["Other sheet"].range("A1").value is None
    assert list(book.sheets["Other sheet"].tables) == []


def test_a_sheet_without_a_name_gets_a_free_one(book: xw.Book) -> None:
    book.sheets.add("Sheet4")
    assert book.sheets.add().name == "Sheet5"
    assert book.sheets.active.name == "Sheet5"


def test_a_chart_goes_by_the_name_that_people_see(book: xw.Book) -> None:
    sheet = book.sheets["Entries"]
    assert [chart.name for chart in sheet.charts] == ["Chart 1"]
    assert sheet.charts["Chart 1"].name == "Chart 1"
    assert [picture.name for picture in sheet.pictures] == ["Image 2"]
    with pytest.raises(KeyError):
        _ = sheet.charts["Object 1"]


def test_what_is_used_of_the_template_starts_and_ends_where_it_does_in_the_file(
    app: xw.App, tmp_path: Path
) -> None:
    with template(app, tmp_path) as book:
        live = {sheet.name: sheet.used_range for sheet in book.sheets}
        with files.open_book(Path(str(bundled("billing.xlsx")))) as file:
            for sheet in file.sheets:
                of_file, here = sheet.used_range, live[sheet.name]
                assert here.address.partition(":")[0] == of_file.address.partition(":")[0]
                assert here.columns.count == of_file.columns.count
                # The blank row of an empty table has formats only, which LibreOffice leaves out.
                assert of_file.rows.count - here.rows.count in (0, 1)


def test_a_sheet_that_was_deleted_is_not_its_neighbour(book: xw.Book) -> None:
    sheet, table = book.sheets["Entries"], book.sheets["Entries"].tables["tblEntries"]
    assert sheet.range("A1").value == "Bill"
    book.impl.doc.Sheets.removeByName("Entries")
    for change in (
        lambda: setattr(sheet.range("A1"), "value", "wrong"),
        lambda: setattr(sheet.range("A1").font, "bold", True),
        lambda: sheet.range("A1:B5").clear_contents(),
        lambda: table.resize(xw.Range(impl=sheet.impl.area(table.range.impl.area)).resize(3)),
    ):
        with pytest.raises(SheetGone, match="Sheet Entries was renamed or deleted"):
            change()
    assert [one.range("A1").value for one in book.sheets] == [7.0, None]


def test_a_sheet_that_was_renamed_is_not_written_into(book: xw.Book) -> None:
    sheet = book.sheets["Entries"]
    assert sheet.range("A1").value == "Bill"
    book.impl.doc.Sheets.getByName("Entries").Name = "Mine"
    with pytest.raises(SheetGone):
        sheet.range("A1").value = "wrong"
    assert book.sheets["Mine"].range("A1").value == "Bill"


def test_a_sheet_that_was_moved_is_still_the_one(book: xw.Book) -> None:
    sheet = book.sheets["Entries"]
    assert sheet.index == 1
    book.impl.doc.Sheets.moveByName("Entries", 3)
    resized(sheet, "tblEntries", 5)
    assert sheet.tables["tblEntries"].range.address == "$A$5:$F$10"
    assert sheet.index == 3


CHANGES: dict[str, Callable[[xw.Sheet], object]] = {
    "value": lambda sheet: setattr(sheet.range("A6"), "value", "x"),
    "values": lambda sheet: setattr(sheet.range("A6:B7"), "value", [["x", True], ["y", 1.0]]),
    "formulas": lambda sheet: setattr(sheet.range("C6:C8"), "formula", "=1+1"),
    "clear": lambda sheet: sheet.range("A6:B7").clear(),
    "clear contents": lambda sheet: sheet.range("A6:B7").clear_contents(),
    "clear formats": lambda sheet: sheet.range("A6:B7").clear_formats(),
    "grow": lambda sheet: resized(sheet, "tblEntries", 6),
    "shrink": lambda sheet: resized(sheet, "tblEntries", 1),
    "format": lambda sheet: setattr(sheet.range("A6"), "number_format", "0%"),
    "colour": lambda sheet: setattr(sheet.range("A6"), "color", "#00ff00"),
    "font": lambda sheet: setattr(sheet.range("A6").font, "size", 20),
    "height": lambda sheet: setattr(sheet.range("A6"), "row_height", 40),
    "hide": lambda sheet: setattr(sheet.range("A6").rows, "hidden", True),
    "autofit": lambda sheet: sheet.autofit(),
    "link": lambda sheet: sheet.range("A1").add_hyperlink("https://timix.example"),
    "buttons": lambda sheet: setattr(sheet.tables["tblEntries"], "show_autofilter", False),
    "table": lambda sheet: sheet.tables.add(sheet.range("J20:K21"), name="tblNew"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_nothing_of_a_protected_sheet_is_changed(
    book: xw.Book, change: Callable[[xw.Sheet], object]
) -> None:
    sheet = book.sheets["Entries"]
    before = sheet.range("A1:F9").formula
    sheet.impl.xl.protect("")
    with pytest.raises(SheetProtected, match=r"Sheet Entries is protected; .* Protect Sheet"):
        change(sheet)
    assert sheet.range("A1:F9").formula == before
    sheet.impl.xl.unprotect("")
    change(sheet)


def test_fitting_shows_nothing_that_is_hidden(book: xw.Book) -> None:
    sheet = book.sheets["Entries"]
    sheet.range("A7").rows.hidden = True
    sheet.range("A1").column_width = 60
    sheet.autofit()
    assert sheet.range("A1").column_width < 60
    assert [sheet.range((row, 1)).rows.hidden for row in (6, 7, 8)] == [False, True, False]
    assert [sheet.range((1, column)).columns.hidden for column in (5, 6)] == [False, True]


def test_a_refusal_says_where(book: xw.Book) -> None:
    cells = book.sheets["Entries"].range("C6:D6")
    with pytest.raises(CalcRefused, match=r"\(number format of Entries!C6:D6\): malformed number"):
        cells.number_format = "[["
    with pytest.raises(CalcRefused, match=r"\(size of Entries!C6:D6\): "):
        cells.font.size = -1e300
    with pytest.raises(CalcRefused, match=r"\(add of the sheets\): "):
        book.sheets.impl.add(name="a/b")
