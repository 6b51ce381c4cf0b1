"""Take in the rows of one key: read, refer, check, and let them stand."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, shown, trouble
from timix_xl.importing.rows import Column, Placed, Row, read_row
from timix_xl.importing.sections import NOUNS, Section
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Tally
from timix_xl.store.intake import Key, key_of

_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_OTHER = re.compile(r"[\u0370-\u052f]")  # Greek and Cyrillic
_IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")


Known: TypeAlias = Mapping[tuple[str, int | str], Sequence[Trouble]]
"""What is wrong with rows, by key of the books file and place."""

_NOTHING_KNOWN: Known = {}


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row that reads well and has a key of its own in the file."""

    placed: Placed
    row: Row
    key: Key


def take_rows(
    section: Section,
    rows: Sequence[Placed],
    standing: Standing,
    tally: Tally,
    known: Known = _NOTHING_KNOWN,
) -> None:
    """Take in the rows of a master key; of some it is `known` before what is wrong with them."""
    candidates = _candidates(section, rows, standing, tally, known)
    if section.parent:
        _refuse_orphans(section, candidates, standing, tally)
    for candidate in candidates.values():
        _let_stand(section, candidate, standing, tally)


def _candidates(
    section: Section, rows: Sequence[Placed], standing: Standing, tally: Tally, known: Known
) -> dict[Key, Candidate]:
    candidates: dict[Key, Candidate] = {}
    for placed in rows:
        row, troubles = read_row(section.columns, placed.record)
        troubles += unknown_codes(section.columns, row, standing)
        troubles += known.get((section.name, placed.row), ())
        key = key_of(section.name, row) if row else ()
        if row and key in candidates:
            troubles.append(_twice(section, key, candidates[key].placed.row))
        if troubles:
            _refuse(section, Candidate(placed, row, key), troubles, standing, tally)
        else:
            candidates[key] = Candidate(placed, row, key)
    return candidates


def _twice(section: Section, key: Key, first: int | str) -> Trouble:
    if section.name == "bill_rates":  # of one level, from one day: one of them would never hold
        place = " / ".join(str(part) for part in key[:4] if part)
        return trouble(faults.RATES_OVERLAP, "from", place=place, other=first)
    named = ("code", "number", "project")
    column = next((name for name in named if name in section.columns), "")
    return trouble(faults.ROW_TWICE, column, value=f"{section.noun} {_words(key)}", first=first)


def _words(key: Key) -> str:
    return " / ".join(shown(part) for part in key if part is not None)


def _refuse(
    section: Section,
    candidate: Candidate,
    troubles: list[Trouble],
    standing: Standing,
    tally: Tally,
) -> None:
    tally.refuse(candidate.placed, troubles)
    if candidate.key not in standing.now[section.name]:
        standing.refused.add((section.name, candidate.key))


def unknown_codes(
    columns: Mapping[str, Column],
    row: Row,
    standing: Standing,
    prefix: str = "",
    *,
    later: bool = False,
) -> Iterator[Trouble]:
    """Find the codes that lead nowhere, also in lists of rows; of keys taken before, or `later`."""
    for name, column in columns.items():
        value: Any = row.get(column.target)
        if not value:
            continue
        if column.ref and column.later == later and not standing.knows(column.ref, value):
            refused = standing.has_refused(column.ref, value)
            kind = faults.DEPENDS_ON_REFUSED if refused else faults.UNKNOWN_CODE
            yield trouble(kind, prefix + name, noun=NOUNS[column.ref], value=value)
        if column.children:
            children = {child.name: child for child in column.children}
            for at, child in enumerate(value):
                place = f"{prefix}{name}[{at}]."
                yield from unknown_codes(children, child, standing, place, later=later)


def _refuse_orphans(
    section: Section, candidates: dict[Key, Candidate], standing: Standing, tally: Tally
) -> None:
    """Refuse rows whose parent is not there, until every parent of the others is."""
    parent = str(section.parent)
    while orphans := [
        each
        for each in candidates.values()
        if (above := _above(parent, each.key, each.row))
        and above not in candidates
        and above not in standing.now[section.name]
    ]:
        for orphan in orphans:
            above = _above(parent, orphan.key, orphan.row)
            kind = (
                faults.DEPENDS_ON_REFUSED
                if (section.name, above) in standing.refused
                else faults.UNKNOWN_CODE
            )
            found = trouble(kind, parent, noun=section.noun, value=orphan.row[parent])
            del candidates[orphan.key]
            _refuse(section, orphan, [found], standing, tally)
    for each in _in_circles(section, candidates, standing):
        found = trouble(faults.GOES_IN_CIRCLES, parent, value=_words(each.key), column=parent)
        del candidates[each.key]
        _refuse(section, each, [found], standing, tally)


def _above(parent: str, key: Key, row: Row) -> Key | None:
    return (*key[:-1], row[parent]) if row[parent] else None


def _in_circles(
    section: Section, candidates: dict[Key, Candidate], standing: Standing
) -> list[Candidate]:
    parent = str(section.parent)
    above = {key: _above(parent, key, row) for key, row in standing.now[section.name].items()}
    above |= {key: _above(parent, key, each.row) for key, each in candidates.items()}
    clear: set[Key] = set()
    circles = []
    for each in candidates.values():
        path: list[Key] = []
        at: Key | None = each.key
        while at is not None and at not in clear and at not in path:
            path.append(at)
            at = above.get(at)
        if at is None or at in clear:
            clear.update(path)
        else:
            circles.append(each)
    return circles


def _let_stand(section: Section, candidate: Candidate, standing: Standing, tally: Tally) -> None:
    placed, key = candidate.placed, candidate.key
    was = standing.now[section.name].get(key)
    troubles = list(section.check(candidate.row, was, standing))
    if troubles:
        _refuse(section, candidate, troubles, standing, tally)
        return
    row = section.settle(candidate.row, was, standing)
    standing.put(section.name, row)
    applied = Applied(section.name, key, placed, row, was)
    tally.applied.append(applied)
    if row != was:
        _look_closer(candidate, tally)
        found = section.look(candidate.row, was, standing)
        tally.warnings += [placed.fault(one) for one in found]


def _look_closer(candidate: Candidate, tally: Tally) -> None:
    placed, row = candidate.placed, candidate.row
    for column in ("code", "name"):
        text = row.get(column) or ""
        if any(_LATIN.search(word) and _OTHER.search(word) for word in text.split()):
            tally.warn(placed, faults.MIXED_SCRIPTS, column, value=shown(text))
    if (iban := row.get("iban", "").replace(" ", "")) and not _adds_up(iban):
        tally.warn(placed, faults.IBAN_ODD, "iban", value=shown(iban))


def _adds_up(iban: str) -> bool:
    """Check an IBAN's digits (ISO 13616: modulo 97 is 1)."""
    if not _IBAN.fullmatch(iban):
        return False
    return int("".join(str(int(one, 36)) for one in iban[4:] + iban[:4])) % 97 == 1
