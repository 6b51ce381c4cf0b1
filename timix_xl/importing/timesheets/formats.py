"""The exports that are known, and which of them a header belongs to."""

from collections.abc import Sequence

from timix_xl.importing.timesheets import clockify, harvest, kimai, toggl
from timix_xl.importing.timesheets.shapes import Shape, fits, plain_header

SHAPES = (
    *(toggl.DETAILED, clockify.DETAILED, clockify.DECIMAL, harvest.DETAILED),
    *(kimai.ENGLISH, kimai.GERMAN),
)
SOURCES = tuple(dict.fromkeys(shape.source for shape in SHAPES))


def shape_of(header: Sequence[str], source: str | None = None) -> Shape | None:
    """Return the shape that a header fits, of one program if it is named."""
    known = (shape for shape in SHAPES if source in (None, shape.source))
    return next((shape for shape in known if fits(shape, header)), None)


def missing_columns(header: Sequence[str], source: str) -> list[str]:
    """Name the columns that a header lacks to be an export of a program."""
    names = {plain_header(name) for name in header}
    lacking = (sorted(shape.needed - names) for shape in SHAPES if shape.source == source)
    return min(lacking, key=len)
