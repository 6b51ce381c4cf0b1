"""The mapping file: proposed from what is in an export, filled in by a person, remembered."""

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.importing.timesheets.conftest import EXPORTS
from timix_xl.domain.entries import ApprovalStatus
from timix_xl.errors import FileNotThere, FileUnreadable
from timix_xl.importing.refusals import MappingNotUnderstood

CRANE = "Nordwind Marine GmbH / Crane controls"
SCAN = "Hale & Sons Ltd / Warehouse scanner"


@pytest.fixture
def mapped(import_file: Any, write: Any) -> Any:
    """Import an export of the fixtures with a mapping of these values."""

    def imported(file: str | Path, /, **values: Any) -> Any:
        return import_file(file, mapping=write(values, "map.json"))

    return imported


@pytest.fixture
def renamed(write: Any) -> Any:
    """Write a copy of toggl.csv with other names in it."""

    def copied(*names: tuple[str, str], file: str = "toggl.csv") -> Path:
        text = (EXPORTS / file).read_text("utf-8-sig")
        for before, after in names:
            assert before in text
            text = text.replace(before, after)
        path: Path = write(text, file)
        return path

    return copied


def proposal(report: Any) -> dict[str, Any]:
    """Read the mapping that a report proposes."""
    content: dict[str, Any] = json.loads(report.mapping.text)
    return content


def test_exact_names_are_filled_in_and_need_no_mapping_file(import_file: Any) -> None:
    report = import_file("kimai.csv", dry_run=True)
    found = proposal(report)
    assert found["customers"] == {"Nordwind Marine GmbH": "NORD", "Hale & Sons Ltd": "HALE"}
    assert found["projects"] == {CRANE: "CRANE", SCAN: "SCAN"}
    assert found["tasks"][f"{CRANE} / Survey"] == "SURVEY"
    assert found["tasks"][f"{SCAN} / Survey"] is None
    assert found["people"]["José Ölund"] == "JOE"
    assert found["orders"] == {"PO-77310": "FO-1"}
    assert report.mapping.unfilled == 0


def test_a_code_matches_as_well_as_a_name(import_file: Any, renamed: Any) -> None:
    path = renamed(("Ann Porter", "ann"), ("Crane controls", "crane"))
    report = import_file(path, dry_run=True)
    assert proposal(report)["people"]["ann"] == "ANN"
    assert report.mapping.unfilled == 0


def test_a_name_that_nobody_knows_is_left_blank_and_its_rows_are_refused(
    import_file: Any, renamed: Any
) -> None:
    report = import_file(renamed(("Mia Brandt", "M. Brandt")))
    assert proposal(report)["people"]["M. Brandt"] == ""
    assert (report.mapping.unfilled, report.taken) == (1, 0)
    first = report.refused[0]
    assert (first.code, first.row, first.column) == ("IMP-86", 7, "User")
    assert first.message == "We do not know which person M. Brandt is."
    assert "under people of a mapping file" in first.hint


def test_a_task_is_asked_for_where_our_project_has_tasks(import_file: Any, renamed: Any) -> None:
    report = import_file(renamed((",Survey,", ",Inspection,")))
    assert {(one.code, one.column) for one in report.refused} == {("IMP-86", "Task")}
    assert {one.message for one in report.refused} == {
        f"We do not know which task {CRANE} / Inspection is."
    }


def test_what_a_person_fills_in_is_taken(mapped: Any, renamed: Any, entries: Any) -> None:
    path = renamed(("Mia Brandt", "M. Brandt"), (",Survey,", ",Inspection,"))
    tasks = {f"{CRANE} / Inspection": "SURVEY"}
    report = mapped(path, people={"M. Brandt": "MIA"}, tasks=tasks)
    assert (report.taken, report.refused) == (12, ())
    assert Counter(row["task"] for row in entries())["SURVEY"] == 2


