"""What a cell holds, and the number format that goes with it."""

from enum import StrEnum


class Kind(StrEnum):
    """What a cell holds; decides its number format and its side of the cell."""

    TEXT = "text"
    PROSE = "prose"
    LINK = "link"
    DATE = "date"
    COUNT = "count"
    QUANTITY = "quantity"
    RATE = "rate"
    MONEY = "money"
    PERCENT = "percent"

    @property
    def is_number(self) -> bool:
        """Whether the cell is set to the right, as figures are."""
        return self in FIGURES

    @property
    def number_format(self) -> str:
        """Return the format of a cell of this kind (money: of a currency with two digits)."""
        return NUMBER_FORMATS[self]


def money_format(digits: int) -> str:
    """Return the number format of a currency with so many minor digits.

    >>> money_format(2), money_format(0)
    ('#,##0.00', '#,##0')
    """
    return "#,##0." + "0" * digits if digits else "#,##0"


TEXT_FORMAT = "@"
DATE_FORMAT = "yyyy-mm-dd"
FIGURES = frozenset({Kind.COUNT, Kind.QUANTITY, Kind.RATE, Kind.MONEY, Kind.PERCENT})
NUMBER_FORMATS = {
    Kind.TEXT: TEXT_FORMAT,
    Kind.PROSE: TEXT_FORMAT,
    Kind.LINK: TEXT_FORMAT,
    Kind.DATE: DATE_FORMAT,
    Kind.COUNT: "0",
    Kind.QUANTITY: "#,##0.00##",
    Kind.RATE: "#,##0.00####",
    Kind.MONEY: money_format(2),
    Kind.PERCENT: "0.0%",
}
