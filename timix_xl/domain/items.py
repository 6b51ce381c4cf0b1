"""Items with dated prices; account groups, vendors, people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A sales price in the company's currency, from a day on (None: from the beginning)."""

    price: Decimal
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something sold by the unit."""

    code: str
    name: str = ""
    unit: str = "pcs"
    tax_code: str | None = None
    account_group: str | None = None
    prices: tuple[Price, ...] = ()

    def price_on(self, day: date) -> Decimal | None:
        """Return the sales price that holds on a day, if there is one."""
        holding = [price for price in self.prices if price.since is None or price.since <= day]
        latest = max(holding, key=lambda price: price.since or date.min, default=None)
        return latest.price if latest else None


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountGroup:
    """A kind of cost: LABOR, MATERIAL, SUBCON, TRAVEL and so on."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """Who supplied what an entry is about."""

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who works; the cost rate per hour is in the company's currency."""

    code: str
    name: str
    bill_rate: Decimal | None = None
    cost_rate: Decimal | None = None
    reports_to: str | None = None
