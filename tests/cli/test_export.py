"""export books: a file that import takes into an empty store, as a workbook or JSON."""

import pytest

from tests.cli.terminal import Desk


@pytest.fixture
def empty(desk: Desk) -> Desk:
    """Another store beside the first."""
    other = Desk(desk.folder / "other.db")
    assert other("init").code == 0
    return other


@pytest.mark.parametrize("name", ["books.json", "books.xlsx"])
def test_books_go_into_an_empty_store_and_agree(name: str, after: Desk, empty: Desk) -> None:
    file = str(after.folder / name)
    assert after("export", "books", file).code == 0
    assert empty.json("import", file)["refused"] == []
    assert empty.json("frame-orders") == after.json("frame-orders")
    assert totals(empty) == totals(after)
    assert owed(empty) == owed(after)


def totals(desk: Desk) -> list[tuple[str, str, str]]:
    return [(one["customer"], one["hours"], one["amount"]) for one in desk.json("unbilled")]


def owed(desk: Desk) -> dict[str, str]:
    documents = desk.json("invoices")
    return {
        one["number"]: one["outstanding"] for one in documents if float(one["outstanding"]) != 0
    }


def test_the_rows_of_each_key_are_told(desk: Desk) -> None:
    file = desk.folder / "books.xlsx"
    shown = desk.json("export", "books", str(file))
    assert shown["file"] == str(file)
    assert shown["rows"]["customers"] == 5
    assert shown["logo"].endswith(".png")


def test_a_person_is_told_where_it_is(desk: Desk) -> None:
    said = desk("export", "books", str(desk.folder / "books.json"))
    assert said.out.startswith("Wrote ")
    assert "customers 5" in said.out


def test_a_workbook_that_comes_again_is_known(desk: Desk) -> None:
    file = str(desk.folder / "books.xlsx")
    desk.json("export", "books", file)
    before = desk.contents()
    shown = desk.json("import", file)
    assert (shown["taken"], shown["changed"], shown["refused"]) == (0, 0, [])
    assert desk.json("import", file, "--dry-run")["known"] == shown["known"]
    assert desk.contents() == before


def test_another_kind_of_file_is_refused(desk: Desk) -> None:
    assert desk.error("export", "books", str(desk.folder / "books.csv")) == (2, "ARG-01")


def test_a_file_that_holds_something_else_is_kept(desk: Desk) -> None:
    file = desk.folder / "books.json"
    file.write_text("my notes", "utf-8")
    assert desk.error("export", "books", str(file)) == (5, "IMP-78")
    assert file.read_text("utf-8") == "my notes"


def test_something_else_to_export_is_refused(desk: Desk) -> None:
    assert desk.error("export", "cooks", "books.json") == (2, "ARG-02")


def test_what_stays_behind_is_counted(after: Desk) -> None:
    later, file = "2026-03-05", str(after.folder / "books.json")
    assert after("close", "2026-01", today=later).code == 0
    assert after("decide", "HANSE", "--bill", "all", today=later).code == 0
    words = ("issue", "KLEIN", "--billing-date", "2026-02-28", "--draft")
    assert after(*words, today=later).code == 0
    behind = after.json("export", "books", file, today=later)["left_behind"]
    assert behind == {
        "decisions": 9,
        "deferrals": 8,
        "drafts": 1,
        "closed_months": 1,
        "pro_formas": 0,
        "limits": 0,
    }
    assert after("export", "books", file, today=later).out.splitlines()[-1] == (
        "Not carried over: 9 saved decisions, how often 8 open entries were deferred, "
        "1 draft (what is on drafts is open again), 1 closed month."
    )


def test_nothing_is_said_of_what_is_not_there(desk: Desk) -> None:
    file = str(desk.folder / "books.json")
    assert set(desk.json("export", "books", file)["left_behind"].values()) == {0}
    assert "Not carried over" not in desk("export", "books", file).out
