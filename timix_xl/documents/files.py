"""Files that leave the house: safe names, and writing that leaves all or nothing."""

import re
import unicodedata
from pathlib import Path

from timix_xl.documents.refusals import FileNotWritten, OutsideFolder
from timix_xl.files import replace_file

_MOST_BYTES = 120
_FORBIDDEN = frozenset('<>:"/\\|?*')
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Names that Windows keeps for devices, whatever their extension.
_DEVICES = frozenset(
    {"CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"}
    | {f"{port}{number}" for port in ("COM", "LPT") for number in "0123456789¹²³"}
)


def safe_name(number: str, extension: str = ".pdf", *, nameless: str = "invoice") -> str:
    """Return a flat file name for what somebody typed that every system takes.

    `nameless` stands in for a text of which nothing is left.

    >>> safe_name("../CON"), safe_name("A/B", "-2026-01-31.xlsx")
    ('_CON.pdf', 'A_B-2026-01-31.xlsx')
    """
    composed = unicodedata.normalize("NFC", number)
    shown = "".join("_" if _is_risky(char) else char for char in composed)
    flat = re.sub(r"\.{2,}", "_", re.sub(r"\s+", " ", shown)).strip(" ._")
    short = flat.encode()[:_MOST_BYTES].decode("utf-8", "ignore").rstrip(" .") or nameless
    is_device = short.split(".")[0].strip().upper() in _DEVICES
    return f"{'_' * is_device}{short}{extension}"


def write_file(folder: Path, name: str, content: bytes, *, number: str = "") -> Path:
    """Write the file of a document; raises FileNotWritten, OutsideFolder."""
    try:
        return write_whole(folder, name, content)
    except OSError as error:
        path, why = folder / name, error.strerror or type(error).__name__
        raise FileNotWritten(path=path, why=why, number=number or path.stem) from error


def write_whole(folder: Path, name: str, content: bytes) -> Path:
    """Write a file whole or not at all, over an older one of the same name; return its path.

    Raises OutsideFolder, OSError.
    """
    if not _stays_inside(folder, name):
        raise OutsideFolder(name=name, folder=folder)
    folder.mkdir(parents=True, exist_ok=True)
    replace_file(folder / name, content)
    return folder / name


def _stays_inside(folder: Path, name: str) -> bool:
    try:
        return (folder / name).resolve().parent == folder.resolve()
    except ValueError:  # a NUL in the name
        return False


def _is_risky(char: str) -> bool:
    return char in _FORBIDDEN or unicodedata.category(char) in _INVISIBLE
