"""Examine an installation: every check, in its order, with what was found and what to do."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from timix_xl.addin import checks
from timix_xl.addin.checks import Case, Finding, NotChecked
from timix_xl.addin.installing import places_of
from timix_xl.addin.machine import Machine
from timix_xl.addin.places import System
from timix_xl.addin.refusals import CalcHasAnotherStore, ExcelHasAnotherStore, StockAddin
from timix_xl.errors import TimixError

_WARNINGS = (StockAddin, ExcelHasAnotherStore, CalcHasAnotherStore)
"""What may be meant."""
_EVERYWHERE = frozenset(System)
_WITH_EXCEL = frozenset({System.WINDOWS, System.MAC})
_WINDOWS = frozenset({System.WINDOWS})
_MAC = frozenset({System.MAC})


class State(Enum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FINDING = "finding"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Check:
    """One check: how it came out, what was found, and what to do about it."""

    name: str
    state: State
    message: str
    hint: str = ""
    code: str | None = None


_CHECKS: tuple[tuple[str, frozenset[System], Callable[[Case], Finding]], ...] = (
    ("Python", _EVERYWHERE, checks.python),
    ("timix-xl", _EVERYWHERE, checks.package),
    ("xlwings", _EVERYWHERE, checks.xlwings),
    ("pywin32", _WINDOWS, checks.pywin32),
    ("appscript", _MAC, checks.appscript),
    ("psutil", _MAC, checks.psutil),
    ("Function library", _WINDOWS, checks.function_library),
    ("Excel", _WITH_EXCEL, checks.excel),
    ("Add-in", _WITH_EXCEL, checks.addin),
    ("Mark of the web", _WINDOWS, checks.mark),
    ("Old copies", _WITH_EXCEL, checks.old_copies),
    ("Other add-ins", _WITH_EXCEL, checks.stock_addin),
    ("Configuration", _WITH_EXCEL, checks.configuration),
    ("Script", _MAC, checks.script),
    ("Settings", _EVERYWHERE, checks.settings),
    ("Store", _EVERYWHERE, checks.store),
    ("Excel's store", _WITH_EXCEL, checks.store_of_excel),
    ("Answer", _WITH_EXCEL, checks.answer),
)


def examine(machine: Machine, *, store: str | None, with_excel: bool) -> tuple[Check, ...]:
    """Run every check that this system has; `store` is the one chosen here, if one is."""
    asked = machine if with_excel else replace(machine, running_excel=lambda: None)
    found = None if machine.system is System.OTHER else places_of(asked)
    case = Case(machine, found, store, with_excel=with_excel)
    return tuple(
        checked(name, check(case)) if machine.system in systems else _elsewhere(name)
        for name, systems, check in _CHECKS
        if machine.system in systems or (found is None and systems == _WITH_EXCEL)
    )


def checked(name: str, found: Finding) -> Check:
    """Return how a check came out."""
    if isinstance(found, NotChecked):
        return Check(name, State.NOT_CHECKED, found.why)
    if isinstance(found, TimixError):
        state = State.WARNING if isinstance(found, _WARNINGS) else State.FINDING
        message = f"{found.where}: {found.message}" if found.where else found.message
        return Check(name, state, message, found.hint, found.code)
    return Check(name, State.OK, found)


def _elsewhere(name: str) -> Check:
    return Check(name, State.NOT_CHECKED, "Excel runs on Windows and Mac only.")
