"""Verify against: compare a store with seals that were kept elsewhere.

Whoever owns a store can write all of it anew, so that it agrees with itself, or put an old backup in
its place. What is kept elsewhere tells.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Connection

from timix_xl.billing.record import Problem
from timix_xl.billing.seal_files import SealFile
from timix_xl.domain.money import plain, worded
from timix_xl.domain.period_seals import PeriodSeal, SealedSeries, SealedSum, SealedTable
from timix_xl.domain.seal import MARK_LENGTH, mark
from timix_xl.store import sealing
from timix_xl.store import tables as t
from timix_xl.store.auditing import RawRow
from timix_xl.store.database import Store

_HOW = "was changed since, or issued anew after an old backup was restored"


@dataclass(frozen=True, slots=True)
class Compared:
    """A seal, and where the store does not agree with it."""

    file: SealFile
    problems: tuple[Problem, ...]

    @property
    def ok(self) -> bool:
        """Whether everything that was sealed is there as it was."""
        return not self.problems


def against(store: Store, files: Sequence[SealFile]) -> tuple[Compared, ...]:
    """Compare a store with seals; changes nothing."""
    with store.reading() as connection:
        return tuple(Compared(one, tuple(compared(connection, one.seal))) for one in files)


def compared(connection: Connection, seal: PeriodSeal) -> Iterator[Problem]:
    """Yield where a store does not agree with a seal; what came later may be anything."""
    identity = sealing.identity(connection)
    if identity != seal.store:
        message = f"it is the store {identity or 'without an id'}; {seal.store} was sealed, of {seal.company!r}"
        yield Problem("VERIFY-47", "store", message)
        return
    for series in seal.series:
        yield from _series(connection, series)
    yield from _pro_formas(connection, seal)
    for table in seal.tables:
        yield from _table(connection, table)
    yield from _events(connection, seal)


def _series(connection: Connection, sealed: SealedSeries) -> Iterator[Problem]:
    rows = sealing.documents(
        connection, sealed.kind, sealed.year, sealed.first_seq, sealed.last_seq
    )
    there, known = {row["seq"]: row for row in rows}, sealed.known
    missing = [seq for seq in known if seq not in there]
    if missing:
        yield _gone(sealed, [(seq, known[seq][0]) for seq in missing])
    others = [seq for seq in known if seq in there and not _is_same(there[seq], *known[seq])]
    if others:
        first = others[0]
        yield _other(sealed, first, known[first], there[first], more=len(others) - 1)
    if not missing:
        yield from _sums(sealed, rows if sealed.count else [])


def _gone(sealed: SealedSeries, missing: Sequence[tuple[int, str]]) -> Problem:
    is_or_are = "is" if len(missing) == 1 else "are"
    message = (
        f"{', '.join(_runs(missing))} {is_or_are} missing; {sealed.last} was the last one: an old"
        " backup was restored, or documents were deleted"
    )
    return Problem("VERIFY-49", _name(sealed), message)


def _runs(missing: Sequence[tuple[int, str]]) -> Iterator[str]:
    """Yield the numbers, those that follow one another without a gap as one."""
    for _, run in groupby(enumerate(missing), key=lambda pair: pair[1][0] - pair[0]):
        numbers = [number for _, (_, number) in run]
        yield numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"


def _is_same(row: RawRow, number: str, seal: str) -> bool:
    return bool(row["number"] == number and str(row["seal"]).startswith(seal))


def _other(
    sealed: SealedSeries, seq: int, known: tuple[str, str], row: RawRow, *, more: int
) -> Problem:
    """Name the first document that is another one: the seals of all after it follow from it."""
    (number, seal), found = known, str(row["seal"])
    if found.startswith(seal):
        message = f"its number is {row['number']}: it {_HOW}"
        return Problem("VERIFY-48", number, message)
    shown = MARK_LENGTH if mark(found) != mark(seal) else None
    which = "it" if seq > sealed.first_seq or seq == 1 else "it, or one before it,"
    after = f" (and {more} after it)" if more else ""
    message = f"its seal is {found[:shown]}; {seal[:shown]} was sealed: {which} {_HOW}{after}"
    return Problem("VERIFY-48", number, message)


def _sums(sealed: SealedSeries, rows: Iterable[RawRow]) -> Iterator[Problem]:
    where = f"{_name(sealed)}, {sealed.first} to {sealed.last}"
    try:
        hours, sums = sealing.hours_and_sums(rows)
    except ValueError as error:
        yield Problem("VERIFY-50", where, str(error))
        return
    if hours != sealed.hours:
        message = f"hours are {plain(hours)}; {plain(sealed.hours)} were sealed"
        yield Problem("VERIFY-50", where, message)
    now, then = ({one.currency: one for one in some} for some in (sums, sealed.sums))
    for currency in sorted(now.keys() | then.keys()):
        found = now.get(currency, SealedSum(currency=currency))
        wanted = then.get(currency, SealedSum(currency=currency))
        for name in ("subtotal", "tax", "total"):
            is_now, was = getattr(found, name), getattr(wanted, name)
            if is_now != was:
                message = (
                    f"{name} is {worded(is_now, currency)}; {worded(was, currency)} was sealed"
                )
                yield Problem("VERIFY-50", where, message)


def _name(sealed: SealedSeries) -> str:
    return f"series {sealed.kind.value} {sealed.year or ''}".strip()


def _pro_formas(connection: Connection, seal: PeriodSeal) -> Iterator[Problem]:
    taken = sealing.pro_forma_numbers(connection)
    if taken < seal.pro_forma_numbers:
        message = (
            f"{taken} numbers were ever taken; {seal.pro_forma_numbers} were when it was sealed: an"
            " old backup was restored, or numbers were deleted"
        )
        yield Problem("VERIFY-49", "series pro_forma", message)


def _table(connection: Connection, sealed: SealedTable) -> Iterator[Problem]:
    if not sealed.length:
        return
    table = t.metadata.tables[sealed.name]
    found = sealing.hash_at(connection, table, sealed.length)
    if found is None:
        message = (
            f"it has {sealing.length_of(connection, table)} rows; {sealed.length} were sealed: an"
            " old backup was restored, or rows were cut off"
        )
        yield Problem("VERIFY-52", sealed.name, message)
    elif found != sealed.head:
        message = (
            f"its seal is {mark(str(found))}; {mark(sealed.head)} was sealed: it, or a row before"
            " it, was changed, or written anew after an old backup was restored"
        )
        yield Problem("VERIFY-51", f"{sealed.name} {sealed.length}", message)


def _events(connection: Connection, seal: PeriodSeal) -> Iterator[Problem]:
    """Count again what had happened in the period when it was sealed, if all of it is there."""
    upto = next((one.length for one in seal.tables if one.name == t.events.name), 0)
    if sealing.length_of(connection, t.events) < upto:
        return
    now = sealing.events_in(connection, seal.since, seal.until, upto=upto)
    for kind in sorted(now.keys() | seal.events.keys()):
        found, wanted = now.get(kind, 0), seal.events.get(kind, 0)
        if found != wanted:
            message = f"{kind.replace('_', ' ')}: {found} in the period; {wanted} were sealed"
            yield Problem("VERIFY-50", "events", message)
