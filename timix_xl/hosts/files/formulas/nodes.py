"""The parts of a formula."""

from dataclasses import dataclass

from timix_xl.hosts.areas import Area
from timix_xl.hosts.files.formulas.values import Scalar


@dataclass(frozen=True, slots=True)
class Constant:
    """A number, a text, TRUE, FALSE or an error."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Cells:
    """Cells by address; without a sheet those of the formula's own."""

    sheet: str | None
    area: Area


@dataclass(frozen=True, slots=True)
class TableCells:
    """Cells of a table: `Table[[#This Row],[From]:[To]]`."""

    table: str | None
    parts: frozenset[str]
    first: str | None
    last: str | None


@dataclass(frozen=True, slots=True)
class Named:
    """A defined name, or a table by its name."""

    name: str
    sheet: str | None


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its arguments; None is one that was left out."""

    function: str
    arguments: tuple["Node | None", ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """A sign in front, or a percent mark behind."""

    mark: str
    operand: "Node"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two operands."""

    mark: str
    left: "Node"
    right: "Node"


Node = Constant | Cells | TableCells | Named | Call | Sign | Pair
