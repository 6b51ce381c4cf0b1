"""What the add-in takes of xlwings' VBA, and what it must not take."""

import re
from pathlib import Path

import pytest

from timix_xl import __version__
from timix_xl.addin import hardening
from timix_xl.addin.build import sheets
from timix_xl.addin.hardening import (
    ENTRANCES,
    XLWINGS,
    declared,
    hardened,
    known,
    private,
    reachable,
    replaced,
    shipped,
)
from timix_xl.addin.modules import modules, timix_module
from timix_xl.addin.refusals import XlwingsDiffers
from timix_xl.addin.texts import text
from timix_xl.addin.vba_project import Module, ModuleKind
from timix_xl.addin.vba_text import Procedure, code_of, names_in, parts
from timix_xl.functions import FUNCTIONS

NAME = "xlwings_custom_addin.bas"
ROOT = Path(__file__).parent.parent.parent
TAKEN_UNCHANGED = {"CreateGUID", "ParentFolder", "XLPy"}
CALLBACKS = {"RibbonLoad", "RibbonAction", "RibbonLabel", "TimixPing"}
ARGUMENTS = {
    "RibbonLoad(ribbon)": "does nothing",
    "RibbonAction(control)": "takes its id alone, and looks at it",
    "RibbonLabel(control, returnedVal)": "gives the version",
    "RunAction(action)": "looks at the id; StartPython is not handed it",
    "CanBePressed(action)": "looks at a text",
    "CanBeNamed(book)": "looks at a text",
    "ParentFolder(Folder)": "cuts a text",
    "Refuse(what)": "shows a text",
    "Tell(text)": "shows a text",
    "ShowStatus(text)": "shows a text",
    "Answer(functionName, arguments)": "asks for one of our worksheet functions, by a checked name",
    "IsOurs(functionName)": "looks at a text",
    "Reason(said)": "cuts a text",
    "WithErrors(result)": "looks at a value",
    "IsTable(result)": "looks at a value",
    "AsError(value)": "looks at a value",
}
"""Every procedure that takes arguments, whoever calls it by name, and why it may take any."""

REACHES_OUT = frozenset(
    """
    open kill shell wscript run exec createobject getobject loadlibrary xlpydllactivateauto xlpyloaddll
    applescripttask macscript dir getattr setattr filecopy filelen filedatetime name mkdir rmdir chdir
    chdrive callbyname evaluate executeexcel4macro registerxll ontime onkey followhyperlink sendkeys
    environ saveas savecopyas opentext addfromfile import eval
    """.split()
)
"""What starts a program, loads a library, or reads, makes or removes a file."""

NAMED_AS_IT_IS = ("ActiveWorkbook.Name", "ThisWorkbook.Name")
"""A property; the statement Name gives a file another name."""


@pytest.fixture(scope="module")
def stock():
    return shipped(NAME)


@pytest.fixture(scope="module")
def safe(stock):
    return hardened(stock)


@pytest.fixture(scope="module")
def built():
    return {one.name: one.text for one in modules()}


def squeezed(procedure):
    """Return the code of a procedure without comments, blanks and what makes it private."""
    lines = (" ".join(line.split("'")[0].split()) for line in procedure.splitlines())
    return [re.sub("^(Private|Public) ", "", line) for line in lines if line]


def code(module):
    """Return a module without its comments, its texts kept."""
    return "\n".join(line for line in module.splitlines() if not line.lstrip().startswith("'"))


def test_the_version_is_the_one_whose_text_is_known(stock):
    assert f"'Version: {XLWINGS}\n" in stock


@pytest.mark.parametrize("more", ["' one comment", "' λ", "Public Sub More()\nEnd Sub"])
@pytest.mark.parametrize("name", list(hardening.DIGESTS))
def test_a_text_that_was_touched_is_refused(name, more):
    with pytest.raises(XlwingsDiffers) as refused:
        known(name, f"{shipped(name)}{more}\n")

    assert refused.value.code == "ADDIN-01"
    assert f"pip install xlwings=={XLWINGS}" in refused.value.hint


def test_a_text_that_is_not_there_is_refused(monkeypatch):
    monkeypatch.setitem(hardening.DIGESTS, "gone.bas", "0")

    with pytest.raises(XlwingsDiffers, match=r"its gone\.bas is another text"):
        shipped("gone.bas")


