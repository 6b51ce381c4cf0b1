"""Formulas: what they give, what they need, and for what they have no value."""

from dataclasses import replace
from decimal import Decimal as D
from decimal import Inexact, InvalidOperation, localcontext

import pytest

from tests.builders import day
from tests.domain.formulas.facts import BARE, FULL
from timix_xl.domain.billing_rules import Step
from timix_xl.domain.formulas.compiling import compiled
from timix_xl.domain.formulas.refusals import CannotEvaluate
from timix_xl.domain.formulas.values import Type


def number(text: str, facts=FULL) -> D:
    value = compiled(text, Type.NUMBER).value(facts)
    assert isinstance(value, D)
    return value


def words(text: str, facts=FULL) -> str:
    value = compiled(text, Type.TEXT).value(facts)
    assert isinstance(value, str)
    return value


def why(text: str, facts=BARE, wants: Type = Type.NUMBER) -> str:
    with pytest.raises(CannotEvaluate) as found:
        compiled(text, wants).value(facts)
    return found.value.why


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=[Entry.BillableQty]*@Rate", "125"),
        ("=[Entry.Amount]*1.25", "113.4375"),
        ("=[Entry.BillableQty]*1.2*@Price", "180.375"),
        ("=1+2*3", "7"),
        ("=(1+2)*3", "9"),
        ("=10-4-3", "3"),
        ("=24/4/2", "3"),
        ("=2*-3", "-6"),
        ("=-(1+2)", "-3"),
        ("=1--1", "2"),
        ("=+5", "5"),
        ("=.5", "0.5"),
        ("=0.1+0.2", "0.3"),
        ("  = 1 +\n 2 ", "3"),
        ("=[ entry.BILLABLEQTY ]*@rate", "125"),
        ("=Round(2.345, 2)", "2.35"),
        ("=Round(-2.345, 2)", "-2.35"),
        ("=Round(2.5, 0)", "3"),
        ("=Round(1250, -2)", "1300"),
        ("=round(2/3, 1+1)", "0.67"),
        ("=Min(3, 1, 2)", "1"),
        ("=Max([Entry.BillableQty], 8)", "8"),
        ("=If(1=1, 2, 3)", "2"),
        ("=IIF([Task.Code]='T', 2, 3)", "2"),
        ("=If([Task.Code]='t', 2, 3)", "3"),
        ("=If([Task.Code]<>'X' And [Entry.BillableQty]>=1.25, 2, 3)", "2"),
        ("=If(1=2 Or 1=1 And 1=2, 2, 3)", "3"),
        ("=If((1=2 Or 1=1) And 1=1, 2, 3)", "2"),
        ("=If(And(1=1, 2=2) And (1=1), 2, 3)", "2"),
        ("=If(Or(1=2, 2=1), 2, 3)", "3"),
        ("=If(Not 1=1, 2, 3)", "3"),
        ("=If(Not Not 1=1, 2, 3)", "2"),
        ("=If(Not(1=2), 2, 3)", "2"),
        ("=If([Entry.Billable], 2, 3)", "2"),
        ("=If([Entry.Date]<'2026-02-01', 2, 3)", "2"),
        ("=If('2026-02-01'<=[Entry.Date], 2, 3)", "3"),
        ("=If([Entry.Date]>[Project.StartDate], 2, 3)", "2"),
    ],
)
def test_a_number_is_calculated(text: str, value: str) -> None:
    assert number(text) == D(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("=[Project.Code]+': '+[Entry.Description]", "P: Design of the pump"),
        ("='Invoice for '+[PMProject.ContractCD]", "Invoice for P"),
        ("='it''s'", "it's"),
        ('="a ""b"" c"', 'a "b" c'),
        ("=''", ""),
        ("=1+2+' h'", "3 h"),
        ("=1+2+' h '+1+2", "3 h 12"),
        ("='No. '+1*2", "No. 2"),
        ("=[Entry.BillableQty]+' x '+@Rate", "1.25 x 100"),
        ("=1200.50", "1200.5"),
        ("=0*-1", "0"),
        ("=1000000*1000", "1000000000"),
        ("=[Entry.Date]", "2026-01-05"),
        ("=[Entry.Date]+' '+[Person.Name]", "2026-01-05 Ann Ode"),
        ("=If([Entry.Billable], [Entry.Date], 'none')", "2026-01-05"),
        ("=If(1=2, 'none', 2.50)", "2.5"),
    ],
)
def test_a_text_is_put_together(text: str, value: str) -> None:
    assert words(text) == value


