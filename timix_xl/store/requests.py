"""Requests that were done before, and what came of them."""

import json
from typing import Any

from sqlalchemy import (
    Connection,
    insert,
    select,
)

from timix_xl.domain.seal import canonical
from timix_xl.store import tables as t


def first_result(connection: Connection, request: str) -> tuple[str, Any] | None:
    """Return the fingerprint and the result of a request that was done before."""
    row = connection.execute(select(t.requests).where(t.requests.c.id == request)).one_or_none()
    return (row.fingerprint, json.loads(row.result)) if row else None


def save_request(
    connection: Connection, request: str, action: str, fingerprint: str, result: Any
) -> None:
    """Remember a request's result, for a retry."""
    row = {
        "id": request,
        "action": action,
        "fingerprint": fingerprint,
        "result": canonical(result),
    }
    connection.execute(insert(t.requests), [row])
