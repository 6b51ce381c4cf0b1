"""What stands on the paper."""

import os
import pickle
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from timix_xl.documents.faces import REGULAR, text_width
from timix_xl.documents.invoice_pdf import Rendered, Void, invoice_pdf
from timix_xl.documents.marks import MM
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.periods import ServicePeriod

GOLDEN = Path(__file__).parent / "golden" / "worked_invoice.txt"
PRINT = """
import pickle, sys
from timix_xl.documents.faces import REGULAR, text_width
from timix_xl.documents.invoice_pdf import invoice_pdf
sys.stdout.buffer.write(invoice_pdf(pickle.load(sys.stdin.buffer), seal="1a2b").content)
"""


def test_the_worked_invoice_reads_as_agreed(invoice, texts) -> None:
    """Set UPDATE_GOLDEN=1 to write the file anew, then read the difference."""
    pages = texts(invoice_pdf(invoice(), seal="1a2b3c4d5e6f").content)
    text = "\n".join(f"--- page {at} ---\n{page}" for at, page in enumerate(pages, 1)) + "\n"
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "shown",
    [
        "Invoice INV-2026-00042",
        "Nordlicht Consulting GmbH",
        "Acme Industries S.p.A.",
        "Via Roma 1",
        "20121 Milano",
        "Italy",
        "Jan 31, 2026",
        "Mar 2, 2026",
        "Jan 2, 2026 \N{EN DASH} Jan 20, 2026",
        "ACME / MILANO",
        "PO-778899",
        "CC-4711",
        "ERP programme, January 2026",
        "Amount EUR",
        "Training material\n24\npiece\n12.50\n7\n300.00\nprinted, 24 copies",
        "182.333333",
        "12.50",
        "6.2525",
        "37.5",
        "-250.00",
        "Tax VAT19, 19% on 6,765.04",
        "1,285.36",
        "Total EUR\n8,121.40",
        "RC: Reverse charge: VAT is to be paid by the recipient",
        "30 days from issue",
        "Thank you for your trust.\nThe time sheets",
        "FO-2025-07",
        "ERP programme 2025/26",
        "Balance before\n400 h",
        "This invoice\n43.7525 h",
        "Remaining\n356.2475 h",
        "DE89 3704 0044 0532 0130 00",
        "COBADEFFXXX",
        "Tax ID DE123456789",
        "Ada Lindqvist · billing@nordlicht.example · +49 40 1234567",
    ],
)
def test_the_first_page_shows(shown: str, first_page: str) -> None:
    assert shown in first_page


@pytest.fixture(scope="module")
def pages_of() -> dict[bytes, str]:
    return {}


@pytest.fixture
def first_page(invoice, texts, pages_of) -> str:
    content = invoice_pdf(invoice()).content
    if content not in pages_of:
        pages_of[content] = texts(content)[0]
    return pages_of[content]


def test_the_annex_lists_every_entry_on_a_page_of_its_own(invoice, texts) -> None:
    first, annex = texts(invoice_pdf(invoice()).content)
    assert "Billed entries" not in first
    assert "Billed entries of Invoice INV-2026-00042" in annex
    assert "Jan 4, 2026\n2\nERP / LEAD\nJosé Moreno\n6.2525\nh\nSteering committee" in annex
    assert "Handbooks" in annex


def test_the_annex_totals_hours_and_not_material(invoice, texts) -> None:
    assert "Total hours\n43.7525\nh" in texts(invoice_pdf(invoice()).content)[1]


def test_a_document_without_entries_has_no_annex(invoice, texts) -> None:
    assert len(texts(invoice_pdf(invoice(billed=())).content)) == 1


def test_every_page_says_which_of_how_many_it_is(invoice, line, texts) -> None:
    pages = texts(invoice_pdf(invoice(lines=tuple(map(line, range(1, 101))))).content)
    assert len(pages) > 3
    for at, page in enumerate(pages, 1):
        assert f"Page {at} of {len(pages)}" in page


