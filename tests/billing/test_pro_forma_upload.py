"""Uploading unbilled entries to a pro forma: what a run would take, or what is named."""

from typing import Any

import pytest

from tests.billing.engine import rule
from tests.billing.pro_formas import (
    PF,
    a_shop,
    add_travel,
    claimed_by_pf,
    empty,
    lines,
    log_of,
    now,
    opened,
    type_in,
    with_hours,
)
from tests.builders import ANN, D, Shop, day, on
from timix_xl.billing.decide import Choice, decide
from timix_xl.billing.pro_forma import new
from timix_xl.billing.pro_forma_upload import Uploaded, upload
from timix_xl.domain.entries import Decision
from timix_xl.errors import (
    Fault,
    NothingToUpload,
    ProFormaMovedOn,
    ProFormaRefuses,
    RequestReused,
    RunRefused,
)

TODAY = on("2026-02-20")


@pytest.fixture
def shop(shop: Shop) -> Shop:
    """A store whose project P is billed by pro forma."""
    return a_shop(shop)


def take(shop: Shop, *ids: str, **more: Any) -> Uploaded:
    return upload(shop.store, PF, list(ids) or None, **({"actor": TODAY} | more))


def refused(shop: Shop, *ids: str) -> list[Fault]:
    seen = now(shop)
    with pytest.raises(RunRefused, match="Uploading to PF-00001 is refused") as raised:
        take(shop, *ids)
    assert now(shop) == seen
    return list(raised.value.faults)


def whys(shop: Shop, *ids: str) -> list[str]:
    return [one.message for one in refused(shop, *ids)]


def test_without_ids_it_takes_what_a_run_would_bill(shop: Shop) -> None:
    shop.time("E1", "E2")
    shop.time("E3", status="draft")
    shop.time("E4", on="2026-02-01")
    empty(shop)
    assert take(shop).entries == ("E1", "E2")
    assert [line.entries for line in lines(shop)] == [("E1",), ("E2",)]


def test_uploaded_entries_are_billed_at_their_rule_and_claimed(shop: Shop) -> None:
    with_hours(shop, "E1", hours="1.5")
    (line,) = lines(shop)
    assert (line.billed_quantity, line.billed_amount, line.amount) == (D("1.5"), D(150), D(150))
    assert claimed_by_pf(shop) == ["E1"]
    assert now(shop).document.total == D("178.50")


def test_uploaded_entries_come_onto_lines_of_their_own_behind_the_others(shop: Shop) -> None:
    with_hours(shop, "E1")
    add_travel(shop)
    shop.time("E0", on="2026-01-02")
    take(shop)
    assert [(line.line, line.entries) for line in lines(shop)] == [
        (1, ("E1",)),
        (2, ()),
        (3, ("E0",)),
    ]


def test_edits_of_the_other_lines_stay(shop: Shop) -> None:
    with_hours(shop, "E1")
    type_in(shop, amount=D(60))
    shop.time("E2")
    take(shop)
    assert [line.held for line in lines(shop)] == [D(40), D(0)]


def test_entries_that_are_named_may_be_dated_up_to_today(shop: Shop) -> None:
    shop.time("E1", on="2026-02-20")
    empty(shop)
    assert take(shop, "E1").entries == ("E1",)


def test_entries_that_are_named_may_be_dated_today_whatever_the_cut_off(shop: Shop) -> None:
    shop.change("projects", {"code": "P"}, cut_off="exclude")
    shop.time("E1", on="2026-02-20")
    empty(shop)
    assert take(shop, "E1").entries == ("E1",)


def test_an_entry_of_tomorrow_is_not_named(shop: Shop) -> None:
    shop.time("E1", on="2026-02-21")
    empty(shop)
    assert whys(shop, "E1") == ["Entry E1 cannot be uploaded: it is dated 2026-02-21, after today."]


