"""A hostile workbook, its folder and its cells reach nothing: xlwings' text as we ship it, at work.

The text that the add-in holds is read as Windows and as the Mac read it, what belongs to the
operating system is turned to a recorder, and LibreOffice runs it with a hostile workbook in front.
The same is done with xlwings' text as it is delivered: there the settings of the workbook get in,
so these tests can fail.
"""

import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import xlwings

from tests.addin.office import CONFIG_SHEET, Office, Session, macro_workbook
from tests.addin.stubs import (
    DICTIONARY,
    FAKE_CONTROL,
    PRESS,
    RECORDER,
    SHELL,
    Machine,
    Platform,
    Recorded,
    public_names,
    recorded,
    seen_by,
    without_the_outside,
)
from timix_xl.addin.modules import modules
from timix_xl.addin.texts import text
from timix_xl.addin.vba_project import Module, ModuleKind
from timix_xl.functions import FUNCTIONS

BOOK = "hostile ' & calc ^.xlsx"
"""All that is hostile is called so, to be found again wherever it gets in."""

WINDOWS_INTERPRETER = r"C:\Users\ada\timix\Scripts\python.exe"
MAC_INTERPRETER = "/Users/ada/timix/bin/python"
MAC_HOME = "/Users/ada/Library/Containers/com.microsoft.Excel/Data"
USER_SETTINGS = {
    Platform.WINDOWS: r"C:\Users\ada\.timix\timix.conf",
    Platform.MAC: f"{MAC_HOME}/timix.conf",
}

LOGS = {
    Platform.WINDOWS: r"C:\Users\ada\Temp\timix-GUID.log",
    Platform.MAC: f"{MAC_HOME}/timix.log",
}

HOSTILE_SETTINGS = {
    "INTERPRETER_WIN": r"C:\hostile\python.exe",
    "INTERPRETER_MAC": "/hostile/python",
    "INTERPRETER": r"C:\hostile\python.exe",
    "PYTHONPATH": r"C:\hostile\modules",
    "ADD_WORKBOOK_TO_PYTHONPATH": "true",
    "ONEDRIVE_CONSUMER_WIN": r"C:\hostile\onedrive",
    "ONEDRIVE_CONSUMER_MAC": "/hostile/onedrive",
    "SHAREPOINT_WIN": r"C:\hostile\sharepoint",
    "LICENSE_KEY": "hostile-key",
    "TEMP DIR": r"C:\hostile\temp",
    "UDF MODULES": "hostile_functions",
}

DRIVE = """
Public Function Drive(ByVal what As String, Optional ByVal given As String) As String
    On Error GoTo failed
    Dim unused
    Select Case what
        Case "RunAction": RunAction given
        Case "StartPython": StartPython
        Case "ExecuteWindows": ExecuteWindows
        Case "ExecuteMac": ExecuteMac
        Case "ShowError": ShowError
        Case "LastWords": unused = LastWords()
        Case "XLPy": Set unused = XLPy()
        Case "CleanUp": CleanUp
    End Select
    Exit Function
failed:
    Drive = "error " & Err.Number & ": " & Err.Description
End Function
"""
"""What runs any procedure of the add-in by its name, as Application.Run may; LibreOffice heeds no Private."""

DRIVE_DELIVERED = """
Public Function Drive(ByVal what As String, Optional ByVal given As String) As String
    On Error GoTo failed
    Dim unused
    Select Case what
        Case "RunPython": unused = RunPython(given)
        Case "XLPyCommand": Drive = XLPyCommand()
        Case "XLPy": Set unused = XLPy()
    End Select
    Exit Function
failed:
    Drive = "error " & Err.Number & ": " & Err.Description
End Function
"""
"""The same for xlwings' text as it is delivered."""

FROM_A_CELL = 'TypeName(Application.Caller) = "Range"'
"""What the add-in asks to know that a cell calls it."""

NO_ACTIONS = [
    "x'); import os#",
    "import os",
    r"C:\hostile\hostile.py",
    "/hostile/hostile.py",
    "issue','9');import os;('",
    "",
]
"""What somebody who can name RunAction might hand it."""


@dataclass(frozen=True, slots=True)
class Desk:
    """The add-in loaded on a machine, with the hostile workbook in front."""

    addin: Session
    machine: Machine

    def do(self, macro: str, *arguments: str) -> list[Recorded]:
        """Call a macro; give what reached the outside."""
        self.addin.call("Recorder.Taken")
        said = self.addin.call(f"Timix.{macro}", *arguments)
        reached = recorded(self.addin.call("Recorder.Taken"))
        return [*reached, Recorded("said", said)] if said else reached

    def calculate(self, formula: str) -> list[Recorded]:
        """Calculate a formula in a cell, which is the caller then; give what reached the outside."""
        self.addin.call("Recorder.Taken")
        self.addin.call("Recorder.Answer", "caller", "cell")
        self.addin.formula(CONFIG_SHEET, "H1", formula)
        self.addin.call("Recorder.Answer", "caller", "")
        return recorded(self.addin.call("Recorder.Taken"))


