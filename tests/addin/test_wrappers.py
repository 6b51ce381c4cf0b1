"""What stands between a cell and a worksheet function, and what Excel is told of it."""

import pytest

from timix_xl.addin.vba_text import parts
from timix_xl.addin.wrappers import (
    LONGEST_TEXT,
    intellisense,
    is_address,
    problems,
    quoted,
    wrappers,
)
from timix_xl.functions import FUNCTIONS
from timix_xl.udf.declaring import Argument, Declared

CUSTOMER = Argument("customer", "The customer's code.")
AS_OF = Argument("as_of", "A day.", optional=True)


def function(name="TIMIX_HOURS", description="Hours.", arguments=(CUSTOMER, AS_OF)):
    return Declared(name, description, tuple(arguments))


def found(one):
    """Return the only thing that is wrong with a function."""
    (problem,) = problems([one])
    return problem


def test_our_functions_have_nothing_that_excel_would_not_take():
    assert FUNCTIONS != ()
    assert problems(FUNCTIONS) == []


def test_a_function_passes_its_arguments_on():
    public = next(one for one in parts(wrappers([function()]))[1] if one.name == "TIMIX_HOURS")

    assert public.text.splitlines() == [
        "Public Function TIMIX_HOURS(customer, Optional as_of)",
        'Attribute TIMIX_HOURS.VB_Description = "Hours. customer: The customer\'s code. as_of: A day."',
        'Attribute TIMIX_HOURS.VB_ProcData.VB_Invoke_Func = " \\n14"',
        '    TIMIX_HOURS = Answer("TIMIX_HOURS", Array(customer, as_of))',
        "End Function",
    ]


def test_nothing_but_the_functions_is_public():
    public = [one.name for one in parts(wrappers(FUNCTIONS))[1] if not one.is_private]

    assert public == [one.name for one in FUNCTIONS]


def test_the_wizard_reads_the_description_of_a_function_from_its_attribute():
    lines = wrappers([function(description='The "hours".', arguments=[AS_OF])]).splitlines()

    assert 'Attribute TIMIX_HOURS.VB_Description = "The ""hours"". as_of: A day."' in lines


def test_the_attributes_of_a_function_follow_its_first_line():
    lines = wrappers(FUNCTIONS).splitlines()
    for one in FUNCTIONS:
        at = next(number for number, line in enumerate(lines) if f"Function {one.name}(" in line)

        assert [line.split(" = ")[0] for line in lines[at + 1 : at + 3]] == [
            f"Attribute {one.name}.VB_Description",
            f"Attribute {one.name}.VB_ProcData.VB_Invoke_Func",
        ]


def test_nothing_asks_excel_to_describe_a_function_of_a_hidden_workbook():
    assert "MacroOptions" not in wrappers(FUNCTIONS)


def test_a_function_stays_within_the_length_of_a_line_that_vba_takes():
    longest = '"' * (LONGEST_TEXT - len(" as_of: A day."))
    lines = wrappers([function("TIMIX_MANY", longest, [AS_OF])]).splitlines()

    assert max(map(len, lines)) <= 1023


def test_a_description_keeps_to_its_text_in_an_attribute():
    assert found(function(description="\\hours")) == (
        "TIMIX_HOURS is described with a backslash, which an attribute of VBA reads"
    )


def test_what_is_asked_is_the_module_of_our_functions_with_the_add_in_as_workbook():
    call = next(line for line in wrappers([]).splitlines() if "CallUDF" in line)

    assert '"timix_xl.functions", (functionName), (arguments), ThisWorkbook, ' in call


def test_a_function_with_something_wrong_is_not_written():
    with pytest.raises(ValueError, match="TIMIX_HOURS has no argument"):
        wrappers([function(arguments=())])


def test_the_sheet_for_intellisense_starts_as_excel_dna_asks():
    assert intellisense(FUNCTIONS)[0] == ["FunctionInfo", "1.0"]


def test_the_sheet_for_intellisense_explains_a_function_and_its_arguments():
    assert intellisense([function()])[1] == [
        "TIMIX_HOURS", "Hours.", "", "customer", "The customer's code.", "[as_of]", "A day.",
    ]  # fmt: skip


def test_the_sheet_for_intellisense_has_a_row_for_each_function():
    assert [row[0] for row in intellisense(FUNCTIONS)[1:]] == [one.name for one in FUNCTIONS]


@pytest.mark.parametrize("name", ["HOURS", "TIMIX_", "TIMIX_hours", "TIMIX_1ST", "TIMIX-A", ""])
def test_a_function_is_named_timix_and_capitals(name):
    assert found(function(name)) == f"{name} is not named TIMIX_ and capitals"


def test_an_address_is_no_name_of_a_function():
    assert "TAX2024 is the address of a cell" in problems([function("TAX2024")])


@pytest.mark.parametrize(
    "name", ["A1", "XFD1048576", "TAX2024", "tax1", "R1C1", "R", "c", "RC", "r2"]
)
def test_this_is_an_address(name):
    assert is_address(name)


@pytest.mark.parametrize("name", ["XFE1", "ZZZ1", "ABCD1", "TIMIX_WIP", "TAX", "R1C1X", "A1B"])
def test_this_is_no_address(name):
    assert not is_address(name)


@pytest.mark.parametrize(
    "name", ["date", "end", "next", "name", "text", "Customer", "_x", "1a", "a b"]
)
def test_this_is_no_name_of_an_argument(name):
    one = function(arguments=[Argument(name, "Something.")])

    assert found(one) == f"TIMIX_HOURS, {name} is no name of an argument"


@pytest.mark.parametrize("name", ["tax2024", "r1c1", "timix_hours"])
def test_this_name_of_an_argument_is_taken(name):
    one = function(arguments=[Argument(name, "Something.")])

    assert found(one) == f"TIMIX_HOURS, {name} is taken"


@pytest.mark.parametrize("words", ["", "two\nlines", " spaced", "two  spaces"])
def test_a_description_is_one_line(words):
    assert found(function(description=words)) == "TIMIX_HOURS is not described in one line"


@pytest.mark.parametrize(("more", "wrong"), [(0, 0), (1, 1)])
def test_a_function_and_its_arguments_are_explained_as_long_as_excel_shows(more, wrong):
    room = LONGEST_TEXT - len("Hours. as_of: ")
    one = function(arguments=[Argument("as_of", "x" * (room + more))])

    assert (
        problems([one])
        == ["TIMIX_HOURS is explained, with its arguments, in more than 255 characters"] * wrong
    )


def test_a_description_keeps_to_the_characters_of_vba():
    assert found(function(description="λ")) == (
        "TIMIX_HOURS is described in characters that VBA has not"
    )


def test_an_optional_argument_comes_after_those_that_are_needed():
    assert found(function(arguments=[AS_OF, CUSTOMER])) == (
        "TIMIX_HOURS has an optional argument before one that is needed"
    )


def test_a_function_is_there_once():
    assert problems([function(), function()]) == ["TIMIX_HOURS is there twice"]


def test_a_quotation_mark_in_a_text_is_doubled():
    assert quoted('a "b"') == '"a ""b"""'
