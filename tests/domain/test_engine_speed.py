"""The engine grows with the entries, not with their square, and does what a plain loop does."""

from benchmarks.engine import books, by_hand, engine, entries, measured, timed

GENEROUS = 30
"""Ten times the entries may take this many times as long; a square would take a hundred."""


def test_ten_times_the_entries_take_about_ten_times_as_long() -> None:
    found, work = books(), entries(10_000)
    few, many = (timed(lambda some=work[:count]: engine(found, some))[0] for count in (1_000, None))
    assert many < GENEROUS * few


def test_the_engine_bills_what_a_hand_written_loop_bills() -> None:
    work = entries(2_000)
    assert engine(books(), work) == by_hand(work)


def test_the_benchmark_tells_the_shares_of_formulas_and_rate_look_ups() -> None:
    seconds = measured(200)
    assert list(seconds) == ["by hand", "engine", "of it formulas", "of it rate look-ups"]
    assert all(taken > 0 for taken in seconds.values())
