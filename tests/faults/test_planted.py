"""Planted faults: each safeguard is taken away in turn, and something must turn red."""

from decimal import ROUND_DOWN, Decimal
from typing import Any

import pytest

from tests.builders import ANN, D, Shop, day
from timix_xl.billing import issue as issue_module
from timix_xl.billing import plan as plan_module
from timix_xl.billing import preview as preview_module
from timix_xl.domain import grouping, money, totals
from timix_xl.domain.grouping import GroupBy
from timix_xl.errors import DoesNotReconcile, RunStale
from timix_xl.store import drafts
from timix_xl.store.refusals import StoreRefuses


def codes(shop: Shop) -> set[str]:
    return {problem.code for problem in shop.problems()}


# Double billing.


def test_an_entry_on_two_live_invoices_is_impossible(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    with pytest.raises(StoreRefuses), shop.store.writing() as connection:
        connection.exec_driver_sql("INSERT INTO claims VALUES ('E1', 1)")


def test_with_the_claims_off_an_entry_billed_twice_is_found(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    shop.unguarded().say("DELETE FROM claims")
    shop.issue()
    found = [one for one in shop.problems() if one.code == "VERIFY-13"]
    assert [(one.where, one.message) for one in found] == [
        ("INV-2026-00001", "entry E1 is billed on it, but not claimed by it")
    ]


def test_with_the_primary_key_of_the_claims_gone_two_claims_are_found(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    shop.time("E2")
    shop.issue()
    shop.unguarded()
    shop.say(
        "CREATE TABLE loose (entry TEXT NOT NULL, document INTEGER NOT NULL)",
        "INSERT INTO loose SELECT * FROM claims",
        "INSERT INTO loose VALUES ('E1', 2)",
        "DROP TABLE claims",
        "ALTER TABLE loose RENAME TO claims",
    )
    if shop.store.file is None:
        shop.say("GRANT SELECT ON claims TO PUBLIC")
    assert "VERIFY-13" in codes(shop)


def test_a_run_that_forgets_to_claim_is_refused_by_the_database(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = drafts.save_drafts

    def forgetful(connection: Any, *given: Any) -> Any:
        ids = save(connection, *given)
        connection.exec_driver_sql("DELETE FROM claims")
        return ids

    monkeypatch.setattr(drafts, "save_drafts", forgetful)
    shop.time("E1")
    with pytest.raises(StoreRefuses, match="claims every entry"):
        shop.issue()


# Numbers.


def test_a_number_taken_outside_the_transaction_leaves_a_gap_that_is_found(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    shop.unguarded().say("UPDATE series SET next_seq = next_seq + 1")
    shop.time("E2")
    shop.issue()
    found = [one.message for one in shop.problems() if one.code == "VERIFY-07"]
    assert found == ["numbers [1, 3] are there; [1, 2, 3] were given out"]


def test_a_number_given_out_without_a_document_is_found(shop: Shop) -> None:
    shop.add("numbers", number="INV-2026-00009", taken_by="invoice 9")
    assert [one.where for one in shop.problems()] == ["INV-2026-00009"]


def test_a_number_that_was_taken_and_rolled_back_leaves_no_gap(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.time("E1")

    def fails(*_: Any) -> None:
        raise DoesNotReconcile(difference="planted")

    with monkeypatch.context() as patch:
        patch.setattr(issue_module, "_reconcile", fails)
        with pytest.raises(DoesNotReconcile):
            shop.issue()
    shop.issue()
    assert shop.problems() == ()


# Rounding.


def _down(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_DOWN) + 0


def test_a_line_rounded_down_is_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.time("E1", hours="0.3333", bill_rate=D("95.55"))
    with monkeypatch.context() as patch:
        patch.setattr(money, "quantized", _down)
        shop.issue()
    found = [one.message for one in shop.problems() if one.code == "VERIFY-10"]
    assert "line 1 is not quantity x unit price" in found


def test_tax_rounded_down_is_found(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.time("E1", bill_rate=D("0.50"))
    down = lambda amount, _: _down(amount, 2)  # noqa: E731
    with monkeypatch.context() as patch:
        patch.setattr(totals, "rounded", down)
        shop.issue()
    assert [one.message for one in shop.problems()] == ["the tax of S19 is not that of its lines"]


def test_an_allocation_that_loses_a_cent_is_found(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def careless(amount: Decimal, exact: dict[str, Decimal], currency: str) -> dict[str, Decimal]:
        return {key: money.rounded(value, currency) for key, value in exact.items()}

    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    with monkeypatch.context() as patch:
        patch.setattr(grouping, "allocate", careless)
        shop.issue(group_by=GroupBy.TASK)
    assert [one.message for one in shop.problems()] == ["line 1 is not the sum of its entries"]


# Reconciliation.


def test_a_line_that_is_lost_stops_the_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    grouped = plan_module.grouped_lines
    monkeypatch.setattr(plan_module, "grouped_lines", lambda *given: grouped(*given)[1:])
    shop.time("E1", "E2")
    with pytest.raises(DoesNotReconcile, match="2 h loaded, 1"):
        shop.issue()
    assert shop.value("SELECT count(*) FROM documents") == 0


def test_a_line_with_another_amount_stops_the_run(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_minor = drafts.in_minor
    monkeypatch.setattr(drafts, "in_minor", lambda *given: in_minor(*given) + 1)
    shop.time("E1", "E2")
    with pytest.raises(DoesNotReconcile):
        shop.issue()


# Stale sheets.


def test_with_the_stale_check_off_a_stale_sheet_would_go_through(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.time("E1")
    paper = shop.paper()
    shop.change("customers", {"code": "ACME"}, bill_rate=D(900))
    with pytest.raises(RunStale):
        shop.issue(paper=paper)
    with monkeypatch.context() as patch:
        patch.setattr(preview_module, "faults_in", lambda *_: [])
        assert shop.issue(paper=paper).numbers


# Frame orders.


def test_an_order_overdrawn_behind_its_guard_is_found(shop: Shop) -> None:
    shop.order("FO", "1")
    shop.time("E1")
    shop.issue(frame_order="FO")
    shop.unguarded().say("UPDATE frame_orders SET total = 9999")
    assert ("VERIFY-16", "frame order FO") in {(one.code, one.where) for one in shop.problems()}


def test_a_draw_given_back_without_a_void_is_found(shop: Shop) -> None:
    shop.order("FO", "1")
    shop.time("E1")
    shop.issue(frame_order="FO")
    shop.unguarded().say("INSERT INTO draw_downs VALUES (9, 1, 'FO', -10000, '2026-02-01', 1)")
    assert "VERIFY-15" in codes(shop)


# Entries.


def test_a_billed_entry_changed_behind_its_guard_is_found(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    shop.unguarded().say("UPDATE entries SET billable_quantity = 20000")
    assert ("VERIFY-14", "entry E1") in {(one.code, one.where) for one in shop.problems()}


@pytest.mark.parametrize("state", ["written_off", "split"])
def test_an_entry_that_left_the_pool_without_a_run_is_found(shop: Shop, state: str) -> None:
    shop.time("E1")
    shop.issue()
    shop.unguarded().say(f"UPDATE entries SET state = '{state}'")
    assert ("VERIFY-14", "entry E1") in {(one.code, one.where) for one in shop.problems()}


def test_a_written_off_entry_put_back_by_hand_is_found(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(paper=shop.paper({"E1": "Write off"}), actor=ANN)
    shop.say("UPDATE entries SET state = 'open'")
    assert ("VERIFY-14", "entry E1") in {(one.code, one.where) for one in shop.problems()}


def test_a_logo_with_other_bytes_is_found(shop: Shop) -> None:
    shop.add("blobs", sha256="00", content=b"logo")
    assert codes(shop) == {"VERIFY-18"}


def test_dates_that_run_backwards_in_a_series_are_found(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.time("E1")
    shop.issue()
    shop.time("E2")
    monkeypatch.setattr(preview_module, "_dated_faults", lambda *_: [])
    shop.issue(issue_date=day("2026-01-01"))
    assert "VERIFY-09" in codes(shop)
