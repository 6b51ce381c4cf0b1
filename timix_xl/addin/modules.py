"""The modules of the add-in: what is merged into one, so that the rest of it can be private."""

from collections import Counter
from collections.abc import Iterator

from timix_xl.addin.hardening import hardened, shipped
from timix_xl.addin.texts import text
from timix_xl.addin.vba_project import Module, ModuleKind
from timix_xl.addin.vba_text import Procedure, parts
from timix_xl.addin.wrappers import wrappers
from timix_xl.functions import FUNCTIONS

CONFIG_SHEET = "Sheet1"
INTELLISENSE_SHEET = "Sheet2"


def modules() -> tuple[Module, ...]:
    """Return the modules that the add-in holds."""
    timix = timix_module(
        stock=hardened(shipped("xlwings_custom_addin.bas")),
        ribbon=text("vba/Timix.bas"),
        functions=wrappers(FUNCTIONS),
    )
    return (
        Module("ThisWorkbook", this_workbook(), ModuleKind.WORKBOOK),
        Module(CONFIG_SHEET, "", ModuleKind.SHEET),
        Module(INTELLISENSE_SHEET, "", ModuleKind.SHEET),
        Module("Timix", timix),
    )


def this_workbook() -> str:
    """Return the module of the workbook: the notice that travels with the add-in, and no code."""
    return "\n".join(f"' {line}".rstrip() for line in text("NOTICE").splitlines())


def timix_module(*, stock: str, ribbon: str, functions: str) -> str:
    """Merge into one module: xlwings' part as hardened, ours, the worksheet functions."""
    split = [parts(part) for part in (stock, ribbon, functions)]
    procedures = [procedure for _, found in split for procedure in found]
    _check_once(procedures)
    heads = (head for head in (_own_lines(head) for head, _ in split) if head)
    bodies = ("\n".join(filter(None, [one.comment, one.text])) for one in procedures)
    return "\n\n".join(["Option Explicit", *heads, *bodies]) + "\n"


def _own_lines(head: str) -> str:
    """Leave out what the merged module says once: its name, and that variables are declared."""

    def own() -> Iterator[str]:
        for line in head.splitlines():
            if not line.startswith(("Attribute VB_Name", "Option Explicit")):
                yield line

    return "\n".join(own()).strip("\n")


def _check_once(procedures: list[Procedure]) -> None:
    named = Counter(one.name.lower() for one in procedures)
    twice = sorted(name for name, count in named.items() if count > 1)
    if twice:
        raise ValueError(f"two procedures of one name: {', '.join(twice)}")
