"""What a function makes of the cells it is given, and what stands where it has no answer."""

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Shop, day
from timix_xl import functions as xl
from timix_xl.store.refusals import StoreDamaged, StoreNotThere


@pytest.fixture
def ordered(cells: Shop) -> Shop:
    """ACME has frame orders 4711 over 10 h and FO-2 over 20 h."""
    cells.order("4711", "10")
    cells.order("FO-2", "20")
    return cells


def test_a_code_typed_as_a_number_is_the_text(ordered: Shop) -> None:
    assert xl.TIMIX_PO_TOTAL([4711.0, 4711, "4711", " 4711 "]) == [10.0] * 4


def test_a_code_in_a_cell_formatted_as_a_currency_is_the_text(ordered: Shop) -> None:
    assert xl.TIMIX_PO_TOTAL(Decimal("4711.0000")) == 10.0


def test_codes_are_told_apart_by_case_as_everywhere(ordered: Shop) -> None:
    assert xl.TIMIX_PO_TOTAL(["FO-2", "fo-2"]) == [20.0, "#N/A"]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("FO-2", 20.0),
        (["FO-2", "4711"], [20.0, 10.0]),
        ([["FO-2", "4711"]], [[20.0, 10.0]]),
        ([["FO-2"], ["4711"]], [[20.0], [10.0]]),
        ((("FO-2", "4711"), ("4711", "x")), [[20.0, 10.0], [10.0, "#N/A"]]),
        ([["FO-2"]], [[20.0]]),
    ],
)
def test_the_answer_has_the_shape_of_what_was_given(ordered: Shop, given: Any, found: Any) -> None:
    assert xl.TIMIX_PO_TOTAL(given) == found


@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_cell_has_a_blank_answer(ordered: Shop, blank: Any) -> None:
    assert xl.TIMIX_PO_TOTAL([["FO-2"], [blank]]) == [[20.0], [""]]


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("#N/A", "#N/A"),
        (-2146826246, "#N/A"),
        ("#VALUE!", "#VALUE!"),
        ("#REF!", "#VALUE!"),
        (-2146826265, "#VALUE!"),
    ],
)
def test_an_error_value_is_passed_on(ordered: Shop, error: Any, shown: str) -> None:
    assert xl.TIMIX_PO_TOTAL([error, "FO-2"]) == [shown, 20.0]


def test_an_error_value_beside_a_blank_key_is_passed_on(ordered: Shop) -> None:
    assert xl.TIMIX_UNBILLED_HOURS(None, "#N/A") == "#N/A"


@pytest.mark.parametrize(
    "given",
    [dt.datetime(2026, 1, 31), dt.date(2026, 1, 31), 46053.0, 46053.75, 46053, "2026-01-31"],
)
def test_a_day_is_a_date_its_serial_number_or_text(cells: Shop, given: Any) -> None:
    cells.time("E1", hours="2", on="2026-01-31")
    cells.time("E2", hours="5", on="2026-02-01")

    assert xl.TIMIX_UNBILLED_HOURS("ACME", given) == 2.0


@pytest.mark.parametrize("given", ["soon", "31.01.2026", True, -1.0, 0.0, 1e9, 12.0, float("nan")])
def test_what_is_no_day_is_an_error_value(cells: Shop, given: Any) -> None:
    assert xl.TIMIX_UNBILLED_HOURS("ACME", given) == "#VALUE!"


@pytest.mark.parametrize(
    "call",
    [
        lambda: xl.TIMIX_UNBILLED_HOURS("X"),
        lambda: xl.TIMIX_UNBILLED_HOURS("X", day("2026-01-31")),
        lambda: xl.TIMIX_UNBILLED_AMOUNT("X"),
        lambda: xl.TIMIX_PO_TOTAL("X"),
        lambda: xl.TIMIX_PO_BILLED("X"),
        lambda: xl.TIMIX_PO_REMAINING("X"),
        lambda: xl.TIMIX_PO_UTILIZATION("X"),
        lambda: xl.TIMIX_INVOICE_TOTAL("X"),
        lambda: xl.TIMIX_INVOICE_STATUS("X"),
        lambda: xl.TIMIX_OUTSTANDING("X"),
        lambda: xl.TIMIX_WIP("X"),
        lambda: xl.TIMIX_CHECK("X", "Bill"),
        lambda: xl.TIMIX_ENTRIES("X"),
        lambda: xl.TIMIX_ENTRIES("X", day("2026-01-31")),
        lambda: xl.TIMIX_FRAME_ORDERS("X"),
    ],
)
def test_a_name_that_nobody_knows_is_not_available(cells: Shop, call: Any) -> None:
    assert call() == "#N/A"


def test_a_customer_without_anything_has_zeros_and_empty_tables(cells: Shop) -> None:
    found = (
        xl.TIMIX_UNBILLED_HOURS("ACME"),
        xl.TIMIX_UNBILLED_AMOUNT("ACME", day("2026-01-31")),
        xl.TIMIX_OUTSTANDING("ACME"),
        xl.TIMIX_WIP("P"),
    )

    assert found == (0.0, 0.0, 0.0, 0.0)
    assert [len(xl.TIMIX_ENTRIES("ACME")), len(xl.TIMIX_FRAME_ORDERS("ACME"))] == [1, 1]


def test_a_table_is_of_one_customer(cells: Shop) -> None:
    assert xl.TIMIX_ENTRIES([["ACME"], ["ACME"]]) == "#VALUE!"
    assert len(xl.TIMIX_ENTRIES([["ACME"]])) == 1


def test_arguments_can_be_named(ordered: Shop) -> None:
    assert xl.TIMIX_PO_TOTAL(order="FO-2") == 20.0


def test_a_store_that_is_not_there_stops_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIMIX_STORE", str(tmp_path / "none.db"))

    with pytest.raises(StoreNotThere):
        xl.TIMIX_PO_TOTAL(["FO-2", "4711"])


def test_a_store_that_is_damaged_stops_the_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database at all" * 100)
    monkeypatch.setenv("TIMIX_STORE", str(tmp_path / "bad.db"))

    with pytest.raises(StoreDamaged):
        xl.TIMIX_PO_TOTAL("FO-2")


def test_no_answer_is_a_decimal(cells: Shop) -> None:
    cells.order("FO", "10")
    cells.time("E1")
    cells.issue(frame_order="FO")
    cells.time("E2", "E3", hours="0.3333")
    tables = [*xl.TIMIX_ENTRIES("ACME")[1:], *xl.TIMIX_FRAME_ORDERS()[1:]]
    single = [
        *(xl.TIMIX_UNBILLED_HOURS("ACME"), xl.TIMIX_UNBILLED_AMOUNT("ACME")),
        *(xl.TIMIX_PO_UTILIZATION("FO"), xl.TIMIX_BILL_RATE("P", "T", "ann", day("2026-01-05"))),
        *(xl.TIMIX_INVOICE_TOTAL("INV-2026-00001"), xl.TIMIX_INVOICE_STATUS("INV-2026-00001")),
        *(xl.TIMIX_OUTSTANDING("ACME"), xl.TIMIX_WIP("P"), xl.TIMIX_CHECK("E2", "Bill")),
    ]

    kinds = {type(value) for value in [*single, *(cell for row in tables for cell in row)]}

    assert kinds == {float, str, dt.datetime}
