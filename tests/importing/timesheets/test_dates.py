"""Dates and times of exports: read in their own order, asked about when there are two readings."""

from datetime import date, time
from typing import Any

import pytest

from timix_xl.importing.faults import CellRefused
from timix_xl.importing.refusals import DateOrderUnclear, DatesConverted
from timix_xl.importing.timesheets.dates import DateOrder, day_of, order_among, time_of

DMY, MDY = DateOrder.DMY, DateOrder.MDY


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (["2026-01-05", "2026-05-01"], None),
        (["05.01.2026"], None),
        (["07/07/2026"], None),
        (["05/01/2026", "13/01/2026"], DMY),
        (["05/01/2026", "01/13/2026"], MDY),
        ([], None),
    ],
)
def test_one_date_with_one_reading_decides_the_file(
    texts: list[str], order: DateOrder | None
) -> None:
    assert order_among("hours.csv", texts, None) is order


@pytest.mark.parametrize("texts", [["05/01/2026"], ["1/2/2026", "05/01/2026"]])
def test_dates_with_two_readings_are_asked_about(texts: list[str]) -> None:
    with pytest.raises(DateOrderUnclear, match="could be") as caught:
        order_among("hours.csv", texts, None)
    assert "--date-order dmy" in caught.value.hint


def test_dates_of_both_orders_are_asked_about() -> None:
    with pytest.raises(DateOrderUnclear, match="13/01/2026 has the day first and 01/13/2026"):
        order_among("hours.csv", ["01/13/2026", "13/01/2026"], None)


@pytest.mark.parametrize("other", ["2026-01-13", "13.01.2026", "2026-01-13 00:00:00"])
@pytest.mark.parametrize("given", [None, DMY])
def test_a_column_that_was_partly_converted_is_not_guessed(
    other: str, given: DateOrder | None
) -> None:
    with pytest.raises(DatesConverted, match="converted by a spreadsheet program"):
        order_among("hours.csv", ["14/01/2026", other], given)


def test_an_order_given_is_the_order() -> None:
    assert order_among("hours.csv", ["05/01/2026"], MDY) is MDY


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("2026-01-05", MDY, date(2026, 1, 5)),
        ("2026/1/5", None, date(2026, 1, 5)),
        ("2026-01-05 00:00:00", None, date(2026, 1, 5)),
        ("05.01.2026", MDY, date(2026, 1, 5)),
        ("5/1/2026", DMY, date(2026, 1, 5)),
        ("5/1/2026", MDY, date(2026, 5, 1)),
    ],
)
def test_a_date_is_read(text: str, order: DateOrder | None, day: date) -> None:
    assert day_of(text, order) == day


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2026-02-30", "IMP-17"),
        ("20226-01-01", "IMP-17"),
        ("05/01/26", "IMP-17"),
        ("01/13/2026", "IMP-88"),
        ("yesterday", "IMP-17"),
        ("46027", "IMP-17"),
        ("２０２６-01-05", "IMP-17"),
    ],
)
def test_what_is_no_date_is_refused(text: str, code: str) -> None:
    with pytest.raises(CellRefused) as caught:
        day_of(text, DMY)
    assert caught.value.kind.code == code


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("09:05", time(9, 5)),
        ("9:05:07", time(9, 5, 7)),
        ("12:00 AM", time(0)),
        ("12:30 pm", time(12, 30)),
        ("01:15:00\u202fPM", time(13, 15)),
    ],
)
def test_a_time_is_read(text: str, moment: time) -> None:
    assert time_of(text) == moment


@pytest.mark.parametrize("text", ["24:00", "13:00 PM", "0:30 AM", "9", "9:5", "noon"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(CellRefused) as caught:
        time_of(text)
    assert caught.value.kind.code == "IMP-89"


def test_a_file_that_could_be_two_is_taken_as_told(import_file: Any, entries: Any) -> None:
    with pytest.raises(DateOrderUnclear, match="05/01/2026 could be 5 January 2026 or 1 May 2026"):
        import_file("clockify_either_order.csv")
    import_file("clockify_either_order.csv", date_order=MDY)
    assert entries()[0]["date"] == date(2026, 5, 1)


def test_a_date_that_does_not_fit_the_order_given_is_a_fault_of_its_row(import_file: Any) -> None:
    report = import_file("clockify_month_first.csv", date_order=DMY)
    assert (report.refused[0].code, report.refused[0].column) == ("IMP-88", "Start Date")
