"""Content types and relationships: what each part is, and how parts find one another."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from tests.ooxml.package import MAIN, TYPES, Link, Package, R, local, source_of

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_DRAWING = "application/vnd.openxmlformats-officedocument."
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships/metadata/"
_MICROSOFT = "http://schemas.microsoft.com/office/"
_CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_ON_SHEET = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_THEME = "{http://schemas.openxmlformats.org/drawingml/2006/main}"

WORKBOOKS = {
    ".xlsx": _SHEET + "sheet.main+xml",
    ".xltx": _SHEET + "template.main+xml",
    ".xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    ".xltm": "application/vnd.ms-excel.template.macroEnabled.main+xml",
    ".xlam": "application/vnd.ms-excel.addin.macroEnabled.main+xml",
}


@dataclass(frozen=True, slots=True)
class Form:
    """How a kind of relationship looks: its type, the content types of its target, its root."""

    type: str
    content: tuple[str, ...]
    root: str | None = None


FORMS = {
    "officeDocument": Form(
        _OFFICE + "officeDocument", tuple(WORKBOOKS.values()), f"{MAIN}workbook"
    ),
    "worksheet": Form(_OFFICE + "worksheet", (_SHEET + "worksheet+xml",), f"{MAIN}worksheet"),
    "chartsheet": Form(_OFFICE + "chartsheet", (_SHEET + "chartsheet+xml",), f"{MAIN}chartsheet"),
    "table": Form(_OFFICE + "table", (_SHEET + "table+xml",), f"{MAIN}table"),
    "styles": Form(_OFFICE + "styles", (_SHEET + "styles+xml",), f"{MAIN}styleSheet"),
    "sharedStrings": Form(_OFFICE + "sharedStrings", (_SHEET + "sharedStrings+xml",), f"{MAIN}sst"),
    "calcChain": Form(_OFFICE + "calcChain", (_SHEET + "calcChain+xml",), f"{MAIN}calcChain"),
    "comments": Form(_OFFICE + "comments", (_SHEET + "comments+xml",), f"{MAIN}comments"),
    "vmlDrawing": Form(_OFFICE + "vmlDrawing", (_DRAWING + "vmlDrawing",), "xml"),
    "theme": Form(_OFFICE + "theme", (_DRAWING + "theme+xml",), f"{_THEME}theme"),
    "drawing": Form(_OFFICE + "drawing", (_DRAWING + "drawing+xml",), f"{_ON_SHEET}wsDr"),
    "chart": Form(_OFFICE + "chart", (_DRAWING + "drawingml.chart+xml",), f"{_CHART}chartSpace"),
    "image": Form(
        _OFFICE + "image", ("image/png", "image/jpeg", "image/gif", "image/x-emf", "image/svg+xml")
    ),
    "extended-properties": Form(
        _OFFICE + "extended-properties",
        (_DRAWING + "extended-properties+xml",),
        f"{{{_OFFICE.replace('relationships/', 'extended-properties')}}}Properties",
    ),
    "core-properties": Form(
        _PACKAGE + "core-properties",
        ("application/vnd.openxmlformats-package.core-properties+xml",),
        f"{{{_PACKAGE.replace('relationships/metadata/', 'metadata/core-properties')}}}coreProperties",
    ),
    "vbaProject": Form(
        _MICROSOFT + "2006/relationships/vbaProject", ("application/vnd.ms-office.vbaProject",)
    ),
}
# The two ribbons: relationships of one last word, told apart by their year.
RIBBONS = {
    _MICROSOFT + "2006/relationships/ui/extensibility": f"{_MICROSOFT}2006/01/customui",
    _MICROSOFT + "2007/relationships/ui/extensibility": f"{_MICROSOFT}2009/07/customui",
}


def every_part_has_a_type(package: Package) -> Iterator[str]:
    """A part without a content type makes the package corrupt (ECMA-376-2, 7.2.3)."""
    for name in package.parts:
        if name != TYPES and package.type_of(name) is None:
            yield f"{name} has no content type"


def types_are_said_once(package: Package) -> Iterator[str]:
    """An extension or part stands once among the types (ECMA-376-2, 7.2.3.2); else: corrupt."""
    for entries in (package.defaults, package.overrides):
        keys = [key.lower() for key, _ in entries]
        for key in dict.fromkeys(key for key in keys if keys.count(key) > 1):
            yield f"the content type of {key} is said twice"


def typed_parts_are_there(package: Package) -> Iterator[str]:
    """An Override for a part that is not there makes Excel repair the file."""
    present = {name.lower() for name in package.parts}
    for name, _ in package.overrides:
        if not name.startswith("/") or name[1:].lower() not in present:
            yield f"a content type is said for {name}, which is not there"


def macros_are_in_macro_files(package: Package) -> Iterator[str]:
    """Excel refuses an .xlsx with a VBA project: "the file format or extension is not valid"."""
    kind = package.type_of(package.workbook or "") or ""
    has_macros = any(link.kind == "vbaProject" for link in package.links(package.workbook or ""))
    if has_macros and "macroEnabled" not in kind:
        yield "a VBA project is in a workbook that is not macro-enabled"


def link_ids_are_unique(package: Package) -> Iterator[str]:
    """Ids of a part's relationships are unique XML ids (ECMA-376-2, 6.5.3.4); else: corrupt."""
    for source in _sources(package):
        ids = [link.id for link in package.links(source)]
        for one in dict.fromkeys(one for one in ids if ids.count(one) > 1):
            yield f"{_named(source)} has two relationships {one}"
        for one in ids:
            if not re.fullmatch(r"[A-Za-z_][\w.-]*", one):
                yield f"{_named(source)} has a relationship with the id {one!r}"


