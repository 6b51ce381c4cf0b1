"""The computer as the installer and the doctor see it: facts, and few questions that reach out."""

import importlib
import os
import platform
import struct
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import chdir, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import xlwings

from timix_xl.addin.places import System
from timix_xl.hosts import excel

_SYSTEMS = {"win32": System.WINDOWS, "darwin": System.MAC}
_ENCODINGS = {System.WINDOWS: "mbcs"}
"""In what VBA reads a file: Windows' code page; what a Mac takes beyond ASCII is not known."""
_ATTEMPTS = 20_000
"""How often a busy Excel is asked; there is no pause between, so that these are some seconds."""
_TROUBLES = (
    ("pywintypes", "com_error"),
    ("xlwings._xlwindows", "ExcelBusyError"),
    ("appscript", "CommandError"),
    ("appscript", "ApplicationNotFoundError"),
    ("appscript", "CantLaunchApplicationError"),
)


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer and its user. Tests make others."""

    system: System
    name: str
    home: Path
    environment: Mapping[str, str]
    python: Path
    """The interpreter that runs us: absolute, and not resolved, or it would leave its venv."""
    base: Path
    """The Python that a venv was made from."""
    python_version: tuple[int, int, int]
    bits: int
    encoding: str
    applications: Path
    version_of: Callable[[str], str | None]
    """Tell the version of an installed package."""
    hidden_from: Callable[[Path], str | None]
    """Tell why a Python that is started as Excel starts it does not find us; None if it does."""
    registry: Callable[[str, str], str | None]
    """Tell a value of Windows' registry, by key and name; the user's goes before the machine's."""
    running_excel: Callable[[], Any]
    """Give the xlwings app that is in front, or None."""
    start_excel: Callable[[], Any]
    """Start an Excel of our own, not to be seen."""
    troubles: tuple[type[Exception], ...]
    """What goes wrong when Excel is asked something."""

    @property
    def pip(self) -> str:
        """What one types to install something for our Python."""
        python = str(self.python)
        return f'"{python}" -m pip' if " " in python else f"{python} -m pip"


def this_machine() -> Machine:
    """Return the computer that we run on."""
    system = _SYSTEMS.get(sys.platform, System.OTHER)
    return Machine(
        system=system,
        name=platform.system() or sys.platform,
        home=Path.home(),
        environment=os.environ,
        python=_with_console(Path(os.path.abspath(sys.executable))),  # noqa: PTH100  links stay
        base=Path(sys.base_prefix),
        python_version=sys.version_info[:3],
        bits=8 * struct.calcsize("P"),
        encoding=_ENCODINGS.get(system, "ascii"),
        applications=Path("/Applications"),
        version_of=_version_of,
        hidden_from=_hidden_from,
        registry=_registry,
        running_excel=_running_excel,
        start_excel=_start_excel,
        troubles=_troubles(),
    )


def _with_console(python: Path) -> Path:
    """Return python.exe for pythonw.exe, whose messages nobody would see."""
    if python.name.lower() == "pythonw.exe":
        return python.with_name("python.exe")
    return python


def _version_of(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _hidden_from(python: Path) -> str | None:
    # What the macros import: with -I, Python leaves out PYTHONPATH and the user's own packages.
    command = [str(python), "-I", "-B", "-c", "import timix_xl.macros.ribbon"]
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter, constant words
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return (said or [f"it ends with {done.returncode}"])[-1] if done.returncode else None


def _registry(key: str, name: str) -> str | None:
    if sys.platform == "win32":
        import winreg  # noqa: PLC0415  there is none elsewhere

        access = winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        for root in (winreg.HKEY_CURRENT_USER, winreg.HKEY_LOCAL_MACHINE):
            with suppress(OSError), winreg.OpenKey(root, key, 0, access) as opened:
                told = str(winreg.QueryValueEx(opened, name)[0])
                return winreg.ExpandEnvironmentStrings(told)
    return None


def _running_excel() -> Any:
    return _excels().active


def _start_excel() -> Any:
    app = _excels().add(visible=False, add_book=False)
    app.display_alerts = False  # a question that nobody sees would never be answered
    return app


def _excels() -> Any:
    excel.spare_other_excels()
    # An Excel that is busy refuses to answer, and xlwings would ask again for ever.
    with suppress(ImportError, OSError), chdir(Path.cwd()):
        windows: Any = importlib.import_module("xlwings._xlwindows")
        windows.N_COM_ATTEMPTS = _ATTEMPTS
    # By its name: other engines, such as ours for files, may be the active one.
    try:
        return xlwings.engines["excel"].apps
    except KeyError as error:
        raise xlwings.XlwingsError("pywin32 (on a Mac: appscript) cannot be used") from error


def _troubles() -> tuple[type[Exception], ...]:
    found: list[type[Exception]] = [xlwings.XlwingsError, OSError, AttributeError]
    for module, name in _TROUBLES:
        # A part of xlwings goes to another folder and, where it is not for this system, stays there.
        with suppress(ImportError, AttributeError, OSError), chdir(Path.cwd()):
            found.append(getattr(importlib.import_module(module), name))
    return tuple(found)