def windows(root: Path) -> Machine:
    """A user's Windows machine."""
    return Machine(
        platform=Platform.WINDOWS,
        root=root,
        hostile="C:\\hostile\\",
        addins="C:\\Users\\ada\\AddIns\\",
        application=r"C:\Office",
        environment={
            "USERPROFILE": r"C:\Users\ada",
            "TEMP": r"C:\Users\ada\Temp",
            "SYSTEMROOT": r"C:\Windows",
        },
    )


def mac(root: Path) -> Machine:
    """A user's Mac."""
    return Machine(
        platform=Platform.MAC,
        root=root,
        hostile="/hostile/",
        addins="/Users/ada/AddIns/",
        application="/Applications/Excel.app/Mac",
        environment={"HOME": MAC_HOME},
    )


MACHINES: dict[Platform, Callable[[Path], Machine]] = {
    Platform.WINDOWS: windows,
    Platform.MAC: mac,
}
INTERPRETERS = {Platform.WINDOWS: WINDOWS_INTERPRETER, Platform.MAC: MAC_INTERPRETER}


def furnish(machine: Machine) -> None:
    """Put what stands in the hostile folder, and the interpreter, on a machine."""
    machine.put(INTERPRETERS[machine.platform])
    for name in ("python.exe", "pythonw.exe", "cmd.exe", "python", "decimal.py", "xlwings.py"):
        machine.put(machine.hostile + name)
    settings = "".join(f'"{name}","{value}"\n' for name, value in HOSTILE_SETTINGS.items())
    for name in ("timix.conf", "xlwings.conf", "myaddin.conf"):
        machine.put(machine.hostile + name, settings)


def configure(machine: Machine, interpreter: str) -> None:
    """Write the user's settings, as the installer does."""
    key = "INTERPRETER_WIN" if machine.platform is Platform.WINDOWS else "INTERPRETER_MAC"
    machine.put(USER_SETTINGS[machine.platform], f'"{key}","{interpreter}"\n')


@pytest.fixture(scope="module")
def hostile_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workbook with settings, code and a name that want in."""
    made = openpyxl.Workbook()
    made.active.title = "Entries"
    for name in ("timix.conf", "xlwings.conf", "myaddin.conf"):
        sheet = made.create_sheet(name)
        for row in HOSTILE_SETTINGS.items():
            sheet.append(row)
    made.create_sheet("hostile.py")["A1"] = "import hostile"
    path = tmp_path_factory.mktemp("hostile") / BOOK
    made.save(path)
    return path


def delivered() -> str:
    """Give xlwings' text as it is delivered, under our project's name."""
    path = Path(xlwings.__file__).with_name("xlwings_custom_addin.bas")
    return path.read_text(encoding="utf-8").replace('"myaddin"', '"timix"')


def held() -> str:
    """Give the module that the add-in holds."""
    (ours,) = (module.text for module in modules() if module.name == "Timix")
    return ours


def loaded(office: Office, folder: Path, text: str, machine: Machine) -> Session:
    """Open an add-in with this module, its outside turned to the recorder."""
    path = folder / f"{machine.platform.name.lower()}.xlsm"
    parts = [
        Module("Timix", without_the_outside(seen_by(machine.platform, text)), ModuleKind.STANDARD),
        Module("Recorder", RECORDER, ModuleKind.STANDARD),
        Module("System", machine.vba, ModuleKind.STANDARD),
        Module("FakeShell", SHELL, ModuleKind.CLASS),
        Module("FakeDictionary", DICTIONARY, ModuleKind.CLASS),
        Module("FakeControl", FAKE_CONTROL, ModuleKind.CLASS),
    ]
    path.write_bytes(macro_workbook(parts))
    session = office.open(path)
    assert session.call("Recorder.Canary") == 42, "a module does not compile"
    return session


Opened = Callable[[str, Platform], Desk]


@pytest.fixture
def at_the_desk(office: Office, hostile_book: Path, tmp_path: Path) -> Iterator[Opened]:
    """Open the add-in and the hostile workbook, as a user does."""
    opened = []

    def open_both(text: str, platform: Platform) -> Desk:
        machine = MACHINES[platform](tmp_path / platform.name)
        furnish(machine)
        configure(machine, INTERPRETERS[platform])
        opened.append(loaded(office, tmp_path, text, machine))
        opened.append(office.open_plain(hostile_book))
        assert opened[-1].activate()
        return Desk(opened[0], machine)

    yield open_both
    for session in reversed(opened):
        session.close()


def hostile_in(reached: list[Recorded]) -> list[str]:
    """Give what mentions anything hostile, but for the workbook's name given once for all."""
    return [one.text for one in reached if "hostile" in one.text.replace(BOOK, "", 1).lower()]


