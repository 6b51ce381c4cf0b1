"""The ribbon: the one door through which a press of a button in Excel comes in."""

import xlwings as xw

from timix_xl import __version__
from timix_xl.hosts import excel
from timix_xl.macros.actions import ACTIONS
from timix_xl.macros.guard import TITLE
from timix_xl.macros.refusals import ActionUnknown, AddinOfOtherVersion


def press(action: str, version: str) -> None:
    """Do what a button of the add-in of a version asks for, on the workbook that it was pressed in.

    An add-in of another version, or a button that is not known, is told so in a message box.
    """
    excel.spare_other_excels()
    book = xw.Book.caller()
    refusal = _refusal(action, version)
    if refusal:
        book.app.alert(str(refusal), title=TITLE)
        return
    ACTIONS[action](book)


def _refusal(action: str, version: str) -> AddinOfOtherVersion | ActionUnknown | None:
    if version != __version__:
        return AddinOfOtherVersion(addin=version, installed=__version__)
    return None if action in ACTIONS else ActionUnknown(action=action)
