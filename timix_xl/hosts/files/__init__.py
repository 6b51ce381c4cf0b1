"""An .xlsx on disk as an xlwings workbook, without Excel: `with open_book(path) as book: ...`."""

from timix_xl.hosts.files.engine import open_book, start
from timix_xl.hosts.files.losses import lost_on_save
from timix_xl.hosts.locks import check_free

__all__ = ["check_free", "lost_on_save", "open_book", "start"]