def test_an_unknown_text_is_not_hardened(stock):
    with pytest.raises(XlwingsDiffers, match="is another text"):
        hardened(stock.replace("0.37.8", "0.37.9"))


def test_an_installation_with_windows_line_ends_is_the_same_text(stock):
    assert known(NAME, stock.replace("\n", "\r\n")) == stock


def test_the_whole_licence_of_xlwings_travels_along(stock, built):
    licence = stock[stock.index("'xlwings is distributed") : stock.index("'Attribute VB_Name")]

    assert licence.count("\n") > 25
    assert licence.strip() in built["Timix"]


def test_the_notice_of_whose_work_it_is_travels_along(built):
    assert "Zoomer Analytics LLC, under the BSD 3-Clause License" in built["ThisWorkbook"]


def test_nothing_of_xlwings_but_its_module_is_taken():
    assert list(hardening.DIGESTS) == [NAME]
    assert [one.name for one in modules()] == ["ThisWorkbook", "Sheet1", "Sheet2", "Timix"]


def test_every_procedure_taken_from_xlwings_is_private(safe):
    assert [one.name for one in parts(safe)[1] if not one.is_private] == []


def test_what_is_not_ours_in_it_is_what_was_looked_through(safe, stock):
    ours = {one.name for one in parts(text("vba/Guards.bas"))[1]}
    theirs = {one.name for one in parts(safe)[1]} - ours

    assert theirs == TAKEN_UNCHANGED


@pytest.mark.parametrize("name", sorted(TAKEN_UNCHANGED))
def test_what_is_taken_is_otherwise_unchanged(safe, stock, name):
    before = next(one for one in parts(stock)[1] if one.name == name)
    after = next(one for one in parts(safe)[1] if one.name == name)

    assert squeezed(after.text) == squeezed(before.text)


def test_the_public_names_of_the_add_in_are_these_and_no_others(built):
    public = {one.name for one in parts(built["Timix"])[1] if not one.is_private}

    assert public == CALLBACKS | {one.name for one in FUNCTIONS}


def test_every_procedure_says_whether_it_is_public(built):
    for one in parts(built["Timix"])[1]:
        assert one.text.startswith(("Public ", "Private "))


def test_every_declaration_and_constant_is_private(built):
    head = parts(built["Timix"])[0].splitlines()
    declared_lines = [
        line for line in head if re.search(r"\b(Declare|Const|Dim|Public)\b", code_of(line))
    ]

    assert len(declared_lines) == 8
    assert all(line.lstrip().startswith("Private ") for line in declared_lines)


def test_the_documents_hold_no_code(built):
    assert code(built["ThisWorkbook"]) == built["Sheet1"] == built["Sheet2"] == ""


@pytest.mark.parametrize(
    "words",
    [
        "FullName", "prepare_sys_path", "LICENSE_KEY", "xlwings." "pro", "conda", '"python"', '"pythonw"',
        "PYTHONPATH", "ADD_WORKBOOK", '".py"', "ONEDRIVE", "SHAREPOINT", "UDF MODULES", "DEBUG",
        "SHOW CONSOLE", "TEMP DIR", "USE UDF SERVER", "SHOW_ERROR_POPUPS", "MacScript", "VBProject",
        "VBComponents", "ActiveWorkbook.Path", "ActiveWorkbook.Sheets", "ActiveWorkbook.Worksheets",
        "ActiveSheet", "CurDir", "ChDir", "ExpandEnvironment", "libc", "KillPy", ".Exec", ".Eval",
    ],
)  # fmt: skip
def test_nothing_is_left_of(built, words):
    assert words.lower() not in code(built["Timix"]).lower()


def test_the_active_workbook_gives_its_name_and_takes_the_chosen_file_and_nothing_else(built):
    lines = [line.strip() for line in code(built["Timix"]).splitlines() if "ActiveWorkbook" in line]

    assert [re.sub(r".*(ActiveWorkbook\S*).*", r"\1", line) for line in lines] == [
        "ActiveWorkbook.Name",
        "ActiveWorkbook.Name",
        "ActiveWorkbook",
        "ActiveWorkbook.Name)",
        "ActiveWorkbook.Name)",
        'ActiveWorkbook.Names("timix_import_file").RefersTo,',
        'ActiveWorkbook.Names("timix_import_file").RefersToRange',
    ]


def procedure(module, name):
    """Return the code of a procedure, without comments."""
    return code(next(one.text for one in parts(module)[1] if one.name == name))


