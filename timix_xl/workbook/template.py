"""Builds the empty billing workbook: the same bytes on every machine, on every day."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import canonicalize

from openpyxl import Workbook
from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import AxDataSource, NumDataSource, NumRef, StrRef
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import (
    CharacterProperties,
    Paragraph,
    ParagraphProperties,
    RegularTextRun,
)
from openpyxl.formatting.rule import DataBar, FormatObject
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Alignment, Border, Color, Font, NamedStyle, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.indexed_list import IndexedList
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import AutoFilter
from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableColumn, TableFormula, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.writer.theme import theme_xml
from openpyxl.xml.constants import ARC_CONTENT_TYPES, ARC_ROOT_RELS

from timix_xl.workbook import layout
from timix_xl.workbook.layout import (
    Card,
    Column,
    Kind,
    Look,
    NamedCell,
    Rule,
    SheetLayout,
    TableLayout,
)

BUILT_AT = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - openpyxl knows no time zones
OFFICE_ACCENT = "4F81BD"
XML_HEAD = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


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


# -- The book


def empty_book() -> Workbook:
    """Return a book without sheets that carries our theme, font and named styles."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.loaded_theme = our_theme().encode()
    book.properties.creator = "timix-xl"
    book.properties.title = "Billing workbook"
    book.properties.created = book.properties.modified = BUILT_AT
    set_normal_font(book)
    for style in named_styles():
        book.add_named_style(style)
    return book


def our_theme() -> str:
    """Return the Office theme in our colour and font: banded tables and charts follow it."""
    theme = theme_xml.replace(OFFICE_ACCENT, layout.BRAND)
    return re.sub(r'typeface="(Calibri|Cambria)"', f'typeface="{layout.FONT_NAME}"', theme)


def set_normal_font(book: Workbook) -> None:
    """Make our font the one of every untouched cell; openpyxl has no public way to say so."""
    font = text_font()
    vars(book)["_fonts"] = IndexedList([font])
    vars(book)["_named_styles"]["Normal"].font = font


def text_font(
    colour: str = layout.INK, size: float = 10, *, bold: bool = False, italic: bool = False
) -> Font:
    """Return our font."""
    return Font(name=layout.FONT_NAME, size=size, color=colour, bold=bold, italic=italic)


def solid(colour: str) -> PatternFill:
    """Return a plain fill; conditional formats read its end colour, cells its start colour."""
    return PatternFill("solid", start_color=colour, end_color=colour)


def boxed(colour: str) -> Border:
    """Return a thin frame."""
    side = Side("thin", color=colour)
    return Border(left=side, right=side, top=side, bottom=side)


def named_styles() -> tuple[NamedStyle, ...]:
    """Return the styles that a person finds in the style gallery."""
    middle = Alignment(vertical="center")
    return (
        NamedStyle(
            "timix title",
            font=text_font(layout.WHITE, 16, bold=True),
            fill=solid(layout.BRAND),
            alignment=Alignment(horizontal="left", vertical="center", indent=1),
        ),
        NamedStyle(
            "timix helper",
            font=text_font(layout.GREY_TEXT),
            fill=solid(layout.CARD_FILL),
            alignment=Alignment(horizontal="left", vertical="center", indent=1),
        ),
        NamedStyle("timix label", font=text_font(layout.GREY_TEXT), alignment=middle),
        NamedStyle(
            "timix input",
            font=text_font(layout.INPUT_INK),
            fill=solid(layout.INPUT_FILL),
            border=boxed(layout.INPUT_BORDER),
            alignment=middle,
        ),
        NamedStyle(
            "timix header",
            font=text_font(layout.WHITE, bold=True),
            fill=solid(layout.BRAND),
            alignment=Alignment(vertical="center", wrap_text=True),
        ),
        NamedStyle(
            "timix figure",
            font=text_font(bold=True),
            border=Border(bottom=Side("hair", color=layout.GREY_TEXT)),
            alignment=Alignment(horizontal="right", vertical="center"),
        ),
        NamedStyle(
            "timix message",
            font=text_font(bold=True),
            fill=solid(layout.CARD_FILL),
            border=boxed(layout.HAIRLINE),
            alignment=Alignment(horizontal="left", vertical="center", wrap_text=True, indent=1),
        ),
        NamedStyle("timix card", font=text_font(layout.GREY_TEXT), fill=solid(layout.CARD_FILL)),
    )


