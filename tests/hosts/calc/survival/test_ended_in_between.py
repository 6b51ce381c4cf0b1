"""LibreOffice ends in the middle of a macro: the store is right, and the message says what is."""

from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import Shop
from tests.hosts.calc.survival import offices
from tests.hosts.calc.survival.conftest import NewApp
from tests.hosts.calc.survival.offices import Calls, Fate
from tests.macros.driver import dump
from timix_xl import macros
from timix_xl.errors import IssuedButNotWritten
from timix_xl.hosts import calc
from timix_xl.hosts.refusals import CalcGone, WorkbookGone
from timix_xl.macros import running

BEFORE = [(offices.killed, 1), (offices.killed, 20), (offices.told_to_end, 5), (offices.closed, 5)]
AFTER = [(offices.killed, 1), (offices.closed, 10), (offices.killed, 40), (offices.told_to_end, 80)]
"""How it ends, and at which call: of an issue's reading, or of its writing."""
NUMBER = "INV-2026-00001"


def invoices(shop: Shop) -> int:
    """Count the invoices of the store."""
    count: int = shop.value("SELECT count(*) FROM documents WHERE kind = 'invoice'")
    return count


@pytest.mark.parametrize(("fate", "at"), BEFORE)
def test_before_the_commit_nothing_is_issued(
    book: xw.Book, app: xw.App, desk: macros.Desk, shop: Shop, calls: Calls, at: int, fate: Fate
) -> None:
    before = dump(shop.store)
    calls.then(at, lambda: fate(app))
    with pytest.raises((CalcGone, WorkbookGone)) as caught:
        macros.issue(book, desk)
    assert "gone" in str(caught.value)
    assert (dump(shop.store), shop.problems()) == (before, ())


class Committed:
    """The commit of a run, after which something happens at the next calls."""

    def __init__(self, patch: pytest.MonkeyPatch, calls: Calls) -> None:
        self._commit = running.issue_run
        self._calls = calls
        self.at, self.fate, self.app = 1, offices.killed, None
        patch.setattr(running, "issue_run", self)

    def __call__(self, *args: object, **options: object) -> object:
        """Issue; what is to happen is counted from here on."""
        done = self._commit(*args, **options)
        self._calls.then(self.at, lambda: self.fate(self.app))
        return done


@pytest.fixture
def committed(monkeypatch: pytest.MonkeyPatch, calls: Calls) -> Committed:
    """The commit, with something to happen after it."""
    return Committed(monkeypatch, calls)


@pytest.mark.parametrize(("fate", "at"), AFTER)
def test_after_the_commit_the_invoice_stands_and_its_number_is_told(
    book: xw.Book, app: xw.App, desk: macros.Desk, shop: Shop, committed: Committed, at: int,
    fate: Fate,
) -> None:  # fmt: skip
    committed.at, committed.fate, committed.app = at, fate, app
    with pytest.raises(IssuedButNotWritten) as caught:
        macros.issue(book, desk)
    assert NUMBER in str(caught.value)
    assert "LibreOffice" in str(caught.value)
    assert (invoices(shop), shop.problems()) == (1, ())


def test_the_same_button_in_the_saved_workbook_gives_the_first_result(
    book: xw.Book, app: xw.App, desk: macros.Desk, shop: Shop, committed: Committed, path: Path,
    new_app: NewApp, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    committed.at, committed.fate, committed.app = 10, offices.killed, app
    with pytest.raises(IssuedButNotWritten):
        macros.issue(book, desk)
    monkeypatch.undo()
    offices.lock_of(path).unlink()
    before = dump(shop.store)
    again = calc.open_book(path, new_app())
    done = macros.issue(again, desk)
    assert done is not None
    assert (done.numbers, dump(shop.store)) == ((NUMBER,), before)
    assert again.sheets["Billing"].range("A1").value is not None


def test_a_load_that_is_cut_off_leaves_the_store_and_the_file_as_they_were(
    book: xw.Book, app: xw.App, desk: macros.Desk, shop: Shop, calls: Calls, path: Path
) -> None:
    before, file = dump(shop.store), path.read_bytes()
    calls.then(30, lambda: offices.killed(app))
    with pytest.raises(CalcGone):
        macros.load_unbilled(book, desk)
    assert (dump(shop.store), path.read_bytes()) == (before, file)


def test_a_workbook_that_is_closed_in_between_is_told_from_a_program_that_is(
    book: xw.Book, desk: macros.Desk, shop: Shop, calls: Calls
) -> None:
    before = dump(shop.store)
    calls.then(5, lambda: book.impl.doc.close(True))
    with pytest.raises(WorkbookGone):
        macros.issue(book, desk)
    assert dump(shop.store) == before


def test_what_comes_after_says_the_same(book: xw.Book, app: xw.App, desk: macros.Desk) -> None:
    offices.killed(app)
    for macro in (macros.load_unbilled, macros.preview, macros.issue):
        with pytest.raises(CalcGone):
            macro(book, desk)
