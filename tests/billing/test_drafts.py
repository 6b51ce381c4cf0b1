"""Drafts: they hold their entries, have no number, and are issued or deleted later."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from tests.builders import ANN, BILLING_DATE, BOB, D, Shop, day, on
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.draft import DraftIssued, delete_draft, issue_draft, save_draft
from timix_xl.billing.issue import Issued
from timix_xl.billing.pay import pay
from timix_xl.billing.plan import RunOptions
from timix_xl.billing.register import register, whole
from timix_xl.billing.send import send
from timix_xl.billing.void import void
from timix_xl.domain.entries import Decision
from timix_xl.domain.invoices import Document
from timix_xl.errors import (
    Fault,
    IssuedMeanwhile,
    PaymentRefused,
    RequestReused,
    RunRefused,
    RunStale,
    TransitionRefused,
    UnknownDocument,
)
from timix_xl.importing.take_in import take_in
from timix_xl.store import documents

pytestmark = pytest.mark.stores("sqlite", "postgresql")


def save(shop: Shop, **options: Any) -> Issued:
    more = {name: options.pop(name, None) for name in ("paper", "request")}
    actor, upto = options.pop("actor", ANN), options.pop("upto", BILLING_DATE)
    customer = options.pop("customer", "ACME")
    return save_draft(shop.store, customer, upto, RunOptions(**options), actor=actor, **more)


def issue_it(shop: Shop, name: str = "DRAFT-1", **more: Any) -> DraftIssued:
    return issue_draft(shop.store, name, **({"actor": ANN} | more))


def delete(shop: Shop, name: str = "DRAFT-1", **more: Any) -> None:
    delete_draft(shop.store, name, **({"actor": ANN} | more))


def printed(shop: Shop, number: int = 1) -> Document:
    with shop.store.reading() as connection:
        return documents.printed(connection, [number])[number]


def faults_of(shop: Shop, name: str = "DRAFT-1", **more: Any) -> list[Fault]:
    before = shop.rows("SELECT * FROM audit_log")
    with pytest.raises(RunRefused) as raised:
        issue_it(shop, name, **more)
    assert shop.rows("SELECT * FROM audit_log") == before
    return list(raised.value.faults)


def register_of(shop: Shop) -> list[tuple[str | None, str]]:
    return [(one.number, one.state) for one in register(shop.store, today=day("2026-02-01"))]


# Saving.


def test_a_draft_is_named_by_its_place_and_has_no_number(shop: Shop) -> None:
    shop.time("E1")
    assert save(shop).numbers == ("DRAFT-1",)
    assert shop.rows("SELECT number, seq, seal, previous_seal FROM documents") == [(None,) * 4]


def test_saving_a_draft_takes_no_number(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.time("E2")
    assert shop.issue().numbers == ("INV-2026-00001",)


def test_an_entry_on_a_draft_is_left_out_and_the_draft_is_named(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    assert [one.wording for one in shop.load().left_out] == ["already on DRAFT-1"]


def test_a_sheet_with_an_entry_that_went_on_a_draft_is_refused(shop: Shop) -> None:
    shop.time("E1", "E2")
    paper = shop.paper()
    save(shop, paper=shop.paper({"E1": "Bill", "E2": "Defer"}))
    with pytest.raises(RunStale) as raised:
        shop.issue(paper=paper)
    assert "no longer open to bill: already on DRAFT-1" in str(raised.value.faults[0])


def test_a_draft_stands_in_the_register(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    assert register_of(shop) == [("DRAFT-1", "draft")]


def test_the_register_can_be_filtered_by_drafts(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    shop.time("E2")
    save(shop)
    found = register(shop.store, today=day("2026-02-01"), status="draft")
    assert [one.number for one in found] == ["DRAFT-2"]


def test_nobody_owes_a_draft(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    assert [one.outstanding for one in register(shop.store, today=day("2027-02-01"))] == [0]


def test_a_draft_can_be_shown_whole(shop: Shop) -> None:
    shop.time("E1", hours="2")
    save(shop, notes="Thank you")
    ((_, document),) = whole(shop.store, register(shop.store, today=day("2026-02-01")))
    assert document is not None
    assert (document.number, document.notes, document.total) == ("DRAFT-1", "Thank you", D("238"))


def test_write_offs_take_effect_when_a_draft_is_saved(shop: Shop) -> None:
    shop.time("E1", "E2")
    save(shop, paper=shop.paper({"E2": "Write off"}))
    assert shop.value("SELECT state FROM entries WHERE id = 'E2'") == "written_off"


def test_deferrals_count_when_a_draft_is_saved(shop: Shop) -> None:
    shop.time("E1", "E2")
    save(shop, paper=shop.paper({"E2": "Defer"}))
    assert [row.times_deferred for row in shop.load().rows] == [1]


def test_saving_a_draft_uses_up_its_decisions(shop: Shop) -> None:
    shop.time("E1", "E2")
    decide(shop.store, "ACME", {"E2": Choice(Decision.DEFER)}, actor=ANN)
    save(shop)
    assert [row.decision for row in shop.load().rows] == [None]


def test_what_stops_an_issue_stops_a_draft_too(shop: Shop) -> None:
    shop.time("E1", hours="-1")
    with pytest.raises(RunRefused, match="Saving a draft for ACME is refused because of 1 fault"):
        save(shop)


def test_a_draft_draws_nothing_from_its_frame_order(shop: Shop) -> None:
    shop.order("FO", "10")
    shop.time("E1", hours="4")
    save(shop, frame_order="FO")
    assert shop.load().frame_orders[0].remaining == 10


def test_the_same_request_saves_one_draft(shop: Shop) -> None:
    shop.time("E1")
    first = save(shop, request="r1")
    assert save(shop, request="r1") == first
    assert shop.value("SELECT count(*) FROM documents") == 1


def test_the_request_of_a_draft_does_not_issue(shop: Shop) -> None:
    shop.time("E1")
    save(shop, request="r1")
    with pytest.raises(RequestReused):
        shop.issue(request="r1")


def test_a_saved_draft_is_in_the_log(shop: Shop) -> None:
    shop.time("E1")
    save(shop, actor=BOB)
    logged = shop.rows("SELECT by, action, object FROM audit_log")
    assert logged == [
        ("bob", "save draft", what) for what in ("customer ACME", "DRAFT-1", "project P")
    ]


def test_a_store_with_drafts_verifies(shop: Shop) -> None:
    shop.time("E1", "E2", "E3")
    save(shop, paper=shop.paper({"E2": "Defer", "E3": "Write off"}))
    assert shop.problems() == ()


def test_a_draft_that_somebody_changed_is_named(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.say("UPDATE document_lines SET description = 'Gift'")
    assert [(one.code, one.where) for one in shop.problems()] == [("VERIFY-05", "DRAFT-1")]


# Issuing.


def test_an_issued_draft_has_the_next_number(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.time("E2")
    shop.issue()
    assert issue_it(shop).number == "INV-2026-00002"


def test_issuing_a_draft_leaves_a_store_that_verifies(shop: Shop) -> None:
    shop.order("FO", "10")
    shop.time("E1", "E2")
    save(shop, frame_order="FO")
    issue_it(shop)
    assert shop.problems() == ()
    assert register_of(shop) == [("INV-2026-00001", "issued")]


def test_an_issued_draft_is_dated_as_planned(shop: Shop) -> None:
    shop.time("E1")
    save(shop, issue_date=day("2026-02-10"))
    issue_it(shop)
    assert printed(shop).issue_date == day("2026-02-10")


def test_an_issued_draft_is_not_dated_before_the_last_of_its_series(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.time("E2")
    shop.issue(issue_date=day("2026-03-05"))
    issue_it(shop)
    assert printed(shop, 1).issue_date == day("2026-03-05")


def test_a_draft_can_be_issued_on_another_day(shop: Shop) -> None:
    shop.time("E1")
    save(shop, payment_terms_days=14)
    issue_it(shop, issue_date=day("2026-04-01"))
    document = printed(shop)
    assert (document.issue_date, document.due_date) == (day("2026-04-01"), day("2026-04-15"))


def test_a_draft_is_not_issued_before_the_last_of_its_series(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.time("E2")
    shop.issue(issue_date=day("2026-03-05"))
    assert [one.code for one in faults_of(shop, issue_date=day("2026-03-04"))] == ["DATE-01"]


def test_prices_and_tax_of_a_draft_stay_as_agreed(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    saved = printed(shop)
    shop.change("customers", {"code": "ACME"}, bill_rate=D(120))
    shop.change("tax_rates", {"tax_code": "S19"}, percent=D(25))
    issue_it(shop)
    issued = printed(shop)
    assert (issued.lines, issued.tax, issued.billed) == (saved.lines, saved.tax, saved.billed)


def test_an_issued_draft_has_the_addresses_of_its_issue(shop: Shop) -> None:
    shop.time("E1")
    save(shop, buyer_reference="Ref 7")
    shop.change("customers", {"code": "ACME"}, city="York", buyer_reference="Ref 8")
    shop.change("company", {"id": 1}, iban="DE02120300000000202051")
    issue_it(shop)
    issued = printed(shop)
    assert issued.seller.iban == "DE02120300000000202051"
    assert (issued.buyer.address.city, issued.buyer.buyer_reference) == ("York", "Ref 7")


def test_a_tax_id_that_is_missing_by_now_stops_a_draft(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.change("company", {"id": 1}, tax_id="")
    assert [one.code for one in faults_of(shop)] == ["TAX-01"]


def test_an_issued_draft_draws_on_what_is_left_by_now(shop: Shop) -> None:
    shop.order("FO", "10")
    shop.time("E1", hours="4")
    save(shop, frame_order="FO")
    shop.time("E2", hours="5")
    shop.issue(frame_order="FO")
    issue_it(shop)
    draw = printed(shop, 1).draw_down
    assert draw is not None
    assert (draw.before, draw.drawn, draw.after) == (5, 4, 1)
    assert shop.load().frame_orders[0].remaining == 1


def test_a_draft_that_no_longer_fits_its_frame_order_is_refused(shop: Shop) -> None:
    shop.order("FO", "8")
    shop.time("E1", hours="4")
    save(shop, frame_order="FO")
    shop.time("E2", hours="5")
    shop.issue(frame_order="FO")
    assert [one.code for one in faults_of(shop)] == ["FO-04"]


def test_an_overrun_that_is_allowed_is_told(shop: Shop) -> None:
    shop.order("FO", "3", overrun="warn")
    shop.time("E1", hours="4")
    save(shop, frame_order="FO")
    assert [one.code for one in issue_it(shop).warnings] == ["FO-05"]


@pytest.mark.parametrize(
    ("change", "code"),
    [({"state": "closed"}, "FO-06"), ({"valid_to": dt.date(2026, 1, 1)}, "FO-03")],
)
def test_a_frame_order_that_changed_since_stops_a_draft(
    shop: Shop, change: dict[str, Any], code: str
) -> None:
    shop.order("FO", "10")
    shop.time("E1")
    save(shop, frame_order="FO")
    shop.change("frame_orders", {"number": "FO"}, **change)
    assert [one.code for one in faults_of(shop)] == [code]


def test_the_same_request_issues_a_draft_once(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    first = issue_it(shop, request="r2")
    assert issue_it(shop, request="r2") == first


def test_a_request_is_not_used_for_another_issue_date(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    issue_it(shop, request="r2")
    with pytest.raises(RequestReused):
        issue_it(shop, request="r2", issue_date=day("2026-04-01"))


def test_a_draft_that_was_issued_names_its_number(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    issue_it(shop)
    with pytest.raises(IssuedMeanwhile, match="DRAFT-1 was issued as INV-2026-00001"):
        issue_it(shop)


def test_an_issued_invoice_is_not_issued_again(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    with pytest.raises(TransitionRefused):
        issue_it(shop, "INV-2026-00001")


def test_the_issue_of_a_draft_is_in_the_log(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    issue_it(shop, actor=BOB)
    logged = shop.rows("SELECT by, action, object FROM audit_log ORDER BY id DESC LIMIT 2")
    assert logged == [("bob", "issue", "DRAFT-1"), ("bob", "issue", "INV-2026-00001")]


@pytest.mark.parametrize("act", [send, void, pay])
def test_a_draft_is_neither_sent_nor_voided_nor_paid(shop: Shop, act: Any) -> None:
    shop.time("E1")
    save(shop)
    more = {send: (), void: ("wrong",), pay: (D(1), day("2026-02-01"))}[act]
    with pytest.raises((TransitionRefused, PaymentRefused), match="DRAFT-1"):
        act(shop.store, "DRAFT-1", *more, actor=ANN)


# Deleting.


def test_a_deleted_draft_frees_its_entries(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    delete(shop)
    assert [row.entry.id for row in shop.load().rows] == ["E1"]
    assert register_of(shop) == []


def test_the_place_of_a_deleted_draft_is_not_given_out_again(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    delete(shop)
    assert save(shop).numbers == ("DRAFT-2",)


def test_a_deletion_leaves_no_gap_in_the_numbers(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    delete(shop)
    assert shop.issue().numbers == ("INV-2026-00001",)
    assert shop.problems() == ()


def test_what_the_run_of_a_deleted_draft_wrote_off_stays_written_off(shop: Shop) -> None:
    shop.time("E1", "E2")
    save(shop, paper=shop.paper({"E2": "Write off"}))
    delete(shop)
    assert [row.entry.id for row in shop.load().rows] == ["E1"]
    assert shop.problems() == ()


def test_an_issued_document_is_not_deleted(shop: Shop) -> None:
    shop.time("E1")
    shop.issue()
    with pytest.raises(TransitionRefused, match="it cannot be deleted"):
        delete(shop, "INV-2026-00001")


def test_a_deleted_draft_is_not_there(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    delete(shop)
    with pytest.raises(UnknownDocument):
        issue_it(shop)


def test_the_same_request_deletes_once(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    delete(shop, request="r3")
    delete(shop, request="r3")
    assert shop.value("SELECT COUNT(*) FROM audit_log WHERE object = 'DRAFT-1' AND after = ''") == 1


def test_the_log_names_a_draft_alike_however_it_was_typed(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    delete(shop, "draft-1")
    logged = shop.rows("SELECT object FROM audit_log WHERE action = 'delete draft'")
    assert ("DRAFT-1",) in logged


def last_billing_date(shop: Shop) -> str | None:
    found: str | None = shop.value("SELECT last_billing_date FROM projects")
    return found


def test_a_deleted_draft_sets_the_last_billing_date_back(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    assert last_billing_date(shop) == "2026-01-31"
    delete(shop)
    assert last_billing_date(shop) is None


def test_the_last_billing_date_goes_back_past_drafts_that_are_gone(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, last_billing_date=day("2025-12-31"))
    shop.time("E1")
    save(shop)
    shop.time("E2", on="2026-02-05")
    save(shop, upto=day("2026-02-28"))
    delete(shop, "DRAFT-1")
    assert last_billing_date(shop) == "2026-02-28"
    delete(shop, "DRAFT-2")
    assert last_billing_date(shop) == "2025-12-31"


def test_the_last_billing_date_stays_where_an_invoice_stands(shop: Shop) -> None:
    shop.time("E1")
    save(shop)
    shop.time("E2")
    shop.issue()
    delete(shop)
    assert last_billing_date(shop) == "2026-01-31"


# Beside an import.

COLUMNS = "id,date,project,task,person,quantity,description,status"


def taken_in(shop: Shop, folder: Path, hours: str) -> list[str]:
    """Take E1 in again with so many hours; returns the codes of what is refused."""
    entries = folder / "entries.csv"
    row = f"E1,2026-01-05,P,T,ann,{hours},Work E1,approved"
    entries.write_text(f"{COLUMNS}\n{row}\n", "utf-8")
    terms = {"reapprove": True, "actor": BOB}
    return [one.code for one in take_in(shop.store, [entries], **terms).refused]


def test_a_changed_entry_on_a_draft_is_not_taken_in(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1")
    save(shop)
    assert taken_in(shop, tmp_path, "9") == ["IMP-67"]


def test_an_entry_of_a_deleted_draft_may_be_taken_in_changed(shop: Shop, tmp_path: Path) -> None:
    shop.time("E1")
    save(shop)
    delete(shop)
    assert taken_in(shop, tmp_path, "9") == []


def test_a_draft_is_dated_by_the_clock_of_nobody(shop: Shop) -> None:
    shop.time("E1")
    save(shop, actor=on("2031-05-06", "cleo"))
    issue_it(shop)
    assert printed(shop).issue_date == BILLING_DATE


def test_what_stands_against_an_issue_names_the_draft(shop: Shop) -> None:
    shop.time("E1")
    save_draft(shop.store, "ACME", BILLING_DATE, RunOptions(), actor=ANN)
    shop.add("limits", id=1, project="P", amount=1)
    with pytest.raises(RunRefused) as raised:
        issue_draft(shop.store, "DRAFT-1", actor=ANN)
    assert [one.where for one in raised.value.faults] == ["DRAFT-1"]
