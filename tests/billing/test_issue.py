"""Issue: one transaction that checks again, numbers, freezes, seals, or writes nothing."""

import dataclasses
from typing import Any

import pytest

from tests.builders import ANN, BOB, D, Shop, a_full_year, day, on
from timix_xl.billing import issue as module
from timix_xl.billing.decide import Choice, decide
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.errors import NothingToBill, RequestReused, RunRefused, RunStale
from timix_xl.store import documents

pytestmark = pytest.mark.stores("sqlite", "postgresql")


def refused(shop: Shop, kind: type[Exception], **options: Any) -> list[str]:
    before = shop.contents()
    with pytest.raises(kind) as raised:
        shop.issue(**options)
    assert shop.contents() == before
    return [str(fault) for fault in raised.value.faults]  # type: ignore[attr-defined]


def printed(shop: Shop, number: str = "INV-2026-00001") -> Any:
    with shop.store.reading() as connection:
        head = documents.heads(connection, number=number)[0]
        return documents.printed(connection, [head.id])[head.id]


def test_an_invoice_takes_the_next_number_of_its_series(shop: Shop) -> None:
    numbers = []
    for at in (1, 2):
        shop.time(f"E{at}")
        numbers += shop.issue().numbers
    assert numbers == ["INV-2026-00001", "INV-2026-00002"]


def test_each_year_has_a_series_of_its_own(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    shop.time("E2", on="2027-01-04")
    assert shop.issue(upto=day("2027-01-31")).numbers == ("INV-2027-00001",)


def test_a_late_invoice_of_the_old_year_still_goes_into_its_series(shop: Shop) -> None:
    shop.time("E1", on="2027-01-04")
    shop.issue(upto=day("2027-01-31"))
    shop.change("tasks", {"code": "T"}, status="active")
    shop.time("E2", on="2026-12-30")
    assert shop.issue(upto=day("2026-12-31")).numbers == ("INV-2026-00001",)


def test_a_series_can_start_at_the_number_of_the_system_before(shop: Shop) -> None:
    shop.add("series", kind="invoice", year=2026, next_seq=118, first_seq=118, head="")
    shop.time("E1")
    assert shop.issue().numbers == ("INV-2026-00118",)


def test_what_was_previewed_is_what_is_issued(shop: Shop) -> None:
    shop.order("FO", "10", po_number="PO-1")
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    options = {"frame_order": "FO", "group_by": GroupBy.TASK, "notes": "Thank you"}
    expected = shop.preview(**options).documents[0]
    shop.issue(**options)
    assert printed(shop) == dataclasses.replace(expected, number="INV-2026-00001")


def test_entries_billed_are_not_billed_again(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    with pytest.raises(NothingToBill):
        shop.issue()


def test_hostile_text_is_printed_as_it_was_written(shop: Shop) -> None:
    text = "=cmd|'/C calc'!A0\nשלום 🙂 " + "x" * 5000
    shop.time("E1", description=text)
    shop.issue()
    assert printed(shop).lines[0].description == text


def test_an_invoice_of_zero_is_issued(shop: Shop) -> None:
    shop.time("E1", bill_rate=D(0))
    shop.issue()
    assert printed(shop).total == 0


def test_at_cost_material_with_an_odd_cost_can_be_issued(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, material_at_cost=True)
    shop.material("M1", units="3", cost_amount=10000)
    shop.issue()
    assert printed(shop).subtotal == D(100)


@pytest.mark.parametrize(
    ("currency", "rate", "total"), [("JPY", "12345", "14691"), ("KWD", "12.345", "14.691")]
)
def test_an_invoice_is_in_the_minor_units_of_its_currency(
    shop: Shop, currency: str, rate: str, total: str
) -> None:
    shop.customer("X", currency=currency, bill_rate=D(rate))
    shop.time("E1", project="P-X", currency=currency)
    shop.issue("X")
    assert printed(shop).total == D(total)


# Decisions are used up.


def test_a_run_of_write_offs_commits_without_a_number(shop: Shop) -> None:
    shop.time("E1")
    made = shop.issue(paper=shop.paper({"E1": "Write off"}))
    assert (made.numbers, shop.value("SELECT state FROM entries")) == ((), "written_off")


def test_a_run_without_an_invoice_takes_no_number(shop: Shop) -> None:
    shop.time("E1", "E2")
    shop.issue(paper=shop.paper({"E1": "Write off", "E2": "Defer"}))
    assert shop.issue().numbers == ("INV-2026-00001",)


def test_a_write_off_keeps_its_reason(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(paper=shop.paper({"E1": "Write off"}, reason="our mistake"))
    assert shop.rows("SELECT outcome, reason FROM run_entries") == [("write_off", "our mistake")]


def test_a_saved_write_off_without_a_reason_is_refused(shop: Shop) -> None:
    shop.time("E1", "E2")
    row = {"entry": "E1", "decision": "write_off", "version": 1, "reason": ""}
    shop.add("decisions", row)
    assert "[ENTRY-09]" in refused(shop, RunRefused)[0]


def test_a_deferred_entry_comes_back_with_its_count(shop: Shop) -> None:
    shop.time("E1")
    for _ in range(2):
        shop.issue(paper=shop.paper({"E1": "Defer"}))
    assert shop.load().rows[0].times_deferred == 2


def test_saving_decisions_is_not_a_deferral_yet(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
    assert shop.load().rows[0].times_deferred == 0


def test_a_run_uses_up_its_decisions(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER, "wait")}, actor=ANN)
    shop.issue()
    assert shop.load().rows[0].decision is None


def test_the_reason_of_a_deferral_is_kept(shop: Shop) -> None:
    shop.time("E1")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER, "wait for PO")}, actor=ANN)
    shop.issue()
    kept = shop.load().rows[0].saved
    assert kept is not None
    assert kept.reason == "wait for PO"


