"""The same command twice: what the first run has deferred is not billed by a slip."""

import pytest

from tests.builders import Shop
from tests.macros.driver import Workbook
from timix_xl import macros
from timix_xl.workbook.refusals import LeftUndecided

pytestmark = pytest.mark.stores("sqlite", "postgresql")


@pytest.fixture
def issued(book: Workbook) -> Workbook:
    book.decide(E1="Defer")
    book.run(macros.issue)
    return book


def test_a_second_issue_over_undecided_rows_is_refused(issued: Workbook, shop: Shop) -> None:
    with pytest.raises(LeftUndecided, match=r"What that run left \(1 entry\) is undecided"):
        issued.run(macros.issue)

    assert shop.value("SELECT COUNT(*) FROM documents") == 1


def test_what_is_left_is_issued_once_somebody_decides(issued: Workbook, shop: Shop) -> None:
    issued.decide(E1="Bill")
    issued.run(macros.issue)

    assert shop.value("SELECT COUNT(*) FROM documents") == 2


def test_a_load_makes_undecided_rows_count_as_bill_again(issued: Workbook, shop: Shop) -> None:
    issued.load()
    issued.run(macros.issue)

    assert shop.value("SELECT COUNT(*) FROM documents") == 2
