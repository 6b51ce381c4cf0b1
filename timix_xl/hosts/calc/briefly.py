"""What is asked again and again within one operation, remembered for a moment.

xlwings compares workbooks and sheets by their names whenever it makes a range of two others.
"""

import time
from collections.abc import Callable
from typing import Generic, TypeVar

MOMENT_SECONDS = 0.05
"""Shorter than it takes a person to rename anything."""
T = TypeVar("T")


class Briefly(Generic[T]):
    """An answer that is asked for anew once it is older than a moment."""

    __slots__ = ("_answer", "_ask", "_until")

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._until = 0.0

    def __call__(self) -> T:
        """Answer."""
        now = time.monotonic()
        if now >= self._until:
            self._answer = self._ask()
            self._until = now + MOMENT_SECONDS
        return self._answer

    def know(self, answer: T) -> None:
        """Take an answer that has just been found out elsewhere."""
        self._answer = answer
        self._until = time.monotonic() + MOMENT_SECONDS

    def forget(self) -> None:
        """Ask anew next time."""
        self._until = 0.0