def test_the_reason_of_a_deferral_that_only_the_sheet_gave_is_kept(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(paper=shop.paper({"E1": "Defer"}, reason="wait for PO"))
    kept = shop.load().rows[0].saved
    assert kept is not None
    assert kept.reason == "wait for PO"


def test_saved_decisions_are_obeyed_without_a_sheet(shop: Shop) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
    shop.issue()
    assert [billed.entry for billed in printed(shop).billed] == ["E2"]


def test_a_decision_on_an_entry_beyond_the_run_is_not_used_up(shop: Shop) -> None:
    shop.time("E1")
    shop.time("E2", on="2026-03-01")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER)}, actor=ANN)
    shop.issue()
    row = shop.load(upto=day("2026-03-31")).rows[0]
    assert row.decision is Decision.DEFER


# Stale sheets.


@pytest.mark.parametrize(
    ("table", "key", "change"),
    [
        ("customers", {"code": "ACME"}, {"bill_rate": D(101)}),
        ("tax_rates", {"tax_code": "S19"}, {"percent": D(20)}),
        ("entries", {"id": "E1"}, {"billable_quantity": D(2)}),
        ("tasks", {"code": "T"}, {"bill_separately": True}),
    ],
)
def test_a_sheet_loaded_before_a_fact_changed_is_refused(
    shop: Shop, table: str, key: dict[str, str], change: dict[str, Any]
) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.change(table, key, **change)
    assert "[ENTRY-04]" in refused(shop, RunStale, paper=paper)[0]


