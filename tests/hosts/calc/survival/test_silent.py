"""A LibreOffice that hangs: nobody waits for it for ever, and the message says so."""

import time

import pytest
import xlwings as xw

from tests.builders import Shop
from tests.hosts.calc.survival import offices
from tests.hosts.calc.survival.offices import Calls
from tests.macros.driver import dump
from timix_xl import macros
from timix_xl.hosts.refusals import CalcSilent


@pytest.mark.parametrize("macro", [macros.load_unbilled, macros.preview, macros.issue])
def test_a_macro_stops_waiting(
    book: xw.Book, app: xw.App, desk: macros.Desk, shop: Shop, calls: Calls, macro: object
) -> None:
    before = dump(shop.store)
    app.impl.connection.call_seconds = 1
    calls.then(12, lambda: offices.stopped(app))
    started = time.monotonic()
    with pytest.raises(CalcSilent, match="1 second"):
        macro(book, desk)
    assert time.monotonic() - started < 6
    assert (dump(shop.store), shop.problems()) == (before, ())


def test_a_slow_answer_within_its_time_is_no_silence(
    book: xw.Book, app: xw.App, desk: macros.Desk, calls: Calls
) -> None:
    import threading

    def pause() -> None:
        offices.stopped(app)
        threading.Timer(0.7, offices.going_on, [app]).start()

    calls.then(12, pause)
    assert macros.load_unbilled(book, desk).rows
