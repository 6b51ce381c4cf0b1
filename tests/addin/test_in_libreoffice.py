"""The add-in's VBA at work in LibreOffice: what a button asks Python for, what a cell gets back.

The module is the one that the add-in holds, as Windows reads it. Only what reaches out of VBA is
turned to a recorder: the start of Python, the question for a file, message boxes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.workbook.defined_name import DefinedName

from tests.addin.office import CONFIG_SHEET, Cell, Office, Session, libreoffice, macro_workbook
from tests.addin.stubs import (
    FAKE_CONTROL,
    FAKE_PYTHON,
    PRESS,
    RECORDER,
    SHELL,
    Machine,
    Platform,
    Recorded,
    procedure,
    recorded,
    replaced,
    seen_by,
    without_the_outside,
)
from timix_xl import __version__
from timix_xl.addin.build import ADDIN_NAME, build
from timix_xl.addin.modules import modules
from timix_xl.addin.ribbon import actions
from timix_xl.addin.vba_project import Module, ModuleKind
from timix_xl.functions import FUNCTIONS
from timix_xl.hosts import files
from timix_xl.macros import ribbon
from timix_xl.settings import bundled
from timix_xl.udf.declaring import Declared

START_PYTHON = """
Private Sub StartPython()
    Record "python", TakenCommand()
End Sub
"""
XLPY = """
Private Function XLPy() As Object
    Record "started", ""
    If Answers("start") <> "" Then Err.Raise 1000, "Python", Answers("start")
    Set XLPy = New FakePython
End Function
"""
ASK_FOR_FILE = """
Private Function AskForFile() As Variant
    AskForFile = False
    If Answers("file") <> "" Then AskForFile = Answers("file")
End Function
"""
CALCULATE = """
Private Sub CalculateAll()
    Record "calculated", ""
End Sub
"""
IN_WIZARD = """
Private Function InWizard() As Boolean
    InWizard = (Answers("wizard") <> "")
End Function
"""
IN_PROTECTED_VIEW = """
Private Function IsInProtectedView() As Boolean
    IsInProtectedView = (Answers("protected") <> "")
End Function
"""
ADD_WORKBOOK = """
Private Sub AddWorkbook()
    Record "added", ""
End Sub
"""
SHOW_STATUS = """
Private Sub ShowStatus(text As String)
    Record "status", text
End Sub
"""
REPLACED = {
    "StartPython": START_PYTHON,
    "XLPy": XLPY,
    "AskForFile": ASK_FOR_FILE,
    "CalculateAll": CALCULATE,
    "InWizard": IN_WIZARD,
    "IsInProtectedView": IN_PROTECTED_VIEW,
    "AddWorkbook": ADD_WORKBOOK,
    "ShowStatus": SHOW_STATUS,
}
"""What only Excel or Windows can do."""

BEGIN = """
Public Sub Begin()
    NotServing = ""
End Sub

Private Function LaterNow() As Date
    LaterNow = Now + Val(Answers("minutes")) / 24 / 60
End Function
"""
LABEL = """
Public Function Label() As String
    Dim control As New FakeControl
    Dim shown
    RibbonLabel control, shown
    Label = shown
End Function
"""
SHOWN = f"""
Public Function Shown() As String
    Dim result, one
    result = {FUNCTIONS[0].name}("ACME")
    If Not IsArray(result) Then
        Shown = Described(result)
        Exit Function
    End If
    For Each one In result
        Shown = Shown & Described(one) & " "
    Next
End Function

Public Function AskedFor(ByVal name As String) As String
    AskedFor = Described(Answer(name, Array("a")))
End Function

Private Function Described(ByVal value) As String
    Described = CStr(value)
    If IsError(value) Then Described = "<" & CStr(value) & ">"
