"""Draws what stands beside the tables of the template."""

from openpyxl.formatting.rule import DataBar, FormatObject
from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Alignment, Color
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks, words
from timix_xl.workbook.kinds import TEXT_FORMAT
from timix_xl.workbook.pro_forma_layout import (
    PRO_FORMA_FACTS,
    PRO_FORMA_SHEET,
    STATE_CELL,
    STATE_HIGHLIGHTS,
)
from timix_xl.workbook.projects_layout import PROJECT_NOTES, PROJECTS_SHEET
from timix_xl.workbook.template_cards import draw_entries, draw_pro_forma_cards
from timix_xl.workbook.template_chart import draw_chart_source, frame_order_chart
from timix_xl.workbook.template_rules import column_area, highlight_rule
from timix_xl.workbook.template_styles import text_font


def draw_billing(sheet: Worksheet) -> None:
    """Draw the legend, the steps, and the colours of the last result."""
    for row, height in ((4, 19), (5, 19), (6, 19), (7, 34), (8, 17), (9, 8)):
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


def draw_frame_orders(sheet: Worksheet) -> None:
    """Draw the utilization bars, the choices of the dropdown and the chart."""
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 19, 8
    bars = FormatRule(type="dataBar", dataBar=utilization_bar())
    sheet.conditional_formatting.add(column_area(layout.FRAME_ORDERS, "Utilization"), bars)
    choices = sheet[layout.FRAME_ORDER_CHOICES_FIRST_CELL]
    choices.value, choices.number_format = words.NO_FRAME_ORDER, TEXT_FORMAT
    draw_chart_source(sheet)
    sheet.add_chart(frame_order_chart(), layout.CHART_CELL)


def utilization_bar() -> DataBar:
    """Return the bar of a share: empty at 0 %, the full cell at 100 % and beyond."""
    ends = (FormatObject(type="num", val=0), FormatObject(type="num", val=1))
    colour = Color(rgb=f"FF{looks.DATA_BAR_COLOUR}")
    return DataBar(minLength=0, maxLength=100, cfvo=ends, color=colour)


def draw_preview(sheet: Worksheet) -> None:
    """Set the heights of the options and make the total stand out."""
    for row in range(4, 11):
        sheet.row_dimensions[row].height = 18
    sheet.row_dimensions[11].height = 8
    total = sheet[layout.named_cell(layout.SUMMARY_TOTAL).cell]
    total.font = text_font(looks.BRAND, 13, bold=True)


def draw_invoices(sheet: Worksheet) -> None:
    """Set the height of the filters."""
    sheet.row_dimensions[4].height, sheet.row_dimensions[5].height = 19, 8
    sheet["C4"].alignment = Alignment(horizontal="right", vertical="center")


def draw_projects(sheet: Worksheet) -> None:
    """Say what the inputs do and what the figures mean."""
    for row, height in ((4, 19), (5, 19), (6, 19), (7, 8)):
        sheet.row_dimensions[row].height = height
    for cell, text in PROJECT_NOTES:
        sheet[cell] = text
        sheet[cell].style = "timix label"
        if not cell.startswith("A"):
            sheet[cell].alignment = Alignment(horizontal="left", vertical="center", indent=1)


def draw_pro_forma(sheet: Worksheet) -> None:
    """Draw what is said of the loaded pro forma, and the cards; colour its state."""
    for row, height in ((4, 19), (5, 19), (6, 8)):
        sheet.row_dimensions[row].height = height
    for fact in PRO_FORMA_FACTS:
        for cell in (fact.cell, fact.label_cell or fact.cell):
            sheet[cell].alignment = Alignment(horizontal="left", vertical="center", indent=1)
    draw_pro_forma_cards(sheet)
    for formula, look in STATE_HIGHLIGHTS:
        sheet.conditional_formatting.add(STATE_CELL, highlight_rule(formula, look))


DRAWN_BESIDE = {
    layout.BILLING_SHEET: draw_billing,
    layout.ENTRIES_SHEET: draw_entries,
    layout.FRAME_ORDERS_SHEET: draw_frame_orders,
    layout.PREVIEW_SHEET: draw_preview,
    layout.INVOICES_SHEET: draw_invoices,
    PROJECTS_SHEET: draw_projects,
    PRO_FORMA_SHEET: draw_pro_forma,
}