def test_every_named_entry_that_cannot_be_taken_is_told(shop: Shop) -> None:
    shop.customer("BETA")
    shop.project("Q")
    shop.time("E1", "E2")
    shop.time("E3", status="draft")
    shop.time("E4", project="Q")
    shop.time("E5", billable=False)
    empty(shop)
    take(shop, "E1")
    assert whys(shop, "E1", "E2", "E3", "E4", "E5", "X") == [
        "Entry E1 cannot be uploaded: already on PF-00001.",
        "Entry E3 cannot be uploaded: not approved: draft.",
        "Entry E4 cannot be uploaded: the project has no such entry.",
        "Entry E5 cannot be uploaded: marked non-billable.",
        "Entry X cannot be uploaded: the project has no such entry.",
    ]


def test_what_is_deferred_or_written_off_or_billed_in_part_is_not_uploaded(shop: Shop) -> None:
    shop.time("E1", "E2", "E3", "E4", hours="2")
    shop.change("projects", {"code": "P"}, pro_forma=False)
    choices = {
        "E1": Choice(Decision.DEFER, "later"),
        "E2": Choice(Decision.WRITE_OFF, "goodwill"),
        "E3": Choice(Decision.BILL, bill_quantity=D(1)),
        "E4": Choice(Decision.BILL),
    }
    decide(shop.store, "ACME", choices, actor=ANN)
    a_shop(shop)
    empty(shop)
    assert whys(shop, "E1", "E2", "E3", "E4") == [
        "Entry E1 cannot be uploaded: it is set to defer.",
        "Entry E2 cannot be uploaded: it is set to write off.",
        "Entry E3 cannot be uploaded: a part of it is to be billed.",
    ]
    assert take(shop).entries == ("E4",)


def test_nothing_to_upload_is_told(shop: Shop) -> None:
    shop.time("E1", on="2026-02-10")
    empty(shop)
    with pytest.raises(NothingToUpload):
        take(shop)


def test_an_entry_before_the_first_tax_rate_is_refused(shop: Shop) -> None:
    shop.change("tax_rates", {"tax_code": "S19"}, since=day("2026-01-10"))
    shop.time("E1")
    empty(shop)
    assert [one.code for one in refused(shop)] == ["TAX-04"]


# Locations.


@pytest.fixture
def north(shop: Shop) -> Shop:
    """A store with a task of another location."""
    shop.add("locations", customer="ACME", code="NORTH", name="North plant", city="York")
    shop.task("N", location="NORTH")
    shop.time("E1")
    shop.time("N1", task="N")
    return shop


def test_only_entries_of_the_same_location_are_uploaded(north: Shop) -> None:
    empty(north)
    take(north, "E1")
    assert whys(north, "N1") == [
        "Entry N1 cannot be uploaded: its task is at location NORTH, the pro forma is for"
        " the customer's own address."
    ]
    with pytest.raises(NothingToUpload):
        take(north)


def test_an_empty_one_takes_the_location_of_its_first_entries(north: Shop) -> None:
    empty(north)
    take(north, "N1")
    document = now(north).document
    assert (document.location, document.buyer.location) == ("NORTH", "North plant")
    assert north.value("SELECT location FROM documents") == "NORTH"
    assert north.problems() == ()


def test_an_empty_one_stays_at_the_address_where_the_entries_are_of_several(north: Shop) -> None:
    empty(north)
    assert take(north).entries == ("E1",)
    assert now(north).document.location is None


# Steps and colleagues.


def test_only_one_on_hold_takes_entries(shop: Shop) -> None:
    with_hours(shop, "E1")
    opened(shop)
    shop.time("E2")
    with pytest.raises(ProFormaRefuses):
        take(shop)


def test_an_upload_on_an_old_version_is_refused(shop: Shop) -> None:
    seen = with_hours(shop, "E1").version
    shop.time("E2")
    add_travel(shop)
    with pytest.raises(ProFormaMovedOn):
        take(shop, version=seen)


