"""Versions: whether anybody has changed the store since it was last read."""

from pathlib import Path
from typing import NamedTuple


class Stamp(NamedTuple):
    """Which file lies in a place, and when it was last written."""

    file: tuple[int, int]
    size: int
    written: int


def stamp(path: Path | None) -> Stamp | None:
    """Return what tells a file from another; None where there is none."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    return found and Stamp((found.st_dev, found.st_ino), found.st_size, found.st_mtime_ns)
