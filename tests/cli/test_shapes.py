"""The JSON shapes, key by key: what scripts hold on to."""

from pathlib import Path
from typing import Any

import pytest

from tests.cli.terminal import Desk


def keys(text: str) -> set[str]:
    return set(text.split())


DOCUMENT = keys(
    """kind id number status paid_state customer location currency billing_date issue_date due_date
    period po_number frame_order corrects corrected_by revision description lines not_printed
    over_limit hours subtotal tax total paid refunded credited written_off outstanding draw_down
    void seal"""
)
LINE = keys(
    """line project task item person description quantity unit unit_price amount tax_code
    tax_percent entries step date billed_quantity billed_amount held written_off limit_available
    over_limit status"""
)
SIDES = keys("loaded billed deferred written_off held added raised")
RUN = SIDES | keys("documents rounding reconciles faults")
FAULT = keys("code where message hint level")
REVIEW = keys("customer currency entries left_out hours amount")
ROW = keys(
    """id token kind date project task person item description quantity unit rate amount decision
    bill_quantity rest part_of reason times_deferred"""
)
ORDER = keys("number customer title unit total billed remaining percent valid_from valid_to state")
IMPORT = keys("taken known changed drafts warnings refused")
REFUSED = keys("file row column code message hint")
ERROR = keys("code message hint where faults")
JANUARY = ("--billing-date", "2026-01-31")


def check_document(shape: dict[str, Any]) -> None:
    assert set(shape) == DOCUMENT
    lines = [*shape["lines"], *shape["not_printed"]]
    assert [set(line) for line in lines] == [LINE] * len(lines)
    assert [set(tax) for tax in shape["tax"]] == [keys("code percent base amount")] * len(
        shape["tax"]
    )
    if shape["draw_down"] is not None:
        assert set(shape["draw_down"]) == keys("frame_order unit before drawn after")
    if shape["period"] is not None:
        assert set(shape["period"]) == keys("from to")
    if shape["void"] is not None:
        assert set(shape["void"]) == keys("date reason")


def check_run(shape: dict[str, Any]) -> None:
    assert set(shape) == RUN
    assert [set(shape[side]) for side in sorted(SIDES)] == [keys("entries ids hours amount")] * 7
    assert [set(fault) for fault in shape["faults"]] == [FAULT] * len(shape["faults"])
    assert shape["reconciles"] is True
    for document in shape["documents"]:
        check_document(document)


def test_documents_of_every_kind_have_every_key(after: Desk) -> None:
    shown = after.json("invoices")
    assert len(shown) == 9  # two of them of the system before
    for one in shown:
        check_document(one)


def test_a_document_writes_money_hours_and_dates_as_agreed(after: Desk) -> None:
    shown = after.json("invoice", "show", "INV-2026-00010")
    assert {name: shown[name] for name in DOCUMENT - {"lines", "seal", "id"}} == {
        "kind": "invoice",
        "number": "INV-2026-00010",
        "status": "issued",
        "paid_state": "open",
        "customer": "HANSE",
        "location": "WIS",
        "currency": "EUR",
        "billing_date": "2026-01-31",
        "issue_date": "2026-01-31",
        "due_date": "2026-03-02",
        "period": {"from": "2026-01-19", "to": "2026-01-20"},
        "po_number": "4500017731",
        "frame_order": "4500017731",
        "corrects": None,
        "corrected_by": [],
        "revision": None,
        "description": None,
        "not_printed": [],
        "over_limit": None,
        "hours": "10",
        "subtotal": "1050.00",
        "tax": [{"code": "S19", "percent": "19", "base": "1050.00", "amount": "199.50"}],
        "total": "1249.50",
        "paid": "0.00",
        "refunded": "0.00",
        "credited": "0.00",
        "written_off": "0.00",
        "outstanding": "1249.50",
        "draw_down": {
            "frame_order": "4500017731",
            "unit": "h",
            "before": "10",
            "drawn": "10",
            "after": "0",
        },
        "void": None,
    }
    assert len(shown["seal"]) == 64


def test_a_preview_and_an_issue_have_one_shape(desk: Desk) -> None:
    preview = desk.json("preview", "KLEIN", *JANUARY, "--group-by", "task")
    issued = desk.json("issue", "KLEIN", *JANUARY, "--group-by", "task")
    check_run(preview)
    check_run(issued)
    same = RUN - {"documents"}
    assert {name: preview[name] for name in same} == {name: issued[name] for name in same}


