"""The public API of xlwings, served from a file."""

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from xlwings import main

from timix_xl.hosts.files import open_book, start
from timix_xl.hosts.members import MEMBERS


def test_starting_twice_registers_once() -> None:
    first, second = start(), start()
    assert first.name == second.name == "timix-files"
    assert [engine.name for engine in xw.engines].count("timix-files") == 1


def test_every_member_of_the_list_is_public_xlwings() -> None:
    for member in MEMBERS:
        kind, name = member.split(".")
        assert hasattr(getattr(main, kind), name), member


def test_closing_the_last_book_closes_its_app(billing: Path) -> None:
    before = len(start().apps)
    with open_book(billing):
        assert len(start().apps) == before + 1
    assert len(start().apps) == before


def test_an_alert_is_written_down_and_answered(billing: Path) -> None:
    with open_book(billing) as book:
        assert book.app.alert("Issued 3 invoices.", title="timix") == "ok"
        assert [alert.prompt for alert in book.app.impl.alerts] == ["Issued 3 invoices."]


def test_an_alert_is_given_the_answers_in_their_order(billing: Path) -> None:
    with open_book(billing) as book:
        book.app.impl.answers += ["cancel", "ok"]
        told = [book.app.alert("Go on?", buttons="ok_cancel") for _ in range(3)]
        assert told == ["cancel", "ok", "ok"]


def test_properties_of_the_app_are_put_back(billing: Path) -> None:
    with open_book(billing) as book:
        with book.app.properties(status_bar="Loading ...", screen_updating=False):
            assert (book.app.status_bar, book.app.screen_updating) == ("Loading ...", False)
        assert (book.app.status_bar, book.app.screen_updating) == (False, True)


def test_names_are_found_whatever_their_case(billing: Path) -> None:
    with open_book(billing) as book:
        assert "TIMIX_REQUEST" in book.names
        assert "nothing" not in book.names
        book.names["timix_request"].refers_to_range.value = "R-1"
        assert book.sheets["Entries"].range("D1").value == "R-1"
        book.sheets["Entries"].range("G1").name = "mine"
        assert book.names["mine"].refers_to == "=Entries!$G$1"


def test_ranges_are_found_every_way(billing: Path) -> None:
    with open_book(billing) as book:
        sheet = book.sheets["entries"]
        wanted = "$B$6:$C$7"
        assert sheet.range("B6:C7").address == wanted
        assert sheet.range((6, 2), (7, 3)).address == wanted
        assert sheet.range("B6").resize(2, 2).address == wanted
        assert sheet.range("A5").offset(1, 1).resize(2, 2).address == wanted
        assert sheet["B6:C7"].last_cell.address == "$C$7"
        assert sheet.range("A5").expand().address == "$A$5:$F$8"
        assert sheet.range("A5").end("down").row == 8
        assert sheet.used_range.address == "$A$1:$F$8"
        assert sheet.range("B6").table.name == "tblEntries"


def test_formats_are_set_and_read(billing: Path) -> None:
    with open_book(billing) as book:
        cells = book.sheets["Entries"].range("C6:D8")
        assert cells.number_format == "0.00"
        cells.number_format = "#,##0.0"
        cells.color = "#ff0000"
        cells.font.bold = True
        cells.font.color = (0, 0, 255)
        cells.wrap_text = True
        book.save()
    with open_book(billing) as book:
        cells = book.sheets["Entries"].range("C6:D8")
        assert (cells.number_format, cells.color, cells.font.bold) == ("#,##0.0", (255, 0, 0), True)
        assert (cells.font.color, cells.wrap_text) == ((0, 0, 255), True)
        assert book.sheets["Entries"].range("A6:D8").number_format is None


def test_a_number_with_a_date_format_is_a_date(billing: Path) -> None:
    with open_book(billing) as book:
        cell = book.sheets["Entries"].range("J1")
        cell.value = 46_024
        cell.number_format = "dd/mm/yyyy"
        assert cell.value.isoformat() == "2026-01-02T00:00:00"


def test_columns_and_rows_are_sized_and_hidden(billing: Path) -> None:
    with open_book(billing) as book:
        sheet = book.sheets["Entries"]
        assert sheet.range("F:F").columns.hidden is True
        sheet.range("A1:B1").column_width = 30
        sheet.range("A1").row_height = 40
        sheet.range("C1").columns.hidden = True
        book.save()
    saved = openpyxl.load_workbook(billing)["Entries"]
    assert saved.column_dimensions["A"].width == 30
    assert saved.row_dimensions[1].height == 40
    assert saved.column_dimensions["C"].hidden


@pytest.mark.parametrize(
    ("address", "target", "location"),
    [("#Entries!C7", None, "Entries!C7"), ("https://example.com", "https://example.com", None)],
)
def test_a_link_goes_to_a_place_or_a_page(
    billing: Path, address: str, target: str | None, location: str | None
) -> None:
    with open_book(billing) as book:
        cell = book.sheets["Entries"].range("J1")
        cell.add_hyperlink(address, text_to_display="there")
        assert (cell.value, cell.hyperlink) == ("there", address)
        book.save()
    link = openpyxl.load_workbook(billing)["Entries"]["J1"].hyperlink
    assert (link.target, link.location) == (target, location)


def test_activating_a_sheet_selects_no_other(billing: Path) -> None:
    workbook = openpyxl.load_workbook(billing)
    workbook.create_sheet("Second")
    workbook.save(billing)
    with open_book(billing) as book:
        book.sheets["Second"].activate()
        assert book.sheets.active.name == "Second"
        book.save()
    saved = openpyxl.load_workbook(billing)
    assert [sheet.sheet_view.tabSelected for sheet in saved] == [False, True]


def test_what_is_not_served_says_so(billing: Path) -> None:
    with open_book(billing) as book, pytest.raises(NotImplementedError):
        book.sheets["Entries"].range("A1").insert("down")


def test_clearing_contents_keeps_formats_and_clearing_does_not(billing: Path) -> None:
    with open_book(billing) as book:
        cells = book.sheets["Entries"].range("C6:C7")
        cells.clear_contents()
        assert (cells.value, cells.number_format) == ([None, None], "0.00")
        cells.clear()
        assert cells.number_format == "General"
