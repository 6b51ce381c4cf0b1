"""Read one row by its columns: values with defaults, and every fault found on the way."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from timix_xl.importing import faults
from timix_xl.importing.cells import Reader, Unusable, is_absent
from timix_xl.importing.faults import CellRefused, RowFault, Trouble, shown, trouble

Row: TypeAlias = dict[str, Any]


class Record(dict[str, Any]):
    """An object of a JSON file, which remembers the keys that stand in it twice."""

    twice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SheetCell:
    """Where a column of a row stands in a workbook, under its name there.

    `missing` says what is wrong where there is nothing, if that is not an empty cell.
    """

    place: str
    column: str
    missing: Trouble | None = None


@dataclass(frozen=True, slots=True)
class Placed:
    """A raw row and where it stands; `cells` by column, for the rows of a workbook."""

    file: str
    row: int | str
    record: Any
    cells: Mapping[str, SheetCell] = field(default_factory=dict)

    def fault(self, found: Trouble) -> RowFault:
        """Say where something is wrong: in the row, or in its very cell."""
        cell = self.cells.get(found.column)
        if cell is None:
            return found.at(self.file, self.row)
        if cell.missing and found.kind is faults.MISSING:
            return cell.missing.at(self.file, cell.place)
        return found.renamed(cell.column).at(self.file, cell.place)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a key of the books file.

    `ref` names the key that its code points to (`later`: a key that is taken after this one), `to`
    the store's column where it has another name, `choices` the words of a closed set, `children`
    the columns of a list of rows.
    """

    name: str
    read: Reader
    needed: bool = False
    default: Any = None
    example: str = "a text"
    ref: str | None = None
    later: bool = False
    to: str | None = None
    choices: tuple[str, ...] = ()
    children: tuple["Column", ...] = ()

    @property
    def target(self) -> str:
        """The name in the store."""
        return self.to or self.name


def read_row(
    columns: Mapping[str, Column], record: Any, prefix: str = ""
) -> tuple[Row, list[Trouble]]:
    """Read every cell of a row; returns the values by the store's names, and all faults."""
    if not isinstance(record, Mapping):
        kind = faults.NOT_A_LIST
        facts = {"column": shown(record), "wanted": "a row", "example": '{"code": "A1"}'}
        return {}, [trouble(kind, prefix.rstrip("."), **facts)]
    row = {column.target: column.default for column in columns.values()}
    found = list(_unknown_keys(columns, record, prefix))
    for name, column in columns.items():
        value = record.get(name)
        if is_absent(value):
            if column.needed:
                facts = {"column": prefix + name, "example": column.example}
                found.append(trouble(faults.MISSING, prefix + name, **facts))
        elif isinstance(value, Unusable):
            found.append(trouble(faults.CELL_UNUSABLE, prefix + name, what=value.what))
        elif column.children:
            row[column.target], more = _read_children(column, value, prefix)
            found += more
        else:
            try:
                row[column.target] = column.read(value)
            except CellRefused as refused:
                found.append(trouble(refused.kind, prefix + name, **refused.facts))
    return row, found


def _unknown_keys(
    columns: Mapping[str, Column], record: Mapping[str, Any], prefix: str
) -> Iterator[Trouble]:
    for name in record:
        if name not in columns:
            known = ", ".join(columns)
            place = prefix + shown(name)
            yield trouble(faults.UNKNOWN_KEY, place, value=shown(name), known=known)
    for name in getattr(record, "twice", ()):
        yield trouble(faults.KEY_TWICE, prefix + shown(name), value=shown(name))


def _read_children(
    column: Column, value: Any, prefix: str
) -> tuple[tuple[Row, ...], list[Trouble]]:
    place = prefix + column.name
    if not isinstance(value, list):
        facts = {"column": place, "wanted": "a list", "example": "[{…}, {…}]"}
        return (), [trouble(faults.NOT_A_LIST, place, **facts)]
    by_name = {child.name: child for child in column.children}
    read = [read_row(by_name, one, f"{place}[{at}].") for at, one in enumerate(value)]
    return tuple(row for row, _ in read), [one for _, found in read for one in found]
