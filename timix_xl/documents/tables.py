"""Tables: columns as wide as they need to be, cells that wrap, a head that is repeated."""

from collections.abc import Iterator, Sequence
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
_STEP = 0.5
_LEAST_STRETCH = 40.0
"""How narrow the stretching column becomes before figures are broken over lines."""
_BAR_HEIGHT = 4.0


@dataclass(frozen=True, slots=True)
class Bar:
    """A cell with a bar below its text; a share of 1 is as wide as the column."""

    text: str
    share: float
    colour: str
    ground: str


Cell = str | Bar
Row = Sequence[Cell]


@dataclass(frozen=True, slots=True)
class Strong:
    """A row in bold, kept on one page with the row below it."""

    cells: Row


@dataclass(frozen=True, slots=True)
class Across:
    """A line of text over all columns, kept on one page with the row below it."""

    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column as wide as its widest cell, from `least` to `most`; one takes what is left.

    `least` of the one that stretches counts where a table may make its type smaller.
    """

    heading: str
    ends: bool = False
    most: float = inf
    stretches: bool = False
    least: float = 0.0


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
    rows: Sequence[Row | Strong | Across],
    *,
    tint: str,
    size: float,
    least: float | None = None,
    totals: Sequence[Row] = (),
) -> Block:
    """Lay rows out under a head that is repeated; `totals` are bold rows at the end.

    With `least` the type is made smaller, down to that size, until the columns fit.
    """
    headings = [column.heading for column in columns]
    strong = [headings, *(row.cells for row in rows if isinstance(row, Strong)), *totals]
    plain = [row for row in rows if not isinstance(row, Strong | Across)]
    size = _fitting(columns, plain, strong, size, least or size)
    natural = _natural(columns, plain, strong, size)
    gap = _gap(size) if least else _GAP
    lanes = _lanes(columns, natural, gap, give=least is not None)
    head = _shaded(_row(headings, lanes, _Face(BOLD, size)), tint)
    body = _kept_together(rows, lanes, size)
    ends = [_ruled(_row(row, lanes, _Face(BOLD, size))) for row in totals]
    return Block((*body, *ends), head)


def _kept_together(
    rows: Sequence[Row | Strong | Across], lanes: Sequence[_Lane], size: float
) -> list[Group]:
    """Lay the rows out; what heads others starts a group with the row below it."""
    groups: list[Group] = []
    above: Group = ()
    for row in rows:
        match row:
            case Across():
                above = (*above, *_across(row.text, size))
                continue
            case Strong():
                above = (*above, *_ruled(_row(row.cells, lanes, _Face(BOLD, size))))
                continue
        groups.append((*above, *_ruled(_row(row, lanes, _Face(REGULAR, size)))))
        above = ()
    return [*groups, above] if above else groups


def _across(text: str, size: float) -> list[Strip]:
    lines = wrapped(text, BOLD, size, RIGHT - LEFT - 2 * _PAD)
    return [
        Strip(
            leading(size) + _PAD * (at == 0),
            (Text(LEFT + _PAD, baseline(size) + _PAD * (at == 0), line, BOLD, size, INK),),
        )
        for at, line in enumerate(lines)
    ]


def _fitting(
    columns: Sequence[Column],
    rows: Sequence[Row],
    bold_rows: Sequence[Row],
    size: float,
    least: float,
) -> float:
    """Return the largest size, from `size` down to `least`, in which the columns fit."""
    room = _room_to_stretch(columns)
    while size > least:
        natural = _natural(columns, rows, bold_rows, size)
        if _left_over(natural, _gap(size)) >= room:
            break
        size -= _STEP
    return size


def _gap(size: float) -> float:
    """Return the gap between columns of small type."""
    return min(size, _GAP)


def _room_to_stretch(columns: Sequence[Column]) -> float:
    return sum(column.least for column in columns if column.stretches)


def _natural(
    columns: Sequence[Column], rows: Sequence[Row], bold_rows: Sequence[Row], size: float
) -> list[float]:
    """Return how wide each column would be by itself; the stretching one nothing."""
    return [
        0.0 if column.stretches else max(column.least, min(column.most, max(plain, bold) + _SLACK))
        for column, plain, bold in zip(
            columns,
            _widest(rows, REGULAR, size) or [0.0] * len(columns),
            _widest(bold_rows, BOLD, size),
            strict=True,
        )
    ]


def _left_over(natural: Sequence[float], gap: float) -> float:
    return RIGHT - LEFT - 2 * _PAD - gap * (len(natural) - 1) - sum(natural)


def _lanes(
    columns: Sequence[Column], natural: Sequence[float], gap: float, *, give: bool
) -> list[_Lane]:
    widths = list(natural)
    room = min(_room_to_stretch(columns), _LEAST_STRETCH)
    if give and _left_over(widths, gap) < room:
        most = (_left_over([0.0] * len(widths), gap) - room) / max(len(widths) - 1, 1)
        widths = [min(width, most) for width in widths]
    left_over = _left_over(widths, gap)
    lanes, x = [], LEFT + _PAD
    for column, least in zip(columns, widths, strict=True):
        width = left_over if column.stretches else least
        lanes.append(_Lane(x, width, column.ends))
        x += width + gap
    return lanes


def _widest(rows: Sequence[Row], font: str, size: float) -> list[float]:
    """Return the width of the widest line of each column."""
    return [
        max(
            text_width(line, font, size)
            for line in {part for cell in cells for part in _text(cell).split("\n")}
        )
        for cells in zip(*rows, strict=True)
    ]


def _text(cell: Cell) -> str:
    return cell.text if isinstance(cell, Bar) else cell


def _row(cells: Row, lanes: Sequence[_Lane], face: _Face) -> list[Strip]:
    columns = [
        wrapped(_text(cell), face.font, face.size, lane.width)
        for cell, lane in zip(cells, lanes, strict=True)
    ]
    depth = max(
        len(lines) + isinstance(cell, Bar) for cell, lines in zip(cells, columns, strict=True)
    )
    height = leading(face.size)
    strips = []
    for at in range(depth):
        over, under = _PAD * (at == 0), _PAD * (at == depth - 1)
        y = over + baseline(face.size)
        marks: list[Mark] = [
            lane.line(lines[at], y, face)
            for lane, lines in zip(lanes, columns, strict=True)
            if at < len(lines) and lines[at]
        ]
        for cell, lane, lines in zip(cells, lanes, columns, strict=True):
            if isinstance(cell, Bar) and at == len(lines):
                marks.extend(_bar(cell, lane))
        strips.append(Strip(over + height + under, tuple(marks)))
    return strips


def _bar(bar: Bar, lane: _Lane) -> Iterator[Fill]:
    """Draw a bar in the line below its text."""
    share = min(max(bar.share, 0.0), 1.0)
    yield Fill(lane.x, _PAD, lane.width, _BAR_HEIGHT, bar.ground)
    if share:
        yield Fill(lane.x, _PAD, lane.width * share, _BAR_HEIGHT, bar.colour)


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
