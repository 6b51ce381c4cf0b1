"""A workbook written to disk: whole or not at all, and never over what would be lost."""

import errno
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from timix_xl.hosts.files import secrets
from timix_xl.hosts.files.losses import SHAPES, lost_from
from timix_xl.hosts.files.package import package
from timix_xl.hosts.locks import check_free
from timix_xl.hosts.refusals import DiskFull, NotSaved, WorkbookChanged

_COPY_MARK = " (timix)"
_IS_COPY = re.compile(r" \(timix(?: [0-9]+)?\)$")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


def save(book: Any, target: Path | None) -> Path:
    """Write a book to the target, by default to its own file; give the path that was written."""
    path = target or book.path
    path = _with_suffix(path, macros=book.workbook.vba_archive is not None)
    own = path == book.path and book.loaded.source is not None
    if own and _would_lose(book):
        path, own = copy_path(path), False
    check_free(path)
    if own and path.exists() and path.read_bytes() != book.loaded.source:
        raise WorkbookChanged(where=str(path), path=path.name)
    secrets.refuse(book.workbook, path)
    content = package(book)
    replace(path, content)
    book.loaded.source = content
    book.loaded.unread = ()
    return path


def _with_suffix(path: Path, *, macros: bool) -> Path:
    """Name a file after its content: Excel opens no .xlsx with macros and no .xlsm without."""
    wanted = ".xlsm" if macros else ".xlsx"
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return path if path.suffix.lower() == wanted else path.with_suffix(wanted)
    return path.with_name(path.name + wanted)


def copy_path(path: Path) -> Path:
    """Name the copy beside a file with content that would be lost; never one that is there."""
    candidate = path.with_name(f"{path.stem}{_COPY_MARK}{path.suffix}")
    number = 2
    while candidate.exists():
        candidate = path.with_name(f"{path.stem} (timix {number}){path.suffix}")
        number += 1
    return candidate


def replace(path: Path, content: bytes) -> None:
    """Put the content in the place of a file, at once; a failure leaves the file as it was."""
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.stem}-", suffix=".tmp", dir=path.parent)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(path.stat().st_mode & 0o777 if path.exists() else _mode_of_new_files())
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise _refusal(path, error) from error


def _would_lose(book: Any) -> bool:
    lost = {*book.loaded.unread, *lost_from(book.loaded.source)}
    # Shapes are carried over; only a file that is none of our copies is left alone for them.
    return bool(lost - {SHAPES} if _IS_COPY.search(book.path.stem) else lost)


def _refusal(path: Path, error: OSError) -> DiskFull | NotSaved:
    if error.errno in _FULL:
        return DiskFull(where=str(path), path=path.name)
    why = (error.strerror or "no reason given").lower()
    return NotSaved(where=str(path), path=path.name, why=why, folder=path.parent)


def _mode_of_new_files() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
