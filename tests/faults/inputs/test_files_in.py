"""Files from outside that are hostile, broken or not what they say: what `import` makes of each."""

import io
import json
import re
import shutil
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, time
from pathlib import Path
from typing import Any, TypeAlias
from xml.etree.ElementTree import ParseError

import openpyxl
import pytest
from defusedxml import EntitiesForbidden
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.xml import functions as xml_of_openpyxl
from sqlalchemy import select

from tests.builders import Shop, furnish
from tests.cli.terminal import Desk
from tests.importing.conftest import ACTOR, BOOKS
from timix_xl import preflight
from timix_xl.errors import FileUnreadable, InputError
from timix_xl.hosts.files import open_book
from timix_xl.hosts.refusals import HostError, OtherFormat, WorkbookTooBig, WorkbookUnsafe
from timix_xl.importing import books_file, sources
from timix_xl.importing import preflight as limits
from timix_xl.importing.refusals import (
    FileTooBig,
    FormatNotUnderstood,
    SheetTooBig,
    WorkbookNotTaken,
)
from timix_xl.importing.take_in import ImportReport, take_in
from timix_xl.store import tables
from timix_xl.store.database import Store, make_store

Take: TypeAlias = Callable[..., ImportReport]

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["id", "date", "project", "quantity", "person"]
DAY = datetime(2026, 1, 5)
GOOD = ["N1", DAY, "BARE", 1, "ben"]
CORNER = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
DTD = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with customers, projects and people."""
    folder = tmp_path_factory.mktemp("furnished")
    (folder / "books.json").write_text(json.dumps(BOOKS), encoding="utf-8")
    store, _ = make_store(str(folder / "timix.db"))
    take_in(store, [folder / "books.json"], actor=ACTOR)
    store.close()
    return folder / "timix.db"


@pytest.fixture
def books(furnished: Path, tmp_path: Path) -> Iterator[Store]:
    """A copy of that store for a test."""
    shutil.copy(furnished, tmp_path / "timix.db")
    store, _ = make_store(str(tmp_path / "timix.db"))
    yield store
    store.close()


@pytest.fixture
def take(books: Store, tmp_path: Path) -> Take:
    """Take in one file's content."""

    def taken(content: bytes | str, name: str = "hours.xlsx", **terms: Any) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return take_in(books, [path], actor=ACTOR, **terms)

    return taken


def saved(book: openpyxl.Workbook) -> bytes:
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def workbook(*rows: list[Any], **settings: Any) -> bytes:
    """Make a workbook with one sheet of entries."""
    made = openpyxl.Workbook()
    for name, value in settings.items():
        setattr(made, name, value)
    for row in (HEADER, *rows):
        made.active.append(row)
    return saved(made)


def repacked(content: bytes, change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Write a workbook anew with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return target.getvalue()


def with_rows(rows: bytes, behind: bytes = b"") -> bytes:
    """Return a workbook with these bytes as the rows of its sheet."""

    def change(parts: dict[str, bytes]) -> None:
        data = b"<sheetData>" + rows + b"</sheetData>" + behind
        sheet = re.sub(rb"<sheetData>.*</sheetData>", lambda _: data, parts[SHEET], flags=re.DOTALL)
        parts[SHEET] = sheet

    return repacked(workbook(GOOD), change)


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    return repacked(
        workbook(GOOD), lambda parts: parts.update({name: change(parts.get(name, b""))})
    )


def with_formula(formula: str, result: str = "8") -> bytes:
    """Return entries whose quantity is a formula with a saved result."""
    cell = f'<c r="D2"><f>{formula}</f><v>{result}</v></c>'.encode()
    return with_part(SHEET, lambda part: re.sub(rb'<c r="D2".*?</c>', lambda _: cell, part))


def codes(report: ImportReport) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in report.refused]


def warned(report: ImportReport) -> list[str]:
    assert not report.refused, report.refused
    return [one.code for one in report.warnings]


def entry(books: Store, number: str = "N1") -> dict[str, Any]:
    with books.reading() as connection:
        found = select(tables.entries).where(tables.entries.c.id == number)
        return dict(connection.execute(found).mappings().one())


def stops(take: Take, content: bytes | str, leaf: type[InputError], why: str, **facts: Any) -> None:
    with pytest.raises(leaf) as refused:
        take(content, **facts)
    assert why in refused.value.message


# What is too big, or lies about its size.


@pytest.mark.bad_input("Z02")
def test_a_million_rows_are_refused_by_their_number(take: Take) -> None:
    rows = b"".join(b'<row r="%d"><c r="A%d"/></row>' % (at, at) for at in range(1, 250_001))
    why = "sheet1 has 250,000 rows and 1 columns; at most 200,000 rows and 256 columns are read"
    stops(take, with_rows(rows), SheetTooBig, why)


@pytest.mark.bad_input("Z04")
def test_a_size_that_a_sheet_claims_is_not_believed(take: Take) -> None:
    lie = b'<dimension ref="A1:XFD1048576"'
    content = with_part(SHEET, lambda part: re.sub(rb'<dimension ref="[^"]*"', lie, part))
    assert take(content).taken == 1
    small = with_part(SHEET, lambda part: re.sub(rb'ref="A1:[^"]*"', b'ref="A1:A1"', part))
    assert take(small).known == 1


FAR = [
    CORNER,
    b"<row r='1'><c r='XFD1048576'/></row>",
    b'<row><c x="" r="XFD1048576"/></row>',
    b'<row r="1"><c r="A1"/></row><row r="1048576"> <c/></row>',
    b'<row r="1048575"/><row><c><v>1</v></c></row>',
]


