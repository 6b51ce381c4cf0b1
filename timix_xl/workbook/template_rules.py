"""Says what the template's cells accept, and which rows light up."""

from typing import Literal

from openpyxl.formatting.rule import Rule as FormatRule
from openpyxl.styles import Border, Font, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from timix_xl.workbook import layout, looks
from timix_xl.workbook.kinds import Kind
from timix_xl.workbook.looks import Look
from timix_xl.workbook.shapes import Rule, TableLayout, row_formula
from timix_xl.workbook.template_styles import solid


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
        return DataValidation(
            "date", operator="greaterThanOrEqual", formula1=first_day, allow_blank=True
        )
    ends = str(rule.least), str(rule.most)
    kind: Literal["whole", "decimal"] = "whole" if rule.kind is Kind.COUNT else "decimal"
    return DataValidation(kind, *ends, operator="between", allow_blank=True)


def add_highlights(sheet: Worksheet, table: TableLayout) -> None:
    """Colour the rows that a person should notice; the first match of a cell wins."""
    for highlight in table.highlights:
        areas = " ".join(column_area(table, title) for title in highlight.columns)
        formula = row_formula(table, highlight.formula, table.first_data_row)
        sheet.conditional_formatting.add(areas, highlight_rule(formula, highlight.look))


def highlight_rule(formula: str, look: Look) -> FormatRule:
    """Return the conditional format of a look; each has the row's line, as only one shows."""
    font = Font(color=look.font, bold=look.bold or None, strike=look.struck or None)
    style = DifferentialStyle(
        font=font if look.font else None,
        fill=solid(look.fill) if look.fill else None,
        border=Border(bottom=Side("thin", color=looks.HAIRLINE)),
    )
    return FormatRule(type="expression", dxf=style, formula=[formula])


def column_area(table: TableLayout, title: str) -> str:
    """Return a column's cells from the first data row to the end of the sheet."""
    letter = table.letter(title)
    return f"{letter}{table.first_data_row}:{letter}{layout.LAST_ROW}"
