"""What work was worth over time is, on any day, the sum of what its entries were worth then."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.test_histories import DAYS, lives
from timix_xl.billing.look_up import course
from timix_xl.domain.histories import History
from timix_xl.domain.wip import Work

FAR = st.sampled_from([dt.date.min, dt.date.max])
STORED = st.none() | st.builds(Work, st.just(Decimal(1)), st.integers(1, 9).map(Decimal))
CLOSED = st.dictionaries(DAYS | FAR, STORED, max_size=4)


@st.composite
def closed_lives(draw: st.DrawFn) -> History:
    """Return any life of an entry, over which months were closed."""
    return replace(draw(lives()), closed=draw(CLOSED))


@given(st.lists(closed_lives(), max_size=5), DAYS | FAR)
def test_any_day_of_a_course_is_the_sum_of_the_worths_of_that_day(
    histories: list[History], day: dt.date
) -> None:
    worths = [one.worth(day) or Work() for one in histories]

    assert course(histories).on(day) == sum(worths, Work())


def test_a_course_of_nothing_is_no_work_on_any_day() -> None:
    assert course([]).on(dt.date.max) == Work()