@pytest.mark.bad_input("Z05")
@pytest.mark.parametrize("rows", FAR)
def test_a_value_in_the_far_corner_is_refused(rows: bytes, take: Take) -> None:
    stops(take, with_rows(rows), SheetTooBig, "1,048,576 rows")


@pytest.mark.bad_input("Z05")
@pytest.mark.parametrize("ends", [b"/>", b"></row>", b">\n</row>"])
def test_a_last_row_without_cells_hides_nothing_and_costs_nothing(
    ends: bytes, take: Take, tmp_path: Path
) -> None:
    far = b'<row r="1048576" customFormat="false" ht="12.8"' + ends + b"</sheetData>"
    content = with_part(SHEET, lambda part: part.replace(b"</sheetData>", far))
    assert take(content).taken == 1
    sheet = open_book(tmp_path / "hours.xlsx").sheets[0]
    assert sheet.used_range.last_cell.row == 2


HIDDEN = b'<row r="3"><c r="A3"><v>99</v></c></row>'
TWICE = b"<sheetData>" + HIDDEN + b"</sheetData>"
CHOICE = (
    b'<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
    b'<mc:Choice Requires="nope">%b</mc:Choice></mc:AlternateContent>'
)
HIDING = {
    "behind the table": lambda part: part.replace(
        b"</sheetData>", b"</sheetData><x>%b</x>" % HIDDEN
    ),
    "in an extension": lambda part: part.replace(
        b"</worksheet>", b'<extLst><ext uri="{7}">%b</ext></extLst></worksheet>' % TWICE
    ),
    "in a choice of the table": lambda part: part.replace(
        b"</sheetData>", CHOICE % HIDDEN + b"</sheetData>"
    ),
    "a table in a choice": lambda part: re.sub(
        rb"<sheetData>.*</sheetData>", lambda found: CHOICE % found[0], part, flags=re.DOTALL
    ),
    "in an extension of a row": lambda part: part.replace(
        b"</row></sheetData>", b"<extLst><c><v>9</v></c></extLst></row></sheetData>"
    ),
    "in a cell": lambda part: part.replace(b"</c></row>", HIDDEN + b"</c></row>", 1),
    "as something that is no cell": lambda part: part.replace(
        b"</row></sheetData>", b'<x r="F2"><v>9</v></x></row></sheetData>'
    ),
    "in another namespace": lambda part: part.replace(
        b"<sheetData>", b'<sheetData xmlns:y="urn:y" y:z="">'
    ),
    "with other names for the same": lambda part: part.replace(
        b"</sheetData>",
        b'</sheetData><q:row xmlns:q="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<q:c r="A9"/></q:row>',
    ),
    "in no worksheet": lambda part: part.replace(b"<worksheet", b"<other", 1).replace(
        b"</worksheet>", b"</other>"
    ),
}


@pytest.mark.bad_input("Z08")
@pytest.mark.parametrize("case", HIDING)
def test_rows_that_only_some_programs_see_are_refused(
    case: str, take: Take, tmp_path: Path
) -> None:
    content = with_part(SHEET, HIDING[case])
    why = "rows in more than one place|table of cells that is not plainly written"
    with pytest.raises(WorkbookNotTaken, match=why):
        take(content)
    with pytest.raises(WorkbookUnsafe, match=why):
        open_book(tmp_path / "hours.xlsx")


def test_what_spreadsheet_programs_put_around_their_rows_is_no_row(take: Take) -> None:
    control = CHOICE % (
        b'<control><xdr:to xmlns:xdr="urn:x"><xdr:row>5</xdr:row></xdr:to></control>'
    )
    content = with_part(
        SHEET, lambda part: part.replace(b"</worksheet>", control + b"</worksheet>")
    )
    assert take(content).taken == 1


def test_a_sheet_whose_names_have_a_prefix_is_read(take: Take) -> None:
    def prefixed(part: bytes) -> bytes:
        part = re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1x:", part)
        return part.replace(b" xmlns=", b" xmlns:x=")

    assert take(with_part(SHEET, prefixed)).taken == 1


ODD = [
    b'<row r="&#49;048576"/>',
    b'<row r="1_048_576"/>',
    b'<row r="1"><c x=">" r="XFD1048576"/></row>',
    b'<row r="1"><c x=" r=\'A1\'" r="XFD9"/></row>',
    "<row r='1'><c r='A\u0661'/></row>".encode(),
    b'<p:row xmlns:p="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="&#49;"/>',
]


@pytest.mark.bad_input("Z05")
@pytest.mark.parametrize("rows", ODD)
def test_a_place_that_is_hidden_from_a_glance_is_refused(rows: bytes, take: Take) -> None:
    stops(take, with_rows(rows), WorkbookNotTaken, "a cell or row that is not plainly written")


@pytest.mark.bad_input("Z05")
@pytest.mark.parametrize("tag", [b"mergeCell", b"hyperlink"])
def test_a_range_that_a_reader_would_fill_is_refused(tag: bytes, tmp_path: Path) -> None:
    behind = b"<x><" + tag + b' ref="A1:XFD1048576"/></x>'
    path = tmp_path / "range.xlsx"
    path.write_bytes(with_rows(b"", behind))
    with pytest.raises(WorkbookTooBig, match="more than 1,000,000 merged or linked cells"):
        open_book(path)


@pytest.mark.bad_input("Z02")
def test_cells_that_do_not_say_where_they_stand_are_counted(take: Take, tmp_path: Path) -> None:
    content = with_rows(b'<row r="1">' + b"<c/>" * 2_000 + b"</row>")
    stops(take, content, SheetTooBig, "1 rows and 2,000 columns")
    with pytest.raises(WorkbookTooBig, match="2,000 columns"):
        open_book(tmp_path / "hours.xlsx")