def add_names(book: Workbook) -> None:
    """Define every name of the interface."""
    for cell in layout.NAMED_CELLS:
        define(book, cell.name, cell.reference)
    define(book, layout.CUSTOMER_CODES, f"{layout.CUSTOMERS.name}[Customer]")
    define(book, layout.FRAME_ORDER_CHOICES, frame_order_choices())


def define(book: Workbook, name: str, refers_to: str) -> None:
    """Define one name for the whole book."""
    book.defined_names[name] = DefinedName(name, attr_text=refers_to)


def frame_order_choices() -> str:
    """Return the filled part of the helper range, so that the dropdown shows no empty line."""
    sheet = f"'{layout.FRAME_ORDERS_SHEET}'!"
    first = sheet + absolute(layout.FRAME_ORDER_CHOICES_FIRST_CELL)
    last = sheet + absolute(layout.FRAME_ORDER_CHOICES_LAST_CELL)
    return f"{first}:INDEX({first}:{last},COUNTA({first}:{last}))"


def absolute(cell: str) -> str:
    """Return a reference that does not move.

    >>> absolute("AB12")
    '$AB$12'
    """
    return re.sub(r"^([A-Z]+)(\d+)$", r"$\1$\2", cell)


# -- A sheet


def fill_sheet(sheet: Worksheet, sheet_layout: SheetLayout) -> None:
    """Draw one sheet: columns, head, inputs, tiles, table, and how it prints."""
    table = sheet_layout.table
    set_columns(sheet, table)
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
    for letter, width in layout.EXTRA_WIDTHS.get(sheet.title, {}).items():
        sheet.column_dimensions[letter].width = width


def column_font(column: Column) -> Font:
    """Return the font of a column's cells."""
    if column.kind is Kind.LINK:
        return Font(name=layout.FONT_NAME, size=10, color=layout.LINK_INK, underline="single")
    if column.is_alarm:
        return text_font(layout.ALARM_INK)
    return text_font(layout.GREY_TEXT, 8) if column.is_quiet else text_font()


def column_alignment(column: Column, vertical: str = "top") -> Alignment:
    """Set figures to the right, text to the left with a gap before it; prose wraps."""
    if column.kind.is_number:
        return Alignment(horizontal="right", vertical=vertical)
    wraps = column.kind is Kind.PROSE
    return Alignment(horizontal="left", vertical=vertical, wrap_text=wraps, indent=1)


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
    cell.font = text_font(layout.WHITE, 11)
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
        (layout.SUMMARY_CELLS, "timix figure"),
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


# -- Tables, dropdowns, highlights


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
    made.tableStyleInfo = TableStyleInfo(name=layout.TABLE_STYLE, showRowStripes=True)
    made.autoFilter = AutoFilter(ref=table.reference())
    made.tableColumns = [table_column(*place) for place in enumerate(table.titles, 1)]
    return made


def table_column(number: int, title: str) -> TableColumn:
    """Return a table column; Visible fills itself in new rows."""
    column = TableColumn(id=number, name=title)
    if title == "Visible":
        column.calculatedColumnFormula = TableFormula(attr_text=layout.VISIBLE_FORMULA)
    return column


def column_area(table: TableLayout, title: str) -> str:
    """Return a column's cells from the first data row to the end of the sheet."""
    letter = table.letter(title)
    return f"{letter}{table.first_data_row}:{letter}{layout.LAST_ROW}"


def add_rules(sheet: Worksheet, table: TableLayout) -> None:
    """Put the table's dropdowns and number rules in place."""
    for title, rule in table.rules:
        add_rule(sheet, rule, column_area(table, title))


def add_rule(sheet: Worksheet, rule: Rule, area: str) -> None:
    """Let Excel accept only what the rule allows."""
    validation = validation_of(rule)
    validation.errorTitle = "timix-xl"
    validation.error = rule.refusal
    validation.showErrorMessage = True
    validation.add(area)
    sheet.add_data_validation(validation)


