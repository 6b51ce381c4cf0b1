"""Formulas that cannot be saved: what is said, and at which position."""

import pytest

from timix_xl.domain.formulas import refusals
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.refusals import FormulaError, NotExpected, UnknownCharacter
from timix_xl.domain.formulas.values import Type

CASES = [
    ("", 1, "A formula starts with '=', for example =[Entry.BillableQty]*@Rate."),
    ("   ", 3, "A formula starts with '=', for example =[Entry.BillableQty]*@Rate."),
    (
        "[Entry.Quantity]",
        1,
        "A formula starts with '=', for example =[Entry.BillableQty]*@Rate.",
    ),
    ("= ", 1, "Nothing follows the '='. Please write what is to be calculated."),
    ("=1+", 3, "The formula ends where something is still to come. Please complete it."),
    (
        "=[Entry.BilableQty]*@Rate",
        2,
        "There is no field [Entry.BilableQty]. Did you mean [Entry.BillableQty]?",
    ),
    (
        "=1+[PMTran.BilableQty]",
        4,
        "There is no field [PMTran.BilableQty]. Did you mean [PMTran.BillableQty]?",
    ),
    (
        "=[xyz]",
        2,
        "There is no field [xyz]. A field is written as [Entry.BillableQty]; docs/formulas.md lists"
        " them all.",
    ),
    ("=2*@Rat", 4, "There is no @Rat. There are @Rate and @Price."),
    (
        "=2*Rate",
        4,
        "Rate stands alone. Please write a field as [Entry.BillableQty], a text in quotation marks,"
        " and the rate as @Rate.",
    ),
    ("=Mxa(1, 2)", 2, "There is no function Mxa. Did you mean Max?"),
    ("=Sum(1, 2)", 2, "There is no function Sum. There are If, Min, Max, Round, And, Or."),
    (
        "=Round(1)",
        2,
        "Round takes two values, and 1 is given. It is written Round([Entry.BillableQty]*@Rate, 2).",
    ),
    (
        "=Min()",
        2,
        "Min takes two values or more, and 0 are given. It is written Min([Entry.BillableQty], 8).",
    ),
    ("=If(1, 2, 3)", 5, "If takes a condition here, and this is a number."),
    ("=Max(1, 'a')", 9, "Max takes a number here, and this is a text."),
    ("=Round([Entry.Date], 2)", 8, "Round takes a number here, and this is a date."),
    (
        "=If(1=1, 2, [Entry.Date])",
        13,
        "If gives back a number or a date. Please make both the same.",
    ),
    (
        "=[Entry.Date]+1",
        14,
        "'+' cannot add a date and a number. Two numbers are added; a text is joined to a text, a"
        " number or a date.",
    ),
    ("='a'-1", 5, "'-' cannot subtract a text and a number. Please use numbers on both sides."),
    (
        "=1+2+'a'-1",
        9,
        "'-' cannot subtract a text and a number. Please use numbers on both sides.",
    ),
    ("=2*'a'", 3, "'*' cannot multiply a number and a text. Please use numbers on both sides."),
    ("='a'/2", 5, "'/' cannot divide a text and a number. Please use numbers on both sides."),
    (
        "='a'+(1=1)",
        5,
        "'+' cannot add a text and a condition. Two numbers are added; a text is joined to a text,"
        " a number or a date.",
    ),
    ("=-'a'", 2, "'-' stands before a number, and this is a text."),
    (
        "=If('a'<'b', 1, 2)",
        8,
        "'<' cannot compare a text and a text. Please compare two numbers, two dates or two texts;"
        " texts with = or <> only.",
    ),
    (
        "=If([Task.Code]=1, 1, 2)",
        16,
        "'=' cannot compare a text and a number. Please compare two numbers, two dates or two"
        " texts; texts with = or <> only.",
    ),
    (
        "=If([Entry.Date]>'1 May 2026', 1, 2)",
        18,
        "A date is compared with a date. Please write it as '2026-01-31'.",
    ),
    (
        "=If([Entry.Date]>'2026-W05-6', 1, 2)",
        18,
        "A date is compared with a date. Please write it as '2026-01-31'.",
    ),
    (
        "=If(1=1 And 2, 1, 2)",
        13,
        "And joins conditions, and this is a number. A condition is like [Task.Code]='A'.",
    ),
    (
        "=If(Not 2, 1, 2)",
        9,
        "Not joins conditions, and this is a number. A condition is like [Task.Code]='A'.",
    ),
    ("=(1+2", 2, "This parenthesis is not closed. Please add the ')' that is missing."),
    ("=1+2)", 5, "This ')' closes nothing. Please remove it, or add the '(' that is missing."),
    (
        "='abc",
        2,
        "The text that starts here is not closed. Please add ' at its end; a ' in a text is written"
        " twice.",
    ),
    (
        "=1*[Entry.Quantity",
        4,
        "The field that starts here is not closed. Please write it as [Entry.BillableQty].",
    ),
    (
        "=1,5",
        3,
        "',' cannot stand here. Decimals are written with a point; a comma separates the values of"
        " a function.",
    ),
    ("=1 2", 4, "2 cannot stand here. An operator (+ - * /) is missing before it."),
    (
        "=If(1<2<3, 1, 2)",
        8,
        "'<' cannot stand here. Two things are compared at a time; comparisons are joined with And.",
    ),
    ("=*2", 2, "'*' cannot stand here. Something is missing before it."),
    ("='a'&'b'", 5, "'&' has no meaning in a formula. Texts are joined with '+'."),
    (
        "=Max(1; 2)",
        7,
        "';' has no meaning in a formula. The values of a function are separated by ','.",
    ),
    ("=10%", 4, "'%' has no meaning in a formula. Ten percent is written 0.1."),
    (
        "=‘a’",
        2,
        "'‘' has no meaning in a formula. A text stands in straight quotation marks, ' or \".",
    ),
    (
        "=1234567890123456",
        2,
        "A number has at most 15 digits before the point and 15 after it.",
    ),
    ("='a'", 2, "The formula gives a text, and a number is wanted."),
    ("=1=1", 2, "The formula gives a condition, and a number is wanted."),
    ("=1" + "+1" * 5_000, 4_001, "The formula has more than 4,000 characters. Please shorten it."),
    (
        "=" + "(" * 1_000 + "1" + ")" * 1_000,
        102,
        "The formula is nested deeper than 100 levels. Please simplify it.",
    ),
]


