"""What people do to exports before they send them: none of it changes what is read, or it is told."""

import csv
import io
import random
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tests.importing.timesheets.conftest import EXPORTS
from timix_xl.errors import FileUnreadable, InputError
from timix_xl.importing.grids import Grid, GridRow, grid_of_text
from timix_xl.importing.refusals import FormatNotUnderstood
from timix_xl.importing.timesheets.export import Export, read_export
from timix_xl.importing.timesheets.formats import SHAPES, shape_of
from timix_xl.importing.timesheets.lines import Line
from timix_xl.importing.timesheets.shapes import Fact, Shape, fingerprint

FORMATS = (
    "toggl.csv",
    "clockify_year_first.csv",
    "clockify_month_first.csv",
    "harvest.csv",
    "harvest_import.csv",
    "kimai.csv",
    "kimai_german.csv",
)
KIMAI = "Date,From,To,Duration,Customer,Project,Activity,Name,Billable\n"
LINE = "2026-01-05,08:30,12:00,3:30,Nordwind Marine GmbH,Crane controls,Build,Ann Porter,1\n"


def grid_of(file: str) -> Grid:
    content = (EXPORTS / file).read_bytes()
    return grid_of_text(file, content.decode("cp1252" if "german" in file else "utf-8-sig"))


def read(grid: Grid) -> Export:
    shape = shape_of(grid.header)
    assert shape is not None
    return read_export(grid, shape, None)


def reordered(grid: Grid, order: Sequence[int]) -> Grid:
    header = tuple(grid.header[at] for at in order)
    rows = tuple(GridRow(row.place, [row.cells[at] for at in order]) for row in grid.rows)
    return Grid(grid.file, grid.place, header, rows)


@pytest.mark.parametrize("file", FORMATS)
@given(seed=st.randoms(use_true_random=False), extra=st.integers(0, 3))
@settings(max_examples=15, deadline=None)
def test_order_of_columns_and_extra_ones_change_nothing(
    file: str, seed: random.Random, extra: int
) -> None:
    grid = grid_of(file)
    wide = Grid(
        grid.file,
        grid.place,
        (*grid.header, *(f"Site {at}" for at in range(extra))),
        tuple(GridRow(row.place, [*row.cells, *["x"] * extra]) for row in grid.rows),
    )
    order = list(range(len(wide.header)))
    seed.shuffle(order)
    if "german" in file:  # its two equal headers are none that we read
        assert wide.header.count("Kostenstelle") == 2
    assert read(reordered(wide, order)).lines == read(grid).lines


@pytest.mark.parametrize("file", FORMATS)
def test_order_of_rows_changes_no_identity(file: str) -> None:
    grid = grid_of(file)
    turned = Grid(grid.file, grid.place, grid.header, grid.rows[::-1])
    assert _ids(read(turned).lines) == _ids(read(grid).lines)


def _ids(lines: Sequence[Line]) -> list[tuple[str, str, Decimal]]:
    return sorted((line.identity, line.description, line.hours) for line in lines)


def test_a_fingerprint_depends_on_the_columns_alone() -> None:
    grid = grid_of("toggl.csv")
    shape = shape_of(grid.header)
    assert shape is not None
    euros = [name.replace("USD", "EUR") for name in reversed(grid.header)]
    assert fingerprint(shape, grid.header) == fingerprint(shape, euros)
    assert fingerprint(shape, grid.header) != fingerprint(shape, (*grid.header, "Site"))


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.source)
def test_a_shape_needs_what_an_entry_needs(shape: Shape) -> None:
    for facts in ((Fact.DATE,), (Fact.CLOCK, Fact.HOURS), (Fact.PROJECT,)):
        headers = {name for fact in facts for name in shape.columns.get(fact, ())}
        assert headers & shape.needed


def text_of(*lines: str) -> str:
    return KIMAI + "".join(lines)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace(",", ";"),
        lambda text: "sep=;\n" + text.replace(",", ";"),
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("\n", "\r"),
        lambda text: text.upper().replace("NORDWIND MARINE GMBH", "Nordwind Marine GmbH"),
        lambda text: text + "\n\n",
        lambda text: text + text,
        lambda text: text.replace("08:30", "8:30 AM"),
        lambda text: text.replace("3:30", "3.5"),
        lambda text: text.replace("3:30", '"3,5"'),
        lambda text: text.replace("2026-01-05", "05.01.2026"),
        lambda text: text.replace("Crane controls", " Crane\u00a0controls "),
    ],
)
def test_other_ways_to_write_the_same_are_the_same(
    change: Callable[[str], str], take: Any, entries: Any
) -> None:
    text = text_of(LINE)
    assert take(change(text), "hours.csv").refused == ()
    first = entries()[0]
    assert (first["date"], first["quantity"]) == (date(2026, 1, 5), Decimal("3.5"))
    assert (first["project"], first["task"], first["person"]) == ("CRANE", "BUILD", "ANN")