def validation_of(rule: Rule) -> DataValidation:
    """Return the bare validation of a rule."""
    if rule.words:
        return DataValidation("list", formula1=f'"{",".join(rule.words)}"', allow_blank=True)
    if rule.list_name:
        return DataValidation("list", formula1=rule.list_name, allow_blank=True)
    if rule.kind is Kind.DATE:
        first_day = "36526"  # 2000-01-01: a number as Excel stores days, the same in any locale
        return DataValidation("date", "greaterThanOrEqual", first_day, allow_blank=True)
    ends = str(rule.least), str(rule.most)
    if rule.kind is Kind.COUNT:
        return DataValidation("whole", "between", *ends, allow_blank=True)
    return DataValidation("decimal", "between", *ends, allow_blank=True)


def add_highlights(sheet: Worksheet, table: TableLayout) -> None:
    """Colour the rows that a person should notice; the first match of a cell wins."""
    for highlight in table.highlights:
        areas = " ".join(column_area(table, title) for title in highlight.columns)
        formula = layout.row_formula(table, highlight.formula, table.first_data_row)
        sheet.conditional_formatting.add(areas, highlight_rule(formula, highlight.look))


def highlight_rule(formula: str, look: Look) -> FormatRule:
    """Return the conditional format of a look; each has the row's line, as only one shows."""
    font = Font(color=look.font, bold=look.bold or None, strike=look.struck or None)
    style = DifferentialStyle(
        font=font if look.font else None,
        fill=solid(look.fill) if look.fill else None,
        border=Border(bottom=Side("thin", color=layout.HAIRLINE)),
    )
    return FormatRule(type="expression", dxf=style, formula=[formula])


# -- What stands beside the tables


def draw_billing(sheet: Worksheet) -> None:
    """Draw the legend, the steps, and the colours of the last result."""
    for row, height in ((4, 19), (5, 19), (6, 6), (7, 34), (8, 17), (9, 8)):
        sheet.row_dimensions[row].height = height
    draw_legend(sheet, layout.LEGEND_CELL, layout.LEGEND_TEXT_CELL)
    for cell, text in layout.STEPS:
        sheet[cell] = text
        sheet[cell].style = "timix label"
    status = layout.STATUS_CELL
    for formula, look in layout.STATUS_HIGHLIGHTS:
        sheet.conditional_formatting.add(status.area, highlight_rule(formula, look))


def draw_legend(sheet: Worksheet, sample: str, text: str) -> None:
    """Explain the look of input cells."""
    sheet[sample] = "Input"
    sheet[sample].style = "timix input"
    sheet[text] = "cells of this colour are yours to fill in; everything else is written for you"
    sheet[text].style = "timix label"


def draw_entries(sheet: Worksheet) -> None:
    """Draw the tiles."""
    for row, height in ((4, 16), (5, 24), (6, 16), (7, 16), (8, 8)):
        sheet.row_dimensions[row].height = height
    for card in layout.CARDS:
        draw_card(sheet, card)
    for name, formula in tile_formulas().items():
        sheet[layout.named_cell(name).cell] = f"={formula}"


def draw_card(sheet: Worksheet, card: Card) -> None:
    """Draw one card: heading, amount, hours, and a count or a word of explanation."""
    top, bottom = layout.CARD_HEADING_ROW, layout.CARD_CAPTION_ROW
    stripe = Side("thick", color=card.colour)
    gap = Side("thick", color=layout.WHITE)
    for row in sheet[f"{card.first_letter}{top}:{card.last_letter}{bottom}"]:
        for cell in row:
            cell.style = "timix card"
        row[0].border = Border(left=stripe)
        row[-1].border = Border(left=stripe if len(row) == 1 else None, right=gap)
    sheet[f"{card.first_letter}{top}"] = card.heading
    if card.caption:
        sheet[f"{card.first_letter}{bottom}"] = card.caption
    for row in range(top, bottom + 1):
        set_card_line(sheet, f"{card.first_letter}{row}", row)