def commands_in(reached: list[Recorded]) -> list[str]:
    """Give what was run."""
    return [one.text for one in reached if one.kind in {"shell", "applescript", "server"}]


def without_log(command: str) -> str:
    """Give a command without the file that is new for each press."""
    return command.split(" 2> ")[0]


BOTH = pytest.mark.parametrize("platform", list(Platform))


@BOTH
def test_xlwings_as_delivered_lets_the_settings_of_a_workbook_in(
    at_the_desk: Opened, platform: Platform
):
    reached = at_the_desk(delivered() + DRIVE_DELIVERED, platform).do(
        "Drive", "RunPython", "import x"
    )
    (command,) = commands_in(reached)
    without_its_name = command.replace(BOOK, "")
    assert re.search(r"hostile.python", without_its_name)
    assert re.search(r"hostile\W+modules", without_its_name)
    assert "runpython_embedded_code" in command


def test_xlwings_as_delivered_serves_functions_with_the_python_of_a_workbook(at_the_desk: Opened):
    reached = at_the_desk(delivered() + DRIVE_DELIVERED, Platform.WINDOWS).do("Drive", "XLPy")
    assert [one.text for one in reached if one.kind == "library"] == [
        r"C:\hostile\xlwings64-0.37.8.dll"
    ]
    assert r"C:\hostile\python.exe" in commands_in(reached)[0]


def test_xlwings_as_delivered_looks_into_the_folder_of_a_workbook(at_the_desk: Opened):
    reached = at_the_desk(delivered() + DRIVE_DELIVERED, Platform.WINDOWS).do(
        "Drive", "XLPyCommand"
    )
    assert any(one.kind == "looked" and "hostile" in one.text for one in reached)


@pytest.mark.bad_input("L04")
@BOTH
@pytest.mark.parametrize("action", ["issue", "recalculate"])
def test_a_button_takes_nothing_from_a_hostile_workbook_but_its_name(
    at_the_desk: Opened, platform: Platform, action: str
):
    reached = at_the_desk(held() + PRESS, platform).do("Press", action)
    assert len(commands_in(reached)) == 1
    assert hostile_in(reached) == []


@BOTH
def test_whoever_names_the_start_of_an_action_gets_what_its_button_gets(
    at_the_desk: Opened, platform: Platform
):
    desk = at_the_desk(held() + DRIVE + PRESS, platform)
    by_name = commands_in(desk.do("Drive", "RunAction", "issue"))
    assert [without_log(one) for one in by_name] == [
        without_log(one) for one in commands_in(desk.do("Press", "issue"))
    ]
    assert len(by_name) == 1


@BOTH
@pytest.mark.parametrize("given", NO_ACTIONS)
def test_whoever_hands_it_a_command_or_a_path_starts_nothing(
    at_the_desk: Opened, platform: Platform, given: str
):
    reached = at_the_desk(held() + DRIVE, platform).do("Drive", "RunAction", given)
    assert reached == []


def test_whoever_hands_xlwings_as_delivered_a_command_has_it_run(at_the_desk: Opened):
    desk = at_the_desk(delivered() + DRIVE_DELIVERED, Platform.WINDOWS)
    (command,) = commands_in(desk.do("Drive", "RunPython", NO_ACTIONS[0]))
    assert "import os" in command


@BOTH
@pytest.mark.parametrize("name", ["StartPython", "ExecuteWindows", "ExecuteMac"])
def test_what_starts_python_starts_nothing_by_itself(
    at_the_desk: Opened, platform: Platform, name: str
):
    desk = at_the_desk(held() + DRIVE + PRESS, platform)
    desk.do("Press", "issue")
    assert desk.do("Drive", name) == []


@BOTH
def test_a_press_that_failed_leaves_nothing_that_could_be_started(
    at_the_desk: Opened, platform: Platform
):
    desk = at_the_desk(held() + DRIVE + PRESS, platform)
    configure(desk.machine, "")
    desk.do("Press", "issue")
    configure(desk.machine, INTERPRETERS[platform])
    assert commands_in(desk.do("Drive", "StartPython")) == []


@BOTH
@pytest.mark.parametrize("macro", ['DRIVE("RunAction";"issue")', 'PRESS("issue")'])
def test_a_cell_that_reached_an_action_starts_nothing(
    at_the_desk: Opened, platform: Platform, macro: str
):
    desk = at_the_desk(held() + DRIVE + PRESS, platform)
    assert desk.calculate(f"={macro}") == []


