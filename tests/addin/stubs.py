"""What LibreOffice has not of Excel, as VBA: a recorder, a shell, a dictionary, a fake drive.

LibreOffice 7.4 compiles both branches of an `#If`, so the text is first read as Windows or the Mac
would read it. Then only what belongs to an operating system is turned to the recorder.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

RECORD_END, FIELD_END = chr(30), chr(31)


class Platform(Enum):
    """What the compiler constants of VBA are there."""

    WINDOWS = "Windows"
    MAC = "Mac"

    @property
    def constants(self) -> dict[str, object]:
        """Give the compiler constants."""
        mac = self is Platform.MAC
        version = {"MAC_OFFICE_VERSION": 16} if mac else {}
        return {"VBA7": True, "Mac": mac, "Win64": not mac, "Win32": not mac, **version}


@dataclass(frozen=True, slots=True)
class Recorded:
    """One thing that the VBA under test did to the outside."""

    kind: str
    text: str


def recorded(log: str) -> list[Recorded]:
    """Read what the recorder gives."""
    return [Recorded(*one.split(FIELD_END, 1)) for one in log.split(RECORD_END) if one]


def seen_by(platform: Platform, text: str) -> str:
    """Give the lines of a VBA text that its compiler reads on a platform."""
    constants: dict[str, object] = dict(platform.constants)
    taken, lines = [_Branch(reads=True)], []
    for line in text.splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "#Const":
            name, _, value = rest.partition("=")
            constants[name.strip()] = _value_of(value, constants)
        elif word == "#If":
            taken.append(_Branch(reads=taken[-1].reads and _holds(rest, constants)))
        elif word in {"#ElseIf", "#Else"}:
            holds = word == "#Else" or _holds(rest, constants)
            taken[-1] = taken[-1].other(holds=taken[-2].reads and holds)
        elif word == "#End":
            taken.pop()
        elif taken[-1].reads:
            lines.append(line)
    assert len(taken) == 1, "an #If without its #End If"
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Branch:
    reads: bool
    done: bool = False

    def other(self, *, holds: bool) -> "_Branch":
        done = self.done or self.reads
        return _Branch(reads=holds and not done, done=done)


def _holds(condition: str, constants: Mapping[str, object]) -> bool:
    return bool(_value_of(condition.split("'")[0].removesuffix("Then"), constants))


def _value_of(expression: str, constants: Mapping[str, object]) -> object:
    """Evaluate a constant expression of VBA, such as `App = "Microsoft Excel"` or `Not Mac`."""
    code = re.split(r"'", expression)[0].strip().removesuffix("Then").strip()
    code = re.sub(r"(?<![<>])=", "==", code).replace("<>", "!=")
    code = re.sub(r"\b(And|Or|Not)\b", lambda found: found[0].lower(), code)
    names = set(re.findall(r"[A-Za-z_]\w*", re.sub(r'"[^"]*"', "", code)))
    known = {name: constants.get(name, 0) for name in names - {"and", "or", "not"}}
    known |= {"True": True, "False": False}
    return eval(code, {"__builtins__": {}}, known)


OUTSIDE = (
    (r'CreateObject\("WScript\.Shell"\)', "New FakeShell"),
    (r'CreateObject\("Scripting\.Dictionary"\)', "New FakeDictionary"),
    (r"\bNew Dictionary\b", "New FakeDictionary"),
    (r"\bAs Dictionary\b", "As Object"),
    (r"\bMsgBox\b", "StubMsgBox"),
    (r"\bEnviron\(", "StubEnviron("),
    (r"\bGetAttr\(", "StubGetAttr("),
    (r"\bDir\(", "StubDir("),
    (r"\bOpen (\w+(?:\(\))?) For\b", r"Open StubOpened(\1) For"),
    (r"\bKill (\w+(?:\(\))?)", r"Kill StubKilled(\1)"),
    (r"\b(ActiveWorkbook|ThisWorkbook|wb)\.FullName\b", r"StubFullName(\1)"),
    (r"\b(ActiveWorkbook|ThisWorkbook|wb)\.Path\b", r"StubFolder(\1)"),
    (r"\bApplication\.Path\b", "StubApplicationPath()"),
    (r"(?i)\bApplication\.PathSeparator\b", "StubPathSeparator()"),
    # LibreOffice does not say who calls.
    (r"\bApplication\.Caller\b", "StubCaller()"),
    # LibreOffice takes a small whole number there: seconds of the day run over it at a quarter to nine.
    (r"\bRandomize Timer\(\) \+ Application\.Hwnd\b", "Randomize"),
    (r"\bApplication\.Hwnd\b", "1234"),
    (r"\bvbObjectError\b", "-2147221504"),
    (r"(?i)\bApplication\.Version\b", '"16.0"'),
    # LibreOffice takes an empty default of a third argument for another type; omitted is empty too.
    (r'(Optional (?:ByVal )?\w+ As String) = ""', r"\1"),
    # One sheet's area is asked for without the sheet: LibreOffice looks on the active one only.
    (r"\bIn Range\(sht\.Range", "In sht.Range(sht.Range"),
)
"""What of Windows and the Mac, and what of Excel's own paths, is turned to the stubs."""


