"""The grammar of formulas in files (ECMA-376-1, 18.17.2), and what a formula names.

Files have one spelling whatever the language of the program: commas between arguments, a point in
numbers, English function names, and `[#This Row]` for what the program shows as `@`.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache

from tests.ooxml.addresses import area_of

LONGEST = 8192
_DEEPEST = 64
_MOST_ARGUMENTS = 255
_ERRORS = r"\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!|GETTING_DATA|SPILL!|CALC!)"
_END = r"(?![\w.(!\[\\])"
_TOKEN = re.compile(
    rf"""
    (?P<space>[\ \n\r\t]+)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<error>{_ERRORS})
  | (?P<sheet>(?:'(?:[^']|'')+'|(?:\[[0-9]+\])?[A-Za-z_\\À-￿][\w.]*
        (?::[A-Za-z_\\À-￿][\w.]*)?|\[[0-9]+\])!)
  | (?P<cells>\$?[A-Za-z]{{1,3}}\$?[0-9]{{1,7}}{_END}
        | \$?[A-Za-z]{{1,3}}:\$?[A-Za-z]{{1,3}}{_END} | \$?[0-9]{{1,7}}:\$?[0-9]{{1,7}}{_END})
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?{_END})
  | (?P<function>[A-Za-z_\\À-￿][\w.\\]*)\(
  | (?P<table>[A-Za-z_\\À-￿][\w.\\]*)?(?=\[)
  | (?P<name>[A-Za-z_\\À-￿][\w.\\?]*)
  | (?P<array>\{{[^{{}}]*\}})
  | (?P<mark><=|>=|<>|[-+*/^&=<>%(),:])
    """,
    re.VERBOSE,
)
_INFIX = {"<=", ">=", "<>", "+", "-", "*", "/", "^", "&", "=", "<", ">", ":"}
_SINGLE = re.compile(r"(?:[^\[\]#@']|'.)+|\#[A-Za-z ]+|")
_PIECES = re.compile(r"\s*\[((?:[^\[\]']|'.)*)\]\s*([,:]|$)")
_ARRAY = re.compile(
    rf"""\{{(?:(?:[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?|"(?:[^"]|"")*"|TRUE|FALSE|{_ERRORS})
         (?:[,;](?!\}})|(?=\}})))+\}}""",
    re.VERBOSE,
)
_PARTS = {"#all", "#data", "#headers", "#totals", "#this row"}


class BadFormulaError(ValueError):
    """A formula that breaks the grammar."""


@dataclass(slots=True)
class Formula:
    """What a formula names."""

    sheets: set[str] = field(default_factory=set)
    names: set[tuple[str | None, str]] = field(default_factory=set)
    tables: set[tuple[str, str | None]] = field(default_factory=set)
    functions: set[str] = field(default_factory=set)
    errors: set[str] = field(default_factory=set)
    has_array: bool = False
    has_union: bool = False


@lru_cache(maxsize=1 << 14)
def read(text: str) -> Formula:
    """Read a formula, or raise what is wrong with it."""
    parser = _Parser(text)
    parser.expression()
    if parser.kind != "end":
        raise BadFormulaError(f"it does not go on at {parser.rest!r}")
    return parser.found


def sheets_in(prefix: str) -> list[str]:
    """Give the sheet names of a prefix such as `'My sheet'!`; two if it spans sheets."""
    name = prefix[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    return re.sub(r"^\[[0-9]+\]", "", name).split(":")


class _Parser:
    def __init__(self, text: str) -> None:
        self.found = Formula()
        self._tokens = list(_tokens(text))
        self._at = 0
        self._depth = 0

    @property
    def kind(self) -> str:
        return self._tokens[self._at][0]

    @property
    def text(self) -> str:
        return self._tokens[self._at][1]

    @property
    def rest(self) -> str:
        return "".join(text for _, text in self._tokens[self._at :])[:20]

    def expression(self) -> None:
        """Read operands joined by marks."""
        while True:
            self._skip()
            while self.text in ("+", "-") and self.kind == "mark":
                self._next()
                self._skip()
            self._operand()
            spaced = self._skip()
            while self.kind == "mark" and self.text == "%":
                self._next()
                spaced = self._skip()
            if self.kind == "mark" and self.text in _INFIX:
                self._next()
            elif not (spaced and self._starts_operand()):
                return

    def _starts_operand(self) -> bool:
        kinds = ("sheet", "cells", "name", "table", "function")
        return self.kind in kinds or (self.kind == "mark" and self.text == "(")

    def _operand(self) -> None:
        kind, text = self._next()
        if (kind, text) == ("mark", "("):
            self._group()
        elif kind in ("mark", "end"):
            raise BadFormulaError(f"an operand is missing before {text + self.rest!r}")
        else:
            getattr(self, f"_{kind}")(text)

    def _number(self, text: str) -> None:
        """Take a number as it is."""

    def _text(self, text: str) -> None:
        """Take a text as it is."""

    def _cells(self, text: str) -> None:
        if area_of(text.upper()) is None:  # beyond the last row or column it is a name
            self._name(text)

    def _name(self, text: str) -> None:
        if text.upper() not in ("TRUE", "FALSE"):
            self.found.names.add((None, text))

    def _error(self, text: str) -> None:
        self.found.errors.add(text)

    def _array(self, text: str) -> None:
        self.found.has_array = True
        if not _ARRAY.fullmatch(text):
            raise BadFormulaError(f"the array {text} is not of constants")

    def _function(self, text: str) -> None:
        self.found.functions.add(text.upper())
        self._arguments(text)

    def _sheet(self, prefix: str) -> None:
        sheets = sheets_in(prefix)
        is_elsewhere = prefix.lstrip("'").startswith("[")
        if not is_elsewhere:
            self.found.sheets.update(sheets)
        kind, text = self._next()
        if kind == "name":
            if not is_elsewhere:
                self.found.names.add((sheets[0], text))
        elif kind == "error":
            self.found.errors.add(text)
        elif kind == "function":
            self._arguments(text)
        elif kind != "cells":
            raise BadFormulaError(f"no cells follow {prefix}")

    def _table(self, text: str) -> None:
        table, inner = text.split("[", 1)
        for column in _columns(inner[:-1]):
            self.found.tables.add((table, column))

    def _group(self) -> None:
        self._deeper()
        self.expression()
        while self.kind == "mark" and self.text == ",":
            self.found.has_union = True
            self._next()
            self.expression()
        self._close()

    def _arguments(self, name: str) -> None:
        self._deeper()
        self._skip()
        if (self.kind, self.text) == ("mark", ")"):
            self._close()
            return
        count = 0
        while True:
            count += 1
            self._skip()
            if not (self.kind == "mark" and self.text in (",", ")")):
                self.expression()
            if (self.kind, self.text) != ("mark", ","):
                break
            self._next()
        if count > _MOST_ARGUMENTS:
            raise BadFormulaError(f"{name} has more than {_MOST_ARGUMENTS} arguments")
        self._close()

    def _close(self) -> None:
        if (self.kind, self.text) != ("mark", ")"):
            raise BadFormulaError(f"a closing bracket is missing at {self.rest!r}")
        self._next()
        self._depth -= 1

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise BadFormulaError(f"it is nested deeper than {_DEEPEST} levels")

    def _next(self) -> tuple[str, str]:
        token = self._tokens[self._at]
        self._at = min(self._at + 1, len(self._tokens) - 1)
        return token

    def _skip(self) -> bool:
        spaced = False
        while self.kind == "space":
            self._next()
            spaced = True
        return spaced


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadFormulaError(f"it cannot be read from {text[at : at + 20]!r}")
        kind = found.lastgroup or "table"
        at = found.end()
        if kind == "table":
            end = _closing(text, at)
            tokens.append((kind, (found["table"] or "") + text[at : end + 1]))
            at = end + 1
        else:
            tokens.append((kind, found[kind]))
    return [*tokens, ("end", "")]


def _closing(text: str, start: int) -> int:
    depth, at = 0, start
    while at < len(text):
        if text[at] == "'":
            at += 1
        elif text[at] == "[":
            depth += 1
        elif text[at] == "]":
            depth -= 1
            if depth == 0:
                return at
        at += 1
    raise BadFormulaError("a square bracket is not closed")


def _columns(inner: str) -> list[str | None]:
    """Give the columns that stand in the brackets of a structured reference."""
    if inner.startswith("@"):
        raise BadFormulaError("files spell @ as [#This Row]")
    pieces = [inner] if not inner.lstrip().startswith("[") else _pieces(inner)
    columns: list[str | None] = []
    for piece in pieces:
        if piece.startswith("#"):
            if piece.casefold() not in _PARTS:
                raise BadFormulaError(f"[{piece}] is no part of a table")
        elif piece:
            if not _SINGLE.fullmatch(piece):
                raise BadFormulaError(f"[{piece}] has a mark without an apostrophe before it")
            columns.append(re.sub(r"'(.)", r"\1", piece))
    return columns or [None]


def _pieces(inner: str) -> list[str]:
    pieces, at = [], 0
    while at < len(inner):
        found = _PIECES.match(inner, at)
        if found is None or (found[2] and found.end() == len(inner)):
            raise BadFormulaError(f"[{inner}] is no structured reference")
        pieces.append(found[1])
        at = found.end()
    return pieces
