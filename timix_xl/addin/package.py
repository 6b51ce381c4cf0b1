"""Write the package of a workbook with macros: the parts, their types, how they refer to each other.

The rules are those of ECMA-376, part 2; the names of parts are those that Excel gives. Nothing is
compressed and every date is fixed, so that the same modules give the same bytes on every machine.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from timix_xl.addin.vba_project import Module, ModuleKind, vba_project

PROJECT = "TimixAddin"

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MICROSOFT = "http://schemas.microsoft.com/office"
FORMAT = "application/vnd.openxmlformats"
SPREADSHEET = f"{FORMAT}-officedocument.spreadsheetml"
ADDIN = "application/vnd.ms-excel.addin.macroEnabled.main+xml"
WORKBOOK = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"

DEFAULTS = {
    "bin": "application/vnd.ms-office.vbaProject",
    "png": "image/png",
    "rels": f"{FORMAT}-package.relationships+xml",
    "xml": "application/xml",
}

OVERRIDES = {
    "xl/styles.xml": f"{SPREADSHEET}.styles+xml",
    "docProps/core.xml": f"{FORMAT}-package.core-properties+xml",
    "docProps/app.xml": f"{FORMAT}-officedocument.extended-properties+xml",
}

STYLES = (
    f'<styleSheet xmlns="{SHEETS}">'
    '<fonts count="1"><font><sz val="11"/><name val="Calibri"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)

CORE = (
    f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    "<dc:title>Timix</dc:title>"
    "<dc:description>From approved time and material to frozen invoices.</dc:description>"
    '<dcterms:created xsi:type="dcterms:W3CDTF">2026-01-01T00:00:00Z</dcterms:created>'
    "</cp:coreProperties>"
)

APP = (
    f'<Properties xmlns="{DOCUMENT}/extended-properties">'
    "<Application>Microsoft Excel</Application></Properties>"
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of texts: its name, the module that stands behind it, its rows."""

    name: str
    code_name: str
    rows: Sequence[Sequence[str]]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """What one part says of another: its kind, where it is, under which name."""

    kind: str
    target: str
    name: str = ""


def package(
    modules: Sequence[Module],
    *,
    sheets: Sequence[Sheet],
    ribbon: str = "",
    images: Mapping[str, bytes] = {},
    is_addin: bool = True,
) -> bytes:
    """Return an add-in, or a workbook with macros, of these modules, sheets and ribbon."""
    _check(modules, sheets)
    parts = {
        **_front(sheets, with_ribbon=bool(ribbon), is_addin=is_addin),
        **_book(sheets, is_addin=is_addin),
        "xl/vbaProject.bin": vba_project(PROJECT, modules),
        **(_ribbon_parts(ribbon, images) if ribbon else {}),
    }
    return _zipped(parts)


def _check(modules: Sequence[Module], sheets: Sequence[Sheet]) -> None:
    """Refuse what Excel would repair: a document without a module, sheets of one name."""
    behind = [one.name for one in modules if one.kind is ModuleKind.SHEET]
    if [one.name for one in modules if one.kind is ModuleKind.WORKBOOK] != ["ThisWorkbook"]:
        raise ValueError("exactly one module belongs to the workbook: ThisWorkbook")
    if behind != [sheet.code_name for sheet in sheets]:
        raise ValueError("each sheet has a module of its code name, in the same order")
    if len({sheet.name.lower() for sheet in sheets}) < len(sheets) or not sheets:
        raise ValueError("two sheets have one name, or there is none")
    if all(sheet.hidden for sheet in sheets):
        raise ValueError("one sheet at least is not hidden")


