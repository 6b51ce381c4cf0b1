"""Decide: decisions are saved for colleagues, and a sheet that no longer fits is refused."""

import dataclasses
from decimal import Decimal
from typing import Any

import pytest

from tests.builders import ANN, BILLING_DATE, BOB, D, Shop, day
from timix_xl.billing.ballots import BallotPaper
from timix_xl.billing.decide import Choice, Decided, decide, decide_by_sheet
from timix_xl.domain.entries import Decision
from timix_xl.errors import ReasonMissing, RunRefused, RunStale, TimixError, UnknownEntries

pytestmark = pytest.mark.stores("sqlite", "postgresql")


def saved(shop: Shop, entry: str = "E1") -> tuple[Decision | None, str]:
    row = next(row for row in shop.load().rows if row.entry.id == entry)
    return (row.decision, row.saved.reason if row.saved else "")


def hand_in(shop: Shop, paper: BallotPaper) -> Decided:
    return decide_by_sheet(shop.store, "ACME", BILLING_DATE, paper, actor=BOB)


def changed(paper: BallotPaper, at: int = 0, **facts: Any) -> BallotPaper:
    rows = list(paper.rows)
    rows[at] = dataclasses.replace(rows[at], **facts)
    return dataclasses.replace(paper, rows=tuple(rows))


def refused(shop: Shop, paper: BallotPaper, kind: type[TimixError] = RunRefused) -> list[str]:
    with pytest.raises(kind) as raised:
        hand_in(shop, paper)
    return [str(fault) for fault in raised.value.faults]


def test_a_saved_decision_is_there_for_the_next_who_loads(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER, "wait")}, actor=ANN)
    assert saved(shop) == (Decision.DEFER, "wait")


def test_who_decided_and_when_is_kept(shop: Shop) -> None:
    shop.time("E1")
    made = decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=BOB)
    kept = made.review.rows[0].saved
    assert kept is not None
    assert (kept.decided_by, kept.decided_at) == ("bob", "2026-02-01T10:00:00")


