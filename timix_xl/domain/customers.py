"""Customers and their locations, and the company that bills them."""

from dataclasses import dataclass
from decimal import Decimal

from timix_xl.domain.entries import BillingType


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; `lines` are street lines, `country` an ISO 3166 code."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    city: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """Who sends the invoices."""

    name: str
    country: str
    currency: str
    address: Address = Address()
    tax_id: str = ""
    iban: str = ""
    bic: str = ""
    email: str = ""
    phone: str = ""
    contact: str = ""
    brand_colour: str = "#1F4E79"
    logo: str = ""
    """SHA-256 of the logo's bytes in the store; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """A place of a customer that gets invoices of its own."""

    code: str
    name: str = ""
    address: Address = Address()
    tax_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Who is billed, in one currency."""

    code: str
    name: str
    currency: str
    tax_code: str
    address: Address = Address()
    tax_id: str = ""
    email: str = ""
    language: str = "en"
    buyer_reference: str = ""
    payment_terms_days: int | None = None
    billing_type: BillingType | None = None
    bill_rate: Decimal | None = None
    locations: tuple[Location, ...] = ()
