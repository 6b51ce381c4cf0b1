"""Each program's export: known by its header, taken in, known again, and its changes seen."""

import csv
import io
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.importing.timesheets.conftest import EXPORTS
from timix_xl.importing.sources import read_source
from timix_xl.importing.timesheets.dates import DateOrder

FILES = {
    "toggl.csv": ("toggl", 12),
    "toggl_without_currency.csv": ("toggl", 12),
    "toggl.xlsx": ("toggl", 12),
    "clockify_year_first.csv": ("clockify", 12),
    "clockify_day_first.csv": ("clockify", 12),
    "clockify_month_first.csv": ("clockify", 12),
    "clockify_either_order.csv": ("clockify", 7),
    "clockify.xlsx": ("clockify", 12),
    "harvest.csv": ("harvest", 13),
    "harvest_older.csv": ("harvest", 12),
    "harvest_import.csv": ("harvest", 12),
    "kimai.csv": ("kimai", 12),
    "kimai_repeated_headers.csv": ("kimai", 12),
    "kimai_german.csv": ("kimai", 12),
}
TO_THE_SECOND = ("toggl.csv", "toggl.xlsx", "clockify_year_first.csv", "clockify.xlsx")
CHANGES = {
    "toggl.csv": ("Duration", "03:30:00", "03:45:00"),
    "clockify_year_first.csv": ("Duration (h)", "03:30:00", "03:31:00"),
    "clockify_month_first.csv": ("Duration (h)", "03:30:00", "03:31:00"),
    "harvest.csv": ("Hours", "3.50", "3.75"),
    "harvest_import.csv": ("Hours", "3.50", "3.75"),
    "kimai.csv": ("Duration", "3:30", "3:45"),
    "kimai_german.csv": ("Dauer", "3,50", "3,75"),
}


def test_every_fixture_is_tested() -> None:
    assert {path.name for path in EXPORTS.iterdir()} == {*FILES, "entries.xlsx"}


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_known_by_its_header(file: str) -> None:
    order = DateOrder.DMY if "either" in file else None
    export = read_source(EXPORTS / file, None, order).export
    assert export is not None
    assert (export.source, len(export.lines), export.refused) == (*FILES[file], ())


@pytest.mark.parametrize("file", FILES)
def test_a_file_is_taken_in_and_known_the_second_time(file: str, import_file: Any) -> None:
    order = DateOrder.DMY if "either" in file else None
    first, again = (import_file(file, date_order=order) for _ in range(2))
    assert (first.taken, first.refused) == (FILES[file][1], ())
    assert (again.taken, again.known, again.changed) == (0, first.taken, 0)


@pytest.mark.parametrize(("file", "change"), CHANGES.items())
def test_one_changed_cell_is_one_changed_entry(
    file: str, change: tuple[str, str, str], import_file: Any, tmp_path: Path
) -> None:
    import_file(file)
    column, before, after = change
    path = tmp_path / file
    path.write_bytes(_changed((EXPORTS / file).read_bytes(), column, before, after))
    report = import_file(path, reapprove=True)
    assert (report.taken, report.changed, report.refused) == (0, 1, ())


def _changed(content: bytes, column: str, before: str, after: str) -> bytes:
    coding = "cp1252" if b";Dauer;" in content else "utf-8-sig"
    separator = ";" if b";Dauer;" in content else ","
    rows = list(csv.reader(io.StringIO(content.decode(coding), newline=""), delimiter=separator))
    at = rows[0].index(column)
    assert rows[1][at] == before
    rows[1][at] = after
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(coding)


@pytest.mark.parametrize("file", TO_THE_SECOND)
def test_hours_are_exact_to_four_decimals(file: str, import_file: Any, entries: Any) -> None:
    import_file(file)
    hours = [row["quantity"] for row in entries()]
    assert Counter(hours)[Decimal("2.4167")] == 1
    assert sum(hours) == Decimal("47.2611")


def test_an_entry_says_all_that_the_line_says(import_file: Any, entries: Any) -> None:
    import_file("clockify_day_first.csv")
    entry = entries()[2]
    assert entry["id"] == "clockify:josé-ölund@2026-01-07T09:05:00"
    assert (entry["date"], entry["person"]) == (date(2026, 1, 7), "JOE")
    assert (entry["project"], entry["task"]) == ("CRANE", "BUILD")
    assert entry["description"] == "Brake interlock:\nfirst run, then the log"
    assert (entry["source"], entry["status"]) == ("clockify", "draft")


def test_a_project_without_tasks_takes_any_task(import_file: Any, entries: Any) -> None:
    import_file("toggl.csv")
    assert {row["task"] for row in entries() if row["project"] == "SCAN"} == {"SCAN"}


def test_twelve_hour_times_are_those_of_the_day(import_file: Any, entries: Any) -> None:
    import_file("clockify_month_first.csv")
    ids = [row["id"] for row in entries()]
    assert "clockify:ann-porter@2026-01-05T13:00:00" in ids
    assert "clockify:josé-ölund@2026-01-14T22:30:00" in ids


def test_work_over_midnight_lasts_as_long_as_it_says(import_file: Any, entries: Any) -> None:
    import_file("kimai.csv")
    night = next(row for row in entries() if row["description"] == "Night deployment")
    assert (night["date"], night["quantity"]) == (date(2026, 1, 14), 3)