def test_two_of_ours_of_one_name_are_never_guessed(import_file: Any, take: Any) -> None:
    take({"people": [{"code": "AP2", "name": "ann porter"}]})
    assert proposal(import_file("toggl.csv", dry_run=True))["people"]["Ann Porter"] == ""


def test_a_project_mapped_to_null_is_left_out_and_told(mapped: Any, entries: Any) -> None:
    report = mapped("toggl.csv", projects={SCAN: None}, currency="ours")
    assert {row["project"] for row in entries()} == {"CRANE"}
    assert [(one.code, one.message) for one in report.warnings] == [
        ("IMP-92", f"{SCAN}: 6 lines are left out, as the mapping says.")
    ]


def test_a_person_mapped_to_null_is_nobody(mapped: Any, entries: Any) -> None:
    mapped("toggl.csv", people={"Mia Brandt": None})
    assert Counter(row["person"] for row in entries())[None] == 4


def test_the_status_of_the_mapping_holds(mapped: Any, entries: Any) -> None:
    mapped("toggl.csv", status="approved")
    assert {row["status"] for row in entries()} == {"approved"}


def test_a_status_of_the_command_goes_before_the_mappings(
    import_file: Any, write: Any, entries: Any
) -> None:
    mapping = write({"status": "approved"}, "map.json")
    import_file("toggl.csv", mapping=mapping, status=ApprovalStatus.SUBMITTED)
    assert {row["status"] for row in entries()} == {"submitted"}


def test_what_harvest_did_not_approve_is_not_approved_by_a_mapping(
    mapped: Any, entries: Any
) -> None:
    mapped("harvest.csv", status="approved")
    assert Counter(row["status"] for row in entries()) == {"approved": 11, "draft": 2}


def test_our_rates_hold_unless_the_mapping_says_otherwise(import_file: Any, entries: Any) -> None:
    import_file("harvest.csv")
    assert {row["bill_rate"] for row in entries()} == {None}


@pytest.mark.parametrize(
    "file", ["harvest.csv", "clockify_year_first.csv", "kimai.csv", "kimai_german.csv"]
)
def test_rates_are_those_of_the_file_if_the_mapping_says_so(
    file: str, mapped: Any, entries: Any
) -> None:
    mapped(file, rate="from file")
    rates = {row["bill_rate"] for row in entries()}
    assert rates == {Decimal("95"), Decimal("88.5"), Decimal("102"), None}


def test_without_a_rate_in_the_file_it_is_the_amount_by_the_hour(mapped: Any, entries: Any) -> None:
    mapped("toggl.csv", rate="from file")
    for row in entries():
        if row["billable"]:
            amount = (row["quantity"] * row["bill_rate"]).quantize(Decimal("0.01"))
            assert amount in {Decimal(one) for one in _amounts()}


def _amounts() -> list[str]:
    lines = (EXPORTS / "toggl.csv").read_text("utf-8-sig").splitlines()
    return [line.rsplit(",", 1)[1] for line in lines[1:] if line[-3:-2] == "."]


def test_a_rate_of_a_project_goes_before_one_of_a_person(mapped: Any, entries: Any) -> None:
    rates = {"projects": {SCAN: "120"}, "people": {"Mia Brandt": "70", "Ann Porter": 99.5}}
    mapped("toggl.csv", rates=rates)
    found = {(row["project"], row["person"]): row["bill_rate"] for row in entries()}
    assert found["SCAN", "MIA"] == 120
    assert found["CRANE", "ANN"] == Decimal("99.5")
    assert found["CRANE", "JOE"] is None


def test_currency_ours_takes_the_customers(mapped: Any, entries: Any) -> None:
    assert mapped("toggl.csv", currency="ours").warnings == ()
    assert {(row["project"], row["currency"]) for row in entries()} == {
        ("CRANE", "EUR"),
        ("SCAN", "USD"),
    }


