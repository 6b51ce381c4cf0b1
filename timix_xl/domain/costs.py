"""What an entry cost us."""

from decimal import Decimal

from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.items import Person
from timix_xl.domain.money import ZERO, rounded

_COSTLESS = {Kind.REMAINDER, Kind.REVERSAL}


def cost_amount(entry: Entry, person: Person | None, currency: str) -> Decimal | None:
    """Return what an entry cost in the company's currency, rounded to it; None if nobody said.

    The cost amount, else quantity x unit cost, else hours worked x the person's cost rate.
    `currency` is the company's, whatever the entry is billed in: there are no exchange rates, so
    for a customer of another currency nothing can be billed by it or compared with it. A remainder costs nothing: its work was counted with the entries that it is left of.
    """
    if entry.kind in _COSTLESS:
        return ZERO
    if entry.cost_amount is not None:
        return entry.cost_amount
    rate = entry.unit_cost if entry.unit_cost is not None else _cost_rate(entry, person)
    return None if rate is None else rounded(entry.quantity * rate, currency)


def _cost_rate(entry: Entry, person: Person | None) -> Decimal | None:
    """Return what an hour of the person costs; material is not made by the hour."""
    return person.cost_rate if person and entry.kind is Kind.TIME else None
