"""LibreOffice Calc, live, as an xlwings host: over UNO, in blocks of cells."""

from timix_xl.hosts.calc.engine import NAME, attach, document, open_book, start

__all__ = ["NAME", "attach", "document", "open_book", "start"]
