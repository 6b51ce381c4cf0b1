"""A month at LibreOffice's window, by mouse and keyboard: each test is the next step of one walk."""

import subprocess
import sys
from decimal import Decimal

from pypdf import PdfReader

from tests.live.walk import Walk
from tests.macros.driver import dump
from timix_xl.billing.load import load
from timix_xl.billing.register import Standing, register
from timix_xl.billing.utilization import utilization
from timix_xl.billing.verify import verify
from timix_xl.cli.demo.script import BILLING_DATE
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Status
from timix_xl.workbook.layout import CHECKS, ENTRIES, FRAME_ORDERS, INVOICES

CUSTOMER, ORDER = "STADT", "SN-R-2026-03"
DEFERRED, WRITTEN_OFF = "T107", "M021"
BILL, DEFER, OFF = "timix_bill_amount", "timix_defer_amount", "timix_write_off_amount"


def test_a_customer_that_is_typed_but_not_confirmed_is_loaded(walk: Walk) -> None:
    walk.window.press("Refresh customers")
    walk.window.fill_in("Billing", "B5", "2026-01-31")
    walk.window.start_typing("Billing", "B4", CUSTOMER)
    assert walk.window.text("Billing", "B4") == ""
    walk.picture("customers", right=1240, bottom=560)
    walk.window.press("Load unbilled")
    expected = load(walk.store, CUSTOMER, BILLING_DATE)
    shown = [row["Entry"] for row in walk.window.rows(ENTRIES)]
    assert shown == [row.entry.id for row in expected.rows]
    assert walk.window.named("timix_customer") == CUSTOMER
    assert tiles(walk) == (expected.amount, 0, 0)


def test_the_tiles_move_when_a_decision_is_chosen_by_mouse(walk: Walk) -> None:
    to_bill, deferred, off = tiles(walk)
    place = walk.window.address(ENTRIES, DEFERRED, "Decision")
    choices = walk.window.drop_down("Entries", place)
    assert list(choices) == ["Bill", "Defer", "Write off"]
    walk.picture("decision")
    walk.window.pick(choices, "Defer", "Entries", place)
    amount = amount_of(walk, DEFERRED)
    assert amount > 0
    assert tiles(walk) == (to_bill - amount, deferred + amount, off)


def test_the_tiles_move_when_a_decision_is_chosen_by_keyboard(walk: Walk) -> None:
    to_bill, deferred, off = tiles(walk)
    place = walk.window.address(ENTRIES, WRITTEN_OFF, "Decision")
    walk.window.choose_by_keys("Entries", place, "Write off")
    amount = amount_of(walk, WRITTEN_OFF)
    assert amount > 0
    assert tiles(walk) == (to_bill - amount, deferred, off + amount)
    for entry, reason in ((WRITTEN_OFF, "in the drilling price"), (DEFERRED, "ask first")):
        walk.window.fill_in("Entries", walk.window.address(ENTRIES, entry, "Reason"), reason)
    walk.window.go_to("Entries", "A10")
    walk.picture("tiles")


def test_a_preview_shows_what_a_chosen_frame_order_would_give(walk: Walk) -> None:
    before = dump(walk.store)
    walk.window.choose("Frame orders", "B4", ORDER)
    walk.window.choose("Preview", "B8", "task")
    walk.window.press("Preview")
    to_bill, *_ = tiles(walk)
    assert figure(walk.window.named("timix_summary_subtotal")) == to_bill
    assert figure(order_row(walk)["This invoice"]) == to_bill
    assert [row["Code"] for row in walk.window.rows(CHECKS)] == []
    assert dump(walk.store) == before
    walk.window.go_to("Preview", "A13")


def test_nothing_is_issued_when_the_question_is_cancelled(walk: Walk) -> None:
    before = dump(walk.store)
    walk.window.press("Issue...")
    asked = walk.window.message_box()
    assert asked.words.startswith("Issue 1 invoice to Stadtwerke Nordhaven")
    assert ORDER in asked.words
    walk.picture("question", bottom=660)
    walk.window.answer("Cancel")
    assert walk.window.named("timix_status") == "Nothing was issued."
    assert dump(walk.store) == before


