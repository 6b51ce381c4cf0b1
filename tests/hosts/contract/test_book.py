"""Workbooks are opened, saved and closed, several beside each other."""

import datetime as dt
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from shutil import copy

import openpyxl
import pytest
import xlwings as xw

from tests.hosts.hosts import Host
from timix_xl.errors import TimixError
from timix_xl.hosts import files


def test_a_book_knows_its_file(book: xw.Book, path: Path) -> None:
    assert book.name == "book.xlsx"
    assert Path(book.fullname).samefile(path)
    assert book.app.books["book.xlsx"].name == "book.xlsx"


def test_what_is_saved_is_there_when_it_is_opened_again(
    book: xw.Book, reopened: Callable[[xw.Book], xw.Book]
) -> None:
    row = ["007", "Defer", 1.25, 99.5]
    book.sheets["Entries"].range("A6:D6").value = row
    book.sheets["Entries"].range("J1:L1").value = [True, dt.datetime(2026, 1, 2), "two\nlines"]
    book.names["timix_request"].refers_to_range.value = "R-1"
    sheet = reopened(book).sheets["Entries"]
    assert sheet.range("A6:D6").value == row
    assert sheet.range("J1:L1").value == [True, dt.datetime(2026, 1, 2), "two\nlines"]
    assert sheet.range("B1:B2").value == [25.0, 309.38]
    assert sheet.book.names["timix_request"].refers_to_range.value == "R-1"
    assert sheet.tables["tblEntries"].range.address == "$A$5:$F$8"


def test_texts_are_saved_as_they_are(book: xw.Book, reopened: Callable[[xw.Book], xw.Book]) -> None:
    texts = [" edges ", "a  b", "😀", "שלום", "_x0041_", "#N/A", "001", "=x", "two\nlines"]
    cells = book.sheets["Entries"].range("J20").resize(len(texts), 1)
    cells.number_format = "@"
    cells.value = [[text] for text in texts]
    again = reopened(book).sheets["Entries"].range("J20").resize(len(texts), 1)
    assert again.value == texts


def test_formulas_are_saved_with_what_they_give(
    book: xw.Book, saved: Callable[[xw.Book], object], tmp_path: Path
) -> None:
    book.sheets["Entries"].range("C6").value = 3
    saved(book)
    sheet = openpyxl.load_workbook(tmp_path / "saved.xlsx", data_only=True)["Entries"]
    assert [sheet[place].value for place in ("B1", "B2", "E6")] == [325, 485, 300]
    formulas = openpyxl.load_workbook(tmp_path / "saved.xlsx")["Entries"]
    assert formulas["B2"].value == "=SUM(tblEntries[Amount])"


def test_what_one_host_saved_another_reads(book: xw.Book, path: Path) -> None:
    addresses = ("A5:F8", "B1:B3", "J1:K1")
    sheet = book.sheets["Entries"]
    sheet.range("A6:D6").value = ["007", "Defer", 1.25, 99.5]
    sheet.range("J1:K1").value = [True, dt.datetime(2026, 1, 2)]
    shown = [sheet.range(address).value for address in addresses]
    book.save()
    book.close()
    with files.open_book(path) as again:
        sheet = again.sheets["Entries"]
        assert [sheet.range(address).value for address in addresses] == shown
        assert sheet.tables["tblEntries"].data_body_range.shape == (3, 6)
        assert "timix_request" in again.names


def test_a_book_is_saved_under_another_name(book: xw.Book, path: Path) -> None:
    before = path.read_bytes()
    target = path.with_name("other name.xlsx")
    book.sheets["Entries"].range("A6").value = "changed"
    book.save(str(target))
    assert (book.name, Path(book.fullname).name) == ("other name.xlsx", "other name.xlsx")
    assert openpyxl.load_workbook(target)["Entries"]["A6"].value == "changed"
    assert path.read_bytes() == before


def test_what_is_not_saved_is_not_in_the_file(book: xw.Book, path: Path, host: Host) -> None:
    before = path.read_bytes()
    book.sheets["Entries"].range("A6").value = "changed"
    book.close()
    assert path.read_bytes() == before
    assert host.open(path).sheets["Entries"].range("A6").value == "001"


def test_saving_leaves_nothing_beside_the_file(book: xw.Book, path: Path) -> None:
    book.save()
    book.close()
    assert os.listdir(path.parent) == [path.name]


def test_two_books_are_open_at_once(book: xw.Book, path: Path) -> None:
    second = book.app.books.open(copy(path, path.with_name("second.xlsx")))
    assert {one.name for one in book.app.books} == {"book.xlsx", "second.xlsx"}
    second.sheets["Entries"].range("A6").value = "second"
    book.sheets["Entries"].range("A6").value = "first"
    assert second.sheets["Entries"].range("A6").value == "second"
    second.activate()
    assert second.app.books.active.name == "second.xlsx"
    book.activate()
    assert book.app.books.active.name == "book.xlsx"
    second.close()
    assert [one.name for one in book.app.books] == ["book.xlsx"]
    assert book.sheets["Entries"].range("A6").value == "first"


def test_a_name_of_one_book_leads_into_that_book(book: xw.Book, path: Path) -> None:
    second = book.app.books.open(copy(path, path.with_name("second.xlsx")))
    assert book.names["timix_far"].refers_to_range.sheet.book.name == "book.xlsx"
    assert second.names["timix_far"].refers_to_range.sheet.book.name == "second.xlsx"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "HOST-01"),
        (b"Date;Hours\n", "HOST-01"),
        (b"PK\x03\x04 and no more", "HOST-02"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "HOST-03"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    book: xw.Book, path: Path, host: Host, content: bytes, code: str
) -> None:
    other = path.with_name("other.xlsx")
    other.write_bytes(content)
    for opened in (lambda: host.open(other), lambda: book.app.books.open(str(other))):
        with pytest.raises(TimixError) as refusal:
            opened()
        assert refusal.value.code == code
        assert "other.xlsx" in str(refusal.value)
    assert [one.name for one in book.app.books] == ["book.xlsx"]


def test_a_zip_that_is_no_workbook_is_refused(path: Path, host: Host) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    with pytest.raises(Exception, match=path.name):
        host.open(path)


def test_a_file_that_is_not_there_is_refused(path: Path, host: Host) -> None:
    with pytest.raises(Exception, match=r"missing\.xlsx"):
        host.open(path.with_name("missing.xlsx"))


def test_a_file_with_blanks_and_letters_of_all_kinds_in_its_name_is_opened(
    path: Path, host: Host
) -> None:
    odd = path.rename(path.with_name("Müller & Søn #1 (100 %) 東京.xlsx"))
    book = host.open(odd)
    assert book.name == odd.name
    book.sheets["Entries"].range("A6").value = "x"
    book.save()
    assert openpyxl.load_workbook(odd)["Entries"]["A6"].value == "x"