def _front(sheets: Sequence[Sheet], *, with_ribbon: bool, is_addin: bool) -> dict[str, bytes]:
    """Return what a reader opens first: the types of all parts, and where to begin."""
    extended = f"{MICROSOFT}/2007/relationships/ui/extensibility"
    begin = [
        Reference(f"{DOCUMENT}/relationships/officeDocument", "xl/workbook.xml"),
        Reference(f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        Reference(f"{DOCUMENT}/relationships/extended-properties", "docProps/app.xml"),
        *([Reference(extended, "customUI/customUI14.xml")] if with_ribbon else []),
    ]
    return {
        "[Content_Types].xml": _types(sheets, is_addin=is_addin),
        "_rels/.rels": _references(begin),
        "docProps/app.xml": _xml(APP),
        "docProps/core.xml": _xml(CORE),
    }


def _types(sheets: Sequence[Sheet], *, is_addin: bool) -> bytes:
    overrides = {
        "xl/workbook.xml": ADDIN if is_addin else WORKBOOK,
        **{_sheet_part(number): f"{SPREADSHEET}.worksheet+xml" for number in _numbers(sheets)},
        **OVERRIDES,
    }
    lines = [
        *(f'<Default Extension="{end}" ContentType="{kind}"/>' for end, kind in DEFAULTS.items()),
        *(f'<Override PartName="/{at}" ContentType="{kind}"/>' for at, kind in overrides.items()),
    ]
    return _xml(f'<Types xmlns="{PACKAGE}/content-types">{"".join(lines)}</Types>')


def _book(sheets: Sequence[Sheet], *, is_addin: bool) -> dict[str, bytes]:
    references = [
        *(
            Reference(f"{DOCUMENT}/relationships/worksheet", f"worksheets/sheet{number}.xml")
            for number in _numbers(sheets)
        ),
        Reference(f"{DOCUMENT}/relationships/styles", "styles.xml"),
        Reference(f"{MICROSOFT}/2006/relationships/vbaProject", "vbaProject.bin"),
    ]
    return {
        "xl/workbook.xml": _workbook(sheets, is_addin=is_addin),
        "xl/_rels/workbook.xml.rels": _references(references),
        **{
            _sheet_part(number): _worksheet(sheet)
            for number, sheet in zip(_numbers(sheets), sheets, strict=True)
        },
        "xl/styles.xml": _xml(STYLES),
    }


def _workbook(sheets: Sequence[Sheet], *, is_addin: bool) -> bytes:
    hidden = ' visibility="hidden"' if is_addin else ""
    listed = "".join(
        f'<sheet name={quoteattr(sheet.name)} sheetId="{number}"'
        f'{" state=" + quoteattr("hidden") if sheet.hidden else ""} r:id="rId{number}"/>'
        for number, sheet in zip(_numbers(sheets), sheets, strict=True)
    )
    return _xml(
        f'<workbook xmlns="{SHEETS}" xmlns:r="{DOCUMENT}/relationships">'
        '<fileVersion appName="xl" lastEdited="7" lowestEdited="7" rupBuild="22228"/>'
        '<workbookPr codeName="ThisWorkbook"/><bookViews>'
        f'<workbookView xWindow="0" yWindow="0" windowWidth="16000" windowHeight="9000"{hidden}/>'
        f"</bookViews><sheets>{listed}</sheets></workbook>"
    )


def _worksheet(sheet: Sheet) -> bytes:
    rows = "".join(
        f'<row r="{number}">{"".join(_cells(number, row))}</row>'
        for number, row in enumerate(sheet.rows, 1)
    )
    return _xml(
        f'<worksheet xmlns="{SHEETS}"><sheetPr codeName={quoteattr(sheet.code_name)}/>'
        f"<sheetData>{rows}</sheetData></worksheet>"
    )


def _cells(row: int, texts: Sequence[str]) -> Iterator[str]:
    for column, words in enumerate(texts):
        if words:
            yield (
                f'<c r="{_column(column)}{row}" t="inlineStr"><is>'
                f'<t xml:space="preserve">{escape(words)}</t></is></c>'
            )


def _column(number: int) -> str:
    """Return the letters of a column, counted from nought.

    >>> _column(0), _column(25), _column(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    while number >= 0:
        number, letter = divmod(number, 26)
        letters = chr(ord("A") + letter) + letters
        number -= 1
    return letters


def _ribbon_parts(ribbon: str, images: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return the ribbon and its pictures, which it knows by the names of its references to them."""
    references = [
        Reference(f"{DOCUMENT}/relationships/image", f"images/{name}.png", name)
        for name in sorted(images)
    ]
    parts = {"customUI/customUI14.xml": ribbon.encode()}
    if images:
        parts["customUI/_rels/customUI14.xml.rels"] = _references(references)
    return parts | {f"customUI/images/{name}.png": images[name] for name in sorted(images)}


def _references(references: Sequence[Reference]) -> bytes:
    lines = "".join(
        f"<Relationship Id={quoteattr(one.name or f'rId{number}')}"
        f" Type={quoteattr(one.kind)} Target={quoteattr(one.target)}/>"
        for number, one in enumerate(references, 1)
    )
    return _xml(f'<Relationships xmlns="{PACKAGE}/relationships">{lines}</Relationships>')


def _sheet_part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _numbers(sheets: Sequence[Sheet]) -> range:
    return range(1, len(sheets) + 1)


def _xml(content: str) -> bytes:
    return (XML + content).encode()


def _zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 0  # else it says on which system it was built
            archive.writestr(entry, content)
    return out.getvalue()
