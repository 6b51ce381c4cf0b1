"""Computers that are not there: fake homes, a fake registry, a fake Excel."""

import io
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from timix_xl import __version__
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System

APP_PATHS = r"SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\excel.exe"
CLICK_TO_RUN = r"SOFTWARE\Microsoft\Office\ClickToRun\Configuration"
PACKAGES = {
    "timix-xl": __version__,
    "xlwings": "0.37.8",
    "pywin32": "311",
    "appscript": "1.3.0",
    "psutil": "7.0.0",
}


class ComError(Exception):
    """What Excel throws, words and numbers in tuples."""


def _told(words: str) -> ComError:
    """Return what pywin32 makes of an error that Excel words; the help file comes after it."""
    said = (0, "Microsoft Excel", words, "xlmain11.chm", 0, -2146827284)
    return ComError(-2147352567, "Exception occurred.", said, None)


class Busy(Exception):
    """What xlwings throws when it has asked often enough."""

    def __init__(self) -> None:
        super().__init__("Excel application is not responding")


class Book:
    """A workbook that only knows how to be closed."""

    def __init__(self, excel: "Excel", name: str) -> None:
        self.excel, self.name = excel, name

    def close(self) -> None:
        self.excel.did.append(f"close {self.name}")


class Books:
    """The workbooks of a fake Excel: an add-in is there by its name only."""

    def __init__(self, excel: "Excel") -> None:
        self.excel = excel

    def __getitem__(self, name: str) -> Book:
        if self.excel.busy:
            raise Busy
        if name not in self.excel.loaded:
            raise KeyError(name)
        return Book(self.excel, name)

    def open(self, path: str) -> Book:
        self.excel.did.append(f"open {Path(path).name}")
        if self.excel.busy:
            raise ComError(-2147418111, "Call was rejected by callee.", None, None)
        if self.excel.refuses == "open":
            raise _told("Damaged.")
        return Book(self.excel, Path(path).name)


class Excel:
    """An Excel that notes what it is told."""

    def __init__(
        self, answer: object = __version__, *, loaded: tuple[str, ...] = (), refuses: str = ""
    ) -> None:
        self.answer, self.loaded, self.refuses = answer, loaded, refuses
        self.did: list[str] = []
        self.books = Books(self)
        self.start_up = ""
        self.busy = False

    @property
    def startup_path(self) -> str:
        if self.busy:
            raise Busy
        return self.start_up

    def macro(self, name: str) -> Callable[[], object]:
        self.did.append(f"run {name}")

        def answer() -> object:
            if self.refuses == "macro":
                raise _told("Macros are off.\n")
            return self.answer

        return answer

    def quit(self) -> None:
        self.did.append("quit")
        if self.refuses == "quit":
            raise ComError(-2147418111, "Call was rejected by callee.", None, None)

    def kill(self) -> None:
        self.did.append("kill")


def xlam(version: str, *, signed: bool = False, shared: bool = False) -> bytes:
    """Make a package like the add-in's; an Excel that saves shares the texts of its cells."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    texts = ("VERSION", version, "XLWINGS_VERSION", "0.37.8")
    cells = [f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts]
    parts = {"xl/vbaProject.bin": "its VBA"}
    if shared:
        cells = [f'<c t="s"><v>{number}</v></c>' for number, _ in enumerate(texts)]
        items = "".join(f"<si><t>{text}</t></si>" for text in texts)
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}">{items}</sst>'
    row = f"<row>{''.join(cells)}</row>"
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{main}">{row}</worksheet>'
    if signed:
        parts["xl/vbaProjectSignatureAgile.bin"] = "their signature"
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return written.getvalue()


def nobody() -> Any:
    """No Excel runs."""
    return None


def no_excel() -> Any:
    """Refuse to start one."""
    raise ComError(-2147221005, "Invalid class string", None, None)


def machine(system: System, home: Path, **changes: Any) -> Machine:
    """Make a computer whose files lie below a folder of the test's."""
    windows = system is System.WINDOWS
    python = home / "venv" / ("Scripts/python.exe" if windows else "bin/python")
    if system is System.MAC:
        (home / "Library" / "Containers" / "com.microsoft.Excel" / "Data").mkdir(
            parents=True, exist_ok=True
        )
    whole = Machine(
        system=system,
        name={System.WINDOWS: "Windows", System.MAC: "Darwin"}.get(system, "Linux"),
        home=home,
        environment={"APPDATA": str(home / "AppData" / "Roaming")} if windows else {},
        python=python,
        base=home / "python311",
        python_version=(3, 11, 9),
        bits=64,
        encoding="cp1252" if windows else "ascii",
        applications=home / "Applications",
        version_of=PACKAGES.get,
        hidden_from=lambda python: None,
        registry=registry({}),
        running_excel=nobody,
        start_excel=no_excel,
        troubles=(ComError, Busy, OSError),
    )
    return replace(whole, **changes)


def registry(values: Mapping[tuple[str, str], str]) -> Callable[[str, str], str | None]:
    """Make a registry of these values."""
    return lambda key, name: values.get((key, name))


def files_below(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, with its bytes."""
    return dict(_files(folder))


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()
