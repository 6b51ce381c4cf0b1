"""The two type faces that travel with the package, and what they can write."""

from functools import cache
from importlib.resources import files
from io import BytesIO
from unicodedata import category

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR = "NotoSans-Regular"
BOLD = "NotoSans-Bold"


@cache
def face(name: str) -> TTFont:
    """Return a face, read and made known to reportlab on its first use."""
    source = files("timix_xl.documents") / "fonts" / f"{name}.ttf"
    font = TTFont(name, BytesIO(source.read_bytes()), asciiReadable=True)
    pdfmetrics.registerFont(font)
    return font


@cache
def covered() -> frozenset[str]:
    """Return every character that both faces can write, and that has a shape of its own."""
    regular, bold = (face(name).face.charToGlyph.keys() for name in (REGULAR, BOLD))
    chars = map(chr, regular & bold)
    return frozenset(char for char in chars if not category(char).startswith("C"))


def text_width(text: str, font: str, size: float) -> float:
    """Return how wide a text is, in points."""
    return float(face(font).stringWidth(text, size))
