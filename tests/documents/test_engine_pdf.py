"""The paper of what the engine makes: amounts without a quantity, information, lines unprinted."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from tests.billing.negotiators import by_pro_forma, released, run, typed
from tests.builders import D, Shop, on
from timix_xl.documents.export import export_pdf
from timix_xl.documents.invoice_pdf import invoice_pdf
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import Document, DocumentKind, LineStatus

NOTHING = {"quantity": Decimal(0), "unit_price": Decimal(0)}


@pytest.fixture
def engine_invoice(invoice, line, billed) -> Document:
    """An hour, a remainder at face value, information, and a line that only settles."""
    return invoice(
        lines=(
            line(1, "Consulting"),
            line(2, "Rest of January", kind=Kind.REMAINDER, amount=Decimal("300.00"), **NOTHING),
            line(3, "Travel, not charged", amount=Decimal("0.00"), **NOTHING),
            line(4, "Nobody reads this", amount=Decimal("0.00"), printed=False, **NOTHING),
        ),
        billed=(
            billed(1, "Workshop"),
            billed(2, "Rest", line=2, kind=Kind.REMAINDER, quantity=Decimal(0)),
            billed(3, "Train", line=3, quantity=Decimal(0)),
            billed(4, "Settled in silence", line=4, quantity=Decimal(0)),
        ),
        tax=(),
        draw_down=None,
    )


def test_an_amount_without_a_quantity_has_neither_a_price_nor_a_zero(engine_invoice, texts) -> None:
    first, _ = texts(invoice_pdf(engine_invoice).content)

    assert "2\nRest of January\n19\n300.00\n" in first


def test_information_stands_without_a_quantity_at_nothing(engine_invoice, texts) -> None:
    first, _ = texts(invoice_pdf(engine_invoice).content)

    assert "3\nTravel, not charged\n19\n0.00\n" in first


def test_a_line_that_is_not_printed_is_nowhere_on_the_paper(engine_invoice, texts) -> None:
    whole = "\n".join(texts(invoice_pdf(engine_invoice).content))

    assert "Nobody reads this" not in whole
    assert "Settled in silence" not in whole


def test_the_annex_shows_no_zeros(engine_invoice, texts) -> None:
    _, annex = texts(invoice_pdf(engine_invoice).content)

    assert "Train" in annex
    assert "\n0\n" not in annex


def test_columns_that_no_line_uses_are_left_out(engine_invoice, texts) -> None:
    only = replace(engine_invoice, lines=engine_invoice.lines[1:2], billed=())
    (first,) = texts(invoice_pdf(only).content)

    assert "Unit price" not in first
    assert "Qty" not in first


def test_an_invoice_of_remainders_alone_counts_no_hours(engine_invoice, texts) -> None:
    billed = engine_invoice.billed[1:2]
    _, annex = texts(invoice_pdf(replace(engine_invoice, billed=billed)).content)

    assert "Total hours" not in annex


def test_the_description_of_the_invoice_stands_under_its_title(engine_invoice, texts) -> None:
    first, _ = texts(invoice_pdf(engine_invoice).content)

    assert "Invoice INV-2026-00042\nERP programme, January 2026\n" in first


def test_a_credit_note_that_corrects_none_reads_like_one_of_its_own(invoice, texts) -> None:
    made = replace(invoice(), kind=DocumentKind.CREDIT_NOTE, number="CN-2026-00001")
    first, *annex = texts(invoice_pdf(made).content)

    assert "Corrects invoice" not in first
    assert "Credit note CN-2026-00001\nERP programme, January 2026\n" in first
    assert "Billed entries of Credit note CN-2026-00001" in annex[0]


def test_a_pro_forma_is_printed_as_it_stands(shop: Shop, tmp_path: Path, texts) -> None:
    shop.time("E1", hours="8")
    number = run(by_pro_forma(shop))
    typed(shop, number, amount=D(500))
    written = export_pdf(shop.store, number, tmp_path)

    first = texts(written.path.read_bytes())[0]
    assert written.path.name == "PF-00001.pdf"
    assert "Pro forma PF-00001" in first
    assert "500.00" in first
    assert "DRAFT" not in first


def test_a_released_credit_note_is_printed(shop: Shop, tmp_path: Path, texts) -> None:
    shop.time("E1", hours="-2")
    made = released(shop, run(by_pro_forma(shop)), actor=on("2026-02-10"))

    first = texts(export_pdf(shop.store, made.document, tmp_path).path.read_bytes())[0]
    assert "Credit note CN-2026-00001" in first
    assert "-200.00" in first


def test_what_a_pro_forma_writes_off_whole_is_not_on_its_invoice(
    shop: Shop, tmp_path: Path, texts
) -> None:
    shop.time("E1", "E2", hours="8")
    number = run(by_pro_forma(shop))
    typed(shop, number, status=LineStatus.WRITE_OFF)
    made = released(shop, number)

    first = texts(export_pdf(shop.store, made.document, tmp_path).path.read_bytes())[0]
    assert "Work E2" in first
    assert "Work E1" not in first


def test_a_pro_forma_shows_the_lines_that_its_invoice_will_have_under_their_numbers(
    shop: Shop, tmp_path: Path, texts
) -> None:
    shop.time("E1", "E2", hours="8")
    number = run(by_pro_forma(shop))
    typed(shop, number, status=LineStatus.WRITE_OFF)

    first, annex = texts(export_pdf(shop.store, number, tmp_path).path.read_bytes())
    assert "Work E1" not in first + annex
    assert "1\nJan 5, 2026\nWork E2\n" in first
    assert "Jan 5, 2026\n1\n" in annex
