"""Parts: an entry split in two, which share its quantity, its hours and its cost without loss."""

import datetime as dt
from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal
from itertools import count

from timix_xl.domain.default_rule import unit_cost
from timix_xl.domain.entries import Entry, Kind
from timix_xl.domain.money import QUANTITY_PLACES, quantized, rounded


def part_ids(whole: str, taken: Collection[str]) -> tuple[str, str]:
    """Name the two parts of an entry; a name that another entry has is passed over.

    >>> part_ids("E1", ())
    ('E1/1', 'E1/2')
    """
    free = (name for at in count(1) if (name := f"{whole}/{at}") not in taken)
    return next(free), next(free)


def parted(
    whole: Entry,
    bill_quantity: Decimal,
    ids: tuple[str, str],
    *,
    cost_currency: str,
    wip_from: dt.date,
) -> tuple[Entry, Entry]:
    """Split an entry into the part that is billed and the rest.

    The worked quantity and the cost are shared in proportion; what rounding leaves is the rest's.
    """
    share = bill_quantity / whole.billable_quantity
    worked = quantized(whole.quantity * share, QUANTITY_PLACES)
    cost = None if whole.cost_amount is None else rounded(whole.cost_amount * share, cost_currency)
    common = replace(
        whole,
        unit_cost=_unit_cost(whole),
        source=None,
        external_id=None,
        part_of=whole.id,
        wip_from=wip_from,
    )
    billed = replace(
        common,
        id=ids[0],
        quantity=worked,
        billable_quantity=bill_quantity,
        cost_amount=cost,
    )
    rest = replace(
        common,
        id=ids[1],
        quantity=whole.quantity - worked,
        billable_quantity=whole.billable_quantity - bill_quantity,
        cost_amount=None if cost is None else _minus(whole.cost_amount, cost),
    )
    return billed, rest


def _minus(amount: Decimal | None, part: Decimal) -> Decimal | None:
    return None if amount is None else amount - part


def _unit_cost(whole: Entry) -> Decimal | None:
    """Keep the unit cost; material billed at cost has a price of the whole that its parts keep."""
    return unit_cost(whole) if whole.kind is Kind.MATERIAL else whole.unit_cost
