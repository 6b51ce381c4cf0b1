"""The life of an invoice: sent, paid, taken back, voided, printed."""

from tests.cli.terminal import Desk

NUMBER = "INV-2026-00010"
TODAY = "2026-02-20"


def state(after: Desk) -> tuple[str, str | None, str]:
    shown = after.json("invoice", "show", NUMBER, today=TODAY)
    return shown["status"], shown["paid_state"], shown["outstanding"]


def test_an_invoice_is_sent_paid_in_parts_and_a_payment_taken_back(after: Desk) -> None:
    assert state(after) == ("issued", "open", "1249.50")
    assert after("invoice", "send", NUMBER, today=TODAY).code == 0
    assert after("invoice", "pay", NUMBER, "--amount", "249.50", today=TODAY).code == 0
    assert state(after) == ("sent", "part_paid", "1000.00")
    assert after("invoice", "pay", NUMBER, "--amount", "1000", today=TODAY).code == 0
    assert state(after) == ("sent", "paid", "0.00")
    assert after("invoice", "unpay", NUMBER, "--amount", "1000.00", today=TODAY).code == 0
    assert state(after) == ("sent", "part_paid", "1000.00")


def test_a_payment_is_booked_once_per_request(after: Desk) -> None:
    words = ("invoice", "pay", NUMBER, "--amount", "100", "--request", "bank-1")
    assert [after(*words, today=TODAY).code for _ in range(2)] == [0, 0]
    assert state(after)[2] == "1149.50"


def test_a_void_gives_entries_and_hours_back(after: Desk) -> None:
    assert after("invoice", "void", NUMBER, "--reason", "wrong address", today=TODAY).code == 0
    assert state(after) == ("void", None, "0.00")
    rows = after.json("unbilled", "HANSE", "--billing-date", "2026-01-31")["entries"]
    assert {"T061", "T066"} <= {row["id"] for row in rows}
    assert after.json("frame-orders", "HANSE")[0]["remaining"] == "10"
    assert after.json("verify")["ok"]


def test_the_register_is_filtered_by_customer_status_and_day(after: Desk) -> None:
    def numbers(*words: str) -> list[str]:
        return [one["number"] for one in after.json("invoices", *words, today=TODAY)]

    assert numbers("--customer", "KLEIN") == ["R25-0231", "INV-2026-00012"]
    assert numbers("--status", "part-paid") == numbers("--status", "part_paid")
    assert numbers("--status", "part-paid") == ["INV-2026-00008"]
    assert numbers("--status", "void") == ["INV-2026-00013"]
    assert numbers("--status", "paid", "--as-of", "2026-02-15") == []
    assert numbers("--status", "paid") == ["INV-2026-00012"]
    assert numbers("--as-of", "2026-01-30") == ["R25-0231", "R25-0244"]


def test_a_pdf_goes_into_a_folder_or_a_file(after: Desk) -> None:
    assert after.json("invoice", "pdf", NUMBER, "-o", str(after.folder))["faults"] == []
    assert after.json("invoice", "pdf", NUMBER, "-o", str(after.folder / "copy.pdf"))
    first = (after.folder / f"{NUMBER}.pdf").read_bytes()
    assert first == (after.folder / "copy.pdf").read_bytes()


def test_the_log_of_an_invoice_names_who_did_what(after: Desk) -> None:
    notes = after.json("log", "INV-2026-00013")
    assert (notes[-1]["action"], notes[-1]["by"]) == ("void", "Tomáš Dvořák")