def set_card_line(sheet: Worksheet, cell: str, row: int) -> None:
    """Set one line of a card to the left; the amount is large."""
    sheet[cell].alignment = Alignment(horizontal="left", vertical="center", indent=1)
    sheet[cell].number_format = layout.CARD_FORMATS.get(row, "General")
    if row == layout.CARD_AMOUNT_ROW:
        sheet[cell].font = text_font(size=16, bold=True)
    if row == layout.CARD_HEADING_ROW:
        sheet[cell].font = text_font(layout.GREY_TEXT, 9, bold=True)


def draw_frame_orders(sheet: Worksheet) -> None:
    """Draw the utilization bars, the choices of the dropdown and the chart."""
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 19, 8
    bars = FormatRule(type="dataBar", dataBar=utilization_bar())
    sheet.conditional_formatting.add(column_area(layout.FRAME_ORDERS, "Utilization"), bars)
    choices = sheet[layout.FRAME_ORDER_CHOICES_FIRST_CELL]
    choices.value, choices.number_format = layout.NO_FRAME_ORDER, layout.TEXT_FORMAT
    draw_chart_source(sheet)
    sheet.add_chart(frame_order_chart(), layout.CHART_CELL)


def draw_chart_source(sheet: Worksheet) -> None:
    """Write the narrow table that the chart reads, white on white."""
    shares = layout.CHART_SHARES
    header, first = sheet[shares.reference()]
    formulas = layout.chart_formulas(shares.first_data_row)
    for place, title in enumerate(shares.titles):
        header[place].value = title
        first[place].value = formulas[place]
        header[place].font = first[place].font = text_font(layout.WHITE, 8)
    made = Table(displayName=shares.name, ref=shares.reference())
    made.tableColumns = [table_column(*place) for place in enumerate(shares.titles, 1)]
    sheet.add_table(made)


def utilization_bar() -> DataBar:
    """Return the bar of a share: empty at 0 %, the full cell at 100 % and beyond."""
    ends = (FormatObject(type="num", val=0), FormatObject(type="num", val=1))
    colour = Color(rgb=f"FF{layout.DATA_BAR_COLOUR}")
    return DataBar(minLength=0, maxLength=100, cfvo=ends, color=colour)


def draw_preview(sheet: Worksheet) -> None:
    """Set the heights of the options and make the total stand out."""
    for row in range(4, 9):
        sheet.row_dimensions[row].height = 18
    sheet.row_dimensions[9].height, sheet.row_dimensions[10].height = 34, 8
    total = sheet[layout.named_cell(layout.SUMMARY_TOTAL).cell]
    total.font = text_font(layout.BRAND, 13, bold=True)


def draw_invoices(sheet: Worksheet) -> None:
    """Set the height of the filters."""
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 19, 8
    sheet["C4"].alignment = Alignment(horizontal="right", vertical="center")


DRAWN_BESIDE = {
    layout.BILLING_SHEET: draw_billing,
    layout.ENTRIES_SHEET: draw_entries,
    layout.FRAME_ORDERS_SHEET: draw_frame_orders,
    layout.PREVIEW_SHEET: draw_preview,
    layout.INVOICES_SHEET: draw_invoices,
}


# -- The chart


def frame_order_chart() -> BarChart:
    """Return a bar per frame order; 100 % is its total, and what is overdrawn reaches beyond."""
    chart = BarChart(barDir="bar", grouping="stacked", overlap=100, gapWidth=70)
    chart.title = Title(tx=Text(rich=title_text(layout.CHART_TITLE)), overlay=False)
    chart.legend = Legend(legendPos="b")
    chart.width, chart.height = 19, 8.5
    _, *letters = chart_letters()
    for letter, colour in zip(letters, layout.CHART_COLOURS, strict=True):
        chart.series.append(chart_series(letter, colour))
    set_axes(chart)
    return chart


def title_text(text: str) -> RichText:
    """Return a chart title in our font size."""
    look = CharacterProperties(sz=1200, b=True, solidFill=layout.BRAND)
    paragraph = Paragraph(
        pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=text)]
    )
    return RichText(p=[paragraph])


def chart_letters() -> list[str]:
    """Return the columns of the chart's source: the names, then the shares."""
    return [layout.CHART_SHARES.letter(title) for title in layout.CHART_SHARES.titles]