def without_the_outside(text: str) -> str:
    """Turn all that reaches out of VBA to the stubs."""
    text = re.sub(r"^[ \t]*(?:Private |Public )?Declare .*$", "", text, flags=re.MULTILINE)
    for pattern, stub in OUTSIDE:
        text = re.sub(pattern, stub, text)
    return text


def procedure(text: str, name: str) -> str:
    """Give the text of a Sub or Function."""
    head = rf"^[ \t]*(?:Private |Public )?(Function|Sub) {name}\b.*?^[ \t]*End \1[ \t]*$"
    found = re.search(head, text, flags=re.MULTILINE | re.DOTALL | re.IGNORECASE)
    assert found is not None, f"the module has no {name}"
    return found[0]


def replaced(text: str, name: str, by: str) -> str:
    """Put another procedure in the place of one."""
    return text.replace(procedure(text, name), by.rstrip("\n"))


def public_names(text: str) -> set[str]:
    """Give the procedures that a standard module shows to every cell and every other workbook."""
    kinds = r"(?:Declare (?:PtrSafe )?)?(?:Function|Sub)"
    found = re.findall(
        rf"^[ \t]*(?:(Public|Private) )?(?:Static )?{kinds} (\w+)", text, re.MULTILINE
    )
    return {name for scope, name in found if scope != "Private"}


RECORDER = """\
Private mLog As String
Private mAnswers As String

Public Function Canary() As Long
    Canary = 42
End Function

Public Sub Record(ByVal kind As String, ByVal text As String)
    mLog = mLog & kind & Chr(31) & text & Chr(30)
End Sub

Public Function Taken() As String
    Taken = mLog
    mLog = ""
End Function

Public Sub Answer(ByVal question As String, ByVal given As String)
    mAnswers = Chr(31) & question & Chr(30) & given & mAnswers
End Sub

Public Function Answers(ByVal question As String) As String
    Dim at As Long
    Dim found
    at = InStr(mAnswers, Chr(31) & question & Chr(30))
    If at = 0 Then Exit Function
    found = Split(Mid(mAnswers, at + 1), Chr(31))
    Answers = Split(found(0), Chr(30))(1)
End Function

Public Sub Forget()
    mLog = ""
    mAnswers = ""
End Sub

Public Function StubCaller()
    StubCaller = CVErr(2023)
    If Answers("caller") = "cell" Then Set StubCaller = ThisWorkbook.Sheets(1).Range("A1")
End Function

Public Function StubMsgBox(ByVal text As String, Optional buttons, Optional title)
    Record "message", text
    StubMsgBox = 1
End Function
"""


