"""Pro formas from the terminal, from an empty one to the invoice."""

from pathlib import Path
from typing import Any

import pytest

from tests.builders import Shop
from tests.cli.terminal import Desk

PF = "PF-00001"
TRAVEL = ("--task", "T", "--description", "Travel", "--quantity", "2", "--amount", "50")


@pytest.fixture
def desk(shop: Shop) -> Desk:
    """A store whose project P is billed by pro forma and has two hours in January."""
    shop.change("projects", {"code": "P"}, pro_forma=True)
    shop.time("E1", "E2")
    return Desk(Path(shop.path))


def made(desk: Desk) -> dict[str, Any]:
    """Make a pro forma of both hours."""
    desk.json("pro-forma", "new", "P", "--date", "2026-01-31")
    found: dict[str, Any] = desk.json("pro-forma", "upload", PF)
    return found


def edit(desk: Desk, *words: str) -> dict[str, Any]:
    found: dict[str, Any] = desk.json("pro-forma", "edit", PF, *words)
    return found


def test_a_new_one_is_an_empty_document(desk: Desk) -> None:
    new = desk.json("pro-forma", "new", "P", "--date", "2026-01-31")
    head = ("kind", "number", "status", "revision", "project", "billing_date", "total")
    assert [new[name] for name in head] == [
        *("pro_forma", PF, "on_hold", 1, "P", "2026-01-31", "0.00"),
    ]
    assert new["lines"] == []


def test_a_line_has_what_was_billed_and_what_is_to_be_invoiced(desk: Desk) -> None:
    made(desk)
    line = edit(desk, "--line", "1", "--amount", "60")["lines"][0]
    assert (line["billed_quantity"], line["billed_amount"]) == ("1", "100.00")
    assert (line["quantity"], line["unit_price"], line["amount"]) == ("1", "60", "60.00")
    assert (line["status"], line["held"], line["written_off"]) == (
        "hold_remainder",
        "40.00",
        "0.00",
    )
    assert (line["entries"], line["limit_available"], line["over_limit"]) == (["E1"], None, None)


def test_a_line_says_what_its_limit_leaves(desk: Desk, shop: Shop) -> None:
    shop.add("limits", id=1, project="P", amount=15_000)
    document = made(desk)
    assert [line["limit_available"] for line in document["lines"]] == ["150.00", "50.00"]
    assert [line["over_limit"] for line in document["lines"]] == ["0.00", "50.00"]
    assert document["over_limit"] == "50.00"
    assert "Over limit" in desk("pro-forma", "show", PF).out
    assert desk.error("pro-forma", "open", PF) == (3, "RUN-02")


@pytest.mark.parametrize(
    ("words", "figures"),
    [
        (("--quantity", "0.5"), ("0.5", "50.00", "hold_remainder")),
        (("--unit-price", "120"), ("1", "120.00", "bill")),
        (
            ("--amount", "60", "--status", "write-off-remainder"),
            ("1", "60.00", "write_off_remainder"),
        ),
        (("--status", "write-off"), ("0", "0.00", "write_off")),
        (("--quantity", "0", "--status", "hold-remainder"), ("0", "0.00", "hold_remainder")),
    ],
)
def test_a_line_is_edited(desk: Desk, words: tuple[str, ...], figures: tuple[str, ...]) -> None:
    made(desk)
    line = edit(desk, "--line", "2", *words)["lines"][1]
    assert (line["quantity"], line["amount"], line["status"]) == figures


def test_a_line_is_deleted(desk: Desk) -> None:
    made(desk)
    assert [line["entries"] for line in edit(desk, "--line", "1", "--delete")["lines"]] == [["E2"]]


def test_a_line_is_added(desk: Desk) -> None:
    made(desk)
    line = edit(desk, "--add", *TRAVEL)["lines"][2]
    assert (line["description"], line["quantity"], line["unit_price"]) == ("Travel", "2", "25")
    unbilled = ("billed_quantity", "billed_amount", "held", "written_off")
    assert [line[name] for name in unbilled] == [None] * 4


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--line", "1"),
        ("--line", "1", "--add"),
        ("--add", "--task", "T"),
        ("--line", "1", "--task", "T", "--amount", "5"),
        ("--add", *TRAVEL, "--status", "bill"),
        ("--line", "1", "--status", "maybe"),
    ],
)
def test_an_edit_that_is_not_clear_says_so(desk: Desk, words: tuple[str, ...]) -> None:
    made(desk)
    assert desk.error("pro-forma", "edit", PF, *words) == (2, "ARG-02")


def test_an_edit_that_does_not_fit_lists_its_faults(desk: Desk) -> None:
    made(desk)
    said = desk("pro-forma", "edit", PF, "--line", "1", "--amount", "-5", "--json")
    assert (said.code, said.error["code"]) == (3, "RUN-02")
    assert [(one["where"], one["code"]) for one in said.error["faults"]] == [("line 1", "PRO-14")]


def test_a_version_that_has_moved_on_is_a_conflict(desk: Desk) -> None:
    seen = str(made(desk)["version"])
    words = ("pro-forma", "edit", PF, "--line", "1", "--amount", "60", "--version", seen)
    assert desk(*words).code == 0
    assert desk.error(*words) == (5, "PRO-04")


def test_entries_are_uploaded_by_id(desk: Desk) -> None:
    desk.json("pro-forma", "new", "P", "--date", "2026-01-31")
    said = desk("pro-forma", "upload", PF, "--entries", "E2")
    assert said.out.startswith(f"Uploaded 1 entry to {PF}.\n")
    assert desk.error("pro-forma", "upload", PF, "--entries", "E2,E9") == (3, "RUN-02")


