"""A formula's text as nodes, by Excel's order of operations."""

import re
from functools import lru_cache

from timix_xl.hosts.areas import parse_area, split_sheet
from timix_xl.hosts.cell_values import CellError
from timix_xl.hosts.files.formulas.nodes import (
    Call,
    Cells,
    Constant,
    Named,
    Node,
    Pair,
    Sign,
    TableCells,
)
from timix_xl.hosts.files.formulas.tokens import Token, tokens_of
from timix_xl.hosts.files.formulas.values import NotCalculatedError

# From the loosest to the tightest; the signs in front bind tighter than all of them.
_LEVELS = (("=", "<>", "<", ">", "<=", ">="), ("&",), ("+", "-"), ("*", "/"), ("^",))
_END = Token("end", "")
_DEEPEST = 100
_TABLE_PARTS = {"#this row", "#headers", "#data", "#all", "#totals"}
_BRACKETED = re.compile(r"\[((?:'.|[^\]'])*)\]")
_QUOTED = re.compile(r"'(.)")


@lru_cache(maxsize=1 << 16)
def parse(formula: str) -> Node:
    """Read a formula, with or without its equals sign."""
    parser = _Parser(formula.removeprefix("="))
    node = parser.expression()
    parser.expect("end", "")
    return node


class _Parser:
    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = [*tokens_of(formula), _END]
        self._position = 0
        self._depth = 0

    def expression(self, level: int = 0) -> Node:
        """Read operands joined by marks of this level or a tighter one."""
        if level == len(_LEVELS):
            return self._signed()
        node = self.expression(level + 1)
        while self._token.kind == "mark" and self._token.text in _LEVELS[level]:
            mark = self._next().text
            node = Pair(mark, node, self.expression(level + 1))
        return node

    def expect(self, kind: str, text: str) -> None:
        """Take this token or give up."""
        token = self._next()
        if (token.kind, token.text) != (kind, text):
            raise NotCalculatedError(self._formula)

    @property
    def _token(self) -> Token:
        return self._tokens[self._position]

    def _next(self) -> Token:
        token = self._token
        self._position = min(self._position + 1, len(self._tokens) - 1)
        return token

    def _signed(self) -> Node:
        if self._token.kind == "mark" and self._token.text in "+-":
            mark = self._next().text
            self._deeper()
            return Sign(mark, self._signed())
        node = self._operand()
        while self._token == Token("mark", "%"):
            self._next()
            node = Sign("%", node)
        return node

    def _operand(self) -> Node:
        token = self._next()
        if token.kind == "number":
            return Constant(float(token.text))
        if token.kind == "text":
            return Constant(token.text[1:-1].replace('""', '"'))
        if token.kind == "error":
            return Constant(CellError(token.text))
        if token.kind == "cells":
            return self._cells(token)
        if token.kind == "table":
            return table_cells(token.text or None, token.inner)
        if token.kind == "name":
            return _name(token.text)
        if token.kind == "function":
            return Call(token.text.upper().removeprefix("_XLFN."), self._arguments())
        if token == Token("mark", "("):
            self._deeper()
            node = self.expression()
            self.expect("mark", ")")
            return node
        raise NotCalculatedError(self._formula)

    def _cells(self, token: Token) -> Node:
        sheet, address = split_sheet(token.text)
        area = parse_area(address)
        if area is None:
            raise NotCalculatedError(self._formula)
        return Cells(sheet, area)

    def _arguments(self) -> tuple[Node | None, ...]:
        self._deeper()
        arguments: list[Node | None] = []
        if self._token == Token("mark", ")"):
            self._next()
            return ()
        while True:
            blank = self._token in (Token("mark", ","), Token("mark", ")"))
            arguments.append(None if blank else self.expression())
            if self._token != Token("mark", ","):
                self.expect("mark", ")")
                return tuple(arguments)
            self._next()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise NotCalculatedError(self._formula)


def table_cells(table: str | None, inner: str) -> TableCells:
    """Read what stands in the outer brackets of a structured reference."""
    row, inner = inner.startswith("@"), inner.removeprefix("@").strip()
    pieces = _BRACKETED.findall(inner) if inner.startswith("[") else [inner] if inner else []
    parts = {piece.strip().casefold() for piece in pieces if piece.startswith("#")}
    columns = [_QUOTED.sub(r"\1", piece) for piece in pieces if not piece.startswith("#")]
    if not parts <= _TABLE_PARTS or len(columns) > 2:  # from and to
        raise NotCalculatedError(inner)
    named = frozenset(parts | ({"#this row"} if row else set()))
    first = columns[0] if columns else None
    return TableCells(table, named, first, columns[-1] if columns else None)


def _name(text: str) -> Node:
    known = {"TRUE": True, "FALSE": False}.get(text.upper())
    if known is not None:
        return Constant(known)
    sheet, name = split_sheet(text)
    return Named(name, sheet)