def test_a_name_in_other_characters_is_the_same_person(take: Any, entries: Any) -> None:
    take(text_of(LINE.replace("Ann Porter", "Jose\u0301 O\u0308lund")), "hours.csv")
    assert entries()[0]["person"] == "JOE"


def test_a_windows_file_is_read_and_told(import_file: Any, entries: Any) -> None:
    report = import_file("kimai_german.csv")
    assert "IMP-83" in {one.code for one in report.warnings}
    assert "josé-ölund" in entries()[2]["id"]


FAULTS = [
    ("2026-01-05", "2026-02-30", "IMP-17", "Date"),
    ("2026-01-05", "", "IMP-11", "Date"),
    ("3:30", "", "IMP-11", "Duration"),
    ("3:30", "3:75", "IMP-12", "Duration"),
    ("3:30", "NaN", "IMP-12", "Duration"),
    ("3:30", "0:00", "IMP-63", "Duration"),
    ("3:30", "9999999999", "IMP-16", "Duration"),
    ("08:30", "26:00", "IMP-89", "From"),
    (",1\n", ",perhaps\n", "IMP-19", "Billable"),
    ("Build", "", "IMP-86", "Activity"),
    (",1\n", ",1,2\n", "IMP-28", ""),
]


@pytest.mark.parametrize(("before", "after", "code", "column"), FAULTS)
def test_a_cell_that_does_not_read_is_named(
    before: str, after: str, code: str, column: str, take: Any, dump: Any
) -> None:
    unchanged = dump()
    odd = LINE.replace(before, after, 1)
    report = take(text_of(LINE.replace("08:30", "06:00"), odd), "hours.csv")
    assert [(one.row, one.code, one.column) for one in report.refused] == [(3, code, column)]
    assert dump() == unchanged


def test_every_cell_that_does_not_read_is_named(take: Any) -> None:
    odd = LINE.replace("2026-01-05", "soon").replace("3:30", "long").replace("08:30", "late")
    report = take(text_of(odd), "hours.csv")
    assert {one.column for one in report.refused} == {"Date", "Duration", "From"}


def test_a_clock_duration_of_toggl_is_never_a_fraction(take: Any, import_file: Any) -> None:
    text = (EXPORTS / "toggl.csv").read_text("utf-8-sig").replace("03:30:00", "0.1458")
    refused = take(text, "toggl.csv").refused
    assert [(one.code, one.column) for one in refused] == [("IMP-90", "Duration")]


def test_a_total_at_the_end_is_refused_and_named(take: Any) -> None:
    report = take(text_of(LINE, "Total,,,3:30,,,,,\n"), "hours.csv")
    assert [(one.row, one.code, one.hint) for one in report.refused] == [
        (3, "IMP-56", "Delete the row.")
    ]


def test_skip_bad_takes_the_other_lines(take: Any) -> None:
    report = take(text_of(LINE, "Total,,,3:30,,,,,\n"), "hours.csv", skip_bad=True)
    assert (report.taken, len(report.refused)) == (1, 1)


def test_a_negative_duration_is_taken_as_a_correction(take: Any, entries: Any) -> None:
    take(text_of(LINE.replace("3:30", "-3:30")), "hours.csv")
    assert entries()[0]["quantity"] == Decimal("-3.5")


def test_a_line_without_a_start_is_known_by_what_it_says(take: Any) -> None:
    text = text_of(LINE.replace("08:30,12:00", ","), LINE.replace("08:30,12:00", ","))
    assert take(text, "hours.csv").taken == 2
    assert take(text, "hours.csv").known == 2


def test_a_very_long_name_still_has_an_id(take: Any, entries: Any) -> None:
    name = "Ann " + "of the Long House " * 8
    take({"people": [{"code": "LONG", "name": name.strip()}]})
    assert take(text_of(LINE.replace("Ann Porter", name)), "hours.csv").refused == ()
    assert entries()[0]["person"] == "LONG"


