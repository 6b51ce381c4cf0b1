"""Formats are set and read: numbers, fonts, colours, alignment, sizes."""

from collections.abc import Callable

import pytest
import xlwings as xw

CODES = [
    "General",
    "@",
    "0",
    "0.00",
    "#,##0",
    "#,##0.00",
    "#,##0.000",
    "#,##0.00##",
    "#,##0.00####",
    "0.0%",
    "yyyy-mm-dd",
    "yyyy-mm",
    "yyyy-mm-dd hh:mm",
    "#,##0.00;-#,##0.00;",
    '0.00" h"',
]


def test_number_formats_read_as_they_were_set(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    def cells(sheet: xw.Sheet) -> list[xw.Range]:
        return [sheet.range("J1:K2").offset(2 * at, 0) for at in range(len(CODES))]

    for code, there in zip(CODES, cells(entries), strict=True):
        there.value = 1.5
        there.number_format = code
    assert [there.number_format for there in cells(entries)] == CODES
    again = reopened(entries.book).sheets["Entries"]
    # LibreOffice writes a section for texts where there is one for naughts.
    assert [there.number_format.rstrip(";") for there in cells(again)] == [
        code.rstrip(";") for code in CODES
    ]


def test_formats_that_differ_read_as_none(entries: xw.Sheet) -> None:
    assert entries.range("C6:D8").number_format == "#,##0.00"
    cells = entries.range("A6:D8")
    cells.rows[0].color = "#ff0000"
    cells.rows[0].font.bold = True
    cells.rows[0].font.italic = True
    cells.rows[0].wrap_text = True
    looks = (cells.number_format, cells.font.bold, cells.font.italic, cells.wrap_text)
    assert looks == (None, None, None, None)


def test_fonts_and_fills_are_kept(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    cells = entries.range("C6:D8")
    cells.font.bold, cells.font.italic = True, True
    cells.font.size, cells.font.name = 14, "Arial"
    cells.font.color = (0, 0, 255)
    cells.color = "#ff8000"

    def looks(sheet: xw.Sheet) -> tuple[object, ...]:
        there = sheet.range("C6:D8")
        font = there.font
        return font.bold, font.italic, font.size, font.name, font.color, there.color

    wanted = (True, True, 14, "Arial", (0, 0, 255), (255, 128, 0))
    assert looks(entries) == wanted
    assert looks(reopened(entries.book).sheets["Entries"]) == wanted


def test_a_fill_is_taken_away_again(entries: xw.Sheet) -> None:
    cells = entries.range("J1:K2")
    assert cells.color is None
    cells.color = (1, 2, 3)
    assert cells.color == (1, 2, 3)
    cells.color = None
    assert cells.color is None


def test_cells_are_aligned_sideways(entries: xw.Sheet) -> None:
    for side in ("left", "center", "right", "general"):
        entries.range("J1:K2").horizontal_alignment = side
        assert entries.range("J1:K2").horizontal_alignment == side


def test_cells_are_aligned_upright(entries: xw.Sheet) -> None:
    for side in ("top", "center", "bottom"):
        entries.range("J1:K2").vertical_alignment = side
        assert entries.range("J1:K2").vertical_alignment == side


def test_text_is_wrapped_or_not(entries: xw.Sheet) -> None:
    cells = entries.range("J1:J2")
    assert cells.wrap_text is False
    cells.wrap_text = True
    assert cells.wrap_text is True


def test_widths_and_heights_are_set(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    entries.range("A1:B1").column_width = 30
    entries.range("A1").row_height = 40
    sizes = entries.range("A1:B1").column_width, entries.range("A1").row_height
    assert sizes == pytest.approx((30, 40), abs=0.5)
    again = reopened(entries.book).sheets["Entries"]
    sizes = again.range("A1:B1").column_width, again.range("A1").row_height
    assert sizes == pytest.approx((30, 40), abs=0.5)


def test_widths_and_heights_that_differ_read_as_none(entries: xw.Sheet) -> None:
    entries.range("A1").column_width = 30
    entries.range("B1").column_width = 10
    entries.range("A1").row_height = 40
    entries.range("A2").row_height = 20
    assert entries.range("A1:B1").column_width is None
    assert entries.range("A1:A2").row_height is None


def test_a_column_is_fitted_to_its_longest_text(entries: xw.Sheet) -> None:
    entries.range("J1:K1").column_width = 5
    entries.range("J1").value = "a text of forty characters, or nearly so"
    entries.range("J1:K1").columns.autofit()
    assert entries.range("J1").column_width > 20


def test_rows_are_fitted_to_wrapped_texts_and_back(entries: xw.Sheet) -> None:
    cells = entries.range("J20:J21")
    cells.column_width = 20
    cells.wrap_text = True
    cells.value = [["word " * 40], ["short"]]
    cells.rows.autofit()
    high, low = (entries.range(place).row_height for place in ("J20", "J21"))
    assert high > 3 * low
    entries.range("J20").value = "short"
    cells.rows.autofit()
    assert cells.row_height == pytest.approx(low, abs=1)


def test_fitting_a_whole_sheet_fits_its_columns(entries: xw.Sheet) -> None:
    entries.range("A1").column_width = 3
    entries.range("A1").value = "a text of forty characters, or nearly so"
    entries.autofit("columns")
    assert entries.range("A1").column_width > 20


def test_rows_and_columns_are_hidden_and_shown(entries: xw.Sheet) -> None:
    assert entries.range("F1").columns.hidden is True
    assert entries.range("E1:F1").columns.hidden is None
    entries.range("C1").columns.hidden = True
    entries.range("A6:A7").rows.hidden = True
    assert entries.range("C9").columns.hidden is True
    assert entries.range("J6:K7").rows.hidden is True
    assert entries.range("J6:K8").rows.hidden is None
    entries.range("A6:A8").rows.hidden = False
    entries.range("C1").columns.hidden = False
    assert entries.range("A6:A8").rows.hidden is False
    assert entries.range("C1").columns.hidden is False


def test_hidden_rows_and_columns_are_still_hidden_in_the_file(
    entries: xw.Sheet, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    entries.range("A7").rows.hidden = True
    entries.range("C1").columns.hidden = True
    sheet = reopened(entries.book).sheets["Entries"]
    assert sheet.range("A7").rows.hidden is True
    assert sheet.range("C1").columns.hidden is True


def test_clearing_contents_keeps_formats_and_rules(entries: xw.Sheet) -> None:
    cells = entries.range("B6:D6")
    cells.clear_contents()
    assert cells.value == [None] * 3
    assert entries.range("C6:D6").number_format == "#,##0.00"
    assert entries.range("B6").data_validation.type == "list"


def test_clearing_formats_keeps_contents(entries: xw.Sheet) -> None:
    entries.range("E6").clear_formats()
    cell = entries.range("E6")
    assert (cell.value, cell.number_format, cell.font.bold) == (150.0, "General", False)


def test_clearing_takes_contents_formats_and_rules(entries: xw.Sheet) -> None:
    entries.range("B6:C6").color = "#ff0000"
    entries.range("B6:C6").clear()
    cells = entries.range("B6:C6")
    assert (cells.value, cells.number_format, cells.color) == ([None, None], "General", None)
    assert cells.data_validation.type == "none"
    assert entries.range("B7").data_validation.type == "list"
