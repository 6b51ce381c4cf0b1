"""Projects: billing one by its rules, and the sheet of all of them."""

from collections.abc import Sequence

import xlwings as xw

from timix_xl.billing.bill import ProjectRun, bill
from timix_xl.billing.load import identity
from timix_xl.billing.pro_forma import pro_forma, pro_formas
from timix_xl.billing.pro_forma_limits import pro_forma_limits
from timix_xl.billing.project_figures import project_figures
from timix_xl.billing.utilization import utilization
from timix_xl.domain.frame_orders import OrderState
from timix_xl.domain.pro_formas import ProForma, ProFormaState
from timix_xl.errors import TimixError
from timix_xl.macros.desk import Desk
from timix_xl.macros.following import BOTH_BUTTONS, following
from timix_xl.macros.guard import macro
from timix_xl.macros.naming import request_of
from timix_xl.macros.register import check_register, show_register
from timix_xl.workbook import (
    billing_sheet,
    checks_sheet,
    invoices_sheet,
    pro_forma_sheet,
    projects_sheet,
)
from timix_xl.workbook.pro_forma_layout import PRO_FORMA
from timix_xl.workbook.projects_layout import PROJECTS
from timix_xl.workbook.refusals import BilledInPart
from timix_xl.workbook.tables import check_whole


@macro
def bill_project(book: xw.Book, desk: Desk) -> list[ProjectRun]:
    """Bill the chosen project by its rules: drafts, or pro formas where the project says so.

    Raises DoneButNotShown when a run is committed, but the sheets cannot show it.
    """
    billing_sheet.check_for_projects(book)
    check_whole(book, (PROJECTS, PRO_FORMA))
    check_register(book, desk)
    project, day = projects_sheet.wanted(book)
    # A workbook that was never refreshed is like any other new one: it has no request to repeat.
    list_of = projects_sheet.request(book)
    request = request_of(list_of, project, day) if list_of else None
    runs = bill(desk.store, project, date=day, actor=desk.actor, request=request)
    made = [number for run in runs if run.issued for number in run.issued.numbers]
    with following(book, _made_words(made) if made else "", button=BOTH_BUTTONS):
        _show_billed(book, desk, made)
    for stopped in (run.stopped for run in runs if run.stopped):
        raise _in_part(runs[-1], stopped, made) if made else stopped
    checks_sheet.show(book, [fault for run in runs if run.issued for fault in run.issued.warnings])
    billing_sheet.say(book, _billed_words(runs, made))
    return runs


def _in_part(run: ProjectRun, stopped: TimixError, made: Sequence[str]) -> BilledInPart:
    return BilledInPart(
        faults=checks_sheet.of_error(stopped),
        made=", ".join(made),
        project=run.project,
        date=run.billing_date,
        why=stopped.message,
        instead=stopped.hint,
    )


def _show_billed(book: xw.Book, desk: Desk, made: Sequence[str]) -> None:
    """Show what a run of the engine made, where nothing unsaved is in the way."""
    kept = {row.text("Number"): row for row in invoices_sheet.ballot_rows(book)}
    projects_sheet.clear_choice(book)
    pending = show_projects(book, desk)
    show_register(book, desk, kept)
    own = [one.number for one in pending if one.number in made]
    if own and not pro_forma_sheet.unsaved(pro_forma_sheet.rows(book)):
        show_pro_forma(book, desk, own[0])


def _billed_words(runs: Sequence[ProjectRun], made: Sequence[str]) -> str:
    last = runs[-1]
    if not last.is_due:
        return f"{last.project} is not due: its next billing date is {last.billing_date}."
    if not made:
        return f"{last.project} has nothing to bill up to {last.billing_date}."
    left = sum(len(run.left_out) for run in runs)
    return f"{_made_words(made)} for {last.project} up to {last.billing_date}; {left} left out."


def _made_words(made: Sequence[str]) -> str:
    return f"Made {', '.join(made)}" if made else "Nothing was made"


def show_projects(book: xw.Book, desk: Desk) -> list[ProForma]:
    """Write every project and the choices of pro formas; returns those that are not closed."""
    found = pro_formas(desk.store)
    pending = [one for one in found if one.state is not ProFormaState.CLOSED]
    today = desk.actor.today
    projects_sheet.show(book, project_figures(desk.store), pending, today=today)
    pro_forma_sheet.offer(book, [one.number for one in pending])
    return pending


def show_pro_forma(book: xw.Book, desk: Desk, number: str) -> ProForma:
    """Write a pro forma with its limits and the frame orders it may draw on; returns it."""
    one = pro_forma(desk.store, number)
    limits = pro_forma_limits(desk.store, [one])[one.document_id]
    orders = [
        order for order in utilization(desk.store, one.customer) if order.state is OrderState.OPEN
    ]
    pro_forma_sheet.show(book, one, limits, orders, store_id=identity(desk.store))
    return one
