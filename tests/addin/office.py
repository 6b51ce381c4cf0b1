"""LibreOffice, to run the add-in's VBA in: one process per test module, everything with a time-out."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from timix_xl.addin.package import Sheet, package
from timix_xl.addin.vba_project import Module, ModuleKind

CONFIG_SHEET = "timix.conf"
DRIVER = Path(__file__).with_name("office_driver.py")
START_SECONDS = 90
ANSWER_SECONDS = 60


class OfficeError(Exception):
    """LibreOffice refused what was asked, in its own words."""


class OfficeDiedError(Exception):
    """LibreOffice did not answer in time, or ended."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What a cell shows: its text, its number, and the number of its error (0 is none)."""

    text: str
    number: float
    error: int


class Office:
    """One running LibreOffice."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process
        self._answers: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._answers.put(line)
        self._answers.put("")

    def answer(self, seconds: float) -> Any:
        """Wait for what the driver says next."""
        try:
            line = self._answers.get(timeout=seconds)
        except queue.Empty:
            raise OfficeDiedError(f"no answer within {seconds} s") from None
        if not line:
            raise OfficeDiedError("LibreOffice's driver ended")
        answer = json.loads(line)
        if "error" in answer:
            raise OfficeError(answer["error"])
        return answer["value"]

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have the driver do one thing."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do, **arguments}) + "\n")
        self._process.stdin.flush()
        return self.answer(ANSWER_SECONDS)

    def load_for_all(self, module: str, source: str) -> None:
        """Load a module whose functions every open workbook's cells can call."""
        self.ask("load_for_all", module=module, source=source)

    def open(self, path: Path) -> "Session":
        """Open a workbook with its macros."""
        return Session(self, self.ask("open", path=str(path), macros=True))

    def open_plain(self, path: Path) -> "Session":
        """Open a workbook as a user opens an .xlsx."""
        return Session(self, self.ask("open", path=str(path), macros=False))


@dataclass(frozen=True, slots=True)
class Session:
    """An open workbook."""

    office: Office
    number: int

    def ask(self, do: str, **arguments: Any) -> Any:
        """Have the driver do one thing with this workbook."""
        return self.office.ask(do, book=self.number, **arguments)

    @property
    def libraries(self) -> dict[str, list[str]]:
        """Give the VBA libraries and their modules."""
        libraries: dict[str, list[str]] = self.ask("libraries")
        return libraries

    @property
    def project(self) -> str:
        """Give the name of the VBA project."""
        (name,) = (one for one, modules in self.libraries.items() if "ThisWorkbook" in modules)
        return name

    @property
    def sheets(self) -> list[str]:
        """Give the names of the sheets."""
        names: list[str] = self.ask("sheets")
        return names

    def source(self, module: str) -> str:
        """Give the text of a module as LibreOffice has it."""
        return str(self.ask("source", library=self.project, module=module))

    def call(self, macro: str, *arguments: Any) -> Any:
        """Call `Module.Name` and give what it returns."""
        return self.ask("call", macro=f"{self.project}.{macro}", arguments=arguments)

    def cell(self, sheet: str, address: str) -> Cell:
        """Give what a cell shows."""
        return Cell(**self.ask("cell", sheet=sheet, address=address))

    def write(self, sheet: str, address: str, value: str | float) -> None:
        """Write a value into a cell."""
        self.ask("write", sheet=sheet, address=address, value=value)

    def formula(self, sheet: str, address: str, formula: str) -> Cell:
        """Write a formula (LibreOffice's spelling, arguments parted by `;`) and give its result."""
        self.ask("formula", sheet=sheet, address=address, formula=formula)
        return self.cell(sheet, address)

    def array_formula(self, sheet: str, area: str, formula: str) -> None:
        """Write a formula that fills an area."""
        self.ask("array_formula", sheet=sheet, address=area, formula=formula)

    def activate(self) -> bool:
        """Bring the workbook to the front; say whether it is there."""
        return bool(self.ask("activate"))

    def close(self) -> None:
        """Close without saving."""
        self.ask("close")


@contextmanager
def libreoffice(folder: Path) -> Iterator[Office]:
    """Start LibreOffice with a profile of its own; end it whatever happens."""
    program, python = needed()
    profile = (folder / "profile").as_uri()
    with (folder / "driver.log").open("w") as log:
        process = subprocess.Popen(
            [python, "-B", str(DRIVER), program, profile, f"timix{uuid.uuid4().hex[:12]}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=bare_environment(folder),
            start_new_session=True,
        )
    office = Office(process)
    try:
        office.answer(START_SECONDS)
        yield office
    finally:
        end(process)


def bare_environment(folder: Path) -> dict[str, str]:
    """Give what LibreOffice needs, and no home of a user."""
    home = folder / "home"
    home.mkdir(exist_ok=True)
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(home),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "SAL_USE_VCLPLUGIN": "svp",
    }


def end(process: "subprocess.Popen[str]") -> None:
    """Ask the driver to stop; kill it and LibreOffice if they do not."""
    with suppress(OSError):
        assert process.stdin is not None
        process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=15)
    # The driver leads a group of its own, so that nothing of LibreOffice outlives the test.
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=15)
    if process.stdout is not None:
        process.stdout.close()


def needed() -> tuple[str, str]:
    """Give LibreOffice and a Python that has `uno`, or skip (in CI: fail)."""
    program = shutil.which("soffice")
    if program is None:
        missing("soffice")
    assert program is not None
    python = python_with_uno(Path(program).resolve().parent)
    if python is None:
        missing("a Python with uno (Debian: python3-uno)")
    assert python is not None
    return program, python


def missing(what: str) -> None:
    """Skip where something is missing; CI has to have it."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing, and CI has to have it")
    pytest.skip(f"{what} is not installed")


def python_with_uno(program_folder: Path) -> str | None:
    """Look for it where Debian, LibreOffice's own packages and a PATH have it."""
    candidates = ["/usr/bin/python3", program_folder / "python", shutil.which("python3")]
    for candidate in filter(None, [*candidates, sys.executable]):
        if Path(candidate).exists() and has_uno(str(candidate)):
            return str(candidate)
    return None


def has_uno(python: str) -> bool:
    """Say whether this Python can import `uno`."""
    found = subprocess.run(
        [python, "-c", "import uno"], capture_output=True, timeout=30, check=False
    )
    return found.returncode == 0


def macro_workbook(parts: Sequence[Module], *, version: str = "9.8.7") -> bytes:
    """Build an .xlsm that holds these modules and, as the add-in does, its version in a sheet."""
    documents = [
        Module("ThisWorkbook", "", ModuleKind.WORKBOOK),
        Module("Sheet1", "", ModuleKind.SHEET),
    ]
    sheet = Sheet(CONFIG_SHEET, "Sheet1", [["VERSION", version]], hidden=False)
    return package([*documents, *parts], sheets=[sheet], is_addin=False)