@pytest.mark.parametrize("macro", ['DRIVE("RunAction";"issue")', 'PRESS("issue")'])
def test_without_the_question_for_its_caller_a_cell_would_start_python(
    at_the_desk: Opened, macro: str
):
    assert held().count(FROM_A_CELL) == 1
    desk = at_the_desk(held().replace(FROM_A_CELL, "False") + DRIVE + PRESS, Platform.WINDOWS)
    assert len(commands_in(desk.calculate(f"={macro}"))) == 1


@BOTH
def test_a_button_works_after_a_cell_was_refused(at_the_desk: Opened, platform: Platform):
    desk = at_the_desk(held() + DRIVE + PRESS, platform)
    desk.calculate('=PRESS("issue")')
    assert len(commands_in(desk.do("Press", "issue"))) == 1


@BOTH
def test_only_what_python_left_is_read_or_removed_by_name(at_the_desk: Opened, platform: Platform):
    desk = at_the_desk(held() + DRIVE + PRESS, platform)
    desk.do("Press", "issue")
    names = ("CleanUp", "LastWords", "ShowError")
    reached = [one for name in names for one in desk.do("Drive", name)]
    touched = {one.text for one in reached if one.kind in {"looked", "killed"}}
    assert {re.sub(r"[0-9A-F]{8}-[0-9A-F-]{27}", "GUID", one) for one in touched} == {
        LOGS[platform]
    }
    assert commands_in(reached) == []


def test_what_python_said_is_shown_and_removed(at_the_desk: Opened):
    desk = at_the_desk(held() + DRIVE, Platform.MAC)
    desk.machine.put(LOGS[Platform.MAC], "no such store\nat all\n")
    reached = desk.do("Drive", "CleanUp")
    assert [one.text.split() for one in reached if one.kind == "message"] == [
        ["no", "such", "store", "at", "all"]
    ]
    assert not desk.machine.place(LOGS[Platform.MAC]).exists()


def test_what_python_said_is_removed_before_it_is_shown(at_the_desk: Opened):
    desk = at_the_desk(held() + DRIVE, Platform.MAC)
    desk.machine.put(LOGS[Platform.MAC], "no such store\n")
    reached = desk.do("Drive", "CleanUp")
    # Python waits for the box no longer than a minute; the script would show it once more.
    assert [one.kind for one in reached] == ["looked", "killed", "message"]


def test_where_python_said_nothing_nothing_is_shown(at_the_desk: Opened):
    reached = at_the_desk(held() + DRIVE, Platform.MAC).do("Drive", "CleanUp")
    assert "message" not in {one.kind for one in reached}


@pytest.mark.bad_input("L04")
def test_functions_are_served_without_anything_of_a_hostile_workbook(at_the_desk: Opened):
    reached = at_the_desk(held() + DRIVE, Platform.WINDOWS).do("Drive", "XLPy")
    assert len(commands_in(reached)) == 1
    assert hostile_in(reached) == []
    assert BOOK not in str(reached)


@BOTH
def test_what_python_left_is_cleaned_up_without_a_command(at_the_desk: Opened, platform: Platform):
    reached = at_the_desk(held() + DRIVE, platform).do("Drive", "CleanUp")
    assert commands_in(reached) == []
    assert hostile_in(reached) == []


def test_windows_starts_the_configured_python_through_its_own_shell(at_the_desk: Opened):
    (command,) = commands_in(at_the_desk(held() + PRESS, Platform.WINDOWS).do("Press", "issue"))
    assert command.startswith(r"C:\Windows\System32\cmd.exe ")
    assert programs_in(command) == [WINDOWS_INTERPRETER]
    assert python_options(command) == ["-I", "-B", "-c"]


def test_windows_serves_functions_with_the_configured_python(at_the_desk: Opened):
    reached = at_the_desk(held() + DRIVE, Platform.WINDOWS).do("Drive", "XLPy")
    (command,) = commands_in(reached)
    assert command.startswith(r"C:\Windows\System32\cmd.exe ")
    assert programs_in(command) == [WINDOWS_INTERPRETER]
    assert python_options(command) == ["-I", "-B", "-c"]


def test_the_library_of_xlwings_is_loaded_from_beside_the_configured_python(at_the_desk: Opened):
    reached = at_the_desk(held() + DRIVE, Platform.WINDOWS).do("Drive", "XLPy")
    assert [one.text for one in reached if one.kind == "library"] == [
        r"C:\Users\ada\timix\Scripts\xlwings64-0.37.8.dll"
    ]


def test_a_mac_hands_its_script_the_configured_python_and_no_more(at_the_desk: Opened):
    (call,) = commands_in(at_the_desk(held() + PRESS, Platform.MAC).do("Press", "issue"))
    script, handler, given = call.split(chr(29))
    assert (script, handler) == ("timix-xl.applescript", "VbaHandler")
    assert given.split("|") == [
        MAC_INTERPRETER,
        command_of("issue"),
        BOOK,
        f"{MAC_HOME}/timix.log",
    ]


