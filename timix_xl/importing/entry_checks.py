"""What is checked of a completed entry: unit, quantities, costs."""

from collections.abc import Iterator

from timix_xl.domain.entries import Kind
from timix_xl.domain.frame_orders import HOURS
from timix_xl.domain.money import ZERO, rounded
from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, trouble
from timix_xl.importing.opening import too_fine
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing


def entry_troubles(row: Row, standing: Standing) -> Iterator[Trouble]:
    """Find what cannot be in an entry."""
    yield from _unit(row)
    yield from _frame_order(row, standing)
    if row["kind"] is Kind.REMAINDER:
        return  # its figures are other ones: see `remainders`
    if row["part_of"]:
        return  # its figures are a share of its entry's, which is checked
    yield from _quantities(row)
    if row["cost_amount"] is not None:
        yield from _costs(row, standing.home)


def _unit(row: Row) -> Iterator[Trouble]:
    if row["kind"] is Kind.TIME and row["unit"] != HOURS:
        yield trouble(faults.TIME_IS_IN_HOURS, "unit", value=row["unit"])


def _frame_order(row: Row, standing: Standing) -> Iterator[Trouble]:
    customer = standing.customer_of(row["project"])
    order = standing.find("frame_orders", row["frame_order"])
    if order is not None and order["customer"] != customer:
        facts = {"order": order["number"], "owner": order["customer"], "customer": customer}
        yield trouble(faults.ORDER_OF_ANOTHER, "frame_order", **facts)


def _quantities(row: Row) -> Iterator[Trouble]:
    quantity, billable = row["quantity"], row["billable_quantity"]
    is_time = row["kind"] is Kind.TIME
    if not quantity and (is_time or not row["cost_amount"]):
        also = "" if is_time else " and no cost amount"
        yield trouble(faults.NOTHING_IN_IT, "quantity", also=also)
    elif billable and (not quantity or (billable < 0) != (quantity < 0)):
        facts = {"billable": billable, "quantity": quantity}
        yield trouble(faults.SIGNS_DIFFER, "billable_quantity", **facts)


def _costs(row: Row, home: str) -> Iterator[Trouble]:
    if not home:
        yield trouble(faults.COST_WITHOUT_COMPANY, "cost_amount")
        return
    yield from too_fine(row, ("cost_amount",), home)
    product = rounded(row["quantity"] * (row["unit_cost"] or ZERO), home)
    if row["unit_cost"] is not None and product != row["cost_amount"]:
        facts = {"amount": row["cost_amount"], "product": product}
        yield trouble(faults.COSTS_DISAGREE, "cost_amount", **facts)