def test_a_decision_can_be_taken_back(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
    decide(shop.store, "ACME", {"E1": Choice(None)}, actor=ANN)
    assert saved(shop)[0] is None


def test_saving_the_same_again_changes_nothing(shop: Shop) -> None:
    shop.time("E1")
    for expected in (1, 0):
        made = decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
        assert made.changed == expected


def test_every_change_of_a_decision_is_in_the_log(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
    decide(shop.store, "ACME", {"E1": Choice(Decision.BILL)}, actor=BOB)
    logged = shop.rows("SELECT by, object, before, after FROM audit_log ORDER BY id")
    assert logged == [
        ("ann", "entry E1", '"undecided"', '"Defer"'),
        ("bob", "entry E1", '"Defer"', '"Bill"'),
    ]


def test_writing_off_needs_a_reason(shop: Shop) -> None:
    shop.time("E1")
    with pytest.raises(ReasonMissing):
        decide(shop.store, "ACME", {"E1": Choice(Decision.WRITE_OFF, "  ")}, actor=ANN)


def test_an_entry_that_is_not_open_is_named_and_none_is_saved(shop: Shop) -> None:
    shop.time("E1")
    choices = {"E1": Choice(Decision.DEFER), "E9": Choice(Decision.DEFER)}
    with pytest.raises(UnknownEntries, match="E9"):
        decide(shop.store, "ACME", choices, actor=ANN)
    assert saved(shop)[0] is None


def test_an_entry_after_the_billing_date_can_be_decided(shop: Shop) -> None:
    shop.time("E1", on="2026-06-01")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
    assert shop.value("SELECT decision FROM decisions") == "defer"


# Sheets.


def test_a_colleagues_sheet_is_taken_whole(shop: Shop) -> None:
    shop.time("E1", "E2", "E3")
    hand_in(shop, shop.paper({"E1": "Defer", "E2": "Write off", "E3": "Bill"}))
    found = [row.decision for row in shop.load().rows]
    assert found == [Decision.DEFER, Decision.WRITE_OFF, Decision.BILL]


@pytest.mark.parametrize("word", ["bill ", "BILL", " Bill", "bIlL"])
def test_case_and_blanks_of_a_decision_do_not_matter(shop: Shop, word: str) -> None:
    shop.time("E1")
    hand_in(shop, shop.paper({"E1": word}))
    assert saved(shop)[0] is Decision.BILL


@pytest.mark.parametrize("word", ["write off", "Write Off", "WRITE OFF ", "write  off"])
def test_case_and_blanks_of_a_write_off_do_not_matter(shop: Shop, word: str) -> None:
    shop.time("E1")
    hand_in(shop, shop.paper({"E1": word}))
    assert saved(shop)[0] is Decision.WRITE_OFF


def test_rows_may_be_sorted_otherwise(shop: Shop) -> None:
    shop.time("E1", "E2")
    paper = shop.paper({"E1": "Defer"})
    hand_in(shop, dataclasses.replace(paper, rows=tuple(reversed(paper.rows))))
    assert saved(shop)[0] is Decision.DEFER


def test_saving_writes_the_new_tokens_back(shop: Shop) -> None:
    shop.time("E1")
    made = hand_in(shop, shop.paper({"E1": "Defer"}))
    assert made.review.rows[0].token == shop.paper().rows[0].token


def test_a_word_that_is_no_decision_is_named(shop: Shop) -> None:
    shop.time("E1")
    assert refused(shop, shop.paper({"E1": "Maybe"})) == [
        "entry E1: 'Maybe' is not a decision. Please choose Bill, Defer or Write off. [ENTRY-06]"
    ]


def test_a_decision_that_is_a_formula_is_refused(shop: Shop) -> None:
    shop.time("E1")
    paper = changed(shop.paper(), formulas=frozenset({"Decision"}))
    assert "[ENTRY-08]" in refused(shop, paper)[0]


def test_a_write_off_on_a_sheet_needs_a_reason(shop: Shop) -> None:
    shop.time("E1")
    assert "[ENTRY-09]" in refused(shop, shop.paper({"E1": "Write off"}, reason=" "))[0]


def test_typed_over_hours_are_told_beside_the_approved_ones(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = shop.paper()
    typed = changed(paper, shown={**paper.rows[0].shown, "Qty": Decimal(9)})
    assert refused(shop, typed) == [
        "entry E1: 9.00 h was typed over the approved 7.50 h."
        " Load the entries again, or have the change approved first. [ENTRY-07]"
    ]


@pytest.mark.parametrize(
    ("column", "value", "words"),
    [
        ("Rate", D("120.5"), "120.50 EUR was typed over the approved 100.00 EUR."),
        ("Qty", D("0.3333"), "0.3333 h was typed over the approved 1.00 h."),
        ("Amount", D(1), "1.00 EUR was typed over the approved 100.00 EUR."),
        ("Description", "", "nothing was typed over the approved Work E1."),
        ("Date", day("2026-01-09"), "2026-01-09 was typed over the approved 2026-01-05."),
    ],
)
def test_whatever_was_typed_over_is_told(shop: Shop, column: str, value: Any, words: str) -> None:
    shop.time("E1")
    paper = shop.paper()
    found = refused(shop, changed(paper, shown={**paper.rows[0].shown, column: value}))
    assert words in found[0]


def test_every_fault_of_a_sheet_is_listed(shop: Shop) -> None:
    shop.time("E1", "E2")
    paper = shop.paper({"E1": "Maybe", "E2": "Perhaps"})
    assert len(refused(shop, paper)) == 2


def test_of_a_refused_sheet_nothing_is_saved(shop: Shop) -> None:
    shop.time("E1", "E2")
    refused(shop, shop.paper({"E1": "Defer", "E2": "Perhaps"}))
    assert saved(shop)[0] is None


def test_a_sheet_of_another_store_is_refused(shop: Shop) -> None:
    shop.time("E1")
    other = dataclasses.replace(shop.paper(), store_id="another")
    assert "[BOOK-02]" in refused(shop, other, RunStale)[0]


def test_a_row_that_was_pasted_in_is_refused(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    pasted = dataclasses.replace(
        paper, rows=(*paper.rows, dataclasses.replace(paper.rows[0], entry="E9"))
    )
    assert "[ENTRY-01]" in refused(shop, pasted)[0]


def test_a_row_that_stands_there_twice_is_refused(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    assert "[ENTRY-02]" in refused(shop, dataclasses.replace(paper, rows=paper.rows * 2))[0]


def test_a_deleted_row_is_named(shop: Shop) -> None:
    shop.time("E1", "E2")
    paper = shop.paper()
    found = refused(shop, dataclasses.replace(paper, rows=paper.rows[:1]))
    assert found[0].startswith(
        "Entries: The sheet has 1 of the 2 rows that were loaded. Missing, perhaps: E2."
    )


def test_work_that_came_in_since_the_load_is_a_warning_only(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper({"E1": "Defer"})
    shop.time("E2")
    assert [fault.code for fault in hand_in(shop, paper).warnings] == ["ENTRY-12"]


def test_a_deleted_row_is_missing_even_if_new_work_came_in(shop: Shop) -> None:
    shop.time("E1", "E2")
    paper = shop.paper()
    shop.time("E3")
    assert "[ENTRY-03]" in refused(shop, dataclasses.replace(paper, rows=paper.rows[:1]))[0]


def test_hidden_rows_are_a_warning(shop: Shop) -> None:
    shop.time("E1")
    made = hand_in(shop, dataclasses.replace(shop.paper(), hidden_rows=12))
    assert [fault.message for fault in made.warnings] == ["12 hidden rows are in this run."]


def test_a_row_decided_differently_elsewhere_names_who_and_when(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper({"E1": "Bill"})
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=BOB)
    assert refused(shop, paper, RunStale) == [
        "entry E1: Entry E1 was set to Defer by bob on 2026-02-01T10:00:00; this sheet says Bill."
        " Load the entries again, agree on one, and save the decision. [ENTRY-05]"
    ]


def test_a_row_decided_alike_elsewhere_is_fine(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper({"E1": "Defer"}, reason="")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=BOB)
    assert hand_in(shop, paper).changed == 0


def test_a_row_that_changed_since_the_load_says_what_changed(shop: Shop) -> None:
    shop.time("E1", hours="7.5")
    paper = shop.paper()
    shop.change("entries", {"id": "E1"}, billable_quantity=D(8))
    assert (
        "Qty was 7.50, is 8.00; Amount was 750.00, is 800.00" in refused(shop, paper, RunStale)[0]
    )


def test_an_entry_billed_since_the_load_names_the_invoice(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.issue()
    assert (
        "Entry E1 is no longer open to bill: billed on INV-2026-00001."
        in refused(shop, paper, RunStale)[0]
    )


def test_an_entry_written_off_since_the_load_says_so(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.issue(paper=shop.paper({"E1": "write off"}))
    assert "no longer open to bill: written off." in refused(shop, paper, RunStale)[0]
