"""The mapping file: what an export cannot say, above all which of our codes its names are."""

import json
from collections import Counter
from collections.abc import Mapping as Table
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeAlias

from timix_xl.domain.entries import ApprovalStatus
from timix_xl.errors import FileNotThere, FileUnreadable
from timix_xl.importing import cells
from timix_xl.importing.faults import CellRefused, shown
from timix_xl.importing.refusals import MappingNotUnderstood
from timix_xl.importing.rows import Record
from timix_xl.importing.timesheets.lines import folded

Codes: TypeAlias = Table[str, str | None]
"""Our code by the name in the file; None for none, empty for one that a person has to fill in."""

OURS, FROM_FILE = "ours", "from file"
HOW = (
    'Write our code behind each "" below. null means: none, or none needed.',
    "customers, projects: null leaves the lines of that client or project out.",
    'tasks: leave the "" where our project has no tasks.',
    "status: null (then they are draft, unless --status says so), draft, submitted, approved.",
    'rate: "ours" takes the rates of our books, "from file" those of the file.',
    "rates: a rate here goes before both, a project's before a person's; null means none.",
    'currency: "from file" where the file names one, "ours" for the customer\'s.',
)
CODES = ("customers", "projects", "tasks", "people", "orders")
_RATES = ("projects", "people")
_TEXTS = ("format", "fingerprint")
_KNOWN = ("how", *_TEXTS, "status", "rate", "currency", *CODES, "rates")


@dataclass(frozen=True)
class Mapping:
    """What a person says about an export; `file` is where it was read, if it was."""

    format: str = ""
    fingerprint: str = ""
    status: ApprovalStatus | None = None
    takes_rates: bool = False
    takes_currency: bool = True
    codes: Table[str, Codes] = field(default_factory=lambda: {key: {} for key in CODES})
    rates: Table[str, Table[str, str | None]] = field(
        default_factory=lambda: {key: {} for key in _RATES}
    )

    def rate_of(self, project: str, person: str) -> Decimal | None:
        """Return the rate that is given for a project, else for a person."""
        for key, name in (("projects", project), ("people", person)):
            if rate := self._folded_rates[key].get(folded(name)):
                return Decimal(rate)
        return None

    @cached_property
    def _folded_rates(self) -> Table[str, Table[str, str | None]]:
        return {
            key: {folded(name): rate for name, rate in table.items()}
            for key, table in self.rates.items()
        }


