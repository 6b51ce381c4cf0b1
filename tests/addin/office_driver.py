"""Drive one LibreOffice over UNO: JSON lines in, JSON lines out. Runs on a Python that has `uno`.

Not imported by the tests: `office.py` starts it as a process of its own, because the tests' Python
has no `uno`.
"""

import contextlib
import json
import os
import subprocess
import sys
import time

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.uno import Exception as UnoException

MACRO_FILTER = "Calc MS Excel 2007 VBA XML"
"""The only filter that takes an .xlam, and takes the macros of an .xlsm with it."""
ALWAYS_RUN_MACROS = 4


def main():
    office, profile, pipe = sys.argv[1:]
    process = start(office, profile, pipe)
    desktop = None
    try:
        desktop, libraries = connected(pipe, process)
        serve(Office(desktop, libraries))
    finally:
        stop(desktop, process)


def start(office, profile, pipe):
    command = [
        *(office, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--nologo"),
        *("--nodefault", "--nolockcheck", f"--accept=pipe,name={pipe};urp;"),
    ]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet)


def connected(pipe, process):
    local = uno.getComponentContext()
    name = "com.sun.star.bridge.UnoUrlResolver"
    resolver = local.ServiceManager.createInstanceWithContext(name, local)
    url = f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext"
    for _ in range(300):
        if process.poll() is not None:
            raise SystemExit(f"LibreOffice ended with {process.returncode}")
        try:
            context = resolver.resolve(url)
        except NoConnectException:
            time.sleep(0.2)
            continue
        services = context.ServiceManager
        names = ("frame.Desktop", "script.ApplicationScriptLibraryContainer")
        return [
            services.createInstanceWithContext(f"com.sun.star.{name}", context) for name in names
        ]
    raise SystemExit("LibreOffice does not answer")


def stop(desktop, process):
    if desktop is not None:
        with contextlib.suppress(Exception):
            desktop.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=5)


def serve(office):
    answer({"value": "ready"})
    for line in sys.stdin:
        request = json.loads(line)
        try:
            value = getattr(office, "do_" + request.pop("do"))(**request)
        except (UnoException, ValueError) as error:
            lines = str(error).splitlines() or [""]
            answer({"error": f"{type(error).__name__}: {lines[0]}"})
        else:
            answer({"value": value})


def answer(what):
    print(json.dumps(what), flush=True)


class Office:
    """The open workbooks, by the number that `open` gave."""

    def __init__(self, desktop, libraries):
        self.desktop = desktop
        self.libraries = libraries
        self.books = []

    def do_open(self, path, macros):
        how = {"MacroExecutionMode": ALWAYS_RUN_MACROS, "Hidden": False}
        if macros:
            how["FilterName"] = MACRO_FILTER
        document = self.desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(os.path.abspath(path)), "_blank", 0, properties(how)
        )
        if document is None:
            raise ValueError(f"{path} does not open")
        self.books.append(document)
        return len(self.books) - 1

    def do_load_for_all(self, module, source):
        standard = self.libraries.getByName("Standard")
        if standard.hasByName(module):
            standard.removeByName(module)
        standard.insertByName(module, source)

    def do_libraries(self, book):
        libraries = self.books[book].BasicLibraries
        return {
            name: list(libraries.getByName(name).ElementNames) for name in libraries.ElementNames
        }

    def do_source(self, book, library, module):
        return self.books[book].BasicLibraries.getByName(library).getByName(module)

    def do_sheets(self, book):
        return list(self.books[book].Sheets.ElementNames)

    def do_call(self, book, macro, arguments):
        provider = self.books[book].getScriptProvider()
        url = f"vnd.sun.star.script:{macro}?language=Basic&location=document"
        return plain(provider.getScript(url).invoke(tuple(arguments), (), ())[0])

    def do_activate(self, book):
        frame = self.books[book].CurrentController.Frame
        self.desktop.setActiveFrame(frame)
        frame.ContainerWindow.setFocus()
        frame.ContainerWindow.toFront()
        frame.activate()
        return self.desktop.getCurrentComponent() == self.books[book]

    def do_write(self, book, sheet, address, value):
        cell = self.cell(book, sheet, address)
        if isinstance(value, str):
            cell.String = value
        else:
            cell.Value = value

    def do_formula(self, book, sheet, address, formula):
        self.cell(book, sheet, address).Formula = formula

    def do_array_formula(self, book, sheet, address, formula):
        self.cell(book, sheet, address).ArrayFormula = formula

    def do_cell(self, book, sheet, address):
        cell = self.cell(book, sheet, address)
        return {"text": cell.String, "number": cell.Value, "error": cell.getError()}

    def do_calculate(self, book):
        self.books[book].calculateAll()

    def do_close(self, book):
        self.books[book].close(True)

    def cell(self, book, sheet, address):
        return self.books[book].Sheets.getByName(sheet).getCellRangeByName(address)


def properties(values):
    made = []
    for name, value in values.items():
        one = PropertyValue()
        one.Name, one.Value = name, value
        made.append(one)
    return tuple(made)


def plain(value):
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


main()
