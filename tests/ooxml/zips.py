"""The zip and its XML: what keeps Excel from opening a file at all."""

import re
import zipfile
from collections.abc import Iterator
from itertools import pairwise

from tests.ooxml.package import TYPES, Package, links_of, local

_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding=["']([\w.-]+)["']""")
_IGNORABLE = re.compile(rb"""\b[\w.-]+:(?:Ignorable|MustUnderstand)=["']([^"']*)["']""")
_DATE_AND_TIME = re.compile(r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?)?)?")


def members_are_unique(package: Package) -> Iterator[str]:
    """Excel calls a file corrupt with two members of a name; OPC compares by ASCII case.

    ECMA-376-2, 6.2.2.3 and 7.3.4 (part names are equivalent case-insensitively).
    """
    names = sorted(one.filename.lower() for one in package.members)
    for name in dict.fromkeys(one for one, other in pairwise(names) if one == other):
        yield f"the zip has two members {name}"


def members_are_parts(package: Package) -> Iterator[str]:
    """Part names have no empty, dot or backslash segments (ECMA-376-2, 6.2.2.2); else: corrupt."""
    for name in package.parts:
        segments = name.split("/")
        if "\\" in name or any(not one or one.endswith(".") for one in segments):
            yield f"the member {name} is no name of a part"


def members_are_plain(package: Package) -> Iterator[str]:
    """Members are stored or deflated (ECMA-376-2, annex B.2); else: corrupt."""
    for one in package.members:
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            yield f"the member {one.filename} is neither stored nor deflated"


def package_has_its_parts(package: Package) -> Iterator[str]:
    """Without content types, root relationships and a workbook Excel refuses the file."""
    for name in (TYPES, links_of("")):
        if name not in package.parts:
            yield f"the member {name} is missing"
    if links_of("") in package.parts and package.workbook not in package.parts:
        yield "no relationship of the package leads to a workbook"


def xml_is_well_formed(package: Package) -> Iterator[str]:
    """Excel repairs or refuses a part that is no XML; OPC forbids a DTD (ECMA-376-2, 7.2.5)."""
    for name in package.xml_parts:
        if why := package.why_not_xml(name):
            yield f"{name} is no well-formed XML: {why}"


def xml_is_utf8(package: Package) -> Iterator[str]:
    """Parts are UTF-8 or UTF-16 (ECMA-376-2, 7.2.5); expat alone would take Latin-1."""
    for name in package.xml_parts:
        declared = _DECLARED.search(package.parts[name][:200])
        if declared and declared[1].lower() not in (b"utf-8", b"utf-16"):
            yield f"{name} is in {declared[1].decode()}, not in UTF-8"


def prefixes_are_declared(package: Package) -> Iterator[str]:
    """Excel reads no part whose mc:Ignorable names a prefix that is not declared.

    ECMA-376-3, 7.2: a non-conformant document, "We found a problem with some content".
    """
    for name in package.xml_parts:
        content = package.parts[name]
        for found in _IGNORABLE.finditer(content):
            for prefix in found[1].decode().split():
                if f"xmlns:{prefix}=".encode() not in content:
                    yield f"{name} ignores the prefix {prefix}, which is not declared"


def properties_are_dated(package: Package) -> Iterator[str]:
    """Core properties stand once each, dates in W3CDTF (ECMA-376-2, 8.2 to 8.4); else: corrupt."""
    for link in package.of_kind("core-properties"):
        root = package.root(link.target)
        children = [] if root is None else list(root)
        tags = [local(child.tag) for child in children]
        for tag in dict.fromkeys(tag for tag in tags if tags.count(tag) > 1):
            yield f"{link.target} has {tag} twice"
        for child in children:
            is_date = local(child.tag) in ("created", "modified")
            if is_date and not _DATE_AND_TIME.fullmatch(child.text or ""):
                yield f"{link.target}: {local(child.tag)} is no date and time: {child.text}"


RULES = (
    members_are_unique,
    members_are_parts,
    members_are_plain,
    package_has_its_parts,
    xml_is_well_formed,
    xml_is_utf8,
)
RULES_OF_READABLE = (prefixes_are_declared, properties_are_dated)