@pytest.mark.bad_input("L06")
@BOTH
def test_only_the_user_s_own_settings_are_looked_for(at_the_desk: Opened, platform: Platform):
    reached = at_the_desk(held() + PRESS, platform).do("Press", "issue")
    looked = {one.text for one in reached if one.kind == "looked"}
    assert looked <= {USER_SETTINGS[platform], INTERPRETERS[platform]}
    assert USER_SETTINGS[platform] in looked


UNUSABLE = {
    Platform.WINDOWS: [
        "",
        "python",
        "pythonw",
        r"python.exe",
        r".\python.exe",
        r"C:\gone\python.exe",
    ],
    Platform.MAC: ["", "python", "python3", "bin/python", "~/python"],
}


@pytest.mark.parametrize(
    ("platform", "interpreter"),
    [(platform, one) for platform, unusable in UNUSABLE.items() for one in unusable],
)
def test_without_a_python_of_its_own_a_button_says_so_and_runs_nothing(
    at_the_desk: Opened, platform: Platform, interpreter: str
):
    desk = at_the_desk(held() + PRESS, platform)
    configure(desk.machine, interpreter)
    reached = desk.do("Press", "issue")
    assert commands_in(reached) == []
    (message,) = [one.text for one in reached if one.kind == "message"]
    assert "timix-xl addin install" in message


def test_functions_without_a_python_of_their_own_load_and_start_nothing(at_the_desk: Opened):
    desk = at_the_desk(held() + DRIVE, Platform.WINDOWS)
    configure(desk.machine, "pythonw")
    reached = desk.do("Drive", "XLPy")
    assert {one.kind for one in reached} == {"looked", "said"}


# The other end: Python itself, with the hostile folder as its current folder.

CANARY = """\
import pathlib
pathlib.Path(__file__).with_suffix(".sang").touch()
raise ImportError("this is the hostile " + __name__)
"""
SHADOWED = ("decimal", "xlwings", "timix_xl", "sitecustomize", "usercustomize", "sqlite3")


@pytest.fixture
def hostile_folder(tmp_path: Path) -> Path:
    """A folder whose modules have names that Python will ask for; each leaves a trace."""
    folder = tmp_path / "hostile"
    folder.mkdir()
    for name in SHADOWED:
        (folder / f"{name}.py").write_text(CANARY, encoding="utf-8")
    return folder


def sang(folder: Path) -> list[str]:
    """Give the modules of the folder that were imported."""
    return sorted(path.stem for path in folder.glob("*.sang"))


def run_in(folder: Path, arguments: list[str], **settings: str) -> str:
    """Run this Python there, the environment saying more; give what it says and imports."""
    run = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={
            "HOME": str(folder),
            "PATH": "/usr/bin:/bin",
            "USERPROFILE": str(folder),
            **settings,
        },
    )
    return run.stderr


def imports(said: str, module: str) -> bool:
    """Say whether a module was imported."""
    return re.search(rf"^import time:.*\| +{re.escape(module)}$", said, re.MULTILINE) is not None


@pytest.mark.bad_input("L05")
def test_the_command_of_a_button_imports_nothing_from_the_folder_it_is_run_in(
    at_the_desk: Opened, hostile_folder: Path
):
    (command,) = commands_in(at_the_desk(held() + PRESS, Platform.WINDOWS).do("Press", "help"))
    said = run_in(hostile_folder, python_part(command)[1:])
    assert imports(said, "timix_xl.macros.ribbon")
    assert sang(hostile_folder) == []


@pytest.mark.bad_input("L05")
def test_the_command_of_the_function_server_imports_nothing_from_the_folder_it_is_run_in(
    at_the_desk: Opened, hostile_folder: Path
):
    (command,) = commands_in(at_the_desk(held() + DRIVE, Platform.WINDOWS).do("Drive", "XLPy"))
    said = run_in(hostile_folder, python_part(command)[1:])
    assert imports(said, "timix_xl.hosts.excel")
    assert sang(hostile_folder) == []


@pytest.mark.parametrize("start", ["Press", "XLPy"])
def test_nothing_is_imported_from_where_the_environment_says(
    at_the_desk: Opened, hostile_folder: Path, tmp_path: Path, start: str
):
    desk = at_the_desk(held() + DRIVE + PRESS, Platform.WINDOWS)
    asked = ["Press", "help"] if start == "Press" else ["Drive", "XLPy"]
    (command,) = commands_in(desk.do(*asked))
    said = run_in(tmp_path, python_part(command)[1:], PYTHONPATH=str(hostile_folder))
    assert imports(said, "timix_xl")
    assert sang(hostile_folder) == []