End Function
"""


def add_in() -> list[Module]:
    """Give the modules, with what reaches out of VBA replaced."""
    (text,) = (module.text for module in modules() if module.name == "Timix")
    text = seen_by(Platform.WINDOWS, text)
    asks_excel = procedure(text, "IsInProtectedView").replace("IsInProtectedView", "AsksExcel")
    for name, instead in REPLACED.items():
        text = replaced(text, name, instead)
    assert text.count("If ActiveWorkbook Is Nothing Then") == 1
    text = text.replace("If ActiveWorkbook Is Nothing", 'If Answers("no workbook") <> ""')
    text, count = re.subn(r"\bNow (?=>=|\+)", "LaterNow() ", text)
    assert count == 2
    text += f"{asks_excel}\n{BEGIN}{PRESS}{LABEL}{SHOWN}"
    machine = Machine(Platform.WINDOWS, Path("/nowhere"), "C:\\", "C:\\", "C:\\", {})
    return [
        Module("Timix", without_the_outside(text), ModuleKind.STANDARD),
        Module("Recorder", RECORDER, ModuleKind.STANDARD),
        Module("System", machine.vba, ModuleKind.STANDARD),
        Module("FakeShell", SHELL, ModuleKind.CLASS),
        Module("FakeControl", FAKE_CONTROL, ModuleKind.CLASS),
        Module("FakePython", FAKE_PYTHON, ModuleKind.CLASS),
    ]


@dataclass(frozen=True, slots=True)
class AddIn:
    """The add-in, loaded."""

    session: Session

    def answer(self, question: str, answer: str) -> None:
        """Say what a stub answers from now on."""
        self.session.call("Recorder.Answer", question, answer)

    def reached(self) -> list[Recorded]:
        """Give what reached the outside since the last time."""
        return recorded(self.session.call("Recorder.Taken"))

    def press(self, action: str) -> list[Recorded]:
        """Press a button; give what reached the outside."""
        self.reached()
        assert self.session.call("Timix.Press", action) == ""
        return [one for one in self.reached() if one.kind != "looked"]

    def formula(self, formula: str) -> Cell:
        """Calculate a formula in a cell of the add-in's own sheet."""
        return self.session.formula(CONFIG_SHEET, "H1", formula)

    def area(self, address: str, formula: str) -> list[Cell]:
        """Calculate a formula that fills an area of one row or one column."""
        self.session.array_formula(CONFIG_SHEET, address, formula)
        first, last = address.split(":")
        cells = [
            f"{column}{row}"
            for row in range(int(first[1:]), int(last[1:]) + 1)
            for column in map(chr, range(ord(first[0]), ord(last[0]) + 1))
        ]
        found = [self.session.cell(CONFIG_SHEET, cell) for cell in cells]
        self.session.array_formula(CONFIG_SHEET, address, "")
        return found


