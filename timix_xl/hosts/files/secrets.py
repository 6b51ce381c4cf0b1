"""The password of a database in a workbook: whoever gets the workbook could read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from timix_xl.errors import database_password_in
from timix_xl.hosts.areas import quoted
from timix_xl.hosts.files.cells import formula_text, is_formula, place
from timix_xl.hosts.refusals import PasswordInWorkbook

_MARGINS = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


def refuse(workbook: Workbook, path: Path) -> None:
    """Refuse a workbook that holds the URL of a database with its password; raises that."""
    for what, text in _addresses(workbook):
        if database_password_in(text):
            raise PasswordInWorkbook(where=path.name, place=what)


def _addresses(workbook: Any) -> Iterator[tuple[str, str]]:
    """Yield the texts with an address in it that a person can have typed, and where they stand."""
    for sheet in workbook.worksheets:
        yield from _on_sheet(sheet)
    for names in (workbook.defined_names, *(one.defined_names for one in workbook.worksheets)):
        for name, defined in names.items():
            yield f"the name {name}", f"{defined.attr_text} {defined.comment}"
    for name, value in vars(workbook.properties).items():
        yield f"the properties of the file ({name})", str(value)
    for one in workbook.custom_doc_props.props:
        yield f"the properties of the file ({one.name})", str(one.value)


def _on_sheet(sheet: Any) -> Iterator[tuple[str, str]]:
    for cell in sheet._cells.values():
        text = _text_of(cell)
        if "://" in text:  # naming places takes ten times as long as looking
            yield place(cell), text
        if cell._comment is not None:
            yield f"the note at {place(cell)}", str(cell._comment.text)
        if cell.hyperlink is not None:
            yield f"the link at {place(cell)}", f"{cell.hyperlink.target}"
    for name in _MARGINS:
        margin = getattr(sheet, name)
        text = " ".join(str(part.text) for part in (margin.left, margin.center, margin.right))
        yield f"the header or footer of the sheet {quoted(sheet.title)}", text


def _text_of(cell: Any) -> str:
    if cell.data_type == "s":
        return str(cell._value or "")
    return formula_text(cell) if is_formula(cell) else ""
