"""The Projects sheet: what every project cost and brought, and which one is to be billed."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

import xlwings as xw

from timix_xl.domain.money import minor_digits
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.domain.project_figures import ProjectFigures
from timix_xl.workbook import layout
from timix_xl.workbook.cells import Cell, day_in, put, text_in, written
from timix_xl.workbook.kinds import Kind, money_format
from timix_xl.workbook.projects_layout import (
    BILL_PROJECT,
    BILL_PROJECT_DATE,
    PROJECT_COLUMNS,
    PROJECTS,
    PROJECTS_SHEET,
)
from timix_xl.workbook.refusals import CellEmpty
from timix_xl.workbook.tables import set_column_format, write_rows
from timix_xl.workbook.words import DUE_NO, DUE_YES, ProFormaStateWord

_MONEY = [column.title for column in PROJECT_COLUMNS if column.kind is Kind.MONEY]


def wanted(book: xw.Book) -> tuple[str, dt.date | None]:
    """Read which project to bill, and up to when if a date is given.

    Raises CellEmpty, CellRefused.
    """
    project = text_in(book, BILL_PROJECT)
    if not project:
        place = f"{PROJECTS_SHEET}!{layout.named_cell(BILL_PROJECT).cell}"
        raise CellEmpty(where=place, what="Bill project", example="PORTAL")
    return project, day_in(book, BILL_PROJECT_DATE)


def request(book: xw.Book) -> str:
    """Read which list of projects this is: each refresh makes another."""
    return text_in(book, layout.PROJECTS_REQUEST)


def show(
    book: xw.Book,
    figures: Sequence[ProjectFigures],
    pro_formas: Sequence[ProForma],
    *,
    today: dt.date,
) -> None:
    """Write every project, with the pro formas of it that are not closed."""
    pending: dict[str, list[str]] = {}
    for one in pro_formas:
        pending.setdefault(one.project, []).append(f"{one.number} {state_word(one.state)}")
    write_rows(book, PROJECTS, [_cells(one, pending, today) for one in figures], key="Project")
    digits = max((minor_digits(one.currency) for one in figures), default=2)
    set_column_format(book, PROJECTS, _MONEY, money_format(digits))
    put(book, layout.PROJECTS_REQUEST, uuid.uuid4().hex)


def _cells(
    one: ProjectFigures, pending: Mapping[str, Sequence[str]], today: dt.date
) -> dict[str, Cell]:
    figures, day = one.figures, one.next_billing_date
    return {
        "Project": one.project,
        "Customer": one.customer,
        "Currency": one.currency,
        "Cost": written(figures.cost),
        "Invoiced": float(figures.invoiced),
        "Draft": float(figures.draft),
        "WIP": float(figures.wip),
        "Limit": written(figures.limit),
        "Margin": written(figures.margin),
        "Next billing date": day,
        "Due": None if day is None else DUE_YES if day <= today else DUE_NO,
        "Name": one.name or None,
        "Status": one.status.value,
        "Pro forma": ", ".join(pending.get(one.project, ())) or None,
    }


def state_word(state: ProFormaState) -> str:
    """Return the word for where a pro forma stands."""
    return ProFormaStateWord[state.name].value


def clear_choice(book: xw.Book) -> None:
    """Empty the date that belonged to one run."""
    put(book, BILL_PROJECT_DATE, None)
