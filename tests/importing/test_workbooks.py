"""Workbooks from outside: what is hostile or broken is refused in plain words, before it is read."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from timix_xl.errors import FileUnreadable, InputError
from timix_xl.importing import preflight
from timix_xl.importing.cells import Unusable
from timix_xl.importing.refusals import FormatNotUnderstood, SheetTooBig, WorkbookNotTaken
from timix_xl.importing.workbooks import opened

SHEET = "xl/worksheets/sheet1.xml"
HOURS = Path("hours.xlsx")


def workbook(*rows: list[Any], **settings: Any) -> bytes:
    """Make a workbook with one sheet."""
    made = openpyxl.Workbook()
    for name, value in settings.items():
        setattr(made, name, value)
    for row in rows:
        made.active.append(row)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def changed(content: bytes, part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Write a workbook anew with one part changed."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name)
            after.writestr(name, change(data) if name == part else data)
    return target.getvalue()


def cells(content: bytes) -> list[Any]:
    """Read the first sheet's rows."""
    return [row.cells for row in opened(HOURS, content)[0].rows]


def with_sheet(data: bytes) -> bytes:
    """Return a workbook with these bytes inside its sheet."""
    return changed(
        workbook(["a"]),
        SHEET,
        lambda part: re.sub(rb"<sheetData>.*</sheetData>", lambda _: data, part, flags=re.DOTALL),
    )


def test_cells_become_the_texts_that_they_stand_for() -> None:
    row = ["text", 1, 2.5, 7.1, 0.1 + 0.2, True, None, "x"]
    assert cells(workbook(row)) == [("text", "1", "2.5", "7.1", "0.3", "true", None, "x")]


def test_dates_and_times_are_written_as_people_write_them() -> None:
    row = [datetime(2026, 1, 5), datetime(2026, 1, 5, 9, 30), time(8, 0), timedelta(hours=26)]
    assert cells(workbook(row)) == [("2026-01-05", "2026-01-05 09:30:00", "8:00:00", "26:00:00")]


def test_dates_that_count_from_1904_are_the_same_dates() -> None:
    content = workbook([datetime(2026, 1, 5)], epoch=CALENDAR_MAC_1904)
    assert cells(content) == [("2026-01-05",)]


def test_blank_rows_are_left_out_and_the_others_keep_their_numbers() -> None:
    sheet = opened(HOURS, workbook(["a"], [], [" "], ["b"]))[0]
    assert [(row.number, row.cells[0]) for row in sheet.rows] == [(1, "a"), (4, "b")]


def test_a_carriage_return_that_excel_wrote_out_is_read_back() -> None:
    assert cells(workbook(["a_x000D_b"])) == [("a\rb",)]


def test_a_formula_stands_for_its_saved_result() -> None:
    content = with_sheet(
        b'<sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row></sheetData>'
    )
    assert cells(content) == [("2",)]


@pytest.mark.parametrize(
    ("cell", "what"),
    [
        (b"<f>1+1</f>", "a formula without a saved result"),
        (b"<f>WEBSERVICE(&quot;http://x&quot;)</f><v>9</v>", "a formula that reads another file"),
        (b"<f>'[1]Sheet1'!A1</f><v>9</v>", "a formula that reads another file"),
        (b"<f>cmd|'/C calc'!A0</f><v>9</v>", "a formula that reads another file"),
        (b"<f>IMPORTCSV(&quot;a.csv&quot;)</f><v>9</v>", "a formula that reads another file"),
        (b"<v>#REF!</v>", "the error value #REF!"),
    ],
)
def test_a_cell_that_cannot_be_relied_on_says_why(cell: bytes, what: str) -> None:
    kind = b' t="e"' if b"#REF" in cell else b""
    content = with_sheet(
        b'<sheetData><row r="1"><c r="A1"' + kind + b">" + cell + b"</c></row></sheetData>"
    )
    found = cells(content)[0][0]
    assert isinstance(found, Unusable)
    assert found.what.startswith(what)


def test_such_a_cell_is_a_fault_of_its_row(take: Any, books: Any) -> None:
    rows = [["id", "date", "project", "quantity"], ["N1", datetime(2026, 1, 5), "BARE", "=1+1"]]
    report = take(workbook(*rows), "entries.xlsx")
    assert [(one.code, one.row, one.column) for one in report.refused] == [
        ("IMP-84", "Sheet, row 2", "quantity")
    ]


