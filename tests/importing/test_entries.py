"""Entries: their defaults, what is known again, and what may still change."""

import json
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event, update

from timix_xl.domain.entries import ApprovalStatus, EntryState
from timix_xl.importing import faults
from timix_xl.importing.take_in import take_in
from timix_xl.store import tables

NEW = {"id": "N1", "date": "2026-01-20", "project": "P1", "task": "build", "quantity": "1"}


def codes(report: Any) -> list[str]:
    return [one.code for one in report.refused]


def entry(rows: Any, id_: str) -> Any:
    return next(row for row in rows("entries") if row["id"] == id_)


@pytest.mark.usefixtures("books")
def test_what_an_entry_leaves_out_comes_from_its_kind_and_item(take: Any, rows: Any) -> None:
    bolts = NEW | {"id": "N2", "kind": "material", "item": "BOLT", "quantity": 8}
    assert take({"entries": [NEW, bolts]}).taken == 2
    names = ("account_group", "unit", "currency", "billable_quantity", "status", "billable")
    assert [entry(rows, "N1")[name] for name in names] == ["LABOR", "h", "EUR", 1, "draft", True]
    assert [entry(rows, "N2")[name] for name in names] == [
        *("MATERIAL", "pcs", "EUR", 8, "draft", True)
    ]


def test_a_project_without_tasks_gets_one_of_its_own_code(take: Any, books: Any, rows: Any) -> None:
    assert entry(rows, "E2")["task"] == "BARE"
    assert {"BARE"} == {row["code"] for row in rows("tasks") if row["project"] == "BARE"}
    more = take({"tasks": [{"project": "BARE", "code": "extra"}]})
    assert more.taken == 1
    assert take({"entries": books["entries"]}).known == 2
    fresh = {"entries": [NEW | {"project": "BARE", "task": None}]}
    assert codes(take(fresh)) == [faults.TASK_MISSING.code]


@pytest.mark.usefixtures("books")
def test_corrections_below_zero_and_costs_without_a_quantity_are_taken(take: Any) -> None:
    cost = {"kind": "material", "item": "BOLT", "quantity": 0, "cost_amount": "12.50"}
    minus = {"quantity": "-2", "unit_cost": "10", "cost_amount": "-20.00"}
    assert codes(take({"entries": [NEW | cost, NEW | minus | {"id": "N2"}]})) == []


def test_a_cost_needs_a_company_for_its_currency(take: Any, content: Any) -> None:
    del content["company"]
    content["entries"].append(NEW | {"cost_amount": "12.50"})
    assert codes(take(content)) == [faults.COST_WITHOUT_COMPANY.code]


def test_a_draft_that_changed_is_updated_and_logged(take: Any, books: Any, rows: Any) -> None:
    report = take({"entries": [books["entries"][1] | {"quantity": "3.25"}]})
    assert report.changed == 1
    assert entry(rows, "E2")["quantity"] == Decimal("3.25")
    logged = rows("audit_log")[-1]
    assert (logged["object"], json.loads(logged["after"])) == (
        "entry E2",
        {"quantity": "3.25", "billable_quantity": "3.25"},
    )


def test_an_approved_entry_changes_only_with_reapprove(take: Any, books: Any, rows: Any) -> None:
    changed = {"entries": [books["entries"][0] | {"quantity": "8"}]}
    assert codes(take(changed)) == [faults.CHANGED_AFTER_APPROVAL.code]
    assert take(changed, reapprove=True).changed == 1
    assert entry(rows, "E1")["quantity"] == 8


def test_going_back_to_draft_is_a_change_too(take: Any, books: Any) -> None:
    back = {"entries": [books["entries"][0] | {"status": "draft"}]}
    assert codes(take(back)) == [faults.CHANGED_AFTER_APPROVAL.code]


def test_a_file_that_says_nothing_of_approval_leaves_it_as_it_is(take: Any, books: Any) -> None:
    del books["entries"][0]["status"]
    assert take({"entries": books["entries"]}).known == 2


def test_the_status_given_holds_for_entries_that_have_none(
    take: Any, books: Any, rows: Any
) -> None:
    take({"entries": [*books["entries"], NEW]}, status=ApprovalStatus.SUBMITTED)
    found = {row["id"]: row["status"] for row in rows("entries")}
    assert found == {"E1": "approved", "E2": "submitted", "N1": "submitted"}


@pytest.mark.parametrize("state", [EntryState.WRITTEN_OFF, EntryState.SPLIT])
def test_a_settled_entry_is_known_but_never_changed(
    state: EntryState, store: Any, take: Any, books: Any
) -> None:
    with store.writing() as connection:
        connection.execute(update(tables.entries).values(state=state))
    assert take({"entries": books["entries"]}).known == 2
    changed = {"entries": [books["entries"][0] | {"quantity": "8"}]}
    assert codes(take(changed, reapprove=True)) == [faults.BILLED_ALREADY.code]


