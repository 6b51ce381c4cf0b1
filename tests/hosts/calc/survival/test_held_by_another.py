"""A file that another LibreOffice holds open, or held open when it was ended."""

from pathlib import Path

import pytest
import xlwings as xw

from tests.builders import Shop
from tests.cli.terminal import run
from tests.hosts.calc.survival import offices
from tests.hosts.calc.survival.conftest import NewApp
from timix_xl.hosts import calc
from timix_xl.hosts.refusals import WorkbookInUse


def test_one_that_is_open_elsewhere_is_not_opened(
    book: xw.Book, path: Path, new_app: NewApp
) -> None:
    with pytest.raises(WorkbookInUse, match=offices.lock_of(path).name):
        calc.open_book(path, new_app())


def test_the_command_line_leaves_it_alone(book: xw.Book, path: Path, shop: Shop) -> None:
    before = path.read_bytes()
    said = run("--store", shop.path, "--user", "ann", "preview", str(path), "--json")
    assert (said.code, said.error["code"]) == (6, "HOST-06")
    assert path.read_bytes() == before


def test_a_dead_one_leaves_a_lock_and_the_message_says_what_to_do_with_it(
    book: xw.Book, app: xw.App, path: Path, new_app: NewApp
) -> None:
    offices.killed(app)
    other = new_app()
    with pytest.raises(WorkbookInUse, match="if nobody has it open, delete"):
        calc.open_book(path, other)
    offices.lock_of(path).unlink()
    assert calc.open_book(path, other).name == path.name


def test_closing_gives_it_free(book: xw.Book, path: Path, new_app: NewApp) -> None:
    book.close()
    assert calc.open_book(path, new_app()).name == path.name
