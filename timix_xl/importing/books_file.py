"""Read a books file: JSON, strictly, with the place of what is wrong."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from timix_xl.errors import FileUnreadable
from timix_xl.importing import faults
from timix_xl.importing.cells import Constant, NumberText
from timix_xl.importing.faults import RowFault, shown, trouble
from timix_xl.importing.rows import Placed, Record
from timix_xl.importing.sections import KEYS, SINGLE

MOST_VALUES = 5_000_000
"""What is read of a file: a short text can stand for many values, each of which takes memory."""

_WORDS = {
    "Expecting ',' delimiter": "a comma or a closing bracket is missing",
    "Expecting property name": "a key in double quotes should stand here",
    "Expecting ':' delimiter": "a colon is missing behind the key",
    "Illegal trailing comma": "there is a comma behind the last one",
    "Expecting value": "a value should stand here",
    "Unterminated string": "a text has no closing quote",
    "Invalid control character": "a text has a line end or another control character",
    "Invalid \\": "a backslash in a text has to be written twice",
    "Extra data": "something follows behind the end",
}


def books_rows(file: str, text: str) -> tuple[Mapping[str, Sequence[Placed]], list[RowFault]]:
    """Return the rows of a books file by key, and what is wrong around them."""
    whole = _parsed(file, text)
    rows: dict[str, list[Placed]] = {}
    refused = [
        trouble(faults.KEY_TWICE, shown(key), value=shown(key)).at(file, "") for key in whole.twice
    ]
    for key, value in whole.items():
        if key not in KEYS:
            facts = {"value": shown(key), "known": ", ".join(KEYS)}
            refused.append(trouble(faults.UNKNOWN_KEY, shown(key), **facts).at(file, ""))
        elif key in SINGLE:
            rows[key] = [Placed(file, key, value)] if value is not None else []
        elif isinstance(value, list):
            rows[key] = [Placed(file, f"{key}[{at}]", row) for at, row in enumerate(value)]
        elif value is not None:
            facts = {"column": key, "wanted": "a list", "example": f'"{key}": [{{…}}]'}
            refused.append(trouble(faults.NOT_A_LIST, key, **facts).at(file, ""))
    return rows, refused


def _parsed(file: str, text: str) -> Record:
    if text.count(",") > MOST_VALUES:
        raise FileUnreadable(
            file=file,
            why=f"it has more than {MOST_VALUES:,} values",
            instead="Split it into several files; they can be given to one import, in order.",
        )
    try:
        whole = json.loads(
            text,
            object_pairs_hook=_record,
            parse_float=NumberText,
            parse_int=NumberText,
            parse_constant=Constant,
        )
    except json.JSONDecodeError as error:
        raise _not_json(file, text, error) from error
    except RecursionError as error:
        why = "its brackets are nested too deep"
        raise FileUnreadable(file=file, why=why, instead="Compare it with the example.") from error
    if not isinstance(whole, Record):
        raise FileUnreadable(
            file=file,
            why="it is not an object with keys like customers and projects",
            instead='It should begin like {"company": {"name": "…"}, "customers": […]}.',
        )
    return whole


def _record(pairs: list[tuple[str, Any]]) -> Record:
    record = Record(pairs)
    if len(record) < len(pairs):
        times = Counter(key for key, _ in pairs)
        record.twice = tuple(key for key in record if times[key] > 1)
    return record


def _not_json(file: str, text: str, error: json.JSONDecodeError) -> FileUnreadable:
    why = next((says for words, says in _WORDS.items() if error.msg.startswith(words)), "")
    if error.pos >= len(text.rstrip()):
        why = "it ends too early; perhaps it was cut off"
    return FileUnreadable(
        where=f"line {error.lineno}, column {error.colno}",
        file=file,
        why=why or "it is not JSON there",
        instead="Correct that place; it is often the character before.",
    )
