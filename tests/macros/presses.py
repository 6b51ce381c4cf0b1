"""Buttons of the ribbon, pressed on a workbook in a file: as Excel does it, through one door."""

from collections.abc import Callable
from typing import Any

from tests.macros.driver import Workbook
from timix_xl import __version__
from timix_xl.hosts import files
from timix_xl.macros import ribbon


def press(
    book: Workbook,
    action: str,
    *answers: str,
    version: str = __version__,
    asked: Callable[[str], object] | None = None,
) -> list[str]:
    """Press a button and save; returns what the message boxes said.

    `answers` are given to the questions, "ok" to those beyond; `asked` runs while one is shown.
    """
    with files.open_book(book.path) as opened:
        app = opened.app.impl
        app.answers += answers
        if asked:
            _while_asked(app, asked)
        opened.set_mock_caller()
        ribbon.press(action, version)
        assert opened.app.status_bar is False
        opened.save()
        for other in [one for one in opened.app.books if one.name != opened.name]:
            other.close()
        return [alert.prompt for alert in app.alerts]


def _while_asked(app: Any, asked: Callable[[str], object]) -> None:
    alert = app.alert

    def shown(prompt: str, *options: Any) -> str:
        asked(prompt)
        answer: str = alert(prompt, *options)
        return answer

    app.alert = shown
