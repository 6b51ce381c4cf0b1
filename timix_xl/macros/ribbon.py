"""The ribbon: which macro a button presses, and the one door through which Excel comes in."""

from collections.abc import Callable

import xlwings as xw

from timix_xl import __version__, macros
from timix_xl.hosts import excel
from timix_xl.macros.guard import TITLE
from timix_xl.macros.refusals import ActionUnknown, AddinOfOtherVersion

ACTIONS: dict[str, Callable[[xw.Book], object]] = {
    action.__name__: action
    for action in (
        macros.new_workbook,
        macros.import_entries,
        macros.refresh_customers,
        macros.load_unbilled,
        macros.bill_all,
        macros.defer_all,
        macros.save_decisions,
        macros.fit_to_frame_order,
        macros.preview,
        macros.save_draft,
        macros.issue,
        macros.refresh_invoices,
        macros.run_actions,
        macros.export_pdf,
        macros.bill_project,
        macros.refresh_pro_forma,
        macros.save_pro_forma,
        macros.open_pro_forma,
        macros.hold_pro_forma,
        macros.release_pro_forma,
        macros.recalculate,
        macros.verify_store,
        macros.settings,
        macros.help,
    )
}
"""What the buttons of the ribbon do, by the id of the button, in their order."""


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
