"""How numbers, dates and bank details are written, by locale."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import NumberPattern, parse_pattern

from timix_xl.documents.refusals import LocaleUnknown
from timix_xl.domain.money import minor_digits, plain, rounded

_NAMES = Locale("en")


@dataclass(frozen=True, slots=True)
class Notation:
    """Numbers and dates as one locale writes them, in characters that can be written."""

    locale: Locale
    writable: Collection[str]

    def quantity(self, value: Decimal) -> str:
        """Write every decimal that is used, and no more."""
        return self._number(value, least=0)

    def price(self, value: Decimal, currency: str) -> str:
        """Write every decimal that is used, at least those of the currency."""
        return self._number(value, least=minor_digits(currency))

    def money(self, amount: Decimal, currency: str) -> str:
        """Write an amount with the currency's decimals."""
        return self._number(rounded(amount, currency), least=minor_digits(currency))

    def day(self, day: date) -> str:
        """Write a date; as 2026-01-31 where the locale's script cannot be written."""
        text = format_date(day, "medium", locale=self.locale)
        return text if all(char in self.writable for char in text) else day.isoformat()

    def month(self, day: date) -> str:
        """Write the month of a day, with its year; as 2026-01 where it cannot be written."""
        text = format_date(day, "LLLL y", locale=self.locale)
        return text if all(char in self.writable for char in text) else f"{day:%Y-%m}"

    def period(self, first: date, last: date) -> str:
        """Write both ends of a period, or the one day that it is."""
        days = (first,) if first == last else (first, last)
        return " \N{EN DASH} ".join(map(self.day, days))

    def _number(self, value: Decimal, *, least: int) -> str:
        digits = plain(value)
        decimals = len(digits.partition(".")[2])
        pattern = _pattern(self.locale, max(least, decimals))
        text = str(pattern.apply(Decimal(digits), self.locale))
        return text.replace("\N{MINUS SIGN}", "-")


def notation(locale: str, writable: Collection[str]) -> Notation:
    """Return how a locale writes, given as en, de_CH or de-CH."""
    try:
        return Notation(Locale.parse(locale.replace("-", "_")), writable)
    except (ValueError, UnknownLocaleError) as error:
        raise LocaleUnknown(locale=locale) from error


def country(code: str) -> str:
    """Return the English name of an ISO 3166 code, or the code where there is none."""
    return str(_NAMES.territories.get(code, code))


def grouped(account: str) -> str:
    """Write an IBAN in groups of four."""
    bare = "".join(account.split())
    return " ".join(bare[at : at + 4] for at in range(0, len(bare), 4))


@cache
def _pattern(locale: Locale, decimals: int) -> NumberPattern:
    pattern = parse_pattern(locale.decimal_formats[None].pattern)
    pattern.frac_prec = (decimals, decimals)
    return pattern
