"""Fonts, fills, alignment and number formats of ranges."""

from collections.abc import Callable
from copy import copy
from typing import Any

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import PatternFill
from openpyxl.styles.cell_style import StyleArray
from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

Colour = tuple[int, int, int] | list[int] | int | str | None

_BLACK = (0, 0, 0)
_HORIZONTAL = {"centerContinuous": "center_across_selection", None: "general"}
_TO_HORIZONTAL = {"center_across_selection": "centerContinuous", "general": None}


def restyle(cells_range: Any, change: Callable[[Any], None]) -> None:
    """Change the style of all cells of a range, working each style out only once."""
    known: dict[StyleArray, StyleArray] = {}
    for cell in cells_range.every():
        if isinstance(cell, MergedCell):
            continue
        before = copy(cell._style)
        if before in known:
            cell._style = copy(known[before])
        else:
            change(cell)
            known[before] = copy(cell._style)
    # A number may have become a date.
    cells_range.changed()


def common(cells_range: Any, look: Callable[[Any], Any]) -> Any:
    """Give what all cells have in common, None if they differ."""
    existing = cells_range.existing()
    by_style = {cell._style: cell for cell in existing}
    found = {look(cell) for cell in by_style.values()}
    if len(existing) < len(cells_range):
        found.add(look(Cell(cells_range.sheet.worksheet, row=1, column=1)))
    return found.pop() if len(found) == 1 else None


def plain(cell: Any) -> None:
    """Take all formats from a cell."""
    cell._style = StyleArray()


def fill_color(cells_range: Any) -> tuple[int, int, int] | None:
    """Give the background, None if there is none or the cells differ."""
    found: tuple[int, int, int] | None = common(cells_range, _background)
    return found


def set_fill_color(cells_range: Any, color: Colour) -> None:
    """Paint the background; None takes it away."""
    rgb = _hex(color)
    fill = PatternFill() if rgb is None else PatternFill("solid", fgColor=rgb)
    restyle(cells_range, lambda cell: setattr(cell, "fill", fill))


def wraps_text(cells_range: Any) -> bool | None:
    """Tell whether long text goes on in a new line."""
    found: bool | None = common(cells_range, lambda cell: bool(cell.alignment.wrap_text))
    return found


def set_wrap_text(cells_range: Any, value: bool) -> None:  # a property's setter
    """Let long text go on in a new line, or not."""
    _align(cells_range, wrap_text=value)


def horizontal(cells_range: Any) -> str | None:
    """Give the horizontal alignment."""
    found: str | None = common(cells_range, lambda cell: _horizontal_name(cell.alignment))
    return found


def set_horizontal(cells_range: Any, value: str) -> None:
    """Align horizontally."""
    _align(cells_range, horizontal=_TO_HORIZONTAL.get(value, value))


def vertical(cells_range: Any) -> str | None:
    """Give the vertical alignment."""
    found: str | None = common(cells_range, lambda cell: cell.alignment.vertical or "bottom")
    return found


def set_vertical(cells_range: Any, value: str) -> None:
    """Align vertically."""
    _align(cells_range, vertical=value)


class Font(base_classes.Font):
    """The font of a range."""

    def __init__(self, cells_range: Any) -> None:
        self._range = cells_range

    api = property(lambda self: self)
    bold = property(
        lambda self: self._get(lambda font: bool(font.b)), lambda self, value: self._set(b=value)
    )
    italic = property(
        lambda self: self._get(lambda font: bool(font.i)), lambda self, value: self._set(i=value)
    )
    size = property(
        lambda self: self._get(lambda font: font.sz), lambda self, value: self._set(sz=value)
    )
    name = property(
        lambda self: self._get(lambda font: font.name), lambda self, value: self._set(name=value)
    )
    color = property(
        lambda self: self._get(lambda font: _rgb(font.color) or _BLACK),
        lambda self, value: self._set(color=_hex(value)),
    )

    def _get(self, look: Callable[[Any], Any]) -> Any:
        return common(self._range, lambda cell: look(cell.font))

    def _set(self, **looks: Any) -> None:
        change_font(self._range, **looks)


def change_font(cells_range: Any, **looks: Any) -> None:
    """Change what is named of the font and keep the rest."""

    def change(cell: Any) -> None:
        font = copy(cell.font)
        for name, value in looks.items():
            setattr(font, name, value)
        cell.font = font

    restyle(cells_range, change)


def _align(cells_range: Any, **looks: Any) -> None:
    def change(cell: Any) -> None:
        alignment = copy(cell.alignment)
        for name, value in looks.items():
            setattr(alignment, name, value)
        cell.alignment = alignment

    restyle(cells_range, change)


def _horizontal_name(alignment: Any) -> str:
    return _HORIZONTAL.get(alignment.horizontal, alignment.horizontal)


def _background(cell: Any) -> tuple[int, int, int] | None:
    return _rgb(cell.fill.fgColor) if cell.fill.fill_type == "solid" else None


def _rgb(color: Any) -> tuple[int, int, int] | None:
    """Read a colour that is given as such; one of the theme or of the old palette gives None."""
    if color is None or color.type != "rgb":
        return None
    digits = color.rgb[-6:]
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)


def _hex(color: Colour) -> str | None:
    if color is None:
        return None
    if isinstance(color, str):
        red, green, blue = hex_to_rgb(color)
    elif isinstance(color, int):
        red, green, blue = int_to_rgb(color)
    else:
        red, green, blue = color
    return f"FF{red:02X}{green:02X}{blue:02X}"
