"""Burn: how fast frame orders are used up, and when they will run out."""

import datetime as dt

from timix_xl.domain.burn import Burn, burned
from timix_xl.errors import UnknownCustomer
from timix_xl.store import reading
from timix_xl.store.database import Store


def burn(
    store: Store, customer: str | None = None, *, today: dt.date, as_of: dt.date | None = None
) -> list[Burn]:
    """Return the frame orders with their draws by month and their pace, as of a day's end.

    What is dated later, an invoice dated ahead for example, does not count yet. Raises
    UnknownCustomer.
    """
    day = as_of or today
    with store.reading() as connection:
        if customer and customer not in reading.customer_codes(connection):
            raise UnknownCustomer(customer=customer)
        orders = reading.frame_orders(connection, customer, day)
        draws = reading.draws(connection, day)
    return [burned(order, draws.get(order.number, ()), day) for order in orders]
