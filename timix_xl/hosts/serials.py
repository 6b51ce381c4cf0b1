"""Moments as the numbers that cells hold: days since the workbook's first one."""

import datetime as dt

WINDOWS_EPOCH = dt.datetime(1899, 12, 30)

# Excel counts a 29 February 1900; serials before it start a day later.
_FIRST_SERIALS = dt.datetime(1899, 12, 31)
_FIRST_MARCH_1900 = 60
_LAST_SERIAL = 2_958_466
_MILLISECONDS_PER_DAY = 86_400_000


def moment_of(serial: float, epoch: dt.datetime = WINDOWS_EPOCH) -> dt.datetime | None:
    """Give the moment that a number stands for, to the millisecond; None if there is none.

    >>> moment_of(45000.5)
    datetime.datetime(2023, 3, 15, 12, 0)
    """
    if not 0 <= serial < _LAST_SERIAL:
        return None
    base = _FIRST_SERIALS if epoch == WINDOWS_EPOCH and serial < _FIRST_MARCH_1900 else epoch
    return base + dt.timedelta(milliseconds=round(serial * _MILLISECONDS_PER_DAY))


def serial_of(moment: dt.datetime, epoch: dt.datetime = WINDOWS_EPOCH) -> float:
    """Give the number that stands for a moment.

    >>> serial_of(dt.datetime(2023, 3, 15, 12)), serial_of(dt.datetime(1900, 1, 1))
    (45000.5, 1.0)
    """
    days = (moment - epoch) / dt.timedelta(days=1)
    return days - 1 if epoch == WINDOWS_EPOCH and 0 < days <= _FIRST_MARCH_1900 else days
