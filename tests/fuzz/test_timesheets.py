"""Timesheet exports and their mapping files: whatever stands in them, taken in or refused."""

import json
from typing import TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn

from tests.fuzz.damage import changed_csv, changed_json, changed_workbook, parts_of, spoilt, utf8
from tests.fuzz.intake import Intake
from tests.fuzz.running import for_long
from tests.importing.timesheets.conftest import EXPORTS
from timix_xl.importing.timesheets.dates import DateOrder

Given: TypeAlias = tuple[bytes, DateOrder | None]

CSVS = {
    file.name: file.read_bytes().decode("utf-8-sig", "replace")
    for file in sorted(EXPORTS.glob("*.csv"))
    if file.name != "harvest_import.csv"
}
WORKBOOKS = [parts_of((EXPORTS / name).read_bytes()) for name in ("clockify.xlsx", "toggl.xlsx")]
CRANE, SCAN = "Nordwind Marine GmbH", "Hale & Sons Ltd"
MAPPING = {
    "how": [],
    "format": "harvest",
    "fingerprint": "",
    "status": "approved",
    "rate": "from file",
    "currency": "from file",
    "customers": {CRANE: "NORD", SCAN: "HALE", "Other": None},
    "projects": {f"{CRANE} / Crane controls": "CRANE", f"{SCAN} / Warehouse scanner": "SCAN"},
    "tasks": {f"{CRANE} / Crane controls / Survey": "SURVEY"},
    "people": {"Ann Porter": "ANN"},
    "orders": {"PO-77310": "FO-1"},
    "rates": {"projects": {f"{CRANE} / Crane controls": "95.5"}, "people": {"Ann Porter": None}},
}
orders = st.sampled_from((None, *DateOrder))


@st.composite
def csvs(draw: DrawFn) -> Given:
    text = draw(st.sampled_from(tuple(CSVS.values())))
    changed = draw(st.one_of(changed_csv(text), changed_csv(text), spoilt(utf8(text))))
    return changed, draw(orders)


@st.composite
def workbooks(draw: DrawFn) -> Given:
    return draw(changed_workbook(draw(st.sampled_from(WORKBOOKS)))), draw(orders)


mappings = st.one_of(
    changed_json(MAPPING), changed_json(MAPPING), spoilt(utf8(json.dumps(MAPPING)))
)


def take_csv(quay: Intake, given_file: Given) -> None:
    content, order = given_file
    quay("export.csv", content, date_order=order)


def take_workbook(quay: Intake, given_file: Given) -> None:
    content, order = given_file
    quay("export.xlsx", content, date_order=order)


def take_mapping(quay: Intake, content: bytes) -> None:
    file = quay.folder / "mapping.json"
    file.write_bytes(content)
    quay.again(EXPORTS / "harvest.csv", mapping=file)


@settings(max_examples=100)
@given(csvs())
def test_an_export_is_taken_in_or_refused(quay: Intake, given_file: Given) -> None:
    take_csv(quay, given_file)


@settings(max_examples=30)
@given(workbooks())
def test_an_exported_workbook_is_taken_in_or_refused(quay: Intake, given_file: Given) -> None:
    take_workbook(quay, given_file)


@given(mappings)
@example(utf8(json.dumps(MAPPING)))
@example(b"[" * 100_000)
@example(b'{"format": "harvest", "customers": {"\\ud800": "NORD"}}')
@example(b'{"format": "harvest", "rates": {"people": {"Ann Porter": ' + b"9" * 5000 + b"}}}")
def test_a_mapping_is_taken_or_refused(quay: Intake, content: bytes) -> None:
    take_mapping(quay, content)


@pytest.mark.long
def test_many_exports_are_taken_in_or_refused(quay: Intake) -> None:
    for_long(csvs(), lambda given_file: take_csv(quay, given_file))


@pytest.mark.long
def test_many_exported_workbooks_are_taken_in_or_refused(quay: Intake) -> None:
    for_long(workbooks(), lambda given_file: take_workbook(quay, given_file))


@pytest.mark.long
def test_many_mappings_are_taken_or_refused(quay: Intake) -> None:
    for_long(mappings, lambda content: take_mapping(quay, content))