def test_a_changed_tax_rate_is_told_as_such(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.change("tax_rates", {"tax_code": "S19"}, percent=D(20))
    assert "its tax or its place of delivery" in refused(shop, RunStale, paper=paper)[0]


def test_a_sheet_whose_work_is_now_billed_by_a_fee_is_refused(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.change("tasks", {"code": "T"}, billing_type="fixed")
    assert "no longer open to bill: billing type fixed" in refused(shop, RunStale, paper=paper)[0]


def test_the_same_sheet_cannot_be_issued_twice(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.issue(paper=paper)
    assert "billed on INV-2026-00001" in refused(shop, RunStale, paper=paper)[0]


def test_only_the_rows_concerned_are_named(shop: Shop) -> None:
    shop.time("E1", "E2", "E3")
    paper = shop.paper()
    shop.change("entries", {"id": "E2"}, description="Other")
    assert len(refused(shop, RunStale, paper=paper)) == 1


def test_a_decision_that_a_run_has_used_up_is_not_used_again(shop: Shop) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E1": Choice(Decision.DEFER)}, actor=ANN)
    paper = shop.paper({"E2": "Bill"})
    shop.issue(actor=BOB, paper=shop.paper({"E2": "Defer"}))
    assert "was set to undecided by bob" in "\n".join(refused(shop, RunStale, paper=paper))


def test_work_that_came_in_after_the_load_is_not_on_the_invoice(shop: Shop) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.time("E2")
    made = shop.issue(paper=paper)
    assert [fault.code for fault in made.warnings] == ["ENTRY-12"]
    assert [billed.entry for billed in printed(shop).billed] == ["E1"]


def test_a_refusal_counts_its_faults(shop: Shop) -> None:
    shop.time("E1", hours="-1")
    shop.change("company", {"id": 1}, tax_id="")
    with pytest.raises(RunRefused, match="2 faults"):
        shop.issue()


@pytest.mark.parametrize(
    "options",
    [
        {"issue_date": day("2026-01-01")},
        {"frame_order": "FO"},
        {"frame_order": "NIX"},
        {"period_to": day("2025-01-01")},
    ],
)
def test_what_a_preview_faults_an_issue_refuses(shop: Shop, options: dict[str, Any]) -> None:
    shop.time("E0")
    shop.issue()
    shop.time("E1")
    shop.order("FO", "0.5")
    expected = [str(fault) for fault in shop.preview(**options).faults]
    assert expected
    assert refused(shop, RunRefused, **options) == expected


def test_an_overrun_that_is_allowed_is_issued_with_its_warning(shop: Shop) -> None:
    shop.order("FO", "0.5", overrun="warn")
    shop.time("E1")
    assert [fault.code for fault in shop.issue(frame_order="FO").warnings] == ["FO-05"]


def test_two_invoices_that_fit_each_but_not_together_are_not_both_issued(shop: Shop) -> None:
    shop.order("FO", "1.5")
    shop.time("E1")
    shop.issue(frame_order="FO")
    shop.time("E2")
    assert "[FO-04]" in refused(shop, RunRefused, frame_order="FO")[0]


def test_the_balance_is_the_total_less_what_was_drawn(shop: Shop) -> None:
    shop.order("FO", "10", billed_before="2")
    shop.time("E1", hours="3")
    shop.issue(frame_order="FO")
    assert shop.load().frame_orders[0].remaining == D(5)


# Requests.


def test_the_same_request_again_returns_the_first_result(shop: Shop) -> None:
    shop.time("E1")
    first = shop.issue(request="r1")
    assert shop.issue(request="r1") == first


def test_a_repeated_request_writes_nothing(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(request="r1")
    before = shop.contents()
    shop.issue(request="r1")
    assert shop.contents() == before


def test_a_request_id_is_not_used_for_another_run(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(request="r1")
    shop.time("E2")
    with pytest.raises(RequestReused):
        shop.issue(request="r1", notes="another")


def test_a_refused_run_does_not_use_up_its_request_id(shop: Shop) -> None:
    shop.time("E1", hours="-1")
    refused(shop, RunRefused, request="r1")
    shop.time("E2", hours="5")
    assert shop.issue(request="r1").numbers == ("INV-2026-00001",)


def test_a_run_is_in_the_audit_log(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(actor=BOB)
    logged = shop.rows("SELECT by, action, object FROM audit_log")
    assert logged == [("bob", "issue", "customer ACME"), ("bob", "issue", "INV-2026-00001")]


def test_a_run_moves_the_last_billing_date_of_its_projects_on(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    assert shop.value("SELECT last_billing_date FROM projects") == "2026-01-31"


def test_a_run_never_moves_the_last_billing_date_back(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(upto=day("2026-03-31"))
    shop.time("E2")
    shop.issue(upto=day("2026-02-28"))
    assert shop.value("SELECT last_billing_date FROM projects") == "2026-03-31"


def test_later_changes_never_touch_an_invoice(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    before = printed(shop)
    shop.change("customers", {"code": "ACME"}, name="Renamed", bill_rate=D(1))
    shop.change("tax_rates", {"tax_code": "S19"}, percent=D(1))
    shop.change("people", {"code": "ann"}, name="Ann Zed")
    assert printed(shop) == before


def test_the_seals_of_a_series_are_chained(shop: Shop) -> None:
    for at in (1, 2, 3):
        shop.time(f"E{at}")
        shop.issue()
    rows = shop.rows("SELECT previous_seal, seal FROM documents ORDER BY seq")
    assert [row[0] for row in rows] == ["", rows[0][1], rows[1][1]]


def test_a_failure_before_the_commit_leaves_no_gap(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise KeyboardInterrupt

    shop.time("E1")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_reconcile", fail)
        with pytest.raises(KeyboardInterrupt):
            shop.issue()
    assert shop.issue().numbers == ("INV-2026-00001",)


def test_a_whole_story_verifies(shop: Shop) -> None:
    a_full_year(shop)
    assert shop.problems() == ()


def test_nothing_is_written_while_a_run_is_refused(shop: Shop) -> None:
    shop.time("E1", hours="-1")
    refused(shop, RunRefused)
    assert shop.value("SELECT count(*) FROM runs") == 0


def test_who_acts_and_when_are_arguments(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(actor=on("2031-05-06", "cleo"))
    assert shop.rows("SELECT made_by, made_at FROM documents") == [("cleo", "2031-05-06T09:00:00")]
