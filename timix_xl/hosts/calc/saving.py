"""An open workbook written to its file, or the reason why it is not."""

import errno
import re
import tempfile
from pathlib import Path
from typing import Any

from timix_xl.hosts.calc.border import reason
from timix_xl.hosts.locks import check_free, excel_lock
from timix_xl.hosts.refusals import (
    DiskFull,
    NoFileYet,
    NotSaved,
    WorkbookChanged,
    WorkbookInUse,
)

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".xlsm": "Calc MS Excel 2007 VBA XML"}
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_KIND = re.compile(r"Class:(\w+)")
_WHY = {
    "Access": "permission denied",
    "Locking": "another program holds it",
    "Path": "the name cannot be used here",
    "Read": "its content cannot be read",
    "Write": "the disk does not take it",
}
_PROBE_BYTES = 1 << 20

Stamp = tuple[int, int, int]


def save(book: Any, target: Path | None) -> Path:
    """Write a book to the target, by default to its own file; give the path that was written."""
    connection = book.connection
    url = book.doc.getURL()
    own = Path(connection.path(url)) if url else None
    if target is None and own is None:
        raise NoFileYet(name=book.name)
    path = _with_suffix(target, macros=_has_macros(book)) if target else own
    assert path is not None
    if path == own:
        _check_own(book, path)
    else:
        check_free(path)
    _check_place(path)
    _store(book, path, is_own=path == own)
    return path


def stamp_of(path: Path) -> Stamp | None:
    """Give what tells a file from one that was saved since."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _with_suffix(path: Path, *, macros: bool) -> Path:
    """Name a file after its content: Excel opens no .xlsx with macros and no .xlsm without."""
    wanted = ".xlsm" if macros else ".xlsx"
    if path.suffix.lower() in FILTERS:
        return path if path.suffix.lower() == wanted else path.with_suffix(wanted)
    return path.with_name(path.name + wanted)


def _has_macros(book: Any) -> bool:
    options = {option.Name: option.Value for option in book.doc.getArgs()}
    return options.get("FilterName") == FILTERS[".xlsm"]


def _check_own(book: Any, path: Path) -> None:
    lock = excel_lock(path)
    if lock.exists():
        raise WorkbookInUse(where=str(path), path=path.name, lock=lock.name)
    if book.stamp is not None and stamp_of(path) not in (book.stamp, None):
        raise WorkbookChanged(where=str(path), path=path.name)


def _check_place(path: Path) -> None:
    """Look for what LibreOffice would make without a word, or say in numbers."""
    if not path.parent.is_dir():
        raise _not_saved(path, "no such file or directory")
    if path.is_dir():
        raise _not_saved(path, "is a directory")


def _store(book: Any, path: Path, *, is_own: bool) -> None:
    connection = book.connection
    kind = FILTERS.get(path.suffix.lower())
    failure: BaseException
    try:
        if is_own and kind is None:
            # The user saved it in another format; it stays in that.
            book.doc.store()
        else:
            options = connection.props(FilterName=kind, Overwrite=True)
            book.doc.storeAsURL(connection.url(path), options)
    except connection.exception as error:
        failure = error
    else:
        return
    if not connection.lost() and not book.is_gone:
        raise _refusal(path, failure)
    raise failure


def _refusal(path: Path, failure: BaseException) -> DiskFull | NotSaved:
    """Find out by a file of our own what LibreOffice only has a number for."""
    size = max(_PROBE_BYTES, path.stat().st_size if path.is_file() else 0)
    try:
        with tempfile.TemporaryFile(dir=path.parent) as probe:
            for _ in range(0, size, _PROBE_BYTES):
                probe.write(bytes(_PROBE_BYTES))
            probe.flush()
    except OSError as error:
        if error.errno in _FULL:
            return DiskFull(where=str(path), path=path.name)
        return _not_saved(path, (error.strerror or "no reason given").lower())
    said = reason(failure)
    kind = _KIND.search(said)
    return _not_saved(path, _WHY.get(kind[1] if kind else "", "LibreOffice gives no reason"))


def _not_saved(path: Path, why: str) -> NotSaved:
    return NotSaved(where=str(path), path=path.name, why=why, folder=path.parent)
