"""The files by which Excel and LibreOffice tell others that they hold a workbook open."""

from pathlib import Path

from timix_xl.hosts.refusals import WorkbookInUse


def check_free(path: Path) -> None:
    """Refuse a workbook that another program holds open."""
    for lock in locks_of(path):
        if lock.exists():
            raise WorkbookInUse(where=str(path), path=path.name, lock=lock.name)


def locks_of(path: Path) -> tuple[Path, Path]:
    """Name the locks of both."""
    return excel_lock(path), office_lock(path)


def excel_lock(path: Path) -> Path:
    """Name the file that Excel puts beside one that it holds."""
    return path.with_name(f"~${path.name}")


def office_lock(path: Path) -> Path:
    """Name the file that LibreOffice puts beside one that it holds."""
    return path.with_name(f".~lock.{path.name}#")
