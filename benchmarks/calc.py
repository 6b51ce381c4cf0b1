"""What a live sheet costs beside one raw block of the same cells, in one run: ratios.

    python benchmarks/calc.py [COUNT] [ROUNDS]     (default: 10000 5)

The host's share is the time inside the members of the Calc host while a macro runs: from the moment
that xlwings calls one until it answers, besides the values that it has xlwings make ready cell by
cell. All that the macro does counts, on every sheet.

The raw write is one setDataArray of what the entries' table holds, and its one formula filled down:

    (a) into the very same cells of a freshly opened workbook, whose table is grown beforehand, with
        its formats, rules and tiles: what anybody would write by hand. THE LIMIT IS HELD AGAINST
        THIS ONE.
    (b) the same while LibreOffice is told not to measure the heights of rows, which the host tells
        it, too. Nobody gets this by writing by hand; it is what the host cannot do better than.
    (c) the same cells into the first sheet of an empty workbook.

The raw read is what the host has to bring as well: (a) one getDataArray of the same cells of the
same live sheet, and one getFormulaArray of the three columns in which people decide (a decision that
is a formula is refused); THE LIMIT IS HELD AGAINST THIS ONE. (b) the getDataArray alone, (c) the
same of an empty workbook that the cells were written into.

All ratios are shown. Of several rounds the best counts; the spread is told. Ends with exit code 1
if a share is beyond its limit.
"""

import datetime as dt
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import xlwings as xw
from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.builders import ANN, Shop, copy_of, make_template
from timix_xl import macros
from timix_xl.hosts import calc, cell_values, files
from timix_xl.hosts.areas import Area
from timix_xl.hosts.calc.connection import Connection
from timix_xl.settings import bundled
from timix_xl.workbook import billing_sheet, entries_sheet, layout

UPTO = dt.date(2026, 1, 31)
ROUNDS_ON_FILES = 2
WIDTH = 110
LIMIT = 1.5
"""How many times the raw block the host's share may take."""
VISIBLE = layout.ENTRIES.titles.index("Visible")
"""The column of the formula."""
IN_EMPTY = "=SUBTOTAL(103;A1)"
"""What is filled down where no table is."""


@dataclass
class Share:
    """Adds up the time inside the host's members."""

    seconds: float = 0.0
    calls: int = 0
    _entered: list[float] = field(default_factory=list)

    def measure(self, action: Callable[[], Any]) -> float:
        """Run something; return the host's share of it."""
        self.seconds, self.calls = 0.0, 0
        action()
        return self.seconds

    def enter(self, plain: Callable[..., None]) -> Callable[..., None]:
        def entered(connection: Connection, seconds: float | None) -> None:
            self._entered.append(time.perf_counter())
            plain(connection, seconds)

        return entered

    def leave(self, plain: Callable[..., None]) -> Callable[..., None]:
        def left(connection: Connection) -> None:
            plain(connection)
            self.seconds += time.perf_counter() - self._entered.pop()
            self.calls += 1

        return left

    def cleaning(self, plain: Callable[..., Any]) -> Callable[..., Any]:
        def cleaned(*args: Any) -> Any:
            started = time.perf_counter()
            try:
                return plain(*args)
            finally:
                self.seconds += time.perf_counter() - started

        return cleaned


def watched() -> Share:
    """Watch the border of the host."""
    share = Share()
    Connection.enter = share.enter(Connection.enter)  # type: ignore[method-assign]
    Connection.leave = share.leave(Connection.leave)  # type: ignore[method-assign]
    impl = calc.engine.CalcEngine
    impl.clean_value_data = staticmethod(share.cleaning(cell_values.clean_value_data))
    return share


@dataclass
class Rounds:
    """The seconds of some rounds."""

    seconds: list[float] = field(default_factory=list)

    @property
    def best(self) -> float:
        return min(self.seconds)

    @property
    def cells(self) -> tuple[str, str]:
        median = statistics.median(self.seconds)
        return f"{self.best:.3f}", f"{median:.3f}, {max(self.seconds):.3f}"


