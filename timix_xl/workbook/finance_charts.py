"""Draws the charts of the finance workbook; they read the tables below them."""

from openpyxl.chart import BarChart
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import (
    AxDataSource,
    MultiLevelStrRef,
    NumDataSource,
    NumRef,
    StrRef,
)
from openpyxl.chart.legend import Legend
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties

from timix_xl.workbook import looks
from timix_xl.workbook.finance_layout import ChartLayout
from timix_xl.workbook.shapes import TableLayout, absolute
from timix_xl.workbook.template_chart import title_text


def chart_of(asked: ChartLayout) -> BarChart:
    """Return a bar per row of the table, its parts one behind the other."""
    direction = "col" if asked.stands else "bar"
    chart = BarChart(barDir=direction, grouping="stacked", overlap=100, gapWidth=60)
    chart.title = Title(tx=Text(rich=title_text(asked.title)), overlay=False)
    chart.legend = Legend(legendPos="b") if len(asked.series) > 1 else None
    chart.width, chart.height = 24, 9.8
    for title, colour in zip(asked.series, asked.colours, strict=True):
        chart.series.append(series(asked, title, colour))
    set_axes(chart, asked)
    return chart


def series(asked: ChartLayout, title: str, colour: str) -> Series:
    """Return one part of the bars in its colour."""
    table = asked.table
    header = f"'{table.sheet}'!{absolute(f'{table.letter(title)}{table.first_row}')}"
    return Series(
        tx=SeriesLabel(strRef=StrRef(f=header)),
        cat=categories(asked),
        val=NumDataSource(numRef=NumRef(f=cells(table, title, title))),
        spPr=GraphicalProperties(solidFill=colour),
        invertIfNegative=False,
    )


def categories(asked: ChartLayout) -> AxDataSource:
    """Return what names the bars: one column, or several that are nested."""
    first, last = asked.categories[0], asked.categories[-1]
    place = cells(asked.table, first, last)
    if first == last:
        return AxDataSource(strRef=StrRef(f=place))
    return AxDataSource(multiLvlStrRef=MultiLevelStrRef(f=place))


def cells(table: TableLayout, first: str, last: str) -> str:
    """Return the data cells of some columns as a chart refers to them."""
    row = table.first_data_row
    ends = (absolute(f"{table.letter(title)}{row}") for title in (first, last))
    return f"'{table.sheet}'!{':'.join(ends)}"


def set_axes(chart: BarChart, asked: ChartLayout) -> None:
    """List rows from the top, the scale below, the names clear of bars below zero."""
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.tickLblPos = "low"
    if not asked.stands:
        chart.x_axis.scaling.orientation = "maxMin"
        chart.y_axis.crosses = "max"
    chart.y_axis.number_format = "0%" if asked.is_share else "#,##0"
    grid = GraphicalProperties(ln=LineProperties(solidFill=looks.HAIRLINE))
    chart.y_axis.majorGridlines = ChartLines(spPr=grid)
