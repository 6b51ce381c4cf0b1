"""Excel on Windows, as xlwings drives it, on a machine where it is not: its module is a stand-in."""

import atexit
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import xlwings

from timix_xl.addin import machine
from timix_xl.hosts import excel
from timix_xl.macros import ribbon


class Windows(SimpleNamespace):
    """What xlwings has on Windows: what ends other Excels, at the end of Python and of an app."""

    def __init__(self) -> None:
        """Register at exit, as xlwings does when it is imported."""
        super().__init__(ended=0)
        windows = self

        class Apps:
            @staticmethod
            def cleanup() -> None:
                windows.ended += 1

        class App:
            def quit(self) -> None:
                Apps.cleanup()

        self.Apps, self.App = Apps, App
        atexit.register(self.cleanup)

    def cleanup(self) -> None:
        """End other Excels, as Python ends."""
        self.Apps.cleanup()


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> Iterator[Windows]:
    """The stand-in, where xlwings has its own."""
    stood_in = Windows()
    monkeypatch.setattr(xlwings, "_xlwindows", stood_in, raising=False)
    yield stood_in
    atexit.unregister(stood_in.cleanup)


@pytest.fixture
def unregistered(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What is no longer done when Python ends."""
    taken: list[Any] = []
    monkeypatch.setattr(atexit, "unregister", taken.append)
    return taken


def test_no_other_excel_is_ended_when_python_ends(windows: Windows, unregistered: list[Any]):
    excel.spare_other_excels()

    assert unregistered == [windows.cleanup]


def test_no_other_excel_is_ended_when_one_is(windows: Windows):
    excel.spare_other_excels()
    windows.App().quit()

    assert windows.ended == 0


def test_xlwings_as_it_comes_ends_others_with_one(windows: Windows):
    windows.App().quit()

    assert windows.ended == 1


def test_where_xlwings_has_no_excel_of_windows_nothing_is_done(unregistered: list[Any]):
    excel.spare_other_excels()

    assert unregistered == []


def test_the_server_of_the_functions_spares_other_excels_before_it_serves(
    windows: Windows, unregistered: list[Any], monkeypatch: pytest.MonkeyPatch
):
    served: list[tuple[str, int]] = []
    monkeypatch.setattr(xlwings, "serve", lambda id_: served.append((id_, len(unregistered))))
    excel.serve("{1}")

    assert served == [("{1}", 1)]


def test_a_button_spares_other_excels_before_it_looks_for_its_workbook(
    windows: Windows, unregistered: list[Any], monkeypatch: pytest.MonkeyPatch
):
    def caller() -> None:
        raise LookupError(len(unregistered))

    monkeypatch.setattr(xlwings.Book, "caller", caller)
    with pytest.raises(LookupError, match="1"):
        ribbon.press("issue", "9.8.7")


def test_the_doctor_spares_other_excels_before_it_looks_for_one(
    windows: Windows, unregistered: list[Any], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(
        xlwings, "engines", {"excel": SimpleNamespace(apps=SimpleNamespace(active=None))}
    )
    assert machine.this_machine().running_excel() is None

    assert unregistered == [windows.cleanup]


def test_what_is_neutralised_is_what_the_pinned_xlwings_has():
    path = f"{next(iter(xlwings.__path__))}/_xlwindows.py"
    with open(path, encoding="utf-8") as file:
        source = file.read()

    assert source.count("@atexit.register\ndef cleanup():") == source.count("atexit.register") == 1
    assert source.count("Apps.cleanup()") == 3
    assert source.count("taskkill") == 1