@pytest.fixture(scope="module")
def loaded(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The add-in, opened once."""
    path = tmp_path_factory.mktemp("addin") / "addin.xlsm"
    path.write_bytes(macro_workbook(add_in(), version=__version__))
    session = office.open(path)
    # One module that does not compile makes every call of the library give nothing, without a word.
    assert session.call("Recorder.Canary") == 42
    return session


@pytest.fixture
def addin(loaded: Session) -> AddIn:
    """The add-in, with no answers left from the test before."""
    loaded.call("Recorder.Forget")
    loaded.call("Timix.Begin")
    return AddIn(loaded)


@pytest.fixture(scope="module")
def opened_once(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """A workbook with a cell for a file, opened once."""
    return InFront(office, tmp_path_factory.mktemp("billing"), []).open()


@pytest.fixture
def billing(opened_once: Session) -> Session:
    """The workbook with a cell for a file, in front and empty."""
    opened_once.write("Billing", "C3", "")
    assert opened_once.activate()
    return opened_once


@pytest.fixture
def in_front(office: Office, tmp_path: Path) -> Iterator["InFront"]:
    """Open workbooks of given names before the add-in's user."""
    opened = InFront(office, tmp_path, [])
    yield opened
    for session in reversed(opened.sessions):
        session.close()


@dataclass(frozen=True, slots=True)
class InFront:
    """Workbooks in front."""

    office: Office
    folder: Path
    sessions: list[Session]

    def open(self, name: str = "billing.xlsx", *, with_name: bool = True) -> Session:
        """Make and open a workbook, with the cell for a file or without."""
        made = openpyxl.Workbook()
        made.active.title = "Billing"
        if with_name:
            made.defined_names["timix_import_file"] = DefinedName(
                "timix_import_file", attr_text="Billing!$C$3"
            )
        path = self.folder / name
        made.save(path)
        session = self.office.open_plain(path)
        self.sessions.append(session)
        assert session.activate()
        return session


def command(action: str) -> Recorded:
    """Give the one command of a button."""
    module = "timix_xl.macros.ribbon"
    return Recorded("python", f"import {module};{module}.press('{action}','{__version__}')")


def test_a_module_that_does_not_compile_is_noticed(tmp_path: Path):
    path = tmp_path / "broken.xlsm"
    broken = Module("Broken", "Public Sub Half()\n    x = (1 +\nEnd Sub\n", ModuleKind.STANDARD)
    path.write_bytes(macro_workbook([*add_in(), broken]))
    # A LibreOffice that has met one is of no use to other tests.
    with libreoffice(tmp_path) as office:
        assert office.open(path).call("Recorder.Canary") != 42


@pytest.mark.parametrize("action", actions())
def test_a_button_gives_python_its_constant_command_once(
    addin: AddIn, billing: Session, action: str
):
    addin.answer("file", r"C:\Users\ada\hours.csv")
    reached = addin.press(action)
    assert [one for one in reached if one.kind != "calculated"] == [command(action)]


@pytest.mark.parametrize(
    "action",
    ["x'); import os#", "ISSUE", "Issue", "", "issue ", "issue2", "is-sue", "issue\n", 'a"b', "é"],
)
def test_what_is_no_id_runs_nothing(addin: AddIn, billing: Session, action: str):
    assert addin.press(action) == []


@pytest.mark.parametrize(
    "name",
    ["a=b.xlsx", "a%b.xlsx", "a|b.xlsx", "a$b.xlsx", "a`b.xlsx", 'a"b.xlsx', " a.xlsx"],
)
def test_a_workbook_of_a_name_that_a_shell_reads_is_refused(
    addin: AddIn, in_front: InFront, name: str
):
    in_front.open(name)
    (told,) = addin.press("issue")
    assert told.kind == "message"
    assert "Save it under another" in told.text


@pytest.mark.parametrize("name", ["Acme & Söhne (März).xlsx", "o'hara.xlsx", "a^b!c;d,e.xlsx"])
def test_a_workbook_of_another_name_is_taken(addin: AddIn, in_front: InFront, name: str):
    in_front.open(name)
    assert addin.press("issue") == [command("issue")]


def test_by_the_name_of_a_procedure_it_is_refused_as_well(addin: AddIn, in_front: InFront):
    in_front.open("a%b.xlsx")
    addin.reached()
    addin.session.call("Timix.RunAction", "issue")
    assert addin.reached() == []


def test_by_the_name_of_a_procedure_the_user_is_asked_for_the_file_as_well(
    addin: AddIn, billing: Session
):
    billing.write("Billing", "C3", "what a workbook says")
    addin.reached()
    addin.session.call("Timix.RunAction", "import_entries")
    assert addin.reached() == []


def test_by_the_name_of_a_procedure_an_action_is_what_its_button_is(addin: AddIn, billing: Session):
    addin.reached()
    addin.session.call("Timix.RunAction", "issue")
    assert [one for one in addin.reached() if one.kind != "looked"] == [command("issue")]


def test_without_a_workbook_a_button_adds_one(addin: AddIn, billing: Session):
    addin.answer("no workbook", "yes")
    assert addin.press("new_workbook") == [Recorded("added", ""), command("new_workbook")]


def test_with_a_workbook_in_protected_view_alone_a_button_says_what_to_do(
    addin: AddIn, billing: Session
):
    addin.answer("no workbook", "yes")
    addin.answer("protected", "yes")
    (told,) = addin.press("load_unbilled")
    assert told.kind == "message"
    assert "Press Enable Editing first" in told.text


def test_a_workbook_in_protected_view_does_not_hinder_another(addin: AddIn, billing: Session):
    addin.answer("protected", "yes")
    assert addin.press("issue") == [command("issue")]


def test_where_no_program_knows_of_protected_view_there_is_none(addin: AddIn):
    assert addin.session.call("Timix.AsksExcel") in {0, "False"}


def test_the_label_of_the_ribbon_shows_the_version(addin: AddIn):
    assert addin.session.call("Timix.Label") == f"Timix {__version__}"


def test_a_ping_answers_with_the_version(addin: AddIn):
    assert addin.session.call("Timix.TimixPing") == __version__


def test_import_entries_writes_the_chosen_path_into_the_workbook(addin: AddIn, billing: Session):
    addin.answer("file", r"C:\Users\ada\hours.csv")
    addin.press("import_entries")
    assert billing.cell("Billing", "C3").text == r"C:\Users\ada\hours.csv"


def test_import_entries_runs_nothing_when_the_user_cancels(addin: AddIn, billing: Session):
    assert addin.press("import_entries") == []


def test_import_entries_that_is_cancelled_leaves_the_workbook_alone(addin: AddIn, billing: Session):
    billing.write("Billing", "C3", "as it was")
    addin.press("import_entries")
    assert billing.cell("Billing", "C3").text == "as it was"


def test_import_entries_leaves_a_workbook_that_is_not_ours_to_python(
    addin: AddIn, in_front: InFront
):
    in_front.open(with_name=False)
    assert addin.press("import_entries") == [command("import_entries")]


def test_only_import_entries_asks_for_a_file(addin: AddIn, billing: Session):
    addin.answer("file", r"C:\Users\ada\hours.csv")
    for action in (one for one in actions() if one != "import_entries"):
        addin.press(action)
    assert billing.cell("Billing", "C3").text == ""


def test_recalculate_calculates_after_python_came_back(addin: AddIn, billing: Session):
    assert addin.press("recalculate") == [command("recalculate"), Recorded("calculated", "")]


def test_no_other_button_calculates(addin: AddIn, billing: Session):
    others = [one for one in actions() if one != "recalculate"]
    assert "calculated" not in {one.kind for action in others for one in addin.press(action)}


@pytest.mark.parametrize("action", actions())
def test_the_command_of_a_button_presses_it_in_python(
    addin: AddIn,
    billing: Session,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    action: str,
):
    addin.answer("file", r"C:\Users\ada\hours.csv")
    (run,) = (one.text for one in addin.press(action) if one.kind == "python")
    pressed = []
    for each in actions():
        monkeypatch.setitem(
            ribbon.ACTIONS, each, lambda book, each=each: pressed.append((each, book.name))
        )
    path = tmp_path / "acme.xlsx"
    path.write_bytes(bundled("billing.xlsx").read_bytes())
    with files.open_book(path) as book:
        monkeypatch.setattr(xw.Book, "_mock_caller", book, raising=False)
        exec(run, {})
    assert pressed == [(action, "acme.xlsx")]


# Worksheet functions, in cells.


def called(function: Declared, count: int) -> str:
    """Give the formula that calls a function with the texts a1, a2 and so on."""
    given = ";".join(f'"a{number}"' for number in range(1, count + 1))
    return f"={function.name}({given})"


def asked(addin: AddIn, formula: str) -> Recorded:
    """Calculate a formula; give what it asked Python for."""
    addin.answer("reply", "number")
    addin.reached()
    addin.formula(formula)
    (question,) = {one for one in addin.reached() if one.kind == "function"}
    return question


def question(function: Declared, arguments: list[str]) -> Recorded:
    """Give what Python is asked for, in the name of the add-in's own workbook."""
    place = f"timix_xl.functions.{function.name} in addin.xlsm"
    return Recorded("function", f"{place}: {', '.join(arguments)}")


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_a_function_hands_python_its_arguments_in_order(
    addin: AddIn, billing: Session, function: Declared
):
    count = len(function.arguments)
    given = [f"a{number}" for number in range(1, count + 1)]
    assert asked(addin, called(function, count)) == question(function, given)


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda one: one.name)
def test_a_function_hands_python_what_is_left_out_as_missing(
    addin: AddIn, billing: Session, function: Declared
):
    needed = [one for one in function.arguments if not one.optional]
    given = [f"a{number}" for number in range(1, len(needed) + 1)]
    missing = ["(missing)"] * (len(function.arguments) - len(needed))
    assert asked(addin, called(function, len(needed))) == question(function, given + missing)


