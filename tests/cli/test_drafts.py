"""Drafts, mass runs and restored entries from the terminal."""

from typing import Any

import pytest

from tests.builders import D, Shop
from tests.cli.terminal import Desk
from timix_xl.store.database import open_store

pytestmark = pytest.mark.stores("sqlite", "postgresql")
JANUARY = ("--billing-date", "2026-01-31")


def saved(desk: Desk, customer: str = "KLEIN") -> dict[str, Any]:
    (document,) = desk.json("issue", customer, *JANUARY, "--draft")["documents"]
    found: dict[str, Any] = document
    return found


def test_a_saved_draft_has_a_name_and_a_status(desk: Desk) -> None:
    draft = saved(desk)
    assert (draft["number"], draft["status"], draft["seal"]) == ("DRAFT-1", "draft", None)


def test_a_person_reads_that_a_draft_was_saved(desk: Desk) -> None:
    assert desk("issue", "KLEIN", *JANUARY, "--draft").out.startswith("Saved DRAFT-1: ")


def test_drafts_are_listed(desk: Desk) -> None:
    saved(desk)
    listed = desk.json("invoices", "--status", "draft")
    assert [one["number"] for one in listed] == ["DRAFT-1"]


def test_a_draft_is_shown_with_its_lines(desk: Desk) -> None:
    draft = saved(desk)
    assert desk.json("invoice", "show", "DRAFT-1") == draft
    assert len(draft["lines"]) == 24


def test_a_draft_is_issued(desk: Desk) -> None:
    draft = saved(desk)
    issued = desk.json("invoice", "issue", "DRAFT-1", "--issue-date", "2026-02-02")
    assert (issued["number"], issued["status"]) == ("INV-2026-00008", "issued")
    assert (issued["issue_date"], issued["total"]) == ("2026-02-02", draft["total"])


def test_the_same_request_issues_a_draft_once(desk: Desk) -> None:
    saved(desk)
    words = ("invoice", "issue", "DRAFT-1", "--request", "r1")
    assert desk.json(*words) == desk.json(*words)


def test_a_draft_that_was_issued_says_so(desk: Desk) -> None:
    saved(desk)
    assert desk("invoice", "issue", "DRAFT-1").code == 0
    assert desk.error("invoice", "show", "DRAFT-1") == (5, "DOC-10")
    assert desk.error("invoice", "issue", "DRAFT-1") == (5, "DOC-10")


def test_a_draft_is_deleted(desk: Desk) -> None:
    before = desk.json("unbilled", "KLEIN", *JANUARY)
    saved(desk)
    assert desk.json("invoice", "delete", "DRAFT-1") == {"deleted": "DRAFT-1"}
    after = desk.json("unbilled", "KLEIN", *JANUARY)
    assert [one["id"] for one in after["entries"]] == [one["id"] for one in before["entries"]]
    assert desk("verify").code == 0


def test_a_draft_has_no_pdf_yet(desk: Desk) -> None:
    saved(desk)
    assert desk.error("invoice", "pdf", "DRAFT-1", "-o", str(desk.folder)) == (3, "DOC-01")


@pytest.mark.parametrize("form", ["T113,T098", "T113 T098"])
def test_written_off_entries_are_restored(desk: Desk, form: str) -> None:
    words = ("--write-off", "T098,T113", "--reason", "ours")
    assert desk("decide", "KLEIN", *words).code == 0
    assert desk("issue", "KLEIN", *JANUARY).code == 0
    back = desk.json("restore", *form.split(), "--reason", "theirs")
    assert back == {"restored": ["T113", "T098"], "reason": "theirs"}
    left = desk.json("unbilled", "KLEIN", *JANUARY)["entries"]
    assert sorted(one["id"] for one in left) == ["T098", "T113"]


# Every customer.


def test_every_customer_is_issued_in_the_order_of_the_codes(desk: Desk) -> None:
    done = desk.json("issue", "--all", *JANUARY)["customers"]
    codes = [one["customer"] for one in done]
    numbers = [number for one in done for number in one["documents"]]
    assert codes == sorted(codes)
    assert numbers == sorted(numbers)
    assert {one["outcome"] for one in done} == {"done"}
    assert desk("verify").code == 0