def test_an_unknown_order_number_asks_which_frame_order_it_is(
    import_file: Any, renamed: Any
) -> None:
    report = import_file(renamed(("PO-77310", "4711"), file="kimai.csv"))
    first = report.refused[0]
    assert (first.code, first.column) == ("IMP-87", "Order number")
    assert first.message == "The order number 4711 is not a frame order of customer NORD."
    assert proposal(report)["orders"] == {"4711": ""}


@pytest.mark.parametrize("order", ["FO-1", None])
def test_an_order_number_is_mapped_to_a_frame_order_or_to_none(
    order: str | None, mapped: Any, renamed: Any, entries: Any
) -> None:
    report = mapped(renamed(("PO-77310", "4711"), file="kimai.csv"), orders={"4711": order})
    assert report.refused == ()
    assert {row["frame_order"] for row in entries() if row["project"] == "CRANE"} == {order}


def test_an_order_of_another_customer_is_refused(mapped: Any, renamed: Any) -> None:
    path = renamed(("PO-77310", "4711"), file="kimai.csv")
    report = mapped(path, orders={"4711": "FO-9"})
    assert {(one.code, one.column) for one in report.refused} == {("IMP-85", "Order number")}


def test_a_project_of_another_customer_is_refused(mapped: Any) -> None:
    report = mapped("toggl.csv", projects={SCAN: "CRANE"})
    assert ("IMP-39", "Client") in {(one.code, one.column) for one in report.refused}


def test_a_code_that_is_not_there_is_refused_with_the_exports_column(mapped: Any) -> None:
    report = mapped("toggl.csv", people={"Mia Brandt": "NOBODY"})
    assert {(one.code, one.column) for one in report.refused} == {("IMP-30", "User")}


def test_a_mapping_is_remembered_for_files_of_the_same_shape(
    mapped: Any, renamed: Any, import_file: Any
) -> None:
    mapped(renamed(("Mia Brandt", "M. Brandt")), people={"M. Brandt": "MIA"})
    next_month = renamed(("Mia Brandt", "M. Brandt"), ("2026-01", "2026-03"))
    report = import_file(next_month)
    assert (report.taken, report.refused) == (12, ())


def test_a_new_name_is_added_to_what_is_remembered(
    mapped: Any, renamed: Any, import_file: Any
) -> None:
    mapped(renamed(("Mia Brandt", "M. Brandt")), people={"M. Brandt": "MIA"})
    path = renamed(("Mia Brandt", "M. Brandt"), ("Ann Porter", "A. Porter"))
    people = proposal(import_file(path, dry_run=True))["people"]
    assert (people["M. Brandt"], people["A. Porter"]) == ("MIA", "")


def test_a_dry_run_and_a_refused_file_remember_nothing(
    mapped: Any, renamed: Any, import_file: Any, write: Any, rows: Any
) -> None:
    path = renamed(("Mia Brandt", "M. Brandt"))
    mapping = write({"people": {"M. Brandt": "MIA"}}, "map.json")
    import_file(path, mapping=mapping, dry_run=True)
    mapped(path, people={"M. Brandt": "NOBODY"})
    assert rows("export_mappings") == []


def test_the_log_notes_a_mapping_once(mapped: Any, rows: Any) -> None:
    for _ in range(2):
        mapped("toggl.csv", currency="ours")
    noted = [row for row in rows("audit_log") if row["object"] == "mapping of toggl"]
    assert len(noted) == 1


