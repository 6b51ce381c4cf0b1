"""Histories: how an entry comes to be work in progress, goes, and comes back."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import D, day
from timix_xl.domain.histories import History, Moment, approved, by_turns, flows
from timix_xl.domain.money import ZERO
from timix_xl.domain.wip import OUT, Flow, Work

FIRST, LAST = day("2026-01-01"), day("2026-01-31")


def work(hours: str, amount: str) -> Work:
    return Work(D(hours), D(amount))


def billed(on: str, amount: str = "100", rounding: str = "0") -> Moment:
    return Moment(
        date=day(on), flow=Flow.BILLED, comes=False, work=work("1", amount), rounding=D(rounding)
    )


def back(on: str, amount: str = "100") -> Moment:
    return Moment(date=day(on), flow=Flow.RETURNED, comes=True, work=work("1", amount))


def lost(on: str, amount: str = "100") -> Moment:
    return Moment(date=day(on), flow=Flow.WRITTEN_OFF, comes=False, work=work("1", amount))


def history(*moments: Moment, now: Work | None = None, since: str = "2026-01-05", **more):
    ordered = by_turns([approved(day(since)), *moments])
    is_there = more.pop("is_there", len(ordered) % 2 == 1)
    return History(entry="E1", is_there=is_there, now=now, moments=ordered, **more)


def told(one: History, first: dt.date = FIRST, last: dt.date = LAST) -> dict[str, str]:
    return {
        flow.value: f"{work.hours} h {work.amount}"
        for flow, work in flows(one, first, last).items()
    }


def test_work_is_there_from_its_approval_until_it_is_billed() -> None:
    one = history(billed("2026-01-20"))

    days = ["2026-01-04", "2026-01-05", "2026-01-19", "2026-01-20"]
    assert [one.is_in(day(each)) for each in days] == [False, True, True, False]


def test_before_it_was_billed_it_was_worth_what_it_was_billed_for() -> None:
    one = history(billed("2026-01-20", "90"), now=None)

    assert one.worth(day("2026-01-10")) == work("1", "90")


def test_what_is_still_open_is_worth_todays_price() -> None:
    assert history(now=work("1", "120")).worth(day("2026-01-10")) == work("1", "120")


def test_what_stood_at_a_close_stays_whatever_the_price_is_today() -> None:
    one = history(now=work("1", "120"), closed={LAST: work("1", "100")})

    assert one.worth(LAST) == work("1", "100")
    assert one.worth(day("2026-01-10")) == work("1", "100")
    assert one.worth(day("2026-02-01")) == work("1", "120")


def test_what_was_no_billable_work_at_a_close_stays_none() -> None:
    assert history(now=work("1", "120"), closed={LAST: None}).worth(LAST) is None


def test_work_that_is_billed_before_its_approval_came_on_the_day_of_the_invoice() -> None:
    one = history(billed("2026-01-31"), since="2026-02-03")

    assert one.holds
    assert told(one) == {"approved": "1 h 100", "billed": "1 h 100"}


def test_work_that_is_billed_again_before_the_date_of_its_void_came_back_on_that_day() -> None:
    one = history(billed("2026-01-31"), back("2026-02-01"), billed("2026-01-31"))

    assert one.holds
    assert told(one) == {"approved": "1 h 100", "returned": "1 h 100", "billed": "2 h 200"}


def test_work_never_comes_back_before_the_date_of_the_invoice_that_it_was_on() -> None:
    one = history(billed("2026-01-31"), back("2026-01-20"))

    assert [moment.date.day for moment in one.moments] == [5, 31, 31]


def test_the_approval_comes_first_whatever_it_is_dated() -> None:
    one = history(billed("2026-01-31"), back("2026-02-06"), since="2026-02-15")

    found = [(moment.flow.value, moment.date) for moment in one.moments]
    assert found == [
        ("approved", day("2026-01-31")),
        ("billed", day("2026-01-31")),
        ("returned", day("2026-02-06")),
    ]


def test_it_may_come_and_go_several_times_in_a_month() -> None:
    one = history(
        *(billed("2026-01-10", "100"), back("2026-01-12", "100")),
        *(billed("2026-01-15", "110"), back("2026-01-16", "110")),
        *(lost("2026-01-20", "110"), back("2026-01-25", "110")),
        now=work("1", "120"),
    )

    assert told(one) == {
        "approved": "1 h 100",
        "billed": "2 h 210",
        "returned": "3 h 320",
        "written_off": "1 h 110",
        "repriced": "0 h 20",
        "closing": "1 h 120",
    }


def test_what_an_invoice_bills_beyond_the_own_amount_is_rounding() -> None:
    one = history(billed("2026-01-20", "33.33", rounding="0.01"))

    assert told(one) == {"approved": "1 h 33.33", "rounding": "0 h 0.01", "billed": "1 h 33.34"}


def test_an_opening_figure_that_is_worth_more_at_the_end_is_repriced() -> None:
    one = history(now=work("2", "240"), closed={LAST: work("2", "200")})

    assert told(one, day("2026-02-01"), day("2026-02-28")) == {
        "opening": "2 h 200",
        "repriced": "0 h 40",
        "closing": "2 h 240",
    }


def test_work_that_is_no_longer_billable_is_repriced_to_nothing() -> None:
    one = history(now=None, closed={LAST: work("2", "200")})

    assert told(one, day("2026-02-01"), day("2026-02-28")) == {
        "opening": "2 h 200",
        "repriced": "-2 h -200",
    }


@pytest.mark.parametrize(
    ("moments", "is_there"),
    [([], False), ([billed("2026-01-20")], True), ([billed("2026-01-20")] * 2, False)],
    ids=["gone without a reason", "there though billed", "billed twice"],
)
def test_an_entry_that_is_not_where_its_moments_end_is_noticed(
    moments: list[Moment], is_there: bool
) -> None:
    assert not history(*moments, is_there=is_there).holds


DAYS = st.dates(day("2025-12-20"), day("2026-02-10"))
HOURS = st.integers(0, 90_000).map(lambda parts: D(parts) / 10_000)
AMOUNTS = st.integers(1, 50_000).map(lambda cents: D(cents) / 100)


@st.composite
def lives(draw: st.DrawFn) -> History:
    """Return any life of an entry: approved, then out and back by turns."""
    moments = [approved(draw(DAYS))]
    for at in range(draw(st.integers(0, 6))):
        amount, on = Work(D(1), draw(AMOUNTS)), draw(DAYS)
        out = draw(st.sampled_from([Flow.BILLED, Flow.WRITTEN_OFF]))
        flow = Flow.RETURNED if at % 2 else out
        rounding = D("0.01") if flow is Flow.BILLED else ZERO
        names = ("held", "written_off", "raised") if flow is Flow.BILLED else ()
        more = {name: Work(draw(HOURS), draw(AMOUNTS)) for name in names}
        moments.append(
            Moment(date=on, flow=flow, comes=bool(at % 2), work=amount, rounding=rounding, **more)
        )
    now = Work(D(1), draw(AMOUNTS)) if len(moments) % 2 else None
    return History(entry="E1", is_there=len(moments) % 2 == 1, now=now, moments=by_turns(moments))


def test_what_an_invoice_leaves_out_and_raises_is_told_apart() -> None:
    out = Moment(
        date=day("2026-01-20"),
        flow=Flow.BILLED,
        comes=False,
        work=Work(D(8), D(800)),
        held=Work(D(3), D(300)),
        written_off=Work(D(1), D(100)),
        raised=Work(D(2), D(50)),
    )

    assert told(history(out)) == {
        "approved": "8 h 800",
        "raised": "2 h 50",
        "billed": "6 h 450",
        "held": "3 h 300",
        "written_off": "1 h 100",
    }


def test_a_remainder_that_makes_room_goes_as_returned_below_zero() -> None:
    gone = Moment(date=day("2026-02-10"), flow=Flow.RETURNED, comes=False, work=work("0", "300"))
    one = History(
        entry="R",
        is_there=False,
        now=None,
        moments=by_turns([approved(day("2026-01-20"), work("0", "300")), gone]),
    )

    assert one.holds
    assert told(one, day("2026-02-01"), day("2026-02-28")) == {
        "opening": "0 h 300",
        "returned": "0 h -300",
    }


@given(lives())
def test_any_life_rolls_forward(one: History) -> None:
    found = flows(one, FIRST, LAST)
    signed = [
        -work if flow in OUT or flow is Flow.CLOSING else work for flow, work in found.items()
    ]
    assert one.holds
    assert sum(signed, Work()) == Work()


@given(lives(), st.lists(st.dates(day("2026-02-01"), day("2026-02-20")), max_size=4))
def test_what_is_dated_after_a_month_leaves_the_moments_of_that_month_alone(
    before: History, days: list[dt.date]
) -> None:
    more = [
        lost(on.isoformat()) if (at + len(before.moments)) % 2 else back(on.isoformat())
        for at, on in enumerate(days)
    ]
    after = by_turns([*before.moments, *more])

    assert [one for one in after if one.date <= LAST] == [
        one for one in before.moments if one.date <= LAST
    ]


@given(lives(), DAYS)
def test_two_periods_roll_forward_as_one(one: History, until: dt.date) -> None:
    first, last, after = day("2025-12-01"), day("2026-02-28"), until + dt.timedelta(days=1)
    whole = flows(one, first, last)
    for flow in (Flow.BILLED, Flow.WRITTEN_OFF, Flow.RETURNED, Flow.ROUNDING):
        halves = flows(one, first, until), flows(one, after, last)
        assert sum((half.get(flow, Work()) for half in halves), Work()) == whole.get(flow, Work())
