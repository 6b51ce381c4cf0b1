"""Tables: columns as wide as they need to be, cells that wrap, a head that is repeated."""

from collections.abc import Iterable, Sequence
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

_GAP = 4.0
_PAD = 3.0
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
    on_new_page: bool = False,
    above: Group = (),
) -> Block:
    """Lay rows out under a head; `above` is repeated with the head, `totals` are bold rows."""
    lanes = _lanes(columns, [*rows, *totals], size)
    plain, bold = _Face(REGULAR, size), _Face(BOLD, size)
    head = _shaded(_row([column.heading for column in columns], lanes, bold), tint)
    body = [_ruled(_row(row, lanes, plain)) for row in rows]
    ends = [_ruled(_row(row, lanes, bold)) for row in totals]
    return Block((*body, *ends), (*above, *head), on_new_page=on_new_page)


def _lanes(columns: Sequence[Column], rows: Sequence[Row], size: float) -> list[_Lane]:
    cells = zip(*rows, strict=True) if rows else ((),) * len(columns)
    natural = [
        0.0 if column.stretches else _natural(column, texts, size)
        for column, texts in zip(columns, cells, strict=True)
    ]
    left_over = RIGHT - LEFT - 2 * _PAD - _GAP * (len(columns) - 1) - sum(natural)
    lanes, x = [], LEFT + _PAD
    for column, least in zip(columns, natural, strict=True):
        width = left_over if column.stretches else least
        lanes.append(_Lane(x, width, column.ends))
        x += width + _GAP
    return lanes


def _natural(column: Column, texts: Iterable[str], size: float) -> float:
    lines = {line for text in texts for line in text.split("\n")}
    widest = max((text_width(line, REGULAR, size) for line in lines), default=0.0)
    # Half a point more, so that a cell that is just as wide as its column does not wrap.
    return min(max(widest * 1.06, text_width(column.heading, BOLD, size)) + 0.5, column.most)


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
