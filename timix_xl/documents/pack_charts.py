"""The small charts of a month-end pack: bars by age, and the burn of a frame order."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from reportlab.graphics.shapes import Circle, Drawing, Line, PolyLine, Rect, String
from reportlab.lib.colors import HexColor

from timix_xl.documents.faces import BOLD, REGULAR, face
from timix_xl.documents.marks import ALARM, HAIR, INK, SOFT
from timix_xl.documents.palette import Palette
from timix_xl.documents.typesetting import one_line
from timix_xl.domain.burn import Burn

_SIZE = 7.0
_ROW = 11.0
_TITLE = 14.0
_DASHES = (2, 2)
_NAMES, _FIGURES = 62, 62
"""The room to the left and to the right of the bars."""
_GROUND, _RISE = 12.0, 42.0
"""Where nothing is left, and how much higher the whole order lies."""


@dataclass(frozen=True, slots=True)
class AgeBar:
    """One bar: its bucket, how long it is against the longest (0 to 1), its figure in words."""

    name: str
    share: float
    figure: str
    is_late: bool = False


def age_chart(title: str, bars: Sequence[AgeBar], width: float, colours: Palette) -> Drawing:
    """Draw a bar per bucket, the youngest on top."""
    drawing = _empty(title, width, _TITLE + _ROW * len(bars))
    room = width - _NAMES - _FIGURES
    for at, bar in enumerate(bars):
        y = drawing.height - _TITLE - _ROW * (at + 1)
        drawing.add(_text(0, y + 2.5, bar.name, SOFT))
        colour = ALARM if bar.is_late else colours.bar
        if bar.share:
            drawing.add(_filled(_NAMES, y + 1.5, room * bar.share, 7, colour))
        drawing.add(_text(width, y + 2.5, bar.figure, INK, anchor="end"))
    return drawing


def burn_chart(
    one: Burn,
    until: dt.date,
    title: str,
    words: tuple[str, str],
    *,
    width: float,
    colours: Palette,
) -> Drawing:
    """Draw what was left up to a day, and where the pace leads; `words` stand at the ends."""
    drawing = _empty(title, width, _TITLE + 58)
    scale = _scale(one, until, width)
    for y in (_GROUND, _GROUND + _RISE):
        drawing.add(Line(0, y, width, y, strokeColor=HexColor(HAIR), strokeWidth=0.6))
    line = [scale.at(day, float(left)) for day, left in _left(one, until)]
    drawing.add(_line(line, colours.bar))
    drawing.add(Circle(*line[-1], 1.8, fillColor=HexColor(colours.bar), strokeColor=None))
    if one.runs_out:
        end = scale.at(one.runs_out, 0)
        ahead = _line([line[-1], end], ALARM)
        ahead.strokeDashArray = _DASHES
        drawing.add(ahead)
    left, right = words
    drawing.add(_text(0, 2, left, SOFT))
    drawing.add(_text(width, 2, right, ALARM if one.runs_out else SOFT, anchor="end"))
    return drawing


@dataclass(frozen=True, slots=True)
class _Scale:
    """Days from left to right, what is left from the base line up."""

    start: dt.date
    days: int
    most: float
    width: float

    def at(self, day: dt.date, left: float) -> tuple[float, float]:
        across = min((day - self.start).days / self.days, 1)
        return across * self.width, _GROUND + max(left, 0) / self.most * _RISE


def _left(one: Burn, until: dt.date) -> Iterator[tuple[dt.date, Decimal]]:
    """Yield what was left at the start, after each month, and on the day."""
    first = one.months[0]
    yield first.first, first.remaining + first.drawn
    for month in one.months:
        yield min(_after(month.first), until), month.remaining
    yield until, one.months[-1].remaining


def _scale(one: Burn, until: dt.date, width: float) -> _Scale:
    start = one.months[0].first
    end = max(until, min(one.runs_out or until, until + 2 * (until - start)))
    most = float(max(one.order.total, *(month.remaining + month.drawn for month in one.months)))
    return _Scale(start, max((end - start).days, 1), max(most, 1e-9), width)


def _after(first: dt.date) -> dt.date:
    """Return the first day of the month after."""
    return (first.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def _empty(title: str, width: float, height: float) -> Drawing:
    for name in (REGULAR, BOLD):
        face(name)
    drawing = Drawing(width, height)
    line = one_line(title, BOLD, _SIZE + 1, width)
    drawing.add(_text(0, height - 10, line, INK, font=BOLD, size=_SIZE + 1))
    return drawing


def _text(
    x: float,
    y: float,
    text: str,
    colour: str,
    *,
    anchor: str = "start",
    font: str = REGULAR,
    size: float = _SIZE,
) -> String:
    ink = HexColor(colour)
    return String(x, y, text, fontName=font, fontSize=size, fillColor=ink, textAnchor=anchor)


def _filled(x: float, y: float, width: float, height: float, colour: str) -> Rect:
    return Rect(x, y, width, height, fillColor=HexColor(colour), strokeColor=None)


def _line(points: Sequence[tuple[float, float]], colour: str) -> PolyLine:
    flat = [number for point in points for number in point]
    return PolyLine(flat, strokeColor=HexColor(colour), strokeWidth=1.4)
