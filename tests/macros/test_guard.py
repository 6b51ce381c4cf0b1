"""The guard around every macro: what a ribbon button shows when something stops it."""

from pathlib import Path

import pytest

from tests.builders import Shop
from tests.macros.driver import Workbook
from tests.macros.test_bad_input import hostile_settings
from timix_xl import macros
from timix_xl.hosts import files
from timix_xl.workbook.refusals import ForeignSettings


def pressed(book: Workbook, macro: object) -> list[str]:
    """Press a ribbon button, without a desk; return what the message box says."""
    with files.open_book(book.path) as opened:
        assert macro(opened) is None  # type: ignore[operator]
        opened.save()
        return [alert.prompt for alert in opened.app.impl.alerts]


def test_a_button_opens_the_store_of_the_settings(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    assert pressed(book, macros.bill_all) == []
    assert book.shown("status") == "4 rows set to Bill."


def test_a_button_shows_a_refusal_in_a_message_box(
    book: Workbook, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", shop.path)
    book.decide(E1="Maybe")
    (message,) = pressed(book, macros.issue)
    assert message.endswith("[RUN-02]")
    assert book.codes() == ["ENTRY-06"]


def test_a_button_without_a_store_says_how_to_make_one(
    book: Workbook, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", str(tmp_path / "none.db"))
    (message,) = pressed(book, macros.preview)
    assert message.endswith("[STORE-01]")
    assert book.shown("status") == message


@pytest.mark.bad_input("L04")
def test_settings_for_xlwings_in_the_workbook_are_refused_before_anything_is_done(
    book: Workbook,
) -> None:
    with book.edited() as edited:
        hostile_settings(edited)
    before = book.shown("status")
    with pytest.raises(ForeignSettings) as refusal:
        book.run(macros.load_unbilled)
    assert "xlwings.conf" in refusal.value.message
    assert book.shown("status") == before


@pytest.mark.bad_input("L04")
def test_the_name_of_a_hostile_sheet_is_read_as_excel_reads_it(book: Workbook) -> None:
    with book.edited() as edited:
        edited.create_sheet("XLWINGS.CONF")
    with pytest.raises(ForeignSettings):
        book.run(macros.preview)


@pytest.mark.bad_input("L06")
def test_a_files_settings_beside_the_workbook_are_not_read(book: Workbook) -> None:
    folder = book.path.parent
    (folder / "xlwings.conf").write_text('"INTERPRETER_WIN","\\\\evil\\python.exe"\n')
    assert book.run(macros.preview).documents