@pytest.mark.bad_input("Z02")
def test_the_cells_of_all_sheets_together_are_counted(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = openpyxl.Workbook()
    for sheet in (made.active, made.create_sheet("B")):
        sheet.append(["a", "b", "c"])
    monkeypatch.setattr(preflight, "MOST_CELLS", 5)
    stops(take, saved(made), WorkbookNotTaken, "it has 6 cells; at most 5 are read")


@pytest.mark.bad_input("Z02")
def test_many_small_bombs_are_one_bomb(take: Take) -> None:
    blank = {f"xl/blank{at}.xml": b"<x/>" + b" " * (1 << 20) for at in range(6)}
    content = repacked(workbook(GOOD), lambda parts: parts.update(blank))
    stops(take, content, WorkbookNotTaken, "its small parts unpack to")


@pytest.mark.bad_input("Z05")
def test_a_table_of_a_whole_sheet_is_not_gone_through(take: Take, tmp_path: Path) -> None:
    made = openpyxl.load_workbook(io.BytesIO(workbook(GOOD)))
    made.active.add_table(openpyxl.worksheet.table.Table(displayName="T", ref="A1:E2"))
    (tmp_path / "table.xlsx").write_bytes(saved(made))
    assert open_book(tmp_path / "table.xlsx").sheets[0].tables["T"]
    content = repacked(
        saved(made),
        lambda parts: parts.update(
            {"xl/tables/table1.xml": parts["xl/tables/table1.xml"].replace(b"E2", b"E1048576")}
        ),
    )
    (tmp_path / "table.xlsx").write_bytes(content)
    with pytest.raises(WorkbookTooBig, match="5,242,880 cells in tables"):
        open_book(tmp_path / "table.xlsx")
    assert take(content).taken == 1  # an import reads rows, not tables


@pytest.mark.bad_input("Z06")
@pytest.mark.parametrize("tag", [b"<xf />", b"<font/>", b"<border/>"])
def test_too_many_styles_are_refused(tag: bytes, take: Take) -> None:
    content = with_part(
        "xl/styles.xml", lambda part: part.replace(b"</cellXfs>", tag * 65_000 + b"</cellXfs>")
    )
    stops(take, content, WorkbookNotTaken, "at most 64,000 are read")


@pytest.mark.bad_input("Z08")
def test_a_part_that_is_there_twice_is_refused(take: Take) -> None:
    content = io.BytesIO(workbook(GOOD))
    with warnings.catch_warnings(), zipfile.ZipFile(content, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(SHEET.replace("worksheets", "Worksheets"), b"<worksheet/>")
    stops(take, content.getvalue(), WorkbookNotTaken, "two of its parts have the same name")


@pytest.mark.bad_input("Z08")
def test_a_sheet_that_is_listed_twice_is_refused(take: Take) -> None:
    def twice(part: bytes) -> bytes:
        return re.sub(rb"(<sheet [^>]*)name=\"Sheet\"([^>]*/>)", rb'\g<0>\1name="B"\2', part)

    content = with_part("xl/workbook.xml", twice)
    stops(take, content, WorkbookNotTaken, "two of its sheets are the same part")


KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}+xml"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"


def with_override(part: str, kind: str) -> Callable[[bytes], bytes]:
    one = f'<Override PartName="/{part}" ContentType="{KIND.format(kind)}"/>'.encode()
    return lambda types: re.sub(rb"(<Types[^>]*>)", lambda found: found[1] + one, types, count=1)


def with_relation(target: str, kind: str, name: str = "rId99") -> Callable[[bytes], bytes]:
    one = f'<Relationship Id="{name}" Type="{RELATION.format(kind)}" Target="{target}"/>'.encode()
    return lambda part: part.replace(b"</Relationships>", one + b"</Relationships>")


TYPES, OF_FILE = "[Content_Types].xml", "_rels/.rels"
OF_BOOK, BOOK = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"
OTHER_STYLES = "says in two ways where its styles are"
OTHER_BOOK = "says in two ways which of its parts is the workbook"
TWO_WAYS = {
    "two workbooks": (TYPES, with_override("xl/other.xml", "sheet.main"), OTHER_BOOK),
    "another workbook": (
        OF_FILE,
        lambda part: part.replace(b"xl/workbook.xml", b"xl/other.xml"),
        OTHER_BOOK,
    ),
    "two starts": (OF_FILE, with_relation("xl/other.xml", "officeDocument"), OTHER_BOOK),
    "other texts": (
        TYPES,
        with_override("xl/styles.xml", "sharedStrings"),
        "says in two ways where its texts are",
    ),
    "other styles": (OF_BOOK, with_relation("theme/theme1.xml", "styles"), OTHER_STYLES),
    "no styles": (OF_BOOK, lambda part: part.replace(b"/styles", b"/none"), OTHER_STYLES),
    "one name for two parts": (
        OF_BOOK,
        with_relation("styles.xml", "worksheet", "rId1"),
        "names parts in an unusual way",
    ),
    "an escaped name": (
        OF_BOOK,
        lambda part: part.replace(b"sheet1.xml", b"sheet%31.xml"),
        "names parts in an unusual way",
    ),
    "two lists of sheets": (
        BOOK,
        lambda part: part.replace(b"</sheets>", b"</sheets><x><sheets/></x>"),
        "has more than one list of its sheets",
    ),
}


@pytest.mark.bad_input("Z08")
@pytest.mark.parametrize("case", TWO_WAYS)
def test_a_file_that_is_two_workbooks_is_refused(case: str, take: Take, tmp_path: Path) -> None:
    part, change, why = TWO_WAYS[case]
    content = with_part(part, change)
    stops(take, content, WorkbookNotTaken, why)
    with pytest.raises(WorkbookUnsafe, match=why):
        open_book(tmp_path / "hours.xlsx")


@pytest.mark.bad_input("Z08")
def test_a_part_with_a_second_name_is_refused(take: Take) -> None:
    def added(name: str) -> bytes:
        content = io.BytesIO(workbook(GOOD))
        part = zipfile.ZipInfo("xl/media/a.png")
        told = struct.pack("<BL", 1, zlib.crc32(part.filename.encode())) + name.encode()
        part.extra = struct.pack("<HH", 0x7075, len(told)) + told
        with zipfile.ZipFile(content, "a") as archive:
            archive.writestr(part, b"\x89PNG")
        return content.getvalue()

    stops(take, added(SHEET), WorkbookNotTaken, "one of its parts has two names")
    assert take(added("xl/media/a.png")).taken == 1


MASHUP = '<?xml version="1.0" encoding="utf-16"?><DataMashup>AA</DataMashup>'.encode("utf-16")
SVG = b'<?xml version="1.0"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">\n<svg/>'


def with_parts_of_others(content: bytes) -> bytes:
    more = {"customXml/item1.xml": MASHUP, "xl/media/image1.svg": SVG}
    return repacked(content, lambda parts: parts.update(more))


def test_parts_that_only_other_programs_read_are_left_to_them(take: Take, tmp_path: Path) -> None:
    assert take(with_parts_of_others(workbook(GOOD))).taken == 1
    assert open_book(tmp_path / "hours.xlsx").sheets[0]["A2"].value == "N1"


@pytest.mark.bad_input("X04")
@pytest.mark.parametrize("target", ["../customXml/item1.xml", "media/image1.svg"])
@pytest.mark.parametrize("place", [OF_BOOK, "xl/worksheets/_rels/sheet1.xml.rels"])
def test_parts_of_other_programs_that_we_would_be_led_to_are_refused(
    target: str, place: str, take: Take
) -> None:
    empty = b'<Relationships xmlns="urn:x"></Relationships>'
    led = with_relation(target, "worksheet")
    content = repacked(
        with_parts_of_others(workbook(GOOD)),
        lambda parts: parts.update({place: led(parts.get(place, empty))}),
    )
    stops(
        take, content, WorkbookNotTaken, "is not written" if "item" in target else "document type"
    )


@pytest.mark.bad_input("Z09")
@pytest.mark.parametrize(
    ("content", "leaf", "why"),
    [
        (workbook(GOOD)[:2000], FileUnreadable, "it is damaged"),
        (b"", FileUnreadable, "it is empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileUnreadable, "(.xls), or one with a password"),
        (b"\x1f\x8b\x08", FormatNotUnderstood, "is a packed archive"),
    ],
)
def test_what_is_no_workbook_says_plainly_why(
    content: bytes, leaf: type[InputError], why: str, take: Take
) -> None:
    stops(take, content, leaf, why)


def zipped(*names: str, first: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in names:
            archive.writestr(name, first)
    return content.getvalue()


OPEN_DOCUMENT = zipped("mimetype", first=b"application/vnd.oasis.opendocument.spreadsheet")
OTHERS = {
    "an OpenDocument spreadsheet (.ods)": OPEN_DOCUMENT,
    "a binary workbook (.xlsb)": zipped("[Content_Types].xml", "xl/workbook.bin"),
}


@pytest.mark.bad_input("Z09")
@pytest.mark.parametrize("what", OTHERS)
def test_another_spreadsheet_format_is_to_be_saved_as_xlsx(
    what: str, take: Take, tmp_path: Path
) -> None:
    with pytest.raises(FileUnreadable) as refused:
        take(OTHERS[what])
    assert what in refused.value.message
    assert "save it as .xlsx" in refused.value.hint
    with pytest.raises(OtherFormat, match=re.escape(what)):
        open_book(tmp_path / "hours.xlsx")


MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.{}.main+xml"
KINDS = {
    "hours.xlsm": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    "hours.xltx": MAIN.format("template"),
    "hours.xltm": "application/vnd.ms-excel.template.macroEnabled.main+xml",
}


@pytest.mark.parametrize("name", KINDS)
def test_workbooks_with_macros_and_templates_are_read_as_workbooks(name: str, take: Take) -> None:
    def renamed(part: bytes) -> bytes:
        return part.replace(MAIN.format("sheet").encode(), KINDS[name].encode())

    assert take(with_part("[Content_Types].xml", renamed), name).taken == 1


# Zips that two programs would read differently.

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"


def patched(content: bytes, at: int, field: bytes) -> bytes:
    return content[:at] + field + content[at + len(field) :]


def sheet_entry(content: bytes) -> int:
    """Find where the list of parts speaks of the sheet."""
    return content.rfind(CENTRAL, 0, content.rfind(SHEET.encode()))


def lying_about_size(content: bytes) -> bytes:
    """Say that the sheet is shorter than what it unpacks to, with the checksum of that."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        head = archive.read(SHEET)[:100]
    fields = struct.pack("<I", zlib.crc32(head)), struct.pack("<I", len(head))
    entry, local = sheet_entry(content), content.find(SHEET.encode()) - 30
    for at, crc, size in ((entry, 16, 24), (local, 14, 22)):
        content = patched(patched(content, at + crc, fields[0]), at + size, fields[1])
    return content


def overlapping(content: bytes) -> bytes:
    """Let two entries of the list share the bytes of one part."""
    first = content.find(CENTRAL)
    second = content.find(CENTRAL, first + 4)
    return patched(content, second + 42, content[first + 42 : first + 46])


def as_bzip2(content: bytes) -> bytes:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as after,
    ):
        for name in before.namelist():
            after.writestr(name, before.read(name))
    return target.getvalue()


def with_unread_part(content: bytes) -> bytes:
    at = content.rfind(END) + 10
    return patched(content, at, struct.pack("<H", struct.unpack("<H", content[at : at + 2])[0] - 1))


ZIPS = {
    "a size that is a lie": (lying_about_size, "has another size than it says"),
    "parts that overlap": (overlapping, "is described in two ways"),
    "something before": (lambda one: LOCAL + bytes(26) + one, "something stands before them"),
    "something behind": (lambda one: one + b"more", "something stands behind"),
    "an unusual packing": (as_bzip2, "is packed in an unusual way"),
    "a part that is not counted": (with_unread_part, "more or fewer parts than it says"),
    "another name inside": (
        lambda one: one.replace(SHEET.encode(), SHEET.replace("1", "2").encode(), 1),
        "is described in two ways",
    ),
}


@pytest.mark.bad_input("Z08")
@pytest.mark.parametrize("case", ZIPS)
def test_a_zip_that_could_be_read_in_two_ways_is_refused(case: str, take: Take) -> None:
    change, why = ZIPS[case]
    stops(take, change(workbook(GOOD)), WorkbookNotTaken, why)


@pytest.mark.bad_input("Z09")
def test_a_part_that_is_not_as_it_was_packed_is_damaged(take: Take) -> None:
    content = workbook(GOOD)
    crc = sheet_entry(content) + 16
    local = content.find(SHEET.encode()) - 30 + 14
    broken = patched(patched(content, crc, b"\0\0\0\0"), local, b"\0\0\0\0")
    stops(take, broken, FileUnreadable, "it is damaged (its zip is broken)")


@pytest.mark.bad_input("Z09")
def test_a_part_whose_name_is_no_text_is_damaged(take: Take) -> None:
    content = repacked(workbook(GOOD), lambda parts: parts.update({"xl/\xe4.bin": b"x"}))
    broken = content.replace("xl/\xe4.bin".encode(), b"xl/\xff\xff.bin")
    stops(take, broken, FileUnreadable, "it is damaged")


def test_a_list_of_more_parts_than_a_workbook_has_is_not_even_read(take: Take) -> None:
    content = workbook(GOOD) + CENTRAL * (preflight.MOST_PARTS + 1)
    stops(take, content, WorkbookNotTaken, "more than 5,000 parts")


@pytest.mark.parametrize(
    "remark", [b"<!--" + b" " * (2 << 20) + b"-->", b'<a b="%s"/>' % (b"x" * (2 << 20))]
)
def test_a_tag_of_megabytes_is_refused(remark: bytes, take: Take) -> None:
    content = with_part(SHEET, lambda part: part.replace(b"<sheetData>", remark + b"<sheetData>"))
    stops(take, content, WorkbookNotTaken, "a tag of more than 1 MB")


@pytest.mark.parametrize(
    "junk", [b"<row" * 1_000_000, b"<c" * 2_000_000, b"<" * 4_000_000, b"<!--" * 1_000_000]
)
def test_looking_into_nonsense_takes_no_longer_for_it(junk: bytes, take: Take) -> None:
    with pytest.raises(InputError):
        take(with_rows(junk))


def test_elements_within_elements_without_end_are_read_over(take: Take) -> None:
    deep = b"<a>" * 100_000 + b"</a>" * 100_000
    content = with_part(SHEET, lambda part: part.replace(b"<sheetData>", deep + b"<sheetData>"))
    assert take(content).taken == 1


# XML that reads files, or hides from a glance.


@pytest.mark.bad_input("X01")
def test_an_entity_that_would_read_a_file_is_refused(take: Take, tmp_path: Path) -> None:
    content = with_part(SHEET, lambda part: DTD + part)
    stops(take, content, WorkbookNotTaken, "declares a document type")
    with pytest.raises(WorkbookUnsafe, match="declares a document type"):
        open_book(tmp_path / "hours.xlsx")


@pytest.mark.bad_input("X01")
@pytest.mark.parametrize("read", ["fromstring", "iterparse"])
def test_the_library_that_reads_workbooks_refuses_entities_too(read: str) -> None:
    document = DTD + b"<x>&e;</x>"
    with pytest.raises((EntitiesForbidden, ParseError)) as refused:
        if read == "fromstring":
            xml_of_openpyxl.fromstring(document)
        else:
            list(xml_of_openpyxl.iterparse(io.BytesIO(document)))
    assert openpyxl.DEFUSEDXML
    assert isinstance(refused.value, EntitiesForbidden)


@pytest.mark.bad_input("X03")
def test_a_document_type_in_the_list_of_sheets_is_refused(take: Take) -> None:
    content = with_part("xl/workbook.xml", lambda part: b"<!DOCTYPE x>" + part)
    stops(take, content, WorkbookNotTaken, "xl/workbook.xml declares a document type")


@pytest.mark.bad_input("X04")
@pytest.mark.parametrize(
    "written",
    [
        lambda part: part.decode().encode("utf-16"),
        lambda part: part.decode().encode("utf-16-le"),
        lambda part: b'<?xml version="1.0" encoding="UTF-7"?>' + part,
        lambda part: b'<?xml version="1.0"' + b" " * 2000 + b'encoding="utf-16"?>' + part,
        lambda part: b'<?xml version="1.0" encoding="utf-8x"?>' + part,
    ],
)
def test_a_part_in_another_encoding_is_refused(
    written: Callable[[bytes], bytes], take: Take
) -> None:
    stops(take, with_part(SHEET, written), WorkbookNotTaken, "is not written in UTF-8")


@pytest.mark.bad_input("X07")
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"%PDF-1.7\n/EmbeddedFiles", "a PDF"),
        (b'<?xml version="1.0"?><rsm:CrossIndustryInvoice/>', "an XML or HTML file"),
        (b"\xef\xbb\xbf \n" + DTD + b"<x/>", "an XML or HTML file"),
        (b"{\\rtf1 hours}", "an RTF document"),
    ],
)
def test_a_paper_with_an_invoice_in_it_is_no_import(content: bytes, what: str, take: Take) -> None:
    stops(take, content, FormatNotUnderstood, f"is {what}.", name="invoice.pdf")


# Names.


@pytest.mark.bad_input("Z05")
@pytest.mark.parametrize("stands_for", ["$A$1:$XFD$1048576", "$B$4:$B$5"])
def test_a_cell_of_ours_that_became_many_is_refused(stands_for: str, tmp_path: Path) -> None:
    store, _ = make_store(str(tmp_path / "timix.db"))
    shop = Shop(store)
    furnish(shop)
    shop.time("E1")
    store.close()
    desk, path = Desk(tmp_path / "timix.db"), tmp_path / "acme.xlsx"
    loaded = desk("review", "ACME", "--billing-date", "2026-01-31", "-o", str(path))
    assert loaded.code == 0, loaded.err
    name = rb'(<definedName[^>]*name="timix_customer"[^>]*>[^<]*!)[^<]*<'
    content = repacked(
        path.read_bytes(),
        lambda parts: parts.update(
            {BOOK: re.sub(name, lambda found: found[1] + stands_for.encode() + b"<", parts[BOOK])}
        ),
    )
    path.write_bytes(content)
    refused = desk("issue", str(path))
    assert refused.code == 2
    assert "the name timix_customer stands for more than one cell" in refused.err
    assert "INV-" not in desk("invoices").out


# Formulas and links.


@pytest.mark.bad_input("L01")
def test_links_to_other_workbooks_are_told_and_not_followed(take: Take) -> None:
    references = b'<externalReferences><externalReference r:id="rId99"/></externalReferences>'
    content = with_part(
        "xl/workbook.xml", lambda part: part.replace(b"</sheets>", b"</sheets>" + references)
    )
    assert warned(take(content)) == ["FILE-02"]


@pytest.mark.bad_input("L01")
@pytest.mark.bad_input("L02")
@pytest.mark.parametrize(
    "formula",
    [
        "'[\\\\evil\\share\\b.xlsx]S'!A1",
        "[1]S!A1",
        'WEBSERVICE("http://evil.example")',
        '_xlfn.WEBSERVICE("http://evil.example")',
        '_xlfn.STOCKHISTORY("X",1)',
        'CUBEVALUE("c","m")',
        'IMPORTDATA("http://evil.example")',
        '_xlfn.IMPORTTEXT("\\\\evil\\share\\a.txt")',
        'IFERROR(__xludf.DUMMYFUNCTION("IMPORTRANGE(""x"",""A1"")"),8)',
        "cmd|'/C calc'!A0",
    ],
)
def test_what_comes_from_elsewhere_is_not_believed(formula: str, take: Take) -> None:
    report = take(with_formula(formula.replace('"', "&quot;")))
    assert codes(report) == [("IMP-84", "quantity")]
    assert "reads another file or the internet" in report.refused[0].message


@pytest.mark.bad_input("L01")
def test_what_comes_from_elsewhere_by_a_name_is_not_believed_either(take: Take) -> None:
    name = b"<definedNames><definedName name=\"Rate\">'[1]S'!$A$1</definedName></definedNames>"
    content = repacked(
        with_formula("Rate*2"),
        lambda parts: parts.update(
            {
                "xl/workbook.xml": re.sub(
                    rb"<definedNames\s*/>|(?=<calcPr)", name, parts["xl/workbook.xml"], count=1
                )
            }
        ),
    )
    assert codes(take(content)) == [("IMP-84", "quantity")]


@pytest.mark.bad_input("L01")
def test_a_formula_is_searched_for_many_names_at_once(take: Take) -> None:
    names = b"".join(
        b"<definedName name=\"n%d_\">'[1]S'!$A$1</definedName>" % at for at in range(2_000)
    )
    defined = b"<definedNames>" + names + b"</definedNames>"
    for formula, code in (("A1+" * 2_000 + "1", []), ("A1+" * 2_000 + "N7_", ["IMP-84"])):
        content = repacked(
            with_formula(formula),
            lambda parts: parts.update(
                {BOOK: re.sub(rb"<definedNames\s*/>|(?=<calcPr)", defined, parts[BOOK], count=1)}
            ),
        )
        assert [one for one, _ in codes(take(content, dry_run=True))] == code
    report = take(with_formula("1" * 9_000))
    assert "a formula of more than 8,192 characters" in report.refused[0].message


# Values.


@pytest.mark.bad_input("D01")
def test_the_noise_of_floats_is_rounded_away_and_a_real_difference_is_not(
    take: Take, books: Store
) -> None:
    report = take(workbook([*GOOD[:3], 0.1 + 0.2], ["N2", DAY, "BARE", 7.1]))
    assert report.taken == 2
    assert {entry(books, one)["quantity"] for one in ("N1", "N2")} == {
        entry(books, "N1")["quantity"].__class__("0.3"),
        entry(books, "N1")["quantity"].__class__("7.1"),
    }
    assert codes(take(workbook(["N3", DAY, "BARE", 0.300000001]))) == [("IMP-15", "quantity")]


@pytest.mark.bad_input("D02")
@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("NaN", "IMP-12"),
        ("Infinity", "IMP-12"),
        ("1e3", "IMP-12"),
        ("-0", "IMP-63"),
        (True, "IMP-12"),
        ("", "IMP-11"),
        ("1_0", "IMP-12"),
        ("\uff18", "IMP-12"),
        ("8,5", "IMP-13"),
        ("8.5 h", "IMP-12"),
        ("1" * 400, "IMP-14"),
    ],
)
def test_a_number_that_is_none_is_refused(value: Any, code: str, take: Take) -> None:
    assert codes(take(workbook([*GOOD[:3], value]))) == [(code, "quantity")]


@pytest.mark.bad_input("D02")
def test_blanks_around_a_number_are_no_part_of_it(take: Take, books: Store) -> None:
    assert take(workbook([*GOOD[:3], " 8 "])).taken == 1
    assert entry(books)["quantity"] == 8


@pytest.mark.bad_input("D03")
@pytest.mark.parametrize(
    ("hours", "code"), [([-1], "FILE-03"), ([25], "IMP-81"), ([13, 13], "IMP-81")]
)
def test_hours_that_no_day_has_are_told(hours: list[int], code: str, take: Take) -> None:
    rows = [[f"N{at}", DAY, "BARE", each, "ben"] for at, each in enumerate(hours)]
    assert warned(take(workbook(*rows))) == [code]


@pytest.mark.bad_input("D04")
def test_eight_o_clock_is_eight_hours(take: Take, books: Store) -> None:
    assert take(workbook([*GOOD[:3], time(8, 0)])).taken == 1
    assert entry(books)["quantity"] == 8


@pytest.mark.bad_input("D04")
def test_a_share_of_a_day_without_its_format_is_asked_about(take: Take) -> None:
    assert codes(take(workbook([*GOOD[:3], 8 / 24]))) == [("IMP-15", "quantity")]


@pytest.mark.bad_input("D05")
@pytest.mark.parametrize(
    "day", ["03/04/2026", 60, "2026-02-30", "20226-01-05", datetime(1900, 3, 1)]
)
def test_a_date_that_is_none_or_could_be_two_is_refused(day: Any, take: Take) -> None:
    assert codes(take(workbook(["N1", day, "BARE", 1]))) == [("IMP-17", "date")]


@pytest.mark.bad_input("D05")
def test_an_export_with_dates_of_two_readings_shows_both(take: Take) -> None:
    export = (
        "User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,"
        "End time,Duration,Tags\n"
        "Anna,a@example.com,Acme AG,Plant,,x,Yes,03/04/2026,09:00:00,03/04/2026,10:00:00,1:00:00,\n"
    )
    why = "03/04/2026 could be 3 April 2026 or 4 March 2026"
    stops(take, export, InputError, why, name="toggl.csv")


@pytest.mark.bad_input("D05")
def test_dates_that_count_from_1904_are_the_same_dates(take: Take, books: Store) -> None:
    assert take(workbook(GOOD, epoch=CALENDAR_MAC_1904)).taken == 1
    assert entry(books)["date"] == DAY.date()


@pytest.mark.bad_input("D06")
def test_names_that_look_alike_are_one_name_or_reported(take: Take) -> None:
    people = [
        {"code": "mu\u0308ller", "name": "Mu\u0308ller\u00a0"},
        {"code": "m\u00fcller", "name": "M\u00fcller"},
    ]
    assert [code for code, _ in codes(take(json.dumps({"people": people}), "books.json"))] == [
        "IMP-31"
    ]
    anna = [{"code": "\u0430nna", "name": "\u0410nna"}]
    assert set(warned(take(json.dumps({"people": anna}), "books.json"))) == {"IMP-80"}
    stranger = workbook([*GOOD[:4], "b\u0435n"])
    assert codes(take(stranger)) == [("IMP-30", "person")]


@pytest.mark.bad_input("D07")
def test_rows_that_are_hidden_are_taken_in_and_counted(take: Take) -> None:
    made = openpyxl.load_workbook(
        io.BytesIO(workbook(*[[f"N{at}", DAY, "BARE", "0.1", "ben"] for at in range(50)]))
    )
    for number in range(5, 45):
        made.active.row_dimensions[number].hidden = True
    report = take(saved(made))
    assert (report.taken, warned(report)) == (50, ["FILE-01"])
    assert report.warnings[0].message.startswith("40 rows are hidden or filtered out")


@pytest.mark.bad_input("D07")
@pytest.mark.parametrize(("merged", "column"), [("B2:B3", "date"), ("E2:E3", "person")])
def test_merged_cells_say_nothing_of_the_rows_below(merged: str, column: str, take: Take) -> None:
    made = openpyxl.load_workbook(io.BytesIO(workbook(GOOD, ["N2", *GOOD[1:]])))
    made.active.merge_cells(merged)
    report = take(saved(made))
    assert codes(report) == [("IMP-84", column)]
    assert f"it is merged with {merged[:2]}" in report.refused[0].message


@pytest.mark.bad_input("D07")
def test_a_row_of_totals_is_never_work(take: Take) -> None:
    refused = take(workbook(GOOD, ["Total", None, None, 1]), skip_bad=True)
    assert (refused.taken, {one.row for one in refused.refused}) == (1, {"Sheet, row 3"})


@pytest.mark.bad_input("D08")
def test_a_day_that_no_rate_covers_is_named_and_never_billed_at_zero(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "timix.db")
    books = {**BOOKS, "bill_rates": [{"rate": "95", "customer": "ACME", "to": "2026-01-15"}]}
    entry = {"project": "BARE", "person": "ben", "quantity": "2", "status": "approved"}
    books["entries"] = [
        {**entry, "id": number, "date": day}
        for number, day in (("E1", "2026-01-15"), ("E2", "2026-01-16"))
    ]
    (tmp_path / "books.json").write_text(json.dumps(books), encoding="utf-8")
    assert desk("init").code == 0
    assert desk("import", str(tmp_path / "books.json")).code == 0
    priced, left_out = desk("unbilled", "ACME").out.split("Left out, and why")
    assert re.search(r"E1 +2026-01-15 .* 95\.00 +190\.00", priced)
    assert "E2" not in priced
    assert re.search(r"E2 +2026-01-16 +BARE +BARE +ben .* no bill rate +LEFT-09", left_out)


@pytest.mark.bad_input("D08")
def test_a_rate_in_the_currency_of_the_company_is_no_rate_in_another(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "timix.db")
    people = [{"code": "ben", "name": "Ben", "bill_rate": "95"}, {"code": "anna", "name": "Anna"}]
    projects = [*BOOKS["projects"], {"code": "TOKYO", "customer": "YEN"}]
    entry = {"id": "E1", "date": "2026-01-15", "person": "ben", "quantity": 2, "status": "approved"}
    entries = [{**entry, "project": "TOKYO"}, {**entry, "id": "E2", "project": "BARE"}]
    books = {**BOOKS, "people": people, "projects": projects, "entries": entries, "bill_rates": []}
    (tmp_path / "books.json").write_text(json.dumps(books), encoding="utf-8")
    assert desk("init").code == 0
    assert desk("import", str(tmp_path / "books.json")).code == 0
    assert re.search(r"E2 +2026-01-15 .* 95\.00 +190\.00", desk("unbilled", "ACME").out)
    priced, left_out = desk("unbilled", "YEN").out.split("Left out, and why")
    assert "E1" not in priced
    assert re.search(r"E1 +2026-01-15 +TOKYO .* no rate in JPY +LEFT-11", left_out)


@pytest.mark.bad_input("D08")
def test_rates_that_overlap_are_refused(take: Take) -> None:
    rates = [
        {"rate": "90", "project": "P1", "to": "2026-03-31"},
        {"rate": "95", "project": "P1", "from": "2026-03-31"},
    ]
    report = take(json.dumps({"bill_rates": rates}), "books.json")
    assert {code for code, _ in codes(report)} == {"IMP-36"}


# Texts.


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b", "a\x1bb"])
@pytest.mark.parametrize("column", ["id", "description", "external_id", "source", "person"])
def test_what_no_store_can_keep_is_refused_in_every_text(
    text: str, column: str, take: Take
) -> None:
    row = {"id": "N1", "date": "2026-01-05", "project": "BARE", "quantity": "1", column: text}
    report = take(json.dumps({"entries": [row]}), "books.json")
    assert ("IMP-21", column) in codes(report)


def test_a_text_without_a_mark_of_its_encoding_is_known_by_its_zeros(take: Take) -> None:
    text = "id,date,project,quantity\n".encode("utf-16-le")
    stops(take, text, FileUnreadable, "it is UTF-16 text", name="hours.csv")


def test_a_file_whose_name_is_no_text_is_refused(books: Store, tmp_path: Path) -> None:
    path = tmp_path / "hours\udcff.csv"
    try:
        path.write_text("id,date,project,quantity\n", encoding="utf-8")
    except (OSError, UnicodeError):
        pytest.skip("this disk has no such names")
    with pytest.raises(FileUnreadable, match="its name has a character that is not text"):
        take_in(books, [path], actor=ACTOR)


def test_too_many_rows_and_columns_of_a_csv_are_refused(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 2)
    rows = "id,date,project,quantity\n" + "N1,2026-01-05,BARE,1\n" * 2
    stops(take, rows, SheetTooBig, "hours.csv: the table has 3 rows", name="hours.csv")
    wide = ",".join(f"c{at}" for at in range(300)) + "\n"
    stops(take, wide, SheetTooBig, "300 columns", name="hours.csv", file_format="entries")


def test_a_json_of_more_values_than_can_be_kept_in_mind_is_refused(
    take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books_file, "MOST_VALUES", 10)
    stops(
        take, json.dumps({"people": [1] * 12}), FileUnreadable, "more than 10 values", name="b.json"
    )


def test_a_mapping_file_has_a_size_too(
    take: Take, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "names.json").write_text("{" + " " * (2 << 20) + "}", encoding="utf-8")
    monkeypatch.setattr(sources, "LIMIT_MEGABYTES", 1)
    with pytest.raises(FileTooBig, match=r"names\.json"):
        take("id,date,project,quantity\n", "hours.csv", mapping=tmp_path / "names.json")


@pytest.mark.parametrize("number", ["1" * 10_000, "NaN", "-Infinity", "1e999999999"])
def test_a_number_of_json_beyond_bounds_is_refused(number: str, take: Take) -> None:
    row = f'{{"id": "N1", "date": "2026-01-05", "project": "BARE", "quantity": {number}}}'
    report = take(f'{{"entries": [{row}]}}', "books.json")
    assert [column for _, column in codes(report)] == ["quantity"]


def test_hosts_word_their_own_refusals_of_all_that_can_be_wrong(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for change, _ in ZIPS.values():
        path.write_bytes(change(workbook(GOOD)))
        with pytest.raises(HostError):
            open_book(path)
