"""The add-in as a file: what is in it, and that it is the same file wherever it is built."""

import hashlib
import io
import os
import re
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path, PurePosixPath
from xml.etree import ElementTree as ET

import olefile
import pytest
import xlwings

from timix_xl import __version__
from timix_xl.addin import build as building
from timix_xl.addin.build import build, config_rows, sheets
from timix_xl.addin.hardening import XLWINGS
from timix_xl.addin.icons import images
from timix_xl.addin.modules import modules
from timix_xl.addin.package import Sheet, package
from timix_xl.addin.ribbon import ribbon_xml
from timix_xl.addin.texts import text
from timix_xl.addin.vba_project import Module, ModuleKind, source
from timix_xl.functions import FUNCTIONS

with warnings.catch_warnings():
    # pyparsing, which oletools asks by names that it has renamed since.
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser, decompress_stream

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
CELLS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
BOOK = Module("ThisWorkbook", "", ModuleKind.WORKBOOK)
SHEET = Module("Sheet1", "", ModuleKind.SHEET)
ROWS = Sheet("Notes", "Sheet1", [["a", "<b> & c"], [], ["", " d "]])


@pytest.fixture(scope="module")
def addin():
    return build()


@pytest.fixture(scope="module")
def archive(addin):
    with zipfile.ZipFile(io.BytesIO(addin)) as opened:
        yield opened


def in_archive(data):
    return zipfile.ZipFile(io.BytesIO(data))


def targets(archive, part):
    """Return where the references of a part lead, by kind."""
    folder = PurePosixPath(part).parent
    listed = archive.read(str(folder / "_rels" / f"{PurePosixPath(part).name}.rels"))
    return [
        (one.get("Type").rsplit("/", 1)[1], str(folder / one.get("Target")), one.get("Id"))
        for one in ET.fromstring(listed).iter(f"{RELATIONS}Relationship")
    ]


def texts_of(archive, part):
    """Return the cells of a sheet with their addresses."""
    tree = ET.fromstring(archive.read(part))
    return {cell.get("r"): cell.find(f".//{CELLS}t").text for cell in tree.iter(f"{CELLS}c")}


def test_a_reader_of_macros_finds_the_four_modules(addin):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [name for _, _, name, _ in VBA_Parser("timix.xlam", data=addin).extract_macros()]

    assert found == ["ThisWorkbook.cls", "Sheet1.cls", "Sheet2.cls", "Timix.bas"]


@pytest.mark.parametrize("module", modules(), ids=[one.name for one in modules()])
def test_a_module_reads_back_as_it_was_put_in(archive, module):
    project = olefile.OleFileIO(
        io.BytesIO(archive.read("xl/vbaProject.bin")), raise_defects=olefile.DEFECT_UNSURE
    )
    stored = project.openstream(["VBA", module.name]).read()

    assert project.parsing_issues == []
    assert bytes(decompress_stream(bytearray(stored))) == source(module)


def test_a_class_is_stored_as_the_add_ins_of_xlwings_store_it():
    (found,) = xlwings.__path__
    exported = Path(found, "addin", "Dictionary.cls").read_text("utf-8")
    ours = source(Module("Dictionary", exported, ModuleKind.CLASS)).decode("cp1252")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        macros = VBA_Parser(f"{found}/quickstart_addin_ribbon.xlam").extract_macros()
        theirs = {name: code for _, _, name, code in macros}["Dictionary.cls"]

    # Another program wrote theirs; it spelled one word otherwise.
    assert ours == theirs.replace("err.", "Err.")


def digest_elsewhere(folder, **settings):
    program = "import hashlib; from timix_xl.addin.build import build; print(hashlib.sha256(build()).hexdigest())"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=folder, env={**os.environ, **settings},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return done.stdout.strip()


@pytest.mark.parametrize(
    "settings",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Lima", "SOURCE_DATE_EPOCH": "0", "USER": "somebody"},
    ],
)
def test_it_is_the_same_file_in_any_process_folder_and_zone(addin, tmp_path, settings):
    assert digest_elsewhere(tmp_path, **settings) == hashlib.sha256(addin).hexdigest()


def test_no_clock_is_read(addin, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 4e9)

    assert build() == addin


def test_the_parts_are_dated_alike_and_not_compressed(archive):
    assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert {one.compress_type for one in archive.infolist()} == {zipfile.ZIP_STORED}
    assert {one.create_system for one in archive.infolist()} == {0}


def test_the_types_of_the_parts_come_first_and_no_part_comes_twice(archive):
    names = archive.namelist()

    assert names[0] == "[Content_Types].xml"
    assert len({name.lower() for name in names}) == len(names)


def test_every_part_has_a_type_and_every_type_a_part(archive):
    types = ET.fromstring(archive.read("[Content_Types].xml"))
    ends = {one.get("Extension") for one in types if one.get("Extension")}
    named = {one.get("PartName").lstrip("/") for one in types if one.get("PartName")}
    parts = set(archive.namelist()) - {"[Content_Types].xml"}

    assert named <= parts
    assert {name.rsplit(".", 1)[1] for name in parts} == ends


@pytest.mark.parametrize("part", ["", "xl/workbook.xml", "customUI/customUI14.xml"])
def test_every_reference_leads_to_a_part(archive, part):
    reached = [target for _, target, _ in targets(archive, part)]

    assert reached != []
    assert set(reached) <= set(archive.namelist())


