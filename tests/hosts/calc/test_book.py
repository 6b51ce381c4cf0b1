"""Workbooks in LibreOffice: opened, saved, closed, and refused in plain words."""

import errno
import io
import os
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from timix_xl.errors import FileNotThere
from timix_xl.hosts import calc
from timix_xl.hosts.calc import saving
from timix_xl.hosts.calc.finding import Office
from timix_xl.hosts.refusals import (
    DiskFull,
    NoFileYet,
    NotAWorkbook,
    NotSaved,
    OtherFormat,
    WorkbookChanged,
    WorkbookDamaged,
    WorkbookInUse,
    WorkbookLocked,
)


@pytest.fixture
def opened(app: xw.App, billing: Path) -> Iterator[xw.Book]:
    """The small billing workbook, open."""
    book = app.books.open(str(billing))
    yield book
    if not book.impl.is_gone:
        book.close()


def value_in(path: Path, cell: str) -> object:
    """Read a cell of a file's first sheet."""
    with warnings.catch_warnings():
        # openpyxl does not know what LibreOffice adds for data bars.
        warnings.simplefilter("ignore", UserWarning)
        content = io.BytesIO(path.read_bytes())
        return openpyxl.load_workbook(content, data_only=True).worksheets[0][cell].value


def write(book: xw.Book, text: str) -> None:
    """Write a text beside the table."""
    book.impl.doc.Sheets.getByIndex(0).getCellByPosition(9, 0).String = text


def test_an_opened_book_knows_its_file(opened: xw.Book, billing: Path) -> None:
    assert opened.name == "billing.xlsx"
    assert opened.fullname == str(billing)


def test_a_new_book_has_a_title_and_no_path(book: xw.Book) -> None:
    assert book.fullname == book.name
    assert not Path(book.fullname).is_absolute()


def test_names_with_blanks_and_umlauts_are_as_they_are(
    app: xw.App, billing: Path, tmp_path: Path
) -> None:
    path = tmp_path / "Größe & 100 %.xlsx"
    billing.rename(path)
    book = app.books.open(str(path))
    assert (book.name, book.fullname) == (path.name, str(path))
    book.close()


def test_a_file_that_is_open_is_given_again_in_front(
    app: xw.App, opened: xw.Book, book: xw.Book, billing: Path
) -> None:
    again = calc.open_book(billing, app)
    assert again.impl is opened.impl
    assert app.books.active == opened


def test_saving_writes_what_was_typed(opened: xw.Book, billing: Path) -> None:
    write(opened, "kept")
    opened.save()
    assert value_in(billing, "J1") == "kept"


def test_saving_twice_is_no_change_by_others(opened: xw.Book, billing: Path) -> None:
    for text in ("one", "two"):
        write(opened, text)
        opened.save()
    assert value_in(billing, "J1") == "two"


def test_saving_under_another_name_moves_the_book(opened: xw.Book, tmp_path: Path) -> None:
    write(opened, "moved")
    opened.save(tmp_path / "other.xlsx")
    assert opened.fullname == str(tmp_path / "other.xlsx")
    assert value_in(tmp_path / "other.xlsx", "J1") == "moved"


def test_a_file_is_named_after_its_content(book: xw.Book, tmp_path: Path) -> None:
    for given, written in {
        "a": "a.xlsx",
        "b.xlsm": "b.xlsx",
        "c.ods": "c.ods.xlsx",
        "d.XLSX": "d.XLSX",
    }.items():
        book.save(tmp_path / given)
        assert book.name == written
        assert zipfile.is_zipfile(tmp_path / written)


def test_a_book_without_a_file_is_not_saved_without_a_name(book: xw.Book) -> None:
    with pytest.raises(NoFileYet, match=f"{book.name} has no file yet"):
        book.save()


def test_a_folder_that_is_not_there_is_not_made(book: xw.Book, tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="no such file or directory"):
        book.save(tmp_path / "no" / "a.xlsx")
    assert not (tmp_path / "no").exists()