def test_an_entry_on_a_document_is_never_changed(draft: Any, take: Any, books: Any) -> None:
    draft(entry="E1", order="FO1", drawn=1)
    assert take({"entries": books["entries"]}).known == 2
    changed = take({"entries": [books["entries"][0] | {"quantity": "8"}]}, reapprove=True)
    assert codes(changed) == [faults.BILLED_ALREADY.code]
    assert "DRAFT-4" in changed.refused[0].message


def test_an_entry_on_a_pro_forma_is_never_changed(draft: Any, take: Any, books: Any) -> None:
    draft(entry="E1", order="FO1", drawn=0, pro_forma="PF-00001")
    changed = take({"entries": [books["entries"][0] | {"quantity": "8"}]}, reapprove=True)
    assert [one.code for one in changed.refused] == [faults.BILLED_ALREADY.code]
    assert "Entry E1 is on PF-00001" in changed.refused[0].message


@pytest.mark.usefixtures("books")
def test_an_entry_stays_known_when_its_item_changes(take: Any) -> None:
    bolts = {"entries": [NEW | {"kind": "material", "item": "BOLT", "status": "approved"}]}
    assert take(bolts).taken == 1
    item = {"code": "BOLT", "account_group": "LABOR", "unit": "box"}
    assert take({"items": [item]}).changed == 1
    assert take(bolts).known == 1


def test_an_entry_is_found_by_its_source_too(take: Any, books: Any) -> None:
    other_id = books["entries"][0] | {"id": "E99"}
    assert codes(take({"entries": [other_id]})) == [faults.IDS_DISAGREE.code]


@pytest.mark.usefixtures("books")
def test_more_than_a_day_is_taken_with_one_warning_for_person_and_day(take: Any) -> None:
    day = NEW | {"person": "anna", "quantity": "9", "date": "2026-01-15"}
    report = take({"entries": [day | {"id": f"N{number}"} for number in range(2)]})
    assert [(one.code, one.row) for one in report.warnings] == [
        (faults.MORE_THAN_A_DAY.code, "entries[1]")
    ]
    assert "25.5 h" in report.warnings[0].message
    again = take({"entries": [day | {"id": "N0"}]})
    assert (again.known, again.warnings) == (1, ())


@pytest.mark.usefixtures("books")
def test_entries_are_read_from_csv_with_columns_in_any_order(take: Any, rows: Any) -> None:
    text = (
        "\ufeffQuantity;Project;ID;Date;Task;Description;Billable\r\n"
        '7.5;P1;C1;2026-01-20;build;"two\r\nlines; one text";yes\r\n'
        "\r\n"
        " 1 ;P1;C2;2026-01-21;build;;0\r\n"
    )
    assert take(text, "entries.csv").taken == 2
    assert entry(rows, "C1")["description"] == "two\nlines; one text"
    assert (entry(rows, "C2")["quantity"], entry(rows, "C2")["billable"]) == (1, False)


@pytest.mark.usefixtures("books")
def test_a_csv_row_is_refused_with_the_line_it_begins_on(take: Any) -> None:
    text = 'id,date,project,task,quantity\nC1,2026-01-20,P1,"bu\nild",1\nC2,2026-01-20,P1,x,1\n'
    report = take(text, "entries.csv")
    assert [(one.row, one.column, one.code) for one in report.refused] == [
        (2, "task", faults.CONTROL_CHARACTER.code),
        (4, "task", faults.UNKNOWN_CODE.code),
    ]


@pytest.mark.parametrize(
    ("text", "column", "kind"),
    [
        ("id,date,project,quantity,hours\n", "hours", faults.UNKNOWN_KEY),
        ("id,date,project,quantity,id\n", "id", faults.KEY_TWICE),
        ("id,date,project\n1,2,3\n", "quantity", faults.MISSING),
        ("id,date,project,quantity\n1,2026-01-20,P1,1,x\n", "", faults.TOO_MANY_CELLS),
    ],
)
def test_the_columns_of_a_csv_are_checked(text: str, column: str, kind: Any, take: Any) -> None:
    report = take(text, "entries.csv")
    assert (column, kind.code) in {(one.column, one.code) for one in report.refused}


@pytest.mark.usefixtures("books")
def test_windows_text_is_read_with_a_warning(take: Any, rows: Any) -> None:
    text = "id,date,project,task,quantity,description\nC1,2026-01-20,P1,build,1,Käse\n"
    report = take(text.encode("cp1252"), "entries.csv")
    assert [one.code for one in report.warnings] == [faults.READ_AS_WINDOWS.code]
    assert entry(rows, "C1")["description"] == "Käse"


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("files", [1, 2])
def test_the_number_of_statements_does_not_depend_on_the_rows(
    files: int, store: Any, write: Any, actor: Any
) -> None:
    def statements(count: int, name: str) -> int:
        codes = [f"{name}{number}" for number in range(count)]
        content = {
            "people": [{"code": code, "name": code} for code in codes],
            "entries": [NEW | {"id": code, "person": code} for code in codes],
        }
        paths = [write(content, f"{name}{file}.json") for file in range(files)]
        seen: list[str] = []
        listen = (store.engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
        event.listen(*listen)
        take_in(store, paths, actor=actor)
        event.remove(*listen)
        return len(seen)

    assert statements(2, "few") == statements(400, "many")
