"""What an import did: rows taken, known and changed; what is refused; what to look at."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from timix_xl.domain.money import plain
from timix_xl.importing.faults import FaultKind, RowFault, Trouble, trouble
from timix_xl.importing.rows import Placed, Row
from timix_xl.importing.sections import NOUNS
from timix_xl.store.intake import Key


class Outcome(Enum):
    """What became of a row."""

    TAKEN = auto()
    KNOWN = auto()
    CHANGED = auto()


@dataclass(frozen=True, slots=True)
class Applied:
    """A row that stands now, with what stood there before."""

    section: str
    key: Key
    placed: Placed
    row: Row
    was: Row | None

    @property
    def outcome(self) -> Outcome:
        """Tell whether the row is new, other than before, or the same."""
        if self.was is None:
            return Outcome.TAKEN
        return Outcome.KNOWN if self.row == self.was else Outcome.CHANGED


@dataclass(slots=True)
class Tally:
    """The rows of one file."""

    applied: list[Applied] = field(default_factory=list)
    refused: list[RowFault] = field(default_factory=list)
    warnings: list[RowFault] = field(default_factory=list)

    def refuse(self, placed: Placed, troubles: Iterable[Trouble]) -> None:
        """Note what is wrong with a row."""
        self.refused += [placed.fault(one) for one in troubles]

    def warn(self, placed: Placed, kind: FaultKind, column: str, **facts: object) -> None:
        """Note what to look at."""
        self.warnings.append(placed.fault(trouble(kind, column, **facts)))

    def counts(self) -> Counter[Outcome]:
        """Count the rows that stand by what became of them."""
        return Counter(each.outcome for each in self.applied)

    def changes(self) -> Iterator[tuple[str, Row, Row]]:
        """Yield (object, before, after) of each changed row, with the changed columns only."""
        for each in self.applied:
            if each.was is not None and each.outcome is Outcome.CHANGED:
                names = [name for name in each.row if each.row[name] != each.was.get(name)]
                name = " / ".join(str(part) for part in each.key if part not in (None, True, False))
                yield (
                    f"{NOUNS[each.section]} {name}".rstrip(),
                    _readable({name: each.was.get(name) for name in names}),
                    _readable({name: each.row[name] for name in names}),
                )


def _readable(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return {key: _readable(one) for key, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [_readable(one) for one in value]
    return value
