"""Excel on Windows, as xlwings drives it: what we have it leave alone, and how it serves cells."""

import atexit

import xlwings


def spare_other_excels() -> None:
    """Have xlwings end no Excel but one that it was told to end.

    On Windows it looks, when Python ends and whenever it ended an Excel, for EXCEL.EXE without a
    window of a workbook, and ends each by force: also one that another program uses unseen, or that
    only starts. The search takes two more programs at each press of a button, too. Elsewhere, and
    without pywin32, there is nothing of this kind.
    """
    windows = getattr(xlwings, "_xlwindows", None)
    if windows is not None:
        atexit.unregister(windows.cleanup)
        # App.quit and App.kill call it by itself.
        windows.Apps.cleanup = staticmethod(_nothing)


def serve(class_id: str) -> None:
    """Serve the worksheet functions as a COM class of this id, until Excel lets go of it."""
    spare_other_excels()
    xlwings.serve(class_id)  # type: ignore[call-arg,unused-ignore]  # typed for where it only refuses


def _nothing() -> None:
    """Do nothing, in the place of what ends other Excels."""
