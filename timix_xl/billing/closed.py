"""Closed: nothing is dated in a closed month."""

import datetime as dt

from sqlalchemy import Connection

from timix_xl.errors import PeriodClosed
from timix_xl.store import closings


def refuse_closed(connection: Connection, day: dt.date, action: str) -> None:
    """Raise PeriodClosed where the month of a day is closed."""
    until = closings.locked_until(connection)
    if until and day <= until:
        raise PeriodClosed(action=action, date=day, until=until)


def first_open_day(connection: Connection) -> dt.date:
    """Return the day after the last closed month."""
    until = closings.locked_until(connection)
    return until + dt.timedelta(days=1) if until else dt.date.min
