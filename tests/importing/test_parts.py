"""Parts of an entry in a file: taken with it, as whole families or not at all."""

from typing import Any

import pytest

from timix_xl.importing import faults

WHOLE: dict[str, Any] = {
    "id": "N1",
    "date": "2026-01-20",
    "project": "P1",
    "task": "build",
    "quantity": "3",
    "unit_cost": "33.33",
    "status": "approved",
}
PARTS = [
    WHOLE | {"id": "N1/1", "part_of": "N1", "quantity": "2"},
    WHOLE | {"id": "N1/2", "part_of": "N1", "quantity": "1"},
]


def by_id(entries: list[dict[str, Any]]) -> dict[str, tuple[Any, Any]]:
    """Return state and whole of the new entries."""
    return {row["id"]: (row["state"], row["part_of"]) for row in entries if row["id"][0] == "N"}


@pytest.mark.usefixtures("books")
@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_an_entry_is_split_by_its_parts_in_any_order(
    order: tuple[int, ...], take: Any, rows: Any
) -> None:
    family = [WHOLE, *PARTS]
    assert not take({"entries": [family[at] for at in order]}).refused
    assert by_id(rows("entries")) == {
        "N1": ("split", None),
        "N1/1": ("open", "N1"),
        "N1/2": ("open", "N1"),
    }


@pytest.mark.usefixtures("books")
def test_the_same_family_again_is_known(take: Any, dump: Any) -> None:
    take({"entries": [WHOLE, *PARTS]})
    before = dump()
    report = take({"entries": [*PARTS, WHOLE]})
    assert (report.taken, report.known, report.changed) == (0, 3, 0)
    assert dump() == before


@pytest.mark.usefixtures("books")
def test_an_entry_that_was_split_is_known_without_its_parts(take: Any, rows: Any) -> None:
    take({"entries": [WHOLE, *PARTS]})
    assert take({"entries": [WHOLE]}).known == 1
    assert by_id(rows("entries"))["N1"] == ("split", None)


@pytest.mark.usefixtures("books")
def test_a_part_may_have_parts(take: Any, rows: Any) -> None:
    smaller = [PARTS[0] | {"id": f"N1/1/{at}", "part_of": "N1/1", "quantity": "1"} for at in (1, 2)]
    assert not take({"entries": [*smaller, *PARTS, WHOLE]}).refused
    assert by_id(rows("entries"))["N1/1"] == ("split", "N1")


@pytest.mark.usefixtures("books")
def test_costs_are_shared_to_the_cent_though_a_share_is_no_product(take: Any) -> None:
    whole = WHOLE | {"quantity": "3", "unit_cost": "0.335", "cost_amount": "1.01"}
    shares = [
        whole | {"id": "N1/1", "part_of": "N1", "quantity": "1", "cost_amount": "0.34"},
        whole | {"id": "N1/2", "part_of": "N1", "quantity": "2", "cost_amount": "0.67"},
    ]
    assert not take({"entries": [whole, *shares]}).refused


@pytest.mark.usefixtures("books")
def test_a_missing_cost_of_a_part_is_noticed(take: Any) -> None:
    whole = WHOLE | {"cost_amount": "99.99"}
    shares = [PARTS[0] | {"cost_amount": "66.66"}, PARTS[1]]
    report = take({"entries": [whole, *shares]})
    assert report.refused[0].code == faults.PARTS_DIFFER.code
    assert report.refused[0].message == (
        "The parts of entry N1 come to another cost amount (66.66) than the entry (99.99)."
    )


@pytest.mark.usefixtures("books")
def test_a_family_with_a_fault_is_left_out_as_a_whole(take: Any, rows: Any) -> None:
    bad = PARTS[1] | {"task": "no"}
    report = take({"entries": [WHOLE, PARTS[0], bad, WHOLE | {"id": "N9"}]}, skip_bad=True)
    assert set(by_id(rows("entries"))) == {"N9"}
    assert {one.row: one.code for one in report.refused} == {
        "entries[0]": faults.DEPENDS_ON_REFUSED.code,
        "entries[1]": faults.DEPENDS_ON_REFUSED.code,
        "entries[2]": faults.UNKNOWN_CODE.code,
    }


@pytest.mark.usefixtures("books")
def test_an_entry_whose_only_part_is_refused_is_not_taken_whole(take: Any, rows: Any) -> None:
    bad = WHOLE | {"id": "N1/1", "part_of": "N1", "date": "yesterday"}
    take({"entries": [WHOLE, bad]}, skip_bad=True)
    assert by_id(rows("entries")) == {}
