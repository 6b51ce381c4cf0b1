"""Pack a workbook into the bytes of a file: the same for the same books, on any day."""

import datetime as dt
import io
import re
import zipfile

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_APP

_LONG_AGO = dt.datetime(2026, 1, 1)  # noqa: DTZ001 - openpyxl knows no time zones
_APPLICATION = re.compile(rb"<Application>[^<]*<")


def packed(book: Workbook, title: str) -> bytes:
    """Return a workbook as a file that bears no clock and our name."""
    book.properties.creator = "timix-xl"
    book.properties.title = title
    book.properties.created = book.properties.modified = _LONG_AGO
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).write_data()  # its own save would stamp the clock
    return _undated(stream)


def _undated(written: io.BytesIO) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(written) as archive,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in archive.namelist():
            part = archive.read(name)
            if name == ARC_APP:
                part = _APPLICATION.sub(b"<Application>timix-xl<", part)
            made.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
