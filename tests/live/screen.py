"""A screen that nobody looks at, with a mouse and a keyboard: Xvfb, xdotool, and a camera."""

import os
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image, ImageGrab

from timix_xl.errors import HostError
from timix_xl.hosts.calc.finding import find_office

T = TypeVar("T")

WIDTH, HEIGHT = 1440, 900
START_SECONDS = 20
PATIENCE_SECONDS = 60
LOOK_SECONDS = 0.1
NEEDED = {"Xvfb": "xvfb", "xdotool": "xdotool"}
"""Programs, and the packages that Debian has them in."""


class NotSeen(AssertionError):
    """What was waited for did not come; the message says where the picture of the screen is."""


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on the screen."""

    left: int
    top: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        """The middle, where one clicks."""
        return self.left + self.width // 2, self.top + self.height // 2

    @property
    def is_shown(self) -> bool:
        """Whether any of it is on the screen."""
        return self.width > 0 and self.height > 0


@dataclass(frozen=True, slots=True)
class Screen:
    """A display of our own."""

    display: str
    folder: Path
    """Where pictures of what went wrong are put."""

    @property
    def environment(self) -> dict[str, str]:
        """The environment of programs that show themselves here."""
        others = {key: value for key, value in os.environ.items() if key != "WAYLAND_DISPLAY"}
        return others | {"DISPLAY": self.display}

    def move(self, point: tuple[int, int]) -> None:
        """Move the mouse."""
        self._do("mousemove", *map(str, point))

    def click(self, point: tuple[int, int], *, times: int = 1) -> None:
        """Press the left button at a point."""
        self.move(point)
        self._do("click", "--repeat", str(times), "--delay", "60", "1")

    def type(self, text: str) -> None:
        """Type a text, key by key."""
        self._do("type", "--delay", "12", text)

    def key(self, *names: str) -> None:
        """Press keys one after another, such as Return or alt+Down."""
        self._do("key", "--delay", "40", *names)

    def focus(self, title: str) -> None:
        """Give a window the keys, as a window manager does; there is none here."""
        self._do("search", "--sync", "--onlyvisible", "--name", f"^{title}$", "windowfocus", "%1")

    def picture(self) -> Image.Image:
        """Take a picture of all of it; the mouse is not on it."""
        return ImageGrab.grab(xdisplay=self.display).convert("RGB")

    def until(
        self, seen: Callable[[], T | None], what: str, *, seconds: float = PATIENCE_SECONDS
    ) -> T:
        """Look again and again until something is seen; else fail, with a picture."""
        end = time.monotonic() + seconds
        while not (found := seen()):
            if time.monotonic() > end:
                raise NotSeen(f"{what}: not seen within {seconds} s; the screen: {self.kept(what)}")
            time.sleep(LOOK_SECONDS)
        return found

    def kept(self, what: str) -> Path:
        """Keep a picture of the screen in the folder."""
        name = "".join(sign if sign.isalnum() else "-" for sign in what)[:60]
        path = self.folder / f"{name}.png"
        self.picture().save(path)
        return path

    def _do(self, *words: str) -> None:
        subprocess.run(["xdotool", *words], check=True, env=self.environment, timeout=30)


@contextmanager
def a_screen(folder: Path) -> Iterator[Screen]:
    """Give a display of our own, on the first number that is free; it ends with the test."""
    needed()
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-nolisten", "tcp"]
    server = subprocess.Popen(
        [*command, "-screen", "0", f"{WIDTH}x{HEIGHT}x24"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            number = said.readline().strip()
        assert number, "Xvfb did not start"
        yield Screen(f":{number}", folder)
    finally:
        server.terminate()
        server.wait(timeout=START_SECONDS)


def needed() -> None:
    """Skip where a program is missing; CI has to have them."""
    why = absent()
    if why and os.environ.get("CI") == "true":
        pytest.fail(f"{why}: CI has to have it")
    if why:
        pytest.skip(why)


def absent() -> str:
    """Say what is missing here."""
    programs = [program for program in NEEDED if shutil.which(program) is None]
    if programs:
        packages = " ".join(NEEDED[program] for program in programs)
        return f"{' and '.join(programs)} not installed (Debian: {packages})"
    try:
        find_office()
    except HostError as error:
        return str(error)
    return ""