@pytest.mark.parametrize(
    "name",
    [
        "system",
        "os.system",
        "timix_wip",
        "TIMIX_WIP.real",
        "TIMIX_WIP ",
        "TIMIX_wip",
        "XTIMIX_WIP",
        "",
    ],
)
def test_what_is_no_worksheet_function_is_not_asked_of_python(addin: AddIn, name: str):
    addin.reached()
    assert addin.session.call("Timix.AskedFor", name) == "<Error 2015>"
    assert [one.kind for one in addin.reached()] == ["status"]


def test_what_is_a_worksheet_function_is_asked_of_python_by_name(addin: AddIn):
    addin.answer("reply", "text")
    assert addin.session.call("Timix.AskedFor", FUNCTIONS[0].name) == "Paid"


A_FUNCTION = f'{FUNCTIONS[0].name}("ACME")'


def test_a_value_comes_into_the_cell(addin: AddIn):
    addin.answer("reply", "number")
    assert addin.formula(f"={A_FUNCTION}").number == 12.5


def test_a_text_comes_into_the_cell(addin: AddIn):
    addin.answer("reply", "text")
    assert addin.formula(f"={A_FUNCTION}").text == "Paid"


def test_a_row_comes_into_a_row(addin: AddIn):
    addin.answer("reply", "row")
    assert [one.text for one in addin.area("H3:J3", f"={A_FUNCTION}")] == ["1", "two", "3"]


