"""What stands in formulas and names: nothing that Excel takes is refused."""

import pytest

from tests.ooxml.addresses import Area, area_of, areas_of, cell_at
from tests.ooxml.formulas import read
from tests.ooxml.names import is_legal
from tests.ooxml.package import decoded, length


@pytest.mark.parametrize(
    "formula",
    [
        "-A1%+1.5E-3*.5",
        "A1:INDEX(B:B,3)",
        "SUM(A:A,1:3,$B$2:XFD1048576)",
        "SUM((A1,B2),)",
        "A1:B3 B2:C4",
        'IF(A1="","",A1&" ""quoted"" ")',
        "SUM({1,-2;3.5,4})*{TRUE;#N/A}",
        "'It''s here'!A1+Notes!$A:$A+Ärger!A1",
        "Jan:Mar!A1+'Jan 1:Mar 1'!B2",
        "[1]Sheet1!A1+'[2]My sheet'!B2",
        "_xlfn.IFNA(1,2)",
        "IF(,1)+PI()",
        " SUM( A1 , B2 ) ",
        "tbl[]",
        "tbl[[#This Row],[Bill qty]]",
        "SUM(tbl[[#Headers],[#Data],[a]:[b, c]])",
        "tbl[it''s '#1 of '[x']]",
        "\\name.1+_x?",
        "#REF!+Notes!#REF!",
        "ROW(ROW9999999)",
        "a>=b<>c",
    ],
)
def test_what_excel_takes_can_be_read(formula: str) -> None:
    assert read(formula)


def test_a_formula_names_sheets_names_tables_and_functions() -> None:
    found = read("SUM('My sheet'!A1,Notes!rate,due)*tbl[[#This Row],[it''s]]+IF(TRUE,tbl[#All],1)")
    assert found.sheets == {"My sheet", "Notes"}
    assert found.names == {("Notes", "rate"), (None, "due")}
    assert found.tables == {("tbl", "it's"), ("tbl", None)}
    assert found.functions == {"SUM", "IF"}


@pytest.mark.parametrize(
    "name", ["_xlnm.Print_Area", "tblHours", "_a", "\\x", "Straße.1", "TAX", "XFE1"]
)
def test_a_name_that_excel_takes_is_legal(name: str) -> None:
    assert is_legal(name)


@pytest.mark.parametrize(
    "name", ["", "1a", "A1", "tax2024", "R", "c", "R1C1", "a-b", "a b", "TRUE", "a!b"]
)
def test_a_name_that_excel_refuses_is_not(name: str) -> None:
    assert not is_legal(name)


def test_areas_are_read_as_files_spell_them() -> None:
    assert area_of("B2:$C$4") == Area(2, 2, 4, 3)
    assert area_of("B:B") == Area(1, 2, 1_048_576, 2)
    assert areas_of("A1 C1:D2") == [Area(1, 1, 1, 1), Area(1, 3, 2, 4)]
    assert cell_at("XFD1048576") == (1_048_576, 16_384)


@pytest.mark.parametrize("text", ["", "A0", "XFE1", "A1048577", "B2:A1", "A1:", "A1:B", "a1"])
def test_what_is_no_area_is_none(text: str) -> None:
    assert area_of(text) is None


def test_texts_are_decoded_and_counted_as_excel_does() -> None:
    assert decoded("_x005F_x0041_ _x0041_") == "_x0041_ A"
    assert (length("ab"), length("a😀")) == (2, 3)
