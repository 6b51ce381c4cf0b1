"""Copy a store into another place, also of the other kind of database, and verify both ends."""

from dataclasses import dataclass

from timix_xl.billing.verify import Verified, verify
from timix_xl.errors import counted
from timix_xl.store import chained, copying
from timix_xl.store.copying import Contents, Told, Unborn
from timix_xl.store.database import Store, open_store
from timix_xl.store.refusals import CopyRefused


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied, from where to where, and what was verified at both ends."""

    source: str
    target: str
    tables: tuple[Contents, ...]
    checked: dict[str, int]
    heads: dict[str, str]
    """Where each chain ends: in both stores alike."""

    @property
    def rows(self) -> int:
        """How many rows were copied."""
        return sum(one.rows for one in self.tables)


def copy_store(source: str, target: str, *, told: Told, anywhere: bool = False) -> Copied:
    """Copy a store, all of it or nothing; it keeps its identity, and nothing is written to the first.

    Raises what `open_store` does of one and `making` of the other, CopyRefused, TextUnfit.
    """
    origin = open_store(source, read_only=True, anywhere=anywhere)
    try:
        copying.refuse_taken(target, anywhere=anywhere)
        _refuse_unsound(verify(origin, progress=told), origin, target)
        with copying.making(target, anywhere=anywhere) as made:
            return _filled(origin, made, told)
    finally:
        origin.close()


def _filled(origin: Store, made: Unborn, told: Told) -> Copied:
    with origin.reading() as connection:
        were, heads = copying.fill(connection, made.connection, told), chained.heads(connection)
    are = copying.contents(made.connection)
    if others := [one.table for one, other in zip(were, are, strict=True) if one != other]:
        why = f"{', '.join(others)} would not be the same in both"
        raise CopyRefused(source=origin.place, target=made.place, why=why, instead=_REPORT)
    verified = verify(made, progress=told)
    if not verified.ok:
        why = f"the copy would have {counted(len(verified.problems), 'problem')}"
        raise CopyRefused(source=origin.place, target=made.place, why=why, instead=_REPORT)
    return Copied(origin.place, made.place, tuple(are), verified.checked, heads)


_REPORT = "Please report this message."


def _refuse_unsound(found: Verified, origin: Store, target: str) -> None:
    if not found.ok:
        why = f"verify finds {counted(len(found.problems), 'problem')} in it"
        instead = f"See them: timix-xl --store {origin.place} verify."
        raise CopyRefused(source=origin.place, target=target, why=why, instead=instead)
