"""The logo: a PNG or JPEG that is embedded, or none if it cannot be read."""

from functools import lru_cache
from io import BytesIO

from PIL.Image import DecompressionBombError, DecompressionBombWarning
from reportlab.lib.utils import ImageReader

from timix_xl.documents.marks import Picture

_SIGNATURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_MOST_PIXELS = 25_000_000
# What Pillow raises for a file that is broken, or larger than anyone's logo.
_BROKEN = (OSError, SyntaxError, ValueError, DecompressionBombError, DecompressionBombWarning)


def fitted(logo: bytes, x: float, y: float, width: float, height: float) -> Picture | None:
    """Fit a logo into a box, at its upper left corner; None if it is no picture that we embed."""
    image = _image(logo)
    if image is None:
        return None
    across, down = image.getSize()
    scale = min(width / across, height / down)
    return Picture(x, y, across * scale, down * scale, image)


def is_readable(logo: bytes) -> bool:
    """Whether a logo is a whole PNG or JPEG of a reasonable size."""
    return _image(logo) is not None


@lru_cache(maxsize=4)
def _image(logo: bytes) -> ImageReader | None:
    if not logo.startswith(_SIGNATURES):
        return None
    try:
        image = ImageReader(BytesIO(logo))
        across, down = image.getSize()
        if across * down > _MOST_PIXELS:
            return None
        image.getRGBData()
    except _BROKEN:
        return None
    return image
