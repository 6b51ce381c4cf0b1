"""Frame orders and opening invoices: what was agreed and billed before, and what is still owed."""

from collections.abc import Iterator
from datetime import date, timedelta

from timix_xl.domain.frame_orders import HOURS, Overrun
from timix_xl.domain.money import ZERO, minor_digits, plain, worded
from timix_xl.domain.settings import BillingSettings
from timix_xl.importing import cells, faults, series
from timix_xl.importing.checks import before_its_end, cannot_change
from timix_xl.importing.faults import CellRefused, Trouble, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing

TAKEN_BY = "an opening invoice"


def frame_order(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check the total and its unit, the validity, and that what is drawn still fits."""
    yield from before_its_end(row["valid_from"], row["valid_to"], "valid_to")
    totals = [name for name in ("total_hours", "total_amount") if row[name] is not None]
    if len(totals) != 1:
        count = "both" if totals else "none"
        yield trouble(faults.ONE_TOTAL, "total_hours", count=count)
        return
    order = settled_order(row, standing)
    if order["unit"] != HOURS:
        yield from too_fine(row, ("total_amount", "billed_before"), order["unit"])
    if was is not None and _is_used(was, standing):
        what, why = f"of frame order {row['number']}", "the frame order has been drawn on"
        yield from cannot_change(order, was, "customer", f"The customer {what}", why)
        if order["unit"] != was["unit"]:
            facts = {"before": was["unit"], "after": order["unit"], "why": why}
            yield trouble(faults.CANNOT_CHANGE, totals[0], what=f"The unit {what}", **facts)
            return
    yield from _overdrawn(order, was, totals[0], standing)


def _is_used(was: Row, standing: Standing) -> bool:
    return was["number"] in standing.drawn or bool(was["billed_before"])


def _overdrawn(order: Row, was: Row | None, column: str, standing: Standing) -> Iterator[Trouble]:
    billed = order["billed_before"] + standing.drawn.get(order["number"], ZERO)
    is_lowered = was is not None and order["total"] < was["total"]
    if billed > order["total"] and (order["overrun"] is Overrun.BLOCK or is_lowered):
        unit = order["unit"]
        facts = {"billed": f"{plain(billed)} {unit}", "total": f"{plain(order['total'])} {unit}"}
        yield trouble(faults.ORDER_OVERDRAWN, column, **facts)


def too_fine(row: Row, columns: tuple[str, ...], currency: str) -> Iterator[Trouble]:
    """Refuse amounts with more decimals than their currency has."""
    for column in columns:
        try:
            cells.check_decimals(row[column] or ZERO, minor_digits(currency))
        except CellRefused as refused:
            yield trouble(refused.kind, column, **refused.facts)


def settled_order(row: Row, standing: Standing) -> Row:
    """Turn the two ways of giving a total into a total and its unit."""
    in_hours = row["total_hours"] is not None
    others = {name: row[name] for name in row if name not in ("total_hours", "total_amount")}
    return others | {
        "unit": HOURS if in_hours else standing.currency_of(row["customer"]),
        "total": row["total_hours"] if in_hours else row["total_amount"],
    }


def settle_frame_order(row: Row, _: Row | None, standing: Standing) -> Row:
    """Keep the order; from now on the customer's currency stays."""
    standing.used_customers.add(row["customer"])
    return settled_order(row, standing)


def open_invoice(row: Row, was: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check the number against all others, the dates and the amounts."""
    yield from too_fine(row, ("total", "paid"), standing.currency_of(row["customer"]))
    yield from before_its_end(row["issue_date"], row["due_date"], "due_date")
    yield from _paid_the_wrong_way(row)
    if was is None:
        yield from _number_problems(row["number"], standing)
        yield from _in_closed_month(row["issue_date"], standing)
    else:
        what, why = f"The customer of {row['number']}", "the number stands on a paper already"
        yield from cannot_change(row, was, "customer", what, why)
        if row["issue_date"] != was["issue_date"]:
            earlier = min(row["issue_date"], was["issue_date"])
            yield from _in_closed_month(earlier, standing)


def _in_closed_month(day: date, standing: Standing) -> Iterator[Trouble]:
    """Refuse what would change the register of a closed month."""
    until = standing.locked_until
    if until and day <= until:
        yield trouble(faults.IN_CLOSED_MONTH, "issue_date", day=day, until=until)


def _paid_the_wrong_way(row: Row) -> Iterator[Trouble]:
    """Refuse a payment of the other sign; one beyond the total is taken with a warning."""
    if row["paid"] and (row["paid"] < 0) != (row["total"] < 0):
        low, high = sorted((ZERO, row["total"]))
        yield trouble(faults.OUT_OF_RANGE, "paid", value=row["paid"], low=low, high=high)


def look_at_open_invoice(row: Row, _: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Tell of more paid than the invoice comes to: overpaid, or credited after it was paid."""
    paid, whole = row["paid"], row["total"]
    if paid > whole >= 0:
        currency = standing.currency_of(row["customer"])
        amounts = {"paid": paid, "total": whole, "over": paid - whole}
        facts = {name: worded(amount, currency) for name, amount in amounts.items()}
        yield trouble(faults.OWED_TO_CUSTOMER, "paid", **facts)


def _number_problems(number: str, standing: Standing) -> Iterator[Trouble]:
    if taken := standing.find("numbers", number):
        facts = {"value": number, "taken_by": taken["taken_by"]}
        yield trouble(faults.NUMBER_IS_TAKEN, "number", **facts)
    elif example := series.would_make(number, standing):
        yield trouble(faults.NUMBER_WOULD_COME_AGAIN, "number", number=number, example=example)


def settle_open_invoice(row: Row, was: Row | None, standing: Standing) -> Row:
    """Keep the invoice, take its number, and fall back on the customer's payment terms."""
    standing.used_customers.add(row["customer"])
    if was is None:
        standing.put("numbers", {"number": row["number"], "taken_by": TAKEN_BY})
    return row | {"due_date": row["due_date"] or row["issue_date"] + _terms(row, standing)}


def _terms(row: Row, standing: Standing) -> timedelta:
    days = standing.now["customers"][(row["customer"],)]["payment_terms_days"]
    settings = standing.find("settings")
    stored = settings["payment_terms_days"] if settings else BillingSettings().payment_terms_days
    return timedelta(days=stored if days is None else days)