def test_what_is_proposed_can_be_given(import_file: Any, tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    first = import_file("kimai.csv", dry_run=True)
    path.write_text(first.mapping.text, encoding="utf-8")
    again = import_file("kimai.csv", mapping=path, dry_run=True)
    assert again.mapping == first.mapping
    assert again.refused == ()


ODD = [
    ({"people": ["Ann"]}, 'people is not written like {"name": "code"}'),
    ({"people": {"Ann": True}}, 'people, "Ann" is not a text in double quotes'),
    ({"poeple": {}}, "poeple is not known"),
    ({"rates": {"persons": {}}}, "rates, persons is not known; known are projects, people"),
    ({"people": {"Ann": "A", "ann": "B"}}, "people, Ann stands twice in the same place"),
    ({"status": "done"}, "status is done, not one of draft"),
    ({"rate": "theirs"}, 'rate is "theirs", not "ours" or "from file"'),
    ({"rates": {"people": {"Ann": "much"}}}, 'rates, people, "Ann" is much, not a rate'),
    ({"format": "harvest"}, "it is for harvest, and"),
    ([], 'it is not written like {"name": "code"}'),
]


@pytest.mark.parametrize(("content", "why"), ODD)
def test_an_odd_mapping_says_where(content: Any, why: str, import_file: Any, write: Any) -> None:
    with pytest.raises(MappingNotUnderstood) as caught:
        import_file("toggl.csv", mapping=write(json.dumps(content), "map.json"))
    assert why in caught.value.message


def test_a_mapping_that_is_no_json_says_where(import_file: Any, write: Any) -> None:
    with pytest.raises(FileUnreadable) as caught:
        import_file("toggl.csv", mapping=write('{"people": {\n"Ann": }}', "map.json"))
    assert caught.value.where == "line 2, column 8"


def test_a_mapping_that_is_not_there_is_not_found(import_file: Any, tmp_path: Path) -> None:
    with pytest.raises(FileNotThere):
        import_file("toggl.csv", mapping=tmp_path / "no.json")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ('{"people": {"Ann": "A", "Ann": "B"}}', "people, Ann stands twice"),
        ('{"people": {}, "people": {}}', "people stands twice"),
    ],
)
def test_a_name_that_stands_twice_is_named(
    text: str, why: str, import_file: Any, write: Any
) -> None:
    with pytest.raises(MappingNotUnderstood, match=why):
        import_file("toggl.csv", mapping=write(text, "map.json"))


def test_a_client_mapped_to_null_is_left_out_though_a_project_has_the_name(
    mapped: Any, entries: Any
) -> None:
    report = mapped("toggl.csv", customers={"Hale & Sons Ltd": None})
    assert {row["project"] for row in entries()} == {"CRANE"}
    assert [one.message for one in report.warnings if one.code == "IMP-92"] == [
        f"{SCAN}: 6 lines are left out, as the mapping says."
    ]
    assert proposal(report)["projects"][SCAN] is None


def test_a_client_that_is_not_filled_in_is_refused_though_a_project_has_the_name(
    mapped: Any, renamed: Any
) -> None:
    path = renamed(("Hale & Sons Ltd", "Foreign Ltd"))
    report = mapped(path, customers={"Foreign Ltd": ""})
    assert ("IMP-86", "Client") in {(one.code, one.column) for one in report.refused}


def test_names_of_a_mapping_are_found_in_other_capitals(
    mapped: Any, renamed: Any, entries: Any
) -> None:
    path = renamed(("Mia Brandt", "M. Brandt"))
    rates = {"people": {"m.  BRANDT": "70"}}
    report = mapped(path, people={"m. brandt": "MIA"}, rates=rates)
    assert report.refused == ()
    assert {row["bill_rate"] for row in entries() if row["person"] == "MIA"} == {70}
    assert proposal(report)["people"]["M. Brandt"] == "MIA"
    assert "m. brandt" not in proposal(report)["people"]


def test_names_that_no_line_has_are_told_once(mapped: Any, import_file: Any) -> None:
    report = mapped(
        "kimai.csv", people={"An Porter": "ANN", "Mia Brandt": "MIA"}, tasks={"x": None}
    )
    told = [one.message for one in report.warnings if one.code == "IMP-57"]
    assert told == ["The mapping file has names that no line of the file has: x, An Porter."]
    assert import_file("kimai.csv").warnings == ()


def test_a_customer_that_is_not_there_is_told_as_such(mapped: Any) -> None:
    report = mapped("toggl.csv", customers={"Hale & Sons Ltd": "NOPE"})
    assert {(one.message, one.column) for one in report.refused} == {
        ("There is no customer NOPE.", "Client")
    }


