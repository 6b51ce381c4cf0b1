"""Declare a worksheet function: plain Python everywhere, known to xlwings where Excel is."""

import datetime as dt
import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Concatenate, ParamSpec, Protocol, cast

import xlwings as xw

from timix_xl.settings import Settings, settings_file
from timix_xl.store.kept import KeptStore, Look
from timix_xl.store.versions import stamp
from timix_xl.udf.arguments import Takes, Unanswered, checked, is_blank
from timix_xl.udf.arrays import VALUE, only, spread

P = ParamSpec("P")

CATEGORY = "Timix"
"""Under which the function wizard lists them."""
STORE = KeptStore()
"""The store of this process; it is opened by the first function that is called."""


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument of a worksheet function, as the function wizard explains it."""

    name: str
    description: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Declared:
    """A worksheet function, as Excel is told of it."""

    name: str
    description: str
    arguments: tuple[Argument, ...]


class WorksheetFunction(Protocol):
    """A function that takes and gives values of cells: single ones, rows, columns or tables."""

    declared: Declared

    def __call__(self, *cells: Any, **named: Any) -> Any:
        """Answer."""


def worksheet_function(
    **takes: Takes,
) -> Callable[[Callable[Concatenate[Look, P], float | str]], WorksheetFunction]:
    """Make a function of one element a worksheet function, which takes and gives arrays.

    The function is given a look at the store and what its arguments read; each element that it
    leaves Unanswered shows that error value. What stops the whole call is raised.
    """

    def decorate(answer: Callable[Concatenate[Look, P], float | str]) -> WorksheetFunction:
        def call(*cells: Any) -> Any:
            return _asked(
                lambda look: spread(
                    lambda *elements: _element(answer, look, takes, elements), *cells
                )
            )

        return _declared(answer, call, takes)

    return decorate


def worksheet_table(
    **takes: Takes,
) -> Callable[[Callable[Concatenate[Look, P], list[list[Any]]]], WorksheetFunction]:
    """Make a function that gives a table a worksheet function; its arguments are single cells."""

    def decorate(answer: Callable[Concatenate[Look, P], list[list[Any]]]) -> WorksheetFunction:
        def call(*cells: Any) -> Any:
            try:
                elements = tuple(only(one) for one in cells)
            except ValueError:
                return VALUE
            return _asked(lambda look: _element(answer, look, takes, elements))

        return _declared(answer, call, takes)

    return decorate


def _asked(question: Callable[[Look], Any]) -> Any:
    return STORE.ask(_place(), _today(), question)


def _place() -> str:
    """Return where the store is; the settings are read again when they have changed."""
    file = settings_file()
    return _set_place(os.environ.get("TIMIX_STORE"), file, stamp(file))


@lru_cache(maxsize=1)
def _set_place(*_: object) -> str:
    return Settings().place()


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011  the day on the calendar beside the screen


def _element(
    answer: Callable[..., Any], look: Look, takes: dict[str, Takes], elements: tuple[Any, ...]
) -> Any:
    try:
        told = tuple(zip(takes.values(), map(checked, elements), strict=True))
        if any(what.is_key and is_blank(one) for what, one in told):
            return ""
        return answer(look, *(what.read(one) for what, one in told))
    except Unanswered as none:
        return none.text


def _declared(
    answer: Callable[..., Any], call: Callable[..., Any], takes: dict[str, Takes]
) -> WorksheetFunction:
    """Give a call the name, the text and the arguments of the function behind it."""
    _, *parameters = inspect.signature(answer).parameters.values()
    cells = [one.replace(annotation=inspect.Parameter.empty) for one in parameters]
    signature = inspect.Signature(cells)
    assert list(takes) == [one.name for one in cells], "told in the order of the arguments"

    @wraps(answer, assigned=("__module__", "__name__", "__qualname__", "__doc__"))
    def function(*given: Any, **named: Any) -> Any:
        bound = signature.bind(*given, **named)
        bound.apply_defaults()
        return call(*bound.args)

    del function.__wrapped__  # xlwings would read the arguments behind it
    made = cast("Any", function)
    made.__signature__, made.__annotations__ = signature, {}
    made.declared = Declared(
        name=answer.__name__,
        description=(answer.__doc__ or "").partition("\n")[0],
        arguments=tuple(
            Argument(one.name, takes[one.name].description, one.default is not one.empty)
            for one in cells
        ),
    )
    return _known_to_xlwings(made)


def _known_to_xlwings(function: Any) -> WorksheetFunction:
    """Let xlwings know it where its decorators are real: with pywin32, on Windows.

    Elsewhere they do nothing now, and are announced to raise in a later version.
    """
    if xw.func.__module__ == "xlwings.udfs":
        for one in function.declared.arguments:
            told = xw.arg(one.name, doc=one.description, ndim=2, err_to_str=True)
            function = told(function)
        function = xw.func(category=CATEGORY)(function)
    made: WorksheetFunction = function
    return made