def test_the_head_of_the_lines_is_repeated_on_the_second_page(invoice, line, texts) -> None:
    second = texts(invoice_pdf(invoice(lines=tuple(map(line, range(1, 61))))).content)[1]
    assert second.startswith("#\nDescription\nQty\nUnit\nUnit price\nTax %\nAmount EUR")


def test_the_head_of_the_annex_is_repeated(invoice, billed, texts) -> None:
    pages = texts(invoice_pdf(invoice(billed=tuple(map(billed, range(100))))).content)
    for page in pages[1:]:
        assert page.startswith("Billed entries of Invoice INV-2026-00042\nDate\nLine")


def test_the_first_eight_characters_of_the_seal_are_printed(invoice, texts) -> None:
    page = texts(invoice_pdf(invoice(), seal="1a2b3c4d5e6f").content)[0]
    assert "Seal 1a2b3c4d" in page
    assert "1a2b3c4d5" not in page


def test_void_stands_on_every_page_with_date_and_reason(invoice, texts) -> None:
    void = Void(date(2026, 2, 3), "Wrong customer")
    for page in texts(invoice_pdf(invoice(), void=void).content):
        assert "VOID since Feb 3, 2026: Wrong customer" in page
        assert page.endswith("VOID")


def test_an_invoice_that_stands_says_neither_void_nor_draft(invoice, texts) -> None:
    text = "".join(texts(invoice_pdf(invoice()).content))
    assert "VOID" not in text
    assert "DRAFT" not in text


def test_a_document_without_a_number_says_draft_on_every_page(invoice, texts) -> None:
    for page in texts(invoice_pdf(invoice(number="")).content):
        assert page.endswith("DRAFT")


def test_a_credit_note_names_the_invoice_and_asks_for_no_payment(invoice, texts) -> None:
    note = invoice(kind=DocumentKind.CREDIT_NOTE, number="CN-2026-00001", corrects="INV-2026-00042")
    page = texts(invoice_pdf(note).content)[0]
    assert "Credit note CN-2026-00001" in page
    assert "Corrects invoice\nINV-2026-00042" in page
    assert "IBAN" not in page
    assert "Due date" not in page


def test_a_pro_forma_says_that_it_is_no_tax_invoice(invoice, texts) -> None:
    page = texts(invoice_pdf(invoice(kind=DocumentKind.PRO_FORMA, number="PF-1")).content)[0]
    assert "Pro forma PF-1" in page
    assert "A pro forma is not a tax invoice" in page


def test_a_money_frame_order_shows_its_balances_in_money(invoice, texts) -> None:
    drawn = replace(invoice().draw_down, unit="EUR", before=Decimal(9000), after=Decimal("878.60"))
    page = texts(invoice_pdf(invoice(draw_down=drawn)).content)[0]
    assert "Balance before\nEUR 9,000.00" in page
    assert "Remaining\nEUR 878.60" in page


def test_lines_without_dates_leave_the_date_column_out(invoice, line, texts) -> None:
    page = texts(invoice_pdf(invoice(lines=(line(1),))).content)[0]
    assert "#\nDescription\nQty" in page


def test_a_period_of_one_day_is_one_date(invoice, texts) -> None:
    day = date(2026, 1, 9)
    page = texts(invoice_pdf(invoice(period=ServicePeriod(day, day))).content)[0]
    assert "Service period\nJan 9, 2026\nCustomer" in page


def test_yen_have_no_decimals(invoice, line, texts) -> None:
    yen = line(1, unit_price=Decimal("15000.000000"), amount=Decimal(15000))
    page = texts(invoice_pdf(invoice(currency="JPY", lines=(yen,), tax=())).content)[0]
    assert "\n15,000\n19\n15,000\n" in page
    assert "Total JPY\n15,000" in page


@pytest.mark.parametrize(
    ("locale", "total", "day"),
    [
        ("de", "8.121,40", "31.01.2026"),
        ("de-CH", "8\N{RIGHT SINGLE QUOTATION MARK}121.40", "31.01.2026"),
        ("fr", "8\N{NARROW NO-BREAK SPACE}121,40", "31 janv. 2026"),
        ("el", "8.121,40", "31 Ιαν 2026"),
        ("ja", "8,121.40", "2026/01/31"),
        ("zh", "8,121.40", "2026-01-31"),
    ],
)
def test_numbers_and_dates_follow_the_locale(invoice, texts, locale, total, day) -> None:
    rendered = invoice_pdf(invoice(), locale=locale)
    page = texts(rendered.content)[0]
    assert f"Total EUR\n{total}" in page
    assert f"Issue date\n{day}" in page
    assert rendered.replaced == ()