def chart_cells(letter: str) -> str:
    """Return the data cells of a column as a chart refers to them."""
    cell = absolute(f"{letter}{layout.FRAME_ORDERS.first_data_row}")
    return f"'{layout.FRAME_ORDERS_SHEET}'!{cell}:{cell}"


def chart_series(letter: str, colour: str) -> Series:
    """Return one part of the bars in its colour."""
    title = f"'{layout.FRAME_ORDERS_SHEET}'!{absolute(f'{letter}{layout.FRAME_ORDERS.first_row}')}"
    return Series(
        tx=SeriesLabel(strRef=StrRef(f=title)),
        cat=AxDataSource(strRef=StrRef(f=chart_cells(chart_letters()[0]))),
        val=NumDataSource(numRef=NumRef(f=chart_cells(letter))),
        spPr=GraphicalProperties(solidFill=colour),
        invertIfNegative=False,
    )


def set_axes(chart: BarChart) -> None:
    """List the orders from the top, the scale below, the names clear of bars below zero."""
    chart.x_axis.scaling.orientation = "maxMin"
    chart.x_axis.tickLblPos = "low"
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.y_axis.crosses = "max"
    chart.y_axis.number_format = "0%"
    chart.y_axis.scaling.min = 0
    grid = GraphicalProperties(ln=LineProperties(solidFill=layout.HAIRLINE))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)


# -- The tiles


def tile_formulas() -> dict[str, str]:
    """Return the formula of every tile, by its name."""
    return {
        "timix_bill_count": total(FILLED, BILLED),
        "timix_bill_hours": f"{total(FILLED, BILLED, TIME, WHOLE, of='Qty')}"
        f"+{total(FILLED, BILLED, TIME, PART, of='Bill qty')}",
        "timix_bill_amount": amount(BILLED, BILL_QTY),
        "timix_defer_hours": left_hours(DEFERRED, REST_DEFERRED),
        "timix_defer_amount": left_amount(DEFERRED, REST_DEFERRED),
        "timix_write_off_hours": left_hours(WRITTEN_OFF, REST_WRITTEN_OFF),
        "timix_write_off_amount": left_amount(WRITTEN_OFF, REST_WRITTEN_OFF),
        "timix_loaded_hours": total(FILLED, TIME, of="Qty"),
        "timix_loaded_amount": total(FILLED, of="Amount"),
        "timix_rounding": ROUNDING,
    }


def entries(title: str) -> str:
    """Return a column of the entries as a formula names it."""
    return f"{layout.ENTRIES.name}[{title}]"


def is_said(title: str, word: str) -> str:
    """Return a test per row: the cell holds the word, whatever its case and outer blanks."""
    return f'(LOWER(TRIM({entries(title)}))="{word.lower()}")'


FILLED = f'({entries("Entry")}<>"")'
TIME = is_said("Kind", "time")
BILLED = f"({is_said('Decision', 'Bill')}+{is_said('Decision', '')})"
DEFERRED = is_said("Decision", "Defer")
WRITTEN_OFF = is_said("Decision", "Write off")
REST_DEFERRED = f"({is_said('Rest', 'Defer')}+{is_said('Rest', '')})"
REST_WRITTEN_OFF = is_said("Rest", "Write off")
WHOLE = is_said("Bill qty", "")
PART = f'(TRIM({entries("Bill qty")})<>"")'
BILL_QTY = entries("Bill qty")
REST_QTY = f"({entries('Qty')}-{entries('Bill qty')})"
ROUNDING = (
    f'IF({layout.PREVIEW_BILL_AMOUNT}="","",'
    f"IF(ROUND(timix_bill_amount-{layout.PREVIEW_BILL_AMOUNT},{layout.CURRENCY_DIGITS})=0,"
    f'{layout.PREVIEW_ROUNDING},"Preview again"))'
)


def total(*tests: str, of: str | None = None) -> str:
    """Return the sum of a column, or the count, over the rows that pass all tests.

    The column stands apart as an argument of its own: SUMPRODUCT reads text in it as nothing.
    """
    rows = "*".join(tests)
    return f"SUMPRODUCT({rows}*1,{entries(of)})" if of else f"SUMPRODUCT({rows}*1)"


