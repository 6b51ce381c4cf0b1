"""Tax codes with dated rates; which code and percent hold for an entry."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum


class TaxCategory(StrEnum):
    """Category of a tax code (EN 16931, UNTDID 5305)."""

    STANDARD = "S"
    ZERO_RATED = "Z"
    EXEMPT = "E"
    REVERSE_CHARGE = "AE"
    INTRA_COMMUNITY = "K"
    EXPORT = "G"
    OUTSIDE_SCOPE = "O"


# EN 16931, rules BR-S-02, BR-Z-02, BR-E-02, BR-AE-02, BR-IC-02, BR-G-02.
SELLER_TAX_ID_NEEDED = set(TaxCategory) - {TaxCategory.OUTSIDE_SCOPE}
BUYER_TAX_ID_NEEDED = {TaxCategory.REVERSE_CHARGE, TaxCategory.INTRA_COMMUNITY}
# EN 16931, rules BR-E-10, BR-AE-10, BR-IC-10, BR-G-10, BR-O-10.
NOTE_NEEDED = set(TaxCategory) - {TaxCategory.STANDARD, TaxCategory.ZERO_RATED}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRate:
    """A percentage from a day on (None: from the beginning)."""

    percent: Decimal
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxCode:
    """A kind of tax with its dated rates and the note that is printed."""

    code: str
    category: TaxCategory
    rates: tuple[TaxRate, ...]
    note: str = ""

    def percent_on(self, day: date) -> Decimal | None:
        """Return the percentage on a day, or None before the code's first rate."""
        holding = [rate for rate in self.rates if rate.since is None or rate.since <= day]
        latest = max(holding, key=lambda rate: rate.since or date.min, default=None)
        return latest.percent if latest else None
