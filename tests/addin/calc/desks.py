"""A LibreOffice with the toolbar in a window of the test's, and a stand-in for the Python it starts."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from tests.live.eyes import Eyes, MessageBox
from tests.live.screen import Screen
from tests.live.window import at_home
from timix_xl.addin.extension import COMPONENT, CONFIGURATION_NAME, configuration, extension_files
from timix_xl.hosts.calc.connection import Connection, connect
from timix_xl.hosts.calc.finding import find_office
from timix_xl.hosts.calc.profiles import SETTINGS, write_profile

START_SECONDS = 90
END_SECONDS = 20
SETTLE_SECONDS = 0.4
AGAIN_SECONDS = 4.0
STAND_IN = """#!{python} -IB
import json, os, pathlib, sys, time
folder = pathlib.Path(__file__).parent
words = sys.argv[1:]
with (folder / "presses.txt").open("a") as presses:
    print(json.dumps([words, dict(os.environ), os.getcwd()]), file=presses)
way = sys.stdin.readline().split()
with (folder / "ways.txt").open("a") as ways:
    print(*way, file=ways)
how = (folder / "how.txt").read_text()
if how == "dies":
    print("Traceback (most recent call last):", file=sys.stderr)
    sys.exit("ModuleNotFoundError: No module named 'timix_xl'")
if how == "never connects":
    time.sleep(120)
from timix_xl.hosts import calc
if how == "has no secret":
    way[1] = ""
app = calc.attach(way[0], secret=way[1])
sheet = calc.document(app, words[-1]).sheets[0]
sheet["A9"].value = sheet["A1"].value
if how == "waits":
    end = time.monotonic() + 60
    while not (folder / "go.txt").exists() and time.monotonic() < end:
        time.sleep(0.05)
if how == "is killed":
    document = sheet.book.impl.doc
    document.lockControllers()
    document.addActionLock()
    document.enableAutomaticCalculation(False)
    os.kill(os.getpid(), 9)
if how == "asks":
    sheet["A8"].value = app.alert("Issue 3 invoices?", title="Timix", buttons="yes_no")