@pytest.mark.parametrize("name", ["sitecustomize", "timix_xl"])
def test_without_the_option_i_it_would_be_imported_from_where_the_environment_says(
    hostile_folder: Path, tmp_path: Path, name: str
):
    run_in(tmp_path, ["-P", "-B", "-c", command_of("help")], PYTHONPATH=str(hostile_folder))
    assert name in sang(hostile_folder)


def test_without_the_option_i_the_folder_would_be_imported_from(hostile_folder: Path):
    run_in(hostile_folder, ["-B", "-c", command_of("help")])
    assert sang(hostile_folder) != []


def test_with_the_path_of_the_workbook_its_folder_would_be_imported_from(
    at_the_desk: Opened, hostile_folder: Path, tmp_path: Path
):
    path = f"true;{hostile_folder / BOOK};{tmp_path / 'timix.xlam'};;;;"
    prepare = f'import xlwings.utils;xlwings.utils.prepare_sys_path("{path}");import decimal'
    run_in(hostile_folder, ["-I", "-B", "-c", prepare])
    assert sang(hostile_folder) != []


# The script of the Mac: there is no AppleScript here, so its statements are read, and what they
# make of a hostile name is given to a real shell.

SCRIPT = "mac/timix-xl.applescript"
LITERAL = r'"(?:[^"\\]|\\.)*"'
OPERAND = re.compile(rf'(?:{LITERAL}|\((?:{LITERAL}|[^()"])*\)|[^"&(])+')
"""What stands between the ampersands of AppleScript that are in no text and no parentheses."""


def shell_commands(script: str, values: dict[str, str]) -> list[str]:
    """Give what a script has the shell do, with these values for its names."""
    known, commands = dict(values), []
    for line in map(str.strip, script.splitlines()):
        built = re.fullmatch(r'set (\w+) to ((?:quoted form of |\w+ & |").+)', line)
        if built:
            known[built[1]] = joined(built[2], known)
        elif line.startswith("do shell script "):
            commands.append(joined(line.removeprefix("do shell script "), known))
    return commands


def joined(expression: str, known: dict[str, str]) -> str:
    """Evaluate a concatenation of texts, names and quoted forms."""
    return "".join(evaluated(part.strip(), known) for part in OPERAND.findall(expression))


def evaluated(part: str, known: dict[str, str]) -> str:
    """Evaluate one part of a concatenation; `quoted form of` binds closer than `&`."""
    if part.startswith("quoted form of "):
        inner = part.removeprefix("quoted form of ").strip()
        given = joined(inner[1:-1], known) if inner.startswith("(") else known[inner]
        return "'" + given.replace("'", "'\\''") + "'"
    return re.sub(r"\\(.)", r"\1", part[1:-1]) if part.startswith('"') else known[part]


@pytest.fixture
def fake_python(tmp_path: Path) -> Path:
    """A program that notes what it is given, and says on its way out what it is told to."""
    return noting(tmp_path / "it's a python", tmp_path / "given", f"cat '{tmp_path}/said' >&2")


def noting(program: Path, notes: Path, then: str = "") -> Path:
    """Write a program that notes its arguments, each in a line."""
    program.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > '{notes}'\n{then}\n", encoding="utf-8")
    program.chmod(0o755)
    return program


HOSTILE_NAMES = [
    "hostile'; touch sang; '.xlsx",
    "$(touch sang).xlsx",
    "`touch sang`.xlsx",
    '"; touch sang; ".xlsx',
    "a & touch sang & b.xlsx",
    "~.xlsx",
    "a\ntouch sang\n.xlsx",
]


def run_the_script(script: str, folder: Path, python: Path, name: str = "a.xlsx") -> None:
    """Have a real shell do what the script would have it do; what it shows is noted in "shown"."""
    alert = noting(folder / "osascript", folder / "shown")
    values = {
        "pythonPath": str(python),
        "pythonCommand": command_of("issue"),
        "workbookName": name,
        "logPath": str(folder / "it's a log"),
    }
    for one in shell_commands(script, values):
        here = one.replace("/usr/bin/osascript", f"'{alert}'")
        # The shell waits for what was started, so that nothing outlives the test.
        subprocess.run(
            ["/bin/sh", "-c", f"{here}\nwait"],
            cwd=folder,
            timeout=30,
            check=False,
            env={"PATH": "/usr/bin:/bin"},
        )


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_the_shell_of_a_mac_does_nothing_that_a_workbook_is_called(
    tmp_path: Path, fake_python: Path, name: str
):
    run_the_script(text(SCRIPT), tmp_path, fake_python, name)
    assert not (tmp_path / "sang").exists()


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_the_shell_of_a_mac_hands_python_the_name_as_it_is(
    tmp_path: Path, fake_python: Path, name: str
):
    run_the_script(text(SCRIPT), tmp_path, fake_python, name)
    given = (tmp_path / "given").read_text(encoding="utf-8")
    options = ["-I", "-B", "-u", "-W", "ignore", "-c", command_of("issue")]
    assert given == "\n".join([*options, f"--wb={name}", "--from_xl=1", ""])