def refusal(text: str, wants: Type = Type.NUMBER) -> FormulaError:
    with pytest.raises(FormulaError) as found:
        compiled(text, wants)
    return found.value


@pytest.mark.parametrize(
    ("text", "position", "message"), CASES, ids=[case[0][:30] for case in CASES]
)
def test_a_formula_is_refused_in_these_words(text: str, position: int, message: str) -> None:
    error = refusal(text)

    assert (error.position, error.message) == (position, message)
    assert str(error) == f"At position {position}: {message}"


def test_every_message_has_a_case() -> None:
    families = {type(refusal(text)) for text, _, _ in CASES}

    assert families == set(FormulaError.__subclasses__())


def test_where_a_text_is_wanted_a_condition_is_refused() -> None:
    message = "The formula gives a condition, and a text is wanted."
    assert refusal("=1=1", Type.TEXT).message == message


def test_what_is_long_is_shown_by_its_beginning() -> None:
    error = refusal("=1 '" + "x" * 100 + "'")

    assert isinstance(error, NotExpected)
    assert error.message.startswith("'" + "x" * 39 + "… cannot stand here.")


def test_what_has_no_hint_of_its_own_is_to_be_removed() -> None:
    error = refusal("=1~2")

    assert isinstance(error, UnknownCharacter)
    assert error.message.endswith("Please remove it, or put a text in quotation marks.")


def test_no_message_has_a_family_of_its_own_that_is_not_worded() -> None:
    assert all("says" in vars(leaf) for leaf in FormulaError.__subclasses__())
    assert issubclass(refusals.CannotEvaluate, Exception)
