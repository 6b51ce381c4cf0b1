"""A timesheet export from the command line alone: asked about, mapped, imported, invoiced."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Desk

EXPORTS = Path(__file__).parent.parent / "importing" / "exports"
BOOKS = {
    "company": {"name": "Quay Works", "country": "DE", "currency": "EUR", "tax_id": "DE123456788"},
    "tax_codes": [{"code": "S19", "category": "S", "rates": [{"percent": "19"}]}],
    "people": [{"code": code, "name": code.title()} for code in ("ANN", "JOE", "MIA")],
    "customers": [
        {"code": "NORD", "name": "Nordwind", "currency": "EUR", "tax_code": "S19", "bill_rate": 95},
        {"code": "HALE", "name": "Hale", "currency": "EUR", "tax_code": "S19", "bill_rate": 102},
    ],
    "projects": [{"code": "P1", "customer": "NORD"}, {"code": "P2", "customer": "HALE"}],
    "tasks": [{"project": "P1", "code": "T1"}, {"project": "P1", "code": "T2"}],
    "frame_orders": [{"number": "FO-1", "customer": "NORD", "total_hours": "100"}],
}
CODES = {
    "Nordwind Marine GmbH": "NORD",
    "Hale & Sons Ltd": "HALE",
    "Nordwind Marine GmbH / Crane controls": "P1",
    "Hale & Sons Ltd / Warehouse scanner": "P2",
    "Nordwind Marine GmbH / Crane controls / Survey": "T1",
    "Nordwind Marine GmbH / Crane controls / Build": "T2",
    "Ann Porter": "ANN",
    "José Ölund": "JOE",
    "Mia Brandt": "MIA",
    "PO-77310": "FO-1",
}
TO_THE_MINUTE, TO_THE_HUNDREDTH = Decimal("21.3334"), Decimal("21.34")
FILES = {
    "toggl.csv": TO_THE_MINUTE,
    "toggl_without_currency.csv": TO_THE_MINUTE,
    "toggl.xlsx": TO_THE_MINUTE,
    "clockify_year_first.csv": TO_THE_MINUTE,
    "clockify_day_first.csv": TO_THE_MINUTE,
    "clockify_month_first.csv": Decimal("17.8334"),  # 3.5 h are invoiced there
    "clockify.xlsx": TO_THE_MINUTE,
    "harvest_older.csv": Decimal("17.09"),  # 4.25 h are invoiced there
    "harvest_import.csv": TO_THE_HUNDREDTH,
    "kimai.csv": TO_THE_MINUTE,
    "kimai_repeated_headers.csv": TO_THE_HUNDREDTH,
    "kimai_german.csv": TO_THE_HUNDREDTH,
}


@pytest.fixture
def quay(tmp_path: Path) -> Desk:
    """A store with books whose codes no export can know."""
    desk = Desk(tmp_path / "timix.db")
    books = tmp_path / "books.json"
    books.write_text(json.dumps(BOOKS), encoding="utf-8")
    assert desk("init").code == 0
    assert desk("import", str(books)).code == 0
    return desk


def filled_in(path: Path, **more: Any) -> str:
    """Do what a person does with a mapping file."""
    mapping = json.loads(path.read_text("utf-8"))
    for key in ("customers", "projects", "tasks", "people", "orders"):
        for name, code in mapping[key].items():
            if code == "":
                mapping[key][name] = CODES.get(name, "")
    path.write_text(json.dumps(mapping | {"currency": "ours"} | more), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(("file", "hours"), FILES.items())
def test_an_export_comes_in_and_goes_out_as_an_invoice(
    file: str, hours: Decimal, quay: Desk
) -> None:
    path, mapping = str(EXPORTS / file), quay.folder / "map.json"
    asked = quay.json("import", path, "--dry-run", "--write-mapping", str(mapping))
    assert asked["mapping"]["unfilled"] > 0
    given = filled_in(mapping, status="approved")
    taken = quay.json("import", path, "--mapping", given)
    assert (taken["taken"], taken["refused"]) == (12, [])
    issued = quay.json(
        *("issue", "NORD", "--billing-date", "2026-01-31", "--frame-order", "FO-1"),
    )
    document = issued["documents"][0]
    assert Decimal(document["hours"]) == hours
    assert document["draw_down"]["frame_order"] == "FO-1"
    assert quay.json("verify")["ok"]


def test_what_was_asked_for_is_said_in_words(quay: Desk) -> None:
    path, mapping = str(EXPORTS / "toggl.csv"), quay.folder / "map.json"
    said = quay("import", path, "--dry-run", "--write-mapping", str(mapping))
    assert said.code == 0
    first, second = said.out.splitlines()
    assert first.endswith("0 rows taken, 0 known already, 0 changed, 12 refused.")
    assert second == (
        f'Wrote {mapping}; 11 names are still blank ("") in it. Fill them in. '
        f"Then: timix-xl import {path} --mapping {mapping}"
    )


def test_next_month_needs_no_mapping(quay: Desk) -> None:
    path, mapping = EXPORTS / "toggl.csv", quay.folder / "map.json"
    quay("import", str(path), "--dry-run", "--write-mapping", str(mapping))
    assert quay("import", str(path), "--mapping", filled_in(mapping)).code == 0
    february = quay.folder / "february.csv"
    february.write_text(path.read_text("utf-8-sig").replace("2026-01", "2026-02"), "utf-8")
    assert quay.json("import", str(february))["taken"] == 12


def test_dates_that_could_be_two_are_asked_about(quay: Desk) -> None:
    path = str(EXPORTS / "clockify_either_order.csv")
    assert quay.error("import", path) == (2, "IMP-07")
    mapping = str(quay.folder / "map.json")
    words = ("--date-order", "dmy", "--dry-run", "--write-mapping", mapping)
    assert quay("import", path, *words).code == 0


def test_names_that_are_not_known_refuse_the_file(quay: Desk) -> None:
    said = quay("import", str(EXPORTS / "toggl.csv"))
    assert said.code == 2
    assert "nothing was imported" in said.err
    assert "line 2, Client: We do not know which customer Nordwind Marine GmbH is." in said.err


def test_a_mapping_is_never_written_over_another_file(quay: Desk) -> None:
    mapping = quay.folder / "map.json"
    mapping.write_text("{}", encoding="utf-8")
    words = ("import", str(EXPORTS / "toggl.csv"), "--dry-run", "--write-mapping", str(mapping))
    assert quay.error(*words) == (2, "ARG-01")
    assert mapping.read_text("utf-8") == "{}"


def test_a_refusal_says_that_the_mapping_was_written(quay: Desk) -> None:
    path, mapping = str(EXPORTS / "toggl.csv"), quay.folder / "map.json"
    said = quay("import", path, "--write-mapping", str(mapping))
    assert (said.code, mapping.is_file()) == (2, True)
    assert "12 rows cannot be taken; nothing was imported" in said.err
    assert said.out.startswith(f"Wrote {mapping}; 11 names are still blank")
    told = quay("import", path, "--write-mapping", str(mapping), "--json").json
    assert told["mapping"] == {"file": str(mapping), "unfilled": 11}
    assert told["error"]["code"] == "IMP-01"


def test_a_mapping_that_nobody_filled_in_may_be_written_again(quay: Desk) -> None:
    path, mapping = str(EXPORTS / "toggl.csv"), quay.folder / "map.json"
    words = ("import", path, "--dry-run", "--write-mapping", str(mapping))
    assert [quay(*words).code for _ in range(2)] == [0, 0]
    filled_in(mapping)
    before = mapping.read_bytes()
    assert quay.error(*words) == (2, "ARG-01")
    assert mapping.read_bytes() == before


def test_a_mapping_is_not_written_over_a_folder(quay: Desk) -> None:
    words = ("--dry-run", "--write-mapping", str(quay.folder))
    assert quay.error("import", str(EXPORTS / "toggl.csv"), *words) == (2, "ARG-01")


def test_a_mapping_that_is_given_may_be_written_anew(quay: Desk) -> None:
    mapping = quay.folder / "map.json"
    mapping.write_text('{"people": {"Ann Porter": "ANN"}}', encoding="utf-8")
    words = ("--dry-run", "--mapping", str(mapping), "--write-mapping", str(mapping))
    assert quay("import", str(EXPORTS / "toggl.csv"), *words).code == 0
    assert json.loads(mapping.read_text("utf-8"))["people"] == {
        "Ann Porter": "ANN",
        "José Ölund": "",
        "Mia Brandt": "",
    }


def test_a_mapping_is_written_for_exports_only(quay: Desk) -> None:
    words = ("--dry-run", "--write-mapping", str(quay.folder / "map.json"))
    assert quay.error("import", str(EXPORTS / "entries.xlsx"), *words) == (2, "ARG-02")


def test_a_folder_that_is_not_there_is_told(quay: Desk) -> None:
    words = ("--dry-run", "--write-mapping", str(quay.folder / "no" / "map.json"))
    assert quay.error("import", str(EXPORTS / "toggl.csv"), *words) == (2, "ARG-01")


def test_the_format_may_be_named(quay: Desk) -> None:
    words = ("--format", "toggl", "--dry-run", "--write-mapping", str(quay.folder / "map.json"))
    assert quay("import", str(EXPORTS / "toggl.xlsx"), *words).code == 0
    assert quay.error("import", str(EXPORTS / "toggl.csv"), "--format", "kimai") == (2, "IMP-09")