def test_a_quote_that_is_not_closed_is_told_with_its_line(take: Any) -> None:
    with pytest.raises(FileUnreadable) as caught:
        take(text_of('2026-01-05,"08:30,12:00\n'), "hours.csv")
    assert caught.value.where == "line 2"


CELLS = st.text(max_size=12) | st.sampled_from(
    ["", "1", "1:30", "2026-01-05", "01/02/2026", "1,5", "-1", "Yes", "9" * 30, "=1+1", "\x00"]
)


@pytest.mark.parametrize("file", FORMATS)
@given(data=st.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_cells_under_a_known_header_are_taken_or_refused(file: str, data: Any) -> None:
    header = grid_of(file).header
    rows = data.draw(st.lists(st.lists(CELLS, max_size=len(header) + 1), max_size=4))
    grid = Grid(file, 1, header, tuple(GridRow(at, row) for at, row in enumerate(rows, 2)))
    try:
        export = read(grid)
    except InputError:
        return
    assert len(export.lines) + len({one.row for one in export.refused}) <= len(rows)


@given(data=st.data())
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_any_file_under_a_known_header_raises_only_our_refusals(data: Any, take: Any) -> None:
    rows = data.draw(st.lists(st.lists(CELLS, max_size=9), max_size=4))
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    try:
        report = take(KIMAI + _encodable(text.getvalue()), "hours.csv", dry_run=True)
    except InputError:
        return
    assert not report.written


def _encodable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode()


def test_many_lines_take_no_more_statements_than_few(take: Any, statements: Any) -> None:
    few = statements(lambda: take(_month(10), "hours.csv"))
    many = statements(lambda: take(_month(2_000), "hours.csv"))
    assert many <= few


def _month(lines: int) -> str:
    moments = ((at // 480 + 1, at // 20 % 24, at % 20) for at in range(lines))
    return text_of(
        *(
            LINE.replace("2026-01-05,08:30", f"2026-03-{day:02},{hour:02}:{minute:02}").replace(
                "3:30", "0:03"
            )
            for day, hour, minute in moments
        )
    )


@pytest.fixture
def statements(store: Any) -> Callable[[Callable[[], Any]], int]:
    """Count the statements that something takes; many rows to one of them count as one."""

    def counted(act: Callable[[], Any]) -> int:
        found: list[str] = []
        listen = (store.engine, "before_cursor_execute", lambda *told: found.append(told[2]))
        event.listen(*listen)
        report = act()
        event.remove(*listen)
        assert report.refused == ()
        return len(found)

    return counted


def test_files_may_be_put_one_below_the_other(take: Any, tmp_path: Path) -> None:
    text = text_of(LINE) + text_of(LINE.replace("01-05", "01-06"))
    assert take(text, "hours.csv").taken == 2


def test_the_order_of_dates_is_told_apart_by_the_end_date_too() -> None:
    grid = grid_of("clockify_either_order.csv")
    at = grid.header.index("End Date")
    first = list(grid.rows[0].cells)
    first[at] = "13/01/2026"
    rows = (GridRow(grid.rows[0].place, first), *grid.rows[1:])
    export = read(Grid(grid.file, grid.place, grid.header, rows))
    assert export.lines[0].date == date(2026, 1, 5)


def test_a_row_that_is_cut_off_is_refused(take: Any) -> None:
    report = take(text_of(LINE, "2026-01-06,08:30,12:00,3:30,Nordwind Marine GmbH"), "hours.csv")
    assert [(one.row, one.code, one.message) for one in report.refused] == [
        (3, "IMP-53", "The row has 5 cells, but there are 9 columns.")
    ]


def test_a_row_of_entries_that_is_cut_off_is_refused(take: Any) -> None:
    text = "id,date,project,task,quantity,billable\nA,2026-01-05,CRANE,BUILD,1\n"
    assert [one.code for one in take(text, "entries.csv").refused] == ["IMP-53"]


def test_blank_headers_at_the_end_need_no_cells(take: Any) -> None:
    assert take(KIMAI.replace("\n", ",,\n") + LINE, "hours.csv").refused == ()


def test_an_unknown_header_is_named(take: Any) -> None:
    with pytest.raises(FormatNotUnderstood, match="its columns are Who, When, What"):
        take("Who,When,What\nAnn,1,2\n", "hours.csv")
