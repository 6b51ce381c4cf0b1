"""A formula cut into tokens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from timix_xl.hosts.files.formulas.values import NotCalculatedError

_SHEET = r"(?:(?:'(?:[^']|'')+'|[A-Za-z_À-￿][\w.]*)!)?"
_CELL = r"\$?[A-Za-z]{1,3}\$?[0-9]{1,7}"
_COLUMNS = r"\$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3}"
_PATTERN = re.compile(
    rf"""
    (?P<space>\s+)
  | (?P<text>"(?:[^"]|"")*")
  | (?P<error>\#(?:REF!|DIV/0!|N/A|VALUE!|NAME\?|NUM!|NULL!))
  | (?P<cells>{_SHEET}(?:{_CELL}(?::{_CELL})?|{_COLUMNS}|\$?[0-9]+:\$?[0-9]+)(?![\w.(!\[]))
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<function>[A-Za-z_][\w.]*)\(
  | (?P<table>[A-Za-z_À-￿\\][\w.\\]*)?(?=\[)
  | (?P<name>{_SHEET}[A-Za-z_À-￿\\][\w.\\?]*)
  | (?P<mark><=|>=|<>|[-+*/^&=<>%(),])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a formula: its kind and its text; of a table also what stands in brackets."""

    kind: str
    text: str
    inner: str = ""


def tokens_of(formula: str) -> Iterator[Token]:
    """Cut a formula, without its equals sign, into tokens."""
    position = 0
    while position < len(formula):
        found = _PATTERN.match(formula, position)
        if found is None:
            raise NotCalculatedError(formula)
        position = found.end()
        kind = found.lastgroup or ("table" if formula[position : position + 1] == "[" else "")
        if kind == "table":
            end = _closing(formula, position)
            yield Token("table", found["table"] or "", formula[position + 1 : end])
            position = end + 1
        elif kind != "space":
            yield Token(kind, found[kind])


def _closing(formula: str, start: int) -> int:
    """Find the bracket that closes the one at start; an apostrophe quotes what follows it."""
    depth, position = 0, start
    while position < len(formula):
        letter = formula[position]
        if letter == "'":
            position += 1
        elif letter == "[":
            depth += 1
        elif letter == "]":
            depth -= 1
            if depth == 0:
                return position
        position += 1
    raise NotCalculatedError(formula)