def test_the_sides_of_a_run_add_up_and_name_their_entries(desk: Desk) -> None:
    assert desk("decide", "KLEIN", "--defer", "T098,T105").code == 0
    shown = desk.json("preview", "KLEIN", *JANUARY)
    assert shown["deferred"] == {
        "entries": 2,
        "ids": ["T098", "T105"],
        "hours": "3.6666",
        "amount": "350.35",
    }
    assert (shown["loaded"]["entries"], shown["billed"]["entries"]) == (24, 22)


def test_unbilled_is_one_review_or_a_list_of_them(desk: Desk) -> None:
    one = desk.json("unbilled", "HANSE", *JANUARY)
    every = desk.json("unbilled", *JANUARY)
    assert [review["customer"] for review in every] == [
        "ALPEN",
        "HANSE",
        "KLEIN",
        "STADT",
        "THAMES",
    ]
    assert one == every[1]
    for review in every:
        assert set(review) == REVIEW
        assert [set(row) for row in review["entries"]] == [ROW] * len(review["entries"])
        left = review["left_out"]
        assert [set(each) for each in left] == [keys("id code reason hours amount")] * len(left)


def test_decisions_stand_in_the_review_as_words_with_underscores(desk: Desk) -> None:
    assert desk("decide", "KLEIN", "--write-off", "T113", "--reason", "our fault").code == 0
    rows = {row["id"]: row for row in desk.json("unbilled", "KLEIN", *JANUARY)["entries"]}
    assert (rows["T113"]["decision"], rows["T113"]["reason"]) == ("write_off", "our fault")
    assert (rows["T098"]["decision"], rows["T098"]["reason"]) == (None, None)


def test_review_adds_the_file_and_decide_the_count(desk: Desk) -> None:
    path = desk.folder / "K.xlsx"
    assert set(desk.json("review", "KLEIN", *JANUARY, "-o", str(path))) == REVIEW | {"file"}
    assert set(desk.json("decide", "KLEIN", "--bill", "all")) == REVIEW | {"changed"}


def test_frame_orders_are_a_list(after: Desk) -> None:
    shown = after.json("frame-orders")
    assert [set(one) for one in shown] == [ORDER] * 3
    assert shown[0] == {
        "number": "AW-2025-088",
        "customer": "ALPEN",
        "title": "Vibration study Obertal",
        "unit": "EUR",
        "total": "38000.00",
        "billed": "39161.80",
        "remaining": "-1161.80",
        "percent": "103.06",
        "valid_from": "2025-09-01",
        "valid_to": "2026-03-31",
        "state": "used_up",
    }


def test_frame_orders_as_of_a_day_show_what_was_drawn_by_then(after: Desk) -> None:
    shown = after.json("frame-orders", "HANSE", "--as-of", "2026-01-30")
    assert [(one["billed"], one["state"]) for one in shown] == [("91.5", "open")]


def test_verify_counts_what_it_checked(after: Desk) -> None:
    shown = after.json("verify")
    assert set(shown) == keys("ok checked problems seals")
    assert shown["ok"] is True
    assert shown["checked"]["documents"] == 7
    assert all(isinstance(count, int) for count in shown["checked"].values())


def test_an_import_reports_rows(desk: Desk) -> None:
    file = desk.folder / "entries.csv"
    file.write_text("id,date,project,quantity\nX1,2026-01-31,NOPE,1\n", encoding="utf-8")
    said = desk("import", str(file), "--json")
    assert said.code == 2
    assert set(said.json) == IMPORT | {"error"}
    assert set(said.error) == ERROR
    assert [set(one) for one in said.json["refused"]] == [REFUSED]
    assert [set(one) for one in said.error["faults"]] == [FAULT]


def test_an_error_stands_alone_on_standard_output(desk: Desk) -> None:
    said = desk("unbilled", "NOPE", "--json")
    assert said.json == {
        "error": {
            "code": "FIND-01",
            "message": "There is no customer NOPE.",
            "hint": "Choose one from the list on the sheet Billing, or see the codes:"
            " timix-xl customers.",
            "where": None,
            "faults": [],
        }
    }
    assert said.err == ""


def test_without_json_an_error_goes_to_standard_error(desk: Desk) -> None:
    said = desk("issue", "HANSE", *JANUARY, "--frame-order", "4500017731")
    assert said.out == ""
    first, second = said.err.splitlines()
    assert first.endswith("[RUN-02]")
    assert second.startswith("  ! ")
    assert second.endswith("[FO-04]")


@pytest.mark.parametrize(
    "words",
    [("init",), ("customers",), ("log",), ("invoice", "pdf", "INV-2026-00010", "-o", "FOLDER")],
)
def test_every_command_that_reports_answers_in_json(
    after: Desk, tmp_path: Path, words: tuple[str, ...]
) -> None:
    given = [str(tmp_path) if word == "FOLDER" else word for word in words]
    assert after.json(*given)
