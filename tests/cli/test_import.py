"""import: what it reports, all or nothing, without the bad rows, and without writing."""

import json
from pathlib import Path

import pytest

from tests.cli.terminal import Desk
from timix_xl.settings import bundled

pytestmark = pytest.mark.stores("sqlite", "postgresql")
HEADER = "id,date,project,task,person,quantity,status\n"
GOOD = "X1,2026-01-30,KP-SUPPORT,REMOTE,BKA,1.5,approved\n"
BAD = "X2,2026-01-30,NOPE,,BKA,1.5,approved\n"
LONG = "X3,2026-01-30,KP-SUPPORT,REMOTE,BKA,25,approved\n"


@pytest.fixture
def file(desk: Desk) -> Path:
    return desk.folder / "more.csv"


def test_the_bundled_month_is_known_when_it_comes_again(desk: Desk) -> None:
    files = (str(bundled("demo/books.json")), str(bundled("demo/entries.csv")))
    shown = desk.json("import", *files)
    assert (shown["taken"], shown["changed"], shown["refused"]) == (0, 0, [])
    assert shown["known"] > 200


def test_a_row_is_taken_and_told(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + GOOD, encoding="utf-8")
    said = desk("import", str(file))
    assert said.code == 0
    assert said.out == "1 row taken, 0 known already, 0 changed, 0 refused.\n"


def test_one_bad_row_refuses_the_file_and_is_named(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    before = desk.contents()
    said = desk("import", str(file))
    assert (said.code, said.out) == (2, "")
    first, second = said.err.splitlines()
    assert "1 row cannot be taken; nothing was imported." in first
    assert f"{file}, line 3, project" in second
    assert desk.contents() == before


def test_entries_before_any_books_say_what_comes_first(desk: Desk, file: Path) -> None:
    empty = Desk(desk.folder / "other.db")
    assert empty("init").code == 0
    file.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    said = empty("import", str(file))
    assert said.code == 2
    assert said.err.startswith("The store has no projects yet; nothing of ")


def test_skip_bad_takes_the_others(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + GOOD + BAD, encoding="utf-8")
    said = desk("import", str(file), "--skip-bad")
    assert said.code == 0
    assert said.err == ""
    bad, last = said.out.splitlines()
    assert bad.startswith("! ")
    assert last == "1 row taken, 0 known already, 0 changed, 1 refused."


def test_a_dry_run_reports_and_writes_nothing(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + GOOD, encoding="utf-8")
    before = desk.contents()
    assert desk.json("import", str(file), "--dry-run")["taken"] == 1
    assert desk("import", str(file), "--dry-run").out.startswith("A dry run; nothing was written.")
    assert desk.contents() == before


def test_a_warning_is_told_and_the_row_taken(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + LONG, encoding="utf-8")
    shown = desk.json("import", str(file))
    assert (shown["taken"], len(shown["warnings"])) == (1, 1)


def test_a_status_is_given_to_rows_that_name_none(desk: Desk, file: Path) -> None:
    file.write_text(
        "id,date,project,task,quantity\nX4,2026-01-30,KP-SUPPORT,REMOTE,1\n", encoding="utf-8"
    )
    assert desk("import", str(file), "--status", "approved").code == 0
    rows = desk.json("unbilled", "KLEIN")["entries"]
    assert "X4" in {row["id"] for row in rows}


def test_a_format_that_nobody_knows_is_refused(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + GOOD, encoding="utf-8")
    assert desk.error("import", str(file), "--format", "jira") == (2, "ARG-01")


def test_a_changed_rate_is_told_with_its_values(desk: Desk) -> None:
    books = json.loads(bundled("demo/books.json").read_text(encoding="utf-8"))
    person = next(one for one in books["people"] if one["code"] == "BKA")
    other = desk.folder / "rate.json"
    other.write_text(json.dumps({"people": [person | {"bill_rate": "110.00"}]}), encoding="utf-8")
    assert "person BKA: bill_rate 104 -> 110" in desk("import", str(other), "--dry-run").out


def test_entries_that_come_in_as_drafts_are_told_of(desk: Desk, file: Path) -> None:
    file.write_text(HEADER + GOOD.replace("approved", ""))
    said = desk("import", str(file))
    assert "1 entry taken as drafts, which are not billed" in said.out


def test_of_a_changed_list_only_what_went_and_came_is_told(desk: Desk) -> None:
    folder = bundled("demo")
    books, entries, rates = (
        str(folder / name)
        for name in ("project-books.json", "project-entries.csv", "project-rates.json")
    )
    assert desk("import", books, entries, today="2026-02-23").code == 0
    said = desk("import", rates, today="2026-02-23")
    told = "rate table WIND / HOUR: rates (seq 20, rate 98, employee TNG) added"
    assert told in said.out.splitlines()
