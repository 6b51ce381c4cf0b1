"""The Frame orders sheet: the dropdown, what this invoice draws, the chart's figures."""

import datetime as dt
from decimal import Decimal

import openpyxl
import pytest

from tests.builders import Shop
from tests.macros.driver import Workbook
from timix_xl import macros
from timix_xl.errors import RunRefused


def choices(book: Workbook) -> list[str]:
    """Return what the dropdown offers."""
    sheet = openpyxl.load_workbook(book.path, data_only=True)["Frame orders"]
    return [sheet[f"N{row}"].value for row in range(7, 20) if sheet[f"N{row}"].value]


def test_without_an_open_order_there_is_no_choice(book: Workbook) -> None:
    assert (book.shown("frame_order"), choices(book)) == ("No frame order", ["No frame order"])


def test_the_only_open_order_is_preselected(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100")
    book.load()
    assert book.shown("frame_order") == "FO-1"


def test_of_several_open_orders_none_is_preselected(book: Workbook, shop: Shop) -> None:
    shop.order("FO-2", "100")
    shop.order("FO-1", "100")
    book.load()
    assert book.shown("frame_order") is None
    assert choices(book) == ["FO-1", "FO-2", "No frame order"]


def test_a_closed_order_is_not_offered(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100", state="closed")
    book.load()
    assert choices(book) == ["No frame order"]


def test_several_open_orders_and_none_chosen_is_a_fault(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100")
    shop.order("FO-2", "100")
    book.load()
    with pytest.raises(RunRefused):
        book.run(macros.issue)
    assert book.codes() == ["FO-01"]


@pytest.mark.parametrize("words", ["No frame order", "no frame order "])
def test_no_frame_order_is_a_choice(book: Workbook, shop: Shop, words: str) -> None:
    shop.order("FO-1", "100")
    shop.order("FO-2", "100")
    book.load()
    book.put(frame_order=words)
    assert book.run(macros.preview).frame_order is None


def test_a_choice_outlives_a_second_load(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100")
    shop.order("FO-2", "100")
    book.load()
    book.put(frame_order="FO-2")
    book.load()
    assert book.shown("frame_order") == "FO-2"


def test_no_frame_order_outlives_a_second_load_where_there_was_a_choice(
    book: Workbook, shop: Shop
) -> None:
    shop.order("FO-1", "100")
    book.load()
    book.put(frame_order="No frame order")
    book.load()
    assert book.shown("frame_order") == "No frame order"


def test_a_choice_of_the_customer_before_is_gone(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100")
    book.load()
    shop.customer("BETA")
    book.load("BETA")
    assert book.shown("frame_order") == "No frame order"


def test_a_preview_shows_what_this_invoice_draws(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100", billed_before="20")
    book.load()
    book.run(macros.preview)
    (row,) = book.rows("tblFrameOrders")
    titles = ("Billed", "Remaining", "Utilization", "This invoice", "Remaining after", "State")
    assert [row[title] for title in titles] == [20, 80, 0.2, 9.8333, 70.1667, "open"]


def test_a_preview_sums_up_the_draw(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "2000", unit="EUR")
    book.load()
    book.run(macros.preview)
    summary = [book.shown(f"summary_draw_{name}") for name in ("before", "after", "unit")]
    assert summary == [2000, 916.87, "EUR"]


def test_the_chart_shows_shares_of_each_total(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "20", billed_before="5")
    book.load()
    book.run(macros.preview)
    (row,) = book.rows("tblFrameOrderShares")
    shares = [round(row[name], 4) for name in ("Billed", "This invoice", "Remaining", "Overdrawn")]
    assert shares == [0.25, 0.4917, 0.2583, 0]


def test_an_overdraw_stands_apart_in_the_chart(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "5", overrun="warn")
    book.load()
    book.run(macros.preview)
    (row,) = book.rows("tblFrameOrderShares")
    assert (row["This invoice"], row["Remaining"], round(row["Overdrawn"], 4)) == (1, 0, 0.9667)


def test_an_issue_moves_the_draw_into_billed(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100")
    book.load()
    book.run(macros.issue)
    (row,) = book.rows("tblFrameOrders")
    assert (row["Billed"], row["This invoice"], row["Remaining"]) == (9.8333, 0, 90.1667)


def test_an_order_that_blocks_stops_the_run(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "9")
    book.load()
    with pytest.raises(RunRefused):
        book.run(macros.issue)
    assert book.codes() == ["FO-04"]


def test_an_order_that_warns_lets_the_run_go_on(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "9", overrun="warn")
    book.load()
    assert book.run(macros.issue).numbers
    assert book.codes() == ["FO-05"]


def test_an_entry_outside_the_validity_is_named_at_its_date(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", "100", valid_from=dt.date(2026, 1, 6))
    book.load()
    book.run(macros.preview)
    (row,) = book.rows("tblChecks")
    assert (row["Where"], row["Code"]) == ("Entries!A10", "FO-03")


def test_a_frame_order_is_shown_with_its_validity(book: Workbook, shop: Shop) -> None:
    first, last = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
    shop.order("FO-1", "100", valid_from=first, valid_to=last, title="Care")
    book.load()
    (row,) = book.rows("tblFrameOrders")
    assert (row["Valid from"].date(), row["Valid to"].date(), row["Title"]) == (first, last, "Care")


def test_fewer_orders_leave_no_old_ones_behind(book: Workbook, shop: Shop) -> None:
    for number in range(3):
        shop.order(f"FO-{number}", "100")
    book.load()
    shop.customer("BETA")
    book.load("BETA")
    assert (book.rows("tblFrameOrders"), choices(book)) == ([], ["No frame order"])


def test_more_orders_than_the_dropdown_holds_keep_no_frame_order(
    book: Workbook, shop: Shop
) -> None:
    for number in range(510):
        shop.order(f"FO-{number:03d}", "1")
    book.load()
    book.put(frame_order="No frame order")
    assert book.run(macros.preview).frame_order is None


def test_decimals_of_an_order_are_those_of_its_currency(book: Workbook, shop: Shop) -> None:
    shop.order("FO-1", str(Decimal(1000)), unit="EUR")
    book.load()
    cell = openpyxl.load_workbook(book.path)["Frame orders"]["F7"]
    assert (cell.value, cell.number_format) == (1000, "#,##0.00")
