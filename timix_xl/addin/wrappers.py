"""Write the VBA through which cells call our worksheet functions, and what Excel says about them."""

import re
from collections.abc import Iterator, Sequence

from timix_xl.addin.texts import text
from timix_xl.udf.declaring import Argument, Declared

LONGEST_TEXT = 255
"""Characters of a description, with those of its arguments."""

USER_DEFINED = 14
"""The number of the category "User Defined"; one of our own cannot be stored in an attribute."""

LAST_COLUMN = 16384

KEYWORDS = frozenset(
    """
    addressof alias and any array as attribute boolean byref byte byval call case cbool cbyte ccur
    cdate cdbl cdec cint circle class clng clnglng clngptr close const csng cstr currency cvar cverr
    date debug decimal declare defbool defbyte defcur defdate defdbl defint deflng defobj defsng
    defstr defvar dim do doevents double each else elseif empty end endif enum eqv erase error event
    exit explicit false fix for friend function get global gosub goto if imp implements in input
    inputb int integer is lbound len lenb let like line local lock long longlong longptr loop lset me
    mid midb mod module name new next not nothing null object on open option optional or paramarray
    preserve print private property pset ptrsafe public put raiseevent redim rem resume return rset
    scale seek select set sgn shared single spc static step stop string sub tab text then time to true
    type typeof ubound unload unlock until variant wend while width with withevents write xor
    """.split()
)
"""Words that VBA reads as its own, also some that it would only confuse with its own."""


def wrappers(functions: Sequence[Declared]) -> str:
    """Return the VBA of these worksheet functions, each with its description.

    The description stands as Excel itself stores it, in attributes, and explains the arguments as
    well. Application.MacroOptions would take the texts of the arguments one by one, but refuses the
    functions of a workbook that is hidden, as each add-in is.
    """
    found = problems(functions)
    if found:
        raise ValueError("; ".join(found))
    lines = [
        text("vba/Functions.bas").strip("\n"),
        *(line for one in functions for line in _wrapper(one)),
    ]
    return "\n".join(lines) + "\n"


def intellisense(functions: Sequence[Declared]) -> list[list[str]]:
    """Return the rows of the sheet _IntelliSense_, which Excel-DNA shows while one types."""
    rows = [["FunctionInfo", "1.0"]]
    for one in functions:
        explained = (part for given in one.arguments for part in (_shown(given), given.description))
        rows.append([one.name, one.description, "", *explained])
    return rows


def problems(functions: Sequence[Declared]) -> list[str]:
    """Say what Excel or VBA would not take of these functions."""
    names = [one.name.upper() for one in functions]
    twice = {name for name in names if names.count(name) > 1}
    return [
        *(f"{name} is there twice" for name in sorted(twice)),
        *(problem for one in functions for problem in _problems(one)),
    ]


def _wrapper(one: Declared) -> list[str]:
    given = ", ".join("Optional " * argument.optional + argument.name for argument in one.arguments)
    passed = ", ".join(argument.name for argument in one.arguments)
    return [
        "",
        f"Public Function {one.name}({given})",
        f"Attribute {one.name}.VB_Description = {quoted(explained(one))}",
        f'Attribute {one.name}.VB_ProcData.VB_Invoke_Func = " \\n{USER_DEFINED}"',
        f'    {one.name} = Answer("{one.name}", Array({passed}))',
        "End Function",
    ]


def explained(one: Declared) -> str:
    """Return what the function wizard says of a function: what it is for, then its arguments."""
    arguments = (f"{argument.name}: {argument.description}" for argument in one.arguments)
    return " ".join((one.description, *arguments))


def quoted(words: str) -> str:
    """Return a text as VBA writes it."""
    return '"' + words.replace('"', '""') + '"'


def _shown(argument: Argument) -> str:
    return f"[{argument.name}]" if argument.optional else argument.name


def _problems(one: Declared) -> Iterator[str]:
    if not re.fullmatch(r"TIMIX_[A-Z][A-Z0-9_]*", one.name):
        yield f"{one.name} is not named TIMIX_ and capitals"
    if is_address(one.name):
        yield f"{one.name} is the address of a cell"
    if not one.arguments:
        yield f"{one.name} has no argument"
    optional = [argument.optional for argument in one.arguments]
    if optional != sorted(optional):
        yield f"{one.name} has an optional argument before one that is needed"
    yield from _text_problems(one.name, one.description)
    if len(explained(one)) > LONGEST_TEXT:
        yield f"{one.name} is explained, with its arguments, in more than {LONGEST_TEXT} characters"
    for argument in one.arguments:
        place = f"{one.name}, {argument.name}"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", argument.name) or argument.name in KEYWORDS:
            yield f"{place} is no name of an argument"
        if argument.name == one.name.lower() or is_address(argument.name):
            yield f"{place} is taken"
        yield from _text_problems(place, argument.description)


def _text_problems(place: str, words: str) -> Iterator[str]:
    if not words or words != " ".join(words.split()):
        yield f"{place} is not described in one line"
    if "\\" in words:
        yield f"{place} is described with a backslash, which an attribute of VBA reads"
    if words.encode("cp1252", "replace").decode("cp1252") != words:
        yield f"{place} is described in characters that VBA has not"


def is_address(name: str) -> bool:
    """Say whether a cell formula would read the name as an address, in A1 or R1C1 notation.

    >>> is_address("TAX2024"), is_address("XFE1"), is_address("R1C1"), is_address("TIMIX_WIP")
    (True, False, True, False)
    """
    if re.fullmatch(r"(?i)r\d*|c\d*|r\d*c\d*", name):
        return True
    letters = re.fullmatch(r"([A-Za-z]{1,3})[0-9]+", name)
    column = 0
    for letter in letters[1].upper() if letters else "":
        column = column * 26 + ord(letter) - ord("A") + 1
    return 0 < column <= LAST_COLUMN
