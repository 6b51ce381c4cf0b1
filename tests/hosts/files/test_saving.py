"""A file is written whole or not at all, and never over what would be lost."""

import errno
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.hosts.builders import parts_of, rewritten
from timix_xl.hosts.files import lost_on_save, open_book, saving
from timix_xl.hosts.refusals import DiskFull, NotSaved, WorkbookChanged, WorkbookInUse

SHEET = "xl/worksheets/sheet1.xml"
SPARKLINES = (
    b'<extLst><ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    b"<x14:sparklineGroups><x14:sparklineGroup/></x14:sparklineGroups></ext></extLst>"
)
OUR_BARS = (
    b'<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
    b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    b'<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule type="dataBar" id="1"/>'
    b"</x14:conditionalFormatting></x14:conditionalFormattings></ext></extLst>"
)
SHAPE = (
    b'<xdr:absoluteAnchor><xdr:sp macro=""><xdr:nvSpPr><xdr:cNvPr id="9" name="Mine"/>'
    b"<xdr:cNvSpPr/></xdr:nvSpPr><xdr:spPr/></xdr:sp></xdr:absoluteAnchor>"
)


def with_sparklines(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", SPARKLINES + b"</worksheet>")


def with_our_bars(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", OUR_BARS + b"</worksheet>")


def with_threaded_comment(parts: dict[str, bytes]) -> None:
    parts["xl/threadedComments/threadedComment1.xml"] = b"<ThreadedComments/>"


def with_slicer(parts: dict[str, bytes]) -> None:
    parts["xl/slicers/slicer1.xml"] = b"<slicers/>"


def with_shape(parts: dict[str, bytes]) -> None:
    name = "xl/drawings/drawing1.xml"
    tail = re.search(rb"</(?:xdr:)?wsDr>$", parts[name].rstrip())
    assert tail is not None
    head = parts[name][: tail.start()].replace(
        b"<wsDr ",
        b'<wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" ',
        1,
    )
    parts[name] = head + SHAPE + tail[0]


def with_printer_settings(parts: dict[str, bytes]) -> None:
    parts["xl/printerSettings/printerSettings1.bin"] = b"\0"
    parts["xl/calcChain.xml"] = b"<calcChain/>"


@pytest.mark.parametrize(
    ("add", "what"),
    [
        (with_sparklines, "sparklines"),
        (with_threaded_comment, "threaded comments"),
        (with_slicer, "slicers"),
        (with_shape, "shapes"),
    ],
)
def test_a_file_that_would_lose_something_gets_a_copy_beside_it(
    billing: Path, add: Callable[[dict[str, bytes]], None], what: str
) -> None:
    original = rewritten(billing, add).read_bytes()
    assert lost_on_save(billing) == (what,)
    with open_book(billing) as book:
        book.sheets["Entries"].range("C6").value = 9
        book.save()
        assert Path(book.fullname) == billing.with_name("billing (timix).xlsx")
        assert book.name == "billing (timix).xlsx"
    assert billing.read_bytes() == original
    assert openpyxl.load_workbook(book.fullname)["Entries"]["C6"].value == 9


@pytest.mark.parametrize("add", [with_our_bars, with_printer_settings])
def test_what_excel_adds_to_any_file_does_not_count(
    billing: Path, add: Callable[[dict[str, bytes]], None]
) -> None:
    rewritten(billing, add)
    assert lost_on_save(billing) == ()
    with open_book(billing) as book:
        book.save()
        assert Path(book.fullname) == billing


def test_a_copy_that_is_there_is_not_written_over(billing: Path) -> None:
    rewritten(billing, with_sparklines)
    first = billing.with_name("billing (timix).xlsx")
    first.write_bytes(b"the work of somebody")
    with open_book(billing) as book:
        book.save()
        assert book.name == "billing (timix 2).xlsx"
        book.save()
        assert book.name == "billing (timix 2).xlsx"
    assert first.read_bytes() == b"the work of somebody"


def test_shapes_charts_and_pictures_are_carried_over_byte_for_byte(billing: Path) -> None:
    rewritten(billing, with_shape)
    before = parts_of(billing)
    with open_book(billing) as book:
        assert [chart.name for chart in book.sheets["Entries"].charts] == ["Chart 1"]
        book.save()
    after = parts_of(Path(book.fullname))
    for name in ("xl/drawings/drawing1.xml", "xl/charts/chart1.xml"):
        assert after[name] == before[name]


def test_the_same_content_gives_the_same_bytes(billing: Path) -> None:
    saved = []
    for name in ("one.xlsx", "two.xlsx"):
        with open_book(billing) as book:
            book.save(str(billing.with_name(name)))
            book.save()
        saved.append(billing.with_name(name).read_bytes())
    assert saved[0] == saved[1]


def test_formulas_have_results_in_the_file_and_are_calculated_on_opening(billing: Path) -> None:
    with open_book(billing) as book:
        book.save()
    sheet = openpyxl.load_workbook(billing, data_only=True)["Entries"]
    assert [sheet[cell].value for cell in ("B1", "B2", "E7", "F6")] == [175, 335, 160, 1]
    assert b'fullCalcOnLoad="1"' in parts_of(billing)["xl/workbook.xml"]


def test_a_full_disk_leaves_the_file_as_it_was(billing: Path, monkeypatch: Any) -> None:
    before = billing.read_bytes()

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(saving.os, "fsync", full)
    with open_book(billing) as book, pytest.raises(DiskFull):
        book.sheets["Entries"].range("C6").value = 9
        book.save()
    assert billing.read_bytes() == before
    assert [path.name for path in billing.parent.iterdir()] == ["billing.xlsx"]


def test_a_file_that_cannot_be_replaced_says_what_to_do(billing: Path, monkeypatch: Any) -> None:
    def denied(*_: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(saving.Path, "replace", denied)
    with open_book(billing) as book, pytest.raises(NotSaved, match="permission denied") as refusal:
        book.save()
    assert "Close it in Excel" in refusal.value.hint
    assert [path.name for path in billing.parent.iterdir()] == ["billing.xlsx"]


@pytest.mark.parametrize("lock", ["~$billing.xlsx", ".~lock.billing.xlsx#"])
def test_a_file_open_elsewhere_is_not_written(billing: Path, lock: str) -> None:
    billing.with_name(lock).touch()
    with open_book(billing) as book, pytest.raises(WorkbookInUse, match="open in another program"):
        book.save()


def test_a_file_that_somebody_else_saved_is_not_written_over(billing: Path) -> None:
    with open_book(billing) as book:
        changed = billing.read_bytes() + b"\0"
        billing.write_bytes(changed)
        with pytest.raises(WorkbookChanged):
            book.save()
    assert billing.read_bytes() == changed


def test_the_mode_of_the_file_stays(billing: Path) -> None:
    billing.chmod(0o640)
    with open_book(billing) as book:
        book.save()
    assert os.stat(billing).st_mode & 0o777 == 0o640


def test_what_openpyxl_knows_survives(billing: Path) -> None:
    with open_book(billing) as book:
        book.save()
    workbook = openpyxl.load_workbook(billing)
    sheet = workbook["Entries"]
    assert workbook.defined_names["timix_request"].hidden
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("A6", "$5:$5")
    assert sheet.column_dimensions["F"].hidden
    assert [rule.type for entry in sheet.conditional_formatting for rule in entry.rules] == [
        "dataBar",
        "cellIs",
    ]


@pytest.mark.filterwarnings("ignore:.* extension is not supported")
def test_libreoffice_calculates_what_the_file_says(
    billing: Path, recalculated: Callable[[Path], openpyxl.Workbook]
) -> None:
    with open_book(billing) as book:
        table = book.sheets["Entries"].tables["tblEntries"]
        table.resize(table.range.resize(6))
        table.data_body_range[3:, :4].value = [["004", "bill", 3, 33.335], ["005", None, 1, 10]]
        table.data_body_range[1, :].rows.hidden = True
        book.save()
        addresses = ("B1", "B2", "E6:F10")
        ours = [book.sheets["Entries"].range(address).value for address in addresses]
    without_results = re.compile(rb"(</f>)<v>[^<]*</v>")
    rewritten(
        billing, lambda parts: parts.update({SHEET: without_results.sub(rb"\1", parts[SHEET])})
    )
    sheet = recalculated(billing)["Entries"]
    theirs = [sheet["B1"].value, sheet["B2"].value]
    theirs.append([[cell.value for cell in row] for row in sheet["E6:F10"]])
    assert ours == theirs
