"""Column types: scaled integers for numbers, checked text for choices."""

import datetime as dt
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Boolean, Dialect, SmallInteger, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from timix_xl.domain.money import scaled, unscaled


class Scaled(TypeDecorator[Decimal]):
    """A decimal as an integer of 10^-places units, so that every database adds exactly."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, places: int) -> None:
        super().__init__()
        self.places = places

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Scale up; a value with more decimals is refused, never rounded."""
        return None if value is None else scaled(value, self.places)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        """Scale down."""
        return None if value is None else unscaled(value, self.places)


class Choice(TypeDecorator[StrEnum]):
    """A closed set of words."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[StrEnum]) -> None:
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:
        """Store the word."""
        return None if value is None else self.kind(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Return the member."""
        return None if value is None else self.kind(value)


class Day(TypeDecorator[dt.date]):
    """A date as ISO text, which sorts and compares alike everywhere."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dt.date | None, dialect: Dialect) -> str | None:
        """Write YYYY-MM-DD."""
        return None if value is None else value.isoformat()

    def process_result_value(self, value: str | None, dialect: Dialect) -> dt.date | None:
        """Read YYYY-MM-DD."""
        return None if value is None else dt.date.fromisoformat(value)

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        """Compare with dates, as dates."""
        return self


class Flag(TypeDecorator[bool]):
    """Yes or no as 1 or 0, so that a row reads alike everywhere."""

    impl = Boolean
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep a number where booleans are a kind of their own."""
        kept: TypeEngine[Any] = SmallInteger() if dialect.name == "postgresql" else Boolean()
        return dialect.type_descriptor(kept)

    def process_bind_param(self, value: bool | None, dialect: Dialect) -> int | None:  # noqa: FBT001  SQLAlchemy's
        """Write 1 or 0."""
        return None if value is None else int(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> bool | None:
        """Read yes or no."""
        return None if value is None else bool(value)
