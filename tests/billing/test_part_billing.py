"""Part billing: a Bill qty bills a part of an entry, and the rest is deferred or written off."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import ANN, BOB, D, Shop, an_entry, day
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.decide import Choice, decide, decide_by_sheet
from timix_xl.billing.draft import delete_draft, issue_draft, save_draft
from timix_xl.billing.issue import Issued
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision, Entry
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.parts import part_ids, parted
from timix_xl.errors import ReasonMissing, RunRefused, RunStale
from timix_xl.importing.take_in import take_in
from timix_xl.store import documents

UPTO = day("2026-01-31")


def parting(
    shop: Shop, entry: str = "E1", quantity: str = "2", rest: str = "", **facts: Any
) -> BallotPaper:
    """Return the sheet of a load on which a part of an entry is billed."""
    paper = shop.paper()
    rows = [
        replace(row, **({"bill_quantity": quantity, "rest": rest, "reason": "agreed"} | facts))
        if row.entry == entry
        else row
        for row in paper.rows
    ]
    return replace(paper, rows=tuple(rows))


def bill_a_part(shop: Shop, quantity: str = "2", rest: str = "", **facts: Any) -> Issued:
    entry = facts.pop("entry", "E1")
    return shop.issue(paper=parting(shop, entry, quantity, rest, **facts))


def states(shop: Shop) -> dict[str, str]:
    return dict(shop.rows("SELECT id, state FROM entries ORDER BY id"))


def unbilled(shop: Shop) -> dict[str, Decimal]:
    return {row.entry.id: row.entry.billable_quantity for row in shop.load().rows}


def billed(shop: Shop, number: int = 1) -> dict[str, Decimal]:
    with shop.store.reading() as connection:
        document = documents.printed(connection, [number])[number]
    return {one.entry: one.quantity for one in document.billed}


# The rule of splitting.

QUANTITIES = st.decimals("-500", "500", places=4).filter(bool)
COSTS = st.none() | st.decimals("-9999", "9999", places=2)


@st.composite
def whole_and_part(draw: st.DrawFn) -> tuple[Entry, Decimal]:
    billable = draw(QUANTITIES)
    least, most = sorted((D("0.0001").copy_sign(billable), billable))
    part = draw(st.decimals(least, most, places=4))
    entry = an_entry(quantity=draw(QUANTITIES), billable_quantity=billable, cost_amount=draw(COSTS))
    return entry, part


def split(entry: Entry, part: Decimal) -> tuple[Entry, Entry]:
    ids = part_ids(entry.id, ())
    return parted(entry, part, ids, cost_currency="EUR", wip_from=UPTO)


@given(whole_and_part())
def test_parts_share_quantity_hours_and_cost_without_loss(case: tuple[Entry, Decimal]) -> None:
    entry, part = case
    one, other = split(entry, part)
    for name in ("quantity", "billable_quantity", "cost_amount", "hours"):
        whole = getattr(entry, name)
        shared = (getattr(one, name), getattr(other, name))
        assert shared == (None, None) if whole is None else sum(shared) == whole


@given(whole_and_part())
def test_no_part_has_more_decimals_than_a_store_keeps(case: tuple[Entry, Decimal]) -> None:
    for each in split(*case):
        assert each.quantity == each.quantity.quantize(D("0.0001"))
        assert each.cost_amount is None or each.cost_amount == each.cost_amount.quantize(D("0.01"))


def test_parts_are_named_after_their_entry() -> None:
    assert part_ids("E1/2", ()) == ("E1/2/1", "E1/2/2")


def test_a_name_that_another_entry_has_is_passed_over() -> None:
    assert part_ids("E1", {"E1/1"}) == ("E1/2", "E1/3")


# A run.


def test_a_part_is_billed_and_the_rest_is_deferred(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "5")
    assert billed(shop) == {"E1/1": 5}
    assert unbilled(shop) == {"E1/2": D("2.5")}


def test_the_entry_itself_stays_as_it_came(shop: Shop) -> None:
    shop.time("E1", hours="7.5", source="toggl", external_id="77")
    columns = "date, quantity, billable_quantity, source, external_id, description, bill_rate"
    query = f"SELECT {columns} FROM entries WHERE id = 'E1'"
    before = shop.rows(query)
    bill_a_part(shop, "5")
    assert shop.rows(query) == before
    assert states(shop)["E1"] == "split"


def test_parts_have_no_source_of_their_own(shop: Shop) -> None:
    shop.time("E1", hours="7.5", source="toggl", external_id="77")
    bill_a_part(shop, "5")
    found = shop.rows("SELECT source, external_id FROM entries WHERE part_of = 'E1'")
    assert found == [(None, None)] * 2


def test_the_rest_can_be_written_off(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "5", "Write off")
    assert states(shop) == {"E1": "split", "E1/1": "open", "E1/2": "written_off"}
    assert shop.problems() == ()


def test_parts_are_work_in_progress_from_the_issue_date_on(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    shop.issue(paper=parting(shop, quantity="5"), issue_date=day("2026-02-03"))
    assert shop.rows("SELECT DISTINCT wip_from FROM entries WHERE part_of = 'E1'") == [
        ("2026-02-03",)
    ]


def test_a_bill_qty_of_everything_bills_the_whole_entry(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "7.50")
    assert (billed(shop), states(shop)) == ({"E1": D("7.5")}, {"E1": "open"})


def test_a_part_of_a_correction_is_billed_with_its_sign(shop: Shop) -> None:
    shop.time("E0", hours="8")
    shop.time("E1", hours="-3")
    bill_a_part(shop, "-1")
    assert billed(shop) == {"E0": 8, "E1/1": -1}
    assert unbilled(shop) == {"E1/2": -2}


def test_a_rest_is_split_again(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "5")
    bill_a_part(shop, "1", entry="E1/2")
    assert unbilled(shop) == {"E1/2/2": D("1.5")}
    assert shop.problems() == ()


def test_parts_never_rejoin_after_a_void(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "5")
    void(shop.store, "INV-2026-00001", "wrong", actor=BOB)
    assert unbilled(shop) == {"E1/1": 5, "E1/2": D("2.5")}
    assert shop.problems() == ()


def test_a_part_keeps_the_price_of_material_at_cost(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, material_at_cost=True)
    shop.material("E1", units="3", cost_amount=1000)
    bill_a_part(shop, "1")
    assert [row.priced.rate for row in shop.load().rows] == [D("3.333333")]


def test_a_part_keeps_a_rate_that_would_be_another_by_now(shop: Shop) -> None:
    shop.time("E1", hours="3", bill_rate=D("95.55"))
    bill_a_part(shop, "1")
    assert [row.priced.rate for row in shop.load().rows] == [D("95.55")]


def test_the_rest_was_deferred_as_often_as_its_entry_and_once_more(shop: Shop) -> None:
    shop.time("E1", hours="3")
    shop.issue(paper=shop.paper({"E1": "Defer"}))
    bill_a_part(shop, "1")
    assert [row.times_deferred for row in shop.load().rows] == [2]


def test_the_reason_of_a_deferred_rest_is_kept(shop: Shop) -> None:
    shop.time("E1", hours="3")
    bill_a_part(shop, "1", reason="wait for PO")
    kept = shop.load().rows[0].saved
    assert kept is not None
    assert (kept.reason, kept.decision) == ("wait for PO", None)


def test_an_id_that_is_taken_is_no_parts_id(shop: Shop) -> None:
    shop.time("E1", hours="3")
    shop.time("E1/1", on="2026-03-01")
    bill_a_part(shop, "1")
    assert set(states(shop)) == {"E1", "E1/1", "E1/2", "E1/3"}


def test_what_splitting_rounds_is_rounding(shop: Shop) -> None:
    shop.time("E1", hours="1", bill_rate=D("0.01"))
    shop.time("E2", hours="1")
    made = bill_a_part(shop, "0.5")
    assert (made.rounding, made.loaded.amount) == (D("0.01"), D("100.01"))
    assert made.loaded.ids == ("E1", "E2")


def test_a_preview_shows_the_part(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    plan = shop.preview(paper=parting(shop, quantity="5"))
    assert [line.quantity for line in plan.documents[0].lines] == [5]
    assert [row.entry.id for row in plan.outcomes[Decision.DEFER]] == ["E1/2"]


def test_a_preview_splits_nothing(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    shop.preview(paper=parting(shop, quantity="5"))
    assert states(shop) == {"E1": "open"}


def test_a_fault_of_a_part_stands_at_the_row_of_its_entry(shop: Shop) -> None:
    shop.order("FO", "10", valid_to=day("2026-01-01"))
    shop.time("E1", hours="7.5")
    plan = shop.preview(paper=parting(shop, quantity="5"), frame_order="FO")
    assert [(fault.code, fault.entry) for fault in plan.faults] == [("FO-03", "E1")]


def test_a_frame_order_is_drawn_by_the_part_only(shop: Shop) -> None:
    shop.order("FO", "6")
    shop.time("E1", hours="7.5")
    shop.issue(paper=parting(shop, quantity="5"), frame_order="FO")
    assert shop.load().frame_orders[0].remaining == 1


def test_a_split_is_in_the_log(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "5")
    found = shop.rows("SELECT object, before, after FROM audit_log WHERE action = 'split'")
    assert found == [("entry E1", '{"quantity":"7.5000"}', '{"E1/1":"5","E1/2":"2.5000"}')]


def test_the_same_request_splits_once(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, quantity="5")
    first = shop.issue(paper=paper, request="r1")
    assert shop.issue(paper=paper, request="r1") == first


def test_a_draft_splits_when_it_is_saved(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, quantity="5")
    save_draft(shop.store, "ACME", UPTO, RunOptions(), actor=ANN, paper=paper)
    assert unbilled(shop) == {"E1/2": D("2.5")}


def test_parts_stay_parts_when_their_draft_is_deleted(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, quantity="5")
    save_draft(shop.store, "ACME", UPTO, RunOptions(), actor=ANN, paper=paper)
    delete_draft(shop.store, "DRAFT-1", actor=ANN)
    assert unbilled(shop) == {"E1/1": 5, "E1/2": D("2.5")}
    assert shop.problems() == ()


@pytest.mark.parametrize("group_by", list(GroupBy))
def test_a_run_with_parts_adds_up_however_lines_are_grouped(shop: Shop, group_by: GroupBy) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    made = shop.issue(paper=parting(shop, quantity="0.1111"), group_by=group_by)
    settled = sum(one.amount for one in made.figures.values())
    lines = D(shop.value("SELECT subtotal FROM documents")) / 100
    left = made.figures[Decision.DEFER].amount
    assert made.loaded.amount + made.rounding == lines + left
    assert settled - made.loaded.amount <= D("0.01")


# What a cell may not say.


def faults_of(shop: Shop, paper: BallotPaper) -> list[tuple[str, str | None]]:
    with pytest.raises(RunRefused) as raised:
        shop.issue(paper=paper)
    return [(fault.code, fault.column) for fault in raised.value.faults]


@pytest.mark.parametrize(
    ("quantity", "code"),
    [
        ("7.5001", "ENTRY-15"),
        ("0", "ENTRY-16"),
        ("0.0000", "ENTRY-16"),
        ("-2", "ENTRY-17"),
        ("half", "ENTRY-10"),
        ("2,5", "ENTRY-10"),
        ("1.00001", "ENTRY-10"),
        ("1e2", "ENTRY-10"),
        ("٣", "ENTRY-10"),
        ("nan", "ENTRY-10"),
    ],
)
def test_a_bill_qty_that_is_no_part_is_refused(shop: Shop, quantity: str, code: str) -> None:
    shop.time("E1", hours="7.5")
    assert faults_of(shop, parting(shop, quantity=quantity)) == [(code, "Bill qty")]


def test_nothing_of_an_entry_of_no_hours_is_a_part(shop: Shop) -> None:
    shop.time("E0")
    shop.time("E1", hours="0")
    assert faults_of(shop, parting(shop, quantity="1")) == [("ENTRY-15", "Bill qty")]


@pytest.mark.parametrize("decision", ["Defer", "write off"])
def test_a_bill_qty_goes_with_bill_only(shop: Shop, decision: str) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, decision=decision)
    assert faults_of(shop, paper) == [("ENTRY-18", "Bill qty")]


@pytest.mark.parametrize("title", ["Bill qty", "Rest"])
def test_a_formula_is_no_ballot(shop: Shop, title: str) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, formulas=frozenset({title}))
    assert faults_of(shop, paper) == [("ENTRY-14", title)]


def test_a_rest_needs_a_bill_qty(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    assert faults_of(shop, parting(shop, quantity="", rest="Defer")) == [("ENTRY-19", "Rest")]


def test_a_word_that_no_rest_can_become_is_named(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    assert faults_of(shop, parting(shop, rest="Bill")) == [("ENTRY-20", "Rest")]


def test_writing_off_a_rest_needs_a_reason(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, rest="write  OFF", reason=" ")
    assert faults_of(shop, paper) == [("ENTRY-09", "Reason")]


# Decisions that are saved.


def part(quantity: str = "2", rest: Decision | None = None, reason: str = "agreed") -> Choice:
    return Choice(Decision.BILL, reason, D(quantity), rest)


def test_a_saved_bill_qty_is_there_for_the_next_who_loads(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    decide(shop.store, "ACME", {"E1": part(rest=Decision.WRITE_OFF)}, actor=ANN)
    saved = shop.load().rows[0].saved
    assert saved is not None
    assert (saved.bill_quantity, saved.rest) == (2, Decision.WRITE_OFF)


def test_a_bill_qty_on_a_sheet_is_saved_as_bill(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    decide_by_sheet(shop.store, "ACME", UPTO, parting(shop), actor=ANN)
    saved = shop.load().rows[0].saved
    assert saved is not None
    assert (saved.decision, saved.bill_quantity, saved.rest) == (Decision.BILL, 2, Decision.DEFER)


def test_a_saved_bill_qty_is_obeyed_without_a_sheet(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    decide(shop.store, "ACME", {"E1": part(rest=Decision.WRITE_OFF)}, actor=ANN)
    shop.issue()
    assert states(shop) == {"E1": "split", "E1/1": "open", "E1/2": "written_off"}


def test_a_saved_bill_qty_that_is_no_part_any_more_stops_a_run(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    decide(shop.store, "ACME", {"E1": part("5")}, actor=ANN)
    shop.change("entries", {"id": "E1"}, billable_quantity=D(4))
    with pytest.raises(RunRefused) as raised:
        shop.issue()
    assert [fault.code for fault in raised.value.faults] == ["ENTRY-15"]


def test_a_bill_qty_by_id_that_is_no_part_is_refused(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    with pytest.raises(RunRefused) as raised:
        decide(shop.store, "ACME", {"E1": part("8")}, actor=ANN)
    assert [fault.code for fault in raised.value.faults] == ["ENTRY-15"]
    assert shop.load().rows[0].saved is None


def test_writing_off_a_rest_by_id_needs_a_reason(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    with pytest.raises(ReasonMissing, match="Writing off the rest of E1"):
        decide(shop.store, "ACME", {"E1": part(rest=Decision.WRITE_OFF, reason="")}, actor=ANN)


def test_a_bill_qty_saved_elsewhere_is_named(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, quantity="3")
    decide(shop.store, "ACME", {"E1": part("2")}, actor=BOB)
    with pytest.raises(RunStale) as raised:
        shop.issue(paper=paper)
    assert "was set to Bill 2 (rest: Defer) by bob" in str(raised.value.faults[0])
    assert "this sheet says Bill 3 (rest: Defer)" in str(raised.value.faults[0])


def test_the_same_bill_qty_saved_elsewhere_is_fine(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, quantity="2.00")
    decide(shop.store, "ACME", {"E1": part("2")}, actor=BOB)
    assert shop.issue(paper=paper).numbers == ("INV-2026-00001",)


def test_a_saved_bill_qty_is_in_the_log(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    decide(shop.store, "ACME", {"E1": part()}, actor=ANN)
    assert shop.rows("SELECT after FROM audit_log") == [('"Bill 2 (rest: Defer)"',)]


# Beside an import.


@pytest.fixture
def imported(shop: Shop, tmp_path: Path) -> Iterator[Path]:
    entries = tmp_path / "entries.csv"
    columns = "id,date,project,task,person,quantity,description,status"
    entries.write_text(f"{columns}\nE1,2026-01-05,P,T,ann,7.5,Work E1,approved\n", "utf-8")
    take_in(shop.store, [entries], actor=ANN)
    bill_a_part(shop, "5")
    yield entries
    assert shop.problems() == ()


def test_a_split_entry_that_comes_again_is_known(shop: Shop, imported: Path) -> None:
    assert take_in(shop.store, [imported], actor=ANN).known == 1


def test_a_split_entry_that_comes_changed_is_refused(shop: Shop, imported: Path) -> None:
    imported.write_text(imported.read_text("utf-8").replace("7.5", "8"), "utf-8")
    report = take_in(shop.store, [imported], actor=ANN, reapprove=True)
    assert [one.code for one in report.refused] == ["IMP-67"]
    assert "is split" in report.refused[0].message


# What verify finds.


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET quantity = quantity + 1 WHERE id = 'E1/2'",
        "UPDATE entries SET state = 'open' WHERE id = 'E1'",
        "UPDATE entries SET part_of = NULL WHERE part_of = 'E1' AND id = 'E1/2'",
    ],
)
def test_parts_that_were_changed_are_named(shop: Shop, change: str) -> None:
    shop.time("E1", hours="7.5")
    bill_a_part(shop, "5")
    shop.say(change)
    assert ("VERIFY-14", "entry E1") in {(one.code, one.where) for one in shop.problems()}


def test_an_issued_draft_with_a_part_verifies(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = parting(shop, quantity="5", rest="Write off")
    save_draft(shop.store, "ACME", UPTO, RunOptions(), actor=ANN, paper=paper)
    issue_draft(shop.store, "DRAFT-1", actor=ANN)
    assert shop.problems() == ()
