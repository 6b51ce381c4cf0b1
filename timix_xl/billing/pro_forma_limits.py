"""Limits of pro formas: what they leave for each line."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from timix_xl.billing.limits import line_limits
from timix_xl.domain.books import Books
from timix_xl.domain.limits import LineLimit
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.store import reading
from timix_xl.store.database import Store


def pro_forma_limits(
    store: Store, pro_formas: Sequence[ProForma]
) -> dict[int, Mapping[int, LineLimit]]:
    """Return by document and line what the limits leave; of a closed one its invoice is judged."""
    with store.reading() as connection:
        customers = {one.customer for one in pro_formas}
        books = {code: reading.books(connection, code) for code in customers}
        return {
            one.document_id: _limits(connection, one, books[one.customer]) for one in pro_formas
        }


def _limits(connection: Connection, one: ProForma, books: Books) -> Mapping[int, LineLimit]:
    if one.state is ProFormaState.CLOSED:
        return {}
    return line_limits(connection, one.document, books, leaving_out={one.document_id})