def test_a_folder_of_that_name_is_told(book: xw.Book, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").mkdir()
    with pytest.raises(NotSaved, match="is a directory"):
        book.save(tmp_path / "a.xlsx")


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a folder that nobody can write to")
def test_a_folder_that_takes_no_file_is_told_and_the_book_goes_on(
    app: xw.App, opened: xw.Book, billing: Path
) -> None:
    with pytest.raises(NotSaved), app.properties(screen_updating=False):
        opened.save("/proc/a.xlsx")
    assert opened.fullname == str(billing)
    opened.save()


def test_a_full_disk_is_told_and_the_file_stays(
    opened: xw.Book, billing: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = billing.read_bytes()

    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(saving.tempfile, "TemporaryFile", full)
    monkeypatch.setitem(saving.FILTERS, ".xlsx", "no such filter")
    with pytest.raises(DiskFull):
        opened.save()
    assert billing.read_bytes() == before


def test_libreoffice_s_own_reason_is_told_where_the_disk_is_fine(
    opened: xw.Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(saving.FILTERS, ".xlsx", "no such filter")
    with pytest.raises(NotSaved, match=r"billing\.xlsx cannot be saved \("):
        opened.save()


def test_a_file_that_somebody_else_saved_is_left_to_them(opened: xw.Book, billing: Path) -> None:
    theirs = openpyxl.load_workbook(billing)
    theirs.worksheets[0]["J1"] = "theirs"
    theirs.save(billing)
    with pytest.raises(WorkbookChanged):
        opened.save()
    assert value_in(billing, "J1") == "theirs"


def test_a_file_that_excel_holds_is_not_saved_over(opened: xw.Book, billing: Path) -> None:
    lock = billing.with_name(f"~${billing.name}")
    lock.touch()
    with pytest.raises(WorkbookInUse):
        opened.save()
    lock.unlink()
    opened.save()


@pytest.mark.parametrize("lock", ["~${}", ".~lock.{}#"])
def test_a_file_that_another_program_holds_is_not_opened(
    app: xw.App, billing: Path, lock: str
) -> None:
    billing.with_name(lock.format(billing.name)).touch()
    with pytest.raises(WorkbookInUse, match="is open in another program"):
        app.books.open(str(billing))


def test_two_programs_do_not_hold_one_file(app: xw.App, opened: xw.Book, billing: Path) -> None:
    other = calc.start()
    try:
        with pytest.raises(WorkbookInUse):
            other.books.open(str(billing))
    finally:
        other.quit()
    assert opened.name


def test_a_file_that_is_not_there_is_told(app: xw.App, tmp_path: Path) -> None:
    with pytest.raises(FileNotThere):
        calc.open_book(tmp_path / "a.xlsx", app)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"Name,Hours\n", NotAWorkbook),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), WorkbookLocked),
        (b"PK\x03\x04" + bytes(40), WorkbookDamaged),
    ],
    ids=["csv", "password", "garbage"],
)
def test_what_is_no_workbook_is_refused(
    app: xw.App, tmp_path: Path, content: bytes, refusal: type[Exception]
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    before = len(app.books)
    with pytest.raises(refusal):
        app.books.open(str(path))
    assert len(app.books) == before


def test_a_book_of_libreoffice_s_own_kind_is_refused(app: xw.App, tmp_path: Path) -> None:
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<a/>")
    with pytest.raises(OtherFormat):
        app.books.open(str(path))


def test_a_book_closes_without_a_question(opened: xw.Book, billing: Path) -> None:
    before = billing.read_bytes()
    write(opened, "not kept")
    opened.close()
    assert billing.read_bytes() == before
    assert not list(billing.parent.glob(".~lock*"))


def test_a_book_of_its_own_ends_libreoffice_with_it(office: Office, billing: Path) -> None:
    with calc.open_book(billing) as book:
        app = book.app
        write(book, "alone")
        book.save()
    assert not app.impl._started.runs
    assert not app.impl._started.profile.exists()
    assert value_in(billing, "J1") == "alone"


def test_one_that_cannot_be_opened_leaves_no_libreoffice(office: Office, tmp_path: Path) -> None:
    before = [app.pid for app in xw.engines[calc.NAME].apps]
    with pytest.raises(FileNotThere):
        calc.open_book(tmp_path / "a.xlsx")
    assert [app.pid for app in xw.engines[calc.NAME].apps] == before


def test_a_book_may_be_opened_in_an_app_that_is_there(app: xw.App, billing: Path) -> None:
    book = calc.open_book(billing, app)
    assert book.app == app
    book.close()
    assert app.version


def test_formulas_show_what_libreoffice_calculates(opened: xw.Book) -> None:
    sheet = opened.impl.doc.Sheets.getByName("Entries")
    assert sheet.getCellRangeByName("B2").Value == pytest.approx(335.0)


def test_sheets_and_names_are_those_of_the_file(opened: xw.Book) -> None:
    assert opened.sheet_names == ["Entries"]
    assert "timix_bill_amount" in [name.name for name in opened.names]


def test_passwords_are_not_for_us(book: xw.Book, tmp_path: Path) -> None:
    with pytest.raises(NotImplementedError):
        book.save(tmp_path / "a.xlsx", password="x")
