"""Each rule finds the file that breaks it, and that alone; a good file breaks none."""

import zipfile
from pathlib import Path

import pytest

from tests.ooxml.check import main, problems_in
from tests.ooxml.spoiling import (
    BOOK,
    CHART,
    DRAWING,
    LINKS,
    NOTES,
    SHEET,
    STRINGS,
    STYLES,
    TABLE,
    TYPES,
    Change,
    add,
    good,
    lose,
    packed,
    parts_of,
    spoilt,
    swap,
)
from timix_xl.addin.package import Sheet, package
from timix_xl.addin.vba_project import Module, ModuleKind

ROOT_LINKS, SHEET_LINKS = "_rels/.rels", "xl/worksheets/_rels/sheet1.xml.rels"
CORE, COMMENTS, VML = (
    "docProps/core.xml",
    "xl/comments/comment1.xml",
    "xl/drawings/commentsDrawing1.vml",
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
MICROSOFT = "http://schemas.microsoft.com/office"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
LONG = "x" * 256


def linked(source: str, id_: str, kind: str, target: str) -> Change:
    """Let a part lead to another one."""
    entry = f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"/></Relationships>'
    return swap(source, "</Relationships>", entry)


def typed(part: str, kind: str) -> Change:
    """Say of which content type a part is."""
    return swap(TYPES, "</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')


def on_sheet(old: str, new: str) -> list[Change]:
    return [swap(SHEET, old, new)]


def in_formula(text: str) -> list[Change]:
    return on_sheet("<f>SUM(tblHours[Hours])</f>", f"<f>{text}</f>")


def in_rule(text: str) -> list[Change]:
    return on_sheet("<formula1>0</formula1>", f"<formula1>{text}</formula1>")


def renamed(sheet: str) -> list[Change]:
    """Call the second sheet something else, and all that names it."""
    shown = sheet.replace("&", "&amp;")
    quoted = shown.replace("'", "''")
    return [
        swap(BOOK, 'name="Notes &amp; more"', f'name="{shown}"'),
        swap(BOOK, "'Notes &amp; more'!$A$1", f"'{quoted}'!$A$1"),
        swap(SHEET, "'Notes &amp; more'!A1", f"'{quoted}'!A1"),
    ]


def a_name(name: str, refers_to: str = "Hours!$A$1", more: str = "") -> list[Change]:
    text = f'<definedName name="{name}"{more}>{refers_to}</definedName></definedNames>'
    return [swap(BOOK, "</definedNames>", text)]


def with_strings(items: str, unique: int) -> list[Change]:
    part = f'<sst xmlns="{MAIN}" count="{unique}" uniqueCount="{unique}">{items}</sst>'
    return [
        add(STRINGS, part),
        typed(STRINGS, f"{SPREADSHEET}.sharedStrings+xml"),
        linked(LINKS, "rS", f"{OFFICE}/sharedStrings", "sharedStrings.xml"),
    ]


def with_chain(cells: str) -> list[Change]:
    return [
        add("xl/calcChain.xml", f'<calcChain xmlns="{MAIN}">{cells}</calcChain>'),
        typed("xl/calcChain.xml", f"{SPREADSHEET}.calcChain+xml"),
        linked(LINKS, "rC", f"{OFFICE}/calcChain", "calcChain.xml"),
    ]


def with_table(number: str = "2", name: str = "tblOther", ref: str = "E7:E9") -> list[Change]:
    """Put a second table, without a header, where two cells were merged."""
    part = (
        f'<table xmlns="{MAIN}" id="{number}" name="{name}" displayName="{name}" ref="{ref}" '
        'headerRowCount="0"><tableColumns count="1">'
        '<tableColumn id="1" name="Column1"/></tableColumns></table>'
    )
    return [
        add("xl/tables/table2.xml", part),
        typed("xl/tables/table2.xml", f"{SPREADSHEET}.table+xml"),
        linked(SHEET_LINKS, "rT", f"{OFFICE}/table", "/xl/tables/table2.xml"),
        swap(SHEET, '<tableParts count="1">', '<tableParts count="2">'),
        swap(SHEET, "</tableParts>", f'<tablePart xmlns:r="{OFFICE}" r:id="rT"/></tableParts>'),
        swap(SHEET, "re:<mergeCells.*</mergeCells>", ""),
    ]


def with_ribbon(xml: str, year: str = "2007") -> list[Change]:
    kind = f"{MICROSOFT}/{year}/relationships/ui/extensibility"
    return [add("customUI/ui.xml", xml), linked(ROOT_LINKS, "rU", kind, "customUI/ui.xml")]


RIBBON = f'<customUI xmlns="{MICROSOFT}/2009/07/customui"%s/>'
EXTENSION = (
    '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
    f'xmlns:x14="{MICROSOFT}/spreadsheetml/2009/9/main" '
    f'xmlns:xm="{MICROSOFT}/excel/2006/main"><x14:conditionalFormattings>'
    '<x14:conditionalFormatting><x14:cfRule type="expression"><xm:f>%s</xm:f></x14:cfRule>'
    "<xm:sqref>%s</xm:sqref></x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)


def with_extension(formula: str, area: str) -> list[Change]:
    return on_sheet("</worksheet>", EXTENSION % (formula, area) + "</worksheet>")


def on_packages() -> dict[str, tuple[list[Change], str]]:
    table_type = typed("xl/tables/table1.xml", f"{SPREADSHEET}.table+xml")
    return {
        "a backslash in a name": ([add("xl\\more.xml", "<a/>")], "is no name of a part"),
        "a folder": ([add("xl/media/", "")], "is no name of a part"),
        "a way up": ([add("../more.xml", "<a/>")], "is no name of a part"),
        "no types": ([lose(TYPES)], f"the member {TYPES} is missing"),
        "no links": ([lose(ROOT_LINKS)], f"the member {ROOT_LINKS} is missing"),
        "no workbook": ([lose(BOOK)], "leads to a workbook"),
        "cut xml": (on_sheet("</worksheet>", ""), "no well-formed XML"),
        "a control character": (on_sheet("Ben", "B\x07n"), "no well-formed XML"),
        "a document type": (on_sheet("<worksheet", "<!DOCTYPE a><worksheet"), "no well-formed XML"),
        "latin-1": (
            on_sheet("<worksheet", '<?xml version="1.0" encoding="latin-1"?><worksheet'),
            "is in latin-1",
        ),
        "U+FFFF": (on_sheet("Ben", "B\uffffn"), "no well-formed XML"),
        "an unknown prefix": (
            on_sheet("<worksheet", '<worksheet xmlns:mc="urn:mc" mc:Ignorable="x14"'),
            "ignores the prefix x14",
        ),
        "a date that is none": ([swap(CORE, "re:>2[^<]*<", ">now<")], "is no date and time"),
        "two creators": (
            [swap(CORE, "</dc:creator>", "</dc:creator><dc:creator>b</dc:creator>")],
            "has creator twice",
        ),
        "a part without a type": (
            [add("xl/a.bmp", ""), linked(LINKS, "rB", "urn:bmp", "a.bmp")],
            "xl/a.bmp has no content type",
        ),
        "an extension twice": (
            [swap(TYPES, "<D", '<Default Extension="XML" ContentType="application/xml"/><D')],
            "the content type of xml is said twice",
        ),
        "a type of nothing": ([typed("xl/no.xml", "application/xml")], "/xl/no.xml, which is not"),
        "a type twice": ([table_type], "the content type of /xl/tables/table1.xml is said twice"),
        "a wrong type": (
            [swap(TYPES, f"{SPREADSHEET}.table+xml", f"{SPREADSHEET}.comments+xml")],
            f"which is a {SPREADSHEET}.comments+xml",
        ),
        "macros in an .xlsx": (
            [
                add("xl/vba.bin", ""),
                typed("xl/vba.bin", "application/vnd.ms-office.vbaProject"),
                linked(LINKS, "rV", f"{MICROSOFT}/2006/relationships/vbaProject", "vba.bin"),
            ],
            "not macro-enabled",
        ),
        "two links of an id": (
            [swap(LINKS, "</R", f'<Relationship Id="rId1" Type="a" Target="{BOOK[3:]}"/></R')],
            "two relationships rId1",
        ),
        "an id that is none": ([linked(LINKS, "4", "urn:a", "workbook.xml")], "with the id '4'"),
        "a lost part": ([linked(LINKS, "rL", "urn:a", "no.xml")], "leads to xl/no.xml, which is"),
        "links of nothing": (
            [add("xl/_rels/no.xml.rels", f'<Relationships xmlns="{RELATIONSHIPS}"/>')],
            "xl/no.xml has relationships but is not there",
        ),
        "an orphan": ([add("xl/no.xml", "<a/>")], "nothing leads to xl/no.xml"),
        "a wrong kind of link": (
            [swap(LINKS, f"{OFFICE}/theme", "urn:somebody/theme")],
            "has the type urn:somebody/theme",
        ),
        "a wrong root": (
            [swap("xl/theme/theme1.xml", "drawingml/2006/main", "drawingml/2007/main")],
            "which is no theme",
        ),
        "an id that no link has": (
            [swap(CHART, "</chartSpace>", f'<a xmlns:r="{OFFICE}" r:id="rId9"/></chartSpace>')],
            "uses 'rId9', which no relationship has",
        ),
        "a ribbon of the other year": (with_ribbon(RIBBON % "", "2006"), "no ribbon of that type"),
        "a ribbon's text": (with_ribbon(RIBBON % ' id="a" keytip="ABCD"'), "a has a keytip of 4"),
        "a ribbon's ids": (
            with_ribbon((RIBBON % ' id="a"').replace("/>", '><tab id="a"/></customUI>')),
            "the control 'a' stands twice",
        ),
        "a ribbon's image": (with_ribbon(RIBBON % ' image="bill"'), "the image bill, which is not"),
    }


def on_attributes() -> dict[str, tuple[list[Change], str]]:
    return {
        "an unknown attribute": (
            on_sheet('<row r="6"', '<row heigth="3" r="6"'),
            f"{SHEET}: row has an attribute heigth, which the schema has not",
        ),
        "a boolean in words": (
            on_sheet('customWidth="1" min="1"', 'customWidth="yes" min="1"'),
            "col has the customWidth 'yes'",
        ),
        "a number in words": (
            [swap(STYLES, '<b val="1" />', '<sz val="big" />')],
            "sz has the val 'big'",
        ),
    }


def on_workbooks() -> dict[str, tuple[list[Change], str]]:
    hidden = 'sheetId="%s" state="visible"', 'sheetId="%s" state="hidden"'
    hide = [swap(BOOK, hidden[0] % number, hidden[1] % number) for number in "12"]
    return {
        "sheets too late": (
            [swap(BOOK, "</workbook>", "<workbookPr/></workbook>")],
            "the workbook has workbookPr after calcPr",
        ),
        "a question mark in a sheet's name": (renamed("a?b"), "a character that it must not have"),
        "an apostrophe around it": (renamed("'a'"), "a character that it must not have"),
        "a long sheet name": (renamed("x" * 32), "is not of 1 to 31 characters"),
        "emoji count twice": (renamed("😀" * 16), "is not of 1 to 31 characters"),
        "History": (renamed("history"), "is reserved"),
        "sheets of one name": (renamed("HOURS"), "the sheet name 'hours' stands twice"),
        "sheets of one id": ([swap(BOOK, 'sheetId="2"', 'sheetId="1"')], "the sheet id '1'"),
        "sheet 0": ([swap(BOOK, 'sheetId="2"', 'sheetId="0"')], "is not from 1 to 65534"),
        "a sheet without a part": ([swap(BOOK, 'r:id="rId2"', "")], "more leads to no part"),
        "no visible sheet": (hide, "no sheet is visible"),
        "an active hidden sheet": (hide[:1], "the active tab Hours is hidden"),
        "an active tab that is none": ([swap(BOOK, 'activeTab="0"', 'activeTab="2"')], "tab 2 is"),
        "a strange state": (
            [swap(BOOK, f"{hidden[0] % 2}", 'sheetId="2" state="gone"')],
            "the state 'gone'",
        ),
        "two selected sheets": (
            [swap(one, "<sheetView ", '<sheetView tabSelected="1" ') for one in (SHEET, NOTES)],
            "Hours, Notes & more are selected together",
        ),
        "a cell as a name": (a_name("TAX2024"), "the name 'TAX2024' is none"),
        "R1C1 as a name": (a_name("r1c1"), "the name 'r1c1' is none"),
        "a space in a name": (a_name("my name"), "the name 'my name' is none"),
        "a long name": (a_name(LONG), "is none that Excel takes"),
        "a built-in name": (a_name("_xlnm.Nothing"), "is none that Excel takes"),
        "a name twice": (a_name("WHO"), "the name 'who of the workbook' stands twice"),
        "a name of no sheet": (a_name("n", more=' localSheetId="7"'), "is of sheet 7"),
        "a name of nothing": (a_name("n", " "), "refers to nothing"),
        "a deleted name": (a_name("n", "#REF!"), "has #REF! where something was deleted"),
        "a name on no sheet": (a_name("n", "Gone!$A$1"), "names the sheet Gone"),
        "a name's grammar": (a_name("n", "SUM(Hours!$A$1"), "a closing bracket is missing"),
        "a moving name": (a_name("n", "Hours!A1"), "which is not absolute"),
        "a print area elsewhere": (
            [swap(BOOK, "'Hours'!$A$1:$F$9", "who")],
            "_xlnm.Print_Area of Hours is no area of it",
        ),
        "a wrong font": ([swap(STYLES, 'fontId="1"', 'fontId="9"')], "has the fontId 9"),
        "a wrong style": ([swap(STYLES, 'name="mine" xfId="1"', 'name="mine" xfId="9"')], "xfId 9"),
        "two styles of a name": (
            [swap(STYLES, 'name="mine"', 'name="NORMAL"')],
            "the style 'normal' stands twice",
        ),
        "a wrong count": ([swap(STYLES, 'fonts count="2"', 'fonts count="3"')], "styles say 3"),
        "styles out of order": (
            [swap(STYLES, "</styleSheet>", "<numFmts/></styleSheet>")],
            "styles has numFmts after colors",
        ),
        "a built-in number format": (
            [swap(STYLES, 'numFmtId="164" f', 'numFmtId="20" f'), swap(STYLES, "164", "20")],
            "the number format 20 is not one's own",
        ),
        "a lost number format": ([swap(STYLES, '"164" font', '"165" font')], "number format 165"),
        "a format's quotes": ([swap(STYLES, "h&quot;", "h")], "that is not closed"),
        "a long format": (
            [swap(STYLES, "0.00 &quot;h&quot;", "0" * 256)],
            "is 256 characters long",
        ),
        "five sections": ([swap(STYLES, "0.00 &quot;h&quot;", "0;0;0;0;0")], "than four sections"),
        "a look out of order": (
            [swap(STYLES, "</dxf>", "<font/></dxf>")],
            "dxf 0 has font after fill",
        ),
        "a colour of six digits": (
            [swap(STYLES, 'bgColor rgb="FFFF0000"', 'bgColor rgb="FF0000"')],
            "the colour 'FF0000'",
        ),
    }


def in_cache(points: str) -> tuple[str, str]:
    """Keep points of the chart's series."""
    cells = "<f>'Hours'!$B$2:$B$3</f>"
    return cells, f"{cells}<numCache>{points}</numCache>"


def on_sheets() -> dict[str, tuple[list[Change], str]]:
    header = "<oddHeader />", f"<oddHeader>{LONG}</oddHeader>"
    link = f'<hyperlink xmlns:r="{OFFICE}" ref="E9" r:id="rL"/>'
    external = (
        f'<Relationship Id="rL" Type="{OFFICE}/hyperlink" TargetMode="External" '
        f'Target="https://a/{"x" * 2080}"/></Relationships>'
    )
    return {
        "a drawing too late": (
            [
                swap(SHEET, "re:<drawing[^>]*/>", ""),
                swap(
                    SHEET, "</worksheet>", f'<drawing xmlns:r="{OFFICE}" r:id="rId1"/></worksheet>'
                ),
            ],
            "the sheet has drawing after tableParts",
        ),
        "two dimensions": (
            on_sheet("<sheetViews>", '<dimension ref="A1"/><sheetViews>'),
            "the sheet has dimension twice",
        ),
        "an empty collection": (
            [swap(NOTES, "<sheetData>", "<cols/><sheetData>")],
            "cols is empty",
        ),
        "a wrong count": (on_sheet('mergeCells count="2"', 'mergeCells count="3"'), "says count 3"),
        "columns that overlap": (on_sheet('min="3" max="3"', 'min="1" max="3"'), "column 1 is"),
        "a column beyond the last": (on_sheet('max="3"', 'max="16385"'), "from 3 to 16385"),
        "a wide column": (on_sheet('width="20"', 'width="256"'), "is 256 wide"),
        "a column's style": (on_sheet('min="1" max="1"', 'min="1" max="1" style="9"'), "style 9"),
        "a dimension": (on_sheet('dimension ref="A1:F9"', 'dimension ref="F9:A1"'), "F9:A1 is no"),
        "a window": (on_sheet('workbookViewId="0"', 'workbookViewId="1"'), "of window 1"),
        "a pane": (
            on_sheet('activePane="bottomRight"', 'activePane="right"'),
            "active pane is right",
        ),
        "a pane's cell": (on_sheet('topLeftCell="B2"', 'topLeftCell="B0"'), "starts at B0"),
        "a selection": (
            on_sheet('activeCell="A1" sqref="A1"', 'activeCell="A1" sqref="B1"'),
            "A1 is",
        ),
        "a selection's pane": (on_sheet('pane="topRight"', 'pane="bottomLeft"'), "in the pane"),
        "merges that overlap": (on_sheet('ref="E6:F6"', 'ref="E6:E7"'), "overlap"),
        "a merge of one cell": (on_sheet('ref="E6:F6"', 'ref="E6"'), "no area of several cells"),
        "a merge in a table": (on_sheet('ref="E6:F6"', 'ref="A2:B2"'), "overlaps the table"),
        "a link to no sheet": (on_sheet("'Notes &amp; more'!A1", "Gone!A1"), "to Gone!A1, which"),
        "a link to nowhere": (on_sheet("re:location=.[^ ]* &amp; more'!A1.", ""), "leads nowhere"),
        "a link on no cell": (
            on_sheet('hyperlink ref="E9"', 'hyperlink ref="E0"'),
            "is on no cell",
        ),
        "a long tip": (
            on_sheet("<hyperlink ", f'<hyperlink tooltip="{LONG}" '),
            "a tooltip of more",
        ),
        "a long address": (
            [
                swap(SHEET, "re:<hyperlink .*?/>", link),
                swap(SHEET_LINKS, "</Relationships>", external),
            ],
            "is longer than 2079 characters",
        ),
        "a long header": (on_sheet(*header), "oddHeader is longer than 255"),
        "a filter on a table": (
            on_sheet("<mergeCells", '<autoFilter ref="A1:C3"/><mergeCells'),
            "the filter A1:C3 meets a table",
        ),
        "a code name": (on_sheet("<sheetPr>", '<sheetPr codeName="my sheet">'), "is no identifier"),
        "rows out of order": (
            on_sheet('<row r="6"></row><row r="7">', '<row r="7"></row><row r="6">'),
            "row 6 follows row 7",
        ),
        "a high row": (on_sheet('<row r="6">', '<row r="6" ht="410">'), "row 6 is 410 high"),
        "cells out of order": (on_sheet('r="E2"', 'r="B2"'), "the cell B2 follows"),
        "a cell in another row": (on_sheet('r="E4"', 'r="E5"'), "the cell E5 stands in row 4"),
        "a style": (on_sheet('r="E2" s="2"', 'r="E2" s="3"'), "c E2 has the style 3"),
        "a type": (on_sheet('r="E1" t="b"', 'r="E1" t="x"'), "E1 has the type 'x'"),
        "a boolean": (
            on_sheet("<v>1</v>", "<v>TRUE</v>"),
            "E1 has the type 'b' and the value 'TRUE'",
        ),
        "a number": (on_sheet("<v>7.5</v>", "<v>7,5</v>"), "B2 has the type 'n'"),
        "not a number": (on_sheet("<v>7.5</v>", "<v>nan</v>"), "B2 has the type 'n'"),
        "an error": (on_sheet("<v>#N/A</v>", "<v>#OOPS</v>"), "E4 has the type 'e'"),
        "an empty boolean": (on_sheet("<v>1</v>", "<v/>"), "E1 has the type 'b'"),
        "an inline text's value": (
            on_sheet("</is></c></row></sheetData>", "</is><v>1</v></c></row></sheetData>"),
            "E9 ",
        ),
        "a value before its formula": (
            on_sheet("<f>SUM(tblHours[Hours])</f><v />", "<v /><f>SUM(tblHours[Hours])</f>"),
            "E3 has the parts",
        ),
        "a shared text that is not there": (
            [
                *with_strings("<si><t>a</t></si>", 1),
                swap(SHEET, 're:<c r="E4".*?</c>', '<c r="E4" t="s"><v>1</v></c>'),
            ],
            "E4 has the type 's' and the value '1'",
        ),
        "shared texts fewer than said": (with_strings("<si><t>a</t></si>", 2), "say 2 and are 1"),
        "a long shared text": (
            with_strings(f"<si><t>{'x' * 32_768}</t></si>", 1),
            "has 32768 characters",
        ),
        "a long text": (on_sheet(">more<", f">{'x' * 32_768}<"), "E9 has 32768 characters"),
        "a long text of emoji": (
            on_sheet(">more<", f">{'😀' * 16_384}<"),
            "E9 has 32768 characters",
        ),
        "lost spaces": (on_sheet(' xml:space="preserve"', ""), "outer spaces are not preserved"),
        "a chain to no formula": (
            with_chain('<c r="A1" i="1"/>'),
            "the calculation chain names A1",
        ),
        "a note without a shape": ([swap(COMMENTS, 'ref="A3"', 'ref="A4"')], "A4 has no shape"),
        "two notes of a cell": ([swap(COMMENTS, 'ref="A3"', 'ref="A2"')], "not the only one"),
        "a note of nobody": ([swap(COMMENTS, 'authorId="1"', 'authorId="2"')], "the author 2"),
        "a drawing that is not named": (
            on_sheet("re:<drawing[^>]*/>", ""),
            "rId1 is not both named as drawing and linked",
        ),
        "a shape twice": (
            [swap(DRAWING, "<clientData />", '<sp><cNvPr id="1" name="b"/></sp><clientData />')],
            "the shape id '1' stands twice",
        ),
        "an anchor without clientData": ([swap(DRAWING, "<clientData />", "")], "no clientData"),
        "an anchor without a size": (
            [swap(DRAWING, "re:<ext [^>]*>", "")],
            "oneCellAnchor has no ext",
        ),
        "an anchor outside": ([swap(DRAWING, "<row>1<", "<row>1048576<")], "at row 1048576"),
        "a chart of no sheet": (
            [swap(CHART, "'Hours'!$B$2", "'Gone'!$B$2")],
            "names the sheet Gone",
        ),
        "an axis that is not there": (
            [swap(CHART, 'crossAx val="10"', 'crossAx val="7"')],
            "axis 7",
        ),
        "an axis that hides": (
            [swap(CHART, 're:<delete val="0" />', "")],
            "does not say that it shows",
        ),
        "a point beyond the last": (
            [swap(CHART, *in_cache('<ptCount val="1"/><pt idx="1"><v>2</v></pt>'))],
            "a cache counts [1] points and has [1]",
        ),
        "a point in words": (
            [swap(CHART, *in_cache('<ptCount val="1"/><pt idx="0"><v>two</v></pt>'))],
            "a cache has the number 'two'",
        ),
        "series of one number": (
            [swap(CHART, "</ser>", '</ser><ser><idx val="0"/><order val="1"/></ser>')],
            "the idx '0' stands twice",
        ),
    }


def on_formulas() -> dict[str, tuple[list[Change], str]]:
    long = "+".join(["1"] * 4097)
    return {
        "an equals sign": (in_formula("=1+1"), "begins with an equals sign"),
        "no formula": (in_formula(""), "the formula in E3 is empty"),
        "a long formula": (in_formula(long), "is 8193 characters long"),
        "an open bracket": (in_formula("SUM(1"), "a closing bracket is missing"),
        "an open quote": (in_formula('LEN("a)'), "cannot be read"),
        "a semicolon": (in_formula("SUM(1;2)"), "cannot be read"),
        "a missing operand": (in_formula("1+"), "an operand is missing"),
        "words side by side": (in_formula("1 2"), "it does not go on at '2'"),
        "deep nesting": (in_formula("(" * 65 + "1" + ")" * 65), "nested deeper than 64"),
        "many arguments": (in_formula(f"SUM({','.join('1' * 256)})"), "more than 255 arguments"),
        "an array of cells": (in_formula("SUM({A1,2})"), "is not of constants"),
        "the at sign": (in_formula("tblHours[@Hours]"), "files spell @ as [#This Row]"),
        "no part of a table": (in_formula("tblHours[#Nothing]"), "is no part of a table"),
        "no table before it": (in_formula("SUM([Hours])"), "a column [Hours] without its table"),
        "no table": (in_formula("SUM(tblGone[Hours])"), "names the table tblGone"),
        "no column": (in_formula("SUM(tblHours[Gone])"), "names the column tblHours[Gone]"),
        "no name": (in_formula("gone*2"), "names gone, which is not defined"),
        "no sheet": (in_formula("'My sheet'!A1"), "names the sheet My sheet"),
        "a deleted cell": (in_formula("Hours!#REF!+1"), "has #REF!"),
        "a later function": (in_formula("IFNA(1,2)"), "calls IFNA without _xlfn."),
        "no function": (in_formula("_xlfn.SUMME(1)"), "which Excel has not"),
        "a function of another language": (
            in_formula("SUMME(1)"),
            "calls SUMME, which Excel has not",
        ),
    }


def on_tables() -> dict[str, tuple[list[Change], str]]:
    columns = 'tableColumns count="3"', 'tableColumns count="4"'
    more = '<tableColumn id="4" name="More" /></tableColumns>'
    totals = 'headerRowCount="1"', 'headerRowCount="1" totalsRowCount="1"'
    return {
        "a table that is not listed": (
            on_sheet("re:<tableParts.*</tableParts>", ""),
            "the table xl/tables/table1.xml is not listed",
        ),
        "two tables of an id": (with_table(number="1"), "the table id '1' stands twice"),
        "a table without an id": (with_table(number="0"), "the table id '0' is none"),
        "two tables of a name": (with_table(name="TBLHOURS"), "table name 'tblhours' stands twice"),
        "a name's table": (with_table(name="Who"), "is called as a defined name is"),
        "a cell's name": (with_table(name="TBL1"), "the table displayName 'TBL1' is none"),
        "tables that overlap": (with_table(ref="B3:B9"), "tables tblHours and tblOther overlap"),
        "more columns than wide": (
            [swap(TABLE, *columns), swap(TABLE, "</tableColumns>", more)],
            "has 4 columns in A1:C3",
        ),
        "a wrong count": ([swap(TABLE, *columns)], "counts [4] columns and has 3"),
        "a column twice": (
            [swap(TABLE, 'name="Who"', 'name="HOURS"'), swap(SHEET, ">Who<", ">HOURS<")],
            "a column that stands twice: 'hours'",
        ),
        "a column id twice": ([swap(TABLE, 'id="2"', 'id="1"')], "a column id that stands twice"),
        "a column id of 0": ([swap(TABLE, 'Column id="2"', 'Column id="0"')], "with the id '0'"),
        "a long column": (
            [swap(TABLE, 'name="Who"', f'name="{LONG}"'), swap(SHEET, ">Who<", f">{LONG}<")],
            "is 256 characters long",
        ),
        "another header": (on_sheet(">Who<", ">Whom<"), "has the column 'Who' and 'Whom' in A1"),
        "a number as header": (
            on_sheet('re:<c r="B1".*?</c>', '<c r="B1"><v>1</v></c>'),
            "has the column 'Hours' and None in B1",
        ),
        "a formula as header": (
            on_sheet('re:<c r="B1".*?</c>', '<c r="B1" t="str"><f>"Hours"</f><v>Hours</v></c>'),
            "has a formula in its header B1",
        ),
        "no row": (
            [swap(TABLE, 'ref="A1:C3"', 'ref="A1:C1"'), swap(TABLE, 'ref="A1:C3"', 'ref="A1:C1"')],
            "has no row of data",
        ),
        "no area": ([swap(TABLE, 'ref="A1:C3" h', 'ref="A0:C3" h')], "has the area A0:C3"),
        "a filter of another size": (
            [swap(TABLE, 'autoFilter ref="A1:C3"', 'autoFilter ref="A1:C2"')],
            "has the filter A1:C2",
        ),
        "a filter of the totals": ([swap(TABLE, *totals)], "has the filter A1:C3 in A1:C3"),
        "a filtered column": (
            [
                swap(
                    TABLE,
                    '<autoFilter ref="A1:C3" />',
                    '<autoFilter ref="A1:C3"><filterColumn colId="3"/></autoFilter>',
                )
            ],
            "filters column 3",
        ),
        "a column's formula": (
            [swap(TABLE, "re:<cal[^<]*", "<calculatedColumnFormula>[Hours]*2")],
            "without its table",
        ),
        "a total's formula": (
            [swap(TABLE, 'name="Who"', 'name="Who" totalsRowFunction="custom"')],
            "the totals function custom",
        ),
        "a column's look": (
            [swap(TABLE, 'name="Who"', 'name="Who" dataDxfId="1"')],
            "the dataDxfId 1",
        ),
        "a table out of order": (
            [swap(TABLE, "</table>", '<autoFilter ref="A1:C3"/></table>')],
            "has autoFilter after",
        ),
    }


def on_conditions() -> dict[str, tuple[list[Change], str]]:
    decimal = 'type="decimal" operator="between"'
    condition = "<formula>$B2&gt;8</formula>"
    return {
        "a validation of no area": (on_sheet('sqref="A2:A9" s', 'sqref="" s'), "is of no area"),
        "a validation of a wrong area": (on_sheet('sqref="A2:A9" s', 'sqref="A2,A9" s'), "is of no area"),
        "validations that overlap": (on_sheet('sqref="B2:B9" s', 'sqref="A9:B9" s'), "overlap"),
        "a validation that overlaps itself": (
            on_sheet('sqref="B2:B9" s', 'sqref="B2:B9 B9:B12" s'),
            "overlap",
        ),
        "a validation's type": (on_sheet('type="decimal" o', 'type="number" o'), "the type 'number'"),
        "a validation's operator": (on_sheet('operator="between"><formula1>0</formula1><formula2>24</formula2>', 'operator="within"><formula1>0</formula1>'), "the operator 'within'"),
        "a validation's style": (on_sheet(decimal, f'errorStyle="no" {decimal}'), "the style 'no'"),
        "a long error": (on_sheet('error="0 to 24"', f'error="{LONG[:225]}"'), "more than 224"),
        "a long error title": (on_sheet("error=", f'errorTitle="{LONG[:33]}" error='), "more than 32"),
        "a long prompt": (on_sheet("error=", f'prompt="{LONG}" error='), "more than 255"),
        "a long prompt title": (on_sheet("error=", f'promptTitle="{LONG[:33]}" error='), "than 32"),
        "one end": (on_sheet("<formula2>24</formula2>", ""), "has one end only"),
        "no end": (on_sheet('<formula1>"Ann,Ben"</formula1>', ""), "has no formula"),
        "an end too many": (on_sheet('operator="between"', 'operator="equal"'), "a second formula"),
        "a long list": (on_sheet('"Ann,Ben"', f'"{LONG}"'), "of 258 characters, more than 255"),
        "a list without quotes": (on_sheet('"Ann,Ben"', "Ann"), "names Ann, which is not defined"),
        "the operator as an end": (in_rule("between"), "names between, which is not defined"),
        "a table in a validation": (in_rule("SUM(tblHours[Hours])"), "names a table"),
        "an array in a validation": (in_rule("SUM({1,2})"), "has an array or a union"),
        "an equals sign in a validation": (in_rule("=1"), "begins with an equals sign"),
        "a priority twice": (on_sheet('priority="2"', 'priority="1"'), "the priority '1' stands"),
        "no priority": (on_sheet('priority="2"', 'priority="0"'), "the priority '0' is none"),
        "a look that is not there": (on_sheet('dxfId="0"', 'dxfId="1"'), "has the look 1"),
        "a condition of no area": (on_sheet('conditionalFormatting sqref="B2:B9"', 'conditionalFormatting sqref=""'), "is of no area"),
        "a condition's type": (on_sheet('type="expression"', 'type="formula"'), "type 'formula'"),
        "a condition without a formula": (on_sheet(condition, ""), "has 0 formulas"),
        "a condition that cannot be read": (on_sheet(condition, "<formula>$B2&gt;</formula>"), "an operand is missing"),
        "a table in a condition": (on_sheet(condition, "<formula>SUM(tblHours[Hours])</formula>"), "names a table"),
        "a bar with one end": (on_sheet('<cfvo type="num" val="24" />', ""), "a bar with 1 ends"),
        "no bar": (on_sheet("re:<dataBar>.*</dataBar>", ""), "has no dataBar"),
        "an extension's area": (with_extension("1", "B0"), "a conditionalFormatting of no area"),
        "an extension's formula": (with_extension("SUM(", "B1"), "a formula of an extension"),
    }  # fmt: skip


FILES = {
    f"{topic}: {name}": case
    for topic, cases in (
        ("package", on_packages()),
        ("attribute", on_attributes()),
        ("workbook", on_workbooks()),
        ("sheet", on_sheets()),
        ("formula", on_formulas()),
        ("table", on_tables()),
        ("condition", on_conditions()),
    )
    for name, case in cases.items()
}


def test_a_good_file_has_no_problems() -> None:
    assert problems_in(good()) == []


# What one mistake breaks elsewhere: formulas that name the table, the table's other name.
WITH_CONSEQUENCES = {
    "package: macros in an .xlsx",
    "table: a table that is not listed",
    "table: two tables of a name",
    "table: a cell's name",
}


@pytest.mark.parametrize("name", FILES)
def test_a_spoilt_file_is_found(name: str) -> None:
    changes, said = FILES[name]
    found = problems_in(spoilt(*changes))
    assert [problem for problem in found if said in problem], found
    assert len(found) == 1 or name in WITH_CONSEQUENCES, found


@pytest.mark.parametrize("other", [SHEET, SHEET.upper()])
def test_a_member_that_stands_twice_is_found(other: str) -> None:
    content = packed([*parts_of(good()).items(), (other, parts_of(good())[SHEET])])
    assert f"the zip has two members {SHEET}" in problems_in(content)


def test_another_compression_is_found() -> None:
    content = packed(parts_of(good()).items(), zipfile.ZIP_LZMA)
    assert f"the member {SHEET} is neither stored nor deflated" in problems_in(content)


def with_macros() -> bytes:
    """Make a workbook with a VBA project of two documents."""
    modules = [
        Module("ThisWorkbook", "", ModuleKind.WORKBOOK),
        Module("Sheet1", "", ModuleKind.SHEET),
        Module("Timix", "Sub A()\r\nEnd Sub\r\n", ModuleKind.STANDARD),
    ]
    return package(modules, sheets=[Sheet("conf", "Sheet1", [["a"]])], is_addin=False)


def test_a_workbook_with_macros_has_no_problems() -> None:
    assert problems_in(with_macros()) == []


def test_a_code_name_that_is_no_module_is_found() -> None:
    parts = parts_of(with_macros())
    swap(SHEET, 'codeName="Sheet1"', 'codeName="Tabelle1"')(parts)
    assert problems_in(packed(parts.items())) == [
        "the code name 'Tabelle1' is no document module of the VBA project",
        "the document module Sheet1 is the code of no sheet",
    ]


def test_what_is_no_zip_is_found() -> None:
    assert problems_in(b"Customer;Hours") == ["the file is no zip: File is not a zip file"]


def test_an_extension_that_is_not_of_the_type_is_found(tmp_path: Path) -> None:
    path = tmp_path / "good.xlsm"
    path.write_bytes(good())
    (problem,) = problems_in(path)
    assert problem.startswith("the file is an .xlsm and its workbook a application/vnd.openxml")


def test_the_command_prints_problems_and_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fine, bad = tmp_path / "fine.xlsx", tmp_path / "bad.xlsx"
    fine.write_bytes(good())
    bad.write_bytes(spoilt(add("xl/no.xml", "<a/>")))
    assert (main([str(fine)]), capsys.readouterr().out) == (0, "")
    assert main([str(fine), str(bad)]) == 1
    assert capsys.readouterr().out == f"{bad}: nothing leads to xl/no.xml\n"