def part_amount(decided: str, quantity: str, rest: str | None = None) -> str:
    """Return the money of parts, rounded part by part as they will be billed.

    Text in Bill qty breaks that product; the sum is then rounded once, so the tile still shows
    what there is (the run refuses such a row).
    """
    rows = "*".join(test for test in (FILLED, decided, PART, rest) if test)
    exact = f"SUMPRODUCT({rows}*ROUND({quantity}*{entries('Rate')},{layout.CURRENCY_DIGITS}))"
    return f"IFERROR({exact},{plain_part_amount(rows, quantity)})"


def plain_part_amount(rows: str, quantity: str) -> str:
    """Return the money of parts with text read as nothing, rounded once."""
    rate = entries("Rate")
    billed = f"SUMPRODUCT({rows}*1,{BILL_QTY},{rate})"
    if quantity == BILL_QTY:
        return f"ROUND({billed},{layout.CURRENCY_DIGITS})"
    loaded = f"SUMPRODUCT({rows}*1,{entries('Qty')},{rate})"
    return f"ROUND({loaded}-{billed},{layout.CURRENCY_DIGITS})"


def amount(decided: str, quantity: str) -> str:
    """Return the money to bill: whole entries at their amount, and the billed parts."""
    return f"{total(FILLED, decided, WHOLE, of='Amount')}+{part_amount(decided, quantity)}"


def left_hours(decided: str, rest: str) -> str:
    """Return the hours not billed: whole entries, and the rests of those billed in part."""
    parts = (FILLED, BILLED, TIME, PART, rest)
    rests = f"{total(*parts, of='Qty')}-{total(*parts, of='Bill qty')}"
    return f"{total(FILLED, decided, TIME, of='Qty')}+{rests}"


def left_amount(decided: str, rest: str) -> str:
    """Return the money not billed: whole entries, and the rests of those billed in part."""
    return f"{total(FILLED, decided, of='Amount')}+{part_amount(BILLED, REST_QTY, rest)}"


# -- The file


def packed(book: Workbook) -> bytes:
    """Return the book as openpyxl writes it (its own save would stamp the clock)."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        ExcelWriter(book, archive).write_data()
    return stream.getvalue()


def canonical(content: bytes) -> bytes:
    """Return the file with every part in one canonical form, order and date.

    lxml, where it is installed, writes the same parts with other bytes; and compression differs
    between builds of zlib, so the parts are stored as they are.
    """
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in sorted_parts(content):
            archive.writestr(zipfile.ZipInfo(name), XML_HEAD + canonical_part(part))
    return stream.getvalue()


def sorted_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the parts by name, behind the two that a reader wants first."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        leading = [ARC_CONTENT_TYPES, ARC_ROOT_RELS]
        for name in (*leading, *sorted(set(archive.namelist()) - set(leading))):
            yield name, archive.read(name)


def canonical_part(part: bytes) -> bytes:
    """Return a part in canonical XML, each formula with the value it has in an empty workbook."""
    return with_our_name(with_cached_values(canonicalize(part.decode()))).encode()


def with_our_name(text: str) -> str:
    """Name ourselves as the program: openpyxl names its patch version, which may differ."""
    return re.sub("<Application>[^<]*<", "<Application>timix-xl<", text)


def with_cached_values(text: str) -> str:
    """Give formulas their results, so that a previewer shows zeros and not blanks."""
    return re.sub(r'<c r="(\w+)" s="(\d+)"><f>([^<]*)</f><v></v></c>', with_cached_value, text)


def with_cached_value(cell: re.Match[str]) -> str:
    """Return a formula cell with the empty text or the zero that it shows in an empty workbook."""
    place, style, formula = cell.groups()
    shows_text = re.match(r'IF\([^,]+="","",', formula)
    kind, value = (' t="str"', "") if shows_text else ("", "0")
    return f'<c r="{place}" s="{style}"{kind}><f>{formula}</f><v>{value}</v></c>'


if __name__ == "__main__":
    write(Path("workbooks/billing.xlsx"))