def test_python_is_named_by_the_file_of_the_user_alone(built):
    configured = procedure(built["Timix"], "ConfiguredInterpreter")

    assert re.findall(r"\bOpen (\S+)", configured) == ["GetConfigFilePath()"]
    assert set(re.findall(r'"(\w+)"', configured)) == {"INTERPRETER_WIN", "INTERPRETER_MAC"}


def test_the_version_is_read_of_the_add_in_alone(built):
    assert re.findall(r"(\w+)\.Sheets", code(built["Timix"])) == ["ThisWorkbook"]
    assert re.findall(r'Sheets\(1\)\.Range\("(\w+)"\)', code(built["Timix"])) == ["B1"]


def test_the_version_stands_where_it_is_read():
    first = sheets()[0]

    assert first.rows[0] == ["VERSION", __version__]
    assert first.name == "timix.conf"


def test_only_these_files_are_opened_looked_for_or_removed(built):
    named = re.findall(r"\b(?:Open|Kill|GetAttr|Dir)\b *\(?(\w+)", code(built["Timix"]))

    assert set(named) == {"GetConfigFilePath", "LogFile", "Interpreter"}


# That a procedure is private may not keep Excel from running it by name. So what is handed in decides
# nothing: what reaches out of the module takes no argument.


def arguments_of(one):
    """Return the names of what a procedure takes."""
    head = re.sub(r" _\n\s*", " ", one.text).splitlines()[0]
    given = re.search(rf"\b{one.name} *\(([^)]*)\)", head)
    words = "Optional|ByVal|ByRef|ParamArray"
    taken = given[1].split(",") if given and given[1].strip() else []
    return [re.sub(rf"\b(?:{words})\b", "", part).split()[0] for part in taken]


def openings(modules_given):
    """Say which procedures take what nobody allowed, or take something and reach out."""
    allowed = set(ARGUMENTS) | {
        f"{one.name}({', '.join(argument.name for argument in one.arguments)})" for one in FUNCTIONS
    }
    found = []
    for one in (one for module in modules_given for one in parts(module.text)[1]):
        taken = arguments_of(one)
        body = re.sub("|".join(map(re.escape, NAMED_AS_IT_IS)), "", one.text)
        said = f"{one.name}({', '.join(taken)})"
        found += [said] if taken and said not in allowed else []
        found += [f"{said}: {word}" for word in REACHES_OUT & names_in(body) if taken]
    return sorted(found)


def callable_by_name():
    """Return the modules whose procedures Excel finds by name; those of a class need an object."""
    return [one for one in modules() if one.kind is not ModuleKind.CLASS]


def test_nothing_that_reaches_out_takes_an_argument():
    assert openings(callable_by_name()) == []


def test_what_may_take_arguments_is_there_and_takes_them(built):
    said = {f"{one.name}({', '.join(arguments_of(one))})" for one in parts(built["Timix"])[1]}

    assert set(ARGUMENTS) - said == set()


def test_of_xlwings_as_delivered_it_is_said_what_takes_a_command_or_a_path(stock):
    # A procedure with a head for each Office program has its body below the last one.
    one_head = re.sub(r"^#If App.*\n(?:.*\n)#Else\n", "", stock, flags=re.MULTILINE)
    found = openings([Module("Timix", one_head)])

    assert {
        "RunPython(PythonCommand)", "ReadFile(FileName)", "ReadFile(FileName): open",
        "RunFrozenPython(Executable, Args)", "FileExistsOnWindows(FileSpec): getattr",
        "WScript(CreateNew): createobject",
    } <= set(found)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("Sub CleanUp()", "Sub CleanUp(Path As String)", ["CleanUp(Path)", "CleanUp(Path): kill"]),
        ("Sub StartPython()", "Sub StartPython(what)", ["StartPython(what)"]),
        (
            "Function LastWords() As String",
            "Function LastWords(Optional ByVal Path As String) As String",
            ["LastWords(Path)", "LastWords(Path): open"],
        ),
        (
            "    PressedAction = action\n",
            '    CreateObject("WScript.Shell").Run action\n',
            ["RunAction(action): createobject", "RunAction(action): run"],
        ),
        ("ShowStatus(text As String)\n", "ShowStatus(text As String)\n Kill text\n", ["ShowStatus(text): kill"]),
        ("Tell(text As String)\n", "Tell(text As String)\n Name text As 1\n", ["Tell(text): name"]),
    ],
)  # fmt: skip
def test_a_spoiled_module_is_noticed(built, before, after, found):
    assert built["Timix"].count(before) == 1

    assert openings([Module("Timix", built["Timix"].replace(before, after))]) == found


