"""Entries as CSV and as a sheet: whatever stands in them, they are taken in or refused."""

import io
from collections.abc import Iterable

import openpyxl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz.damage import changed_csv, changed_workbook, packed, parts_of, spoilt, utf8
from tests.fuzz.intake import Intake
from tests.fuzz.running import for_long

ROWS = (
    ("id", "date", "project", "task", "person", "quantity", "unit", "description", "bill_rate"),
    ("N1", "2026-01-15", "P1", "build", "anna", "7.5", "h", 'the 19" rack', "95.00"),
    ("N2", "2026-01-16", "P1", "walls", "ben", "-2", "h", "naïve; or not", ""),
    ("E1", "2026-01-15", "P1", "build", "anna", "7.5", "", "known", ""),
    ("N3", "2026-01-17", "BARE", "", "", "3", "pcs", "two\nlines", "1.25"),
)
MORE = (
    ("status", "source", "external_id", "item", "kind", "approved_on", "frame_order", "billable"),
    ("approved", "clock", "18", "", "time", "2026-01-20", "FO1", "true"),
    ("draft", "", "", "", "", "", "", "no"),
    ("approved", "clock", "17", "", "", "", "", ""),
    ("submitted", "", "", "BOLT", "material", "", "", "yes"),
)
TABLE = [(*left, *right) for left, right in zip(ROWS, MORE, strict=True)]


def csv_of(rows: Iterable[Iterable[str]]) -> str:
    return "".join(
        ",".join(f'"{cell.replace(chr(34), 2 * chr(34))}"' for cell in row) + "\r\n" for row in rows
    )


def workbook_of(rows: Iterable[Iterable[str]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    whole = io.BytesIO()
    book.save(whole)
    return whole.getvalue()


TEXT = csv_of(TABLE)
PARTS = {
    name: content
    for name, content in parts_of(workbook_of(TABLE)).items()
    if not name.startswith(("docProps", "xl/theme"))
}
texts = st.one_of(changed_csv(TEXT), changed_csv(TEXT), spoilt(utf8(TEXT)), st.binary(max_size=40))
sheets = changed_workbook(PARTS)


@given(texts)
@example(utf8(TEXT))
@example(b"id,date\0\r\nA,2026-01-01")
@example(b'id,quantity\r\n"A')
@example(b"id,quantity\r\nA," + b"9" * 200_000)
@example(b"," * 100_000)
@example(b"\xef\xbb\xbf\xef\xbb\xbfsep=;\r\n")
def test_a_csv_is_taken_in_or_refused(intake: Intake, content: bytes) -> None:
    intake("entries.csv", content)


@settings(max_examples=40)
@given(sheets)
@example(packed(list(PARTS.items())))
def test_a_sheet_is_taken_in_or_refused(intake: Intake, content: bytes) -> None:
    intake("entries.xlsx", content)


@pytest.mark.long
def test_many_csvs_are_taken_in_or_refused(intake: Intake) -> None:
    for_long(texts, lambda content: intake("entries.csv", content))


@pytest.mark.long
def test_many_sheets_are_taken_in_or_refused(intake: Intake) -> None:
    for_long(sheets, lambda content: intake("entries.xlsx", content))
