"""Preview: the documents that a run would make, with every fault and warning; it writes nothing."""

from typing import Any

import pytest

from tests.builders import D, Shop, day
from timix_xl.billing.plan import Plan, figures
from timix_xl.domain.entries import Decision
from timix_xl.domain.grouping import GroupBy
from timix_xl.domain.periods import ServicePeriod
from timix_xl.errors import NothingToBill


def codes(made: Plan) -> list[str]:
    return [fault.code for fault in made.faults]


def sentences(made: Plan) -> list[str]:
    return [fault.message for fault in made.faults]


def test_a_preview_writes_nothing(shop: Shop) -> None:
    shop.time("E1")
    shop.order("FO", "10")
    before = shop.contents()
    shop.preview(frame_order="FO", paper=shop.paper({"E1": "Defer"}))
    assert shop.contents() == before


def test_undecided_counts_as_bill(shop: Shop) -> None:
    shop.time("E1")
    assert figures(shop.preview().outcomes[Decision.BILL]).amount == D(100)


def test_the_sheets_decisions_count_before_they_are_saved(shop: Shop) -> None:
    shop.time("E1", "E2", "E3")
    made = shop.preview(paper=shop.paper({"E1": "Defer", "E2": "Write off"}))
    assert {key.value: figures(rows).hours for key, rows in made.outcomes.items()} == {
        "bill": D(1),
        "defer": D(1),
        "write_off": D(1),
    }


def test_a_customer_with_nothing_open_has_nothing_to_bill(shop: Shop) -> None:
    with pytest.raises(NothingToBill):
        shop.preview()


