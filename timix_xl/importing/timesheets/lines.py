"""The lines of an export: each as the facts that we take, in its own names, with an identity."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from timix_xl.importing.cells import CODE_LENGTH

_SEPARATORS = re.compile(r"[\s,;=]+")
_DIGEST_LENGTH = 12


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
    is_billable: bool
    rate: str
    amount: str
    currency: str
    order: str
    billed_elsewhere: str
    is_approved: bool | None
    external_id: str = ""


def one_line(text: str) -> str:
    """Write a name as it is compared: composed characters, single spaces."""
    text = text if text.isascii() else unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def identified(source: str, lines: Sequence[Line]) -> list[Line]:
    """Give each line the id by which the same file is known again.

    Person and start time, else the line's names, date and description; lines that share these are
    numbered in the order of their contents, so that sorting a file changes nothing.
    """
    shared: defaultdict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(lines):
        shared[_identity(source, line)].append(at)
    ids = [""] * len(lines)
    for identity, places in shared.items():
        ordered = sorted(places, key=lambda at: _content(lines[at])) if places[1:] else places
        for ordinal, at in enumerate(ordered, 1):
            ids[at] = identity if ordinal == 1 else f"{identity}-{ordinal}"
    return [replace(line, external_id=one) for line, one in zip(lines, ids, strict=True)]


def _identity(source: str, line: Line) -> str:
    if line.start is None or not line.person:
        names = (line.person, line.client, line.project, line.task, line.description)
        return f"{line.date}-{_digest(names)}"
    person = _SEPARATORS.sub("-", line.person)
    moment = f"{line.date}T{line.start.isoformat('seconds')}"
    room = CODE_LENGTH - len(source) - len(moment) - len(":@-1000000")
    if len(person) > room or not person.isprintable():
        person = _digest((line.person,))
    return f"{person}@{moment}"


def _digest(texts: Iterable[str]) -> str:
    whole = "\x1f".join(one_line(text) for text in texts)
    return hashlib.sha256(whole.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_LENGTH]


def _content(line: Line) -> tuple[object, ...]:
    return (
        *(line.client, line.project, line.task, line.description, line.hours),
        *(line.is_billable, line.rate, line.amount, line.order, line.billed_elsewhere),
    )


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
                found.setdefault(key, {}).setdefault(names, line)
    return {key: tuple(by_name.values()) for key, by_name in found.items()}
