"""Draws the chart of the frame orders, and the narrow table that it reads."""

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
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks
from timix_xl.workbook.shapes import absolute
from timix_xl.workbook.template_styles import text_font
from timix_xl.workbook.template_tables import table_column


def draw_chart_source(sheet: Worksheet) -> None:
    """Write the narrow table that the chart reads, white on white."""
    shares = layout.CHART_SHARES
    header, first = sheet[shares.reference()]
    formulas = layout.chart_formulas(shares.first_data_row)
    for place, title in enumerate(shares.titles):
        header[place].value = title
        first[place].value = formulas[place]
        header[place].font = first[place].font = text_font(looks.WHITE, 8)
    made = Table(displayName=shares.name, ref=shares.reference())
    made.tableColumns = [table_column(*place) for place in enumerate(shares.titles, 1)]
    sheet.add_table(made)


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
    look = CharacterProperties(sz=1200, b=True, solidFill=looks.BRAND)
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
    grid = GraphicalProperties(ln=LineProperties(solidFill=looks.HAIRLINE))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)