def test_a_customer_with_nothing_to_bill_is_no_failure(desk: Desk) -> None:
    desk.json("issue", "--all", *JANUARY)
    again = desk.json("issue", "--all", *JANUARY)["customers"]
    assert {(one["outcome"], one["error"]) for one in again} == {("nothing", None)}


def test_a_customer_whose_work_was_all_left_out_is_told_of(desk: Desk) -> None:
    desk.json("issue", "--all", *JANUARY)
    again = {one["customer"]: one for one in desk.json("issue", "--all", *JANUARY)["customers"]}
    left_out = len(desk.json("unbilled", "STADT", *JANUARY)["left_out"])
    assert again["STADT"]["left_out"] == left_out > 0
    assert f"{left_out} entries left out" in " ".join(desk("issue", "--all", *JANUARY).out.split())


def test_a_customer_that_fails_does_not_stop_the_others(desk: Desk) -> None:
    assert desk("decide", "HANSE", "--bill", "all").code == 0
    first = desk.json("unbilled", "HANSE", *JANUARY)["entries"][0]
    entry, hours = first["id"], first["quantity"]
    assert desk("decide", "HANSE", "--bill-qty", f"{entry}={hours}").code == 0
    halve(desk, entry)
    said = desk("issue", "--all", *JANUARY, "--json")
    failed = [one for one in said.json["customers"] if one["outcome"] == "failed"]
    assert said.code == 3
    assert [(one["customer"], one["documents"]) for one in failed] == [("HANSE", [])]
    assert failed[0]["error"]["code"] == "RUN-02"
    assert failed[0]["error"]["faults"][0]["code"] == "ENTRY-15"
    assert any(one["outcome"] == "done" for one in said.json["customers"])


def halve(desk: Desk, entry: str) -> None:
    """Let an entry have fewer hours than were decided on."""

    shop = Shop(open_store(str(desk.store)))
    shop.change("entries", {"id": entry}, billable_quantity=D("0.01"))
    shop.store.close()


def test_a_person_reads_a_summary(desk: Desk) -> None:
    said = desk("issue", "--all", *JANUARY)
    assert said.out.splitlines()[0].split() == [
        *("Customer", "Outcome", "Documents", "Total", "Currency", "Why", "Code")
    ]
    assert "failed, " in said.out.splitlines()[-1]


def test_frame_orders_that_were_not_drawn_on_are_named(desk: Desk) -> None:
    said = desk("issue", "--all", *JANUARY)
    assert "! HANSE: nothing was drawn on 4500017731." in said.out


def test_scripts_are_told_of_frame_orders_that_were_not_drawn_on(desk: Desk) -> None:
    done = desk.json("issue", "--all", *JANUARY)["customers"]
    orders = {one["customer"]: one["not_drawn_on"] for one in done}
    assert (orders["HANSE"], orders["THAMES"]) == (["4500017731"], [])


def test_no_bar_is_drawn_off_a_terminal(desk: Desk) -> None:
    assert "━" not in desk("issue", "--all", *JANUARY).out


def test_drafts_are_saved_for_every_customer(desk: Desk) -> None:
    done = desk.json("issue", "--all", *JANUARY, "--draft")["customers"]
    names = [number for one in done for number in one["documents"]]
    assert names == [f"DRAFT-{at}" for at in range(1, len(names) + 1)]


def test_the_same_request_issues_for_all_once(desk: Desk) -> None:
    first = desk.json("issue", "--all", *JANUARY, "--request", "m1")
    before = desk.contents()
    assert desk.json("issue", "--all", *JANUARY, "--request", "m1") == first
    assert desk.contents() == before


def test_the_request_of_a_customer_has_its_code_behind(desk: Desk) -> None:
    desk.json("issue", "--all", *JANUARY, "--request", "m1")
    again = desk.json("issue", "KLEIN", *JANUARY, "--request", "m1:KLEIN")
    assert again["documents"][0]["customer"] == "KLEIN"
