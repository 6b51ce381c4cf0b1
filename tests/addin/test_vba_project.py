"""The container of the VBA, read back by programs that are not ours."""

import io
import random
import struct
import warnings

import olefile
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timix_xl.addin.compound_file import compound_file
from timix_xl.addin.vba_project import Module, ModuleKind, compressed, source, vba_project

with warnings.catch_warnings():
    # pyparsing, which oletools asks by names that it has renamed since.
    warnings.simplefilter("ignore")
    from oletools.olevba import VBA_Parser, decompress_stream

BOOK = Module("ThisWorkbook", "Private Sub Workbook_Open()\nEnd Sub", ModuleKind.WORKBOOK)
SHEET = Module("Sheet1", "", ModuleKind.SHEET)
PLAIN = Module("Plain", 'Option Explicit\n\nPublic Sub Hello()\n    MsgBox "Grüße"\nEnd Sub')
CLASS = Module(
    "Thing",
    "VERSION 1.0 CLASS\nBEGIN\n  MultiUse = -1  'True\nEND\n"
    'Attribute VB_Name = "Thing"\nAttribute VB_Exposed = True\nPublic Size As Long\n',
    ModuleKind.CLASS,
)
MODULES = (BOOK, SHEET, PLAIN, CLASS)
BLACK = 1


def opened(data):
    return olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_UNSURE)


def entries(ole):
    """Return every used directory entry."""
    return [one for one in ole.direntries if one is not None]


def test_a_strict_reader_finds_no_defect():
    assert opened(vba_project("Project", MODULES)).parsing_issues == []


@pytest.mark.parametrize("module", MODULES, ids=[one.name for one in MODULES])
def test_the_text_of_a_module_reads_back(module):
    ole = opened(vba_project("Project", MODULES))
    stored = ole.openstream(["VBA", module.name]).read()

    assert bytes(decompress_stream(bytearray(stored))) == source(module)


def test_a_reader_of_macros_finds_the_modules_and_their_kinds():
    parser = VBA_Parser("vbaProject.bin", data=vba_project("Project", MODULES))
    found = {name: code for _, _, name, code in parser.extract_macros()}

    assert list(found) == ["ThisWorkbook.cls", "Sheet1.cls", "Plain.bas", "Thing.cls"]
    assert found["Plain.bas"].replace("\r\n", "\n").endswith('MsgBox "Grüße"\nEnd Sub\n')


def test_150_modules_of_growing_length_read_back():
    modules = [
        Module(f"M{number:03}", "\n".join(f"Const C{j} = {j * number}" for j in range(number)))
        for number in range(150)
    ]
    ole = opened(vba_project("Project", modules))

    for one in modules:
        stored = ole.openstream(["VBA", one.name]).read()
        assert bytes(decompress_stream(bytearray(stored))) == source(one)


def test_a_class_is_stored_without_the_header_that_an_export_has():
    stored = source(CLASS).decode("cp1252")

    assert "MultiUse" not in stored
    assert stored.count("VB_Exposed") == 1
    assert "Attribute VB_Exposed = True\r\n" in stored
    assert "Attribute VB_Creatable = False\r\n" in stored


def test_lines_end_as_windows_ends_them():
    assert source(PLAIN).count(b"\n") == source(PLAIN).count(b"\r\n") == 6


@pytest.mark.parametrize("name", ["1st", "a" * 32, "two words", "", "_hidden", "naïve"])
def test_a_name_that_vba_does_not_take_is_refused(name):
    with pytest.raises(ValueError, match="no name of a module"):
        vba_project("Project", [Module(name, "")])


@pytest.mark.parametrize("names", [["One", "ONE"], ["project"]])
def test_a_name_is_given_once(names):
    with pytest.raises(ValueError, match="one name"):
        vba_project("Project", [Module(name, "") for name in names])


@pytest.mark.parametrize("text", ["' " + "x" * 1022, "a = 1 + _\n" * 25 + "1"])
def test_what_the_editor_could_not_show_is_refused(text):
    with pytest.raises(ValueError, match="longer than VBA takes"):
        vba_project("Project", [Module("Long", text)])


def test_a_character_outside_the_code_page_is_refused():
    with pytest.raises(UnicodeEncodeError):
        vba_project("Project", [Module("Greek", "' λ")])


@given(st.text(st.characters(codec="cp1252")).map(lambda text: text.encode("cp1252")))
def test_what_is_compressed_decompresses_to_itself(data):
    assert bytes(decompress_stream(bytearray(compressed(data)))) == data


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.sampled_from([b"End Sub\r\n", b"    x = x + 1\r\n", b"a", b"\xfc"]), max_size=3000)
)
def test_long_and_repetitive_text_decompresses_to_itself(pieces):
    data = b"".join(pieces)

    assert bytes(decompress_stream(bytearray(compressed(data)))) == data


@pytest.mark.parametrize("length", [1, 3, 15, 16, 17, 4095, 4096, 4097, 8192, 9000])
def test_a_run_of_one_byte_decompresses_at_every_boundary(length):
    assert bytes(decompress_stream(bytearray(compressed(b"a" * length)))) == b"a" * length


def test_a_whole_chunk_that_does_not_compress_is_stored_as_it_is():
    noise = random.Random(1).randbytes(4096)

    assert compressed(noise)[1:3] == struct.pack("<H", 0x3FFF)
    assert bytes(decompress_stream(bytearray(compressed(noise)))) == noise


def test_an_end_that_does_not_compress_is_refused():
    with pytest.raises(ValueError, match="not text"):
        compressed(random.Random(1).randbytes(4095))


@pytest.mark.parametrize("count", [1, 2, 3, 7, 8, 20, 100])
def test_the_directory_is_a_red_black_tree_in_the_order_of_the_format(count):
    ole = opened(compound_file({f"S{'x' * (number % 5)}{number}": b"." for number in range(count)}))
    tree = entries(ole)
    names, blacks = [], set()

    def walk(sid, above_is_red, black):
        if sid == 0xFFFFFFFF:
            blacks.add(black)
            return
        entry = tree[sid]
        is_red = entry.color != BLACK
        assert not (is_red and above_is_red)
        walk(entry.sid_left, is_red, black + (not is_red))
        names.append(entry.name)
        walk(entry.sid_right, is_red, black + (not is_red))

    walk(tree[0].sid_child, above_is_red=False, black=0)

    assert names == sorted(names, key=lambda name: (len(name), name.upper()))
    assert len(names) == count
    assert len(blacks) == 1


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 4095, 4096, 4097, 70_000])
def test_a_stream_of_any_length_reads_back(size):
    data = bytes(number % 251 for number in range(size))
    ole = opened(compound_file({"Small": b"beside", "Storage": {"Stream": data}}))

    assert ole.openstream(["Storage", "Stream"]).read() == data
    assert ole.openstream(["Small"]).read() == b"beside"


def test_a_container_too_big_for_its_header_is_refused():
    with pytest.raises(ValueError, match="more than the header"):
        compound_file({"Big": bytes(7_200_000)})


def test_two_streams_of_one_name_are_refused():
    with pytest.raises(ValueError, match="have one name"):
        compound_file({"Same": b"", "SAME": b""})


def test_a_name_too_long_for_a_stream_is_refused():
    with pytest.raises(ValueError, match="too long"):
        compound_file({"x" * 32: b""})
