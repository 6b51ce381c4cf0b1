"""Fonts, fills, alignment and number formats of ranges."""

from collections.abc import Sequence
from typing import Any

from xlwings import base_classes
from xlwings.utils import hex_to_rgb, int_to_rgb

from timix_xl.hosts.calc.border import bordered
from timix_xl.hosts.calc.number_formats import key_of, number_formats

Colour = tuple[int, int, int] | list[int] | int | str | None

_AUTOMATIC = -1
_BOLD, _NORMAL = 150.0, 100.0
_BOLD_FROM = 110.0
_JUSTIFY = "com.sun.star.table.CellHoriJustify"
_SLANT = "com.sun.star.awt.FontSlant"
_HORIZONTAL = {
    "STANDARD": "general",
    "LEFT": "left",
    "CENTER": "center",
    "RIGHT": "right",
    "BLOCK": "justify",
    "REPEAT": "fill",
}
_TO_HORIZONTAL = {name: justify for justify, name in _HORIZONTAL.items()} | {
    "center_across_selection": "CENTER",
    "distributed": "BLOCK",
}
# com.sun.star.table.CellVertJustify2
_VERTICAL = {0: "bottom", 1: "top", 2: "center", 3: "bottom", 4: "justify"}
_TO_VERTICAL = {"top": 1, "center": 2, "bottom": 3, "justify": 4, "distributed": 4}
_PLAIN = (
    "CellStyle", "NumberFormat", "CellBackColor", "IsCellBackgroundTransparent",
    "CharColor", "CharFontName", "CharHeight", "CharPosture", "CharStrikeout", "CharUnderline",
    "CharWeight", "CharContoured", "CharShadowed",
    "HoriJustify", "HoriJustifyMethod", "VertJustify", "VertJustifyMethod", "IsTextWrapped",
    "ParaIndent", "Orientation", "RotateAngle", "RotateReference", "ShrinkToFit",
    "TopBorder2", "BottomBorder2", "LeftBorder2", "RightBorder2", "DiagonalTLBR2",
    "DiagonalBLTR2", "ShadowFormat", "CellProtection",
)  # fmt: skip


def number_format(cells: Any) -> str | None:
    """Give the number format, None if the cells differ."""
    key = key_of(cells.xl)
    return None if key is None else number_formats(cells.book).code(key)


def set_number_format(cells: Any, code: str) -> None:
    """Set the number format."""
    cells.xl.NumberFormat = number_formats(cells.book).key(code)


def fill_color(cells: Any) -> tuple[int, int, int] | None:
    """Give the background, None if there is none or the cells differ."""
    colour = common(cells, "CellBackColor")
    return None if colour in (None, _AUTOMATIC) else _rgb(colour)


def set_fill_color(cells: Any, colour: Colour) -> None:
    """Paint the background; None takes it away."""
    cells.xl.CellBackColor = _number(colour)


def wraps_text(cells: Any) -> bool | None:
    """Tell whether long text goes on in a new line."""
    found = common(cells, "IsTextWrapped")
    return None if found is None else bool(found)


def set_wrap_text(cells: Any, value: bool) -> None:  # a property's setter
    """Let long text go on in a new line, or not."""
    cells.xl.IsTextWrapped = bool(value)


def horizontal(cells: Any) -> str | None:
    """Give the horizontal alignment."""
    found = common(cells, "HoriJustify")
    return None if found is None else _HORIZONTAL[found.value]


def set_horizontal(cells: Any, value: str) -> None:
    """Align horizontally."""
    cells.xl.HoriJustify = cells.connection.uno.Enum(_JUSTIFY, _TO_HORIZONTAL[value])


def vertical(cells: Any) -> str | None:
    """Give the vertical alignment."""
    found = common(cells, "VertJustify")
    return None if found is None else _VERTICAL[found]


def set_vertical(cells: Any, value: str) -> None:
    """Align vertically."""
    cells.xl.VertJustify = _TO_VERTICAL[value]


def clear(cells: Any) -> None:
    """Take all formats away; dropdowns and conditional formats, which are formats here, stay."""
    for name in _PLAIN:
        cells.xl.setPropertyToDefault(name)


@bordered
class Font(base_classes.Font):
    """The font of a range."""

    range: Any = None

    def __init__(self, cells: Any) -> None:
        self.range = cells
        self.connection = cells.connection

    @property
    def api(self) -> Any:
        """Give LibreOffice's own object."""
        return self.range.xl

    @property
    def bold(self) -> bool | None:
        """Tell whether it is bold."""
        weight = common(self.range, "CharWeight")
        return None if weight is None else bool(weight > _BOLD_FROM)

    @bold.setter
    def bold(self, value: bool) -> None:
        self.range.sheet.check_changeable()
        self.range.xl.CharWeight = _BOLD if value else _NORMAL

    @property
    def italic(self) -> bool | None:
        """Tell whether it is italic."""
        slant = common(self.range, "CharPosture")
        return None if slant is None else bool(slant.value != "NONE")

    @italic.setter
    def italic(self, value: bool) -> None:
        self.range.sheet.check_changeable()
        slant = "ITALIC" if value else "NONE"
        self.range.xl.CharPosture = self.connection.uno.Enum(_SLANT, slant)

    @property
    def size(self) -> float | None:
        """Give the size in points."""
        found: float | None = common(self.range, "CharHeight")
        return found

    @size.setter
    def size(self, points: float) -> None:
        self.range.sheet.check_changeable()
        self.range.xl.CharHeight = float(points)

    @property
    def name(self) -> str | None:
        """Give the name of the typeface."""
        found: str | None = common(self.range, "CharFontName")
        return found

    @name.setter
    def name(self, name: str) -> None:
        self.range.sheet.check_changeable()
        self.range.xl.CharFontName = name

    @property
    def color(self) -> tuple[int, int, int] | None:
        """Give the colour of the letters."""
        colour = common(self.range, "CharColor")
        return None if colour is None else _rgb(max(colour, 0))

    @color.setter
    def color(self, colour: Colour) -> None:
        self.range.sheet.check_changeable()
        self.range.xl.CharColor = _number(colour)


def common(cells: Any, name: str) -> Any:
    """Give a property that all cells have in common, None if they differ."""
    xl = cells.xl
    if xl.getPropertyState(name).value == "AMBIGUOUS_VALUE":
        return None
    return xl.getPropertyValue(name)


def _rgb(colour: int) -> tuple[int, int, int]:
    return colour >> 16 & 255, colour >> 8 & 255, colour & 255


def _number(colour: Colour) -> int:
    if colour is None:
        return _AUTOMATIC
    red, green, blue = _parts(colour)
    return int(red) << 16 | int(green) << 8 | int(blue)


def _parts(colour: tuple[int, int, int] | list[int] | int | str) -> Sequence[int]:
    if isinstance(colour, str):
        found: Sequence[int] = hex_to_rgb(colour)
        return found
    return int_to_rgb(colour) if isinstance(colour, int) else colour
