"""A file of Office Open XML in memory: its parts, their content types, and their links."""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from functools import cache, cached_property
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

TYPES = "[Content_Types].xml"
TYPES_SPACE = "{http://schemas.openxmlformats.org/package/2006/content-types}"
LINKS_SPACE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_XML = (".xml", ".rels", ".vml")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass(frozen=True, slots=True)
class Link:
    """A relationship: its id, its type, and the part or address that it leads to."""

    id: str
    type: str
    target: str
    is_external: bool

    @property
    def kind(self) -> str:
        """Give the last word of the type."""
        return self.type.rpartition("/")[2]


class Package:
    """The parts of a file by name, without a leading slash."""

    def __init__(self, content: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.members = archive.infolist()
            self.parts = {one.filename: archive.read(one) for one in self.members}
        self.root = cache(self._root)
        self.links = cache(self._links)

    @property
    def xml_parts(self) -> list[str]:
        """Name the parts that are XML."""
        return [name for name in self.parts if name.lower().endswith(_XML)]

    def why_not_xml(self, name: str) -> str | None:
        """Say what makes a part unreadable as XML."""
        try:
            fromstring(self.parts[name], forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError, LookupError) as problem:
            return str(problem) or type(problem).__name__
        return None

    def of_kind(self, kind: str, source: str = "") -> list[Link]:
        """Give the links of a part that lead to parts, by the last word of their type."""
        return [link for link in self.links(source) if link.kind == kind and not link.is_external]

    @property
    def workbook(self) -> str | None:
        """Name the part that is the workbook."""
        return next((link.target for link in self.of_kind("officeDocument")), None)

    @cached_property
    def defaults(self) -> list[tuple[str, str]]:
        """Give the content types by extension, as they stand in the file."""
        return self._types("Default", "Extension")

    @cached_property
    def overrides(self) -> list[tuple[str, str]]:
        """Give the content types by part, as they stand in the file."""
        return self._types("Override", "PartName")

    def type_of(self, name: str) -> str | None:
        """Give the content type of a part."""
        own = {part.lower().removeprefix("/"): kind for part, kind in self.overrides}
        by_extension = {extension.lower(): kind for extension, kind in self.defaults}
        extension = name.rpartition(".")[2].lower()
        return own.get(name.lower()) or by_extension.get(extension)

    def _types(self, tag: str, key: str) -> list[tuple[str, str]]:
        root = self.root(TYPES)
        entries = [] if root is None else root.findall(TYPES_SPACE + tag)
        return [(one.get(key, ""), one.get("ContentType", "")) for one in entries]

    def _root(self, name: str | None) -> Element | None:
        if name is None or name not in self.parts:
            return None
        return fromstring(self.parts[name])

    def _links(self, source: str = "") -> tuple[Link, ...]:
        root = self.root(links_of(source))
        if root is None:
            return ()
        folder = posixpath.dirname(source)
        return tuple(_link(one, folder) for one in root.findall(LINKS_SPACE + "Relationship"))


def _link(entry: Element, folder: str) -> Link:
    target, is_external = entry.get("Target", ""), entry.get("TargetMode") == "External"
    if not is_external:
        target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
    return Link(entry.get("Id", ""), entry.get("Type", ""), target, is_external)


def links_of(part: str) -> str:
    """Name the part that holds the links of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def source_of(links: str) -> str:
    """Name the part whose links a part holds; the package itself is an empty name."""
    folder, name = posixpath.split(links)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def decoded(text: str | None) -> str:
    """Read the _xHHHH_ escapes of ST_Xstring (ECMA-376-1, 22.9.2.19)."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text or "")


def length(text: str) -> int:
    """Count characters as Excel does: in UTF-16, where an emoji is two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def local(tag: object) -> str:
    """Give a tag without its namespace."""
    return str(tag).rpartition("}")[2]


def whole(text: str | None) -> int | None:
    """Read a number that counts or points; None if it is none."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,10}", text) else None
