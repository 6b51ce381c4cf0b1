"""Seal a period: write what the store holds now into a file, to be kept elsewhere."""

import datetime as dt
from pathlib import Path

from sqlalchemy import Connection

from timix_xl import __version__
from timix_xl.billing import verify_against
from timix_xl.billing.refusals import (
    NotASeal,
    NotSealable,
    SealContradicted,
    SealEdited,
    SealNewer,
    SealNotWritten,
    SealPlaceTaken,
)
from timix_xl.billing.seal_files import SealFile, as_file, fingerprint, in_a_line, read_seal
from timix_xl.domain.invoices import DocumentKind
from timix_xl.domain.period_seals import PeriodSeal, SealedSeries, listed
from timix_xl.files import replace_file
from timix_xl.store import sealing
from timix_xl.store import tables as t
from timix_xl.store.chained import Actor, log
from timix_xl.store.database import Store

SEAL = "seal"
"""What the audit log calls it."""


def seal_period(
    store: Store, path: Path, *, since: dt.date | None, until: dt.date, actor: Actor
) -> SealFile:
    """Write a seal of the documents dated in a period, and of all chained tables as they are.

    The audit log notes it with its fingerprint: the seal covers the log up to that note, without
    it. An earlier seal in the same place is replaced as long as the store agrees with it, and the
    new one covers all that it does. Raises NotSealable, SealPlaceTaken, SealContradicted,
    SealNotWritten; then nothing is noted.
    """
    with store.writing() as connection:
        there = _there(connection, path)
        made = sealed(connection, since, until, actor)
        if there and not _covers(made, there):
            raise SealPlaceTaken(path=path, what="covers days that this seal would not")
        own = SealFile(path, made, fingerprint(made))
        noted = {"fingerprint": own.fingerprint, "file": path.name, "from": since, "to": until}
        log(connection, actor, SEAL, [(f"seal {path.stem}", None, noted)])
        _write(path, as_file(made))  # last: what cannot be written is not noted
    return own


def _there(connection: Connection, path: Path) -> PeriodSeal | None:
    """Return the seal that is there; refuse what is none of this store, or contradicts it."""
    if not path.parent.is_dir():
        raise SealNotWritten(path=path, why=f"there is no folder {path.parent}")
    if not path.exists():
        return None
    try:
        there = read_seal(path)
    except (NotASeal, SealEdited, SealNewer) as other:
        raise SealPlaceTaken(path=path, what="is no seal of this store") from other
    if there.seal.store != sealing.identity(connection):
        raise SealPlaceTaken(path=path, what="is no seal of this store")
    if next(verify_against.compared(connection, there.seal), None):
        raise SealContradicted(path=path)
    return there.seal


def _covers(made: PeriodSeal, there: PeriodSeal) -> bool:
    """Whether a seal covers every day, and every document, of an earlier one."""
    first, earliest = (one.since or dt.date.min for one in (made, there))
    own = {(one.kind, one.year): one for one in made.series}
    return (
        first <= earliest
        and made.until >= there.until
        and all(_goes_as_far(own.get((one.kind, one.year)), one) for one in there.series)
    )


def _goes_as_far(made: SealedSeries | None, there: SealedSeries) -> bool:
    """Whether a series is listed from where it was, if it was, up to where it came, or beyond."""
    if made is None or made.last_seq < there.last_seq:
        return False
    return not there.count or made.first_seq <= there.first_seq


def sealed(
    connection: Connection, since: dt.date | None, until: dt.date, actor: Actor
) -> PeriodSeal:
    """Return the seal of a period; raises NotSealable."""
    identity = sealing.identity(connection)
    if not identity:
        raise NotSealable(why="its id has been taken away")
    tables = sealing.chained_tables(connection)
    upto = next(one.length for one in tables if one.name == t.events.name)
    return PeriodSeal(
        store=identity,
        company=in_a_line(sealing.company(connection)),
        made_at=actor.stamp,
        made_by=in_a_line(actor.user),
        timix_xl=__version__,
        since=since,
        until=until,
        series=tuple(
            _series(connection, *end, since, until) for end in sealing.ends(connection, until)
        ),
        pro_forma_numbers=sealing.pro_forma_numbers(connection),
        events=sealing.events_in(connection, since, until, upto=upto),
        tables=tables,
    )


def _series(
    connection: Connection,
    kind: DocumentKind,
    year: int,
    last_seq: int,
    since: dt.date | None,
    until: dt.date,
) -> SealedSeries:
    count = sealing.places_in(connection, kind, year, since, until)
    first_seq = last_seq - max(count, 1) + 1
    rows = sealing.documents(connection, kind, year, first_seq, last_seq)
    if [row["seq"] for row in rows] != list(range(first_seq, last_seq + 1)):
        raise NotSealable(why=f"the numbers of {kind.value} {year or ''}".strip() + " have a gap")
    own, last = rows if count else [], rows[-1]
    if not all(isinstance(row[name], str) for row in rows for name in ("number", "seal")):
        raise NotSealable(why=f"a document of {kind.value} {year or ''}".strip() + " has no seal")
    try:
        hours, sums = sealing.hours_and_sums(own)
    except ValueError as error:
        raise NotSealable(why=error) from error
    return SealedSeries(
        kind=kind,
        year=year,
        count=count,
        first=own[0]["number"] if own else None,
        last=last["number"],
        last_seq=last_seq,
        seal=last["seal"],
        hours=hours,
        sums=sums,
        documents=tuple(listed(row["number"], row["seal"]) for row in own),
    )


def _write(path: Path, content: bytes) -> None:
    try:
        replace_file(path, content)
    except OSError as error:
        raise SealNotWritten(path=path, why=error.strerror or type(error).__name__) from error
