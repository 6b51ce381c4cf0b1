"""Builds the empty billing workbook: the same bytes on every machine, on every day."""

import datetime as dt
import re
from pathlib import Path

from openpyxl import Workbook
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.writer.theme import theme_xml

from timix_xl.workbook import layout, looks, rules
from timix_xl.workbook.pro_forma_layout import CHOICES, PRO_FORMA_SHEET
from timix_xl.workbook.projects_layout import PROJECTS
from timix_xl.workbook.shapes import absolute
from timix_xl.workbook.template_packing import canonical, packed
from timix_xl.workbook.template_sheets import fill_sheet
from timix_xl.workbook.template_styles import named_styles, text_font

BUILT_AT = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - openpyxl knows no time zones
OFFICE_ACCENT = "4F81BD"


def build() -> bytes:
    """Return the empty billing workbook as the bytes of an .xlsx file."""
    book = empty_book()
    for sheet_layout in layout.SHEETS:
        fill_sheet(book.create_sheet(sheet_layout.name), sheet_layout)
    add_names(book)
    return canonical(packed(book))


def write(path: Path) -> None:
    """Write the empty billing workbook to a file."""
    path.write_bytes(build())


def empty_book(title: str = "Billing workbook") -> Workbook:
    """Return a book without sheets that carries our theme, font and named styles."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.loaded_theme = our_theme().encode()
    book.properties.creator = "timix-xl"
    book.properties.title = title
    book.properties.created = book.properties.modified = BUILT_AT
    set_normal_font(book)
    for style in named_styles():
        book.add_named_style(style)
    return book


def our_theme() -> str:
    """Return the Office theme in our colour and font: banded tables and charts follow it."""
    theme = theme_xml.replace(OFFICE_ACCENT, looks.BRAND)
    return re.sub(r'typeface="(Calibri|Cambria)"', f'typeface="{looks.FONT_NAME}"', theme)


def set_normal_font(book: Workbook) -> None:
    """Make our font the one of every untouched cell; openpyxl has no public way to say so."""
    font = text_font()
    vars(book)["_fonts"] = IndexedList([font])
    vars(book)["_named_styles"]["Normal"].font = font


def add_names(book: Workbook) -> None:
    """Define every name of the interface."""
    for cell in layout.NAMED_CELLS:
        define(book, cell.name, cell.reference)
    define(book, rules.CUSTOMER_CODES, f"{layout.CUSTOMERS.name}[Customer]")
    define(book, rules.PROJECT_CODES, f"{PROJECTS.name}[Project]")
    first, last = layout.FRAME_ORDER_CHOICES_FIRST_CELL, layout.FRAME_ORDER_CHOICES_LAST_CELL
    define(book, rules.FRAME_ORDER_CHOICES, filled(layout.FRAME_ORDERS_SHEET, first, last))
    for name, cells in CHOICES.items():
        define(book, name, filled(PRO_FORMA_SHEET, *cells.split(":")))


def define(book: Workbook, name: str, refers_to: str) -> None:
    """Define one name for the whole book."""
    book.defined_names[name] = DefinedName(name, attr_text=refers_to)


def filled(name: str, first_cell: str, last_cell: str) -> str:
    """Return the filled part of a helper range, so that the dropdown shows no empty line."""
    sheet = f"'{name}'!"
    first, last = sheet + absolute(first_cell), sheet + absolute(last_cell)
    return f"{first}:INDEX({first}:{last},MAX(1,COUNTA({first}:{last})))"


if __name__ == "__main__":
    write(Path("workbooks/billing.xlsx"))