def test_they_are_listed(desk: Desk) -> None:
    assert desk("pro-forma", "list").out == "No pro formas.\n"
    one = made(desk)
    assert desk.json("pro-forma", "list") == [one]
    assert desk.json("pro-forma", "list", "--state", "on-hold", "--project", "P") == [one]
    assert desk.json("pro-forma", "list", "--state", "closed") == []
    assert PF in desk("pro-forma", "list").out


def test_one_is_opened_and_put_on_hold(desk: Desk) -> None:
    made(desk)
    assert desk.json("pro-forma", "open", PF)["status"] == "open"
    assert desk.error("pro-forma", "edit", PF, "--line", "1", "--amount", "5") == (3, "PRO-03")
    assert desk("pro-forma", "hold", PF).out.startswith(f"Put {PF} on hold.\n")


def test_one_is_deleted(desk: Desk) -> None:
    made(desk)
    assert desk.json("pro-forma", "delete", PF) == {"deleted": PF}
    assert desk.error("pro-forma", "show", PF) == (4, "PRO-01")


def test_a_person_reads_what_was_billed_beside_what_is_to_be_invoiced(desk: Desk) -> None:
    made(desk)
    edit(desk, "--line", "1", "--amount", "60")
    said = desk("pro-forma", "show", PF).out
    for words in ("on hold: Acme Ltd (ACME)", "Billed qty", "hold remainder", "40.00", "190.40"):
        assert words in said


def test_a_release_makes_a_draft_invoice(desk: Desk) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    draft = desk.json("pro-forma", "release", PF)
    assert (draft["kind"], draft["number"], draft["status"]) == ("invoice", "DRAFT-2", "draft")
    assert (draft["pro_forma"], draft["credit_note"]) == (PF, None)
    shown = desk.json("pro-forma", "show", PF)
    assert (shown["status"], shown["released_to"]) == ("closed", "DRAFT-2")


def test_a_correction_makes_an_invoice_and_a_credit_note(desk: Desk) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    first = desk.json("pro-forma", "release", PF, "--issue", "--issue-date", "2026-02-01")
    assert (first["number"], first["issue_date"]) == ("INV-2026-00001", "2026-02-01")
    revision = desk.json("pro-forma", "correct", PF, "--reason", "wrong hours")
    assert (revision["revision"], revision["status"]) == (2, "on_hold")
    edit(desk, "--line", "1", "--amount", "60", "--status", "write-off-remainder")
    desk.json("pro-forma", "open", PF)
    said = desk.json("pro-forma", "release", PF, "--issue")
    assert [(one["kind"], one["total"]) for one in said["documents"]] == [
        ("invoice", "190.40"),
        ("credit_note", "-238.00"),
    ]
    assert desk.json("pro-forma", "show", PF, "--revision", "1")["revision"] == 1
    assert desk.json("verify")["ok"]


def test_a_person_reads_what_a_release_made(desk: Desk) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    said = desk("pro-forma", "release", PF, "--issue").out
    assert said.startswith(f"Released {PF} into INV-2026-00001.\n")
    assert "238.00" in said


def test_a_revision_is_issued_without_being_asked_for(desk: Desk) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    desk.json("pro-forma", "release", PF, "--issue", "--issue-date", "2026-02-01")
    desk.json("pro-forma", "correct", PF, "--reason", "wrong hours")
    desk.json("pro-forma", "open", PF)
    said = desk("pro-forma", "release", PF).out
    assert said.startswith(
        f"Released {PF} into INV-2026-00002, issued with the credit note CN-2026-00001.\n"
    )


def test_goodwill_is_told_when_its_invoice_is_corrected(desk: Desk) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    invoice = desk.json("pro-forma", "release", PF, "--issue")["number"]
    goodwill = ("--line", "1", "--amount", "10", "--reason", "sorry")
    desk.json("invoice", "credit", invoice, *goodwill)
    said = desk("pro-forma", "correct", PF, "--reason", "wrong hours").out
    assert "10.00 EUR net of INV-2026-00001 was credited without entries" in said


def test_a_release_takes_no_frame_order_for_an_answer(desk: Desk) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    done = desk.json("pro-forma", "release", PF, "--frame-order", "No frame order")
    assert done["number"] == "DRAFT-2"


@pytest.mark.parametrize("step", [("release",), ("correct", "--reason", "wrong hours")])
def test_a_version_that_has_moved_on_is_refused(desk: Desk, step: tuple[str, ...]) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    assert desk.error("pro-forma", step[0], PF, *step[1:], "--version", "1") == (5, "PRO-04")


@pytest.mark.parametrize(
    ("then", "name", "says"),
    [
        ("issue", "INV-2026-00001", f"Released {PF} into INV-2026-00001.\n"),
        ("delete", None, f"Released {PF} into a draft that was deleted since.\n"),
    ],
)
def test_a_release_told_again_says_what_is_there_now(
    desk: Desk, then: str, name: str | None, says: str
) -> None:
    made(desk)
    desk.json("pro-forma", "open", PF)
    again = ("pro-forma", "release", PF, "--request", "q")
    assert desk.json(*again)["number"] == "DRAFT-2"
    desk.json("invoice", then, "DRAFT-2")
    told = desk.json(*again)
    assert (told.get("number"), told["pro_forma"]) == (name, PF)
    assert len(told["documents"]) == (1 if name else 0)
    assert desk(*again).out.startswith(says)


def test_its_number_among_invoices_says_where_to_look(desk: Desk) -> None:
    made(desk)
    assert desk.json("invoices") == []
    for step in ("show", "send"):
        assert desk.error("invoice", step, PF) == (3, "PRO-02")
