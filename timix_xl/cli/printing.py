"""What a person reads on the terminal: tables and sentences. Nothing is ever cut."""

import sys
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TextIO

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from timix_xl.cli.plain import visible
from timix_xl.domain.money import minor_digits
from timix_xl.errors import Fault

PIPED_WIDTH = 200
"""Columns of what goes into a file or another program, whatever the terminal's width."""
PROSE = frozenset(
    {"Name", "Title", "Description", "Entry ids", "Why", "Reason", "Note", "Before", "After"}
    | {"Found", "What to do"}
)
"""Columns that may go over several lines; codes, dates and numbers never do."""
LEAST_PROSE = 12
"""How narrow a column of prose may become before the whole table runs over."""


def console_for(stream: TextIO | None = None) -> Console:
    """Return the console of a stream: a terminal's width and colours, or wide and plain."""
    out = stream or sys.stdout
    width = None if out.isatty() else PIPED_WIDTH
    return Console(file=out, width=width, no_color=None if out.isatty() else True, highlight=False)


def say(console: Console, text: str, style: str | None = None) -> None:
    """Print a sentence; nothing in it is markup. Only a terminal breaks it into lines."""
    console.print(Text(visible(text), style=style or ""), soft_wrap=not console.is_terminal)


def lay(console: Console, made: Table) -> None:
    """Print a table; one that is wider than the terminal runs over rather than being cut."""
    if _least_width(made) > console.width:
        for column in made.columns:
            column.header = str(column.header).replace(" ", "\n")
    for column, least in zip(made.columns, _least_widths(made), strict=True):
        column.min_width = least
    if _least_width(made) > console.width:
        made.width = _least_width(made)
    console.print(made, crop=False)


def _least_width(made: Table) -> int:
    return sum(_least_widths(made)) + 2 * len(made.columns)


def _least_widths(made: Table) -> list[int]:
    """Return how wide each column has to be: rich would cut what does not wrap."""
    headings = [str(column.header).split("\n") for column in made.columns]
    return [
        max(column.min_width or 0, *map(cell_len, heading))
        for column, heading in zip(made.columns, headings, strict=True)
    ]


def show(console: Console, parts: Iterable[str | Table]) -> None:
    """Print tables and sentences; a sentence that begins with ! or - is a fault or a warning."""
    for part in parts:
        if isinstance(part, Table):
            lay(console, part)
        else:
            say(console, part, _STYLES.get(part[:2]))


_STYLES = {"! ": "bold red", "- ": "yellow"}


def table(title: str, *columns: str, numbers: Iterable[str] = ()) -> Table:
    """Make a table; the columns of numbers are right-aligned, those of prose may fold."""
    made = Table(
        title=Text(visible(title)) if title else None,
        title_justify="left",
        title_style="bold",
        box=None,
    )
    right = set(numbers)
    for name in columns:
        made.add_column(
            escape(name),
            justify="right" if name in right else "left",
            header_style="bold",
            no_wrap=name not in PROSE,
            overflow="fold",
            min_width=LEAST_PROSE if name in PROSE else None,
        )
    return made


def add(made: Table, *cells: object) -> None:
    """Add a row of plain values; nothing in them is markup."""
    texts = ["" if cell is None else visible(str(cell)) for cell in cells]
    made.add_row(*map(Text, texts))
    for column, text in zip(made.columns, texts, strict=True):
        if column.no_wrap:
            column.min_width = max(column.min_width or 0, cell_len(text))


def money(amount: Decimal, currency: str) -> str:
    """Write an amount with thousands separators."""
    return f"{amount:,.{minor_digits(currency)}f}"


def quantity(number: Decimal) -> str:
    """Write hours or units with two decimals, or as many as they have."""
    places = max(2, -int(number.normalize().as_tuple().exponent))
    return f"{number:,.{places}f}"


hours = rate = quantity
"""Hours and rates are written alike, so that columns line up."""


def in_unit(number: Decimal, unit: str) -> str:
    """Write hours, or money with its digits."""
    return quantity(number) if unit == "h" else money(number, unit)


def of(count: int, noun: str) -> str:
    """Write a count with its noun: 1 entry, 2 entries."""
    plural = noun[:-1] + "ies" if noun.endswith("ry") else noun + "s"
    return f"{count:,} {noun if count == 1 else plural}"


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """Word faults, those that stop a run first."""
    ordered = sorted(faults, key=lambda one: not one.is_error)
    return [f"{'!' if one.is_error else '-'} {one}" for one in ordered]
