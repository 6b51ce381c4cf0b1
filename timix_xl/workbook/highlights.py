"""Conditions of highlights that several tables share."""

from timix_xl.workbook.looks import PLAIN
from timix_xl.workbook.shapes import Column, Highlight


def said(title: str, word: str) -> str:
    """Return a condition: the row's cell holds the word, whatever its case and outer blanks."""
    return f'LOWER(TRIM([{title}]))="{word.lower()}"'


def lined(key: str, columns: tuple[Column, ...]) -> Highlight:
    """Return the thin line below every filled row (LibreOffice draws no table styles)."""
    return Highlight(tuple(column.title for column in columns), f'[{key}]<>""', PLAIN)