def test_a_long_description_goes_on_over_pages_and_loses_no_word(invoice, line, texts) -> None:
    words = " ".join(f"w{at:04d}" for at in range(900))
    assert len(words) > 5000
    pages = texts(invoice_pdf(invoice(lines=(line(1, words),), billed=())).content)
    printed = " ".join(pages).split()
    assert "w0000" in pages[0]
    assert len(pages) > 1
    assert [word for word in printed if word in words.split()] == words.split()


def test_a_word_wider_than_its_column_is_broken(invoice, line, texts) -> None:
    page = texts(invoice_pdf(invoice(lines=(line(1, "x" * 300),), billed=())).content)[0]
    pieces = [text for text in page.split("\n") if text and set(text) == {"x"}]
    assert len(pieces) > 3
    assert "".join(pieces) == "x" * 300


@pytest.mark.bad_input("D10")
def test_a_thousand_lines_end_with_their_total(invoice, line) -> None:
    lines = tuple(line(at, f"Work package {at}") for at in range(1, 1001))
    content = invoice_pdf(invoice(lines=lines, billed=(), tax=())).content
    reader = PdfReader(BytesIO(content))
    last = "".join(page.extract_text() for page in reader.pages[-2:])
    assert "Work package 1000" in last
    assert "Total EUR\n150,000.00" in last


MARKUP = (
    "<img src='file:///etc/hostname'/>",
    "<a href='http://example.com'>pay here</a>",
    "<font color=\"[[[getattr(pow,Word('__globals__'))]]]\">",
    "<b>unclosed, & alone, <",
    "&amp; &#65;",
)


@pytest.mark.bad_input("P01")
@pytest.mark.bad_input("P02")
@pytest.mark.parametrize("markup", MARKUP)
def test_markup_is_printed_literally(invoice, line, texts, markup) -> None:
    rendered = invoice_pdf(invoice(notes=markup, lines=(line(1, "plain"),), description=markup))
    page = texts(rendered.content)[0]
    assert page.count(markup) == 2
    assert b"/URI" not in rendered.content


@pytest.mark.parametrize(
    "name",
    [
        "Công ty Điện lực Việt Nam",
        "Ηλεκτρική Εταιρεία ΑΕ",
        "Электросеть и Ко",
        "Łódź Żółć Škoda Ørsted ß €",
    ],
)
def test_latin_greek_cyrillic_and_vietnamese_are_printed(invoice, texts, name) -> None:
    rendered = invoice_pdf(invoice(buyer=replace(invoice().buyer, name=name)))
    assert name in texts(rendered.content)[0]
    assert rendered.replaced == ()


@pytest.mark.bad_input("P03")
@pytest.mark.parametrize(
    ("note", "replaced", "shown"),
    [
        ("site 🚧 closed", ("🚧",), "site \ufffd closed"),
        ("한국 한", ("한", "국"), "\ufffd\ufffd \ufffd"),
        ("a\ue000b", ("U+E000",), "a\ufffdb"),
        ("a\x00b", ("U+0000",), "a\ufffdb"),
        ("a\ud800b", ("U+D800",), "a\ufffdb"),
        ("\u202efdp.exe", (), "fdp.exe"),
        ("e\u0301te\u0301", (), "été"),
        ("five \N{MINUS SIGN} two", (), "five - two"),
    ],
)
def test_what_no_font_covers_is_replaced_and_reported(
    invoice, texts, note, replaced, shown
) -> None:
    rendered = invoice_pdf(invoice(notes=note))
    assert rendered.replaced == replaced
    assert f"Notes\n{shown}" in texts(rendered.content)[0]