def test_an_invoice_is_issued_when_the_question_is_confirmed(walk: Walk) -> None:
    to_bill, *_ = tiles(walk)
    walk.window.press("Issue...")
    walk.window.answer_by_key("Return")
    invoice = only_invoice(walk)
    assert invoice.subtotal == to_bill
    assert walk.window.named("timix_status").startswith(f"Issued {invoice.number}: ")
    assert [row["Entry"] for row in walk.window.rows(ENTRIES)] == [DEFERRED]
    row = next(row for row in walk.window.rows(INVOICES) if row["Number"] == invoice.number)
    assert figure(row["Total"]) == invoice.total
    if walk.pictures:
        walk.window.drop_down("Invoices", walk.window.address(INVOICES, row["Number"], "Action"))
        walk.picture("register", bottom=740)
        walk.window.screen.key("Escape")


def test_the_frame_order_shows_its_new_utilization(walk: Walk) -> None:
    order, row = stored_order(walk), order_row(walk)
    assert order.billed == Decimal("22350.00") + only_invoice(walk).subtotal
    assert figure(row["Billed"]) == order.billed
    assert figure(row["Remaining"]) == order.remaining
    share = 100 * order.billed / order.total
    assert row["Utilization"] == f"{share:.1f}%"
    walk.window.go_to("Frame orders", "A7")
    walk.picture("frame-orders", bottom=380)


def test_the_pdf_bears_the_number(walk: Walk) -> None:
    number = only_invoice(walk).number
    walk.window.fill_in("Invoices", "B4", CUSTOMER)
    walk.window.press("Refresh invoices")
    walk.window.press("Export PDF")
    (path,) = walk.folder.glob("*.pdf")
    assert path.stem == number
    assert number in PdfReader(path).pages[0].extract_text()


def test_a_ballot_is_carried_out(walk: Walk) -> None:
    place = walk.window.address(INVOICES, str(only_invoice(walk).number), "Action")
    walk.window.choose("Invoices", place, "Send")
    walk.window.press("Run actions...")
    assert only_invoice(walk).status is Status.SENT
    assert walk.window.named("timix_status") == "1 action carried out."
    assert walk.window.text("Invoices", place) == ""


def test_what_a_colleague_changed_meanwhile_is_not_issued(walk: Walk) -> None:
    place = walk.window.address(ENTRIES, DEFERRED, "Decision")
    walk.window.choose("Entries", place, "Bill")
    colleague(walk, "decide", CUSTOMER, "--defer", DEFERRED, "--reason", "still waiting")
    before = dump(walk.store)
    walk.window.press("Issue...")
    refusal = walk.window.message_box().words
    walk.window.answer_by_key("Return")
    assert refusal.endswith("[RUN-03]")
    assert walk.window.named("timix_status") == refusal
    assert [DEFERRED in row["What"] for row in walk.window.rows(CHECKS)] == [True]
    assert dump(walk.store) == before


def test_the_store_holds_together(walk: Walk) -> None:
    assert verify(walk.store).problems == ()


def tiles(walk: Walk) -> tuple[Decimal, Decimal, Decimal]:
    """Read the amounts to bill, deferred and written off."""
    bill, defer, off = (figure(walk.window.named(name)) for name in (BILL, DEFER, OFF))
    return bill, defer, off


def figure(text: str) -> Decimal:
    """Read an amount as it shows."""
    return Decimal(text.replace(",", ""))


def amount_of(walk: Walk, entry: str) -> Decimal:
    """Read the amount of an entry as it shows."""
    return figure(next(row for row in walk.window.rows(ENTRIES) if row["Entry"] == entry)["Amount"])


def order_row(walk: Walk) -> dict[str, str]:
    """Read the frame order as it shows."""
    return next(row for row in walk.window.rows(FRAME_ORDERS) if row["Frame order"] == ORDER)


def stored_order(walk: Walk) -> FrameOrder:
    """Read the frame order from the store."""
    return next(one for one in utilization(walk.store, CUSTOMER) if one.number == ORDER)


def only_invoice(walk: Walk) -> Standing:
    """Read the customer's one invoice that is not of an older system from the store."""
    every = register(walk.store, today=BILLING_DATE, customer=CUSTOMER)
    (found,) = (one for one in every if one.stored)
    return found


def colleague(walk: Walk, *words: str) -> None:
    """Do something in the same store from a terminal."""
    command = [sys.executable, "-m", "timix_xl", "--store", str(walk.folder / "timix.db")]
    subprocess.run([*command, "--user", "tomas", *words], check=True, capture_output=True)
