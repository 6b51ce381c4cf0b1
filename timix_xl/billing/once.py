"""Once: a request id makes a retry return the first result instead of acting again."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from timix_xl.domain.money import plain
from timix_xl.errors import RequestReused
from timix_xl.store import requests


def fingerprint(parts: Sequence[object]) -> str:
    """Fingerprint what is asked for; 1 and 1.00 are the same amount."""
    words = [plain(part) if isinstance(part, Decimal) else str(part) for part in parts]
    return hashlib.sha256("\x1f".join(words).encode()).hexdigest()


def told_apart(parts: Iterable[object]) -> Iterator[object]:
    """Return parts in which nothing is not the word None, and one list not another.

    Requests that were kept before this stay what they are: they do without it.
    """
    for part in parts:
        if isinstance(part, list | tuple):
            yield f"\x00{len(part)}"
            yield from told_apart(part)
        else:
            yield "\x00" if part is None else part


def done_before(connection: Connection, request: str | None, asked: str) -> dict[str, Any] | None:
    """Return the first result of a request, if there was one.

    Raises RequestReused for the same id with other content.
    """
    first = requests.first_result(connection, request) if request else None
    if first is None:
        return None
    if first[0] != asked:
        raise RequestReused(request=request)
    result: dict[str, Any] = first[1]
    return result


def result_of(connection: Connection, request: str) -> dict[str, Any] | None:
    """Return the first result of a request whose id says all that was asked for."""
    first = requests.first_result(connection, request)
    return None if first is None else dict(first[1])


def remember(
    connection: Connection,
    request: str | None,
    action: str,
    asked: str,
    result: dict[str, Any] | None = None,
) -> None:
    """Keep the result of a request that has an id."""
    if request:
        requests.save_request(connection, request, action, asked, result or {})
