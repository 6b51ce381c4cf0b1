"""Formulas as Excel spells them, and as LibreOffice's interface does.

LibreOffice's own parser of Excel's spelling knows no columns of tables, and one call for each cell
is dear. The two spellings differ in little: marks, sheets, some names.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from timix_xl.hosts.areas import quoted

_KNOWN = 50_000
_COMMON = r"""
    (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!))
  | (?P<columns>\[(?:[^\[\]']|'.|\[(?:[^\[\]']|'.)*\])*\])
  | (?P<array>\{(?:[^{}"]|"(?:[^"]|"")*")*\})
"""
_CALL = r"(?P<call>[^\W\d][\w.]*)\("
_SHEET = r"'(?:[^']|'')+'|[^\W\d]\w*"
_OF_EXCEL = re.compile(
    rf"""{_COMMON}
  | {_CALL}
  | (?P<sheet>{_SHEET})!
  | (?P<switch>TRUE|FALSE)(?![\w.(\[])
  | (?P<word>[^\W\d][\w.]*)(?!\[)
  | [\w.$]+
  | (?P<mark>[(),])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_CALC = re.compile(
    rf"""{_COMMON}
  | (?P<switch>TRUE|FALSE)\(\)
  | {_CALL}
  | \$?(?P<sheet>{_SHEET})\.(?=\$?[A-Za-z0-9\#_])
  | [\w.$]+
  | (?P<mark>[();~!])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_IN_ARRAY = re.compile(r'("(?:[^"]|"")*")|[,;|]')
_COLUMN = re.compile(r"(\[(?:[^\[\]']|'.)*\])|[,;]")
_ALONE = re.compile(r"\[\[(#[^\[\]]+)\]\]")
_ADD_IN = re.compile(r"COM\.SUN\.STAR\.SHEET\.ADDIN\.\w+\.GET(\w+)", re.IGNORECASE)
_OF_NEWER_EXCEL = re.compile(r"_xl(?:fn|ws|udf)\.", re.IGNORECASE)
_ADD_INS = "COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GET"
_OTHER_NAMES = {"DURATION": f"{_ADD_INS}DURATION", "CONVERT": f"{_ADD_INS}CONVERT"}
_ROWS = "[#Data]"
_TO_ARRAY = {",": ";", ";": "|"}
_FROM_ARRAY = {";": ",", "|": ";"}


def is_formula(text: object) -> bool:
    """Tell whether a program that writes this text into a cell means a formula."""
    return isinstance(text, str) and text[:1] == "=" and len(text) > 1


@lru_cache(_KNOWN)
def to_calc(formula: str, table: str = "", tables: frozenset[str] = frozenset()) -> str:
    """Spell for LibreOffice what Excel spells.

    `[@Column]` is of this table; the names of all tables, casefolded, tell them from other names.

    >>> to_calc("=IF('My sheet'!$A$1>0,SUM(tbl[[#This Row],[a,b]]),TRUE)")
    "=IF($'My sheet'.$A$1>0;SUM(tbl[[#This Row];[a,b]]);TRUE())"
    >>> to_calc("=[@Qty]*tbl[@[Unit price]]+SUM({1,2;3,4})", "tbl")
    '=tbl[[#This Row];[Qty]]*tbl[[#This Row];[Unit price]]+SUM({1;2|3;4})'
    >>> to_calc("=ROWS(tbl)", "", frozenset(["tbl"]))
    '=ROWS(tbl[[#Data]])'
    """
    calls: list[bool] = []

    def spelled(match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind == "columns":
            return _columns_to_calc(text, _name_in_front(match), table)
        if kind == "array":
            return _array(text, _TO_ARRAY)
        if kind == "call":
            calls.append(True)
            name = _OF_NEWER_EXCEL.sub("", match["call"])
            return _OTHER_NAMES.get(name.upper(), name) + "("
        if kind == "sheet":
            return f"${match['sheet']}."
        if kind == "switch":
            return text.upper() + "()"
        if kind == "word":
            # By its name alone LibreOffice takes the header in, too.
            return f"{text}[{_ROWS}]" if text.casefold() in tables else text
        return _mark_to_calc(text, calls) if kind == "mark" else text

    return _OF_EXCEL.sub(spelled, formula)


@lru_cache(_KNOWN)
def to_excel(formula: str) -> str:
    """Spell for Excel what LibreOffice spells.

    >>> to_excel("=IF($'My sheet'.$A$1>0;SUM(tbl[[#This Row];[a,b]]);TRUE())")
    "=IF('My sheet'!$A$1>0,SUM(tbl[[#This Row],[a,b]]),TRUE)"
    >>> to_excel("=COM.SUN.STAR.SHEET.ADDIN.ANALYSIS.GETEDATE($Entries.A1;1)+foo(1)")
    '=EDATE(Entries!A1,1)+FOO(1)'
    """

    def spelled(match: re.Match[str]) -> str:
        kind, text = match.lastgroup, match[0]
        if kind == "columns":
            columns = _COLUMN.sub(_swapped(","), text[1:-1])
            return "" if columns == _ROWS else _ALONE.sub(r"[\1]", f"[{columns}]")
        if kind == "array":
            return _array(text, _FROM_ARRAY)
        if kind == "switch":
            return match["switch"].upper()
        if kind == "call":
            return _ADD_IN.sub(_own_name, match["call"]).upper() + "("
        if kind == "sheet":
            return quoted(_plain(match["sheet"])) + "!"
        return {";": ",", "~": ",", "!": " "}.get(text, text)

    return _OF_CALC.sub(spelled, formula)


def _name_in_front(match: re.Match[str]) -> bool:
    before = match.string[match.start() - 1 : match.start()]
    return bool(before) and (before.isalnum() or before in "_.")


def _columns_to_calc(text: str, has_name: bool, table: str) -> str:
    """Spell columns of a table; LibreOffice knows no @, and marks in brackets of their own only."""
    inner = text[1:-1]
    name = "" if has_name else table
    if inner.startswith("@"):
        column = inner[1:]
        if not column:
            return f"{name}[[#This Row]]"
        return f"{name}[[#This Row];{column if column.startswith('[') else f'[{column}]'}]"
    if inner.startswith("#"):
        return f"{name}[[{inner}]]"
    return name + "[" + _COLUMN.sub(_swapped(";"), inner) + "]"


def _swapped(separator: str) -> Callable[[re.Match[str]], str]:
    return lambda match: match[1] or separator


def _array(text: str, marks: dict[str, str]) -> str:
    return _IN_ARRAY.sub(lambda match: match[1] or marks.get(match[0], match[0]), text)


def _mark_to_calc(mark: str, calls: list[bool]) -> str:
    """Spell a bracket or comma: between arguments it parts them, else it joins references."""
    if mark == "(":
        calls.append(False)
    elif mark == ")":
        if calls:
            calls.pop()
    elif mark == ",":
        return ";" if not calls or calls[-1] else "~"
    return mark


def _own_name(match: re.Match[str]) -> str:
    return match[1].removesuffix("_ADD")


def _plain(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet
