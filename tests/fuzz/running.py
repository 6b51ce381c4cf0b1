"""How a parser is fuzzed: within bounds, shortly in the suite and for as long as one likes."""

import os
import secrets
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import hypothesis
from hypothesis import HealthCheck, Phase, given
from hypothesis.strategies import SearchStrategy

MOST_SECONDS = 20
"""Of the processor's time for one input: a machine may do other things besides."""
MOST_MEGABYTES = 300
"""That one input may add to the largest size of the process."""
_ROUND = 25

T = TypeVar("T")


class _TooSlow(BaseException):  # no parser that catches its own exceptions may catch this one
    pass


@contextmanager
def bounded(seconds: float = MOST_SECONDS, megabytes: float = MOST_MEGABYTES) -> Iterator[None]:
    """Stop what goes on for too long, and refuse what takes too much memory."""
    before = _largest_size()
    was = _alarm(seconds)
    try:
        yield
    except _TooSlow:
        raise AssertionError(f"still at it after {seconds} seconds") from None
    finally:
        _alarm_off(was)
    grown = _largest_size() - before
    assert grown <= megabytes, f"took {grown:.0f} MB"


def attempt(
    do: Callable[[], T],
    *refusals: type[BaseException],
    seconds: float = MOST_SECONDS,
) -> tuple[T | None, Any]:
    """Do something within bounds: returns what it gives, and what refused it; the rest comes out."""
    with bounded(seconds):
        try:
            return do(), None
        except refusals as refusal:
            return None, refusal


def _alarm(seconds: float) -> Any:
    if sys.platform == "win32":  # which has no such timer
        return None
    was = signal.signal(signal.SIGPROF, _stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    return was


def _alarm_off(was: Any) -> None:
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, was)


def _stop(*_: object) -> None:
    raise _TooSlow


def _largest_size() -> float:
    """Return the most megabytes that this process has taken so far."""
    if sys.platform == "win32":
        return 0
    import resource

    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 2 ** (20 if sys.platform == "darwin" else 10)


def for_long(strategy: SearchStrategy[T], drive: Callable[[T], object]) -> None:
    """Drive a parser for TIMIX_FUZZ_SECONDS with inputs from TIMIX_FUZZ_SEED on.

    Each round has a seed of its own, one more than the last; the one that fails is printed, and
    given back as TIMIX_FUZZ_SEED it comes first.
    """
    seconds = float(os.environ.get("TIMIX_FUZZ_SECONDS", "60"))
    seed = int(os.environ.get("TIMIX_FUZZ_SEED") or secrets.randbelow(2**32))
    begun, count, slowest = time.monotonic(), 0, 0.0
    print(f"TIMIX_FUZZ_SEED={seed}")

    def once(given_input: T) -> None:
        nonlocal count, slowest
        at = time.process_time()
        drive(given_input)
        count, slowest = count + 1, max(slowest, time.process_time() - at)

    while time.monotonic() < begun + seconds:
        try:
            _round_of(once, strategy, seed)
        except Exception:
            print(f"failed with TIMIX_FUZZ_SEED={seed}")
            raise
        seed += 1
    print(f"{count} inputs in {time.monotonic() - begun:.0f} s, the slowest {slowest:.2f} s")


def _round_of(once: Callable[[T], None], strategy: SearchStrategy[T], seed: int) -> None:
    settings = hypothesis.settings(
        derandomize=False,
        database=None,
        max_examples=_ROUND,
        phases=[Phase.generate],  # to shrink what takes seconds would take minutes
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    hypothesis.seed(seed)(settings(given(strategy)(once)))()
