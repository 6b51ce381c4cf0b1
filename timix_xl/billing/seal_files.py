"""Files of period seals: written for people to read, read back only as they were written."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from timix_xl.billing.refusals import NotASeal, SealEdited, SealNewer
from timix_xl.domain.period_seals import PeriodSeal
from timix_xl.domain.seal import canonical, mark
from timix_xl.errors import FileNotThere
from timix_xl.store import tables as t

_DIGITS = 18
_DECIMALS = 6
FORMAT = "timix-seal1"
MOST_BYTES = 256 * 2**20
"""A seal of some million documents; what is larger is no seal."""
_MOST = 2**31 - 1
_LATER = re.compile(r"timix-seal[1-9]\d{0,5}", re.ASCII)
_OUTSIDE = ("format", "fingerprint")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_seal = TypeAdapter(PeriodSeal)


@dataclass(frozen=True, slots=True)
class SealFile:
    """A seal as it was read, and the fingerprint of its content."""

    path: Path
    seal: PeriodSeal
    fingerprint: str


def plain(seal: PeriodSeal) -> dict[str, Any]:
    """Return a seal with its format and fingerprint, as its file has it."""
    content = _plain(seal)
    return {"format": FORMAT, "fingerprint": _fingerprint(content), **content}


def fingerprint(seal: PeriodSeal) -> str:
    """Return what changes with anything in a seal; people compare its first characters."""
    return _fingerprint(_plain(seal))


def _plain(seal: PeriodSeal) -> dict[str, Any]:
    content: dict[str, Any] = _seal.dump_python(seal, mode="json")
    return content


def _fingerprint(content: dict[str, Any]) -> str:
    text = f"{FORMAT}\n{canonical(content)}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def in_a_line(text: str) -> str:
    r"""Write a text as a seal has it: what was sealed by whom is shown in a line of its own.

    >>> in_a_line("Us\nLtd")
    'Us Ltd'
    """
    return _CONTROL.sub(" ", text)


def as_file(seal: PeriodSeal) -> bytes:
    """Write a seal, line by line; the same seal gives the same bytes."""
    return (json.dumps(plain(seal), ensure_ascii=False, indent=2) + "\n").encode()


def read_seal(path: Path) -> SealFile:
    """Read a seal; raises FileNotThere, NotASeal, SealNewer, SealEdited."""
    whole = _parsed(path)
    _check_format(path, whole)
    content = {name: whole[name] for name in whole if name not in _OUTSIDE}
    made, said = _fingerprint(content), whole.get("fingerprint")
    if said != made:
        shown = mark(said) if isinstance(said, str) else "missing"
        raise SealEdited(file=path, said=shown, made=mark(made))
    return SealFile(path, _told(path, content), made)


def _parsed(path: Path) -> dict[str, Any]:
    try:
        whole = json.loads(
            _read(path),
            object_pairs_hook=_once,
            parse_int=_whole,
            parse_float=_no_number,
            parse_constant=_no_number,
        )
    except (ValueError, RecursionError) as error:
        raise NotASeal(file=path, why="it is no JSON that a seal could be") from error
    if not isinstance(whole, dict):
        raise NotASeal(file=path, why="it is a JSON file of something else")
    return whole


def _read(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise NotASeal(file=path, why="it is too large for one")
        return path.read_text("utf-8")
    except FileNotFoundError as error:
        raise FileNotThere(path=path) from error
    except OSError as error:
        raise NotASeal(file=path, why=error.strerror or "it cannot be read") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a name that stands twice: a person would read the one, and we the other."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _whole(text: str) -> int:
    number = int(text)
    if not 0 <= number <= _MOST:
        raise ValueError("out of range")
    return number


def _no_number(text: str) -> Any:
    raise ValueError(text)


def _check_format(path: Path, whole: dict[str, Any]) -> None:
    said = whole.get("format")
    if said == FORMAT:
        return
    if isinstance(said, str) and _LATER.fullmatch(said):
        raise SealNewer(file=path, format=said)
    raise NotASeal(file=path, why=f'its format is not "{FORMAT}"')


def _told(path: Path, content: dict[str, Any]) -> PeriodSeal:
    """Read the content of a seal: anybody can put a fingerprint that fits beside anything."""
    try:
        seal = _seal.validate_json(json.dumps(content), strict=True)
    except ValidationError as error:
        place = ".".join(map(str, error.errors()[0]["loc"]))
        raise NotASeal(file=path, why=f"{place} is missing or is of another kind") from error
    if _plain(seal) != content:
        raise NotASeal(file=path, why="it says something that no seal says")
    if any(map(_CONTROL.search, _texts(content))):
        raise NotASeal(file=path, why="a text of it has a line break or another control character")
    if {one.name for one in seal.tables} - {table.name for table in t.CHAINED}:
        raise NotASeal(file=path, why="it names a table that is none of ours")
    if not all(map(_is_an_amount, _numbers(seal))):
        raise NotASeal(file=path, why="it has a number that no document comes to")
    if any(one.count != len(one.documents) or one.count > one.last_seq for one in seal.series):
        raise NotASeal(file=path, why="it counts other documents than it lists")
    return seal


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _numbers(seal: PeriodSeal) -> Iterator[Decimal]:
    for series in seal.series:
        yield series.hours
        for one in series.sums:
            yield from (one.subtotal, one.tax, one.total)


def _is_an_amount(number: Decimal) -> bool:
    """Whether a number can be written out: a text of a few letters can mean billions of digits."""
    if not number.is_finite():
        return False
    return number.adjusted() < _DIGITS and int(number.as_tuple().exponent) >= -_DECIMALS
