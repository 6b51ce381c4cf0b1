"""What stands on paper: texts, rules, fills, pictures, in strips laid one below the other."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reportlab.graphics.shapes import Drawing
from reportlab.lib.utils import ImageReader

from timix_xl.documents.faces import REGULAR

MM = 72 / 25.4
WIDTH, HEIGHT = 210 * MM, 297 * MM
LEFT, RIGHT = 20 * MM, 190 * MM
TOP, BOTTOM = 16 * MM, 271 * MM
INK, SOFT, HAIR, ALARM = "#1F2933", "#5F6B7A", "#D5DAE1", "#C62828"


@dataclass(frozen=True, slots=True)
class Text:
    """One line of text on the baseline `y`, starting at `x`, or ending there."""

    x: float
    y: float
    text: str
    font: str = REGULAR
    size: float = 9
    colour: str = INK
    ends: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A horizontal line."""

    x: float
    y: float
    width: float
    colour: str = HAIR
    thickness: float = 0.5


@dataclass(frozen=True, slots=True)
class Fill:
    """A filled rectangle whose upper edge is `y`."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture whose upper edge is `y`."""

    x: float
    y: float
    width: float
    height: float
    image: ImageReader


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart whose upper edge is `y`."""

    x: float
    y: float
    width: float
    height: float
    drawing: Drawing


Mark = Text | Rule | Fill | Picture | Figure


@dataclass(frozen=True, slots=True)
class Strip:
    """A full-width piece of paper that is never cut; `y` of its marks counts down from its top."""

    height: float
    marks: tuple[Mark, ...] = ()


Group = tuple[Strip, ...]


def leading(size: float) -> float:
    """Return the height of a line of text."""
    return size * 1.36


def baseline(size: float) -> float:
    """Return how far below the top of its line a text stands."""
    return size * 1.04


def space(height: float) -> Strip:
    """Return an empty strip."""
    return Strip(height)


def merged(strips: Iterable[Strip]) -> Strip:
    """Make one strip of several that lie one below the other."""
    marks: list[Mark] = []
    height = 0.0
    for strip in strips:
        marks.extend(replace(mark, y=mark.y + height) for mark in strip.marks)
        height += strip.height
    return Strip(height, tuple(marks))


def beside(*strips: Strip) -> Strip:
    """Make one strip of several that lie side by side."""
    height = max(strip.height for strip in strips)
    return Strip(height, tuple(mark for strip in strips for mark in strip.marks))
