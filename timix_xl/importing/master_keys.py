"""Take in the master keys of a file, whose rows name each other in both directions."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import Connection

from timix_xl.importing.faults import Trouble
from timix_xl.importing.master import Known, take_rows, unknown_codes
from timix_xl.importing.rate_tables import unknown_tasks
from timix_xl.importing.rows import Placed, read_row
from timix_xl.importing.sections import LIMITS, MASTER, RATE_TABLES
from timix_xl.importing.standing import Standing
from timix_xl.importing.tally import Applied, Tally
from timix_xl.store import intake


def take_master_keys(
    connection: Connection,
    rows: Mapping[str, Sequence[Placed]],
    standing: Standing,
    tally: Tally,
) -> None:
    """Take in the master rows of a file.

    A rate may name a project that names its rate table. So projects are taken after the tables,
    and where a rate then leads nowhere, all is taken again without its table.
    """
    if LIMITS.name in rows:
        standing.invoiced = intake.read_invoiced(connection)
    mark, known = standing.mark(), dict[tuple[str, int | str], Sequence[Trouble]]()
    taken = _taken(rows, standing, known)
    while found := dict(_leading_nowhere(taken, standing)):
        known |= found
        standing.back_to(mark)
        taken = _taken(rows, standing, known)
    tally.applied += taken.applied
    tally.refused += taken.refused
    tally.warnings += taken.warnings


def _taken(rows: Mapping[str, Sequence[Placed]], standing: Standing, known: Known) -> Tally:
    tally = Tally()
    for section in MASTER:
        if section.name in rows:
            take_rows(section, rows[section.name], standing, tally, known)
    return tally


def _leading_nowhere(
    tally: Tally, standing: Standing
) -> Iterator[tuple[tuple[str, int | str], Sequence[Trouble]]]:
    """Find the rate tables with rates for projects and tasks that are not there."""
    for each in tally.applied:
        if each.section == RATE_TABLES.name and (found := list(_strays(each, standing))):
            yield (each.section, each.placed.row), found


def _strays(each: Applied, standing: Standing) -> Iterator[Trouble]:
    row, _ = read_row(RATE_TABLES.columns, each.placed.record)  # in the order of the file
    nowhere = list(unknown_codes(RATE_TABLES.columns, row, standing, later=True))
    yield from nowhere or unknown_tasks(row, standing)
