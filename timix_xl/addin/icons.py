"""The ribbon's icons: SVG texts of a small kind, drawn as PNG in the size that a button needs."""

import functools
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from defusedxml.ElementTree import fromstring
from PIL import Image

from timix_xl.addin.ribbon import Size, buttons
from timix_xl.addin.texts import text

GRID = 32
"""Units of an icon's drawing, in both directions."""
SIDES = {Size.LARGE: 64, Size.NORMAL: 32}
"""Pixels. Windows shows 32 and 16 at 96 dpi, these at 192 dpi; it scales what does not fit."""

_SAMPLES = 8
_CORNERS = 40
_STEPS = 10
_HALO = 1.0
_HALO_COLOUR = "#FFFFFF"
_INSIDE = b"\xff"
_TOKEN = re.compile(r"[A-Z]|-?[0-9.]+")

Point = tuple[float, float]
Outline = Sequence[Point]


@dataclass(frozen=True, slots=True)
class Shape:
    """Outlines, the colour inside them, and the colour and width along them; "none" is no colour."""

    outlines: tuple[Outline, ...]
    fill: str
    stroke: str
    width: float


def images() -> dict[str, bytes]:
    """Draw the image of every button, as PNG, by the name that the ribbon knows it by."""
    return {one.image: drawn(text(f"icons/{one.image}.svg"), SIDES[one.size]) for one in buttons()}


@functools.cache
def drawn(svg: str, side: int) -> bytes:
    """Draw an icon as a PNG of so many pixels a side; what is not painted is transparent.

    The shapes get a rim of white, so that dark ones stand out on Excel's dark themes too.
    """
    shapes = [_shape(element.tag, element.attrib) for element in fromstring(svg)]
    fine = side * _SAMPLES
    canvas = Image.new("RGBA", (fine, fine))
    for shape in shapes:
        rim = [*_filled(shape), *_stroked(shape.outlines, shape.width + 2 * _HALO)]
        canvas.paste(_HALO_COLOUR, mask=_mask(rim, fine))
    for shape in shapes:
        if shape.fill != "none":
            canvas.paste(shape.fill, mask=_mask(_filled(shape), fine))
        if shape.stroke != "none":
            canvas.paste(shape.stroke, mask=_mask(_stroked(shape.outlines, shape.width), fine))
    made = io.BytesIO()
    canvas.reduce(_SAMPLES).save(made, "PNG")
    return made.getvalue()


def _shape(tag: str, given: Mapping[str, str]) -> Shape:
    outlines = tuple(_OUTLINES[tag.rpartition("}")[2]](given))
    stroke = given.get("stroke", "none")
    width = 0.0 if stroke == "none" else float(given["stroke-width"])
    return Shape(outlines, given["fill"], stroke, width)


def _rectangle(given: Mapping[str, str]) -> Iterator[Outline]:
    left, top = float(given["x"]), float(given["y"])
    right, bottom = left + float(given["width"]), top + float(given["height"])
    yield [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]


def _circle(given: Mapping[str, str]) -> Iterator[Outline]:
    yield _round((float(given["cx"]), float(given["cy"])), float(given["r"]))


def _path(given: Mapping[str, str]) -> Iterator[Outline]:
    """Follow a path of absolute M, L, H, V, C and Z."""
    outline: list[Point] = []
    for letter, numbers in _commands(given["d"]):
        if letter == "M" and outline:
            yield outline
            outline = []
        outline += _reached(letter, numbers, outline)
    yield outline


def _commands(path: str) -> Iterator[tuple[str, list[float]]]:
    letter, numbers = "", list[float]()
    for token in _TOKEN.findall(path):
        if not token.isalpha():
            numbers.append(float(token))
            continue
        if letter:
            yield letter, numbers
        letter, numbers = token, []
    yield letter, numbers


def _reached(letter: str, numbers: list[float], outline: Outline) -> list[Point]:
    if letter == "Z":
        return [outline[0]]
    if letter == "H":
        return [(x, outline[-1][1]) for x in numbers]
    if letter == "V":
        return [(outline[-1][0], y) for y in numbers]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    if letter != "C":
        return points
    curve = list(outline[-1:])
    for first in range(0, len(points), 3):
        curve += _curve(curve[-1], *points[first : first + 3])
    return curve[1:]


def _curve(start: Point, leave: Point, arrive: Point, end: Point) -> Iterator[Point]:
    """Step along a cubic Bezier curve."""
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        at = list(zip(weights, (start, leave, arrive, end), strict=True))
        yield sum(w * x for w, (x, _) in at), sum(w * y for w, (_, y) in at)


def _round(centre: Point, radius: float) -> Outline:
    turns = [2 * math.pi * corner / _CORNERS for corner in range(_CORNERS + 1)]
    return [(centre[0] + radius * math.cos(a), centre[1] + radius * math.sin(a)) for a in turns]


_OUTLINES = {"path": _path, "rect": _rectangle, "circle": _circle}


def _filled(shape: Shape) -> list[tuple[Outline, ...]]:
    return [] if shape.fill == "none" else [shape.outlines]


def _stroked(outlines: Iterable[Outline], width: float) -> Iterator[tuple[Outline, ...]]:
    """Cover a line by a bar for each part of it and a disc at each corner: round joins and caps."""
    for outline in outlines:
        yield from ((_round(corner, width / 2),) for corner in dict.fromkeys(outline))
        yield from ((_bar(start, end, width / 2),) for start, end in pairwise(outline))


def _bar(start: Point, end: Point, half: float) -> Outline:
    long = math.dist(start, end) or 1.0
    x, y = (end[1] - start[1]) / long * half, (start[0] - end[0]) / long * half
    corners = [(start[0] + x, start[1] + y), (end[0] + x, end[1] + y)]
    return [*corners, (end[0] - x, end[1] - y), (start[0] - x, start[1] - y)]


def _mask(areas: Iterable[Iterable[Outline]], side: int) -> Image.Image:
    """Mark the samples whose middle lies inside an area: outlines that are crossed an odd count.

    Pillow's own polygons reach half a sample too far, which greys the pixel beside a sharp edge.
    """
    rows = [bytearray(side) for _ in range(side)]
    scale = side / GRID
    for area in areas:
        for y, crossed in _crossings(area, scale, side).items():
            ordered = sorted(crossed)
            for left, right in zip(ordered[::2], ordered[1::2], strict=True):
                first, last = max(0, math.ceil(left - 0.5)), min(side, math.ceil(right - 0.5))
                rows[y][first:last] = _INSIDE * (last - first)
    return Image.frombytes("L", (side, side), b"".join(rows))


def _crossings(area: Iterable[Outline], scale: float, side: int) -> dict[int, list[float]]:
    """Say where the edges of an area cross each row of samples."""
    found: dict[int, list[float]] = {}
    for outline in area:
        closed = [*outline, outline[0]]
        for (x, y), (to_x, to_y) in pairwise((px * scale, py * scale) for px, py in closed):
            low, high = sorted((y, to_y))
            for row in range(max(0, math.ceil(low - 0.5)), min(side, math.ceil(high - 0.5))):
                part = (row + 0.5 - y) / (to_y - y)
                found.setdefault(row, []).append(x + part * (to_x - x))
    return found
