"""A dialog is open in Calc while a macro runs: the macro works, and the dialog stays usable."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
import xlwings as xw

from tests.builders import Shop
from tests.hosts.calc.survival.conftest import find_or_skip
from timix_xl import macros
from timix_xl.errors import HostError
from timix_xl.hosts import calc
from timix_xl.hosts.calc.starting import clean_environment
from timix_xl.workbook import entries_sheet


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A screen that nobody sees."""
    if shutil.which("Xvfb") is None:
        missing = "Xvfb is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    told, tells = os.pipe()
    command = ["Xvfb", "-displayfd", str(tells), "-screen", "0", "1024x768x24", "-nolisten", "tcp"]
    quiet = subprocess.DEVNULL
    screen = subprocess.Popen(command, pass_fds=[tells], stdout=quiet, stderr=quiet)
    os.close(tells)
    with os.fdopen(told) as answer:
        number = answer.readline().strip()
    yield f":{number}"
    screen.terminate()
    screen.wait(10)


@pytest.fixture
def window(display: str, path: Path, tmp_path: Path) -> Iterator[xw.App]:
    """A LibreOffice with a window that shows the loaded workbook."""
    office = find_or_skip()
    pipe, profile = f"timix{token_hex(8)}", (tmp_path / "profile").as_uri()
    command = [
        office.soffice, "--norestore", "--nologo", "--nofirststartwizard",
        f"-env:UserInstallation={profile}",
        f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext", path,
    ]  # fmt: skip
    shown = clean_environment() | {"DISPLAY": display, "SAL_USE_VCLPLUGIN": "gen"}
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(
        command, env=shown, stdout=quiet, stderr=quiet, start_new_session=True
    )
    app = calc.attach(pipe, seconds=30)
    yield app
    with suppress(HostError):
        app.quit()
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def until(there: Any, seconds: float = 10) -> Any:
    """Wait for something; return it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = there()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it has not come")


def test_the_buttons_work_and_the_dialog_stays(
    window: xw.App, desk: macros.Desk, shop: Shop
) -> None:
    book = until(lambda: next(iter(window.books), None))
    connection = window.impl.connection
    toolkit = connection.create("com.sun.star.awt.Toolkit")
    until(toolkit.getTopWindowCount)
    before = toolkit.getTopWindowCount()
    frame = book.impl.doc.CurrentController.Frame
    helper = connection.create("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(frame, ".uno:FormatCellDialog", "", 0, ())
    dialogs = until(lambda: toolkit.getTopWindowCount() > before and toolkit.getTopWindowCount())

    connection.call_seconds = 5
    macros.load_unbilled(book, desk)
    macros.preview(book, desk)
    done = macros.issue(book, desk)
    book.save()

    assert toolkit.getTopWindowCount() == dialogs
    assert done is not None
    assert done.numbers == ("INV-2026-00001",)
    assert entries_sheet.rows(book) == []
    assert shop.problems() == ()
