"""Books as a JSON file: a row to a line, the same bytes for the same books."""

import datetime as dt
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from timix_xl.importing.books_export import Books
from timix_xl.importing.sections import SINGLE


def as_json(books: Books) -> bytes:
    """Write books as a JSON file that import takes."""
    keys = [f"  {_text(key)}: {_key(key, rows)}" for key, rows in books.rows.items()]
    return ("{\n" + ",\n".join(keys) + "\n}\n").encode()


def _key(key: str, rows: Any) -> str:
    lines = [_text(_plain(row)) for row in rows]
    return lines[0] if key in SINGLE else "[\n    " + ",\n    ".join(lines) + "\n  ]"


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: what is exact is text, an address a list of lines."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return [_plain(one) for one in value]
    if isinstance(value, Mapping):
        return {
            name: _lines(one) if name == "address" else _plain(one) for name, one in value.items()
        }
    return value


def _lines(address: str) -> str | list[str]:
    """Return the lines of an address, where they read back as the same text."""
    lines = address.split("\n")
    return lines if all(line and line == line.strip() for line in lines) else address
