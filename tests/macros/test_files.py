"""Workbooks that cannot be written, from the command line: what stands, and how to go on."""

import errno
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.builders import Shop
from tests.macros.driver import Workbook, dump
from tests.macros.test_bad_input import hostile_settings, run

NUMBER = "INV-2026-00001"


def refusing(code: int) -> Callable[..., None]:
    """Make the system refuse to put a workbook in its place."""

    def refuse(source: object, target: object) -> None:
        raise OSError(code, os.strerror(code))

    return refuse


@pytest.fixture(params=[errno.EACCES, errno.ENOSPC], ids=["open elsewhere", "disk full"])
def unwritable(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> pytest.MonkeyPatch:
    """No file can be put in its place; undo() ends that."""
    monkeypatch.setattr(Path, "replace", refusing(request.param))
    monkeypatch.setattr(os, "replace", refusing(request.param))
    return monkeypatch


def test_an_invoice_stands_when_its_workbook_cannot_be_written(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str], unwritable: pytest.MonkeyPatch
) -> None:
    exit_code, answer = run(capsys, shop, "issue", str(book.path))
    assert (exit_code, answer["error"]["code"]) == (8, "RUN-07")
    assert answer["error"]["message"].startswith(f"{NUMBER} issued, but")
    assert "issues nothing twice" in answer["error"]["hint"]
    assert shop.value("SELECT number FROM documents") == NUMBER


def test_the_same_command_goes_on_once_the_workbook_can_be_written(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str], unwritable: pytest.MonkeyPatch
) -> None:
    run(capsys, shop, "issue", str(book.path))
    unwritable.undo()
    exit_code, answer = run(capsys, shop, "issue", str(book.path))
    assert (exit_code, answer["documents"][0]["number"]) == (0, NUMBER)
    assert shop.value("SELECT count(*) FROM documents") == 1
    assert book.column("Number", "tblInvoices") == [NUMBER]


def test_an_invoice_stands_when_its_pdf_cannot_be_written(
    shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path, unwritable: pytest.MonkeyPatch
) -> None:
    shop.issue()
    exit_code, answer = run(capsys, shop, "invoice", "pdf", NUMBER, "-o", str(tmp_path))
    assert (exit_code, answer["error"]["code"]) == (8, "EXP-01")
    assert f"timix-xl invoice pdf {NUMBER}" in answer["error"]["hint"]


def test_a_refusal_is_told_even_where_it_cannot_be_written_into_the_workbook(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str], unwritable: pytest.MonkeyPatch
) -> None:
    unwritable.undo()
    book.decide(E1="Maybe")
    unwritable.setattr(Path, "replace", refusing(errno.EACCES))
    exit_code, answer = run(capsys, shop, "issue", str(book.path))
    assert (exit_code, answer["error"]["code"]) == (3, "RUN-02")


def test_a_workbook_that_is_open_in_excel_is_left_alone(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    book.path.with_name(f"~${book.path.name}").write_bytes(b"")
    exit_code, answer = run(capsys, shop, "preview", str(book.path))
    assert (exit_code, answer["error"]["code"]) == (6, "HOST-06")


def test_a_review_into_a_file_of_somebody_elses_is_refused(
    shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    other = tmp_path / "budget.xlsx"
    openpyxl.Workbook().save(other)
    before = other.read_bytes()
    words = ("review", "ACME", "--billing-date", "2026-01-31", "-o", str(other))
    exit_code, answer = run(capsys, shop, *words)
    assert (exit_code, answer["error"]["code"], other.read_bytes()) == (2, "BOOK-10", before)


def test_a_review_into_a_workbook_with_settings_for_xlwings_writes_nothing(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    with book.edited() as edited:
        hostile_settings(edited)
    before = book.path.read_bytes()
    words = ("review", "ACME", "--billing-date", "2026-01-31", "-o", str(book.path))
    exit_code, answer = run(capsys, shop, *words)
    assert (exit_code, answer["error"]["code"]) == (2, "BOOK-15")
    assert book.path.read_bytes() == before


def test_a_review_into_the_same_workbook_keeps_what_was_typed(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str]
) -> None:
    book.decide(E2="Defer")
    words = ("review", "ACME", "--billing-date", "2026-01-31", "-o", str(book.path))
    exit_code, _ = run(capsys, shop, *words)
    assert (exit_code, book.row("E2")["Decision"]) == (0, "Defer")


def test_a_review_of_an_unknown_customer_makes_no_file(
    shop: Shop, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "new.xlsx"
    words = ("review", "NOBODY", "--billing-date", "2026-01-31", "-o", str(target))
    exit_code, _ = run(capsys, shop, *words)
    assert (exit_code, target.exists()) == (4, False)


@pytest.mark.parametrize("day", ["2026-02-30", "1e3", "２０２６-01-31", "9999-12-31", "0001-01-01"])
def test_a_date_that_cannot_be_meant_is_refused(
    shop: Shop, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    exit_code, answer = run(capsys, shop, "preview", "ACME", "--billing-date", day)
    assert (exit_code, answer["error"]["code"]) == (2, "ARG-01")


HOSTILE = ["x'); DROP TABLE documents;--", "%", "_", "../../etc", "a\nb", "=1+1"]


@pytest.mark.bad_input("S01")
@pytest.mark.bad_input("S02")
@pytest.mark.parametrize("code", HOSTILE)
def test_a_hostile_customer_is_only_a_name_that_is_not_there(
    book: Workbook, shop: Shop, capsys: pytest.CaptureFixture[str], code: str
) -> None:
    before = dump(shop.store)
    exit_code, answer = run(capsys, shop, "unbilled", code, "--billing-date", "2026-01-31")
    assert (exit_code, answer["error"]["code"]) == (4, "FIND-01")
    assert dump(shop.store) == before