def test_a_rate_of_the_file_is_never_taken_as_one_in_another_currency(mapped: Any) -> None:
    report = mapped("toggl.csv", rate="from file", currency="ours")
    assert {(one.code, one.column) for one in report.refused} == {("IMP-54", "Amount (USD)")}
    assert report.refused[0].message == (
        "The rate of the file is in USD, but customer NORD is billed in EUR."
    )


HARVEST = (
    "Date,Client,Project,Task,Notes,Hours,First Name,Last Name,Billable Rate,Billable Amount\n"
)
WORK = "2026-01-05,Nordwind Marine GmbH,Crane controls,Build,n,2,Ann,Porter,"


@pytest.mark.parametrize(
    ("cells", "rate"), [("0.00,0.00", 0), (",0.00", None), (",150", 75), ("0,150", 75)]
)
def test_a_rate_of_0_is_a_rate_and_an_empty_one_is_none(
    cells: str, rate: int | None, import_file: Any, write: Any, entries: Any
) -> None:
    mapping = write({"rate": "from file"}, "map.json")
    import_file(write(HARVEST + WORK + cells + "\n", "h.csv"), mapping=mapping)
    assert entries()[0]["bill_rate"] == rate


def test_an_order_number_of_two_customers_is_found_for_each(
    import_file: Any, take: Any, write: Any, renamed: Any, entries: Any
) -> None:
    take({"frame_orders": [{"number": "FO-8", "customer": "HALE", "total_hours": "9"}]})
    take(
        {
            "frame_orders": [
                {"number": "FO-8", "customer": "HALE", "po_number": "PO-77310", "total_hours": "99"}
            ]
        }
    )
    path = renamed(file="kimai.csv")
    lines = path.read_text("utf-8").replace(",\n", ",PO-77310\n")
    path.write_text(lines, "utf-8")
    asked = import_file(path, dry_run=True)
    mapping = write(asked.mapping.text, "map.json")
    assert import_file(path, mapping=mapping).refused == ()
    assert {(row["project"], row["frame_order"]) for row in entries()} == {
        ("CRANE", "FO-1"),
        ("SCAN", "FO-8"),
    }
    earlier = write({"orders": {"PO-77310": "FO-1"}}, "earlier.json")
    assert import_file(path, mapping=earlier).refused == ()


def test_a_status_of_the_command_approves_nothing_that_harvest_did_not(
    import_file: Any, entries: Any
) -> None:
    import_file("harvest.csv", status=ApprovalStatus.APPROVED)
    assert Counter(row["status"] for row in entries()) == {"approved": 11, "draft": 2}


def test_a_client_in_two_spellings_is_asked_about_once(import_file: Any, renamed: Any) -> None:
    path = renamed(file="kimai.csv")
    text = path.read_text("utf-8")
    path.write_text(text.replace("Hale & Sons Ltd", "HALE & Sons Ltd", 1), "utf-8")
    report = import_file(path, dry_run=True)
    assert (report.mapping.unfilled, report.refused) == (0, ())
    assert len(proposal(report)["customers"]) == 2


def test_an_order_number_that_one_of_two_clients_knows_is_asked_about_for_the_other(
    import_file: Any, write: Any, renamed: Any, entries: Any
) -> None:
    path = renamed(file="kimai.csv")
    path.write_text(path.read_text("utf-8").replace(",\n", ",PO-77310\n"), "utf-8")
    asked = proposal(import_file(path, dry_run=True))
    assert asked["orders"] == {"Hale & Sons Ltd / PO-77310": ""}
    mapping = write({"orders": {"Hale & Sons Ltd / PO-77310": "FO-9"}}, "map.json")
    assert import_file(path, mapping=mapping).refused == ()
    assert {(row["project"], row["frame_order"]) for row in entries()} == {
        ("CRANE", "FO-1"),
        ("SCAN", "FO-9"),
    }