def test_a_column_comes_into_a_column(addin: AddIn):
    addin.answer("reply", "column")
    assert [one.text for one in addin.area("H3:H5", f"={A_FUNCTION}")] == ["1", "two", "3"]


def test_a_table_comes_into_an_area(addin: AddIn):
    addin.answer("reply", "table")
    assert [one.text for one in addin.area("H3:I4", f"={A_FUNCTION}")] == ["1", "two", "3", "four"]


# LibreOffice shows an error value of VBA as a text, "Error 2042". That it is one, and which, is asked
# in VBA; what ISNA and SUM make of it only Excel can show.


def shown(addin: AddIn, reply: str) -> list[str]:
    """Give what the function hands back when Python replies so, errors in angle brackets."""
    addin.answer("reply", reply)
    told: str = addin.session.call("Timix.Shown")
    return re.findall(r"<[^>]*>|[^ ]+", told)


@pytest.mark.parametrize(
    ("reply", "error"), [("#N/A", "<Error 2042>"), ("#VALUE!", "<Error 2015>")]
)
def test_what_python_marks_as_an_error_is_one_of_excel(addin: AddIn, reply: str, error: str):
    assert shown(addin, reply) == [error]


def test_what_python_raises_is_a_value_error_of_excel(addin: AddIn):
    assert shown(addin, "raise") == ["<Error 2015>"]


def test_an_error_of_excel_comes_into_the_cell(addin: AddIn):
    addin.answer("reply", "#N/A")
    assert addin.formula(f"={A_FUNCTION}").text == "Error 2042"


def test_an_error_within_a_row_is_one_of_that_cell(addin: AddIn):
    assert shown(addin, "row with #N/A") == ["1", "<Error 2042>", "3"]


def test_an_error_within_a_table_is_one_of_that_cell(addin: AddIn):
    assert shown(addin, "table with #VALUE!").count("<Error 2015>") == 1


def test_an_error_within_a_table_stands_in_its_place(addin: AddIn):
    addin.answer("reply", "table with #VALUE!")
    found = [one.text for one in addin.area("H3:I4", f"={A_FUNCTION}")]
    assert found == ["1", "two", "Error 2015", "four"]


def test_an_error_within_a_column_is_one_of_that_cell(addin: AddIn):
    assert shown(addin, "column with #N/A") == ["1", "<Error 2042>", "3"]


def test_a_text_that_only_speaks_of_an_error_stays_a_text(addin: AddIn):
    assert shown(addin, "about-#N/A") == ["about-#N/A"]


def test_in_the_wizard_a_cell_shows_that_there_is_no_value_yet(addin: AddIn):
    addin.answer("wizard", "open")
    assert shown(addin, "number") == ["<Error 2042>"]


def test_in_the_wizard_python_is_not_asked(addin: AddIn):
    addin.answer("wizard", "open")
    addin.reached()
    shown(addin, "number")
    assert addin.reached() == []


# A Python that does not start, and what the status bar says of it.


def statuses(addin: AddIn, reply: str = "number") -> list[str]:
    """Give what the status bar is told while a function answers."""
    addin.reached()
    shown(addin, reply)
    return [one.text for one in addin.reached() if one.kind == "status"]


