"""Credit notes and money back, from a terminal."""

from tests.cli.terminal import Desk

NUMBER, NOTE = "INV-2026-00010", "CN-2026-00001"
TODAY = "2026-02-20"
WHY = ("--reason", "agreed by phone")


def invoice(after: Desk, *words: str) -> str:
    """Take a step of the invoice; returns what it says."""
    said = after("invoice", *words, today=TODAY)
    assert said.code == 0, said
    return " ".join(said.out.split())


def shown(after: Desk, number: str = NUMBER) -> dict[str, object]:
    return after.json("invoice", "show", number, today=TODAY)


def test_a_credit_says_what_it_takes_and_what_becomes_of_it(after: Desk) -> None:
    said = invoice(after, "credit", NUMBER, "--entries", "T061", "--then", "bill", *WHY)
    assert f"Issued {NOTE} for {NUMBER}: -" in said
    assert "Billable again: T061" in said
    assert "given back" in said
    assert after.json("verify")["ok"]


def test_each_entry_may_have_a_fate_of_its_own(after: Desk) -> None:
    then = "T061=bill,T066=write-off"
    said = invoice(after, "credit", NUMBER, "--entries", "T061,T066", "--then", then, *WHY)
    assert "Billable again: T061" in said
    assert "Written off: T066" in said


def test_the_json_of_a_note_points_at_its_invoice_with_negative_amounts(after: Desk) -> None:
    words = ("invoice", "credit", NUMBER, "--then", "write-off", *WHY)
    note = after.json(*words, today=TODAY)
    assert (note["kind"], note["corrects"], note["outstanding"]) == ("credit_note", NUMBER, "0.00")
    assert (note["total"], note["hours"], note["description"]) == (
        "-1249.50",
        "-10",
        "agreed by phone",
    )
    assert note["draw_down"]["drawn"] == "-10"


def test_the_json_of_the_invoice_names_its_notes(after: Desk) -> None:
    invoice(after, "credit", NUMBER, "--then", "write-off", *WHY)
    found = shown(after)
    assert (found["corrected_by"], found["credited"]) == ([NOTE], "1249.50")
    assert (found["paid_state"], found["outstanding"]) == ("credited", "0.00")


def test_goodwill_takes_money_of_a_line(after: Desk) -> None:
    said = invoice(after, "credit", NUMBER, "--line", "1", "--amount", "10", *WHY)
    assert "-11.90 EUR (net -10.00 EUR)" in said
    assert "Billable again" not in said


def test_no_rule_made_anything_of_goodwill(after: Desk) -> None:
    invoice(after, "credit", NUMBER, "--line", "1", "--amount", "10", *WHY)
    (line,) = after.json("invoice", "show", NOTE)["lines"]
    assert (line["amount"], line["billed_quantity"], line["billed_amount"]) == (
        "-10.00",
        None,
        None,
    )


def test_what_is_owed_then_says_how_to_pay_it_back(after: Desk) -> None:
    invoice(after, "pay", NUMBER, "--amount", "1249.50")
    said = invoice(after, "credit", NUMBER, "--then", "bill", *WHY)
    assert "1,249.50 EUR is owed to HANSE" in said
    assert f"timix-xl invoice refund {NUMBER} --amount 1249.50" in said
    invoice(after, "refund", NUMBER, "--amount", "1249.50", "--reference", "bank 4")
    assert (shown(after)["refunded"], shown(after)["outstanding"]) == ("1249.50", "0.00")


def test_what_is_owed_is_offset_against_another_invoice(after: Desk) -> None:
    other = next(
        one["number"]
        for one in after.json("invoices", "--customer", "HANSE", today=TODAY)
        if one["number"] != NUMBER and float(one["outstanding"]) > 100
    )
    invoice(after, "pay", NUMBER, "--amount", "1349.50")
    before = float(str(shown(after, other)["outstanding"]))
    invoice(after, "offset", NUMBER, "--against", other)
    assert shown(after)["outstanding"] == "0.00"
    assert float(str(shown(after, other)["outstanding"])) == before - 100


def test_a_small_difference_is_written_off_and_reinstated(after: Desk) -> None:
    invoice(after, "pay", NUMBER, "--amount", "1249")
    invoice(after, "write-off", NUMBER, "--reason", "bank fee")
    assert (shown(after)["written_off"], shown(after)["paid_state"]) == ("0.50", "paid")
    invoice(after, "reinstate", NUMBER, "--amount", "0.50", "--reason", "they pay")
    assert shown(after)["outstanding"] == "0.50"


def test_a_correction_credits_and_drafts(after: Desk) -> None:
    made = after.json("invoice", "correct", NUMBER, "--terms", "14", *WHY, today=TODAY)
    (draft,) = made["drafts"]
    assert made["credit_note"]["corrects"] == NUMBER
    assert (shown(after, draft)["status"], shown(after, draft)["total"]) == ("draft", "1249.50")
    assert after.json("verify")["ok"]


def test_a_correction_says_what_to_do_next(after: Desk) -> None:
    said = invoice(after, "correct", NUMBER, *WHY)
    assert "replaces it: 1,249.50 EUR. Issue it: timix-xl invoice issue DRAFT-" in said


def test_the_void_of_a_sent_invoice_names_its_credit_note(after: Desk) -> None:
    invoice(after, "send", NUMBER)
    said = invoice(after, "void", NUMBER, "--reason", "wrong address")
    assert f"Credited by {NOTE}" in said
    assert shown(after)["status"] == "void"
    assert after.json("verify")["ok"]
