"""What a seal covers: the document as printed, and its rows as stored."""

import json
from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Integer, Select, Table, select, type_coerce
from sqlalchemy.dialects import sqlite
from sqlalchemy.types import TypeDecorator

from timix_xl.domain.invoices import Document
from timix_xl.domain.seal import Plain, canonical
from timix_xl.store.columns import Flag

FORMAT = 1
UNSEALED = {"status", "content", "previous_seal", "seal"}
_DIALECT = sqlite.dialect()
_document = TypeAdapter(Document)


def content(document: Document, rows: Mapping[str, list[dict[str, Any]]]) -> str:
    """Write the canonical snapshot of a document: printed values and stored rows."""
    printed = _document.dump_python(document, mode="json")
    stored: Plain = {name: list(some) for name, some in rows.items()}
    return canonical({"format": FORMAT, "printed": printed, "rows": stored})


def printed(text: str) -> Document:
    """Read the document back from its snapshot."""
    return _document.validate_python(json.loads(text)["printed"])


def raw_row(table: Table, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row as the database keeps it: integers and text; absent values left out."""
    raw = {}
    for column in table.columns:
        value = values.get(column.name)
        if isinstance(column.type, TypeDecorator):
            value = column.type.process_bind_param(value, _DIALECT)
        if value is not None:
            raw[column.name] = value
    return raw


def select_raw(table: Table) -> Select[Any]:
    """Select a table's rows as the database keeps them."""
    return select(
        *(type_coerce(column, stored_type(column)).label(column.name) for column in table.columns)
    )


def stored_type(column: Any) -> Any:
    """Return the type that the database sees; yes and no are 1 and 0."""
    if isinstance(column.type, Flag):
        return Integer()
    return column.type.impl if isinstance(column.type, TypeDecorator) else column.type