def test_the_same_request_uploads_once(shop: Shop) -> None:
    shop.time("E1")
    empty(shop)
    assert take(shop, request="r") == take(shop, request="r")
    with pytest.raises(RequestReused):
        take(shop, "E1", request="r")


def test_an_upload_stands_in_the_audit_log(shop: Shop) -> None:
    with_hours(shop, "E1")
    assert log_of(shop)[-1] == ("ann", "upload entries")


def test_an_entry_stands_on_one_pro_forma_only(shop: Shop) -> None:
    with_hours(shop, "E1")
    new(shop.store, "P", day("2026-01-31"), actor=ANN)
    with pytest.raises(RunRefused) as raised:
        upload(shop.store, "PF-00002", ["E1"], actor=ANN)
    assert "already on PF-00001" in raised.value.faults[0].message


def test_entries_of_a_deleted_line_can_be_uploaded_again(shop: Shop) -> None:
    with_hours(shop, "E1")
    type_in(shop, delete=True)
    assert take(shop).entries == ("E1",)


# What belongs on one document.


@pytest.fixture
def apart(shop: Shop) -> Shop:
    """A store with a task that is billed separately, and a step with an invoice group."""
    rule(shop, "R", {}, {"step": 2, "account_group": "MATERIAL", "invoice_group": "GOODS"})
    shop.change("projects", {"code": "P"}, billing_rule="R")
    shop.task("S", bill_separately=True)
    shop.time("E1")
    shop.time("S1", task="S")
    shop.add("items", code="CAM", name="Camera", unit="pcs")
    shop.material("M1", item="CAM")
    return shop


def test_only_entries_of_the_same_document_are_uploaded(apart: Shop) -> None:
    empty(apart)
    take(apart, "E1")
    assert whys(apart, "S1", "M1") == [
        "Entry S1 cannot be uploaded: task S is billed separately.",
        "Entry M1 cannot be uploaded: it is of invoice group GOODS, the pro forma is for no"
        " invoice group.",
    ]
    with pytest.raises(NothingToUpload):
        take(apart)


def test_one_of_a_separate_task_takes_that_task_alone(apart: Shop) -> None:
    empty(apart)
    take(apart, "S1")
    assert whys(apart, "E1") == ["Entry E1 cannot be uploaded: the pro forma is for task S alone."]


def test_one_of_an_invoice_group_takes_that_group_alone(apart: Shop) -> None:
    empty(apart)
    take(apart, "M1")
    assert whys(apart, "E1") == [
        "Entry E1 cannot be uploaded: it is of no invoice group, the pro forma is for invoice"
        " group GOODS."
    ]
    apart.material("M2", item="CAM")
    assert take(apart).entries == ("M2",)


def test_an_empty_one_takes_named_entries_of_one_document_only(apart: Shop) -> None:
    empty(apart)
    assert whys(apart, "E1", "S1") == [
        "Entry E1 cannot be uploaded: it is of the customer's own address, and others named here"
        " belong on another document.",
        "Entry S1 cannot be uploaded: it is of the customer's own address, task S (billed"
        " separately), and others named here belong on another document.",
    ]


def test_one_with_lines_by_hand_only_takes_what_is_uploaded_first(apart: Shop) -> None:
    empty(apart)
    add_travel(apart)
    assert take(apart, "S1").entries == ("S1",)


def test_nothing_named_is_another_request_than_no_entry(shop: Shop) -> None:
    shop.time("E1")
    empty(shop)
    take(shop, request="r")
    with pytest.raises(RequestReused):
        upload(shop.store, PF, [], actor=TODAY, request="r")


def test_a_retried_upload_answers_with_the_version_of_the_first(shop: Shop) -> None:
    shop.time("E1")
    empty(shop)
    first = take(shop, request="r").pro_forma
    add_travel(shop)
    again = take(shop, request="r").pro_forma
    assert again.version == first.version
    with pytest.raises(ProFormaMovedOn):
        type_in(shop, amount=D(1), version=again.version)