def test_a_size_that_the_file_claims_is_not_believed() -> None:
    content = changed(
        workbook(["a", "b"], ["c", "d"]),
        SHEET,
        lambda part: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="A1:XFD1048576"', part),
    )
    assert cells(content) == [("a", "b"), ("c", "d")]


def test_a_million_rows_are_refused() -> None:
    rows = b"".join(
        b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (at, at) for at in range(1, 10**6)
    )
    with pytest.raises(
        SheetTooBig, match="999,999 rows and 1 columns; at most 200,000 rows and 256"
    ):
        opened(HOURS, with_sheet(b"<sheetData>" + rows + b"</sheetData>"))


def test_rows_without_numbers_are_counted_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preflight, "MOST_ROWS", 2)
    with pytest.raises(SheetTooBig, match="sheet1 has 3 rows"):
        opened(
            HOURS, with_sheet(b"<sheetData>" + b"<row><c><v>1</v></c></row>" * 3 + b"</sheetData>")
        )


def test_a_cell_in_the_far_corner_is_refused() -> None:
    corner = b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(SheetTooBig, match="1,048,576 rows and 16,384 columns"):
        opened(HOURS, with_sheet(corner))


def test_columns_without_names_are_counted_too() -> None:
    wide = b"<sheetData><row>" + b"<c><v>1</v></c>" * 257 + b"</row></sheetData>"
    with pytest.raises(SheetTooBig, match="257 columns"):
        opened(HOURS, with_sheet(wide))


def test_a_bomb_is_refused_before_it_unpacks() -> None:
    with pytest.raises(WorkbookNotTaken, match="times its size"):
        opened(HOURS, changed(workbook(["a"]), SHEET, lambda part: part + b" " * (64 << 20)))


def test_too_many_styles_are_refused() -> None:
    with pytest.raises(WorkbookNotTaken, match="cell styles"):
        opened(
            HOURS,
            changed(
                workbook(["a"]),
                "xl/styles.xml",
                lambda part: part.replace(b"</cellXfs>", b"<xf />" * 65_000 + b"</cellXfs>"),
            ),
        )


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml"])
def test_a_document_type_is_refused(part: str) -> None:
    dtd = b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    content = changed(workbook(["a"]), part, lambda data: dtd + data)
    with pytest.raises(WorkbookNotTaken, match="declares a document type"):
        opened(HOURS, content)


