"""What the command line tells of invoices that were negotiated, and of the months they are in."""

from pathlib import Path

import pytest

from tests.billing.negotiators import by_pro_forma, invoiced, released, run, typed
from tests.builders import D, Shop, on
from tests.cli.terminal import Desk
from timix_xl.billing.credit import credit
from timix_xl.billing.pro_forma_edit import add_line
from timix_xl.domain.invoices import Becomes, LineStatus
from timix_xl.domain.manual_lines import NewLine

FIRST = "INV-2026-00001"


@pytest.fixture
def negotiated(shop: Shop) -> Shop:
    """An invoice of five of eight hours, with a line written off whole and one by hand."""
    shop.time("E1", "E2", hours="8")
    number = run(by_pro_forma(shop))
    fee = NewLine(task="T", description="Flat fee", quantity=D(0), amount=D(50))
    add_line(shop.store, number, fee, actor=on("2026-02-01"))
    typed(shop, number, line=1, quantity=D(5))
    typed(shop, number, line=2, status=LineStatus.WRITE_OFF)
    released(shop, number)
    return shop


@pytest.fixture
def desk(negotiated: Shop) -> Desk:
    """A terminal on it."""
    return Desk(Path(negotiated.path))


def test_json_has_the_printed_lines_and_apart_from_them_the_others(desk: Desk) -> None:
    shape = desk.json("invoice", "show", FIRST)

    assert [line["description"] for line in shape["lines"]] == ["Work E1", "Flat fee"]
    assert [line["entries"] for line in shape["not_printed"]] == [["E2"]]


def test_json_says_what_a_line_was_billed_at_and_what_became_of_the_rest(desk: Desk) -> None:
    line = desk.json("invoice", "show", FIRST)["lines"][0]

    names = ("quantity", "amount", "billed_quantity", "billed_amount", "held", "status")
    told = ["5", "500.00", "8", "800.00", "300.00", "hold_remainder"]
    assert [line[name] for name in names] == told


def test_a_table_shows_no_price_where_there_is_no_quantity(desk: Desk) -> None:
    out = desk("invoice", "show", FIRST).out
    (fee,) = [line for line in out.splitlines() if "Flat fee" in line]

    assert fee.split() == ["2", "P", "Flat", "fee", "50.00", "19"]


def test_nothing_was_billed_by_a_rule_on_a_line_by_hand(desk: Desk) -> None:
    (fee,) = (line for line in desk.json("invoice", "show", FIRST)["lines"] if not line["entries"])

    assert (fee["amount"], fee["billed_quantity"], fee["billed_amount"]) == ("50.00", None, None)


def test_a_table_names_the_entries_that_are_settled_without_a_line(desk: Desk) -> None:
    out = desk("invoice", "show", FIRST).out

    assert "Work E2" not in out
    assert "Not printed, and settled with it: E2" in out


def test_a_roll_forward_shows_what_was_added_and_held(desk: Desk) -> None:
    out = desk("roll-forward", "2026-01", today="2026-03-05").out

    assert "Added" in out
    assert "-held" in out
    assert "Raised" not in out


def test_a_close_takes_a_month_with_held_and_added_amounts(desk: Desk) -> None:
    (line,) = desk.json("close", "2026-01", today="2026-02-02")["lines"]

    told = {name: (line[name]["hours"], line[name]["amount"]) for name in ("added", "held")}
    assert told == {"added": ("0", "50.00"), "held": ("3", "300.00")}


def test_wip_names_the_pro_forma(shop: Shop) -> None:
    shop.time("E1", hours="8")
    run(by_pro_forma(shop))

    (customer,) = Desk(Path(shop.path)).json("wip")
    assert [one["on"] for one in customer["entries"]] == ["PF-00001"]


def test_a_tie_words_what_was_left_out_of_a_credited_invoice(shop: Shop) -> None:
    shop.time("E1", hours="8")
    number = invoiced(by_pro_forma(shop), amount=D(500))
    credit(shop.store, number, becomes=Becomes.BILL, reason="no", actor=on("2026-02-10"))

    out = Desk(Path(shop.path))("roll-forward", "2026-02", today="2026-03-05").out
    assert (
        "Credit notes -500.00 EUR net = work returned 800.00 EUR, left out of its invoices"
        " -300.00 EUR, rounding 0.00 EUR, goodwill 0.00 EUR." in " ".join(out.split())
    )


def test_a_tie_words_the_credit_notes_that_correct_none(shop: Shop) -> None:
    shop.time("E1", hours="-2")
    released(shop, run(by_pro_forma(shop)), actor=on("2026-02-10"))

    out = Desk(Path(shop.path))("roll-forward", "2026-02", today="2026-03-05").out
    assert "and -200.00 EUR on credit notes that correct none." in " ".join(out.split())


def test_a_pro_forma_is_written_as_a_pdf(shop: Shop) -> None:
    shop.time("E1", hours="8")
    run(by_pro_forma(shop))
    desk = Desk(Path(shop.path))

    written = desk.json("invoice", "pdf", "PF-00001", "--output", str(desk.folder))
    assert Path(written["file"]).read_bytes().startswith(b"%PDF")
