"""The public API of xlwings, served from a file."""

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from timix_xl.hosts.files import open_book, start


def test_starting_twice_registers_once() -> None:
    first, second = start(), start()
    assert first.name == second.name == "timix-files"
    assert [engine.name for engine in xw.engines].count("timix-files") == 1


def test_closing_the_last_book_closes_its_app(billing: Path) -> None:
    before = len(start().apps)
    with open_book(billing):
        assert len(start().apps) == before + 1
    assert len(start().apps) == before


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


def test_what_is_not_served_says_so(billing: Path) -> None:
    with open_book(billing) as book, pytest.raises(NotImplementedError):
        book.sheets["Entries"].range("A1").insert("down")
