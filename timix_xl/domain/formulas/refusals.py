"""What is wrong with a formula, and why one has no value for an entry."""

from typing import ClassVar


class CannotEvaluate(Exception):
    """A formula has no value for an entry; `why` is a clause without a full stop."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class FormulaError(Exception):
    """A formula that cannot be saved. Leaves word the message; `position` counts from 1."""

    says: ClassVar[str]

    def __init__(self, position: int, **facts: object) -> None:
        self.position = position
        self.message = self.says.format(**facts)
        super().__init__(f"At position {position}: {self.message}")


class NoEqualsSign(FormulaError):
    """It does not start like a formula."""

    says = "A formula starts with '=', for example =[Entry.BillableQty]*@Rate."


class NothingThere(FormulaError):
    """There is an equals sign and no more."""

    says = "Nothing follows the '='. Please write what is to be calculated."


class TooLong(FormulaError):
    """Longer than anybody can check."""

    says = "The formula has more than {most:,} characters. Please shorten it."


class TooDeep(FormulaError):
    """Parentheses in parentheses in parentheses."""

    says = "The formula is nested deeper than {most} levels. Please simplify it."


class TextLeftOpen(FormulaError):
    """A quotation mark without a second one."""

    says = (
        "The text that starts here is not closed. Please add {quote} at its end; a {quote} in a "
        "text is written twice."
    )


class FieldLeftOpen(FormulaError):
    """A bracket without its other half."""

    says = "The field that starts here is not closed. Please write it as [Entry.BillableQty]."


class ParenthesisLeftOpen(FormulaError):
    """More opening parentheses than closing ones."""

    says = "This parenthesis is not closed. Please add the ')' that is missing."


class ParenthesisNotOpened(FormulaError):
    """More closing parentheses than opening ones."""

    says = "This ')' closes nothing. Please remove it, or add the '(' that is missing."


class EndsEarly(FormulaError):
    """The last operand is missing."""

    says = "The formula ends where something is still to come. Please complete it."


class NotExpected(FormulaError):
    """Something that can stand in a formula, in a place where it cannot."""

    says = "{found} cannot stand here. {hint}"


class UnknownCharacter(FormulaError):
    """Something that stands in no formula."""

    says = "'{found}' has no meaning in a formula. {hint}"


class UnknownField(FormulaError):
    """Brackets with a name that is no field."""

    says = "There is no field [{name}]. {hint}"


class UnknownParameter(FormulaError):
    """An @ with a name that is no parameter."""

    says = "There is no {name}. There are @Rate and @Price."


class UnknownFunction(FormulaError):
    """A name with parentheses that is no function."""

    says = "There is no function {name}. {hint}"


class BareName(FormulaError):
    """A name without brackets, an @ or parentheses."""

    says = (
        "{name} stands alone. Please write a field as [Entry.BillableQty], a text in quotation "
        "marks, and the rate as @Rate."
    )


class NumberTooLong(FormulaError):
    """More digits than money has."""

    says = "A number has at most {before} digits before the point and {after} after it."


class WrongCount(FormulaError):
    """A function with too few or too many values."""

    says = "{name} takes {wanted}, and {given} given. It is written {example}."


class WrongArgument(FormulaError):
    """A function with a value of another type."""

    says = "{name} takes {wanted} here, and this is {given}."


class BranchesDiffer(FormulaError):
    """If with two values of types that do not go together."""

    says = "If gives back {first} or {second}. Please make both the same."


class WrongOperands(FormulaError):
    """An operator between types that do not go together."""

    says = "{operator!r} cannot {verb} {first} and {second}. {hint}"


class WrongSign(FormulaError):
    """A minus before something that is no number."""

    says = "{operator!r} stands before a number, and this is {given}."


class NotACondition(FormulaError):
    """And, Or, Not with something that is neither true nor false."""

    says = "{operator} joins conditions, and this is {given}. A condition is like [Task.Code]='A'."


class NotADate(FormulaError):
    """A date compared with a text that is none."""

    says = "A date is compared with a date. Please write it as '2026-01-31'."


class WrongResult(FormulaError):
    """The whole formula yields another type than wanted."""

    says = "The formula gives {given}, and {wanted} is wanted."