def starts(addin: AddIn, times: int = 1) -> int:
    """Say how often Python is started when a function is called some times."""
    addin.reached()
    for _ in range(times):
        shown(addin, "number")
    return [one.kind for one in addin.reached()].count("started")


@pytest.fixture
def broken(addin: AddIn) -> AddIn:
    """The add-in with a Python that cannot serve."""
    addin.answer("start", "Could not activate Python COM server")
    return addin


def test_a_python_that_does_not_start_is_not_started_by_each_cell(broken: AddIn):
    assert starts(broken, times=5) == 1


def test_each_cell_that_finds_no_python_shows_an_error(broken: AddIn):
    assert [shown(broken, "number") for _ in range(2)] == [["<Error 2015>"]] * 2


def test_each_cell_that_finds_no_python_says_why(broken: AddIn):
    assert statuses(broken) == statuses(broken) == ["Timix: Could not activate Python COM server"]


@pytest.mark.parametrize(("minutes", "again"), [("0.9", 0), ("1.1", 1)])
def test_after_a_minute_python_is_started_again(broken: AddIn, minutes: str, again: int):
    starts(broken)
    broken.answer("minutes", minutes)
    assert starts(broken) == again


def test_a_python_that_starts_after_all_serves(broken: AddIn):
    starts(broken)
    broken.answer("minutes", "2")
    broken.answer("start", "")
    assert shown(broken, "number") == ["12.5"]


def test_recalculate_starts_python_again(broken: AddIn, billing: Session):
    starts(broken)
    broken.press("recalculate")
    assert starts(broken) == 1


def test_an_error_of_python_that_serves_does_not_keep_it_from_being_asked(addin: AddIn):
    shown(addin, "raise")
    assert shown(addin, "number") == ["12.5"]


def test_the_status_bar_says_what_python_raised(addin: AddIn):
    assert statuses(addin, "raise") == ["Timix: the store is broken"]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "timix_xl.store.refusals.StoreNotThere: There is no store: a.db.\n  File x\n  raise it",
            "There is no store: a.db.",
        ),
        ("KeyError: 'hours'\r\nTraceback", "'hours'"),
        ("xlwings.dll is not there. Run in a terminal: timix-xl addin install", None),
        ("Could not activate Python COM server", None),
        ("", None),
    ],
)
def test_of_what_python_raised_the_first_line_is_the_reason(
    addin: AddIn, said: str, reason: str | None
):
    assert addin.session.call("Timix.Reason", said) == (said if reason is None else reason)


def test_on_a_mac_a_function_says_that_it_works_on_windows_only(addin: AddIn):
    addin.answer("separator", "/")
    assert statuses(addin) == ["Timix: Worksheet functions work on Windows only."]


def test_on_a_mac_a_function_shows_an_error_and_starts_nothing(addin: AddIn):
    addin.answer("separator", "/")
    assert shown(addin, "number") == ["<Error 2015>"]
    assert starts(addin) == 0


# The add-in itself, as it is built.


@pytest.fixture(scope="module")
def built(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Session:
    """The built add-in, opened once."""
    path = tmp_path_factory.mktemp("built") / ADDIN_NAME
    path.write_bytes(build())
    return office.open(path)


def test_the_built_add_in_opens_with_its_modules(built: Session):
    assert built.libraries[built.project] == sorted(module.name for module in modules())


def test_the_built_add_in_opens_with_its_sheets(built: Session):
    assert built.sheets == [CONFIG_SHEET, "_IntelliSense_"]


def test_the_built_add_in_says_its_version_in_its_sheet(built: Session):
    assert built.cell(CONFIG_SHEET, "B1").text == __version__


def test_the_text_of_the_modules_comes_through_as_it_was_written(built: Session):
    for module in modules():
        written = [line.rstrip() for line in module.text.splitlines() if line.strip()]
        read = [line.strip() for line in built.source(module.name).splitlines()]
        assert [one for one in written if one.strip() not in read and is_kept(one)] == []


def is_kept(line: str) -> bool:
    """Say whether LibreOffice shows a line as it stands: it turns attributes into comments."""
    return not line.lstrip().startswith(("Attribute ", "VERSION ", "BEGIN", "END", "MultiUse"))
