"""Decimal amounts, currencies, rounding, allocation: the one module that rounds."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

ZERO = Decimal(0)
QUANTITY_PLACES = 4
RATE_PLACES = 6
PERCENT_PLACES = 4
MOST = Decimal(10) ** 12
"""Every quantity, price and amount lies below it: a greater one is a slip of the pen."""

# ISO 4217: currencies whose minor unit is not a hundredth.
_MINOR_DIGITS = {
    **dict.fromkeys(
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0
    ),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
    **dict.fromkeys("CLF UYW".split(), 4),
}


def minor_digits(currency: str) -> int:
    """Return how many decimals the currency's minor unit has (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, 2)


def minor_unit(currency: str) -> Decimal:
    """Return the smallest amount of the currency, for example 0.01."""
    return Decimal(1).scaleb(-minor_digits(currency))


def rounded(amount: Decimal, currency: str) -> Decimal:
    """Round half up (away from zero) to the currency's minor unit."""
    return quantized(amount, minor_digits(currency))


def quantized(value: Decimal, places: int) -> Decimal:
    """Round half up (away from zero) to a number of decimals; never returns minus zero."""
    return value.quantize(_smallest(places), ROUND_HALF_UP) + ZERO


def unit_price(amount: Decimal, quantity: Decimal) -> Decimal:
    """Return the amount / quantity to six decimals; 0 without a quantity.

    >>> unit_price(Decimal(100), Decimal(3)), unit_price(Decimal(100), Decimal(0))
    (Decimal('33.333333'), Decimal('0'))
    """
    return quantized(amount / quantity, RATE_PLACES) if quantity else ZERO


@cache
def _smallest(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add amounts up, exactly."""
    return sum(amounts, ZERO)


def allocate(amount: Decimal, exact: Mapping[str, Decimal], currency: str) -> dict[str, Decimal]:
    """Split a rounded amount over keys: each its own rounded part, what is over a unit at a time.

    The difference goes to the largest residual first, ties by key, so that the parts always add
    up to `amount`.
    """
    return _allocated(amount, exact, minor_digits(currency))


def allocate_quantity(quantity: Decimal, exact: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Split a quantity over keys like an amount, to four decimals."""
    return _allocated(quantity, exact, QUANTITY_PLACES)


def _allocated(amount: Decimal, exact: Mapping[str, Decimal], places: int) -> dict[str, Decimal]:
    parts = {key: quantized(value, places) for key, value in exact.items()}
    over = amount - total(parts.values())
    smallest = _smallest(places)
    unit = smallest.copy_sign(over)
    steps = int(abs(over) / smallest)
    order = _by_residual(exact, parts, sign=unit) if steps else ()
    for step in range(steps):
        parts[order[step % len(order)]] += unit
    return parts


def _by_residual(
    exact: Mapping[str, Decimal], parts: Mapping[str, Decimal], *, sign: Decimal
) -> Sequence[str]:
    direction = 1 if sign > 0 else -1
    return sorted(exact, key=lambda key: (direction * (parts[key] - exact[key]), key))


def plain(value: Decimal) -> str:
    """Write a number in plain decimal notation with as many digits as needed."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain_money(amount: Decimal, currency: str) -> str:
    """Write an amount in plain decimal notation with the currency's digits."""
    return format(rounded(amount, currency), "f")


def an_amount(currency: str) -> str:
    """Write an amount with the currency's digits, to show how it is written.

    >>> an_amount("EUR"), an_amount("JPY")
    ('120.50', '121')
    """
    return plain_money(Decimal("120.5"), currency)


def in_minor(amount: Decimal, currency: str) -> int:
    """Turn an amount into a whole number of minor units; refuses to lose a digit."""
    return scaled(amount, minor_digits(currency))


def from_minor(number: int, currency: str) -> Decimal:
    """Turn a number of minor units back into an amount."""
    return unscaled(number, minor_digits(currency))


def worded(amount: Decimal, currency: str) -> str:
    """Write an amount as a person reads it.

    >>> worded(Decimal("13150"), "EUR"), worded(Decimal("13150"), "JPY")
    ('13,150.00 EUR', '13,150 JPY')
    """
    return f"{rounded(amount, currency):,f} {currency}"


def scaled(value: Decimal, places: int) -> int:
    """Turn a number into an integer of 10^-places units; refuses to lose a digit."""
    shifted = value.scaleb(places)
    whole = int(shifted)
    if whole != shifted:
        raise ValueError(f"{value} has more than {places} decimals")
    return whole


def unscaled(number: int, places: int) -> Decimal:
    """Turn an integer of 10^-places units back into a number."""
    return Decimal(number).scaleb(-places)
