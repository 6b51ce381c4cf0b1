"""From approved time and material to frozen invoices, inside a spreadsheet."""

__version__ = "0.1.0"
