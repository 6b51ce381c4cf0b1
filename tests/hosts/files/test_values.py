"""Values go into cells and files and come out as they are."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from timix_xl.hosts.files import open_book

ODD_TEXTS = [
    "two\nlines",
    "cr\r\nlf",
    "x" * 5_000,
    "😀 émoji",
    "שלום عالم",
    "_x0041_",
    "_x000D_",
    "_x005F_x0041_",
    "x005F_",
    " edges ",
    "a  b",
    "tab\tbed",
    "<&\">'",
    "001",
    "#N/A",
    "TRUE",
    "2026-01-01",
]


def test_numbers_come_back_as_floats_and_dates_as_datetimes(billing: Path) -> None:
    with open_book(billing) as book:
        cells = book.sheets["Entries"].range("J1:N1")
        cells.value = [1, Decimal("2.5"), True, dt.date(2026, 3, 1), None]
        assert cells.value == [1.0, 2.5, True, dt.datetime(2026, 3, 1), None]
        assert [type(value) for value in cells.value[:2]] == [float, float]


@pytest.mark.parametrize("text", ODD_TEXTS)
def test_text_survives_save_and_open(billing: Path, text: str) -> None:
    with open_book(billing) as book:
        book.sheets["Entries"].range("J1").value = text
        book.save()
    with open_book(billing) as book:
        assert book.sheets["Entries"].range("J1").value == text


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.one_of(
            st.floats(allow_nan=False, allow_infinity=False),
            st.booleans(),
            st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1)).map(
                lambda moment: moment.replace(microsecond=0)
            ),
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff")
            ).filter(lambda text: not text.startswith("=") and min(text, default=" ") >= " "),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_what_is_written_is_read_back(billing: Path, values: list[object]) -> None:
    target = billing.with_name("copy.xlsx")
    with open_book(billing) as book:
        book.sheets["Entries"].range("J20").options(transpose=True).value = values
        book.save(str(target))
    with open_book(target) as book:
        cells = book.sheets["Entries"].range("J20").resize(len(values), 1)
        found = cells.options(ndim=2).value
    assert [row[0] for row in found] == [None if value == "" else value for value in values]


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_a_text_cell_never_becomes_a_formula(billing: Path, text: str) -> None:
    with open_book(billing) as book:
        cell = book.sheets["Entries"].range("A6")
        cell.value = text
        book.save()
        assert cell.value == text
    saved = openpyxl.load_workbook(billing)["Entries"]["A6"]
    assert (saved.data_type, saved.value, saved.quotePrefix) == ("s", text, True)


def test_rich_text_reads_as_text_and_is_kept(billing: Path) -> None:
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    workbook = openpyxl.load_workbook(billing)
    workbook["Entries"]["J1"] = CellRichText("plain ", TextBlock(InlineFont(b=True), "bold"))
    workbook.save(billing)
    with open_book(billing) as book:
        assert book.sheets["Entries"].range("J1").value == "plain bold"
        book.save()
    kept = openpyxl.load_workbook(billing, rich_text=True)["Entries"]["J1"].value
    assert isinstance(kept[1], TextBlock)
    assert kept[1].font.b