def unfilled(mapping: Mapping) -> int:
    """Count what a person still has to fill in."""
    return sum(code == "" for codes in mapping.codes.values() for code in codes.values())


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises FileNotThere, FileUnreadable, MappingNotUnderstood."""
    try:
        if not path.is_file():
            raise FileNotThere(path=path)
        return mapping_of(str(path), path.read_text("utf-8-sig"))
    except OSError as error:
        why = error.strerror or "the computer does not say why"
        instead = "Check whether you may read it."
        raise FileUnreadable(file=path, why=why, instead=instead) from error
    except UnicodeDecodeError as error:
        raise FileUnreadable(
            file=path, why="it is not UTF-8 text", instead="Save it as UTF-8."
        ) from error


def mapping_of(file: str, text: str) -> Mapping:
    """Read the text of a mapping file."""
    try:
        whole = json.loads(
            text, parse_float=str, parse_int=str, parse_constant=str, object_pairs_hook=_record
        )
        json.dumps(whole, ensure_ascii=False).encode()  # as it is written and stored
    except json.JSONDecodeError as error:
        raise FileUnreadable(
            where=f"line {error.lineno}, column {error.colno}",
            file=file,
            why="it is not JSON there",
            instead="Correct that place; it is often the character before.",
        ) from error
    except RecursionError as error:
        raise MappingNotUnderstood(file=file, why="its brackets are nested too deep") from error
    except UnicodeEncodeError as error:
        half = rf"\u{ord(error.object[error.start]):04x}"
        raise MappingNotUnderstood(file=file, why=f"{half} is no character") from error
    return _Reader(file, _table(file, "it", whole)).mapping()


def text_of(mapping: Mapping) -> str:
    """Write a mapping as the text of its file."""
    whole = {
        "how": list(HOW),
        "format": mapping.format,
        "fingerprint": mapping.fingerprint,
        "status": mapping.status and mapping.status.value,
        "rate": FROM_FILE if mapping.takes_rates else OURS,
        "currency": FROM_FILE if mapping.takes_currency else OURS,
        **{key: dict(mapping.codes[key]) for key in CODES},
        "rates": {key: dict(mapping.rates[key]) for key in _RATES},
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


class _Reader:
    """Reads the parts of a mapping file, each with its place."""

    def __init__(self, file: str, whole: Table[str, Any]) -> None:
        self.file = file
        self.whole = whole
        self._check_keys("", whole, _KNOWN)

    def mapping(self) -> Mapping:
        """Return the whole."""
        rates = _table(self.file, "rates", self.whole.get("rates"))
        self._check_keys("rates, ", rates, _RATES)
        texts = {name: self._text(name, self.whole.get(name)) or "" for name in _TEXTS}
        return Mapping(
            **texts,
            status=self._status(),
            takes_rates=self._is_from_file("rate", OURS),
            takes_currency=self._is_from_file("currency", FROM_FILE),
            codes={key: self._texts(key, self.whole.get(key)) for key in CODES},
            rates={key: self._rates(f"rates, {key}", rates.get(key)) for key in _RATES},
        )

    def _check_keys(self, place: str, table: Table[str, Any], known: Sequence[str]) -> None:
        self._check_twice(place, table)
        for key in table:
            if key not in known:
                raise self._odd(f"{place}{shown(key)} is not known; known are {', '.join(known)}")

    def _check_twice(self, place: str, table: Table[str, Any]) -> None:
        """Refuse a name that stands twice, be it in other capitals."""
        twice = list(getattr(table, "twice", ()))
        counted = Counter(folded(name) for name in table)
        twice += [name for name in table if counted[folded(name)] > 1]
        if twice:
            raise self._odd(f"{place}{shown(twice[0])} stands twice in the same place")

    def _status(self) -> ApprovalStatus | None:
        text = self._text("status", self.whole.get("status"))
        if not text:
            return None
        if text.lower() not in list(ApprovalStatus):
            raise self._odd(f"status is {text}, not one of {', '.join(ApprovalStatus)}")
        return ApprovalStatus(text.lower())

    def _is_from_file(self, name: str, otherwise: str) -> bool:
        text = self._text(name, self.whole.get(name)) or otherwise
        if text not in (OURS, FROM_FILE):
            raise self._odd(f'{name} is "{text}", not "{OURS}" or "{FROM_FILE}"')
        return text == FROM_FILE

    def _rates(self, place: str, value: Any) -> Table[str, str | None]:
        rates = self._texts(place, value)
        for name, rate in rates.items():
            try:
                cells.RATE(rate or "0")
            except CellRefused as error:
                raise self._odd(f'{place}, "{name}" is {rate}, not a rate like 95.00') from error
        return rates

    def _texts(self, place: str, value: Any) -> Table[str, str | None]:
        table = _table(self.file, place, value)
        self._check_twice(f"{place}, ", table)
        return {name: self._text(f'{place}, "{name}"', one) for name, one in table.items()}

    def _text(self, place: str, value: Any) -> str | None:
        if value is not None and not isinstance(value, str):
            raise self._odd(f"{place} is not a text in double quotes")
        return value and value.strip()

    def _odd(self, why: str) -> MappingNotUnderstood:
        return MappingNotUnderstood(file=self.file, why=why)


def _record(pairs: list[tuple[str, Any]]) -> Record:
    record = Record(pairs)
    counted = Counter(name for name, _ in pairs)
    record.twice = tuple(name for name, count in counted.items() if count > 1)
    return record


def _table(file: str, place: str, value: Any) -> Table[str, Any]:
    if value is not None and not isinstance(value, dict):
        raise MappingNotUnderstood(file=file, why=f'{place} is not written like {{"name": "code"}}')
    return value or {}
