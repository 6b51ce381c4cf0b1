"""A LibreOffice without a window, started once for all tests of a process."""

import os
from collections.abc import Iterator

import pytest
import xlwings as xw

from timix_xl.hosts import calc
from timix_xl.hosts.calc.finding import Office, find_office
from timix_xl.hosts.refusals import CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython


@pytest.fixture(scope="session")
def office() -> Office:
    """The LibreOffice of this machine."""
    try:
        return find_office()
    except (CalcMissing, CalcTooOld, UnoMissing, UnoOfOtherPython) as error:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI has to have LibreOffice: {error}")
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def app(office: Office) -> Iterator[xw.App]:
    """A LibreOffice that all tests use; a test closes the books that it opened."""
    app = calc.start()
    yield app
    app.quit()


@pytest.fixture
def book(app: xw.App) -> Iterator[xw.Book]:
    """An empty workbook without a file."""
    book = app.books.add()
    yield book
    if not book.impl.is_gone:
        book.close()
