"""A workbook in a window of Excel, on Windows and on a Mac."""

from contextlib import suppress
from pathlib import Path
from typing import Any

from timix_xl.addin.installing import places_of
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import ExcelNotReached, NoExcelHere


def refuse_without_excel(machine: Machine) -> None:
    """Raise NoExcelHere on a system for which there is none."""
    if machine.system is System.OTHER:
        raise NoExcelHere(system=machine.name)


def open_in_excel(path: Path, machine: Machine) -> None:
    """Open a workbook in the Excel that is in front, or in one that is started and stays.

    Raises ExcelNotReached.
    """
    try:
        app = machine.running_excel() or _started(machine)
        app.visible = True
        app.books.open(str(path)).activate()
    except machine.troubles as error:
        said = str(error).strip() or type(error).__name__
        raise ExcelNotReached(why=said.splitlines()[0].rstrip(".")) from error


def _started(machine: Machine) -> Any:
    """Start an Excel for a person: one that a program starts loads no start-up folder by itself."""
    app = machine.start_excel()
    app.visible = True
    app.display_alerts = True
    addin = places_of(machine).addin
    if addin.exists():
        with suppress(*machine.troubles):  # the workbook is shown without the tab, too
            app.books.open(str(addin))
    return app