app.impl.connection.close()
"""


@dataclass(frozen=True, slots=True)
class Desk:
    """One LibreOffice, its screen, and the folder of the stand-in."""

    screen: Screen
    folder: Path
    process: "subprocess.Popen[bytes]"
    connection: Connection
    eyes: Eyes

    @property
    def stand_in(self) -> Path:
        """The program that the toolbar starts."""
        return self.folder / "python"

    @property
    def settings(self) -> Path:
        """What says which program it starts."""
        return self.folder / "extensions" / "timix" / CONFIGURATION_NAME

    @property
    def presses(self) -> list[str]:
        """What the stand-in was started with, each time."""
        path = self.folder / "presses.txt"
        return path.read_text().splitlines() if path.exists() else []

    @property
    def ways(self) -> list[list[str]]:
        """What the stand-in was told of how to come in, each time."""
        return [line.split() for line in (self.folder / "ways.txt").read_text().splitlines()]

    def behave(self, how: str) -> None:
        """Say what the stand-in does from now on."""
        (self.folder / "how.txt").write_text(how)

    def go_on(self) -> None:
        """Let a stand-in go on that waits."""
        (self.folder / "go.txt").touch()

    @property
    def windows(self) -> int:
        """How many windows there are, also such as are hidden."""
        return int(self.connection.create("com.sun.star.awt.Toolkit").getTopWindowCount())

    @property
    def document(self) -> Any:
        """The spreadsheet."""
        return document_of(self.connection)

    def cell(self, address: str) -> Any:
        """A cell of its first sheet."""
        return self.document.Sheets.getByIndex(0).getCellRangeByName(address)

    def select(self, address: str) -> None:
        """Put the cursor on a cell, and the keyboard into the sheet."""
        box = self.screen.until(lambda: self.eyes.cell(address), f"{address} in sight")
        self.screen.click(box.centre)

    def click(self, label: str) -> None:
        """Click a button of a toolbar of ours."""
        button = self.screen.until(lambda: self.eyes.button(label), f"the button {label}")
        self.screen.click(button.centre)

    @property
    def frames(self) -> list[Any]:
        """The windows that show the spreadsheet."""
        every = self.connection.desktop.Frames
        found = [every.getByIndex(number) for number in range(every.Count)]
        uid = self.document.RuntimeUID
        return [one for one in found if one.Controller and one.Controller.Model.RuntimeUID == uid]

    def is_held(self) -> bool:
        """Say whether the sheet takes nothing."""
        return any(not one.ComponentWindow.isEnabled() for one in self.frames)

    def is_free(self) -> bool:
        """Say whether all of every window takes something."""
        windows = [two for one in self.frames for two in (one.ComponentWindow, one.ContainerWindow)]
        return all(one.isEnabled() for one in windows)

    def begin(self, label: str) -> None:
        """Press a button, and see its Python started."""
        before = len(self.presses)
        self.click_until(lambda: self.is_held() or len(self.presses) > before, label)
        self.screen.until(lambda: len(self.presses) > before, f"{label} started")

    def refused(self, label: str) -> str:
        """Press a button that answers with a message box; returns what it said."""
        self.click_until(lambda: self.eyes.message_box() is not None, label)
        return self.answer("OK")

    def click_until(self, is_seen: Callable[[], bool], label: str) -> None:
        """Click a button until something comes of it: right after a box, a click may be lost."""
        clicked = 0.0

        def is_pressed() -> bool:
            nonlocal clicked
            if is_seen():
                return True
            if time.monotonic() > clicked + AGAIN_SECONDS:
                self.click(label)
                clicked = time.monotonic()
            return False

        self.screen.until(is_pressed, f"{label} pressed")

    def press(self, label: str) -> None:
        """Press a button, and wait until it is over."""
        self.begin(label)
        self.screen.until(self.is_free, f"the end of {label}")

    def box(self) -> MessageBox:
        """Wait for a message box."""
        return self.screen.until(self.eyes.message_box, "a message box")

    def answer(self, button: str) -> str:
        """Answer the message box; returns what it said."""
        box, before = self.box(), self.windows
        clicked = 0.0
        time.sleep(SETTLE_SECONDS)  # a box that has only just come loses a click

        def is_gone() -> bool:
            # Another one may follow.
            nonlocal clicked
            shown = self.eyes.message_box()
            if self.windows < before or (shown and shown.words != box.words):
                return True
            if shown and time.monotonic() > clicked + AGAIN_SECONDS:
                clicked = time.monotonic()
                self.screen.click(box.buttons[button].centre)
            return False

        self.screen.until(is_gone, f"the message box gone after {button}")
        time.sleep(SETTLE_SECONDS)  # in the moment after it the window loses a click
        return box.words

    def ends_within(self, seconds: float) -> bool:
        """Say whether LibreOffice has ended in time."""
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(seconds)
        return self.process.returncode is not None


@contextmanager
def a_desk(
    screen: Screen,
    folder: Path,
    *,
    component: Mapping[bytes, bytes] = MappingProxyType({}),
    **environment: str,
) -> Iterator[Desk]:
    """Open an empty spreadsheet with the toolbar; LibreOffice and the stand-ins end with the test.

    What stands in the component may be another there.
    """
    stand_in = folder / "python"
    stand_in.write_text(STAND_IN.replace("{python}", sys.executable))
    stand_in.chmod(0o755)
    (folder / "how.txt").write_text("connects")
    for name, content in (
        extension_files() | {CONFIGURATION_NAME: configuration(stand_in)}
    ).items():
        path = folder / "extensions" / "timix" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for original, other in component.items():
        path = folder / "extensions" / "timix" / COMPONENT
        assert original in path.read_bytes()
        path.write_bytes(path.read_bytes().replace(original, other))
    write_profile(folder / "profile", SETTINGS)
    office, pipe = find_office(), f"timix{uuid4().hex}"
    process = subprocess.Popen(
        [
            str(office.soffice),
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            f"-env:BUNDLED_EXTENSIONS={(folder / 'extensions').as_uri()}",
            f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext",
            *("--norestore", "--nologo", "--nofirststartwizard", "--calc"),
        ],
        env=screen.environment | at_home(folder) | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        connection = connect(office, pipe, seconds=START_SECONDS)
        toolkit = connection.create("com.sun.star.awt.Toolkit")
        screen.until(lambda: document_of(connection), "the spreadsheet", seconds=START_SECONDS)
        eyes = Eyes(toolkit, lambda: document_of(connection).CurrentController.Frame)
        desk = Desk(screen, folder, process, connection, eyes)
        screen.until(lambda: eyes.button("Preview"), "the toolbar", seconds=START_SECONDS)
        time.sleep(SETTLE_SECONDS)  # the first drawing of a new window takes the keyboard once more
        yield desk
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(END_SECONDS)
        end_stand_ins(folder)


def document_of(connection: Connection) -> Any:
    """Give the first document that is open and shown."""
    frames = connection.desktop.Frames
    for number in range(frames.Count):
        controller = frames.getByIndex(number).Controller
        model = controller.Model if controller else None
        if model and model.supportsService("com.sun.star.sheet.SpreadsheetDocument"):
            return model
    return None


def end_stand_ins(folder: Path) -> None:
    """End what was started from a folder, and nothing else."""
    wanted = str(folder / "python").encode()
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with suppress(OSError, ProcessLookupError):
                if wanted in (place / "cmdline").read_bytes().split(b"\0"):
                    os.kill(int(place.name), signal.SIGKILL)
