"""Builds the empty finance workbook: the same bytes on every machine, on every day."""

from pathlib import Path

from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import finance_layout as layout
from timix_xl.workbook import looks
from timix_xl.workbook.finance_charts import chart_of
from timix_xl.workbook.shapes import SheetLayout, TableLayout
from timix_xl.workbook.template import define, empty_book
from timix_xl.workbook.template_beside import utilization_bar
from timix_xl.workbook.template_packing import canonical, packed
from timix_xl.workbook.template_rules import add_highlights, column_area
from timix_xl.workbook.template_sheets import (
    draw_head,
    draw_named_cell,
    set_columns,
    set_print,
    set_view,
)
from timix_xl.workbook.template_styles import text_font
from timix_xl.workbook.template_tables import add_table


def build() -> bytes:
    """Return the empty finance workbook as the bytes of an .xlsx file."""
    book = empty_book("Finance workbook")
    for sheet_layout in layout.SHEETS:
        fill_sheet(book.create_sheet(sheet_layout.name), sheet_layout)
    for cell in layout.NAMED_CELLS:
        define(book, cell.name, cell.reference)
    return canonical(packed(book))


def write(path: Path) -> None:
    """Write the empty finance workbook to a file."""
    path.write_bytes(build())


def fill_sheet(sheet: Worksheet, sheet_layout: SheetLayout) -> None:
    """Draw one sheet: columns, head, table, charts, and how it prints."""
    table = sheet_layout.table
    set_columns(sheet, table)
    draw_head(sheet, sheet_layout)
    show_as_of(sheet)
    sheet.row_dimensions[layout.HIDDEN_ROW - 1].height = 27
    sheet.row_dimensions[layout.HIDDEN_ROW].hidden = True
    for cell in layout.NAMED_CELLS:
        if cell.sheet == sheet.title:
            draw_named_cell(sheet, cell)
            sheet[cell.cell].alignment = Alignment(horizontal="left", vertical="center")
    add_table(sheet, table)
    sheet.row_dimensions[table.first_row].height = 30
    clear_buttons(sheet, table)
    add_highlights(sheet, table)
    if table is layout.BURN:
        bars = FormatRule(type="dataBar", dataBar=utilization_bar())
        sheet.conditional_formatting.add(column_area(table, "Utilization"), bars)
    for asked in layout.CHARTS:
        if asked.table is table:
            sheet.add_chart(chart_of(asked), layout.CHART_CELL)
    set_view(sheet, sheet_layout)
    set_print(sheet, table)


def clear_buttons(sheet: Worksheet, table: TableLayout) -> None:
    """Keep the headers of figures clear of the filter's button, and of the sheet's edge."""
    clear = Alignment(horizontal="right", vertical="center", wrap_text=True, indent=1)
    for number, column in enumerate(table.columns, 1):
        if column.kind.is_number:
            sheet.cell(table.first_row, number).alignment = clear


def show_as_of(sheet: Worksheet) -> None:
    """Say in the title band of which day the figures are."""
    sheet.merge_cells(layout.AS_OF_SHOWN_AREA)
    cell = sheet[layout.AS_OF_SHOWN_CELL]
    cell.value = f'=IF({layout.AS_OF}="","",{layout.AS_OF})'
    cell.number_format = layout.AS_OF_SHOWN_FORMAT
    cell.font = text_font(looks.WHITE, 11)
    cell.alignment = Alignment(horizontal="left", vertical="center")


if __name__ == "__main__":
    write(Path("workbooks/finance.xlsx"))
