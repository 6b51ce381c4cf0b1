"""Whether issued documents hold: seals, rows, numbers, sums."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeGuard

from timix_xl.billing.record import Dossier, Problem, Record, listed, name_of
from timix_xl.domain.money import (
    PERCENT_PLACES,
    QUANTITY_PLACES,
    RATE_PLACES,
    from_minor,
    in_minor,
    minor_unit,
    rounded,
    unscaled,
)
from timix_xl.domain.seal import canonical, sealed
from timix_xl.store import issuing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow

_LAST_DIGIT = Decimal(1).scaleb(-RATE_PLACES)


def seals(_: Record, one: Dossier) -> Iterator[Problem]:
    """Compute a seal again."""
    row = one.head
    if row["status"] == "draft":
        return
    if row["seal"] != sealed(row["previous_seal"] or "", row["content"] or ""):
        yield Problem("VERIFY-03", name_of(row), "the content or its seal has been changed")


def stored_rows(record: Record, one: Dossier) -> Iterator[Problem]:
    """Compare the rows of a document with what was sealed, of a draft with what was saved."""
    if not one.is_kept:
        return
    expected, is_readable = one.content.get("rows"), record.keep_billed(one)
    if not is_readable or not _is_rows(expected):
        yield Problem("VERIFY-04", one.name, "the sealed content cannot be read")
        return
    for table in issuing.SEALED_TABLES:
        there = [row for row in one.rows[table] if not row.get("event")]
        found = [issuing.sealable(table, row) for row in there]
        wanted = expected.get(table.name, [])
        if wanted != found:
            yield from _differences(one.name, table.name, wanted, found)


def _is_rows(found: Any) -> TypeGuard[dict[str, list[RawRow]]]:
    return isinstance(found, dict) and all(
        isinstance(some, list) and all(isinstance(row, dict) for row in some)
        for some in found.values()
    )


def _differences(
    where: str, table: str, expected: list[RawRow], found: list[RawRow]
) -> Iterator[Problem]:
    if len(expected) != len(found):
        message = f"{table} has {len(found)} rows; {len(expected)} were sealed"
        yield Problem("VERIFY-05", where, message)
        return
    for was, now in _changed(expected, found):
        names = [name for name in was.keys() | now.keys() if was.get(name) != now.get(name)]
        for name in sorted(names):
            message = f"{table}.{name} is {now.get(name)}; {was.get(name)} was sealed"
            yield Problem("VERIFY-05", where, message)


def _changed(expected: list[RawRow], found: list[RawRow]) -> Iterator[tuple[RawRow, RawRow]]:
    """Pair the rows that are sealed but not there with those that are there but not sealed."""
    sealed_rows = {canonical(row): row for row in expected}
    there = {canonical(row): row for row in found}
    missing = [row for text, row in sealed_rows.items() if text not in there]
    strange = [row for text, row in there.items() if text not in sealed_rows]
    return zip(missing, strange, strict=False)


def numbers(record: Record) -> Iterator[Problem]:
    """Check each series: no gap, no double, dates in order, each seal upon the one before."""
    taken = record.numbers
    by_series: dict[tuple[Any, Any], list[RawRow]] = {}
    for row in record.frozen:
        by_series.setdefault((row["kind"], row["year"]), []).append(row)
        if row["number"] not in taken:
            yield Problem("VERIFY-06", name_of(row), "the number is not in the list of numbers")
        elif taken[row["number"]] != f"{row['kind']} {row['id']}":
            message = f"the list of numbers gives it to {taken[row['number']]}"
            yield Problem("VERIFY-06", name_of(row), message)
    # Pro formas have numbers of their own, and may leave gaps.
    series_rows = [row for row in record.rows(t.series) if row["kind"] != "pro_forma"]
    known = {(row["kind"], row["year"]): row for row in series_rows}
    for key, documents in by_series.items():
        documents.sort(key=lambda row: row["seq"] or 0)
        if key not in known:
            yield Problem("VERIFY-06", name_of(documents[0]), "its number series is missing")
    for key, series in known.items():
        yield from _series(series, by_series.get(key, []))
    opening = {row["number"] for row in record.rows(t.open_invoices)}
    used = {row["number"] for row in record.documents} | opening
    of_pro_formas = {number for number in taken if taken[number].startswith("pro_forma ")}
    for number in sorted(taken.keys() - used - of_pro_formas):
        yield Problem("VERIFY-06", number, "the number is taken, but there is no document")


def _series(series: RawRow, documents: list[RawRow]) -> Iterator[Problem]:
    where = f"series {series['kind']} {series['year'] or ''}".strip()
    expected = list(range(series["first_seq"], series["next_seq"]))
    found = [row["seq"] for row in documents]
    if found != expected:
        message = f"numbers {listed(found)} are there; {listed(expected)} were given out"
        yield Problem("VERIFY-07", where, message)
    for before, row in pairwise([None, *documents]):
        assert row is not None
        if row["previous_seal"] != (before["seal"] if before else ""):
            yield Problem("VERIFY-08", name_of(row), "it is not chained to the document before it")
        if before and row["issue_date"] < before["issue_date"]:
            yield Problem("VERIFY-09", name_of(row), "it is dated before the number before it")
    last = documents[-1] if documents else None
    if series["head"] != (last["seal"] if last else ""):
        yield Problem("VERIFY-08", where, "the last seal is not the last document's")
    if last and series["last_issue_date"] != last["issue_date"]:
        yield Problem("VERIFY-09", where, "the last issue date is not the last document's")


def sums(record: Record, one: Dossier) -> Iterator[Problem]:
    """Recompute lines, allocation, tax and totals."""
    row = one.head
    for line in one.lines:
        shares = one.by_line.get(line["line"])
        # Goodwill takes money of a line, and no entry; a line made by hand has none.
        bare = not shares and _may_be_bare(line)
        allocated = line["amount"] if bare else sum(share["amount"] for share in shares or ())
        yield from _line(one.name, line, row["currency"], allocated)
    tax = sum(each["amount"] for each in one.taxes)
    subtotal = sum(line["amount"] for line in one.lines)
    if (row["subtotal"], row["tax"], row["total"]) != (subtotal, tax, subtotal + tax):
        yield Problem("VERIFY-10", one.name, "its totals are not the sums of its lines and tax")
    for each in one.taxes:
        yield from _tax(one.name, row, each, one.lines, record.taxed)


def _may_be_bare(line: RawRow) -> bool:
    """Whether a line may be without an entry; one made by hand stands on a pro forma first."""
    by_hand = line["status"] == "bill" and line["billed_amount"] is None
    return by_hand or line["of_line"] is not None


def _line(where: str, line: RawRow, money: str, allocated: int) -> Iterator[Problem]:
    quantity = unscaled(line["quantity"], QUANTITY_PLACES)
    price = unscaled(line["unit_price"], RATE_PLACES)
    # Where the amount makes the price, it has six decimals; quantity 0 has none.
    off = abs(quantity * price - from_minor(line["amount"], money))
    is_off = off * 2 > minor_unit(money) + abs(quantity) * _LAST_DIGIT
    if is_off and (quantity or price):
        yield Problem("VERIFY-10", where, f"line {line['line']} is not quantity x unit price")
    if allocated != line["amount"]:
        yield Problem("VERIFY-10", where, f"line {line['line']} is not the sum of its entries")


def _tax(
    where: str,
    document: RawRow,
    tax: RawRow,
    lines: list[RawRow],
    before: dict[Any, int],
) -> Iterator[Problem]:
    """Check a tax line; that of a note is the tax on all credited so far, less what was taken."""
    own = [
        line["amount"]
        for line in lines
        if (line["tax_code"], line["tax_percent"]) == (tax["code"], tax["percent"])
    ]
    money, percent = document["currency"], unscaled(tax["percent"], PERCENT_PLACES)
    key = (document["corrects"] or f"of {document['id']}", tax["code"], tax["percent"])
    base, taken = before[*key, "base"] + sum(own), before[*key, "tax"]
    due = in_minor(rounded(from_minor(base, money) * percent / 100, money), money) - taken
    if (tax["base"], tax["amount"]) != (sum(own), due):
        message = f"the tax of {tax['code']} is not that of its lines"
        yield Problem("VERIFY-10", where, message)
    before[*key, "base"], before[*key, "tax"] = base, taken + tax["amount"]