@dataclass(frozen=True, slots=True)
class Machine:
    """A user's machine: where its files stand here, what its environment says."""

    platform: Platform
    root: Path
    """The folder that stands for the whole disk."""
    hostile: str
    """The folder that the workbook was opened from, with the separator at its end."""
    addins: str
    """The folder of the add-in, with the separator at its end."""
    application: str
    environment: Mapping[str, str]

    def place(self, path: str) -> Path:
        """Give where a file of the machine stands here."""
        return self.root / path.replace(":", "").replace("\\", "/").lstrip("/")

    def put(self, path: str, text: str = "") -> None:
        """Put a file on the machine."""
        place = self.place(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    @property
    def vba(self) -> str:
        """Give the module that stands for it."""
        environment = "\n".join(
            f"    If name = {_quoted(name)} Then StubEnviron = {_quoted(value)}"
            for name, value in self.environment.items()
        )
        return (
            OPERATING_SYSTEM.replace("{environment}", environment)
            .replace("{root}", _quoted(f"{self.root}/"))
            .replace("{hostile}", _quoted(self.hostile))
            .replace("{addins}", _quoted(self.addins))
            .replace("{application}", _quoted(self.application))
            .replace("{separator}", _quoted(self.hostile[-1]))
        )


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


OPERATING_SYSTEM = """\
Public Function StubEnviron(ByVal name As String) As String
    name = UCase(name)
{environment}
End Function

Public Function StubPath(ByVal path As String) As String
    StubPath = {root} & Replace(Replace(path, "\\", "/"), ":", "")
End Function

Public Function StubOpened(ByVal path As String) As String
    Record "looked", path
    StubOpened = StubPath(path)
End Function

Public Function StubKilled(ByVal path As String) As String
    Record "killed", path
    StubKilled = StubPath(path)
End Function

Public Function StubGetAttr(ByVal path As String) As Long
    Record "looked", path
    StubGetAttr = GetAttr(StubPath(path))
End Function

Public Function StubDir(ByVal path As String, Optional kind) As String
    Record "looked", path
    StubDir = Dir(StubPath(path))
End Function

Public Function StubFolder(book As Object) As String
    StubFolder = {hostile}
    If book.Name = ThisWorkbook.Name Then StubFolder = {addins}
End Function

Public Function StubFullName(book As Object) As String
    StubFullName = StubFolder(book) & book.Name
End Function

Public Function StubApplicationPath() As String
    StubApplicationPath = {application}
End Function

Public Function StubPathSeparator() As String
    StubPathSeparator = {separator}
    If Answers("separator") <> "" Then StubPathSeparator = Answers("separator")
End Function

Public Function LoadLibrary(ByVal path As String) As Long
    Record "library", path
    LoadLibrary = 1
End Function

Public Function XLPyDLLActivateAuto(result, Optional ByVal command As String, Optional mode) As Long
    Record "server", command
    XLPyDLLActivateAuto = 0
End Function

Public Function XLPyDLLNDims(src, dims, transpose, dest) As Long
    XLPyDLLNDims = 0
End Function

Public Function AppleScriptTask(ByVal script As String, ByVal handler As String, ByVal text As String)
    Record "applescript", script & Chr(29) & handler & Chr(29) & text
    AppleScriptTask = ""
End Function

Public Function MacScript(ByVal text As String) As String
    Dim parts
    Record "macscript", text
    parts = Split(text, Chr(34))
    If InStr(text, "home folder") > 0 Then
        MacScript = StubEnviron("HOME")
    ElseIf UBound(parts) >= 2 Then
        MacScript = parts(1)
    End If
End Function
"""

SHELL = """\
Public Function Run(ByVal command As String, Optional style, Optional waits) As Long
    Record "shell", command
    Run = 0
End Function

Public Function ExpandEnvironmentStrings(ByVal text As String) As String
    Dim parts, i As Long
    parts = Split(text, "%")
    ExpandEnvironmentStrings = text
    For i = 1 To UBound(parts) - 1 Step 2
        If StubEnviron(parts(i)) <> "" Then
            ExpandEnvironmentStrings = _
                Replace(ExpandEnvironmentStrings, "%" & parts(i) & "%", StubEnviron(parts(i)))
        End If
    Next
End Function

Public Function Popup(ByVal text As String, Optional seconds, Optional title, Optional kind) As Long
    Record "message", text
End Function
"""

DICTIONARY = """\
Private mKeys As String
Private mItems(200)
Private mCount As Long

Private Function Place(ByVal key As String) As Long
    Dim i As Long
    Dim names
    Place = -1
    If mCount = 0 Then Exit Function
    names = Split(mKeys, Chr(10))
    For i = 0 To mCount - 1
        If names(i) = key Then Place = i
    Next
End Function

Public Sub Add(ByVal key As String, ByVal value)
    mKeys = mKeys & key & Chr(10)
    mItems(mCount) = value
    mCount = mCount + 1
End Sub

Public Function Exists(ByVal key As String) As Boolean
    Exists = Place(key) >= 0
End Function

Public Function Item(ByVal key As String)
    Item = mItems(Place(key))
End Function
"""

FAKE_CONTROL = """\
Public ID As String
Public Tag As String
"""

FAKE_PYTHON = """\
Public Function CallUDF(moduleName, functionName, arguments, book, caller)
    Dim said As String
    Dim i As Long
    Dim reply As String
    Dim table(1, 1)
    Dim column(2, 0)
    For i = LBound(arguments) To UBound(arguments)
        If i > LBound(arguments) Then said = said & ", "
        If IsError(arguments(i)) Or IsMissing(arguments(i)) Then
            said = said & "(missing)"
        Else
            said = said & arguments(i)
        End If
    Next
    Record "function", moduleName & "." & functionName & " in " & book.Name & ": " & said
    reply = Answers("reply")
    table(0, 0) = 1
    table(0, 1) = "two"
    table(1, 0) = 3
    table(1, 1) = "four"
    column(0, 0) = 1
    column(1, 0) = "two"
    column(2, 0) = 3
    Select Case reply
        Case "number": CallUDF = 12.5
        Case "text": CallUDF = "Paid"
        Case "row": CallUDF = Array(1, "two", 3)
        Case "row with #N/A": CallUDF = Array(1, "#N/A", 3)
        Case "column": CallUDF = column
        Case "column with #N/A"
            column(1, 0) = "#N/A"
            CallUDF = column
        Case "table": CallUDF = table
        Case "table with #VALUE!"
            table(1, 0) = "#VALUE!"
            CallUDF = table
        Case "raise": Err.Raise 1000, "Python", "the store is broken"
        Case Else: CallUDF = reply
    End Select
End Function
"""

PRESS = """
Public Function Press(ByVal id As String) As String
    On Error GoTo failed
    Dim control As New FakeControl
    control.ID = id
    RibbonAction control
    Exit Function
failed:
    Press = "error " & Err.Number & ": " & Err.Description
End Function
"""