def test_what_is_not_printed_is_not_reported(invoice, billed) -> None:
    entry = replace(billed(1), entry="🚧")
    assert invoice_pdf(invoice(billed=(entry,))).replaced == ()


def test_the_same_invoice_gives_the_same_bytes_in_any_process(invoice) -> None:
    def printed(**environment: str) -> bytes:
        return subprocess.run(  # our own interpreter, our own words
            [sys.executable, "-c", PRINT],
            input=pickle.dumps(invoice()),
            env={**os.environ, **environment},
            capture_output=True,
            check=True,
        ).stdout

    one = printed(TZ="Asia/Tokyo", PYTHONHASHSEED="1", LC_ALL="C", SOURCE_DATE_EPOCH="1")
    other = printed(TZ="America/Lima", PYTHONHASHSEED="2", LC_ALL="C.UTF-8")
    assert one == other == invoice_pdf(invoice(), seal="1a2b").content


def test_another_invoice_gives_other_bytes_and_another_id(invoice) -> None:
    one, other = (
        PdfReader(BytesIO(invoice_pdf(invoice(notes=note)).content)).trailer["/ID"]
        for note in ("one", "two")
    )
    assert one != other


def test_the_file_says_what_it_is(invoice) -> None:
    reader = PdfReader(BytesIO(invoice_pdf(invoice()).content))
    assert reader.metadata.title == "Invoice INV-2026-00042"
    assert reader.metadata.author == "Nordlicht Consulting GmbH"
    assert reader.metadata.subject == "Invoice INV-2026-00042 for Acme Industries S.p.A."
    assert reader.metadata.creation_date_raw == "D:20260131000000+00'00'"
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_all_fonts_are_embedded_subsets(invoice) -> None:
    reader = PdfReader(BytesIO(invoice_pdf(invoice()).content))
    fonts = [
        font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()
    ]
    assert {font["/BaseFont"] for font in fonts} == {
        "/AAAAAA+NotoSans-Regular",
        "/AAAAAA+NotoSans-Bold",
    }
    assert all("/FontFile2" in font["/FontDescriptor"] for font in fonts)


def test_the_total_of_hours_counts_time_only(invoice, billed, texts) -> None:
    entries = (billed(1), billed(2, kind=Kind.MATERIAL, unit="km", quantity=Decimal(80)))
    assert "Total hours\n1\nh" in texts(invoice_pdf(invoice(billed=entries)).content)[1]


def test_nothing_but_bytes_and_no_warning_for_a_plain_invoice(invoice) -> None:
    rendered = invoice_pdf(invoice())
    assert rendered == Rendered(rendered.content)
    assert rendered.content.startswith(b"%PDF-")


def test_texts_of_any_length_stay_on_the_paper(invoice, line, billed) -> None:
    long = "very long indeed " * 300
    seller, buyer = invoice().seller, invoice().buyer
    address = replace(buyer.address, lines=(long, long), city=long)
    rendered = invoice_pdf(
        invoice(
            number=long,
            po_number=long,
            description=long,
            notes=long,
            seller=replace(seller, name=long, contact=long, tax_id=long, address=address),
            buyer=replace(buyer, name=long, address=address, buyer_reference=long),
            draw_down=replace(invoice().draw_down, title=long),
            lines=(line(1, long, unit=long),),
            billed=(billed(1, long, project=long, person_name=long, unit=long),),
        ),
        void=Void(date(2026, 2, 3), long),
    )
    for page in PdfReader(BytesIO(rendered.content)).pages:
        page.extract_text(visitor_text=_on_the_paper)


def _on_the_paper(text: str, _: object, matrix: list[float], __: object, size: float) -> None:
    if text.strip() and text != "VOID":  # which runs across
        assert matrix[4] >= 19.9 * MM, text
        assert matrix[4] + text_width(text.strip(), REGULAR, size) <= 197 * MM, text
        assert 20 <= matrix[5] <= 842, text


def test_an_invoice_without_lines_is_still_a_page(invoice, texts) -> None:
    (page,) = texts(invoice_pdf(invoice(lines=(), tax=(), billed=(), draw_down=None)).content)
    assert "Total EUR\n0.00" in page
    assert "nothing to pay" in page