def test_it_opens_as_a_hidden_add_in(archive):
    types = archive.read("[Content_Types].xml").decode()
    workbook = archive.read("xl/workbook.xml").decode()

    assert "application/vnd.ms-excel.addin.macroEnabled.main+xml" in types
    assert 'visibility="hidden"' in workbook


def test_the_workbook_and_the_sheets_are_called_as_their_modules(archive):
    parts = [
        target for kind, target, _ in targets(archive, "xl/workbook.xml") if kind == "worksheet"
    ]
    names = [re.findall('codeName="(.*?)"', archive.read(part).decode())[0]
             for part in ["xl/workbook.xml", *parts]]  # fmt: skip

    assert names == ["ThisWorkbook", "Sheet1", "Sheet2"]


def test_the_ribbon_and_its_pictures_are_in_it(archive):
    assert archive.read("customUI/customUI14.xml").decode() == ribbon_xml()
    assert {
        (name, archive.read(target))
        for _, target, name in targets(archive, "customUI/customUI14.xml")
    } == set(images().items())


def test_every_picture_that_the_ribbon_asks_for_is_there(archive):
    asked = set(re.findall(r'\bimage="(\w+)"', ribbon_xml()))

    assert asked == {name for _, _, name in targets(archive, "customUI/customUI14.xml")}


def test_every_callback_of_the_ribbon_is_public_in_the_module():
    called = set(re.findall(r'"Timix\.(\w+)"', ribbon_xml()))
    module = next(one.text for one in modules() if one.name == "Timix")

    assert called
    assert all(f"Public Sub {name}(" in module for name in called)


def test_the_settings_that_it_brings_are_its_version_and_that_of_xlwings(archive):
    assert config_rows() == [["VERSION", __version__], ["XLWINGS_VERSION", XLWINGS]]
    assert texts_of(archive, "xl/worksheets/sheet1.xml") == {
        "A1": "VERSION", "B1": __version__, "A2": "XLWINGS_VERSION", "B2": XLWINGS,
    }  # fmt: skip


def test_the_last_sheet_is_hidden_and_describes_the_functions(archive):
    listed = re.findall('<sheet name="(.*?)"(.*?)/>', archive.read("xl/workbook.xml").decode())
    cells = texts_of(archive, "xl/worksheets/sheet2.xml")

    assert listed[-1][0] == "_IntelliSense_"
    assert 'state="hidden"' in listed[-1][1]
    assert [cells[f"A{row}"] for row in range(2, len(FUNCTIONS) + 2)] == [
        one.name for one in FUNCTIONS
    ]


def test_a_function_of_another_module_is_in_it_once_it_is_declared(monkeypatch):
    monkeypatch.setattr(building, "FUNCTIONS", FUNCTIONS[:1])

    assert len(sheets()[1].rows) == 2


def test_a_workbook_with_macros_is_written_too():
    opened = in_archive(package([BOOK, SHEET], sheets=[ROWS], is_addin=False))

    assert b"sheet.macroEnabled.main+xml" in opened.read("[Content_Types].xml")
    assert b"visibility" not in opened.read("xl/workbook.xml")
    assert "customUI/customUI14.xml" not in opened.namelist()


def test_a_cell_keeps_its_text():
    opened = in_archive(package([BOOK, SHEET], sheets=[ROWS]))

    assert texts_of(opened, "xl/worksheets/sheet1.xml") == {"A1": "a", "B1": "<b> & c", "B3": " d "}


def test_columns_after_z_are_addressed_as_excel_does():
    wide = Sheet("Notes", "Sheet1", [[str(number) for number in range(703)]])
    cells = texts_of(in_archive(package([BOOK, SHEET], sheets=[wide])), "xl/worksheets/sheet1.xml")

    assert (cells["Z1"], cells["AA1"], cells["ZZ1"], cells["AAA1"]) == ("25", "26", "701", "702")


@pytest.mark.parametrize(
    ("given", "listed", "why"),
    [
        ([SHEET], [ROWS], "belongs to the workbook"),
        ([BOOK, BOOK, SHEET], [ROWS], "belongs to the workbook"),
        ([BOOK], [ROWS], "has a module of its code name"),
        ([BOOK, SHEET], [], "has a module of its code name"),
        ([BOOK], [], "or there is none"),
        ([BOOK, SHEET, SHEET], [ROWS, ROWS], "two sheets have one name"),
        ([BOOK, SHEET], [Sheet("Notes", "Sheet1", [], hidden=True)], "is not hidden"),
    ],
)
def test_what_excel_would_repair_is_refused(given, listed, why):
    with pytest.raises(ValueError, match=why):
        package(given, sheets=listed)


def test_a_text_of_the_installed_package_comes_before_that_of_a_checkout(tmp_path, monkeypatch):
    (tmp_path / "sources" / "vba").mkdir(parents=True)
    (tmp_path / "sources" / "vba" / "Timix.bas").write_text("installed", "utf-8")
    monkeypatch.setattr("timix_xl.addin.texts.__file__", str(tmp_path / "texts.py"))

    assert text("vba/Timix.bas") == "installed"


def test_a_text_is_found_in_a_checkout():
    assert text("vba/Timix.bas").startswith('Attribute VB_Name = "Timix"')
