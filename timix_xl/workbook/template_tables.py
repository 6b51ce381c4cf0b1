"""Makes the Excel tables of the template: a header, one blank row, the columns."""

from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks
from timix_xl.workbook.shapes import Column, TableLayout
from timix_xl.workbook.template_styles import column_alignment, column_font


def add_table(sheet: Worksheet, table: TableLayout) -> None:
    """Write the header and one blank row, and make them an Excel table."""
    sheet.row_dimensions[table.first_row].height = 22
    for number, column in enumerate(table.columns, 1):
        header = sheet.cell(table.first_row, number, column.title)
        header.style = "timix header"
        header.alignment = column_alignment(column, "center")
        format_blank(sheet, table.first_data_row, number, column)
    sheet.add_table(excel_table(table))
    if "Visible" in table.titles:
        visible = sheet[f"{table.letter('Visible')}{table.first_data_row}"]
        visible.value = f"={layout.VISIBLE_FORMULA}"


def format_blank(sheet: Worksheet, row: int, number: int, column: Column) -> None:
    """Format a cell of the blank row, the pattern of all rows to come."""
    cell = sheet.cell(row, number)
    cell.number_format = column.number_format
    cell.font = column_font(column)
    cell.alignment = column_alignment(column)


def excel_table(table: TableLayout) -> Table:
    """Return the ListObject of a table."""
    made = Table(displayName=table.name, ref=table.reference())
    made.tableStyleInfo = TableStyleInfo(name=looks.TABLE_STYLE, showRowStripes=True)
    made.autoFilter = AutoFilter(ref=table.reference())
    made.tableColumns = [table_column(*place) for place in enumerate(table.titles, 1)]
    return made


def table_column(number: int, title: str) -> TableColumn:
    """Return a table column; Visible fills itself in new rows."""
    column = TableColumn(id=number, name=title)
    if title == "Visible":
        column.calculatedColumnFormula = TableFormula(attr_text=layout.VISIBLE_FORMULA)
    return column
