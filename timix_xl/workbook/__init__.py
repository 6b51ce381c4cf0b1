"""The billing workbook, written against the public xlwings API."""