def link_targets_are_there(package: Package) -> Iterator[str]:
    """A relationship to a part that is missing makes Excel repair or refuse the file."""
    for source in _sources(package):
        for link in package.links(source):
            if not link.is_external and link.target not in package.parts:
                yield f"{_named(source)}: {link.id} leads to {link.target}, which is not there"


def links_have_a_source(package: Package) -> Iterator[str]:
    """Relationships of a part that is not there are a sign of a lost part."""
    for source in _sources(package):
        if source and source not in package.parts:
            yield f"{source} has relationships but is not there"


def links_are_of_their_type(package: Package) -> Iterator[str]:
    """Relationship type, content type and root element have to agree, or Excel drops the part.

    ECMA-376-1, 12.3 and 15.2; [MS-OFFMACRO2] 2.2; [MS-CUSTOMUI2] 2.1.
    """
    for source in _sources(package):
        for link in package.links(source):
            if link.is_external or link.target not in package.parts:
                continue
            for problem in _unlike_its_form(package, link):
                yield f"{_named(source)}: {link.id} {problem}"


def _unlike_its_form(package: Package, link: Link) -> Iterator[str]:
    root = package.root(link.target) if link.target in package.xml_parts else None
    if link.kind == "extensibility":
        space = RIBBONS.get(link.type)
        if space is None or root is None or root.tag != f"{{{space}}}customUI":
            yield f"leads to {link.target}, which is no ribbon of that type"
        return
    form = FORMS.get(link.kind)
    if form is None:
        return
    if link.type != form.type:
        yield f"has the type {link.type}"
    if package.type_of(link.target) not in form.content:
        yield f"leads to {link.target}, which is a {package.type_of(link.target)}"
    if form.root and (root is None or root.tag != form.root):
        yield f"leads to {link.target}, which is no {local(form.root)}"


def ids_in_use_are_declared(package: Package) -> Iterator[str]:
    """An r:id that no relationship has makes Excel repair the part or refuse the file."""
    for name in package.xml_parts:
        root = package.root(name)
        if root is None:
            continue
        ids = {link.id for link in package.links(name)}
        for element in root.iter():
            for key, value in element.attrib.items():
                if key.startswith(R) and value not in ids:
                    yield f"{name}: {local(element.tag)} uses {value!r}, which no relationship has"


def ribbon_images_are_declared(package: Package) -> Iterator[str]:
    """A ribbon image is the id of a relationship of the ribbon; else Excel shows a load error."""
    for link in package.of_kind("extensibility"):
        root = package.root(link.target)
        ids = {image.id for image in package.of_kind("image", link.target)}
        for element in [] if root is None else root.iter():
            if (image := element.get("image")) and image not in ids:
                yield f"{link.target}: {element.get('id')} has the image {image}, which is not there"


def parts_can_be_reached(package: Package) -> Iterator[str]:
    """A part to which nothing leads is not loaded: what it should do is not done."""
    reached, waiting = set(), [""]
    while waiting:
        source = waiting.pop()
        for link in package.links(source):
            if not link.is_external and link.target not in reached:
                reached.add(link.target)
                waiting.append(link.target)
    for name in package.parts:
        if name not in reached and name != TYPES and not name.endswith(".rels"):
            yield f"nothing leads to {name}"


def _sources(package: Package) -> list[str]:
    return [source_of(name) for name in package.parts if name.endswith(".rels")]


def _named(source: str) -> str:
    return source or "the package"


RULES = (
    every_part_has_a_type,
    types_are_said_once,
    typed_parts_are_there,
    macros_are_in_macro_files,
    link_ids_are_unique,
    link_targets_are_there,
    links_have_a_source,
    links_are_of_their_type,
    ids_in_use_are_declared,
    ribbon_images_are_declared,
    parts_can_be_reached,
)
