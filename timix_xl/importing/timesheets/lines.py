"""The lines of an export: each as the facts that we take, in its own names, with an identity."""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal

from timix_xl.importing.cells import CODE_LENGTH

_SEPARATORS = re.compile(r"[\s,;=]+")
_DIGEST_LENGTH = 12
_SHORT_LENGTH = 8
_GIVEN = re.compile(
    r"(.*@\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d|\d{4}-\d\d-\d\d-[0-9a-f]{12})"
    r"(?:~[0-9a-f]{8})?(?:-[0-9]+)?",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Line:
    """A line that reads well; names are those of the export, empty where it says nothing."""

    row: int | str
    client: str
    project: str
    project_code: str
    task: str
    person: str
    person_code: str
    description: str
    date: date
    start: time | None
    hours: Decimal
    billable_hours: Decimal | None
    is_billable: bool
    rate: str
    amount: str
    currency: str
    order: str
    billed_elsewhere: str
    is_approved: bool | None
    identity: str = ""


def one_line(text: str) -> str:
    """Write a name as it is compared: composed characters, single spaces."""
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def folded(name: str) -> str:
    """Write a name as it is looked up: capitals and spaces apart."""
    return one_line(name).casefold()


def identity(source: str, line: Line) -> str:
    """Return the id by which a line is known again, whatever else is in its file.

    Person and start time, else the line's names, date and description. Several lines can share it:
    `matching` tells them apart.
    """
    if line.start is None or not line.person:
        names = (folded(one) for one in (line.person, line.client, line.project, line.task))
        return f"{line.date}-{_digest((*names, line.description))[:_DIGEST_LENGTH]}"
    person = _SEPARATORS.sub("-", folded(line.person))
    moment = f"{line.date}T{line.start.isoformat('seconds')}"
    room = CODE_LENGTH - len(source) - len(moment) - len(":@~12345678-1000000")
    if len(person) > room or not person.isprintable():
        person = _digest((folded(line.person),))[:_DIGEST_LENGTH]
    return f"{person}@{moment}"


def identity_of(external_id: str) -> str:
    """Return the identity in an id that `matching` gave out.

    >>> identity_of("ann-porter@2026-01-05T08:30:00~0a1b2c3d-2")
    'ann-porter@2026-01-05T08:30:00'
    """
    found = _GIVEN.fullmatch(external_id)
    return found[1] if found else external_id


def project_digest(line: Line) -> str:
    """Return what tells the lines of one client and project from others of their identity."""
    return _digest((folded(line.client), folded(line.project)))[:_SHORT_LENGTH]


def same_in(line: Line) -> str:
    """Say what lines of one identity share."""
    return "person and start" if line.start and line.person else "day, names and notes"


def _digest(texts: Iterable[str]) -> str:
    whole = "\x1f".join(one_line(text) for text in texts)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()


def combinations(lines: Iterable[Line]) -> Mapping[str, Sequence[Line]]:
    """Return the first line of each combination of names, by what a mapping asks about."""
    found: dict[str, dict[object, Line]] = {}
    for line in lines:
        for key, names in (
            ("customers", line.client),
            ("projects", (line.client, line.project)),
            ("tasks", (line.client, line.project, line.task)),
            ("people", line.person),
            ("orders", (line.client, line.project, line.order) if line.order else ""),
        ):
            if names:
                found.setdefault(key, {}).setdefault(_folded_names(names), line)
    return {key: tuple(by_name.values()) for key, by_name in found.items()}


def _folded_names(names: str | tuple[str, ...]) -> object:
    return folded(names) if isinstance(names, str) else tuple(folded(name) for name in names)
