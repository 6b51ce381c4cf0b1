"""The cells of a sheet: they stand where every program looks for them, and nowhere else."""

import re
from functools import cache
from xml.parsers.expat import ExpatError, ParserCreate

from timix_xl.preflight.unfit import Unfit, Wrong

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ROOTS = ("worksheet", "dialogsheet")
_DATA = re.compile(rb"<(?:([^\s<>/:]++):)?sheetData(?=[\s/>])")
_ROW = re.compile(rb"<(?:[^\s<>/:]++:)?row(?=[\s/>])(?!>\s*+[0-9]{1,7}\s*+</)")
"""A row, other than the place of a control: that is a number alone."""
_DECLARED = re.compile(rb"<[^<>]*\sxmlns[\s:=]")
_ENDS_OF_NAME = (b" ", b">", b"/", b"\n", b"\t", b"\r")


def cells_in(name: str, content: bytes) -> tuple[int, int]:
    """Return how many cells a sheet has, and the most in one of its rows.

    Raises Unfit if there are rows that one program reads and another does not.
    """
    begins = list(_DATA.finditer(content))
    if not begins and not _ROW.search(content):
        return 0, 0
    if len(begins) != 1:
        raise Unfit(Wrong.UNSAFE, why=f"{name} has rows in more than one place")
    begin = begins[0].start()
    prefix = _prefix(name, content[:begin])
    found = _table(prefix).match(content, begin)
    if found is None or (b"xmlns" in found[0] and _DECLARED.search(found[0])):
        raise Unfit(Wrong.UNSAFE, why=f"{name} has a table of cells that is not plainly written")
    if _ROW.search(content, 0, begin) or _ROW.search(content, found.end()):
        raise Unfit(Wrong.UNSAFE, why=f"{name} has rows in more than one place")
    colon = prefix + b":" if prefix else b""
    tags = [b"<" + colon + b"c" + end for end in _ENDS_OF_NAME]
    rows = [sum(map(row.count, tags)) for row in found[0].split(b"</" + colon + b"row")]
    return sum(rows), max(rows)


def _prefix(name: str, head: bytes) -> bytes:
    """Return how the elements of a sheet begin, where its rows stand right below its root."""
    within: list[str] = []
    parser = ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    parser.StartElementHandler = lambda tag, _: within.append(tag)
    parser.EndElementHandler = lambda _: within.pop()
    try:
        parser.Parse(head, False)
    except ExpatError as error:
        raise Unfit(Wrong.DAMAGED, why="one of its parts cannot be read") from error
    root, _, prefix = within[0].removeprefix(f"{_MAIN} ").partition(" ") if within else ("", "", "")
    if len(within) != 1 or root not in _ROOTS:
        raise Unfit(Wrong.UNSAFE, why=f"{name} has rows in more than one place")
    return prefix.encode()


@cache
def _table(prefix: bytes) -> re.Pattern[bytes]:
    """Return the pattern of all rows of a sheet with their cells, and nothing between them."""
    name = re.escape(prefix + b":" if prefix else b"")

    def element(tag: bytes, inside: bytes) -> bytes:
        whole = name + tag
        return rb"<%b(?=[\s/>])[^<>]*+(?:(?<=/)>|>%b</%b\s*+>)" % (whole, inside, whole)

    other = rb"<(?!/?(?:[^\s<>/:]++:)?(?:row|c|sheetData|extLst|AlternateContent)[\s/>])"
    cell = element(b"c", rb"(?:[^<]++|%b)*+" % other)
    row = element(b"row", rb"(?:\s++|%b)*+" % cell)
    return re.compile(element(b"sheetData", rb"(?:\s++|%b)*+" % row))
