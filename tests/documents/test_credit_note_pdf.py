"""The paper of a credit note."""

import os
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from timix_xl.documents.invoice_pdf import invoice_pdf
from timix_xl.domain.credit_notes import credit_note, credited_lines, goodwill_line, left_of
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.domain.invoices import Becomes, Document

GOLDEN = Path(__file__).parent / "golden" / "credit_note.txt"
DAY = date(2026, 2, 9)
ORDER = FrameOrder(
    number="FO-2025-07",
    customer="ACME",
    unit="h",
    total=Decimal(400),
    drawn=Decimal("43.7525"),
)


@pytest.fixture
def note(invoice) -> Document:
    """Two entries of the worked invoice, taken back."""
    left = left_of(invoice(), ())
    taken = credited_lines(left, {"E-2": Becomes.BILL, "E-3": Becomes.WRITE_OFF}, ())
    reason = "The first pass was not ordered"
    made = credit_note(left, taken, reason=reason, day=DAY, order=ORDER)
    return replace(made, number="CN-2026-00003")


def test_a_credit_note_reads_as_agreed(note, texts) -> None:
    """Set UPDATE_GOLDEN=1 to write the file anew, then read the difference."""
    pages = texts(invoice_pdf(note, seal="9f8e7d6c5b4a").content)
    text = "\n".join(f"--- page {at} ---\n{page}" for at, page in enumerate(pages, 1)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "shown",
    [
        "Credit note CN-2026-00003",
        "Corrects invoice\nINV-2026-00042\nof Jan 31, 2026",
        "The first pass was not ordered",
        "The amount is credited to your account.",
        "This credit note\n-36.2525 h",
        "Remaining\n392.5 h",
    ],
)
def test_the_first_page_shows(note, texts, shown: str) -> None:
    assert shown in texts(invoice_pdf(note).content)[0]


@pytest.mark.parametrize("hidden", ["Due date", "IBAN", "Payment terms", "Thank you"])
def test_it_asks_for_no_payment(note, texts, hidden: str) -> None:
    assert hidden not in texts(invoice_pdf(note).content)[0]


def test_the_annex_lists_what_was_credited(note, texts) -> None:
    annex = texts(invoice_pdf(note).content)[1]
    assert "Credited entries of Credit note CN-2026-00003" in annex
    assert "Total hours\n-36.2525\nh" in annex


def test_goodwill_has_no_annex(invoice, texts) -> None:
    left = left_of(invoice(), ())
    line = goodwill_line(left.invoice.lines[0], Decimal(100))
    made = credit_note(left, ((line,), ()), reason="Late", day=DAY, order=ORDER)
    (page,) = texts(invoice_pdf(made).content)
    assert "Goodwill: Migration of the general ledger" in page
    assert "Tax VAT19, 19% on -100.00\n-19.00" in page
