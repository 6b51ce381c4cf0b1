"""The colours of a document, from the brand colour of the company."""

import re
from dataclasses import dataclass

from timix_xl.documents.marks import INK

_DEFAULT = "#1F4E79"
_HEX = re.compile(r"#[0-9A-Fa-f]{6}")
# WCAG 2: a text of normal size is legible from this contrast on.
_LEGIBLE = 4.5
# WCAG 2, definition of relative luminance.
_LINEAR_UP_TO = 0.04045


@dataclass(frozen=True, slots=True)
class Palette:
    """A brand bar, what is written on it, a tint of it, and the brand's colour for text."""

    bar: str
    on_bar: str
    tint: str
    accent: str


def palette(brand_colour: str) -> Palette:
    """Choose colours that stay legible whatever the brand colour is."""
    bar = brand_colour if _HEX.fullmatch(brand_colour) else _DEFAULT
    white = "#FFFFFF"
    dark = _contrast(bar, white) >= _LEGIBLE
    return Palette(bar, white if dark else INK, _mixed(bar, white), bar if dark else INK)


def _mixed(colour: str, other: str) -> str:
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(one * 9 + two * 91) // 100:02X}" for one, two in pairs)


def _contrast(one: str, two: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(two)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    weights = (0.2126, 0.7152, 0.0722)
    linear = (_linear(channel / 255) for channel in _channels(colour))
    return sum(weight * channel for weight, channel in zip(weights, linear, strict=True))


def _linear(channel: float) -> float:
    return (
        channel / 12.92 if channel <= _LINEAR_UP_TO else float(((channel + 0.055) / 1.055) ** 2.4)
    )


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
