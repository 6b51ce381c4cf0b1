"""Drawings that go from file to file as they are: charts, pictures, shapes, byte for byte.

openpyxl reads charts in part, drops shapes, and drops pictures where Pillow is missing. So it is
not shown any drawing; the parts are taken from the file that was opened. Only the references of
charts change, when a table that they show has another size.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, unescape

from openpyxl.packaging.relationship import get_dependents, get_rels_path
from openpyxl.xml.constants import ARC_CONTENT_TYPES
from openpyxl.xml.functions import fromstring

from timix_xl.hosts.files.following import Shift, moved_reference
from timix_xl.hosts.files.results import sheet_parts

_REFERENCE = re.compile(r"(<(?:\w+:)?f>)([^<]*)(</(?:\w+:)?f>)")
_DRAWING = "/relationships/drawing"


@dataclass(slots=True)
class Drawing:
    """The drawing of a sheet and every part that it needs."""

    path: str
    parts: dict[str, bytes]
    types: dict[str, str]

    def follow(self, sheet: str, shifted: Shift) -> None:
        """Move the references of charts into the rows of a table."""

        def moved(text: str) -> str:
            return moved_reference(text, sheet, shifted)

        for name in self.chart_parts:
            self.parts[name] = with_references(self.parts[name], moved)

    @property
    def chart_parts(self) -> list[str]:
        """Give the names of the parts that are charts."""
        return [name for name, kind in self.types.items() if kind.endswith("drawingml.chart+xml")]


def with_references(chart: bytes, changed: Callable[[str], str]) -> bytes:
    """Give a chart with its references changed."""

    def one(found: re.Match[str]) -> str:
        return found[1] + escape(changed(unescape(found[2]))) + found[3]

    return _REFERENCE.sub(one, chart.decode()).encode()


def drawings_in(archive: zipfile.ZipFile) -> dict[str, Drawing]:
    """Take the drawings of all worksheets out of a file, by sheet name."""
    types = _content_types(archive)
    found = {}
    for sheet, part in sheet_parts(archive):
        for target in _targets(archive, part, _DRAWING):
            parts = {name: archive.read(name) for name in _reachable(archive, target)}
            own = {name: types[name] for name in parts if name in types}
            found[sheet] = Drawing(target, parts, own)
    return found


def _reachable(archive: zipfile.ZipFile, start: str) -> list[str]:
    """List a part, what it links to, and so on, with the parts that hold the links."""
    present = set(archive.namelist())
    found: list[str] = []
    waiting = [start]
    while waiting:
        part = waiting.pop()
        if part in found or part not in present:
            continue
        found.append(part)
        links = _links_of(part)
        if links in present:
            found.append(links)
            waiting.extend(_targets(archive, part))
    return found


def _targets(archive: zipfile.ZipFile, part: str, kind: str = "") -> Iterator[str]:
    links = _links_of(part)
    if links not in archive.namelist():
        return
    for link in get_dependents(archive, links):
        if link.TargetMode != "External" and link.Type.endswith(kind):
            yield posixpath.normpath(link.target)


def _links_of(part: str) -> str:
    return str(get_rels_path(part)).lstrip("/")


def _content_types(archive: zipfile.ZipFile) -> dict[str, str]:
    """Give the content type of each part, by its own entry or by its extension."""
    root: Any = fromstring(archive.read(ARC_CONTENT_TYPES))
    defaults: dict[str, str] = {}
    own: dict[str, str] = {}
    for entry in root:
        kind = entry.get("ContentType")
        if entry.get("Extension"):
            defaults[entry.get("Extension").lower()] = kind
        elif entry.get("PartName"):
            own[entry.get("PartName").lstrip("/")] = kind
    for name in archive.namelist():
        extension = posixpath.splitext(name)[1][1:].lower()
        if name not in own and extension in defaults:
            own[name] = defaults[extension]
    return own
