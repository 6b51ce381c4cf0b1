"""Utilization: frame orders with what is billed and what remains."""

import datetime as dt

from timix_xl.billing.load import customer_codes
from timix_xl.domain.frame_orders import FrameOrder
from timix_xl.errors import UnknownCustomer
from timix_xl.store import reading
from timix_xl.store.database import Store


def utilization(
    store: Store, customer: str | None = None, *, as_of: dt.date | None = None
) -> list[FrameOrder]:
    """Return frame orders as of the end of a day (None: so far); raises UnknownCustomer."""
    if customer and customer not in customer_codes(store):
        raise UnknownCustomer(customer=customer)
    with store.reading() as connection:
        return reading.frame_orders(connection, customer, as_of)
