"""Two people, or one with two windows, on one store: nothing is billed twice."""

import shutil
from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import BOB, Shop
from tests.hosts.calc.survival.conftest import NewApp
from tests.macros.driver import dump
from timix_xl import macros
from timix_xl.errors import RunStale
from timix_xl.hosts import calc


def test_what_one_has_issued_the_other_is_refused(
    book: xw.Book, path: Path, desk: macros.Desk, shop: Shop, tmp_path: Path, new_app: NewApp
) -> None:
    copy = Path(shutil.copy(path, tmp_path / "theirs.xlsx"))
    theirs = calc.open_book(copy, new_app())
    their_desk = macros.Desk(shop.store, BOB, tmp_path)
    macros.load_unbilled(theirs, their_desk)
    done = macros.issue(book, desk)
    assert done is not None
    before = dump(shop.store)
    with pytest.raises(RunStale):
        macros.issue(theirs, their_desk)
    assert (dump(shop.store), shop.problems()) == (before, ())
    assert shop.value("SELECT count(*) FROM documents WHERE kind = 'invoice'") == 1


def test_both_may_bill_one_after_the_other(
    book: xw.Book, path: Path, desk: macros.Desk, shop: Shop, tmp_path: Path, new_app: NewApp
) -> None:
    copy = Path(shutil.copy(path, tmp_path / "theirs.xlsx"))
    theirs = calc.open_book(copy, new_app())
    macros.issue(book, desk)
    shop.time("E9", hours="1", on="2026-01-09")
    their_desk = macros.Desk(shop.store, BOB, tmp_path)
    macros.load_unbilled(theirs, their_desk)
    done = macros.issue(theirs, their_desk)
    assert done is not None
    assert done.numbers == ("INV-2026-00002",)
    assert shop.problems() == ()
