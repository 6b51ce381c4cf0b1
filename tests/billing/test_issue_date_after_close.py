"""Issue dates by themselves: work of last year, billed once a month of this year is closed."""

import datetime as dt

import pytest

from tests.billing.engine import billed
from tests.billing.negotiators import by_pro_forma, paper, released
from tests.billing.negotiators import run as pro_forma_of
from tests.builders import Shop, day, on
from timix_xl.billing.close import close
from timix_xl.billing.issue_all import RunOutcome

FEBRUARY = on("2026-02-20")
DECEMBER, LAST_ISSUE = day("2025-12-31"), dt.date(2026, 2, 16)


@pytest.fixture
def closed(shop: Shop) -> Shop:
    """January is closed; an invoice of project Q bears 16 February, E1 of December is open."""
    shop.project("Q")
    shop.time("E1", on="2025-12-10")
    shop.time("E2", on="2026-01-10", project="Q")
    close(shop.store, "2026-01", actor=FEBRUARY)
    (done,) = billed(shop, "Q", date=LAST_ISSUE, issue=True, actor=FEBRUARY)
    assert done.outcome is RunOutcome.DONE, done
    return shop


def test_it_is_dated_as_the_last_invoice_of_this_year(closed: Shop) -> None:
    (done,) = billed(closed, date=DECEMBER, issue=True, actor=FEBRUARY)
    assert done.issued is not None, done
    (number,) = done.issued.numbers
    assert paper(closed, number).issue_date == LAST_ISSUE


def test_so_is_what_a_pro_forma_of_last_year_is_released_into(closed: Shop) -> None:
    number = pro_forma_of(by_pro_forma(closed), "2025-12-31", FEBRUARY)
    made = released(closed, number, FEBRUARY)
    assert paper(closed, made.document).issue_date == LAST_ISSUE