def moved(content: bytes, place: str) -> bytes:
    """Return a workbook whose sheet stands elsewhere, as its relations say."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            data = before.read(name).replace(SHEET.encode(), place.encode())
            after.writestr(place if name == SHEET else name, data)
    return target.getvalue()


PLACES = ["xl/sheets/sheet1.xml", "xl/sheet1.bin", "xl/worksheets/sheet1", "docs/a.xhtml"]


@pytest.mark.parametrize("place", PLACES)
def test_a_sheet_is_a_sheet_wherever_it_stands(place: str) -> None:
    formula = b'<sheetData><row r="1"><c r="A1"><f>1+1</f></c></row></sheetData>'
    (found,) = cells(moved(with_sheet(formula), place))
    assert found == (Unusable("a formula without a saved result"),)


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b" " * 1000])
def test_a_document_type_is_refused_wherever_it_stands(place: str, before: bytes) -> None:
    dtd = before + b'<!DOCTYPE x [<!ENTITY e "x">]>'
    content = changed(workbook(["a"]), SHEET, lambda data: dtd + data)
    with pytest.raises(WorkbookNotTaken, match="declares a document type"):
        opened(HOURS, moved(content, place))


@pytest.mark.parametrize("place", PLACES)
def test_a_far_corner_is_refused_wherever_it_stands(place: str) -> None:
    corner = b'<sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    with pytest.raises(SheetTooBig, match="1,048,576 rows"):
        opened(HOURS, moved(with_sheet(corner), place))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_another_encoding_is_refused_wherever_it_stands(encoding: str) -> None:
    content = changed(workbook(["a"]), SHEET, lambda data: data.decode().encode(encoding))
    with pytest.raises(WorkbookNotTaken, match="not written in UTF-8"):
        opened(HOURS, moved(content, "xl/sheet1.bin"))


def test_a_picture_is_not_looked_into() -> None:
    content = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("xl/media/image1.png", b"\x89PNG\r\n\x1a\n<!DOCTYPE \0")
    assert cells(content.getvalue()) == [("a",)]


def test_another_encoding_is_refused() -> None:
    content = changed(workbook(["a"]), SHEET, lambda data: data.decode().encode("utf-16"))
    with pytest.raises(WorkbookNotTaken, match="not written in UTF-8"):
        opened(HOURS, content)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_parts_of_one_name_are_refused() -> None:
    content = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr(SHEET, b"<worksheet/>")
    with pytest.raises(WorkbookNotTaken, match="two of its parts have the same name"):
        opened(HOURS, content.getvalue())


def test_a_part_that_would_leave_the_folder_is_refused() -> None:
    content = io.BytesIO(workbook(["a"]))
    with zipfile.ZipFile(content, "a") as archive:
        archive.writestr("../evil.xml", b"<x/>")
    with pytest.raises(WorkbookNotTaken, match="one of its parts is named"):
        opened(HOURS, content.getvalue())


def test_a_zip_of_another_kind_is_told() -> None:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("letter.txt", b"x")
    with pytest.raises(FormatNotUnderstood, match=r"a zip file, but no \.xlsx workbook"):
        opened(HOURS, content.getvalue())


@pytest.mark.parametrize("length", [50, 2000])
def test_a_workbook_that_was_cut_off_is_damaged(length: int) -> None:
    with pytest.raises(FileUnreadable, match="it is damaged"):
        opened(HOURS, workbook(["a"])[:length])


@pytest.mark.parametrize(
    "sheet",
    [
        b"<sheetData><row r='A1'><c r='A1'><v>1</v></c></row></sheetData>",
        b"<sheetData><row r='1'><c r='A1' t='s'><v>99</v></c></row></sheetData>",
        b"<sheetData><row r='1'><c r='A1'><v>one</v></c></row></sheetData>",
        b"<sheetData><row r='1'><c r='A1'><v>1</w></c></row></sheetData>",
    ],
)
def test_a_part_that_is_not_as_it_should_be_is_damaged(sheet: bytes) -> None:
    with pytest.raises(FileUnreadable, match="one of its parts cannot be read"):
        opened(HOURS, with_sheet(sheet))


def test_a_workbook_without_anything_we_know_is_told(take: Any) -> None:
    with pytest.raises(FormatNotUnderstood, match="a workbook without a sheet that we know"):
        take(workbook(["Budget", "2026"]), "budget.xlsx")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8,5", "IMP-13"),
        ("8.5 h", "IMP-12"),
        ("1_0", "IMP-12"),
        ("\uff18", "IMP-12"),
        ("1e3", "IMP-12"),
        (True, "IMP-12"),
        ("", "IMP-11"),
        (0.300000001, "IMP-15"),
    ],
)
def test_an_odd_number_in_a_cell_is_refused(text: Any, code: str, take: Any, books: Any) -> None:
    rows = [["id", "date", "project", "quantity"], ["N1", "2026-01-05", "BARE", text]]
    assert [one.code for one in take(workbook(*rows), "entries.xlsx").refused] == [code]


@pytest.mark.parametrize("day", ["03/04/2026", 60, 46027, "2026-02-30", datetime(2026, 1, 5, 9)])
def test_what_is_no_date_in_a_cell_is_refused(day: Any, take: Any, books: Any) -> None:
    rows = [["id", "date", "project", "quantity"], ["N1", day, "BARE", 1]]
    assert [one.code for one in take(workbook(*rows), "entries.xlsx").refused] == ["IMP-17"]


def test_rows_that_are_hidden_are_read(take: Any, books: Any) -> None:
    made = openpyxl.Workbook()
    for row in (["id", "date", "project", "quantity"], ["N1", datetime(2026, 1, 5), "BARE", 1]):
        made.active.append(row)
    made.active.row_dimensions[2].hidden = True
    content = io.BytesIO()
    made.save(content)
    assert take(content.getvalue(), "entries.xlsx").taken == 1


@pytest.mark.parametrize("seed", range(40))
def test_bytes_turned_over_anywhere_raise_only_our_refusals(seed: int, take: Any) -> None:
    content = bytearray(workbook(["id", "date", "project", "quantity"], ["N1", 1, "B", 2]))
    at = seed * len(content) // 40
    content[at : at + 3] = bytes(255 - one for one in content[at : at + 3])
    with suppress(InputError):
        take(bytes(content), "entries.xlsx")
