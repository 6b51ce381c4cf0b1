"""Undisturbed: several looks at a store that show one state of it."""

from collections.abc import Callable
from typing import TypeVar

from timix_xl.store import chained
from timix_xl.store.database import Store

T = TypeVar("T")
MOST_TRIES = 5


def undisturbed(store: Store, gather: Callable[[], T]) -> T:
    """Gather again where somebody wrote meanwhile; a store that never rests is taken as it is."""
    for _ in range(MOST_TRIES):
        before = _heads(store)
        gathered = gather()
        if _heads(store) == before:
            break
    return gathered


def _heads(store: Store) -> dict[str, str]:
    with store.reading() as connection:
        return chained.heads(connection)