def test_totals_are_the_sums_of_rounded_lines_and_tax(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    document = shop.preview(group_by=GroupBy.TASK).documents[0]
    assert (document.subtotal, document.tax[0].amount, document.total) == (
        D("95.54"),
        D("18.15"),
        D("113.69"),
    )


def test_rounding_from_grouping_is_told(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    assert shop.preview(group_by=GroupBy.TASK).rounding == D("-0.01")


def test_by_entry_there_is_no_rounding(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", hours="0.3333", bill_rate=D("95.55"))
    assert shop.preview().rounding == 0


# Defaults and options.


def test_the_issue_date_is_the_billing_date_by_default(shop: Shop) -> None:
    shop.time("E1")
    assert shop.preview().issue_date == day("2026-01-31")


def test_the_issue_date_does_not_run_behind_the_series_by_default(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(issue_date=day("2026-02-10"))
    shop.time("E2")
    assert shop.preview().issue_date == day("2026-02-10")


def test_the_series_of_another_year_does_not_move_the_issue_date(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(issue_date=day("2027-02-10"))
    shop.time("E2")
    assert shop.preview().issue_date == day("2026-01-31")


@pytest.mark.parametrize(
    ("customer", "option", "due"),
    [(None, None, "2026-03-02"), (14, None, "2026-02-14"), (14, 0, "2026-01-31")],
)
def test_the_nearest_payment_terms_make_the_due_date(
    shop: Shop, customer: int | None, option: int | None, due: str
) -> None:
    shop.time("E1")
    shop.change("customers", {"code": "ACME"}, payment_terms_days=customer)
    assert shop.preview(payment_terms_days=option).documents[0].due_date == day(due)


def test_the_service_period_runs_from_the_first_to_the_last_billed_entry(shop: Shop) -> None:
    shop.time("E1", on="2026-01-03")
    shop.time("E2", on="2026-01-20")
    shop.time("E3", on="2026-01-30")
    made = shop.preview(paper=shop.paper({"E3": "Defer"}))
    expected = ServicePeriod(day("2026-01-03"), day("2026-01-20"))
    assert made.documents[0].period == expected


def test_a_service_period_may_be_given(shop: Shop) -> None:
    shop.time("E1")
    made = shop.preview(period_from=day("2026-01-01"), period_to=day("2026-01-31"))
    expected = ServicePeriod(day("2026-01-01"), day("2026-01-31"))
    assert made.documents[0].period == expected


def test_a_service_period_that_runs_backwards_is_a_fault(shop: Shop) -> None:
    shop.time("E1")
    assert codes(shop.preview(period_from=day("2026-02-01"))) == ["DATE-02"]


@pytest.mark.parametrize(("given", "printed"), [(None, "PO-7"), ("PO-9", "PO-9"), ("", "")])
def test_the_po_number_is_the_frame_orders_unless_given(
    shop: Shop, given: str | None, printed: str
) -> None:
    shop.order("FO", "10", po_number="PO-7")
    shop.time("E1")
    assert shop.preview(frame_order="FO", po_number=given).documents[0].po_number == printed


def test_an_issue_date_behind_the_series_is_a_fault(shop: Shop) -> None:
    shop.time("E1")
    shop.issue(issue_date=day("2026-02-10"))
    shop.time("E2")
    made = shop.preview(issue_date=day("2026-02-09"))
    assert sentences(made) == [
        "The issue date 2026-02-09 lies before 2026-02-10, the date of the last number of the"
        " series."
    ]


def test_a_number_that_is_taken_already_is_a_fault(shop: Shop) -> None:
    shop.time("E1")
    shop.add("numbers", number="INV-2026-00001", taken_by="opening invoice")
    assert codes(shop.preview()) == ["DATE-03"]


def test_a_run_without_an_invoice_needs_no_number(shop: Shop) -> None:
    shop.time("E1")
    shop.add("numbers", number="INV-2026-00001", taken_by="opening invoice")
    assert codes(shop.preview(paper=shop.paper({"E1": "Defer"}))) == []


# Documents.


def places(shop: Shop) -> None:
    shop.add("locations", customer="ACME", code="NORTH", name="North plant", city="York")
    shop.task("N", location="NORTH")
    shop.task("S", bill_separately=True)
    shop.time("E1", hours="2")
    shop.time("E2", hours="3", task="N")
    shop.time("E3", hours="4", task="S")


def test_each_location_and_each_task_billed_separately_gets_a_document(shop: Shop) -> None:
    places(shop)
    made = shop.preview().documents
    assert [(one.location, one.hours) for one in made] == [
        (None, D(2)),
        (None, D(4)),
        ("NORTH", D(3)),
    ]


def test_a_locations_document_bears_its_address(shop: Shop) -> None:
    places(shop)
    buyer = shop.preview().documents[2].buyer
    assert (buyer.name, buyer.location, buyer.address.city) == ("Acme Ltd", "North plant", "York")


def test_several_documents_draw_in_their_order(shop: Shop) -> None:
    places(shop)
    shop.order("FO", "10")
    draws = [one.draw_down for one in shop.preview(frame_order="FO").documents]
    assert [(draw.before, draw.drawn, draw.after) for draw in draws if draw] == [
        (D(10), D(2), D(8)),
        (D(8), D(4), D(4)),
        (D(4), D(3), D(1)),
    ]


def test_an_overrun_is_judged_on_the_sum_of_the_documents(shop: Shop) -> None:
    places(shop)
    shop.order("FO", "8")
    assert sentences(shop.preview(frame_order="FO")) == [
        "Frame order FO has 8 h left; this run draws 9 h, 1 h too much."
    ]


def test_several_projects_stand_on_one_document(shop: Shop) -> None:
    shop.project("Q")
    shop.time("E1")
    shop.time("E2", project="Q")
    assert len(shop.preview().documents) == 1


# Frame orders.


def test_an_overrun_is_a_warning_where_the_order_says_so(shop: Shop) -> None:
    shop.order("FO", "0.5", overrun="warn")
    shop.time("E1")
    made = shop.preview(frame_order="FO")
    assert (codes(made), made.errors) == (["FO-05"], ())


def test_exactly_what_is_left_is_no_overrun(shop: Shop) -> None:
    shop.order("FO", "10", billed_before="9")
    shop.time("E1")
    assert codes(shop.preview(frame_order="FO")) == []


def test_a_money_pool_is_judged_by_the_net_amount(shop: Shop) -> None:
    shop.order("FO", "99.99", unit="EUR")
    shop.time("E1")
    assert sentences(shop.preview(frame_order="FO")) == [
        "Frame order FO has 99.99 EUR left; this run draws 100.00 EUR, 0.01 EUR too much."
    ]


def test_each_entry_outside_the_validity_is_named(shop: Shop) -> None:
    shop.order("FO", "10", valid_from=day("2026-01-05"), valid_to=day("2026-01-06"))
    shop.time("E1", on="2026-01-04")
    shop.time("E2", on="2026-01-05")
    shop.time("E3", on="2026-01-06")
    shop.time("E4", on="2026-01-07")
    found = [fault.entry for fault in shop.preview(frame_order="FO").faults]
    assert found == ["E1", "E4"]


def test_a_deferred_entry_outside_the_validity_is_no_fault(shop: Shop) -> None:
    shop.order("FO", "10", valid_from=day("2026-01-05"))
    shop.time("E1", on="2026-01-04")
    shop.time("E2")
    assert codes(shop.preview(frame_order="FO", paper=shop.paper({"E1": "Defer"}))) == []


def test_material_outside_the_validity_of_an_hour_pool_is_no_fault(shop: Shop) -> None:
    shop.order("FO", "10", valid_from=day("2026-01-05"))
    shop.material("M1", bill_rate=D(5), on="2026-01-01")
    assert codes(shop.preview(frame_order="FO")) == []


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"must_choose": True}, ["FO-01"]),
        ({"must_choose": True, "frame_order": ""}, []),
        ({"must_choose": True, "frame_order": "FO2"}, []),
        ({}, []),
        ({"frame_order": "NIX"}, ["FO-02"]),
        ({"frame_order": "FO-BETA"}, ["FO-02"]),
        ({"frame_order": "FO3"}, ["FO-06"]),
    ],
)
def test_the_choice_of_a_frame_order_is_checked(
    shop: Shop, options: dict[str, Any], found: list[str]
) -> None:
    shop.customer("BETA")
    shop.order("FO1", "10")
    shop.order("FO2", "10")
    shop.order("FO3", "10", state="closed")
    shop.order("FO-BETA", "10", customer="BETA")
    shop.time("E1")
    assert codes(shop.preview(**options)) == found


def test_a_closed_order_does_not_have_to_be_chosen_against(shop: Shop) -> None:
    shop.order("FO1", "10")
    shop.order("FO2", "10", state="closed")
    shop.time("E1")
    assert codes(shop.preview(must_choose=True)) == []


# Tax.


@pytest.mark.parametrize(
    ("category", "needed"),
    [
        ("S", ["TAX-01"]),
        ("Z", ["TAX-01"]),
        ("E", ["TAX-01", "TAX-03"]),
        ("AE", ["TAX-01", "TAX-02", "TAX-03"]),
        ("K", ["TAX-01", "TAX-02", "TAX-03"]),
        ("G", ["TAX-01", "TAX-03"]),
        ("O", ["TAX-03"]),
    ],
)
def test_a_category_asks_for_the_ids_and_the_note_that_it_needs(
    shop: Shop, category: str, needed: list[str]
) -> None:
    shop.change("company", {"id": 1}, tax_id="")
    shop.change("tax_codes", {"code": "S19"}, category=category)
    shop.time("E1")
    assert codes(shop.preview()) == needed


@pytest.mark.parametrize("category", ["S", "Z", "E", "AE", "K", "G", "O"])
def test_with_ids_and_note_every_category_can_be_billed(shop: Shop, category: str) -> None:
    shop.change("customers", {"code": "ACME"}, tax_id="GB1")
    shop.change("tax_codes", {"code": "S19"}, category=category, note="Because")
    shop.time("E1")
    assert codes(shop.preview()) == []


def test_tax_of_a_code_that_no_billed_entry_has_is_not_asked_about(shop: Shop) -> None:
    shop.add("tax_codes", code="RC", category="AE", note="")
    shop.add("tax_rates", tax_code="RC", position=0, percent=D(0))
    shop.project("Q", tax_code="RC")
    shop.time("E1")
    shop.time("E2", project="Q")
    assert codes(shop.preview(paper=shop.paper({"E2": "Defer"}))) == []


def test_an_entry_before_the_first_tax_rate_is_a_fault(shop: Shop) -> None:
    shop.change("tax_rates", {"tax_code": "S19"}, since=day("2026-01-06"))
    shop.time("E1", on="2026-01-05")
    assert [(fault.code, fault.entry) for fault in shop.preview().faults] == [("TAX-04", "E1")]


def test_a_deferred_december_hour_keeps_decembers_rate(shop: Shop) -> None:
    shop.add("tax_rates", tax_code="S19", position=1, percent=D(20), since=day("2026-01-01"))
    shop.time("E1", on="2025-12-31")
    shop.time("E2", on="2026-01-01")
    tax = shop.preview(group_by=GroupBy.PROJECT).documents[0].tax
    assert [(one.percent, one.base) for one in tax] == [(D(19), D(100)), (D(20), D(100))]


# Totals.


def test_a_negative_total_is_refused(shop: Shop) -> None:
    shop.time("E1", hours="-2")
    assert sentences(shop.preview()) == ["The invoice would come to -238.00 EUR, below zero."]


def test_a_correction_that_leaves_a_total_above_zero_is_taken(shop: Shop) -> None:
    shop.time("E1", hours="3")
    shop.time("E2", hours="-2")
    made = shop.preview()
    assert (codes(made), made.documents[0].subtotal) == ([], D(100))