def test_what_the_module_keeps_is_set_where_it_is_checked_and_taken(built):
    head, procedures = parts(built["Timix"])
    kept = re.findall(r"^Private (\w+) As", head, re.MULTILINE)
    sets = {
        name: [
            one.name for one in procedures if re.search(rf"^ *{name} = ", one.text, re.MULTILINE)
        ]
        for name in kept
    }

    assert sets == {
        "PressedAction": ["RunAction", "TakenCommand"],
        "LogName": ["ExecuteWindows"],
        "NotServing": ["Recalculate", "StartedServer"],
        "NotServingUntil": ["StartedServer"],
    }


def test_an_action_is_looked_at_before_it_is_noted(built):
    lines = [line.strip() for line in procedure(built["Timix"], "RunAction").splitlines()]

    assert lines[1:] == [
        "If Not CanBePressed(action) Then Exit Sub",
        "If Not CanBeNamed(ActiveWorkbook.Name) Then Exit Sub",
        'If action = "import_entries" Then',
        "If Not FileIsChosen() Then Exit Sub",
        "End If",
        "PressedAction = action",
        "StartPython",
        "End Sub",
    ]


def test_python_and_the_shell_are_started_by_whole_paths(built):
    starts = [line.strip() for line in code(built["Timix"]).splitlines() if "cmd.exe" in line]

    assert starts == ['CommandProcessor = Environ("SystemRoot") & "\\System32\\cmd.exe /D /V:OFF"']


def test_python_takes_no_modules_from_the_current_folder_or_the_environment(built):
    starts = [line for line in code(built["Timix"]).splitlines() if " -c " in line]

    assert len(starts) == 2
    assert all(" -I -B -c " in line for line in starts)
    assert "-I -B -u -W ignore -c" in text("mac/timix-xl.applescript")


def test_the_library_is_loaded_before_it_is_called(safe):
    activation = next(one.text for one in parts(safe)[1] if one.name == "XLPy")

    assert activation.index("XLPyLoadDLL") < activation.index("XLPyDLLActivateAuto")
    assert [one.name for one in parts(safe)[1] if "XLPyDLLActivateAuto(" in one.text] == ["XLPy"]


def test_the_library_is_loaded_from_the_folder_of_the_interpreter(safe):
    loading = next(one.text for one in parts(safe)[1] if one.name == "XLPyLoadDLL")
    folders = re.findall(r"LoadLibrary\((.*?) & ", loading)

    assert "Folder = ParentFolder(Interpreter())" in loading
    assert folders == ["Folder", "ParentFolder(Folder)"]


def test_a_command_is_made_of_the_button_and_the_version_alone(built):
    commands = [
        line.strip() for line in code(built["Timix"]).splitlines() if "import timix" in line
    ]

    assert commands == [
        '" -I -B -c ""import timix_xl.hosts.excel;timix_xl.hosts.excel.serve(\'$(CLSID)\')"""""',
        'TakenCommand = "import timix_xl.macros.ribbon;timix_xl.macros.ribbon.press('
        '\'" & action & "\',\'" & AddinVersion() & "\')"',
    ]


def test_the_name_of_a_workbook_is_looked_at_before_python_is_started():
    pressed = next(
        one.text for one in parts(text("vba/Timix.bas"))[1] if one.name == "RibbonAction"
    )

    assert pressed.index("CanBeNamed(ActiveWorkbook.Name)") < pressed.index("RunAction action")


def test_a_path_is_written_into_the_active_workbook_only():
    cell = next(one.text for one in parts(text("vba/Timix.bas"))[1] if one.name == "ImportCell")
    looked = cell.index('.RefersTo, "[") > 0 Then Exit Function')

    assert looked < cell.index("Set ImportCell")


def test_the_script_for_mac_quotes_everything_that_it_is_given():
    script = text("mac/timix-xl.applescript")
    shell = [
        line
        for line in script.splitlines()
        if re.search("do shell script|set (started|leftOver|shown) ", line)
    ]
    given_parts = re.findall(
        r"(\S+ \S+ )?\(?(?:\"--wb=\" & )?(pythonPath|pythonCommand|workbookName|logPath)",
        "\n".join(shell),
    )

    assert len(given_parts) == 6
    assert all(before == "quoted form of " or before == "form of " for before, _ in given_parts)
    assert "profile" not in "".join(
        line for line in script.splitlines() if not line.startswith("--")
    )