def test_a_script_that_quotes_less_is_seen_to_do_what_a_workbook_is_called(
    tmp_path: Path, fake_python: Path
):
    careless = text(SCRIPT).replace('quoted form of ("--wb=" & workbookName)', "workbookName")
    run_the_script(careless, tmp_path, fake_python, HOSTILE_NAMES[1])
    assert (tmp_path / "sang").exists()


# What Python leaves in the log, Excel has not shown: the script does.

LAST_WORDS = [
    "Not authorized to send Apple events",
    "'; touch sang; '",
    '"; touch sang; "',
    "$(touch sang) `touch sang`",
    "-e 'touch sang'",
    '" & (do shell script "touch sang") & "',
    "two\nlines",
    "two  blanks",
]


def shown_by_the_script(folder: Path) -> str | None:
    """Give what the script has a window show, without what it says itself."""
    shown = folder / "shown"
    if not shown.exists():
        return None
    _, title, message = shown.read_text(encoding="utf-8").partition("\nTimix\n")
    assert title
    return message.partition("says. ")[2].removesuffix("\n")


@pytest.mark.parametrize("words", LAST_WORDS)
def test_what_python_says_and_excel_has_not_shown_is_shown(
    tmp_path: Path, fake_python: Path, words: str
):
    (tmp_path / "said").write_text(words + "\n", encoding="utf-8")
    run_the_script(text(SCRIPT), tmp_path, fake_python)
    assert shown_by_the_script(tmp_path) == words


@pytest.mark.parametrize("words", LAST_WORDS)
def test_what_python_says_is_not_done(tmp_path: Path, fake_python: Path, words: str):
    (tmp_path / "said").write_text(words + "\n", encoding="utf-8")
    run_the_script(text(SCRIPT), tmp_path, fake_python)
    assert not (tmp_path / "sang").exists()


def test_a_script_that_hands_it_on_unquoted_is_seen_to_show_something_else(
    tmp_path: Path, fake_python: Path
):
    (tmp_path / "said").write_text("two  blanks\n", encoding="utf-8")
    careless = text(SCRIPT).replace('says. $left\\"', 'says. \\"$left')
    assert careless != text(SCRIPT)
    run_the_script(careless, tmp_path, fake_python)
    assert shown_by_the_script(tmp_path) == "two\nblanks"


def test_of_much_that_python_says_the_end_is_shown(tmp_path: Path, fake_python: Path):
    lines = [f"line {number}" for number in range(100)]
    (tmp_path / "said").write_text("\n".join(lines), encoding="utf-8")
    run_the_script(text(SCRIPT), tmp_path, fake_python)
    assert shown_by_the_script(tmp_path) == "\n".join(lines[-20:])


def test_where_python_says_nothing_the_script_shows_nothing(tmp_path: Path, fake_python: Path):
    (tmp_path / "said").write_text("", encoding="utf-8")
    run_the_script(text(SCRIPT), tmp_path, fake_python)
    assert shown_by_the_script(tmp_path) is None


def test_what_excel_has_shown_and_removed_is_not_shown_again(tmp_path: Path):
    clean_up = f"echo broken >&2; rm '{tmp_path}/it'\\''s a log'"
    python = noting(tmp_path / "python", tmp_path / "given", clean_up)
    run_the_script(text(SCRIPT), tmp_path, python)
    assert (tmp_path / "given").exists()
    assert shown_by_the_script(tmp_path) is None


def test_the_script_of_a_mac_comes_back_at_once():
    values = dict.fromkeys(["pythonPath", "pythonCommand", "workbookName", "logPath"], "x")
    looking, starting = shell_commands(text(SCRIPT), values)
    assert looking == "test -x 'x'"
    assert starting.startswith(
        "('x' -I -B -u -W ignore -c 'x' '--wb=x' --from_xl=1 > /dev/null 2> 'x'; "
    )
    assert starting.endswith(") > /dev/null 2>&1 &")


def test_the_programs_that_the_script_of_a_mac_starts_are_named_by_whole_paths():
    values = dict.fromkeys(["pythonPath", "pythonCommand", "workbookName", "logPath"], "/x")
    unquoted = re.sub(r"'[^']*'|\"[^\"]*\"", "", shell_commands(text(SCRIPT), values)[1])
    assert re.findall(r"(?:; |\|\| )(\S+)", unquoted) == [
        "left=$(/usr/bin/tail",
        "test",  # of the shell itself
        "/usr/bin/osascript",
    ]


