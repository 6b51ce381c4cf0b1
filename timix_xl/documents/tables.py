"""Tables: columns as wide as they need to be, cells that wrap, a head that is repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from timix_xl.documents.faces import BOLD, REGULAR, text_width
from timix_xl.documents.marks import (
    INK,
    LEFT,
    RIGHT,
    Fill,
    Group,
    Mark,
    Rule,
    Strip,
    Text,
    baseline,
    leading,
)
from timix_xl.documents.pages import Block
from timix_xl.documents.typesetting import wrapped

_GAP = 8.0
_PAD = 3.0
# So that a cell that is just as wide as its column does not wrap.
_SLACK = 0.5
Row = Sequence[str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column as wide as its widest cell, up to `most`; the stretching one takes what is left."""

    heading: str
    ends: bool = False
    most: float = inf
    stretches: bool = False


@dataclass(frozen=True, slots=True)
class _Lane:
    """Where a column lies on the paper."""

    x: float
    width: float
    ends: bool

    def line(self, text: str, y: float, face: "_Face") -> Text:
        x = self.x + self.width if self.ends else self.x
        return Text(x, y, text, face.font, face.size, INK, self.ends)


@dataclass(frozen=True, slots=True)
class _Face:
    font: str
    size: float


def table(
    columns: Sequence[Column],
    rows: Sequence[Row],
    *,
    tint: str,
    size: float,
    totals: Sequence[Row] = (),
) -> Block:
    """Lay rows out under a head that is repeated; `totals` are bold rows at the end."""
    headings = [column.heading for column in columns]
    lanes = _lanes(columns, rows, [headings, *totals], size)
    plain, bold = _Face(REGULAR, size), _Face(BOLD, size)
    head = _shaded(_row(headings, lanes, bold), tint)
    body = [_ruled(_row(row, lanes, plain)) for row in rows]
    ends = [_ruled(_row(row, lanes, bold)) for row in totals]
    return Block((*body, *ends), head)


def _lanes(
    columns: Sequence[Column], rows: Sequence[Row], bold_rows: Sequence[Row], size: float
) -> list[_Lane]:
    natural = [
        0.0 if column.stretches else min(column.most, max(plain, bold) + _SLACK)
        for column, plain, bold in zip(
            columns,
            _widest(rows, REGULAR, size) or [0.0] * len(columns),
            _widest(bold_rows, BOLD, size),
            strict=True,
        )
    ]
    left_over = RIGHT - LEFT - 2 * _PAD - _GAP * (len(columns) - 1) - sum(natural)
    lanes, x = [], LEFT + _PAD
    for column, least in zip(columns, natural, strict=True):
        width = left_over if column.stretches else least
        lanes.append(_Lane(x, width, column.ends))
        x += width + _GAP
    return lanes


def _widest(rows: Sequence[Row], font: str, size: float) -> list[float]:
    """Return the width of the widest line of each column."""
    return [
        max(
            text_width(line, font, size)
            for line in {part for text in texts for part in text.split("\n")}
        )
        for texts in zip(*rows, strict=True)
    ]


def _row(cells: Row, lanes: Sequence[_Lane], face: _Face) -> list[Strip]:
    columns = [
        wrapped(cell, face.font, face.size, lane.width)
        for cell, lane in zip(cells, lanes, strict=True)
    ]
    depth, height = max(map(len, columns)), leading(face.size)
    strips = []
    for at in range(depth):
        over, under = _PAD * (at == 0), _PAD * (at == depth - 1)
        y = over + baseline(face.size)
        marks = [
            lane.line(lines[at], y, face)
            for lane, lines in zip(lanes, columns, strict=True)
            if at < len(lines) and lines[at]
        ]
        strips.append(Strip(over + height + under, tuple(marks)))
    return strips


def _shaded(strips: Sequence[Strip], tint: str) -> Group:
    return tuple(
        _with(strip, Fill(LEFT, 0, RIGHT - LEFT, strip.height, tint), before=True)
        for strip in strips
    )


def _ruled(strips: Sequence[Strip]) -> Group:
    *others, last = strips
    return (*others, _with(last, Rule(LEFT, last.height, RIGHT - LEFT)))


def _with(strip: Strip, mark: Mark, *, before: bool = False) -> Strip:
    return Strip(strip.height, (mark, *strip.marks) if before else (*strip.marks, mark))
