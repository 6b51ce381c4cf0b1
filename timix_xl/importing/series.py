"""Number patterns and next numbers: no number may ever come twice."""

from collections.abc import Iterator
from itertools import combinations
from typing import Any

from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.numbering import SeriesPattern
from timix_xl.domain.periods import YEARS
from timix_xl.domain.settings import BillingSettings
from timix_xl.importing import cells, faults
from timix_xl.importing.faults import CellRefused, Trouble, shown, trouble
from timix_xl.importing.rows import Row
from timix_xl.importing.standing import Standing

NO_YEAR = 0
"""The year of a series whose pattern has none."""
_sequence = cells.whole(1, 999_999_999)


def next_numbers(value: Any) -> dict[str, int]:
    """Read {"invoice:2026": 121}: the next number by kind, and year where the pattern has one."""
    if not isinstance(value, dict):
        facts = {
            "column": "next_numbers",
            "wanted": "an object",
            "example": '{"invoice:2026": 121}',
        }
        raise CellRefused(faults.NOT_A_LIST, **facts)
    if twice := getattr(value, "twice", ()):
        raise CellRefused(faults.KEY_TWICE, value=shown(twice[0]))
    return {key: _sequence(number) for key, number in value.items()}


def check(row: Row, _: Row | None, standing: Standing) -> Iterator[Trouble]:
    """Check the patterns, each by itself and against the others, and the next numbers."""
    patterns = _patterns(row)
    found = [*_pattern_problems(patterns)]
    found += found or _next_number_problems(patterns, row["next_numbers"], standing)
    yield from found or _made_again(patterns, row["next_numbers"], standing)


def _patterns(row: Row | None) -> dict[DocumentKind, SeriesPattern]:
    defaults = BillingSettings()
    return {
        kind: SeriesPattern(row[name]) if row else getattr(defaults, name)
        for kind in DocumentKind
        for name in (f"{kind.value}_number",)
    }


def _pattern_problems(patterns: dict[DocumentKind, SeriesPattern]) -> Iterator[Trouble]:
    problems = {kind: pattern.problem() for kind, pattern in patterns.items()}
    for kind, why in problems.items():
        if why:
            yield _refused_pattern(patterns, kind, why)
    for one, other in combinations(patterns, 2):
        if problems[one] or problems[other]:
            continue
        if patterns[one].may_collide_with(patterns[other]):
            why = f"it could make the same numbers as {one.value}_number"
            yield _refused_pattern(patterns, other, why)
        elif patterns[one].may_share_files_with(patterns[other]):
            why = f"its PDFs could have the same names as those of {one.value}_number"
            yield _refused_pattern(patterns, other, why)


def _refused_pattern(
    patterns: dict[DocumentKind, SeriesPattern], kind: DocumentKind, why: str
) -> Trouble:
    example = _patterns(None)[kind].text
    facts = {"value": shown(patterns[kind].text), "why": why, "example": example}
    return trouble(faults.PATTERN_REFUSED, f"{kind.value}_number", **facts)


def _next_number_problems(
    patterns: dict[DocumentKind, SeriesPattern], wanted: dict[str, int], standing: Standing
) -> Iterator[Trouble]:
    known = [f"{kind.value}:2026" if at.yearly else kind.value for kind, at in patterns.items()]
    for key, number in wanted.items():
        place = f"next_numbers.{shown(key)}"
        found = _place(key, patterns)
        if found is None:
            facts = {"value": shown(key), "known": ", ".join(known)}
            yield trouble(faults.UNKNOWN_KEY, place, **facts)
        elif (row := standing.find("series", *found)) and _is_used(row, number):
            facts = {"value": key, "next": row["next_seq"]}
            yield trouble(faults.SERIES_USED, place, **facts)


def _place(
    key: str, patterns: dict[DocumentKind, SeriesPattern]
) -> tuple[DocumentKind, int] | None:
    word, _, year = key.partition(":")
    kind = next((one for one in DocumentKind if one.value == word), None)
    if kind is None or patterns[kind].yearly != bool(year) or (":" in key) != bool(year):
        return None
    if not year:
        return kind, NO_YEAR
    is_year = year.isascii() and year.isdigit() and YEARS[0] <= int(year) <= YEARS[1]
    return (kind, int(year)) if is_year else None


def _is_used(series: Row, number: int) -> bool:
    # The number that the series began with may be said again: a file can be taken in twice.
    return series["first_seq"] not in {series["next_seq"], number}


def _made_again(
    patterns: dict[DocumentKind, SeriesPattern], wanted: dict[str, int], standing: Standing
) -> Iterator[Trouble]:
    begins = {_place(key, patterns): number for key, number in wanted.items()}
    for (number,) in standing.now["numbers"]:
        for kind, pattern in patterns.items():
            place = _would_make(pattern, number)
            if place is None:
                continue
            year, sequence = place
            series = standing.find("series", kind, year)
            is_used = series is not None and series["next_seq"] != series["first_seq"]
            begin = series["next_seq"] if series else 1
            if not is_used:
                begin = begins.get((kind, year), begin)
            if sequence >= begin:
                facts = {"number": number, "example": _example(kind, year, sequence)}
                yield trouble(faults.NUMBER_WOULD_COME_AGAIN, f"{kind.value}_number", **facts)


def _would_make(pattern: SeriesPattern, number: str) -> tuple[int, int] | None:
    """Return (year, sequence) if the pattern makes exactly this number."""
    found = pattern.parse(number)
    if found is None or pattern.number(year=found[0] or NO_YEAR, seq=found[1]) != number:
        return None
    return (found[0] or NO_YEAR, found[1])


def _example(kind: DocumentKind, year: int, sequence: int) -> str:
    key = f"{kind.value}:{year}" if year else kind.value
    return f'{{"{key}": {sequence + 1}}}'


def would_make(number: str, standing: Standing) -> str | None:
    """Return the next_numbers to set if a series will still make this number."""
    for kind, pattern in _patterns(standing.find("settings")).items():
        place = _would_make(pattern, number)
        if place is not None:
            series = standing.find("series", kind, place[0])
            if place[1] >= (series["next_seq"] if series else 1):
                return _example(kind, *place)
    return None


def settle(row: Row, _: Row | None, standing: Standing) -> Row:
    """Keep the settings, and begin the series that have a next number."""
    patterns = _patterns(row)
    for key, number in row["next_numbers"].items():
        kind, year = _place(key, patterns) or (DocumentKind.INVOICE, NO_YEAR)
        series = standing.find("series", kind, year)
        if series is None or series["next_seq"] == series["first_seq"]:
            beginning = {"kind": kind, "year": year, "next_seq": number, "first_seq": number}
            kept = {"last_issue_date": None, "head": ""}
            standing.put("series", {**kept, **(series or {}), **beginning})
    return {name: value for name, value in row.items() if name != "next_numbers"}
