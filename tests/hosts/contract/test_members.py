"""Every member of the list is served by every host: each is used here, and what it gives is seen."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import copy
from typing import Any

import pytest
import xlwings as xw
from xlwings import main

from tests.hosts.contract.differences import DIFFERENCES
from tests.hosts.hosts import Host
from tests.macros.recorder import Recorder
from timix_xl.hosts.members import MEMBERS

Check = Callable[[Any, Path], None]


@dataclass(frozen=True, slots=True)
class Case:
    """What is done with a workbook, and which members that shows."""

    members: frozenset[str]
    check: Check


CASES: list[Case] = []


def shows(*members: str) -> Callable[[Check], Check]:
    """Say which members a check shows."""

    def kept(check: Check) -> Check:
        CASES.append(Case(frozenset(members), check))
        return check

    return kept


# The program.


@shows("App.alert")
def alert(book: Any, path: Path) -> None:
    assert book.app.alert("Issued 3 invoices.", title="Timix", buttons="ok") == "ok"


@shows("App.books", "Books.open", "Book.name", "Book.close")
def books(book: Any, path: Path) -> None:
    second = book.app.books.open(copy(path, path.with_name("second.xlsx")))
    assert {one.name for one in book.app.books} == {"book.xlsx", "second.xlsx"}
    second.close()
    assert [one.name for one in book.app.books] == ["book.xlsx"]


@shows("App.calculate", "App.calculation")
def calculation(book: Any, path: Path) -> None:
    book.app.calculation = "manual"
    assert book.app.calculation == "manual"
    book.sheets["Entries"].range("C6").value = 3
    book.app.calculate()
    assert book.sheets["Entries"].range("B1").value == 325.0
    book.app.calculation = "automatic"
    assert book.app.calculation == "automatic"


@shows("App.display_alerts", "App.enable_events", "App.screen_updating")
def switches(book: Any, path: Path) -> None:
    app = book.app
    app.display_alerts = app.enable_events = app.screen_updating = False
    assert (app.display_alerts, app.enable_events, app.screen_updating) == (False, False, False)
    app.display_alerts = app.enable_events = app.screen_updating = True
    assert (app.display_alerts, app.enable_events, app.screen_updating) == (True, True, True)


@shows("App.properties", "App.status_bar")
def properties(book: Any, path: Path) -> None:
    with book.app.properties(status_bar="Loading ..."):
        assert book.app.status_bar == "Loading ..."
    assert book.app.status_bar is False


@shows("App.engine", "Engine.name")
def engine(book: Any, path: Path) -> None:
    assert book.app.engine.name in {"timix-files", "timix-calc", "excel"}


# Books, sheets, names.


@shows("Book.activate", "Book.app", "Book.fullname", "Book.sheet_names")
def book_itself(book: Any, path: Path) -> None:
    second = book.app.books.open(copy(path, path.with_name("second.xlsx")))
    book.activate()
    assert book.app.books.active.name == "book.xlsx"
    assert Path(second.fullname).name == "second.xlsx"
    assert book.sheet_names == ["Entries", "Other sheet", "Kept away"]


@shows("Book.save", "Book.sheets", "Sheet.range", "Range.value")
def save(book: Any, path: Path) -> None:
    book.sheets["Entries"].range("A6:C6").value = ["007", None, 2]
    book.save()
    again = book.app.books.open(copy(path, path.with_name("second.xlsx")))
    assert again.sheets["Entries"].range("A6:C6").value == ["007", None, 2.0]


@shows("Book.names", "Name.name", "Name.refers_to", "Name.refers_to_range", "Names.contains")
def names(book: Any, path: Path) -> None:
    assert "timix_request" in book.names
    assert "nothing" not in book.names
    name = book.names["timix_far"]
    assert (name.name, name.refers_to) == ("timix_far", "='Other sheet'!$A$1")
    assert name.refers_to_range.value == 7.0


@shows("Names.add", "Name.delete", "Range.name")
def new_names(book: Any, path: Path) -> None:
    book.names.add("mine", "=Entries!$C$6")
    assert book.sheets["Entries"].range("C6").name.name == "mine"
    book.names["mine"].delete()
    assert "mine" not in book.names


@shows("Sheet.name", "Sheet.index", "Sheet.book", "Sheet.names", "Sheet.visible")
def sheet_itself(book: Any, path: Path) -> None:
    sheet = book.sheets["Other sheet"]
    assert (sheet.name, sheet.index, sheet.book.name) == ("Other sheet", 2, "book.xlsx")
    assert [name.refers_to for name in sheet.names] == ["='Other sheet'!$A$1"]
    assert [one.visible for one in book.sheets] == [True, True, False]


@shows("Sheet.activate", "Sheets.active")
def active_sheet(book: Any, path: Path) -> None:
    book.sheets["Other sheet"].activate()
    assert book.sheets.active.name == "Other sheet"


@shows("Sheet.cells", "Sheet.used_range", "Range.address", "Range.get_address")
def cells(book: Any, path: Path) -> None:
    sheet = book.sheets["Entries"]
    assert sheet.cells[5, 2].address == "$C$6"
    used = sheet.used_range.get_address(row_absolute=False, column_absolute=False)
    assert used == "A1:F8"


@shows("Sheet.charts", "Sheet.pictures", "Chart.name", "Picture.name")
def drawings(book: Any, path: Path) -> None:
    sheet = book.sheets["Entries"]
    assert [one.name for one in sheet.charts] == ["Chart 1"]
    assert [one.name for one in sheet.pictures] == ["Image 2"]


# Ranges.


@shows("Range.row", "Range.column", "Range.shape", "Range.size", "Range.count", "Range.sheet")
def place(book: Any, path: Path) -> None:
    cells = book.sheets["Entries"].range("B6:D7")
    assert (cells.row, cells.column, cells.shape, cells.size, cells.count) == (6, 2, (2, 3), 6, 6)
    assert cells.sheet.name == "Entries"


@shows("Range.offset", "Range.resize", "Range.last_cell", "Range.end", "Range.expand")
def neighbours(book: Any, path: Path) -> None:
    cell = book.sheets["Entries"].range("A5")
    assert cell.offset(1, 2).resize(3, 2).address == "$C$6:$D$8"
    assert cell.expand().address == "$A$5:$F$8"
    assert (cell.expand().last_cell.address, cell.end("right").address) == ("$F$8", "$F$5")


@shows("Range.rows", "Range.columns", "Range.table")
def parts(book: Any, path: Path) -> None:
    cells = book.sheets["Entries"].range("A6:B7")
    assert [row.value for row in cells.rows] == [["001", "Bill"], ["002", "Defer"]]
    assert cells.columns[1].value == ["Bill", "Defer"]
    assert cells.table.name == "tblEntries"


@shows("Range.options", "Range.raw_value")
def options(book: Any, path: Path) -> None:
    cells = book.sheets["Entries"].range("J1:K1")
    cells.raw_value = [["text", 2.5]]
    assert [list(row) for row in cells.raw_value] == [["text", 2.5]]
    assert cells.options(ndim=2).value == [["text", 2.5]]


@shows("Range.formula")
def formula(book: Any, path: Path) -> None:
    cell = book.sheets["Entries"].range("J6")
    cell.formula = "=tblEntries[[#This Row],[Qty]]+SUM(C6:C7)"
    assert cell.formula.startswith("=")
    assert cell.value == 5.0


@shows("Range.clear", "Range.clear_contents", "Range.clear_formats", "Range.number_format")
def clearing(book: Any, path: Path) -> None:
    sheet = book.sheets["Entries"]
    for row, way in (("6", "clear_contents"), ("7", "clear_formats"), ("8", "clear")):
        getattr(sheet.range(f"D{row}"), way)()
    assert sheet.range("D6:D8").value == [None, 80.0, None]
    formats = [sheet.range(f"D{row}").number_format for row in (6, 7, 8)]
    assert formats == ["#,##0.00", "General", "General"]


@shows("Range.color", "Range.font", "Font.bold", "Font.italic")
def fill(book: Any, path: Path) -> None:
    cells = book.sheets["Entries"].range("J1:K2")
    cells.color, cells.font.bold, cells.font.italic = (1, 2, 3), True, True
    assert (cells.color, cells.font.bold, cells.font.italic) == ((1, 2, 3), True, True)


@shows("Font.color", "Font.name", "Font.size")
def font(book: Any, path: Path) -> None:
    font = book.sheets["Entries"].range("J1:K2").font
    font.color, font.name, font.size = "#0000ff", "Liberation Serif", 14
    assert (font.color, font.name, font.size) == ((0, 0, 255), "Liberation Serif", 14)


@shows("Range.horizontal_alignment", "Range.vertical_alignment", "Range.wrap_text")
def alignment(book: Any, path: Path) -> None:
    cells = book.sheets["Entries"].range("J1:K2")
    cells.horizontal_alignment, cells.vertical_alignment, cells.wrap_text = "right", "top", True
    assert (cells.horizontal_alignment, cells.vertical_alignment) == ("right", "top")
    assert cells.wrap_text is True


@shows("Range.column_width", "Range.row_height", "RangeRows.hidden", "RangeColumns.hidden")
def sizes(book: Any, path: Path) -> None:
    cell = book.sheets["Entries"].range("C6")
    cell.column_width, cell.row_height = 30, 40
    assert (cell.column_width, cell.row_height) == pytest.approx((30, 40), abs=0.5)
    cell.rows.hidden = True
    assert (cell.rows.hidden, cell.columns.hidden) == (True, False)


@shows("Range.autofit", "RangeColumns.autofit", "RangeRows.autofit", "Sheet.autofit")
def autofit(book: Any, path: Path) -> None:
    sheet = book.sheets["Entries"]
    cells = sheet.range("J1:J2")
    cells.value = [["a text of forty characters, or nearly so"], ["short"]]
    ways = (cells.autofit, cells.columns.autofit, lambda: sheet.autofit("columns"))
    for fitted in ways:
        cells.column_width = 5
        fitted()
        assert cells.column_width > 20
    cells.column_width, cells.wrap_text = 10, True
    cells.rows.autofit()
    assert sheet.range("J1").row_height > 2 * sheet.range("J2").row_height


@shows("Range.add_hyperlink", "Range.hyperlink")
def links(book: Any, path: Path) -> None:
    cell = book.sheets["Entries"].range("J1")
    cell.add_hyperlink("https://example.com/page", "there")
    assert (cell.value, cell.hyperlink) == ("there", "https://example.com/page")


@shows(
    "Range.data_validation",
    "DataValidation.set_list",
    "DataValidation.type",
    "DataValidation.source",
    "DataValidation.delete",
)
def dropdown(book: Any, path: Path) -> None:
    rule = book.sheets["Entries"].range("J1:J3").data_validation
    rule.set_list(["Yes", "No"])
    assert (rule.type, rule.source.strip('"')) == ("list", "Yes,No")
    rule.delete()
    assert book.sheets["Entries"].range("J1:J3").data_validation.type == "none"


# Tables.


@shows("Sheet.tables", "Table.name", "Table.display_name", "Table.parent", "Table.range")
def table(book: Any, path: Path) -> None:
    found = book.sheets["Entries"].tables["tblEntries"]
    assert (found.name, found.display_name, found.parent.name) == (
        "tblEntries",
        "tblEntries",
        "Entries",
    )
    assert found.range.address == "$A$5:$F$8"


@shows("Table.resize", "Table.data_body_range", "Table.header_row_range", "Table.show_headers")
def resizing(book: Any, path: Path) -> None:
    found = book.sheets["Entries"].tables["tblEntries"]
    found.resize(found.range.resize(6))
    assert found.show_headers is True
    assert found.header_row_range.address == "$A$5:$F$5"
    assert found.data_body_range.address == "$A$6:$F$10"


@shows("Table.insert_row_range", "Table.show_totals", "Table.totals_row_range")
def odd_rows(book: Any, path: Path) -> None:
    tables = book.sheets["Other sheet"].tables
    assert tables["tblEmpty"].insert_row_range.address == "$D$4:$E$4"
    assert (tables["tblEmpty"].show_totals, tables["tblTotals"].show_totals) == (False, True)
    assert tables["tblTotals"].totals_row_range.address == "$G$6:$H$6"


@shows(
    "Table.autofilter",
    "Table.show_autofilter",
    "AutoFilter.criteria",
    "AutoFilter.clear",
    "AutoFilterCriteria.field",
    "AutoFilterCriteria.type",
)
def filtering(book: Any, path: Path) -> None:
    found = book.sheets["Entries"].tables["tblEntries"]
    found.autofilter.clear()
    told = [(one.field, one.type) for one in found.autofilter.criteria]
    assert told == [(number, "none") for number in range(1, 7)]
    found.show_autofilter = False
    assert found.show_autofilter is False


@shows("Table.table_style")
def style(book: Any, path: Path) -> None:
    found = book.sheets["Entries"].tables["tblEntries"]
    found.table_style = "TableStyleLight9"
    # A program that draws no table styles says that there is none.
    assert found.table_style in ("TableStyleLight9", None)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.check.__name__)
def test_a_member_gives_what_it_should(case: Case, book: xw.Book, path: Path, host: Host) -> None:
    if reason := DIFFERENCES.get((host.name, case.check.__name__)):
        pytest.skip(reason)
    recorder = Recorder()
    case.check(recorder.wrap(book), path)
    assert case.members - recorder.used == set()


def test_every_member_of_the_list_is_shown_on_every_host() -> None:
    assert frozenset().union(*(case.members for case in CASES)) == MEMBERS


def test_every_difference_is_of_something_that_is_asked() -> None:
    texts = [file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py")]
    asked = set(re.findall(r"^def (\w+)", "\n".join(texts), re.MULTILINE))
    assert {name for _, name in DIFFERENCES} <= asked


def test_every_member_of_the_list_is_public_xlwings() -> None:
    for member in MEMBERS:
        kind, name = member.split(".")
        assert hasattr(getattr(main, kind), name), member
