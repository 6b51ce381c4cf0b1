"""Lines and the entries of earlier exports: each keeps its own, and what is unclear is refused."""

from decimal import Decimal
from typing import Any

import pytest

KIMAI = "Date,From,To,Duration,Customer,Project,Activity,Name,Description,Billable\n"
HARVEST = "Date,Client,Project,Task,Notes,Hours,First Name,Last Name\n"
ANN = "kimai:ann-porter@2026-01-05T09:00:00"


def crane(hours: str, text: str = "", name: str = "Ann Porter") -> str:
    """A line of Kimai on the project CRANE, at nine."""
    project = "Nordwind Marine GmbH,Crane controls,Build"
    return f"2026-01-05,09:00,17:00,{hours},{project},{name},{text},1\n"


def scan(hours: str, text: str = "") -> str:
    """A line of Kimai on the project SCAN, at nine too."""
    project = "Hale & Sons Ltd,Warehouse scanner,Survey"
    return f"2026-01-05,09:00,17:00,{hours},{project},Ann Porter,{text},1\n"


def work(*hours: str) -> str:
    """Lines of Harvest that agree in all but their hours."""
    line = "2026-01-05,Nordwind Marine GmbH,Crane controls,Build,,{},Ann,Porter\n"
    return HARVEST + "".join(line.format(one) for one in hours)


@pytest.fixture
def known(entries: Any) -> Any:
    """Read the entries as id: project and hours."""
    return lambda: {row["id"]: (row["project"], row["quantity"]) for row in entries()}


def codes(report: Any) -> list[str]:
    """List the codes of what is refused."""
    return [one.code for one in report.refused]


def test_an_export_of_another_project_does_not_overwrite_an_entry(take: Any, known: Any) -> None:
    take(KIMAI + crane("2:00"), "hours.csv")
    report = take(KIMAI + scan("3:00"), "hours.csv")
    fault = report.refused[0]
    assert (fault.code, fault.row, fault.column) == ("IMP-96", 2, "Project")
    assert fault.message == (
        f"Entry {ANN} is known on project CRANE; this line has the same person and start on SCAN."
    )
    assert known() == {ANN: ("CRANE", 2)}


def test_work_that_was_moved_is_taken_with_reapprove(take: Any, known: Any) -> None:
    take(KIMAI + crane("2:00"), "hours.csv")
    report = take(KIMAI + scan("2:00"), "hours.csv", reapprove=True)
    assert (report.changed, report.refused) == (1, ())
    assert known() == {ANN: ("SCAN", 2)}


def test_a_books_file_may_still_move_an_entry(take: Any, known: Any) -> None:
    take(KIMAI + crane("2:00"), "hours.csv")
    moved = {"id": ANN, "date": "2026-01-05", "project": "SCAN", "quantity": "2"}
    assert take({"entries": [{**moved, "task": "SCAN"}]}).refused == ()
    assert known()[ANN] == ("SCAN", 2)


@pytest.mark.parametrize("later", [crane("2:00"), scan("3:00"), scan("3:00") + crane("2:00")])
def test_two_projects_at_one_time_are_two_entries_that_stay(
    later: str, take: Any, known: Any
) -> None:
    assert take(KIMAI + crane("2:00") + scan("3:00"), "hours.csv").taken == 2
    before = known()
    assert sorted(before.values()) == [("CRANE", 2), ("SCAN", 3)]
    report = take(KIMAI + later, "hours.csv")
    assert (report.taken, report.changed, report.refused) == (0, 0, ())
    assert known() == before


def test_a_second_project_is_new_where_the_first_is_there_too(take: Any, known: Any) -> None:
    take(KIMAI + scan("3:00"), "hours.csv")
    report = take(KIMAI + crane("2:00") + scan("3:00"), "hours.csv")
    assert (report.taken, report.known, report.refused) == (1, 1, ())
    assert known()[ANN] == ("SCAN", 3)


def test_a_person_in_other_capitals_and_blanks_is_the_same(take: Any) -> None:
    take(KIMAI + crane("2:00"), "hours.csv")
    assert take(KIMAI + crane("2:00", name="ANN  porter"), "hours.csv").known == 1


def test_a_line_that_is_added_shifts_no_entry(take: Any, known: Any) -> None:
    take(work("2", "3"), "hours.csv")
    before = known()
    report = take(work("1", "2", "3"), "hours.csv")
    assert (report.taken, report.known, report.changed) == (1, 2, 0)
    assert {name: known()[name] for name in before} == before


def test_a_line_that_is_removed_shifts_no_entry(take: Any) -> None:
    take(work("1", "2", "3"), "hours.csv")
    report = take(work("3"), "hours.csv")
    assert (report.taken, report.known, report.changed) == (0, 1, 0)


def test_a_line_that_is_edited_is_the_entry_that_is_left(take: Any, known: Any) -> None:
    take(work("2", "3"), "hours.csv")
    report = take(work("3", "2.5"), "hours.csv")
    assert (report.taken, report.known, report.changed) == (0, 1, 1)
    assert sorted(hours for _, hours in known().values()) == [Decimal("2.5"), 3]


@pytest.mark.parametrize(("before", "after"), [(["2", "3"], ["4"]), (["2"], ["3", "4"])])
def test_lines_that_cannot_be_told_apart_are_refused(
    before: list[str], after: list[str], take: Any, known: Any
) -> None:
    take(work(*before), "hours.csv")
    unchanged = known()
    report = take(work(*after), "hours.csv")
    assert codes(report) == ["IMP-97"] * len(after)
    assert "same day, names and notes" in report.refused[0].message
    assert known() == unchanged


def test_one_change_at_a_time_tells_lines_apart(take: Any) -> None:
    take(work("2", "3"), "hours.csv")
    assert codes(take(work("4", "5"), "hours.csv")) == ["IMP-97", "IMP-97"]
    assert take(work("4", "3"), "hours.csv").changed == 1
    assert take(work("4", "5"), "hours.csv").changed == 1


def test_another_mapping_changes_both_of_two_lines(take: Any, write: Any, entries: Any) -> None:
    take(work("2", "3"), "hours.csv")
    key = "Nordwind Marine GmbH / Crane controls"
    mapping = write({"rates": {"projects": {key: "80"}}}, "map.json")
    report = take(work("2", "3"), "hours.csv", mapping=mapping)
    assert (report.changed, report.refused) == (2, ())
    assert {row["bill_rate"] for row in entries()} == {80}
