"""Opening workbooks: in the machine's own program, or live in Excel or LibreOffice with our buttons."""

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from timix_xl.addin.excel_window import open_in_excel, refuse_without_excel
from timix_xl.addin.extending import refuse_hidden
from timix_xl.addin.installing import store_of_excel
from timix_xl.addin.locks import Lock
from timix_xl.addin.machine import this_machine
from timix_xl.addin.window import office_with_window, open_in_calc
from timix_xl.addin.window_profile import profile_for
from timix_xl.cli import finance_commands, printing, shapes
from timix_xl.cli.session import Answer, Session
from timix_xl.errors import BadArgument, BadCommand, FileNotThere, without_passwords
from timix_xl.hosts.opening import open_workbook
from timix_xl.hosts.refusals import NotSaved
from timix_xl.macros import untold
from timix_xl.macros.desk import Desk
from timix_xl.macros.fresh import write_at, write_in_documents
from timix_xl.settings import absolute_place

_READ_ONLY = "It is read-only: LibreOffice puts no lock beside it that would tell when it is up."


@dataclass(frozen=True, slots=True)
class _Workbook:
    """The workbook that is opened, and whether it was made for that."""

    path: Path
    made: bool


def open_file(session: Session) -> Answer:
    """Open a workbook, live on a host or not, or a finance workbook of the reader's own."""
    chosen = session.chosen
    if chosen.host is not None:
        if chosen.as_of is not None:
            problem = "--as-of goes with the finance workbook, which is opened without --host"
            raise BadCommand(problem=problem, command="timix-xl open")
        return _HOSTS[chosen.host](session)
    if chosen.file is None:
        return finance_commands.open_finance(session)
    path = Path(chosen.file)
    if not path.is_file():
        raise FileNotThere(path=path)
    open_workbook(path)
    shape: shapes.Shape = {"file": str(path)}
    return Answer(shape, lambda console: printing.say(console, f"Opened {path}"))


def _open_in_calc(session: Session) -> Answer:
    office = office_with_window()
    machine = this_machine()
    refuse_hidden(machine)
    store = session.store.place
    place = (
        session.place if "://" in session.place else store
    )  # a URL is shown without its password
    user = session.chosen.user or os.environ.get("TIMIX_USER") or None
    profile_for(place, user).refuse_change(machine.python)
    workbook = _workbook(session)
    shown = open_in_calc(workbook.path, office, store=place, user=user, python=machine.python)
    waiting = untold.waiting()
    notes = [*([] if shown.is_up else [_READ_ONLY]), *_taken_away(shown.taken_away)]
    notes += untold.words(waiting)
    next_step = "The toolbar and the menu Timix hold the buttons."
    answer = _answer(session, workbook, "calc", store, notes, next_step, is_up=shown.is_up)
    return replace(answer, after=lambda: untold.forget(waiting))


def _open_in_excel(session: Session) -> Answer:
    machine = this_machine()
    refuse_without_excel(machine)
    workbook = _workbook(session)
    place, excels = absolute_place(session.place), store_of_excel(machine)
    store = session.store.place
    open_in_excel(workbook.path, machine)
    notes = []
    shown = without_passwords(excels)
    if excels not in {place, store}:
        notes = [f"Excel works on {shown}, not on this store: timix-xl --store PATH addin install"]
    next_step = "The tab Timix holds the buttons; if it is not there: timix-xl addin doctor."
    return _answer(session, workbook, "excel", shown, notes, next_step)


_HOSTS: dict[str, Callable[[Session], Answer]] = {"calc": _open_in_calc, "excel": _open_in_excel}


def _workbook(session: Session) -> _Workbook:
    """Find the workbook, or make it; the store is there and can be written, or nothing is done."""
    desk = Desk(session.store, session.actor)
    if session.chosen.file is None:
        return _Workbook(write_in_documents(desk), made=True)
    path = Path(session.chosen.file).absolute()
    if path.is_file():
        return _Workbook(path, made=False)
    if path.suffix.lower() != ".xlsx" or path.exists():
        expected = "the name of a workbook, or of a new one"
        raise BadArgument(
            argument="FILE", value=session.chosen.file, expected=expected, example="billing.xlsx"
        )
    if not path.parent.is_dir():
        why = "there is no such folder"
        raise NotSaved(where=str(path), path=path.name, why=why, folder=path.parent)
    return _Workbook(write_at(desk, path), made=True)


def _taken_away(lock: Lock | None) -> list[str]:
    if lock is None:
        return []
    since = f" since {lock.since}" if lock.since else ""
    told = (
        f"Removed {lock.path.name}: a LibreOffice that ended without closing the workbook had left"
        f" it{since}. What was not saved in it is gone; the store is as it was."
    )
    return [told]


def _answer(
    session: Session,
    workbook: _Workbook,
    host: str,
    store: str,
    notes: Sequence[str],
    next_step: str,
    *,
    is_up: bool = True,
) -> Answer:
    shape: shapes.Shape = {
        "file": str(workbook.path),
        "made": workbook.made,
        "host": host,
        "store": store,
        "user": session.actor.user,
        "notes": list(notes),
    }
    where = {"calc": "LibreOffice Calc", "excel": "Excel"}[host]
    made = "Made and opened" if workbook.made else "Opened"
    works = f"store {store}, user {session.actor.user}."
    opened = f"{made} {workbook.path} in {where}: {works}"
    opening = f"{workbook.path} is being opened in {where}: {works}"
    lines = [
        opened if is_up else opening,
        next_step,
        *notes,
    ]
    return Answer(shape, lambda console: printing.show(console, lines))
