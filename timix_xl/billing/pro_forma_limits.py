"""Limits of pro formas: what they leave for each line."""

from collections.abc import Mapping, Sequence

from timix_xl.billing.limits import line_limits
from timix_xl.domain.limits import LineLimit
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.store import reading
from timix_xl.store.database import Store


def pro_forma_limits(
    store: Store, pro_formas: Sequence[ProForma]
) -> dict[int, Mapping[int, LineLimit]]:
    """Return by document and line what the limits leave; of a closed one its invoice is judged."""
    closed = [one for one in pro_formas if one.state is ProFormaState.CLOSED]
    found: dict[int, Mapping[int, LineLimit]] = {one.document_id: {} for one in closed}
    by_customer: dict[str, list[ProForma]] = {}
    for one in pro_formas:
        if one.state is not ProFormaState.CLOSED:
            by_customer.setdefault(one.customer, []).append(one)
    with store.reading() as connection:
        for customer, some in by_customer.items():
            books = reading.books(connection, customer)
            documents, themselves = (
                [one.document for one in some],
                [{one.document_id} for one in some],
            )
            limits = line_limits(connection, documents, books, leaving_out=themselves)
            found |= {one.document_id: left for one, left in zip(some, limits, strict=True)}
    return found
