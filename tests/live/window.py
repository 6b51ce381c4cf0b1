"""A billing workbook in LibreOffice's window: what a person does there, and what she sees.

The hands are a mouse and a keyboard; only the eyes look in over UNO.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image

from tests.live.eyes import Eyes, MessageBox
from tests.live.screen import Box, Screen
from timix_xl.hosts.calc.connection import Connection, connect
from timix_xl.hosts.calc.finding import Office, find_office
from timix_xl.workbook import layout
from timix_xl.workbook.shapes import TableLayout

OPEN_SECONDS = 120
PRESS_SECONDS = 120
ARROW_OFFSET = 8
"""How far right of a cell the arrow of its dropdown stands."""
SETTLE_SECONDS = 0.3
"""Calc draws a moment after it has changed; pictures wait for it."""


@dataclass(frozen=True, slots=True)
class Window:
    """One window with a workbook, and the screen that it is on."""

    screen: Screen
    path: Path
    connection: Connection
    eyes: Eyes
    profile: str

    # What a person does.

    def press(self, label: str) -> None:
        """Press a button of the toolbar, and wait for its end or for its question."""
        self.begin(label)
        self.screen.until(self._is_over, f"the end of {label}", seconds=PRESS_SECONDS)

    def begin(self, label: str) -> None:
        """Press a button of the toolbar, and wait until it works."""
        button = self.screen.until(lambda: self.eyes.button(label), f"the button {label}")
        self.screen.click(button.centre)
        self.screen.until(self._is_working, f"{label} at work")

    def answer(self, button: str) -> None:
        """Answer the open message box by mouse, and wait for what comes of it."""
        self.screen.click(self.message_box().buttons[button].centre)
        self._await_end(f"the end after {button}")

    def answer_by_key(self, *keys: str) -> None:
        """Answer the open message box by keys, and wait for what comes of it."""
        self.screen.focus(self.message_box().title)
        self.screen.key(*keys)
        self._await_end(f"the end after {keys}")

    def show(self, sheet: str) -> None:
        """Bring a sheet to the front by its tab."""
        tab = self.screen.until(lambda: self.eyes.tab(sheet), f"the tab {sheet}")
        self.screen.click(tab.centre)
        self.screen.until(lambda: self.sheet_in_front == sheet, f"{sheet} in front")

    def go_to(self, sheet: str, address: str) -> Box:
        """Go to a cell by its address, as one types it left of the formula; says where it is."""
        if self.sheet_in_front != sheet:
            self.show(sheet)
        box = self.screen.until(self.eyes.name_box, "the name box")
        self.screen.click(box.centre, times=3)
        self.screen.type(address)
        self.screen.key("Return")
        self.screen.until(lambda: self.selected == address, f"{address} selected")
        return self.screen.until(lambda: self.eyes.cell(address), f"{address} in sight")

    def fill_in(self, sheet: str, address: str, text: str) -> None:
        """Type into a cell and confirm it."""
        self.start_typing(sheet, address, text)
        self.screen.key("Return")
        self.screen.until(lambda: self.selected != address, f"{text} taken in")

    def start_typing(self, sheet: str, address: str, text: str) -> None:
        """Type into a cell, and leave it at that."""
        self.screen.click(self.go_to(sheet, address).centre)
        self.screen.type(text)

    def drop_down(self, sheet: str, address: str) -> dict[str, Box]:
        """Open the dropdown of a cell by mouse; says which choices it has, and where."""
        cell = self.go_to(sheet, address)
        self.screen.click(cell.centre)
        arrow = (cell.left + cell.width + ARROW_OFFSET, cell.top + cell.height - ARROW_OFFSET)
        self.screen.click(arrow)
        return self.screen.until(self.eyes.dropped, f"the choices of {address}")

    def choose(self, sheet: str, address: str, word: str) -> None:
        """Choose from the dropdown of a cell by mouse."""
        self.pick(self.drop_down(sheet, address), word, sheet, address)

    def pick(self, choices: dict[str, Box], word: str, sheet: str, address: str) -> None:
        """Choose from the list that has dropped down at a cell."""
        self.screen.click(choices[word].centre)
        self.screen.until(lambda: self.text(sheet, address) == word, f"{word} in {address}")

    def choose_by_keys(self, sheet: str, address: str, word: str) -> None:
        """Choose from the dropdown of a cell with the keyboard alone, once the cell is selected."""
        self.go_to(sheet, address)
        self.screen.key("alt+Down")
        choices = self.screen.until(self.eyes.dropped, f"the choices of {address}")
        self.screen.key(*["Down"] * (1 + list(choices).index(word)), "Return")
        self.screen.until(lambda: self.text(sheet, address) == word, f"{word} in {address}")

    # What a person sees.

    @property
    def document(self) -> Any:
        """The workbook, as UNO has it."""
        return frame_of(self.connection, self.path).getController().getModel()

    @property
    def sheet_in_front(self) -> str:
        """The title of the sheet that is shown."""
        return str(self.document.CurrentController.ActiveSheet.Name)

    @property
    def selected(self) -> str:
        """The address of what is selected."""
        return str(self.document.CurrentSelection.AbsoluteName).rpartition(".")[2].replace("$", "")

    def text(self, sheet: str, address: str) -> str:
        """Read a cell as it shows."""
        return str(self.document.Sheets.getByName(sheet).getCellRangeByName(address).String)

    def named(self, name: str) -> str:
        """Read a named cell as it shows."""
        cell = layout.named_cell(name)
        return self.text(cell.sheet, cell.cell)

    def rows(self, table: TableLayout) -> list[dict[str, str]]:
        """Read a table as it shows: its rows down to the first that is blank."""
        titles = [column.title for column in table.columns]
        sheet = self.document.Sheets.getByName(table.sheet)
        found = []
        for row in range(table.first_row, layout.LAST_ROW):
            texts = [sheet.getCellByPosition(at, row).String for at in range(len(titles))]
            shown = dict(zip(titles, texts, strict=True))
            # A blank row of an empty table counts the rows that a filter leaves visible.
            if not any(text for title, text in shown.items() if title != "Visible"):
                return found
            found.append(shown)
        raise AssertionError("the table has no end")

    def address(self, table: TableLayout, key: str, title: str) -> str:
        """Say where a column crosses the row in which a text stands."""
        rows = [list(row.values()) for row in self.rows(table)]
        (number,) = (number for number, texts in enumerate(rows) if key in texts)
        return f"{table.letter(title)}{table.first_row + 1 + number}"

    def picture(self) -> Image.Image:
        """Take a picture when everything is drawn."""
        time.sleep(SETTLE_SECONDS)
        return self.screen.picture()

    def message_box(self) -> MessageBox:
        """Wait for a message box."""
        return self.screen.until(self.eyes.message_box, "a message box")

    # What is waited for.

    def _await_end(self, what: str) -> None:
        self.screen.until(lambda: self.eyes.message_box() is None, what)
        self.screen.until(self._is_over, what, seconds=PRESS_SECONDS)

    def _is_working(self) -> bool:
        return self._is_held() or self.eyes.message_box() is not None

    def _is_over(self) -> bool:
        # The window is given back before it is told what went wrong, without a pause between.
        return self.eyes.message_box() is not None or not self._is_held()

    def _is_held(self) -> bool:
        frame = frame_of(self.connection, self.path)
        return not frame.getComponentWindow().isEnabled()


@contextmanager
def a_window(screen: Screen, path: Path, *, store: Path, home: Path) -> Iterator[Window]:
    """Open a workbook by the command, as a person does; LibreOffice ends with the test."""
    office = find_office()
    before = screen.environment | at_home(home)
    command = [sys.executable, "-m", "timix_xl", "--store", str(store), "--user", "maja"]
    try:
        said = subprocess.run(
            [*command, "open", str(path), "--host", "calc"],
            capture_output=True,
            env=before,
            timeout=OPEN_SECONDS,
            check=False,
        )
        assert said.returncode == 0, said
        (profile,) = profiles(home)
        connection = attached(office, profile, before)
        screen.until(lambda: frame_of(connection, path), f"{path.name} in a window")
        toolkit = connection.create("com.sun.star.awt.Toolkit")
        eyes = Eyes(toolkit, lambda: frame_of(connection, path))
        window = Window(screen, path, connection, eyes, profile)
        screen.until(lambda: eyes.button("Load unbilled"), "the toolbar")
        yield window
        connection.close()
    finally:
        end(home)


def at_home(home: Path) -> dict[str, str]:
    """Give a home that holds nothing, in English."""
    return {
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_CONFIG_HOME": str(home / "config"),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "gen",
    }


def profiles(home: Path) -> set[str]:
    """Find the profiles of the LibreOffices that run for a home."""
    option = "-env:UserInstallation="
    found = processes(lambda words: any(str(home) in word for word in words[1:]))
    return {
        word.removeprefix(option)
        for words in found.values()
        for word in words
        if word.startswith(option)
    }


def attached(office: Office, profile: str, environment: dict[str, str]) -> Connection:
    """Have the LibreOffice of a profile let us in: a second start hands over what it is told."""
    pipe = f"timix{uuid4().hex}"
    accept = f"--accept=pipe,name={pipe};urp;StarOffice.ComponentContext"
    command = [str(office.soffice), f"-env:UserInstallation={profile}", accept]
    subprocess.run(command, env=environment, timeout=OPEN_SECONDS, check=True)
    return connect(office, pipe, seconds=20)


def frame_of(connection: Connection, path: Path) -> Any:
    """Find the frame that shows a file; None while there is none."""
    url = connection.url(path)
    frames = connection.desktop.Frames
    for number in range(frames.Count):
        frame = frames.getByIndex(number)
        if frame.Controller and url == frame.Controller.Model.URL:
            return frame
    return None


def processes(wanted: Any) -> dict[int, list[str]]:
    """Find running programs by their words."""
    found = {}
    for place in Path("/proc").iterdir():
        if place.name.isdigit():
            with suppress(OSError):
                words = (place / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
                if words != [""] and wanted(words):
                    found[int(place.name)] = words
    return found


def end(home: Path) -> None:
    """End what runs for a home, and nothing else."""
    for number in processes(lambda words: any(str(home) in word for word in words[1:])):
        if number != os.getpid():
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
    deadline = time.monotonic() + 10
    while profiles(home) and time.monotonic() < deadline:
        time.sleep(0.05)
