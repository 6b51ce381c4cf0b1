"""Copies: a state of the store in memory, to be read for as long as it takes."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from sqlalchemy import Connection, StaticPool, create_engine


@contextmanager
def a_copy(connection: Connection) -> Iterator[Connection]:
    """Copy what a transaction sees into memory; gives a connection to that.

    The transaction need not stay open for it. To copy the pages takes a small part of the time of
    making entries of them and pricing these.
    """
    store = connection.connection.driver_connection
    assert store is not None, "the connection is open"
    memory = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with closing(memory) as copy:
        store.backup(copy)
        engine = create_engine("sqlite://", creator=lambda: copy, poolclass=StaticPool)
        with engine.connect() as to_copy:
            yield to_copy
