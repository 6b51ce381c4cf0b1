"""Many cells changed as one change: nothing is drawn, measured or calculated in between."""

import gc
from types import TracebackType
from typing import Any

_WORTH_IT = 64


class Quiet:
    """Hold back what LibreOffice does after each change, until the last one is made.

    It measures the height of every changed row, which takes ten times as long as the change.
    """

    def __init__(self, book: Any, cells: int) -> None:
        self._doc = book.doc
        self._is_needed = cells >= _WORTH_IT
        self._fits_rows = False
        self._calculates = False

    def __enter__(self) -> None:
        if not self._is_needed:
            return
        doc = self._doc
        self._fits_rows = doc.IsAdjustHeightEnabled
        self._calculates = doc.isAutomaticCalculationEnabled()
        doc.lockControllers()
        doc.addActionLock()
        if self._fits_rows:
            doc.IsAdjustHeightEnabled = False
        if self._calculates:
            doc.enableAutomaticCalculation(False)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._is_needed:
            return
        doc = self._doc
        if self._calculates:
            doc.enableAutomaticCalculation(True)
        if self._fits_rows:
            doc.IsAdjustHeightEnabled = True
        doc.removeActionLock()
        doc.unlockControllers()


class Uncollected:
    """Hold back Python's search for garbage while many values are made.

    It would look at all of them, and at all else that the program has, again and again.
    """

    def __enter__(self) -> None:
        self._was_on = gc.isenabled()
        gc.disable()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._was_on:
            gc.enable()
