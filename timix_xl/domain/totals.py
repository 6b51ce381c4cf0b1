"""Tax by code and percent on the sum of the lines: the one place that adds a document up."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from timix_xl.domain.invoices import Line, TaxLine
from timix_xl.domain.money import ZERO, rounded
from timix_xl.domain.tax import TaxCode


def tax_lines(
    lines: Iterable[Line], codes: Mapping[str, TaxCode], currency: str
) -> tuple[TaxLine, ...]:
    """Compute tax per code and percent on the sum of its lines, rounded half up once."""
    bases: dict[tuple[str, Decimal], Decimal] = {}
    for line in lines:
        key = (line.tax_code, line.tax_percent)
        bases[key] = bases.get(key, ZERO) + line.amount
    return tuple(
        TaxLine(
            code=code,
            category=codes[code].category,
            percent=percent,
            base=base,
            amount=rounded(base * percent / 100, currency),
            note=codes[code].note,
        )
        for (code, percent), base in sorted(bases.items())
    )