@pytest.mark.parametrize(
    "file", ["toggl.csv", "clockify_year_first.csv", "harvest.csv", "kimai.csv"]
)
def test_what_is_not_billable_stays_so(file: str, import_file: Any, entries: Any) -> None:
    import_file(file)
    free = [row["description"] for row in entries() if not row["billable"]]
    assert free == ["Team breakfast"]


def test_what_is_invoiced_there_is_never_billed_here(import_file: Any, entries: Any) -> None:
    import_file("clockify_month_first.csv")
    billed = [row["billed_elsewhere"] for row in entries() if row["billed_elsewhere"]]
    assert billed == ["2026-017", "2026-017"]


def test_harvest_says_that_it_is_invoiced_but_not_where(import_file: Any, entries: Any) -> None:
    import_file("harvest.csv")
    assert Counter(row["billed_elsewhere"] for row in entries()) == {None: 12, "invoiced there": 1}


def test_what_harvest_approved_is_approved(import_file: Any, entries: Any) -> None:
    import_file("harvest.csv")
    assert Counter(row["status"] for row in entries()) == {"approved": 11, "draft": 2}


def test_two_equal_lines_are_two_entries(import_file: Any, entries: Any) -> None:
    import_file("harvest.csv")
    twice = [row for row in entries() if row["description"] == "Slow mode, ramp times"]
    assert len(twice) == 2
    assert twice[1]["id"] == f"{twice[0]['id']}-2"


def test_an_order_number_is_the_frame_order_that_bears_it(import_file: Any, entries: Any) -> None:
    import_file("kimai_german.csv")
    orders = {(row["project"], row["frame_order"]) for row in entries()}
    assert orders == {("CRANE", "FO-1"), ("SCAN", None)}


@pytest.mark.parametrize("file", ["harvest.csv", "kimai.csv", "kimai_german.csv"])
def test_a_line_keeps_the_currency_that_it_names(file: str, import_file: Any, entries: Any) -> None:
    import_file(file)
    assert {(row["project"], row["currency"]) for row in entries()} == {
        ("CRANE", "EUR"),
        ("SCAN", "USD"),
    }


def test_without_a_currency_it_is_the_customers(import_file: Any, entries: Any) -> None:
    import_file("toggl_without_currency.csv")
    assert {(row["project"], row["currency"]) for row in entries()} == {
        ("CRANE", "EUR"),
        ("SCAN", "USD"),
    }


def test_a_currency_that_is_not_the_customers_is_told_once(import_file: Any) -> None:
    report = import_file("toggl.csv")
    assert [(one.code, one.row, one.column) for one in report.warnings] == [
        ("IMP-93", 2, "Amount (USD)")
    ]


def test_a_plain_workbook_of_entries_is_taken_in(import_file: Any, entries: Any) -> None:
    report = import_file("entries.xlsx")
    assert (report.taken, report.refused) == (12, ())
    first = next(row for row in entries() if row["id"] == "1")
    assert (first["date"], first["quantity"]) == (date(2026, 1, 5), Decimal("3.5"))
    assert {row["frame_order"] for row in entries()} == {"FO-1", None}


def test_a_time_cell_of_a_workbook_is_hours(import_file: Any, entries: Any) -> None:
    import_file("entries.xlsx")
    by_id = {row["id"]: row["quantity"] for row in entries()}
    assert by_id["X-004"] == Decimal("5.3333")


def test_a_frame_order_of_another_customer_is_refused(import_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "entries.csv"
    path.write_text("id,date,project,task,quantity,frame_order\nA,2026-01-05,CRANE,BUILD,1,FO-9\n")
    assert [(one.code, one.column) for one in import_file(path).refused] == [
        ("IMP-85", "frame_order")
    ]


def test_a_workbook_with_two_sheets_to_choose_from_is_asked_about(
    import_file: Any, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(EXPORTS / "toggl.xlsx")
    workbook.copy_worksheet(workbook.worksheets[0]).title = "March"
    workbook.save(tmp_path / "two.xlsx")
    with pytest.raises(Exception, match="more than one of its sheets"):
        import_file(tmp_path / "two.xlsx")


HARVEST = "Date,Client,Project,Task,Notes,Hours,Hours Rounded,First Name,Last Name,Currency\n"
ROUNDED = "2026-01-05,Nordwind Marine GmbH,Crane controls,Build,n,1.13,1.25,Ann,Porter,"


@pytest.mark.parametrize(
    ("text", "currency"), [("Euro - EUR", "EUR"), ("United States Dollar - USD", "USD")]
)
def test_harvest_names_a_currency_before_its_code(
    text: str, currency: str, take: Any, entries: Any
) -> None:
    assert take(HARVEST + ROUNDED + text + "\n", "h.csv").refused == ()
    assert entries()[0]["currency"] == currency


def test_hours_that_harvest_rounds_are_those_to_bill(take: Any, entries: Any) -> None:
    take(HARVEST + ROUNDED + "EUR\n", "h.csv")
    first = entries()[0]
    assert (first["quantity"], first["billable_quantity"]) == (Decimal("1.13"), Decimal("1.25"))


def test_two_durations_that_disagree_refuse_the_row(import_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "clockify.csv"
    content = (EXPORTS / "clockify_year_first.csv").read_bytes()
    path.write_bytes(_changed(content, "Duration (h)", "03:30:00", "04:30:00"))
    refused = import_file(path).refused
    assert [(one.code, one.row, one.column, one.message) for one in refused] == [
        (
            "IMP-55",
            2,
            "Duration (h)",
            "The row says 04:30:00 here and 3.5 h under Duration (decimal).",
        )
    ]
