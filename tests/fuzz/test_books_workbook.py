"""Books as a workbook: whatever stands in the file, it is taken in or refused with a place."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.damage import Parts, changed_workbook, parts_of
from tests.fuzz.intake import Intake
from tests.fuzz.running import for_long
from timix_xl.importing.books_writing import export_books


@pytest.fixture(scope="module")
def workbook(intake: Intake) -> Parts:
    """The example as a workbook, unpacked."""
    file = intake.folder / "example.xlsx"
    export_books(intake.store, file, today=dt.date(2026, 3, 2))
    intake.store.close()
    return parts_of(file.read_bytes())


@settings(max_examples=40)
@given(st.data())
def test_a_file_is_taken_in_or_refused(
    intake: Intake, workbook: Parts, data: st.DataObject
) -> None:
    intake("books.xlsx", data.draw(changed_workbook(workbook)))


@pytest.mark.long
def test_many_files_are_taken_in_or_refused(intake: Intake, workbook: Parts) -> None:
    for_long(changed_workbook(workbook), lambda content: intake("books.xlsx", content))
