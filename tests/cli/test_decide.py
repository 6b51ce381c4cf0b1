"""decide by id: `all` first, then ids; from a file; and taking decisions back."""

from contextlib import closing

import pytest

from tests.builders import plain
from tests.cli.terminal import Desk

pytestmark = pytest.mark.stores("sqlite", "postgresql")
JANUARY = ("--billing-date", "2026-01-31")


def decisions(desk: Desk, customer: str = "KLEIN") -> dict[str, str | None]:
    rows = desk.json("unbilled", customer, *JANUARY)["entries"]
    return {row["id"]: row["decision"] for row in rows}


def test_ids_override_all(desk: Desk) -> None:
    words = ("--defer", "T098", "--bill", "all", "--write-off", "T113", "--reason", "ours")
    assert desk.json("decide", "KLEIN", *words)["changed"] == 24
    found = decisions(desk)
    assert (found.pop("T098"), found.pop("T113")) == ("defer", "write_off")
    assert set(found.values()) == {"bill"}


def test_ids_are_separated_by_commas_and_options_repeat(desk: Desk) -> None:
    assert desk("decide", "KLEIN", "--defer", "T098, T105,", "--defer", "T113").code == 0
    deferred = [entry for entry, word in decisions(desk).items() if word == "defer"]
    assert deferred == ["T098", "T105", "T113"]


def test_the_same_decision_again_changes_nothing(desk: Desk) -> None:
    assert desk.json("decide", "KLEIN", "--defer", "T098")["changed"] == 1
    before = desk.contents()
    assert desk.json("decide", "KLEIN", "--defer", "T098")["changed"] == 0
    assert desk.contents() == before


def test_clear_takes_back_what_was_saved(desk: Desk) -> None:
    assert desk("decide", "KLEIN", "--defer", "T098,T105").code == 0
    assert desk.json("decide", "KLEIN", "--clear")["changed"] == 2
    assert set(decisions(desk).values()) == {None}


def test_clear_comes_before_what_is_decided_anew(desk: Desk) -> None:
    assert desk("decide", "KLEIN", "--defer", "T098,T105").code == 0
    assert desk("decide", "KLEIN", "--clear", "--bill", "T098").code == 0
    found = decisions(desk)
    assert (found["T098"], found["T105"]) == ("bill", None)


def test_one_unknown_id_saves_nothing(desk: Desk) -> None:
    before = desk.contents()
    assert desk.error("decide", "KLEIN", "--defer", "T098,T001") == (4, "FIND-03")
    assert desk.contents() == before


def test_an_issue_obeys_and_consumes_the_decisions(desk: Desk) -> None:
    words = ("--defer", "T098", "--write-off", "T113", "--reason", "ours")
    assert desk("decide", "KLEIN", *words).code == 0
    done = desk.json("issue", "KLEIN", *JANUARY)
    assert (done["deferred"]["ids"], done["written_off"]["ids"]) == (["T098"], ["T113"])
    assert decisions(desk) == {"T098": None}


def test_a_workbook_of_a_colleague_is_taken_in(desk: Desk) -> None:
    file = str(desk.folder / "KLEIN.xlsx")
    assert desk("review", "KLEIN", *JANUARY, "-o", file).code == 0
    assert desk.json("decide", file)["customer"] == "KLEIN"


def by_pro_forma(desk: Desk) -> str:
    """Bill the project of T098 by pro forma; returns its code."""
    with closing(plain(str(desk.store))) as owner:
        found = owner.execute("SELECT project FROM entries WHERE id = 'T098'").fetchall()
        ((project,),) = found
        owner.execute(f"UPDATE projects SET pro_forma = 1 WHERE code = '{project}'")
    return str(project)


def test_what_is_billed_by_pro_forma_is_decided_by_its_id(desk: Desk) -> None:
    project = by_pro_forma(desk)
    assert desk.json("decide", "KLEIN", "--defer", "T098")["changed"] == 1
    assert "T098" not in decisions(desk)
    (run,) = desk.json("bill", project, "--date", "2026-01-31")["projects"]
    assert run["deferred"]["ids"] == ["T098"]


def test_all_means_what_the_review_shows(desk: Desk) -> None:
    by_pro_forma(desk)
    shown = decisions(desk)
    assert desk.json("decide", "KLEIN", "--bill", "all")["changed"] == len(shown)


def test_clear_takes_back_decisions_of_what_is_billed_by_pro_forma(desk: Desk) -> None:
    by_pro_forma(desk)
    assert desk("decide", "KLEIN", "--defer", "T098").code == 0
    assert desk.json("decide", "KLEIN", "--clear")["changed"] == 1


@pytest.mark.parametrize("rest", ["write-off", "write_off", "defer"])
def test_rest_is_taken_with_hyphen_or_underscore(desk: Desk, rest: str) -> None:
    words = ("--bill-qty", "T098=0.1", "--rest", rest, "--reason", "agreed")
    found = {one["id"]: one for one in desk.json("decide", "KLEIN", *words)["entries"]}
    entry = found["T098"]
    saved = (entry["decision"], entry["bill_quantity"], entry["rest"])
    assert saved == ("bill", "0.1", rest.replace("-", "_"))


def test_a_saved_part_is_billed(desk: Desk) -> None:
    assert desk("decide", "KLEIN", "--bill-qty", "T098=0.25").code == 0
    made = desk.json("issue", "KLEIN", *JANUARY)
    assert "T098" in made["loaded"]["ids"]
    assert "T098/1" in made["billed"]["ids"]
    assert made["deferred"]["ids"] == ["T098/2"]
    assert made["reconciles"]
    (rest,) = desk.json("unbilled", "KLEIN", *JANUARY)["entries"]
    assert (rest["id"], rest["part_of"], rest["times_deferred"]) == ("T098/2", "T098", 1)