def taken(action: Callable[[], Any]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


@dataclass(frozen=True)
class Work:
    """A store with entries, the LibreOffice, and where files go."""

    shop: Shop
    app: xw.App
    folder: Path

    @property
    def desk(self) -> macros.Desk:
        return macros.Desk(self.shop.store, ANN, self.folder)

    def fresh(self, name: str) -> Path:
        path = self.folder / name
        path.unlink(missing_ok=True)
        shutil.copy(bundled("billing.xlsx"), path)
        return path


def live_load(work: Work, share: Share) -> tuple[float, float]:
    """Load into a fresh live workbook; return the host's share of it, and all of it."""
    book = calc.open_book(work.fresh("live.xlsx"), work.app)
    billing_sheet.want(book, "ACME", UPTO)
    started = time.perf_counter()
    part = share.measure(lambda: macros.load_unbilled(book, work.desk))
    whole = time.perf_counter() - started
    book.close()
    return part, whole


def file_load(work: Work) -> float:
    """Load into a fresh workbook on files; opening and saving do not count."""
    with files.open_book(work.fresh("file.xlsx")) as book:
        billing_sheet.want(book, "ACME", UPTO)
        return taken(lambda: macros.load_unbilled(book, work.desk))


@dataclass(frozen=True, slots=True)
class Block:
    """The cells of the entries' table as LibreOffice has them once they are loaded."""

    area: Area
    rows: tuple[tuple[Any, ...], ...]
    formula: str

    @property
    def written(self) -> tuple[tuple[Any, ...], ...]:
        """The rows without the results of the formula, which is filled down."""
        return tuple((*row[:VISIBLE], "", *row[VISIBLE + 1 :]) for row in self.rows)


def block_of(book: xw.Book) -> Block:
    """Take the cells that the macro has written."""
    body = entries_of(book).data_body_range.impl
    return Block(body.area, body.xl.getDataArray(), body.xl.getCellByPosition(VISIBLE, 0).Formula)


def entries_of(book: xw.Book) -> xw.main.Table:
    return book.sheets[layout.ENTRIES.sheet].tables[layout.ENTRIES.name]


def raw_write(work: Work, cells: Any, block: Block) -> float:
    """Write a block, and one formula filled down."""
    rows = block.written
    down = work.app.impl.connection.uno.Enum("com.sun.star.sheet.FillDirection", "TO_BOTTOM")
    column = cells.getCellRangeByPosition(VISIBLE, 0, VISIBLE, len(rows) - 1)

    def write() -> None:
        cells.setDataArray(rows)
        column.getCellByPosition(0, 0).Formula = block.formula
        column.fillAuto(down, 1)

    return taken(write)


def raw_live_write(work: Work, block: Block, *, measures_rows: bool) -> float:
    """Write the block by hand where the host writes it: into the grown table of a workbook."""
    book = calc.open_book(work.fresh("raw.xlsx"), work.app)
    billing_sheet.want(book, "ACME", UPTO)
    table = entries_of(book)
    table.resize(table.range.resize(len(block.rows) + 1))
    cells = book.sheets[layout.ENTRIES.sheet].impl.area(block.area).xl
    book.impl.doc.IsAdjustHeightEnabled = measures_rows
    seconds = raw_write(work, cells, block)
    book.close()
    return seconds


def raw_empty(work: Work, block: Block) -> tuple[float, float]:
    """Write the block into an empty workbook, and read it there."""
    doc = work.app.impl.connection.desktop.loadComponentFromURL(
        "private:factory/scalc", "_blank", 0, ()
    )
    area = block.area
    corners = (area.left - 1, area.top - 1, area.right - 1, area.bottom - 1)
    cells = doc.Sheets.getByIndex(0).getCellRangeByPosition(*corners)
    seconds = raw_write(work, cells, replace(block, formula=IN_EMPTY))
    read = taken(cells.getDataArray)
    doc.close(True)
    return seconds, read


def given(action: Callable[[], Any]) -> list[Any]:
    """Run something; return every value that xlwings has the host make ready for a cell."""
    values: list[Any] = []
    impl, ready = calc.engine.CalcEngine, cell_values.prepare_xl_data_element

    def noted(value: object, options: dict[str, Any]) -> object:
        values.append(value)
        return ready(value, options)

    impl.prepare_xl_data_element = staticmethod(noted)
    try:
        action()
    finally:
        impl.prepare_xl_data_element = staticmethod(ready)
    return values


def prepared(values: list[Any]) -> None:
    """Make values ready for cells as xlwings has the host do it: one by one."""
    ready = cell_values.prepare_xl_data_element
    for value in values:
        ready(value, {})


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured: in words, and the raw blocks beside it, the one with the limit first."""

    words: str
    beside: tuple[str, ...] = ()


ROWS = {
    "write": Measured("raw write (a): by hand, same cells"),
    "unmeasured": Measured("raw write (b): by hand, no row heights"),
    "empty": Measured("raw write (c): empty workbook"),
    "load": Measured("load_unbilled: the host's share", ("write", "unmeasured", "empty")),
    "whole": Measured("load_unbilled: all of it"),
    "files": Measured("load_unbilled on files: all of it"),
    "read": Measured("raw read (a): same cells, and 3 columns of formulas"),
    "read_values": Measured("raw read (b): the values alone"),
    "read_empty": Measured("raw read (c): empty workbook"),
    "rows": Measured("decisions read: the host's share", ("read", "read_values", "read_empty")),
}


def measured(work: Work, number: int) -> tuple[dict[str, Rounds], dict[str, int]]:
    """Take turns, so that what the machine does besides falls on all alike."""
    share, times, calls = watched(), {name: Rounds() for name in ROWS}, {}
    book = calc.open_book(work.fresh("read.xlsx"), work.app)
    billing_sheet.want(book, "ACME", UPTO)
    values = given(lambda: macros.load_unbilled(book, work.desk))
    block = block_of(book)
    cells = book.sheets[layout.ENTRIES.sheet].impl.area(block.area).xl
    places = [layout.ENTRIES.titles.index(title) for title in layout.BALLOT_CHOICES]
    choices = cells.getCellRangeByPosition(places[0], 0, places[-1], block.area.rows - 1)

    def note(name: str, seconds: float) -> None:
        times[name].seconds.append(seconds)

    for at in range(number):
        note("write", raw_live_write(work, block, measures_rows=True))
        note("unmeasured", raw_live_write(work, block, measures_rows=False))
        part, whole = live_load(work, share)
        calls["load"] = share.calls
        note("load", part + taken(lambda: prepared(values)))
        note("whole", whole)
        for name, seconds in zip(("empty", "read_empty"), raw_empty(work, block), strict=True):
            note(name, seconds)
        note("read", taken(cells.getDataArray) + taken(choices.getFormulaArray))
        note("read_values", taken(cells.getDataArray))
        note("rows", share.measure(lambda: entries_sheet.rows(book)))
        calls["rows"] = share.calls
        if at < ROUNDS_ON_FILES:
            note("files", file_load(work))
    return times, calls


def ratios(times: dict[str, Rounds], name: str) -> list[float]:
    """How many times the raw blocks something takes; the first is held against the limit."""
    return [times[name].best / times[raw].best for raw in ROWS[name].beside]


def shown(work: Work, times: dict[str, Rounds], calls: dict[str, int]) -> Table:
    title = f"LibreOffice {work.app.version}, best of {len(times['load'].seconds)}"
    load = "load " + " ".join(f"{each:.2f}" for each in os.getloadavg())
    heads = ("what", "seconds", "median, worst", "calls", "x (a)", "limit", "x (b), x (c)")
    table = Table(*heads, title=title, caption=load)
    for name, what in ROWS.items():
        held, *others = [f"{each:.2f}" for each in ratios(times, name)] or [""]
        limit = str(LIMIT) if held else ""
        calls_made = str(calls.get(name, ""))
        row = (what.words, *times[name].cells, calls_made, held, limit, ", ".join(others))
        table.add_row(*row)
    return table


def main(count: int, number: int) -> bool:
    console = Console(width=WIDTH)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shop = copy_of(make_template(folder), folder, "bench.db")
        shop.many(count)
        work = Work(shop, calc.start(), folder)
        try:
            times, calls = measured(work, number)
            table = shown(work, times, calls)
        finally:
            work.app.quit()
            shop.store.close()
    console.print(table)
    holds = all(found[0] < LIMIT for name in ROWS if (found := ratios(times, name)))
    console.print(f"{count:,} entries: the limits {'hold' if holds else 'do not hold'}.")
    return holds


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    sys.exit(0 if main(*(numbers + [10_000, 5][len(numbers) :])) else 1)
