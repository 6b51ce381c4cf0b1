"""Parts of an entry: a file brings them with their entry, whole families or none of one."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from timix_xl.domain.entries import EntryState
from timix_xl.domain.money import ZERO, plain, total
from timix_xl.importing import faults
from timix_xl.importing.faults import Trouble, trouble
from timix_xl.importing.rows import Placed, Row
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Tally

_SHARED = ("quantity", "billable_quantity", "cost_amount")
_NOUN = "entry"


def whole_families(
    rows: Sequence[Placed], taken: Sequence[Applied], standing: Standing, tally: Tally
) -> list[Applied]:
    """Return what can be taken, entries before their parts; an entry with parts is split.

    If anything is wrong with an entry or one of its parts, all of them are refused.
    """
    family = _Family(rows, taken, standing)
    broken = family.broken()
    for each in taken:
        if found := broken.get(each.row["id"]):
            tally.refuse(each.placed, [found])
    kept = [family.split(each) for each in taken if each.row["id"] not in broken]
    return sorted(kept, key=lambda each: len(family.above(each.row)))


def part_moved(row: Row, was: Row) -> Iterator[Trouble]:
    """Refuse to make a stored entry the part of another one."""
    if row["part_of"] and row["part_of"] != was["part_of"]:
        before = f"a part of {was['part_of']}" if was["part_of"] else "not a part"
        facts = {"entry": f"Entry {row['id']}", "before": before}
        after = f"a part of {row['part_of']}"
        yield trouble(faults.PART_ELSEWHERE, "part_of", **facts, after=after)


class _Family:
    """The entries of a file with who is a part of whom."""

    def __init__(
        self, rows: Sequence[Placed], taken: Sequence[Applied], standing: Standing
    ) -> None:
        self.taken = {each.row["id"]: each for each in taken}
        self.standing = standing
        self.named = Counter(_parents_named(rows))
        self.parts: defaultdict[str, list[Applied]] = defaultdict(list)
        for each in taken:
            if each.row["part_of"]:
                self.parts[each.row["part_of"]].append(each)

    def above(self, row: Row) -> list[str]:
        """List the entries that this one is a part of, the nearest first."""
        found: list[str] = []
        at = row["part_of"]
        while at and at not in found:
            found.append(at)
            parent = self.taken.get(at)
            at = parent.row["part_of"] if parent else None
        return found

    def split(self, each: Applied) -> Applied:
        """Mark a new entry that has parts."""
        is_split = each.was is None and each.row["id"] in self.parts
        return replace(each, row=each.row | {"state": EntryState.SPLIT}) if is_split else each

    def broken(self) -> Mapping[str, Trouble]:
        """Say by id what is wrong with a family, until it is said for each of its entries."""
        broken = {
            number: found
            for number, each in self.taken.items()
            if each.was is None
            for found in [next(self._troubles(each), None)]
            if found
        }
        while more := dict(self._drawn_in(broken)):
            broken |= more
        return broken

    def _troubles(self, each: Applied) -> Iterator[Trouble]:
        parent = each.row["part_of"]
        if parent and parent not in self.taken:
            is_there = self.standing.find("entries", parent) is not None
            kind = faults.PARENT_IN_STORE if is_there else faults.PARENT_MISSING
            yield trouble(kind, "part_of", value=parent)
        elif parent and self.taken[parent].was is not None:
            yield trouble(faults.PARENT_IN_STORE, "part_of", value=parent)
        elif each.row["id"] in self.above(each.row):
            facts = {"value": each.row["id"], "column": "part_of"}
            yield trouble(faults.GOES_IN_CIRCLES, "part_of", **facts)
        yield from self._shares(each.row)

    def _shares(self, row: Row) -> Iterator[Trouble]:
        parts = self.parts.get(row["id"], [])
        if len(parts) != self.named[row["id"]]:
            yield _leans_on("part", f"of {row['id']}", "id")
            return
        for column in _SHARED if parts else ():
            whole, shared = row[column] or ZERO, total(one.row[column] or ZERO for one in parts)
            if whole != shared:
                facts = {"entry": row["id"], "whole": plain(whole), "parts": plain(shared)}
                words = column.replace("_", " ")
                yield Trouble(faults.PARTS_DIFFER, column, {**facts, "column": words})

    def _drawn_in(self, broken: Mapping[str, Trouble]) -> Iterator[tuple[str, Trouble]]:
        for number, each in self.taken.items():
            if number in broken or each.was is not None:
                continue
            if each.row["part_of"] in broken:
                yield number, _leans_on(_NOUN, each.row["part_of"], "part_of")
            elif gone := [one for one in self.parts.get(number, []) if one.row["id"] in broken]:
                yield number, _leans_on("part", gone[0].row["id"], "id")


def _leans_on(noun: str, value: str, column: str) -> Trouble:
    return trouble(faults.DEPENDS_ON_REFUSED, column, noun=noun, value=value)


def _parents_named(rows: Iterable[Placed]) -> Iterator[str]:
    """Yield what stands under part_of, also in rows that are refused."""
    for placed in rows:
        parent = placed.record.get("part_of") if isinstance(placed.record, Mapping) else None
        if isinstance(parent, str) and parent.strip():
            yield parent.strip()