def test_the_default_formulas_of_a_step_hold() -> None:
    step = Step(step=1, account_group="LABOR", amount="=[Entry.BillableQty]*@Rate")

    assert number(step.quantity) == D("1.25")
    assert words(step.line_description) == "Design of the pump"


@pytest.mark.parametrize(
    ("text", "rate", "price"),
    [
        ("=[Entry.BillableQty]", False, False),
        ("=2*@RATE", True, False),
        ("=Max(@Price, 1)", False, True),
        ("=If(1=1, 1, @Rate+@Price)", True, True),
    ],
)
def test_a_formula_says_whether_it_uses_the_rate_and_the_price(
    text: str, rate: bool, price: bool
) -> None:
    formula = compiled(text, Type.NUMBER)

    assert (formula.uses_rate, formula.uses_price) == (rate, price)


def test_only_the_chosen_branch_is_calculated() -> None:
    assert number("=If([Entry.Quantity]=0, 1/0, 2)") == 2
    assert number("=If(1=1, 2, 1/0)") == 2
    assert number("=If(1=1, 2, @Rate)", BARE) == 2


def test_what_follows_a_settled_condition_is_not_calculated() -> None:
    assert number("=If(1=2 And 1/0=1, 2, 3)") == 3
    assert number("=If(1=1 Or 1/0=1, 2, 3)") == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("=[Entry.Amount]*1.25", "[Entry.Amount] is empty"),
        ("=[Entry.UnitCost]", "[Entry.UnitCost] is empty"),
        ("=[PMTran.UnitRate]", "[Entry.UnitCost] is empty"),
        ("=[Budget.Amount]", "[Budget.Amount] is empty"),
        ("=@Rate", "@Rate is empty"),
        ("=2*@price", "@Price is empty"),
        ("=1/0", "the '/' at position 3 divides by zero"),
        ("=1/([Entry.Quantity]-1)", "the '/' at position 3 divides by zero"),
        ("=999999999999999+1", "the result has more than 15 digits before the point"),
        ("=Round(1, 0.5)", "Round at position 2 needs a whole number of digits from -15 to 15"),
        ("=Round(1, 16)", "Round at position 2 needs a whole number of digits from -15 to 15"),
        (
            "=Round(" + "*".join(["999999999999999"] * 4) + ", 0)",
            "the number that Round at position 2 is given is too large",
        ),
    ],
)
def test_what_has_no_value_says_why(text: str, reason: str) -> None:
    assert why(text) == reason


def test_an_empty_date_in_a_text_has_no_value() -> None:
    assert why("='from '+[Project.StartDate]", wants=Type.TEXT) == "[Project.StartDate] is empty"


def test_a_number_that_is_absurd_is_not_written_into_a_text_either() -> None:
    reason = "the result has more than 15 digits before the point"
    assert why("='x'+999999999999999*10", wants=Type.TEXT) == reason


def test_an_empty_text_is_joined_as_nothing() -> None:
    assert words("='by '+[Person.Name]+[Entry.FrameOrder]+'.'", BARE) == "by ."


def test_fifty_digits_are_kept_whatever_context_the_caller_has() -> None:
    with localcontext() as context:
        context.prec = 5
        context.traps[Inexact] = True
        context.traps[InvalidOperation] = True
        third = number("=1/3")

    assert third == D("0." + "3" * 50)


def test_minus_zero_is_zero() -> None:
    assert str(number("=0*-1")) == "0"


def test_a_formula_is_compiled_once() -> None:
    assert compiled("=1+1", Type.NUMBER) is compiled("=1+1", Type.NUMBER)


def test_a_formula_that_was_wanted_as_a_number_gives_one_and_as_a_text_too() -> None:
    assert compiled("=1.50", Type.NUMBER).number(FULL) == D("1.5")
    assert compiled("=1.50", Type.TEXT).words(FULL) == "1.5"


def test_dates_of_one_day_are_the_same() -> None:
    facts = replace(BARE, entry=replace(BARE.entry, approved_on=day("2026-01-05")))
    assert number("=If([Entry.ApprovedOn]=[Entry.Date], 1, 0)", facts) == 1
