"""Charge: what an entry brings before tax, and by which step; or what it lacks."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from timix_xl.domain.billing_rules import Step


@dataclass(frozen=True, slots=True)
class Charge:
    """What is billed for an entry, not yet rounded; the default rule has no step and no texts."""

    quantity: Decimal
    rate: Decimal
    """The unit price; 0 where there is no quantity that could have one."""
    exact: Decimal
    step: Step | None = None
    rule: str | None = None
    description: str = ""
    invoice_description: str = ""


class Lack(StrEnum):
    """Why there is no charge."""

    STEP = "step"
    RATE = "rate"
    PRICE = "price"
    CURRENCY = "currency"
    """There is a price, but in the company's currency."""
    VALUE = "value"
    """A formula has none for this entry."""


@dataclass(frozen=True, slots=True)
class NoCharge:
    """What an entry lacks to be billed; `stops` where nothing of its project can be billed so."""

    lack: Lack
    detail: str = ""
    stops: bool = False
