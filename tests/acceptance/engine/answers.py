"""What a command answered, as the rows that a case's tables are compared with."""

import re
from decimal import Decimal
from typing import Any

from tests.acceptance.engine.case_file import Row, Table

Json = Any
Rows = list[dict[str, Json]]


def compared(table: Table, answer: Json) -> list[Row]:
    """Return what the answer has for each row and column of a table, written as the table does."""
    found = rows_of(table.name, answer)
    names = list(table.rows[0]) if table.rows else []
    rows = [{name: _written(row.get(name)) for name in names} for row in found]
    return [_alike(row, wanted) for row, wanted in zip(rows, table.rows, strict=False)] + rows[
        len(table.rows) :
    ]


def rows_of(name: str, answer: Json) -> Rows:
    """Find the rows that a table is about, by its name."""
    if name == "refused":
        return _refused(answer)
    if name == "figures":
        return [{"figure": key, **one} for key, one in _figures(answer).items()]
    if name == "documents":
        return [{**one, "document": str(at)} for at, one in enumerate(_documents(answer), start=1)]
    if name in {"lines", "not printed", "tax"}:
        return [
            {**line, "document": str(at)}
            for at, one in enumerate(_documents(answer), start=1)
            for line in one[name.replace(" ", "_")]
        ]
    key = name.replace(" ", "_")
    runs = answer.get("projects", []) if isinstance(answer, dict) and key not in answer else []
    rows = [row for run in runs for row in run[key]] if runs else answer
    if isinstance(rows, dict):
        rows = rows[key]
    return [{"id": row} if isinstance(row, str) else row for row in rows]


def _documents(answer: Json) -> Rows:
    if isinstance(answer, list):
        return [one for each in answer for one in _documents(each)]
    if "lines" in answer:
        return [answer]
    nested = ("projects", "documents", "document", "pro_formas", "customers")
    found = [answer[key] for key in nested if isinstance(answer.get(key), (list, dict))]
    return [one for each in found for one in _documents(each)]


def _figures(answer: Json) -> dict[str, Json]:
    """Find what is told in hours and money: of a run, or of a month that is rolled forward."""
    within = next((key for key in ("projects", "lines") if key in answer), None)
    whole = answer[within][0] if within else answer
    return {key: one for key, one in whole.items() if isinstance(one, dict) and "hours" in one}


def _refused(answer: Json) -> Rows:
    stopped = [answer] if "error" in answer else answer.get("projects", [])
    errors = [one["error"] for one in stopped if one.get("error")]
    return [row for error in errors for row in error.get("faults") or [error]]


def _written(value: Json) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "" if value is None else str(value)


def _alike(row: Row, wanted: Row) -> Row:
    """Write a value as the table does where both mean the same."""
    return {name: wanted[name] if same(text, wanted[name]) else text for name, text in row.items()}


def same(found: str, wanted: str) -> bool:
    """Whether a value is the wanted one: numbers by value; `…` stands for any text."""
    numbers = [re.fullmatch(r"-?[\d,]*\.?\d+", text) for text in (found, wanted)]
    if all(numbers):
        one, other = (Decimal(text.replace(",", "")) for text in (found, wanted))
        return one == other
    found = found.replace("_", " ") if "_" not in wanted else found
    pattern = ".*".join(re.escape(part) for part in wanted.split("…"))
    return re.fullmatch(pattern, found, re.DOTALL) is not None
