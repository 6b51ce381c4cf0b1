"""The border to LibreOffice: what goes wrong beyond it comes back in our own words, in time."""

import inspect
import re
from collections.abc import Callable, Iterator
from functools import wraps
from types import GeneratorType
from typing import Any, TypeVar

from timix_xl.errors import HostError
from timix_xl.hosts.calc.connection import Connection
from timix_xl.hosts.refusals import CalcRefused, WorkbookGone

LONG_SECONDS = 600.0
"""How long opening, saving and calculating may take."""
_Kind = TypeVar("_Kind", bound=type)
_Member = TypeVar("_Member", bound=Callable[..., Any])
_SPECIAL = frozenset(["__call__", "__iter__", "__len__", "__getitem__", "__contains__", "__eq__"])
_UNMARKED = -1.0
_PLACE = re.compile(r"\s*(\bat )?\.?/[\w./-]+\.[ch]xx:\d+\s*$")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SAYING_NOTHING = ("", "runtime")
_STEPS = 6
_STEPS_TO_PLACE = 3
_MEMBERS = {
    "raw_value": "value",
    "formula2": "formula",
    "call": "item",
    "iter": "list",
    "len": "number",
    "contains": "list",
    "getitem": "item",
    "coords": "place",
}
"""Members whose names say little to who has not written them."""
_KINDS = {
    "App": "LibreOffice",
    "Apps": "LibreOffice",
    "Book": "the workbook",
    "Books": "the workbooks",
    "Range": "cells",
    "DataValidation": "a dropdown",
    "AutoFilter": "a filter",
}
_OURS = __name__.rpartition(".")[0]


def patient(seconds: float | None) -> Callable[[_Member], _Member]:
    """Let a member take this long; None waits as long as it takes, as for an answer."""

    def marked(member: _Member) -> _Member:
        member.patience = seconds  # type: ignore[attr-defined]
        return member

    return marked


def outside(member: _Member) -> _Member:
    """Leave a member as it is: it asks LibreOffice nothing, or says itself what goes wrong."""
    member.is_outside = True  # type: ignore[attr-defined]
    return member


def bordered(kind: _Kind) -> _Kind:
    """Have the public members of an impl class speak for LibreOffice: errors, deadlines.

    The members find the office by `self.connection`. Members that call each other are one call:
    what LibreOffice raises inside is theirs to handle, and becomes ours where it leaves the first.
    """
    for name, member in list(vars(kind).items()):
        if name.startswith("_") and name not in _SPECIAL:
            continue
        if isinstance(member, property):
            setattr(kind, name, _property(kind, name, member))
        elif inspect.isfunction(member) and not hasattr(member, "is_outside"):
            setattr(kind, name, _function(kind, name, member))
    return kind


def _property(kind: type, name: str, member: property) -> property:
    def part(function: Any) -> Any:
        is_left = function is None or hasattr(function, "is_outside")
        return function if is_left else _function(kind, name, function)

    return property(part(member.fget), part(member.fset), part(member.fdel), member.__doc__)


def _function(kind: type, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    patience: float | None = getattr(function, "patience", _UNMARKED)
    plain = name.strip("_")
    words = _MEMBERS.get(plain, plain.replace("_", " ")), _in_words(kind)

    @wraps(function)
    def member(self: Any, *args: Any, **options: Any) -> Any:
        connection: Connection = self.connection
        if connection.depth:
            return function(self, *args, **options)
        if connection.closed_books:
            _check_open(self)
        closings = connection.closings
        failure: Exception | None = None
        result = None
        connection.enter(connection.call_seconds if patience == _UNMARKED else patience)
        try:
            result = function(self, *args, **options)
            if type(result) is GeneratorType:
                # Its steps would be taken outside.
                result = iter(list(result))
        except Exception as error:  # noqa: BLE001  the border; what is not foreign is raised below
            failure = error
        finally:
            connection.leave()
        is_sound = not connection.dropped and closings == connection.closings
        if failure is None and (is_sound or getattr(self, "is_closing", False)):
            return result
        # Not where it was caught: a foreign exception as context breaks what handles ours.
        told = _in_our_words(self, connection, words, failure)
        if told is not None:
            raise told
        return result

    return member


def _in_our_words(
    impl: Any, connection: Connection, words: tuple[str, str], failure: Exception | None
) -> Exception | None:
    """Say what went wrong, if anything did; foreign exceptions stay behind."""
    if isinstance(failure, HostError):
        return _alone(failure, connection)
    foreign = isinstance(failure, connection.exception)
    # What is closed gives nothing where it used to give an object; that looks like our mistake.
    if foreign or failure is None or isinstance(failure, AttributeError | TypeError):
        lost = connection.lost() or _gone(impl)
    else:
        lost = connection.known_lost()
    if lost is not None:
        return lost
    if failure is None or not foreign:
        return failure and _alone(failure, connection)
    member, kind = words
    return CalcRefused(member=f"{member} of {_place(impl) or kind}", why=reason(failure))


def reason(failure: BaseException) -> str:
    """Give LibreOffice's reason without the places in its source."""
    text = " ".join(str(getattr(failure, "Message", "") or "").split())
    if said := _PLACE.sub("", text).strip(" .:"):
        return said
    name = type(failure).__name__.rpartition(".")[2].removesuffix("Exception")
    words = _CAPITAL.sub(" ", name).lower()
    return "it gave no reason" if words in _SAYING_NOTHING else words


def _place(impl: Any) -> str | None:
    """Name the cells or the sheet that an object belongs to, as far as it knows without asking."""
    level = [impl]
    for _ in range(_STEPS_TO_PLACE):
        for step in level:
            place = getattr(type(step), "known_place", None)
            if place is not None:
                return str(place(step))
        level = [up for step in level for up in _held_by(step)]
    return None


def _alone(failure: Exception, connection: Connection) -> Exception:
    """Cut what is foreign from the exceptions that this one came of."""
    step: BaseException | None = failure
    while step is not None:
        if isinstance(step.__cause__, connection.exception):
            step.__cause__ = None
        if isinstance(step.__context__, connection.exception):
            step.__context__ = None
        step = step.__cause__ or step.__context__
    return failure


def _check_open(impl: Any) -> None:
    gone = _gone(impl)
    if gone is not None:
        raise gone


def _gone(impl: Any) -> WorkbookGone | None:
    """Say that the workbook of this object was closed, if it was."""
    level, steps = [impl], _STEPS
    while level and steps:
        for step in level:
            if hasattr(step, "is_gone"):
                return WorkbookGone(name=step.known_name) if step.is_gone else None
        level, steps = [up for step in level for up in _held_by(step)], steps - 1
    return None


def _held_by(impl: Any) -> Iterator[Any]:
    """Give what of ours an object holds: from a font to its book it is a few steps."""
    for value in getattr(impl, "__dict__", {}).values():
        kind = type(value)
        # An app has many books; what is beyond it holds no book of this object.
        if kind.__module__.startswith(_OURS) and not hasattr(kind, "is_beyond_books"):
            yield value


def _in_words(kind: type) -> str:
    if kind.__name__ in _KINDS:
        return _KINDS[kind.__name__]
    noun = _CAPITAL.sub(" ", kind.__name__).lower()
    if noun.endswith("s"):
        return f"the {noun}"
    return f"an {noun}" if noun[0] in "aeiou" else f"a {noun}"
