"""One formula for many cells, its relative references moved along."""

from openpyxl.formula.translate import Translator

from timix_xl.hosts.files.areas import Area


def filled(formula: str, area: Area) -> list[list[str]]:
    """Spell a formula, written for the first cell of an area, for all its cells."""
    first = Area(area.top, area.left, area.top, area.left)
    return [
        [moved(formula, first, row, column) for column in range(area.left, area.right + 1)]
        for row in range(area.top, area.bottom + 1)
    ]


def moved(formula: str, origin: Area, row: int, column: int) -> str:
    """Spell a formula of one cell for another."""
    target = Area(row, column, row, column).ref
    return str(Translator(formula, origin.ref).translate_formula(target))