def test_no_text_of_xlwings_stands_in_this_repository(stock):
    theirs = {line.strip() for line in stock.splitlines() if len(line.strip()) > 60}
    files = [*ROOT.glob("addin/**/*.*"), *ROOT.glob("timix_xl/**/*.py")]
    ours = {
        line.strip()
        for path in files
        if path.suffix in {".bas", ".cls", ".py"}
        for line in path.read_text("utf-8").splitlines()
    }

    assert len(theirs) > 100
    assert theirs & ours == set()


def test_only_what_an_entrance_calls_is_kept():
    procedures = [
        Procedure("A", "Sub A()\n    b 1\nEnd Sub"),
        Procedure("B", "Sub B(x)\nEnd Sub"),
        Procedure("C", 'Sub C()\n    A \' and "B"\nEnd Sub'),
    ]

    assert [one.name for one in reachable(procedures, ["a"])] == ["A", "B"]


def test_a_name_in_a_text_or_a_comment_calls_nothing():
    assert names_in('x = "B" \' C') == {"x"}


def test_our_procedure_stands_in_for_theirs():
    theirs = [Procedure("A", "theirs"), Procedure("B", "theirs")]
    ours = [Procedure("B", "ours"), Procedure("New", "ours")]

    assert [(one.name, one.text) for one in replaced(theirs, ours)] == [
        ("A", "theirs"), ("B", "ours"), ("New", "ours"),
    ]  # fmt: skip


def test_a_declaration_that_nothing_speaks_of_is_left_out():
    head = '#If Mac Then\n    Declare Function system Lib "libc"\n#End If\nPublic Const A = 1\n    Const B = 2'

    assert declared(head, {"a", "b"}) == "Private Const A = 1\n    Private Const B = 2"


@pytest.mark.parametrize("before", ["", "Public ", "Private ", "Friend "])
def test_a_procedure_is_private_whatever_it_said(before):
    assert private(Procedure("A", f"{before}Sub A()\nEnd Sub")) == "Private Sub A()\nEnd Sub"


def test_the_merged_module_has_its_declarations_first_and_says_once_that_variables_are_declared():
    merged = timix_module(
        stock="Private Const A = 1\n\nPrivate Sub B()\nEnd Sub\n",
        ribbon='Attribute VB_Name = "Timix"\nOption Explicit\nPrivate C As Long\n\n\' Says hello.\nPublic Sub D()\nEnd Sub\n',
        functions="Private Sub E()\nEnd Sub\n",
    )

    assert merged == (
        "Option Explicit\n\nPrivate Const A = 1\n\nPrivate C As Long\n\n"
        "Private Sub B()\nEnd Sub\n\n' Says hello.\nPublic Sub D()\nEnd Sub\n\nPrivate Sub E()\nEnd Sub\n"
    )


def test_two_procedures_of_one_name_are_not_merged():
    with pytest.raises(ValueError, match="two procedures of one name: tell"):
        timix_module(stock="Sub Tell()\nEnd Sub", ribbon="Sub TELL()\nEnd Sub", functions="")


def test_protected_view_is_asked_for_so_that_excel_on_a_mac_compiles_it(built):
    asked = procedure(built["Timix"], "IsInProtectedView")

    assert "Dim host As Object" in asked
    assert "Application.Protected" not in code(built["Timix"])


def test_the_file_dialog_shows_every_kind_of_file_that_can_be_imported(built):
    dialog = re.sub(r" _\n\s*", " ", procedure(built["Timix"], "AskForFile"))
    listed, title = re.findall(r'GetOpenFilename\("(.*?)", 1, "(.*?)"\)', dialog)[0]
    names, patterns = listed.split(",")[::2], listed.split(",")[1::2]

    # A description is followed by its patterns, parted by commas: one in a description would shift all.
    assert names == ["Entries and books", "All files"]
    assert patterns == ["*.csv;*.txt;*.xlsx;*.xlsm;*.json", "*.*"]
    assert title == "Entries, timesheet exports, books"


def test_what_is_called_is_there(built):
    procedures = parts(built["Timix"])[1]

    assert set(ENTRANCES) <= {one.name for one in procedures}
