"""Progress: a bar that shows on a terminal how far something long is."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

Told: TypeAlias = Callable[[str, int, int], object]
"""Is told what is being done, how much of it is, and of how much."""


@contextmanager
def progress(first: str, *, hidden: bool = False) -> Iterator[Told]:
    """Show a bar beside what is written, on a terminal only; nothing stays of it."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(file=sys.stderr)
    is_hidden = hidden or not console.is_terminal
    with Progress(
        *columns, TimeElapsedColumn(), console=console, transient=True, disable=is_hidden
    ) as bar:
        task = bar.add_task(first, total=None)
        yield lambda what, done, of: bar.update(task, description=what, completed=done, total=of)