def test_the_script_of_a_mac_reads_no_profile_and_takes_no_path_to_import_from():
    script = text(SCRIPT).lower()
    said = "\n".join(line for line in script.splitlines() if not line.strip().startswith("--"))
    for word in ("source ", "profile", "zshrc", "bashrc", "login", "prepare_sys_path", "eval "):
        assert word not in said


# Cells: what a module of an add-in shows, every cell of every open workbook can call. LibreOffice
# heeds no Private there, so what Excel would show is read from the text, and LibreOffice asks.

FORMULAS = {
    "RunPython": '=RUNPYTHON("import os")',
    "XLPyCommand": "=XLPYCOMMAND()",
    "GetConfig": '=GETCONFIG("INTERPRETER_WIN")',
    "ExpandEnvironmentStrings": '=EXPANDENVIRONMENTSTRINGS("%PATH%")',
    "ReadFile": '=READFILE("/etc/passwd")',
    "SaveConfigToFile": '=SAVECONFIGTOFILE("a";"b";"c")',
    "RunFrozenPython": '=RUNFROZENPYTHON("calc.exe")',
    "ExecuteWindows": '=EXECUTEWINDOWS("a";"b")',
    "XLPy": "=XLPY()",
}


def shown_to_cells(office: Office, text: str) -> None:
    """Show every cell what Excel would show of a module; each function says that it was reached."""
    office.load_for_all(
        "AddIn",
        "\n".join(
            f'Function {name}(Optional a, Optional b, Optional c)\n{name} = "reached"\nEnd Function'
            for name in sorted(public_names(text))
        ),
    )


@pytest.fixture
def hostile_cells(office: Office, hostile_book: Path) -> Iterator[Session]:
    """The hostile workbook, opened as any other."""
    session = office.open_plain(hostile_book)
    yield session
    session.close()
    office.load_for_all("AddIn", "")


@pytest.mark.parametrize("name", sorted(FORMULAS))
def test_a_cell_reaches_xlwings_as_delivered(office: Office, hostile_cells: Session, name: str):
    shown_to_cells(office, delivered())
    assert hostile_cells.formula("Entries", "A1", FORMULAS[name]).text == "reached"


@pytest.mark.parametrize(
    "formula", [*FORMULAS.values(), "=CLEANUP()", "=ANSWER()", '=RUNACTION("issue")']
)
def test_a_cell_reaches_nothing_of_the_add_in_that_runs_or_reads(
    office: Office, hostile_cells: Session, formula: str
):
    shown_to_cells(office, held())
    assert hostile_cells.formula("Entries", "A1", formula).text == "#NAME?"


def test_a_cell_reaches_the_worksheet_functions(office: Office, hostile_cells: Session):
    shown_to_cells(office, held())
    reached = [
        hostile_cells.formula("Entries", "A1", f"={function.name}()").text for function in FUNCTIONS
    ]
    assert reached == ["reached"] * len(FUNCTIONS)


def test_the_module_shows_the_callbacks_and_the_worksheet_functions_and_no_more():
    callbacks = {"RibbonLoad", "RibbonAction", "RibbonLabel", "TimixPing"}
    assert public_names(held()) == callbacks | {function.name for function in FUNCTIONS}


def test_a_standard_module_is_the_only_one_that_could_show_anything():
    standard = [one.name for one in modules() if one.kind is ModuleKind.STANDARD]
    assert standard == ["Timix"]


def test_no_command_of_the_add_in_names_what_a_workbook_could_bring():
    ours = re.sub(r"'.*", "", held())
    for word in (
        *(
            "prepare_sys_path",
            "LICENSE_KEY",
            "embedded",
            '"PYTHONPATH',
            "CONDA",
            "xlwings" + ".pro",
        ),
        *("ActiveWorkbook.FullName", "ActiveWorkbook.Path", "Worksheets", "sys.path"),
    ):
        assert word.lower() not in ours.lower()


def command_of(action: str) -> str:
    """Give the one command that an action may give to Python."""
    module = "timix_xl.macros.ribbon"
    return f"import {module};{module}.press('{action}','9.8.7')"


def python_part(command: str) -> list[str]:
    """Give the program and the arguments of Python in a command line of Windows."""
    line = command.split(" 2> ")[0]
    if ' /C ""' in line:
        # What stands after /C is quoted once more as a whole.
        line = line.split(" /C ", 1)[1][1:-1]
    parts = shlex.split(line.replace("\\", "\\\\"))
    return parts[parts.index(WINDOWS_INTERPRETER) :]


def programs_in(command: str) -> list[str]:
    """Give every program of a command line but the shell itself."""
    named = re.findall(r'"?([A-Za-z]:\\[^"]*?\.exe|\bpythonw?\b(?!\.exe))"?', command)
    return [one for one in named if not one.endswith("cmd.exe")]


def python_options(command: str) -> list[str]:
    """Give Python's options up to the command."""
    parts = python_part(command)
    return parts[1 : parts.index("-c") + 1]
