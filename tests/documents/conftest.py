"""Documents to print: a worked invoice, ways to change it, and a reader of what was printed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from pypdf import PdfReader

from timix_xl.domain.customers import Address, Company
from timix_xl.domain.entries import Kind
from timix_xl.domain.invoices import (
    BilledEntry,
    Buyer,
    Document,
    DocumentKind,
    DrawDown,
    Line,
    TaxLine,
)
from timix_xl.domain.periods import ServicePeriod
from timix_xl.domain.tax import TaxCategory

SELLER = Company(
    name="Nordlicht Consulting GmbH",
    country="DE",
    currency="EUR",
    address=Address(lines=("Hafenstraße 12",), postcode="20457", city="Hamburg", country="DE"),
    tax_id="DE123456789",
    iban="DE89370400440532013000",
    bic="COBADEFFXXX",
    email="billing@nordlicht.example",
    phone="+49 40 1234567",
    contact="Ada Lindqvist",
    brand_colour="#0F5E6E",
)
BUYER = Buyer(
    code="ACME",
    name="Acme Industries S.p.A.",
    address=Address(
        lines=("Accounts Payable", "Via Roma 1"), postcode="20121", city="Milano", country="IT"
    ),
    tax_id="IT12345678901",
    buyer_reference="CC-4711",
)


def _line(number: int, description: str = "Consulting", **facts: object) -> Line:
    """Return a line of an hour at 150, unless said otherwise."""
    given: dict[str, object] = {
        "project": "ERP",
        "task": "BUILD",
        "quantity": Decimal("1.0000"),
        "unit": "h",
        "unit_price": Decimal("150.000000"),
        "amount": Decimal("150.00"),
        "tax_code": "VAT19",
        "tax_percent": Decimal("19.0000"),
        "kind": Kind.TIME,
    }
    return Line(line=number, description=description, **(given | facts))  # type: ignore[arg-type]


def _billed(number: int, description: str = "Workshop", **facts: object) -> BilledEntry:
    """Return a billed hour of a January day."""
    given: dict[str, object] = {
        "line": 1,
        "date": date(2026, 1, 1) + timedelta(days=number % 31),
        "project": "ERP",
        "task": "BUILD",
        "kind": Kind.TIME,
        "quantity": Decimal("1.0000"),
        "unit": "h",
        "rate": Decimal(150),
        "amount": Decimal(150),
        "exact_amount": Decimal(150),
        "person": "LIN",
        "person_name": "Ada Lindqvist",
    }
    return BilledEntry(entry=f"E-{number}", description=description, **(given | facts))  # type: ignore[arg-type]


def _worked_invoice() -> Document:
    """Return an invoice that uses every part of the paper."""
    lines = (
        _line(
            1,
            "Migration of the general ledger: data model, mapping and two trial runs",
            quantity=Decimal("37.5000"),
            amount=Decimal("5625.00"),
            date=date(2026, 1, 9),
        ),
        _line(
            2,
            "Project management",
            task="LEAD",
            quantity=Decimal("6.2525"),
            unit_price=Decimal("182.333333"),
            amount=Decimal("1140.04"),
            date=date(2026, 1, 16),
        ),
        _line(
            3,
            "Training material\nprinted, 24 copies",
            kind=Kind.MATERIAL,
            quantity=Decimal("24.0000"),
            unit="piece",
            unit_price=Decimal("12.5000"),
            amount=Decimal("300.00"),
            tax_code="VAT7",
            tax_percent=Decimal("7.0000"),
            date=date(2026, 1, 20),
        ),
        _line(
            4,
            "Discount agreed on 5 January",
            quantity=Decimal("-1.0000"),
            unit="",
            unit_price=Decimal("250.00"),
            amount=Decimal("-250.00"),
            tax_code="RC",
            tax_percent=Decimal(0),
        ),
    )
    tax = (
        TaxLine(
            code="VAT19",
            category=TaxCategory.STANDARD,
            percent=Decimal("19.0000"),
            base=Decimal("6765.04"),
            amount=Decimal("1285.36"),
        ),
        TaxLine(
            code="VAT7",
            category=TaxCategory.STANDARD,
            percent=Decimal("7.0000"),
            base=Decimal("300.00"),
            amount=Decimal("21.00"),
        ),
        TaxLine(
            code="RC",
            category=TaxCategory.REVERSE_CHARGE,
            percent=Decimal(0),
            base=Decimal("-250.00"),
            amount=Decimal("0.00"),
            note="Reverse charge: VAT is to be paid by the recipient (Article 196, 2006/112/EC).",
        ),
    )
    entries = (
        _billed(1, "Data model", quantity=Decimal("7.5")),
        _billed(2, "Mapping of accounts, first pass", quantity=Decimal(30)),
        _billed(
            3,
            "Steering committee",
            line=2,
            task="LEAD",
            quantity=Decimal("6.2525"),
            person="MOR",
            person_name="José Moreno",
        ),
        _billed(
            4,
            "Handbooks",
            line=3,
            kind=Kind.MATERIAL,
            unit="piece",
            quantity=Decimal(24),
            person=None,
            person_name="",
        ),
    )
    return Document(
        kind=DocumentKind.INVOICE,
        number="INV-2026-00042",
        customer="ACME",
        location="MILANO",
        currency="EUR",
        billing_date=date(2026, 1, 31),
        issue_date=date(2026, 1, 31),
        due_date=date(2026, 3, 2),
        payment_terms_days=30,
        seller=SELLER,
        buyer=BUYER,
        lines=lines,
        tax=tax,
        billed=entries,
        period=ServicePeriod(date(2026, 1, 2), date(2026, 1, 20)),
        po_number="PO-778899",
        notes="Thank you for your trust.\nThe time sheets were approved by Ms. Rossi.",
        description="ERP programme, January 2026",
        draw_down=DrawDown(
            frame_order="FO-2025-07",
            unit="h",
            before=Decimal("400.0000"),
            drawn=Decimal("43.7525"),
            after=Decimal("356.2475"),
            title="ERP programme 2025/26",
            po_number="PO-778899",
        ),
    )


@pytest.fixture
def invoice() -> Callable[..., Document]:
    """Return a maker of the worked invoice with some facts changed."""

    def changed(**facts: object) -> Document:
        return replace(_worked_invoice(), **facts)  # type: ignore[arg-type]

    return changed


@pytest.fixture
def line() -> Callable[..., Line]:
    """Return a maker of lines."""
    return _line


@pytest.fixture
def billed() -> Callable[..., BilledEntry]:
    """Return a maker of billed entries."""
    return _billed


@pytest.fixture
def texts() -> Callable[[bytes], list[str]]:
    """Return a reader of the text on each page of a PDF."""

    def read(content: bytes) -> list[str]:
        pages = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
        return ["\n".join(line.strip() for line in page.strip().split("\n")) for page in pages]

    return read
