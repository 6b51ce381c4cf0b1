"""Draws a sheet of the template: columns, head, named cells, view and print."""

from openpyxl.styles import Alignment
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.pro_forma_layout import PRO_FORMA_FACTS
from timix_xl.workbook.shapes import NamedCell, SheetLayout, TableLayout
from timix_xl.workbook.template_beside import DRAWN_BESIDE
from timix_xl.workbook.template_rules import add_highlights, add_rule, add_rules
from timix_xl.workbook.template_styles import column_alignment, column_font, text_font
from timix_xl.workbook.template_tables import add_table


def fill_sheet(sheet: Worksheet, sheet_layout: SheetLayout) -> None:
    """Draw one sheet: columns, head, inputs, tiles, table, and how it prints."""
    table = sheet_layout.table
    set_columns(sheet, table)
    for letter, width in layout.EXTRA_WIDTHS.get(sheet.title, {}).items():
        sheet.column_dimensions[letter].width = width
    draw_head(sheet, sheet_layout)
    for cell in layout.cells_of(sheet.title):
        draw_named_cell(sheet, cell)
    add_table(sheet, table)
    add_highlights(sheet, table)
    add_rules(sheet, table)
    DRAWN_BESIDE.get(sheet.title, leave_as_is)(sheet)
    hide_columns(sheet)
    set_view(sheet, sheet_layout)
    set_print(sheet, table)


def set_columns(sheet: Worksheet, table: TableLayout) -> None:
    """Give whole columns their width and format: rows that a table gains later have it too."""
    for column in table.columns:
        dimension = sheet.column_dimensions[table.letter(column.title)]
        dimension.width = column.width
        dimension.number_format = column.number_format
        dimension.font = column_font(column)
        dimension.alignment = column_alignment(column)


def draw_head(sheet: Worksheet, sheet_layout: SheetLayout) -> None:
    """Draw the title band and the line that says what to do here."""
    for row, style, height in ((1, "timix title", 30), (2, "timix helper", 20)):
        sheet.row_dimensions[row].height = height
        for column in range(1, sheet_layout.band_width + 1):
            sheet.cell(row, column).style = style
    sheet["A1"] = sheet_layout.name
    sheet["A2"] = sheet_layout.helper
    sheet.row_dimensions[3].height = 8
    if sheet_layout.shows_customer:
        show_customer(sheet)


def show_customer(sheet: Worksheet) -> None:
    """Say in the title band whose run the sheet holds."""
    cell = sheet[layout.CUSTOMER_SHOWN_CELL]
    cell.value = f'=IF({layout.LOADED_CUSTOMER}="","",{layout.LOADED_CUSTOMER})'
    cell.number_format = layout.CUSTOMER_SHOWN_FORMAT
    cell.font = text_font(looks.WHITE, 11)
    cell.alignment = Alignment(vertical="center")


def draw_named_cell(sheet: Worksheet, cell: NamedCell) -> None:
    """Draw the label, the value cell and the dropdown of a named cell."""
    if cell.label_cell:
        sheet[cell.label_cell] = cell.label
        sheet[cell.label_cell].style = "timix label"
    for row in sheet[cell.area] if cell.merged_to else ((sheet[cell.cell],),):
        for part in row:
            part.style = style_of(cell)
    if cell.merged_to:
        sheet.merge_cells(cell.area)
    set_value(sheet, cell)
    if cell.rule:
        add_rule(sheet, cell.rule, cell.cell)


def style_of(cell: NamedCell) -> str:
    """Return the named style of a named cell."""
    for cells, style in (
        (layout.INPUT_CELLS, "timix input"),
        ((*layout.SUMMARY_CELLS, *PRO_FORMA_FACTS), "timix figure"),
        (layout.TILE_CELLS, "timix card"),
        ((layout.STATUS_CELL,), "timix message"),
    ):
        if cell in cells:
            return style
    return "timix label"


def set_value(sheet: Worksheet, cell: NamedCell) -> None:
    """Set what the cell holds in the empty template, and its number format."""
    target = sheet[cell.cell]
    target.number_format = cell.kind.number_format
    target.value = cell.preset
    if cell in layout.INPUT_CELLS:
        target.alignment = Alignment(
            horizontal="left",
            vertical="top" if cell.kind is Kind.PROSE else "center",
            wrap_text=cell.kind is Kind.PROSE,
        )


def leave_as_is(sheet: Worksheet) -> None:
    """Draw nothing beside the table."""


def hide_columns(sheet: Worksheet) -> None:
    """Hide what only the program reads."""
    table = layout.sheet_of(sheet.title).table
    ours = [table.letter(column.title) for column in table.columns if column.is_hidden]
    for letter in (*ours, *layout.HIDDEN_COLUMNS.get(sheet.title, ())):
        sheet.column_dimensions[letter].hidden = True


def set_view(sheet: Worksheet, sheet_layout: SheetLayout) -> None:
    """Freeze the header, hide the grid, colour the tab."""
    sheet.freeze_panes = sheet_layout.freeze
    sheet.sheet_view.showGridLines = False
    sheet.sheet_properties.tabColor = sheet_layout.tab_colour


def set_print(sheet: Worksheet, table: TableLayout) -> None:
    """Print in landscape, one page wide, the header on every page, numbered."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{table.first_row}:{table.first_row}"
    sheet.HeaderFooter.oddFooter = footer()
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom, margins.footer = 0.5, 0.6, 0.3


def footer() -> HeaderFooterItem:
    """Return the footer: the sheet's name, and page x of y."""
    item = HeaderFooterItem()
    item.left.text, item.right.text = "&A", "Page &P of &N"
    return item
